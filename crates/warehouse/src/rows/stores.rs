//! The `stores` table.

use super::table::table;

table! {
    /// One store, web shop or other place of sale.
    pub struct StoreRow in "stores", keyed by id, sorted by ["id"];
    /// The store.
    id: i64,
    /// What people call it.
    name: String,
    /// ISO 3166 alpha-2, or empty.
    country: String,
    /// A part of the country or of the chain.
    region: String,
    /// ISO 4217, or empty.
    currency: String,
    /// IANA name, or empty for the chain's.
    time_zone: String,
    /// `store`, `web`, `mini_program` or `marketplace`.
    channel: String,
}
