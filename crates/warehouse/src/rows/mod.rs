//! The rows of the five tables as plain structs.
//!
//! One table is one file here: its columns, written once, give the struct, the
//! Delta schema, the record batches and the digest. The server fills these
//! structs from the book; the same digest over the same rows on both sides
//! proves that the copy equals the book.
//!
//! Amounts are integer minor units. `net_residue` is what rounding took from
//! `net`, in millionths of a minor unit, so that an exact total is
//! `Σ net + Σ net_residue / 1,000,000`, rounded once.

pub(crate) mod column;
mod customers;
pub(crate) mod digest;
mod order_lines;
mod orders;
mod products;
mod stores;
mod table;

pub use customers::CustomerRow;
pub use digest::{Digest, Fingerprint};
pub use order_lines::LineRow;
pub use orders::{Kind, OrderRow, Status};
pub use products::ProductRow;
pub use stores::StoreRow;

pub(crate) use column::{date_of, day_of};
pub(crate) use table::Row;
#[cfg(test)]
pub(crate) use table::table;
