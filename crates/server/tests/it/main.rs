//! Every test of the server in one binary: one link, one run.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(
    clippy::print_stderr,
    reason = "a test that skips says so on standard error"
)]

#[macro_use]
mod support;

mod api;
mod audit;
mod chain;
mod commands;
mod customers;
mod daily;
mod door;
mod duplicates;
mod grades;
mod imports;
mod merges;
mod naive;
mod oddities;
mod people;
mod reference;
mod reports;
mod rights;
mod session;
mod sign_in;
mod telemetry;
mod tidy;
mod tiers;
mod torture;
mod warehouse;
