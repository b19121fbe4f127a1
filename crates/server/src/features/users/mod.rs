//! People who sign in, their places and their roles. Tables: `users`, `user_roles`,
//! `invitations`.
//! Invariants: e-mail addresses are unique and stored in lower case; a deactivated
//! person has no session and no token; whose rights change signs in anew; nobody gives
//! or takes rights that they do not have; somebody always may do everything.

mod access;
mod actions;
mod api;
pub mod entity;
mod invitations;
mod password;
mod store;

pub use self::{
    access::{AccessCache, access_version, acting},
    actions::{NewUser, Place, create, leave, reset_second_factor, set_language, set_password},
    api::{User, find, routes},
    invitations::{invited, join},
    password::{hash_password, verify_password},
    store::{any_exists, by_email, by_id, roles_of},
};
