//! Customers and orders as files, streamed row by row: every figure and grade,
//! harmless in spreadsheets unless asked to be lossless.

mod customers;
mod orders;
mod sheet;

use futures::future::BoxFuture;

pub(super) use self::{customers::write_customers, orders::write_orders, sheet::Format};
use crate::error::Result;

/// Rows read at a time.
const PAGE: u64 = 1_000;

/// Takes the bytes of a file as they come; false when nobody wants more.
pub(super) type Sink<'a> = &'a mut (dyn FnMut(Vec<u8>) -> BoxFuture<'static, Result<bool>> + Send);
