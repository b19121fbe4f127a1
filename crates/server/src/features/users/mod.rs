//! People who sign in. Table: `users`. Invariants: e-mail addresses are unique
//! and stored in lower case; a deactivated person has no session and no token.

mod actions;
mod api;
pub mod entity;
mod password;
mod store;

pub use self::{
    actions::{NewUser, create, set_language},
    api::{User, routes},
    password::{hash_password, verify_password},
    store::{any_exists, by_email, by_id},
};
