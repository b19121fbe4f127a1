//! Customers and orders as files: every figure and grade.

mod customers;
mod orders;

pub(super) use self::{customers::write_customers, orders::write_orders};
