//! Keeping the columnar copy equal to the book. Tables: none of its own; it
//! reads `changes` and the five copied tables, and keeps its position inside
//! the copy itself. Invariants: only the process that holds the data folder's
//! lock writes the copy; what the copy says at a position is what the book said
//! there, which [`check::check`] proves.

mod book;
pub mod check;
pub mod cli;
mod follow;
mod rebuild;
mod shared;
mod stretch;

pub use self::{
    follow::{follow_feed, sync_now},
    rebuild::run as run_rebuild,
    shared::Shared,
};
