//! Files of orders, customers, products and stores, from sniffing to undoing.
//! Tables: `imports`, `import_rejects`, `import_effects`, `source_mappings`,
//! `uploads`.
//!
//! Invariants: every row of a file ends as new, updated, unchanged or rejected,
//! and the import's counters say which; the same file twice changes nothing,
//! because `(source, external_id)` and a hash of the content tell; a chunk's
//! effects and the place to go on from are one transaction; what an import
//! changed is kept as it was until it is undone. An order is used with all its
//! lines or not at all.

mod actions;
mod api;
mod catalog;
mod cells;
mod chunk;
pub mod cli;
mod customers_write;
mod effects;
pub mod entity;
mod finish;
mod identify;
mod images;
mod job;
mod options;
mod order;
mod orders_write;
mod people;
mod people_write;
mod places;
mod preview;
mod problem;
mod produce;
mod rejects;
mod status;
mod store;
mod undo;
mod undo_made;
mod units;
mod uploads;
mod view;

pub use self::{
    api::routes,
    job::run,
    options::{ImportOptions, resolve},
    undo::run as run_undo,
    units::{Facts, scan},
};
