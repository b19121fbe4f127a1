//! Which customers a record belongs to: the automatic rule.
//!
//! Strong keys unify, unless the facts beside them contradict. A plain phone
//! unifies only people whose names agree. Keys of many people, a store's own
//! number, masked and placeholder values never unify anybody.

mod decide;
mod names;

pub use decide::{PEOPLE_PER_KEY, decide};
pub use names::{NameMatch, compare_names, split_name};

use crate::id::CustomerId;
use serde::{Deserialize, Serialize};

/// What kind of key an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A loyalty card number.
    Card,
    /// A phone number in E.164.
    Phone,
    /// A normalised e-mail address.
    Email,
    /// A source, a colon and the source's own customer number.
    External,
    /// A national identity number.
    NationalId,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [KeyKind; 5] = [
        KeyKind::Card,
        KeyKind::Phone,
        KeyKind::Email,
        KeyKind::External,
        KeyKind::NationalId,
    ];

    /// The name used in the book, the API and files.
    pub fn key(self) -> &'static str {
        match self {
            KeyKind::Card => "card",
            KeyKind::Phone => "phone",
            KeyKind::Email => "email",
            KeyKind::External => "external",
            KeyKind::NationalId => "national_id",
        }
    }

    /// The kind of a name.
    pub fn parse(key: &str) -> Option<KeyKind> {
        KeyKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// One normalised key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// What kind of key.
    pub kind: KeyKind,
    /// The normalised value.
    pub value: String,
    /// Whether the person proved to own it, by a code or a click.
    pub verified: bool,
}

/// What is known about a person besides keys; empty text means not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// The whole name as written.
    pub name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// `1990-02-28`, `--08-08` or empty.
    pub birth_date: String,
    /// Card numbers.
    pub cards: Vec<String>,
    /// National identity numbers.
    pub national_ids: Vec<String>,
    /// External ids, each a source, a colon and the source's number.
    pub externals: Vec<String>,
}

/// An incoming record: what it says and the keys it brings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordKeys {
    /// What it says about the person.
    pub facts: Facts,
    /// Its keys, already normalised; masked and placeholder values left out.
    pub keys: Vec<Key>,
    /// Whether the data are a gift recipient's and not the buyer's.
    pub gift_recipient: bool,
}

/// A customer already in the book who shares a key with the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The customer.
    pub customer: CustomerId,
    /// The key both have; `verified` says whether the customer's is.
    pub via: Key,
    /// What is known about the customer.
    pub facts: Facts,
    /// How many different customers have this key in the book.
    pub people_on_key: usize,
    /// Whether the key is a store's own number or address.
    pub of_store: bool,
}

/// What to do with a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decision {
    /// Customers the record belongs to; they and the record become one.
    pub join: Vec<CustomerId>,
    /// Customers a person should compare with the record.
    pub review: Vec<CustomerId>,
    /// Keys that were not used, and why.
    pub blocked_keys: Vec<BlockedKey>,
}

/// A key that must not unify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedKey {
    /// What kind of key.
    pub kind: KeyKind,
    /// Its value.
    pub value: String,
    /// Why.
    pub reason: BlockReason,
}

/// Why a key must not unify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockReason {
    /// Too many different people have it.
    Shared,
    /// It belongs to a store.
    Store,
    /// It stands for "nothing": 0000, null, guest.
    Placeholder,
    /// Part of it is hidden.
    Masked,
    /// It is a gift recipient's.
    GiftRecipient,
}

#[cfg(test)]
mod tests;
