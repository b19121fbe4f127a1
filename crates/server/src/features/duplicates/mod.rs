//! Customers who may be one person: found by comparing, judged by people. Table:
//! `duplicate_pairs`. Invariants: a pair is stored once, the smaller id left; a
//! dismissed pair stays dismissed; whether a pair is merged is not stored but
//! read from the records, so that taking a merge apart opens its pair again.

mod actions;
mod api;
pub mod cli;
pub mod entity;
mod scan;
mod store;

pub use self::{api::routes, scan::run};
