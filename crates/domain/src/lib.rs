//! Nouns and rules of Clientele as pure functions.
//!
//! Nothing here waits, reads a clock, draws a random number or knows a
//! database: the same input always gives the same answer.

pub mod abc;
pub mod business;
pub mod dates;
pub mod email;
pub mod export;
pub mod id;
pub mod identity;
pub mod lifecycle;
pub mod linkage;
pub mod mapping;
pub mod money;
pub mod phone;
pub mod rfm;
pub mod survivorship;
pub mod text;
pub mod tier;
