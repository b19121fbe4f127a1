//! Lists as people want to see them again. Table: `saved_views`. Invariants: a
//! view belongs to whoever saved it; others see it only when it is shared, and
//! nobody but its owner deletes it.

mod api;
pub mod entity;

pub use self::api::{hand_over, routes};
