//! Leaving the chain: what somebody looked after goes to a successor, and they may not
//! sign in any more, in one step. Tables: those of people, customers and views.

mod api;

pub use self::api::routes;
