//! Tables as files, streamed row by row and harmless in spreadsheets unless asked to be
//! lossless.

mod download;
mod sheet;

use futures::future::BoxFuture;

pub use self::{
    download::{FileQuery, Written, download},
    sheet::{Format, Sheet},
};
use crate::error::Result;

/// Rows read at a time.
pub const PAGE: u64 = 1_000;

/// Takes the bytes of a file as they come; false when nobody wants more.
pub type Sink<'a> = &'a mut (dyn FnMut(Vec<u8>) -> BoxFuture<'static, Result<bool>> + Send);
