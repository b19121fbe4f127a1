//! Every test of the server in one binary: one link, one run.

#[macro_use]
mod support;

mod chain;
mod customers;
mod door;
mod duplicates;
mod grades;
mod imports;
mod merges;
mod naive;
mod reports;
mod session;
mod tidy;
mod tiers;
mod warehouse;
