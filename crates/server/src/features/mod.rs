//! One folder a noun: tables, reads, actions and HTTP shape together.

pub mod audit;
pub mod backups;
pub mod customers;
pub mod demo;
pub mod duplicates;
pub mod grades;
pub mod imports;
pub mod leaving;
pub mod orders;
pub mod organisation;
pub mod products;
pub mod reports;
pub mod roles;
pub mod session;
pub mod settings;
pub mod status;
pub mod stores;
pub mod tiers;
pub mod tokens;
pub mod users;
pub mod views;
pub mod warehouse;
