//! How common values are: agreeing on a rare one says more.

use super::person::{Person, Prepared, Word};
use std::collections::HashMap;

/// How often each value of each field occurs in a population.
#[derive(Debug, Clone, Default)]
pub struct Frequencies {
    people: usize,
    counts: HashMap<u64, u32>,
}

/// Fields whose values are counted; the numbers only keep them apart.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Counted {
    Name = 1,
    Birth,
    Phone,
    Email,
    City,
    Region,
    Postcode,
    NationalId,
    NameInCity,
}

/// How many people of a city it takes until they speak for themselves; before
/// that, names in it are taken to be as common as everywhere.
const CITY_TRUST: f64 = 50.0;

impl Frequencies {
    /// Counts the values of a population.
    pub fn of(people: &[Person]) -> Self {
        let prepared: Vec<Prepared> = people.iter().map(Prepared::new).collect();
        Self::of_prepared(&prepared)
    }

    pub(super) fn of_prepared(people: &[Prepared]) -> Self {
        let mut counts = HashMap::new();
        for person in people {
            for (field, value) in values(person) {
                *counts.entry(hash(field as u8, value)).or_insert(0) += 1;
            }
            for name in [&person.given, &person.family] {
                *counts.entry(in_city(name, &person.city)).or_insert(0) += 1;
            }
        }
        Self {
            people: people.len(),
            counts,
        }
    }

    /// Log2 of the odds that two random records are one person, before looking
    /// at them: about one partner each. Small sets are taken as a thousand.
    pub fn prior(&self) -> f64 {
        -(self.people.max(1000) as f64).log2()
    }

    /// Writes down how rare each value of a person is.
    pub(super) fn rate(&self, person: &mut Prepared) {
        for name in [&mut person.given, &mut person.family] {
            name.rarity = self.rarity(Counted::Name, name.sound.as_bytes());
            name.rarity_in_city = self.rarity_in_city(name, &person.city);
        }
        let rarity = |field: Counted, value: &str| self.rarity(field, value.as_bytes());
        person.phone.rarity = rarity(Counted::Phone, &person.phone.text);
        person.email.rarity = rarity(Counted::Email, &person.email.text);
        person.city.rarity = rarity(Counted::City, &person.city.text);
        person.region.rarity = rarity(Counted::Region, &person.region.text);
        person.postcode.rarity = rarity(Counted::Postcode, &person.postcode.text);
        person.national_id.rarity = rarity(Counted::NationalId, &person.national_id.text);
        person.birth.rarity = self.rarity(Counted::Birth, &person.birth.digits);
    }

    /// Names go with places: where many are called Khalid, two of them are no news.
    /// The two records at hand do not speak for how common their own name is.
    fn rarity_in_city(&self, name: &Word, city: &Word) -> f64 {
        let count = |key: u64| f64::from(self.counts.get(&key).copied().unwrap_or(0));
        let people = (count(hash(Counted::City as u8, city.text.as_bytes())) - 2.0).max(0.0);
        let others = (count(in_city(name, city)) - 2.0).max(0.0);
        let expected = (-name.rarity).exp2() * CITY_TRUST;
        ((people + CITY_TRUST) / (others + expected)).log2()
    }

    /// A value seen twice or less is not proven to be rarer than that.
    fn rarity(&self, field: Counted, value: &[u8]) -> f64 {
        let count = self
            .counts
            .get(&hash(field as u8, value))
            .copied()
            .unwrap_or(0)
            .max(2);
        (self.people.max(1000) as f64 / f64::from(count)).log2()
    }
}

fn values(person: &Prepared) -> impl Iterator<Item = (Counted, &[u8])> {
    [
        // Swapped names are common, so both parts are counted as one field.
        (Counted::Name, person.given.sound.as_bytes()),
        (Counted::Name, person.family.sound.as_bytes()),
        (Counted::Birth, person.birth.digits.as_slice()),
        (Counted::Phone, person.phone.text.as_bytes()),
        (Counted::Email, person.email.text.as_bytes()),
        (Counted::City, person.city.text.as_bytes()),
        (Counted::Region, person.region.text.as_bytes()),
        (Counted::Postcode, person.postcode.text.as_bytes()),
        (Counted::NationalId, person.national_id.text.as_bytes()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
}

/// The key of a name among the people of a city.
fn in_city(name: &Word, city: &Word) -> u64 {
    let both = [city.text.as_bytes(), b"\x1f", name.sound.as_bytes()].concat();
    hash(Counted::NameInCity as u8, &both)
}

/// FNV-1a: the same on every machine and in every version.
pub(super) fn hash(salt: u8, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(salt);
    let start = start.wrapping_mul(0x100_0000_01b3);
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
