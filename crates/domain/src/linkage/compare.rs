//! The comparison of two records, field by field.

use super::frequency::Frequencies;
use super::person::{Birth, Person, Prepared, Word};
use super::{AUTOMATIC, Agreement, Comparison, Field, FieldEvidence};

/// Compares two records against the population's frequencies.
pub fn compare(a: &Person, b: &Person, frequencies: &Frequencies) -> Comparison {
    let [mut a, mut b] = [Prepared::new(a), Prepared::new(b)];
    frequencies.rate(&mut a);
    frequencies.rate(&mut b);
    Fields::of(&a, &b).judge(frequencies.prior())
}

/// What people of one household share says little about which of them it is.
const HOUSEHOLD_CAP: f64 = 13.0;

/// What the fields of two records say, before the prior.
pub(super) struct Fields {
    /// What belongs to one person.
    personal: [FieldEvidence; 4],
    /// What relatives share.
    household: [FieldEvidence; 6],
}

impl Fields {
    pub(super) fn of(a: &Prepared, b: &Prepared) -> Self {
        let (given, family) = names(a, b);
        Self {
            personal: [
                given,
                birth(a.birth, b.birth),
                national_id(&a.national_id, &b.national_id),
                email(a, b),
            ],
            household: [
                family,
                phone(&a.phone, &b.phone),
                address(a, b),
                place(Field::City, &a.city, &b.city, 7.0, -1.5),
                place(Field::Postcode, &a.postcode, &b.postcode, 7.0, -1.5),
                place(Field::Region, &a.region, &b.region, 2.0, -0.8),
            ],
        }
    }

    /// All bits together.
    pub(super) fn weight(&self) -> f64 {
        let sum = |fields: &[FieldEvidence]| fields.iter().map(|field| field.weight).sum::<f64>();
        sum(&self.personal) + sum(&self.household).min(HOUSEHOLD_CAP)
    }

    /// The verdict, given the log2 odds of a random pair.
    pub(super) fn judge(self, prior: f64) -> Comparison {
        let weight = prior + self.weight();
        let other_family = self.household[0].agreement == Agreement::Different;
        let automatic = weight >= AUTOMATIC && !other_family && is_one_person(&self.personal);
        let mut evidence = [&self.personal[..], &self.household[..]].concat();
        evidence.sort_by_key(|says| says.field);
        Comparison {
            weight,
            automatic,
            evidence,
        }
    }
}

/// Whether the personal fields leave no room for a relative: nothing speaks
/// against, the given name or the national number agrees fully, and so does a
/// birth date, national number or e-mail address. Twins have two given names.
fn is_one_person(personal: &[FieldEvidence]) -> bool {
    let equal = |wanted: Field| {
        personal
            .iter()
            .any(|says| says.field == wanted && says.agreement == Agreement::Equal)
    };
    let against = personal
        .iter()
        .any(|says| says.agreement == Agreement::Different);
    let named = equal(Field::GivenName) || equal(Field::NationalId);
    let proven = [Field::BirthDate, Field::NationalId, Field::Email]
        .into_iter()
        .any(equal);
    named && proven && !against
}

fn says(field: Field, agreement: Agreement, weight: f64) -> FieldEvidence {
    FieldEvidence {
        field,
        agreement,
        weight,
    }
}

fn names(a: &Prepared, b: &Prepared) -> (FieldEvidence, FieldEvidence) {
    let neighbours = a.city.known() && a.city.text == b.city.text;
    let word = |field, left, right| word(field, left, right, neighbours);
    let straight = (
        word(Field::GivenName, &a.given, &b.given),
        word(Field::FamilyName, &a.family, &b.family),
    );
    let crossed = [(&a.given, &b.family), (&a.family, &b.given)].map(|(left, right)| {
        let found = word(Field::GivenName, left, right);
        let agreement = match found.agreement {
            Agreement::Equal => Agreement::Similar,
            other => other,
        };
        // Swapping happens to a few records in a hundred, so it costs bits.
        says(found.field, agreement, found.weight - 1.5)
    });
    if crossed[0].weight + crossed[1].weight <= straight.0.weight + straight.1.weight {
        return straight;
    }
    // Which of the two is called the given name must not depend on the order
    // in which the records are compared.
    let [low, high] = match crossed[0].weight.total_cmp(&crossed[1].weight) {
        std::cmp::Ordering::Greater => [crossed[1], crossed[0]],
        _ => crossed,
    };
    (
        high,
        FieldEvidence {
            field: Field::FamilyName,
            ..low
        },
    )
}

/// Jaro-Winkler, the same in both directions.
fn likeness(a: &str, b: &str) -> f64 {
    if a <= b {
        strsim::jaro_winkler(a, b)
    } else {
        strsim::jaro_winkler(b, a)
    }
}

fn word(field: Field, a: &Word, b: &Word, neighbours: bool) -> FieldEvidence {
    if !a.known() || !b.known() {
        return says(field, Agreement::Missing, 0.0);
    }
    let against = if field == Field::GivenName {
        -4.0
    } else {
        -3.5
    };
    let rarity = if neighbours {
        a.rarity_in_city.min(b.rarity_in_city)
    } else {
        a.rarity.min(b.rarity)
    };
    let rarity = rarity.min(11.0);
    if a.text == b.text {
        return says(field, Agreement::Equal, rarity - 0.3);
    }
    if a.sound == b.sound {
        return says(field, Agreement::Similar, rarity - 2.0);
    }
    if a.han || b.han {
        return says(field, Agreement::Different, against);
    }
    let alike = likeness(&a.sound, &b.sound);
    let initial = a.sound.chars().count() == 1 || b.sound.chars().count() == 1;
    let weight = match alike {
        _ if initial && a.sound.chars().next() == b.sound.chars().next() => 1.5,
        x if x >= 0.93 => 5.0,
        x if x >= 0.88 => 3.5,
        x if x >= 0.80 => 1.0,
        x if x >= 0.70 => -1.0,
        _ => against,
    };
    let agreement = if weight > 0.0 {
        Agreement::Similar
    } else {
        Agreement::Different
    };
    says(field, agreement, weight)
}

fn birth(a: Birth, b: Birth) -> FieldEvidence {
    let field = Field::BirthDate;
    if !a.known || !b.known {
        return says(field, Agreement::Missing, 0.0);
    }
    if !a.has_year() || !b.has_year() {
        return if a.digits[4..] == b.digits[4..] {
            says(field, Agreement::Similar, 7.0)
        } else {
            says(field, Agreement::Different, -4.0)
        };
    }
    if a.digits == b.digits {
        return says(field, Agreement::Equal, a.rarity.min(12.5) - 0.3);
    }
    let swapped = a.digits[..4] == b.digits[..4]
        && a.digits[4..6] == b.digits[6..]
        && a.digits[6..] == b.digits[4..6];
    let weight = match digit_errors(&a.digits, &b.digits) {
        _ if swapped => 7.0,
        1 => 5.0,
        2 => 1.5,
        3 => -2.0,
        _ => -5.0,
    };
    let agreement = if weight > 0.0 {
        Agreement::Similar
    } else {
        Agreement::Different
    };
    says(field, agreement, weight)
}

/// Digits that differ; two neighbours that changed places count as one.
fn digit_errors(a: &[u8], b: &[u8]) -> usize {
    let mut errors = 0;
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            errors += 1;
            if at + 1 < a.len() && a[at] == b[at + 1] && a[at + 1] == b[at] {
                at += 1;
            }
        }
        at += 1;
    }
    errors
}

fn national_id(a: &Word, b: &Word) -> FieldEvidence {
    let field = Field::NationalId;
    if !a.known() || !b.known() {
        return says(field, Agreement::Missing, 0.0);
    }
    if a.text == b.text {
        return says(field, Agreement::Equal, a.rarity.min(13.0));
    }
    match strsim::osa_distance(&a.text, &b.text) {
        1 => says(field, Agreement::Similar, 8.0),
        2 => says(field, Agreement::Similar, 3.0),
        _ => says(field, Agreement::Different, -5.0),
    }
}

fn phone(a: &Word, b: &Word) -> FieldEvidence {
    let field = Field::Phone;
    if !a.known() || !b.known() {
        return says(field, Agreement::Missing, 0.0);
    }
    if a.text == b.text {
        return says(field, Agreement::Equal, a.rarity.min(11.0));
    }
    if is_one_slip(&a.text, &b.text) {
        says(field, Agreement::Similar, 5.0)
    } else {
        says(field, Agreement::Different, -1.0)
    }
}

/// Whether one letter too many, too few, or another, or two that changed places,
/// make one text of the other: an optimal string alignment distance of one.
fn is_one_slip(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let ahead = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[ahead..], &b[ahead..]);
    let behind = a.iter().rev().zip(b.iter().rev());
    let behind = behind.take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - behind], &b[..b.len() - behind]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

fn email(a: &Prepared, b: &Prepared) -> FieldEvidence {
    let field = Field::Email;
    if !a.email.known() || !b.email.known() {
        return says(field, Agreement::Missing, 0.0);
    }
    if a.email.text == b.email.text {
        return says(field, Agreement::Equal, a.email.rarity.min(13.0));
    }
    let alike = likeness(&a.email.sound, &b.email.sound);
    let weight = match alike {
        _ if a.mailbox == b.mailbox && a.mailbox.len() >= 5 => 7.0,
        x if x >= 0.96 => 6.0,
        x if x >= 0.90 => 2.5,
        _ => -2.5,
    };
    let agreement = if weight > 0.0 {
        Agreement::Similar
    } else {
        Agreement::Different
    };
    says(field, agreement, weight)
}

fn address(a: &Prepared, b: &Prepared) -> FieldEvidence {
    let field = Field::Address;
    if a.address.len() < 3 || b.address.len() < 3 {
        return says(field, Agreement::Missing, 0.0);
    }
    let common = common(&a.address, &b.address) as f64;
    let dice = 2.0 * common / (a.address.len() + b.address.len()) as f64;
    // One address may hold more lines than the other.
    let contained = common / a.address.len().min(b.address.len()) as f64;
    let (agreement, weight) = match dice.max(contained - 0.15) {
        x if x >= 0.999 => (Agreement::Equal, 9.0),
        x if x >= 0.80 => (Agreement::Similar, 7.5),
        x if x >= 0.65 => (Agreement::Similar, 5.0),
        x if x >= 0.50 => (Agreement::Similar, 2.0),
        _ => (Agreement::Different, -2.0),
    };
    says(field, agreement, weight)
}

fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                found += 1;
                i += 1;
                j += 1;
            }
        }
    }
    found
}

fn place(field: Field, a: &Word, b: &Word, most: f64, against: f64) -> FieldEvidence {
    if !a.known() || !b.known() {
        return says(field, Agreement::Missing, 0.0);
    }
    if a.text == b.text {
        return says(field, Agreement::Equal, (a.rarity - 0.3).min(most));
    }
    let close = match field {
        Field::Postcode => is_one_slip(&a.text, &b.text),
        _ => likeness(&a.sound, &b.sound) >= 0.88,
    };
    if close {
        says(field, Agreement::Similar, most * 0.5)
    } else {
        says(field, Agreement::Different, against)
    }
}
