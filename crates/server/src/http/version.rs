//! Edits that nobody loses: `ETag` on reads, `If-Match` on writes.

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, header, request::Parts},
};

use crate::error::{Error, Result};

/// The version the caller read, from `If-Match: "v3"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// Refuses unless the row still has the version that was read.
    ///
    /// # Errors
    /// `stale` (412).
    pub fn check(self, version: i64) -> Result<()> {
        if self.0 == version {
            Ok(())
        } else {
            Err(Error::stale())
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let header = parts
            .headers
            .get(header::IF_MATCH)
            .ok_or_else(Error::if_match_required)?;
        header
            .to_str()
            .ok()
            .and_then(|text| {
                text.trim()
                    .strip_prefix("\"v")?
                    .strip_suffix('"')?
                    .parse()
                    .ok()
            })
            .map(IfMatch)
            .ok_or_else(Error::stale)
    }
}

/// The header that carries a row's version.
pub fn etag(version: i64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"v{version}\""))]
}
