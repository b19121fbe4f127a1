//! Places of sale: shops, web shops, mini-programs, marketplaces. Table:
//! `stores`. Invariants: `(source, external_id)` is unique; a store's phone never
//! identifies a customer; zone and day-cut decide the business date of orders, so
//! a change holds for orders to come.

mod actions;
mod api;
pub mod entity;
mod store;

pub use self::{
    actions::{NewStore, create},
    api::routes,
    store::{by_id, names},
};
