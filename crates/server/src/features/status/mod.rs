//! What the book holds, in one look: for people, scripts and monitors.

mod metrics;
mod summary;

pub use self::{
    metrics::{metrics, ready},
    summary::{Status, routes, summarize},
};
