//! Extractors whose refusals are problems like all others.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::error::{Error, Result};

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| refused(rejection.status(), rejection.body_text()))?;
        if names_nul(&bytes) {
            return Err(nul(StatusCode::UNPROCESSABLE_ENTITY));
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(JsonBody(value)),
            Err(rejection) => Err(refused(rejection.status(), rejection.body_text())),
        }
    }
}

fn refused(status: StatusCode, text: String) -> Error {
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "json_expected",
        _ => "body_invalid",
    };
    Error::problem(status, code, text)
}

fn nul(status: StatusCode) -> Error {
    let detail = "The text holds a NUL character, which cannot be kept. Remove it.";
    Error::problem(status, "nul_character", detail)
}

/// Whether a text of some JSON holds a NUL, which PostgreSQL keeps in no text and
/// which cuts others off in other programs. Raw it is no JSON; here it is escaped.
fn names_nul(json: &[u8]) -> bool {
    let mut escaped = false;
    json.iter().enumerate().any(|(at, byte)| {
        let begins = *byte == b'\\' && !escaped;
        let is_nul = escaped && json[at..].starts_with(b"u0000");
        escaped = begins;
        is_nul
    })
}

/// A typed path; an id that cannot be one names nothing.
pub struct UrlPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for UrlPath<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| UrlPath(value))
            .map_err(|_| Error::not_found("row"))
    }
}

/// A typed query.
pub struct UrlQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for UrlQuery<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(nul(StatusCode::BAD_REQUEST));
        }
        Query::<T>::from_request_parts(parts, state)
            .await
            .map(|Query(value)| UrlQuery(value))
            .map_err(|rejection| Error::bad_request("query_invalid", rejection.body_text()))
    }
}

/// Tells "left out" from "null" in a field of a body.
///
/// # Errors
/// When the value does not fit the field.
pub fn said<'de, D, T>(input: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(input).map(Some)
}

#[cfg(test)]
mod tests {
    use super::names_nul;

    #[test]
    fn an_escaped_nul_is_told_from_the_text_of_its_escape() {
        assert!(names_nul(br#"{"a":"x\u0000"}"#));
        assert!(names_nul(br#"{"a":"\\\u0000"}"#));
        assert!(!names_nul(br#"{"a":"\\u0000"}"#));
        assert!(!names_nul(br#"{"a":"u0000 \u00001"}"#.split_at(12).0));
        assert!(!names_nul(br#"{"a":"\u0001"}"#));
    }
}
