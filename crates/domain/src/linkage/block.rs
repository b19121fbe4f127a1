//! Blocking: which records are worth comparing at all.
//!
//! Two records are compared if they share at least one key. The passes cover
//! each other's blind spots: whatever single field is mistyped, missing or
//! swapped, another pass still brings the pair together.

use super::frequency::hash;
use super::person::{Birth, Person, Prepared};

/// The keys under which a record is compared with others, one or none per pass.
pub fn block_keys(person: &Person) -> Vec<u64> {
    keys(&Prepared::new(person))
}

pub(super) fn keys(person: &Prepared) -> Vec<u64> {
    let mut keys = Keys(Vec::with_capacity(24));
    let (given, family) = (person.given.sound.as_str(), person.family.sound.as_str());
    let (low, high) = if given <= family {
        (given, family)
    } else {
        (family, given)
    };
    keys.add(1, &[&person.national_id.text]);
    keys.add(2, &[&person.phone.text]);
    keys.add(3, &[&person.email.text]);
    keys.add(4, &[&person.mailbox]);
    // Names in either order, whole and by their beginnings.
    keys.add(5, &[low, high]);
    keys.add(6, &[prefix(low, 3), prefix(high, 3), &person.postcode.text]);
    keys.add(
        7,
        &[
            prefix(low, 3),
            prefix(high, 3),
            prefix(&person.city.text, 4),
        ],
    );
    if person.birth.known {
        birth_keys(person.birth, [given, family], &mut keys);
    }
    for (pass, name) in [(20, given), (20, family)] {
        keys.add(pass, &[name, &person.postcode.text]);
        keys.add(pass + 1, &[name, &person.city.text]);
        keys.add(pass + 2, &[name, prefix(&person.mailbox, 4)]);
    }
    if person.address.len() >= 6 {
        // The smallest pairs of letters of an address outlive most errors.
        let gist: Vec<String> = person
            .address
            .iter()
            .step_by(3)
            .map(u32::to_string)
            .collect();
        keys.add(30, &[&gist.concat()]);
    }
    keys.0.sort_unstable();
    keys.0.dedup();
    keys.0
}

fn birth_keys(birth: Birth, names: [&str; 2], keys: &mut Keys) {
    let digits = std::str::from_utf8(&birth.digits).unwrap_or("");
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    // Swapped day and month share a key.
    let (low, high) = if month <= day {
        (month, day)
    } else {
        (day, month)
    };
    keys.add(10, &[year, low, high]);
    for name in names {
        let first = prefix(name, 2);
        keys.add(11, &[year, month, first]);
        keys.add(12, &[year, day, first]);
        keys.add(13, &[month, day, first]);
        keys.add(14, &[year, name]);
    }
}

struct Keys(Vec<u64>);

impl Keys {
    /// A pass in which any part is missing gives no key.
    fn add(&mut self, pass: u8, parts: &[&str]) {
        if parts.iter().all(|part| !part.is_empty()) {
            self.0.push(hash(pass, parts.join("\u{1f}").as_bytes()));
        }
    }
}

fn prefix(text: &str, length: usize) -> &str {
    text.char_indices()
        .nth(length)
        .map_or(text, |(end, _)| &text[..end])
}
