//! People who buy, each seen once. Tables: `customers`, `identifiers`, `merges`.
//!
//! A customer record never disappears: `golden_id` names the customer it belongs
//! to, itself unless it was merged. Invariants: every record has one row in
//! `grades`; `identifiers.customer_id` and `orders.customer_id` always name the
//! golden customer, `record_id` the record they came with, which never changes;
//! the active merges form a forest whose roots are the golden customers; a
//! version counts edits, so merges and their undoing leave it alone.

mod actions;
mod api;
pub mod cli;
pub mod entity;
mod export;
mod export_api;
mod fields;
mod identities;
mod insert;
mod keys;
mod list;
mod lookup;
mod merge_api;
mod merging;
mod owner;
mod person;
mod profile;
mod roster;
mod row;
mod search;
mod timeline;
mod unmerging;

pub use self::{
    api::routes,
    identities::{Merge, merge_by_id},
    insert::{NewCustomer, NewIdentifier, insert_customer, insert_customers, insert_identifiers},
    keys::{KeyProblem, normalize_key},
    merging::{Cause, kept_apart, merge},
    owner::hand_over,
    person::{Identifier, PersonCard, person_cards},
    roster::{Alike, Roster, follow_book},
    unmerging::{take_back, unmerge},
};
