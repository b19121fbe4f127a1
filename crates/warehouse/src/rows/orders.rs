//! The `orders` table: sales, refunds and adjustments as the book has them.
//!
//! A document with an `original_id` belongs to that sale: a refund takes from
//! it, a sale is the other half of an exchange. `links` says when such a link counts.

use std::sync::Arc;

use deltalake::arrow::array::{ArrayRef, AsArray, StringArray};
use deltalake::arrow::datatypes::DataType;
use jiff::Timestamp;
use jiff::civil::Date;

use super::column::Column;
use super::digest::Digest;
use super::table::table;
use crate::{Error, Result};

table! {
    /// One document: a sale, a refund or an adjustment.
    pub struct OrderRow in "orders", keyed by id, sorted by ["customer_id", "business_date", "id"];
    /// The order.
    id: i64,
    /// Where it came from.
    source: String,
    /// Sale, refund or adjustment.
    kind: Kind,
    /// Only paid documents count.
    status: Status,
    /// The golden customer; none for a guest.
    customer_id: Option<i64>,
    /// The store, when known.
    store_id: Option<i64>,
    /// `store`, `web`, `mini_program`, `marketplace` or empty.
    channel: String,
    /// The instant of the sale.
    ordered_at: Timestamp,
    /// The store's own date of the sale.
    business_date: Date,
    /// ISO 4217.
    currency: String,
    /// Minor units before discounts; negative for refunds.
    gross: i64,
    /// Minor units taken off.
    discount: i64,
    /// Minor units that count as net sales.
    net: i64,
    /// Millionths of a minor unit that rounding took from `net`.
    net_residue: i64,
    /// Pieces; negative for refunds.
    units: i64,
    /// Net in the reporting currency at the order date's rate.
    reporting_net: i64,
    /// The sale this document belongs to, when known.
    original_id: Option<i64>,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Goods went out.
    Sale,
    /// Goods or money came back.
    Refund,
    /// A correction that is neither, such as a bad debt.
    Adjustment,
}

impl Kind {
    /// The word used in the book and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Sale => "sale",
            Kind::Refund => "refund",
            Kind::Adjustment => "adjustment",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Kind::Sale, Kind::Refund, Kind::Adjustment]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// How far a document got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It counts.
    Paid,
    /// It does not count yet.
    Pending,
    /// It never existed.
    Cancelled,
}

impl Status {
    /// The word used in the book and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Paid => "paid",
            Status::Pending => "pending",
            Status::Cancelled => "cancelled",
        }
    }

    /// The status of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Status::Paid, Status::Pending, Status::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

impl Column for Kind {
    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            values.map(|kind| kind.as_str()),
        ))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        let word = array.as_string::<i32>().value(row);
        Kind::parse(word).ok_or_else(|| Error::UnknownWord {
            what: "kind of order",
            value: word.to_owned(),
        })
    }

    fn digest(&self, digest: &mut Digest) {
        digest.text(self.as_str());
    }
}

impl Column for Status {
    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            values.map(|status| status.as_str()),
        ))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        let word = array.as_string::<i32>().value(row);
        Status::parse(word).ok_or_else(|| Error::UnknownWord {
            what: "order status",
            value: word.to_owned(),
        })
    }

    fn digest(&self, digest: &mut Digest) {
        digest.text(self.as_str());
    }
}
