//! First run, signing in and out. Tables: `sessions`, `sign_in_attempts`.
//! Invariants: only a hash of the cookie is kept; every session dies with a
//! password change or a deactivation; ten failed tries in a quarter of an hour
//! per account and address close the door, whether or not the account exists.

mod actions;
mod api;
pub mod entity;

pub use self::{actions::caller_of, api::routes};
