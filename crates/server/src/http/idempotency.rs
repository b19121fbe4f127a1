//! Reads `Idempotency-Key` of a POST into the request's [`Ctx`], with a hash of
//! what is asked, so that a repeated key can be told from a reused one.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use super::BODY_LIMIT_BYTES;
use crate::{
    app::App,
    ctx::{Ctx, IdempotencyKey, hex},
    error::Error,
};

/// The longest key a client may choose.
pub(super) const KEY_LIMIT: usize = 200;

pub(super) async fn read_key(State(_app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let key = match request
        .headers()
        .get("idempotency-key")
        .map(|header| header.to_str())
    {
        None => return next.run(request).await,
        Some(Ok(key)) if (1..=KEY_LIMIT).contains(&key.len()) => key.to_owned(),
        Some(_) => {
            return Error::bad_request(
                "idempotency_key_invalid",
                "An Idempotency-Key has 1 to 200 visible ASCII characters.",
            )
            .into_response();
        }
    };
    match with_key(request, key).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn with_key(request: Request, key: String) -> Result<Request, Error> {
    let (mut parts, body) = request.into_parts();
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.to_string());
    hash.update([0]);
    // An upload streams to disk; its hash is added when it is there.
    let body = if parts.uri.path() == "/api/uploads" {
        body
    } else {
        let limited = http_body_util::Limited::new(body, BODY_LIMIT_BYTES);
        let bytes: Bytes = limited
            .collect()
            .await
            .map_err(|_| {
                Error::problem(
                    axum::http::StatusCode::PAYLOAD_TOO_LARGE,
                    "body_too_large",
                    "The request body is larger than 4 MB.",
                )
            })?
            .to_bytes();
        hash.update(&bytes);
        Body::from(bytes)
    };
    if let Some(ctx) = parts.extensions.get_mut::<Ctx>() {
        ctx.idempotency = Some(IdempotencyKey {
            key,
            request_hash: hex(&hash.finalize()),
        });
    }
    Ok(Request::from_parts(parts, body))
}
