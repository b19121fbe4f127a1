//! Sales, refunds and adjustments. Tables: `orders`, `order_lines`, written by
//! imports and the sample chain. Invariants: `(source, external_id)` is unique;
//! lines add up to the order's net; an order with a customer names the record it
//! came with.

mod api;
pub mod entity;
mod store;

pub use self::{
    api::routes,
    store::{OrderLine, lines_of},
};
