//! The columnar copy of the book, for questions over many customers.
//!
//! Five Delta Lake tables (`customers`, `stores`, `products`, `orders`,
//! `order_lines`) in one folder, readable by every Delta reader; DataFusion
//! answers inside the process. The copy can be rebuilt at any moment: nothing
//! is true here that is not true in the book.
//!
//! * [`rows`]: the rows as plain structs. The server never names a type of
//!   Delta Lake, Arrow or DataFusion.
//! * [`Warehouse::sync`] brings in stretches of the change feed, exactly once,
//!   whatever is killed in between (`sync.rs`, `replace.rs`, `table.rs`).
//! * [`Warehouse::rebuild`] starts over (`rebuild.rs`); [`Warehouse::tidy`]
//!   keeps the files few (`tidy.rs`).
//! * `projection` keeps the orders once more, narrow and by customer; most questions
//!   walk through it.
//! * [`Warehouse::metrics`] computes every customer's figures ([`metrics`]).
//! * [`reports`] answer for the chain, its stores and months.
//!
//! Invariants:
//!
//! * Rows and feed position change in one commit; `orders` is committed last
//!   and its position is the warehouse's.
//! * One writer at a time: a lock inside the process, and a commit that finds
//!   somebody else's commit before it fails instead of guessing. Trying the
//!   sync again is always right.
//! * Questions see all tables as of the same finished sync.
//! * All work runs on threads of the warehouse's own, so that a heavy question
//!   never keeps the web server's threads busy.

mod columns;
mod error;
mod files;
pub mod metrics;
mod numbers;
pub mod parquet;
mod projection;
mod rebuild;
mod replace;
pub mod reports;
pub mod rows;
mod session;
mod snapshot;
mod sync;
mod table;
mod tables;
mod tidy;
mod warehouse;

pub use error::{Error, Result};
pub use rebuild::Piece;
pub use sync::{Rows, Synced, TableBatch};
pub use warehouse::{Options, Positions, Rebuild, Table, Warehouse};
