//! A person as records describe them, and the prepared form that is compared.

use crate::dates::BirthDate;
use crate::identity::split_name;
use crate::text::{fold_accents, has_han, name_pinyin, normalize_name};
use serde::{Deserialize, Serialize};

/// What a record says about a person; empty text means not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// The whole name, used where its parts are not known.
    pub name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// `1990-02-28`, `--08-08`, or whatever digits the record has.
    pub birth_date: String,
    /// A phone number, best in E.164.
    pub phone: String,
    /// An e-mail address.
    pub email: String,
    /// Street, house and whatever else stands beside them.
    pub address: String,
    /// Town or district.
    pub city: String,
    /// State, province or region.
    pub region: String,
    /// Postcode.
    pub postcode: String,
    /// National identity number.
    pub national_id: String,
}

/// A person ready to be compared many times.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    pub(super) given: Word,
    pub(super) family: Word,
    pub(super) birth: Birth,
    pub(super) phone: Word,
    pub(super) email: Word,
    /// The part of the e-mail address before the @.
    pub(super) mailbox: String,
    pub(super) address: Vec<u32>,
    pub(super) city: Word,
    pub(super) region: Word,
    pub(super) postcode: Word,
    pub(super) national_id: Word,
}

/// One value: as written, as it sounds in Latin letters, and how rare it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) sound: String,
    pub(super) han: bool,
    /// Bits of surprise in meeting the value: log2 of 1 over its frequency.
    pub(super) rarity: f64,
    /// The same among the people of one's own city; for names only.
    pub(super) rarity_in_city: f64,
}

/// The digits of a birth date.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Birth {
    /// Year, month and day as eight digits; the year is 0000 if not known.
    pub(super) digits: [u8; 8],
    pub(super) known: bool,
    pub(super) rarity: f64,
}

impl Birth {
    pub(super) fn has_year(self) -> bool {
        self.digits[..4] != *b"0000"
    }
}

impl Word {
    fn new(text: String) -> Self {
        let han = has_han(&text);
        let sound = if han {
            name_pinyin(&text).concat()
        } else {
            fold_accents(&text)
        };
        Self {
            text,
            sound,
            han,
            rarity: 0.0,
            rarity_in_city: 0.0,
        }
    }

    pub(super) fn known(&self) -> bool {
        !self.text.is_empty()
    }
}

impl Prepared {
    /// Normalises a person's values.
    pub(super) fn new(person: &Person) -> Self {
        let (given, family) = names(person);
        let email = normalize_name(&person.email);
        let address = letters(&person.address);
        Self {
            given: Word::new(given),
            family: Word::new(family),
            birth: birth(&person.birth_date),
            phone: Word::new(person.phone.chars().filter(char::is_ascii_digit).collect()),
            mailbox: email.split('@').next().unwrap_or("").to_owned(),
            email: Word::new(email),
            address: bigrams(&address),
            city: Word::new(letters(&person.city)),
            region: Word::new(letters(&person.region)),
            postcode: Word::new(letters(&person.postcode)),
            national_id: Word::new(letters(&person.national_id)),
        }
    }
}

fn names(person: &Person) -> (String, String) {
    let clean = |name: &str| {
        let name = normalize_name(name);
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let (given, family) = (clean(&person.given_name), clean(&person.family_name));
    if given.is_empty() && family.is_empty() {
        let (given, family) = split_name(&person.name);
        return (clean(&given), clean(&family));
    }
    (given, family)
}

fn letters(text: &str) -> String {
    let plain = fold_accents(&normalize_name(text));
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn birth(text: &str) -> Birth {
    let digits: Vec<u8> = match text.trim().parse::<BirthDate>() {
        Ok(BirthDate::Day { month, day }) => format!("0000{month:02}{day:02}").into_bytes(),
        _ => text.bytes().filter(u8::is_ascii_digit).collect(),
    };
    match <[u8; 8]>::try_from(digits) {
        Ok(digits) => Birth {
            digits,
            known: true,
            rarity: 0.0,
        },
        Err(_) => Birth::default(),
    }
}

/// Sorted pairs of neighbouring characters, which survive typing errors, moved
/// words and lost blanks.
fn bigrams(text: &str) -> Vec<u32> {
    let chars: Vec<char> = text.chars().collect();
    let mut pairs: Vec<u32> = chars
        .windows(2)
        .map(|pair| (u32::from(pair[0]) << 16) ^ u32::from(pair[1]))
        .collect();
    pairs.sort_unstable();
    pairs
}
