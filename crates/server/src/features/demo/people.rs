//! Who shops at the sample chain: names, addresses, keys, and how often they come.

use jiff::civil::{Date, date};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma};

use super::{
    chain::{MINI, STORES, WEB},
    dice::{chance, one_in, pick, pick_weighted, unit},
};

/// One person and their habits.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub given: String,
    pub family: String,
    pub name: String,
    pub gender: &'static str,
    pub birth: Date,
    pub country: &'static str,
    pub city: &'static str,
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

const HAN_FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林",
    "郭", "何", "高", "欧阳",
];
const HAN_GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟",
    "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "子涵",
];
const SG_FAMILY: [&str; 14] = [
    "Tan", "Lim", "Lee", "Ng", "Ong", "Wong", "Goh", "Chua", "Chan", "Koh", "Teo", "Kumar",
    "Rahman", "Singh",
];
const SG_GIVEN: [&str; 20] = [
    "Wei Ling", "Jia Hui", "Mei", "Kai", "Xin Yi", "Jun Jie", "Hui Min", "Zhi Hao", "Priya",
    "Arjun", "Nurul", "Aisyah", "Daniel", "Rachel", "Marcus", "Grace", "Amirah", "Ravi", "Shu Fen",
    "Bryan",
];
const MY_FAMILY: [&str; 10] = [
    "Abdullah", "Rahman", "Ismail", "Hassan", "Tan", "Lim", "Wong", "Krishnan", "Yusof", "Ibrahim",
];
const MY_GIVEN: [&str; 14] = [
    "Aisha",
    "Nur",
    "Ahmad",
    "Farid",
    "Siti",
    "Hafiz",
    "Mei Yee",
    "Kok Wai",
    "Lakshmi",
    "Suresh",
    "Zara",
    "Amir",
    "Puteri",
    "Chee Keong",
];
const JP_FAMILY: [&str; 10] = [
    "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
];
const JP_GIVEN: [&str; 12] = [
    "美咲",
    "陽菜",
    "結衣",
    "葵",
    "蓮",
    "大翔",
    "悠真",
    "翔太",
    "直樹",
    "さくら",
    "健",
    "恵子",
];
const AE_FAMILY: [&str; 8] = [
    "Al Maktoum",
    "Hussain",
    "Khan",
    "Al Suwaidi",
    "Haddad",
    "Fernandes",
    "Smith",
    "Petrova",
];
const AE_GIVEN: [&str; 12] = [
    "Fatima", "Omar", "Layla", "Yousef", "Mariam", "Khalid", "Sara", "Imran", "Maria", "James",
    "Olga", "Hessa",
];

const STREETS: [&str; 12] = [
    "Orchard Road",
    "Victoria Street",
    "Bukit Timah Road",
    "Jalan Ampang",
    "Jalan Burma",
    "南京西路",
    "深南大道",
    "春熙路",
    "神南",
    "御堂筋",
    "Sheikh Zayed Road",
    "River Valley Road",
];

/// Draws a person who first comes between two days.
pub(super) fn draw(rng: &mut ChaCha8Rng, number: u64, first: Date, days: i32) -> Person {
    let home = pick_weighted(rng, &[10, 12, 8, 9, 8, 5, 14, 12, 9, 7, 5, 6]);
    let store = &STORES[home];
    let country = store.country;
    let (family, given, name, language) = draw_name(rng, country);
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
        draw_email(rng, &given, &family, number)
    } else {
        String::new()
    };
    let card = if chance(rng, 0.7) {
        format!("62{number:010}")
    } else {
        String::new()
    };
    Person {
        name,
        gender,
        birth: date(1950, 1, 1) + jiff::Span::new().days((unit(rng) * 56.0 * 365.0) as i64),
        country,
        city: city_of(home),
        address: format!("{} {}", 1 + (unit(rng) * 400.0) as u32, pick(rng, &STREETS)),
        postcode: format!("{:06}", 100_000 + (unit(rng) * 800_000.0) as u32),
        language,
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
        given,
        family,
    }
}

fn draw_name(rng: &mut ChaCha8Rng, country: &str) -> (String, String, String, &'static str) {
    let (families, given_names, language): (&[&str], &[&str], _) = match country {
        "CN" => (&HAN_FAMILY, &HAN_GIVEN, "zh"),
        "JP" => (&JP_FAMILY, &JP_GIVEN, "ja"),
        "MY" => (&MY_FAMILY, &MY_GIVEN, "en"),
        "AE" => (&AE_FAMILY, &AE_GIVEN, "en"),
        _ if one_in(rng, 6) => (&HAN_FAMILY, &HAN_GIVEN, "zh"),
        _ => (&SG_FAMILY, &SG_GIVEN, "en"),
    };
    let (family, given) = (*pick(rng, families), *pick(rng, given_names));
    let name = match language {
        "zh" => format!("{family}{given}"),
        "ja" => format!("{family} {given}"),
        _ => format!("{given} {family}"),
    };
    (family.to_owned(), given.to_owned(), name, language)
}

fn city_of(home: usize) -> &'static str {
    match STORES[home].code {
        "MY1" | "MY2" => "Kuala Lumpur",
        "MY3" => "Penang",
        "CN1" => "上海",
        "CN2" => "深圳",
        "CN3" => "成都",
        "JP1" => "東京",
        "JP2" => "大阪",
        "AE1" => "Dubai",
        _ => "Singapore",
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
