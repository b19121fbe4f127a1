//! Likely pairs: records that may be one person without sharing a strong key.
//!
//! Fellegi–Sunter: every field adds the logarithm of how much more often
//! records of one person agree in it than records of two people, in bits.
//! Agreement on a rare value counts more than on a common one.

mod block;
mod compare;
mod frequency;
mod pairs;
mod person;

pub use block::block_keys;
pub use compare::compare;
pub use frequency::Frequencies;
pub use pairs::{AUTOMATIC, Population, REVIEW, Weighed, find_pairs, probability};
pub use person::Person;

use serde::{Deserialize, Serialize};

/// Two records and how likely they are one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Index of the first record.
    pub left: usize,
    /// Index of the second record, always the greater.
    pub right: usize,
    /// Log2 of the match odds, prior included.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Whether the pair is clear enough to be joined without anybody looking.
    pub automatic: bool,
    /// What speaks for and against, field by field.
    pub evidence: Vec<FieldEvidence>,
}

/// The comparison of two records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Log2 of the match odds, prior included.
    pub weight: f64,
    /// Whether the two are clear enough to be joined without anybody looking.
    pub automatic: bool,
    /// What speaks for and against, field by field.
    pub evidence: Vec<FieldEvidence>,
}

/// What one field says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FieldEvidence {
    /// The field.
    pub field: Field,
    /// How the two values compare.
    pub agreement: Agreement,
    /// Bits for (positive) or against (negative).
    pub weight: f64,
}

/// A compared field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Birth date.
    BirthDate,
    /// Phone number.
    Phone,
    /// E-mail address.
    Email,
    /// Street and house.
    Address,
    /// Town or district.
    City,
    /// Postcode.
    Postcode,
    /// Region or state.
    Region,
    /// National identity number.
    NationalId,
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same after normalising.
    Equal,
    /// Alike: a typing error, swapped parts, an abbreviation.
    Similar,
    /// Not alike.
    Different,
    /// Not known on at least one side.
    Missing,
}

#[cfg(test)]
mod tests;
