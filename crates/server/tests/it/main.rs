//! Every test of the server in one binary: one link, one run.

#[macro_use]
mod support;

mod door;
mod session;
mod tidy;
