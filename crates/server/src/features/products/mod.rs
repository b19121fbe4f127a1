//! What is sold. Table: `products`, written by imports and the sample chain.
//! Invariant: `(source, external_id)` is unique; `external_id` is the SKU.

mod api;
pub mod entity;

pub use self::api::routes;
