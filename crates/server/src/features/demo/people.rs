//! Who shops at the sample chain: names, addresses, keys, and how often they come.

use jiff::civil::{Date, date};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma};

use super::{
    chain::{MINI, STORES, WEB},
    dice::{chance, pick, pick_weighted, unit},
    names::{Town, draw_name},
};

/// One person and their habits.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub given: String,
    pub family: String,
    pub name: String,
    pub gender: &'static str,
    /// Not everybody tells it.
    pub birth: Option<Date>,
    pub country: &'static str,
    pub city: &'static str,
    /// Known of those who had something sent, or filled in a card.
    pub address: String,
    pub postcode: String,
    pub language: &'static str,
    /// E.164, or empty.
    pub phone: String,
    pub email: String,
    pub card: String,
    /// Place in [`STORES`].
    pub home: usize,
    pub joined: Date,
    /// Purchases a year while the customer stays.
    pub rate: f64,
    /// Chance to leave for good after a purchase.
    pub leave: f64,
    /// How much more than others they spend on a visit.
    pub generosity: f64,
    /// How they shop: share of orders that are not in a shop.
    pub online: f64,
    pub favourite_category: usize,
}

/// Draws a person who first comes between two days.
pub(super) fn draw(rng: &mut ChaCha8Rng, number: u64, first: Date, days: i32) -> Person {
    let home = pick_weighted(rng, &[10, 12, 8, 9, 8, 5, 14, 12, 9, 7, 5, 6]);
    let store = &STORES[home];
    let country = store.country;
    let name = draw_name(rng, country);
    let town = Town::of(store.code);
    let gender = match unit(rng) {
        x if x < 0.56 => "female",
        x if x < 0.94 => "male",
        _ => "",
    };
    // The chain grows: more people join late than early.
    let joined = first + jiff::Span::new().days((f64::from(days) * unit(rng).sqrt()) as i64);
    let shape: f64 = Gamma::new(0.75, 4.6)
        .expect("the parameters are positive")
        .sample(rng);
    let leave: f64 = Beta::new(0.9, 3.6)
        .expect("the parameters are positive")
        .sample(rng);
    let generosity: f64 = Gamma::new(3.0, 1.0 / 3.0)
        .expect("the parameters are positive")
        .sample(rng);
    let online = match unit(rng) {
        x if x < 0.55 => 0.05,
        x if x < 0.85 => 0.35,
        _ => 0.9,
    };
    let phone = if chance(rng, 0.9) {
        draw_phone(rng, country)
    } else {
        String::new()
    };
    let email = if chance(rng, 0.6) {
        draw_email(rng, &name.given, &name.family, number)
    } else {
        String::new()
    };
    let card = if chance(rng, 0.7) {
        format!("62{number:010}")
    } else {
        String::new()
    };
    let age = jiff::Span::new().days((unit(rng) * 56.0 * 365.0) as i64);
    let birth = chance(rng, 0.7).then(|| date(1950, 1, 1) + age);
    let (address, postcode) = if online > 0.1 || chance(rng, 0.4) {
        town.draw_address(rng, name.language)
    } else {
        Default::default()
    };
    Person {
        name: name.full,
        gender,
        birth,
        country,
        city: town.name,
        address,
        postcode,
        language: name.language,
        phone,
        email,
        card,
        home,
        joined,
        rate: (shape + 0.15).min(60.0),
        leave,
        generosity: generosity.clamp(0.25, 5.0),
        online,
        favourite_category: pick_weighted(rng, &super::chain::CATEGORIES.map(|c| c.weight)),
        given: name.given,
        family: name.family,
    }
}

/// A mobile number of the country, in E.164.
pub(super) fn draw_phone(rng: &mut ChaCha8Rng, country: &str) -> String {
    let digits = |rng: &mut ChaCha8Rng, count: u32| {
        let range = 10_u64.pow(count);
        format!(
            "{:0width$}",
            (unit(rng) * range as f64) as u64,
            width = count as usize
        )
    };
    match country {
        "MY" => format!("+6012{}", digits(rng, 7)),
        "CN" => format!("+86138{}", digits(rng, 8)),
        "JP" => format!("+8190{}", digits(rng, 8)),
        "AE" => format!("+97150{}", digits(rng, 7)),
        _ => format!("+659{}", digits(rng, 7)),
    }
}

fn draw_email(rng: &mut ChaCha8Rng, given: &str, family: &str, number: u64) -> String {
    let host = pick(
        rng,
        &["example.com", "mail.example", "post.example", "qq.example"],
    );
    let ascii = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_lowercase()
    };
    let (given, family) = (ascii(given), ascii(family));
    if given.is_empty() || family.is_empty() {
        format!("user{number}@{host}")
    } else {
        format!("{given}.{family}{number}@{host}")
    }
}

/// Where a person buys this time: the place in [`STORES`].
pub(super) fn draw_store(rng: &mut ChaCha8Rng, person: &Person) -> usize {
    if chance(rng, person.online) {
        return if person.country == "CN" { MINI } else { WEB };
    }
    if chance(rng, 0.88) {
        return person.home;
    }
    // Somewhere else in the same country, or on a journey.
    let same: Vec<usize> = (0..12)
        .filter(|&index| STORES[index].country == person.country)
        .collect();
    if chance(rng, 0.8) {
        *pick(rng, &same)
    } else {
        (unit(rng) * 12.0) as usize
    }
}

/// The same person as another channel wrote them down.
pub(super) fn second_record(rng: &mut ChaCha8Rng, person: &Person, number: u64) -> Person {
    let mut twin = person.clone();
    twin.card = String::new();
    match (unit(rng) * 4.0) as u32 {
        // Shares the phone: recognised without anybody's help.
        0 | 1 if !person.phone.is_empty() => twin.email = String::new(),
        // Another phone, the same birthday and address: somebody must look.
        2 => {
            twin.phone = draw_phone(rng, person.country);
            twin.email = String::new();
            if person.language == "en" {
                twin.name = format!("{} {}", person.family, person.given);
            }
        }
        _ => {
            twin.phone = String::new();
            twin.email = draw_email(rng, &person.given, &person.family, number + 5_000_000_000);
            twin.given = person.given.to_lowercase();
        }
    }
    twin
}
