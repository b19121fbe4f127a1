//! Figures for people: home, months, RFM grid, distributions, stores. Tables:
//! none; sales come from the warehouse, grades from the book's `grades`.
//! Invariant: every answer belongs to one position of the change feed and is
//! worked out once for it.

mod api;
mod home;
mod monthly;
mod spread;
mod stores;
mod when;

pub use self::{api::routes, home::HomeReport, monthly::MonthlyReport};
