//! The `customers` table: one row for every customer record, without names,
//! addresses or anything else that tells who somebody is.

use jiff::Timestamp;

use super::table::table;

table! {
    /// One customer record.
    pub struct CustomerRow in "customers", keyed by id, sorted by ["id"];
    /// The record.
    id: i64,
    /// The short number people say.
    number: i64,
    /// Itself, or the customer it was merged into.
    golden_id: i64,
    /// Where the record first came from.
    source: String,
    /// ISO 3166 alpha-2, or empty.
    country: String,
    /// The store that looks after the customer.
    home_store_id: Option<i64>,
    /// When the record was made.
    created_at: Timestamp,
}
