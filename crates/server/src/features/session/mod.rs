//! First run, signing in and out, one's own password and second factor. Tables: `sessions`,
//! `sign_in_attempts`, `second_factors`, `recovery_codes`.
//! Invariants: only a hash of the cookie is kept; every session dies with a
//! password change or a deactivation; ten failed tries in a quarter of an hour
//! per account and address close the door, whether or not the account exists; no code lets
//! anybody in twice.

mod actions;
mod api;
pub mod entity;
mod second_factor;
mod second_factor_api;
mod tries;

pub use self::{actions::caller_of, api::routes};
