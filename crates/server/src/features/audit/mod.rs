//! Reading the audit log, and showing that nobody tampered with it. Table:
//! `audit_entries`, written by [`crate::db::Tx`] with every deed and hashed into a chain
//! by [`crate::db::chain`].

mod anchors;
mod api;
mod export;
mod filter;

pub use self::{
    anchors::{anchor, keep_anchoring, read as read_anchors},
    api::routes,
};
