//! Tier schemes and what people have decided for single customers. Tables:
//! `tier_schemes`, `tier_overrides`. Invariants: at most one scheme is published
//! and at most one is a draft; a published version never changes again, so that
//! old grades can be explained by it.
//!
//! Simulating and publishing a draft move customers, so they live with `grades`.

mod actions;
mod api;
pub mod entity;
mod overrides;
mod store;

pub use self::{
    actions::{ensure_published, publish},
    api::routes,
    overrides::{decided, decided_between, decided_for},
    store::{Draft, Published, draft, published, scheme_of},
};
