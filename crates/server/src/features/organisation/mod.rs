//! How the chain is divided: regions, countries and areas in a tree of any depth, whose
//! leaves are stores, and teams across it. Tables: `units` and `teams`. Invariants: no
//! unit lies below itself; what is in use is not deleted.

mod actions;
mod api;
pub mod entity;
mod tree;

pub use self::{
    api::routes,
    tree::{below, check_team, check_unit, with_below},
};
