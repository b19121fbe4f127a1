//! Lists by key, and how instants are written.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; absent on the last one.
    pub next: Option<String>,
    /// How many rows match in all.
    pub total: Total,
}

/// A count and whether it is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Total {
    /// The number of rows.
    pub count: u64,
    /// False where only the rows of this page were counted.
    pub exact: bool,
}

impl<T> List<T> {
    /// Makes a page of `limit` rows out of up to one more, which only tells that
    /// there is a next page.
    pub fn of(mut items: Vec<T>, limit: u64, count: u64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        List {
            items,
            next,
            total: Total { count, exact: true },
        }
    }

    /// Everything on one page.
    pub fn whole(items: Vec<T>) -> Self {
        let total = Total {
            count: items.len() as u64,
            exact: true,
        };
        List {
            items,
            next: None,
            total,
        }
    }
}

/// Which page is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 100; 100 unless told otherwise.
    pub limit: Option<u64>,
}

impl PageQuery {
    /// Rows a page.
    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(100).clamp(1, 100)
    }

    /// The key the page starts after.
    ///
    /// # Errors
    /// `cursor_invalid`.
    pub fn after<T: FromStr>(&self) -> Result<Option<T>> {
        self.cursor
            .as_deref()
            .map(|cursor| {
                cursor.parse().map_err(|_| {
                    Error::invalid(
                        "cursor",
                        "cursor_invalid",
                        "Take the cursor from a page's `next`.",
                    )
                })
            })
            .transpose()
    }
}

/// A stored instant as RFC 3339 in UTC.
pub fn instant(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), |at| at.to_string())
}
