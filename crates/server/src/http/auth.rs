//! Who asks: a session cookie or an API token becomes the actor of the request.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use clientele_domain::id::UserId;

use crate::{
    access::Access,
    app::App,
    ctx::{Actor, Ctx},
    error::{Error, Result},
    features::{session, tokens},
};

/// The name of the session cookie.
pub const SESSION_COOKIE: &str = "clientele_session";

/// Works out the actor and puts a [`Ctx`] on the request.
pub(super) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match caller_of(&app, request.headers(), request.method()).await {
        Ok(caller) => {
            let (actor, access) = match caller {
                Some((id, access)) => (Actor::User(id), access),
                None => (Actor::Anonymous, Arc::default()),
            };
            let ctx = Ctx {
                env: app.env.clone(),
                actor,
                access,
                address: client_address(request.extensions()),
                idempotency: None,
            };
            request.extensions_mut().insert(ctx);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn caller_of(
    app: &App,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Option<(UserId, Arc<Access>)>> {
    if let Some(header) = headers.get(header::AUTHORIZATION) {
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .ok_or_else(Error::not_signed_in)?;
        return tokens::caller_of(app, token).await.map(Some);
    }
    let Some(secret) = session_secret(headers) else {
        return Ok(None);
    };
    if !method.is_safe() && !headers.contains_key("x-clientele") {
        // A form on another site cannot set this header, so it cannot act.
        return Err(Error::bad_request(
            "x_clientele_missing",
            "Send the header X-Clientele: 1 with every request that changes something.",
        ));
    }
    session::caller_of(app, &secret).await
}

/// The secret in the session cookie, if the request carries one.
pub fn session_secret(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(SESSION_COOKIE)?.strip_prefix('='))
        .map(str::to_owned)
}

/// The header that gives a browser its session.
pub fn session_cookie(secret: &str, max_age_s: i64) -> HeaderValue {
    let text = format!(
        "{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}"
    );
    HeaderValue::from_str(&text).expect("secrets are hexadecimal")
}

/// The header that takes a browser's session away.
pub fn clear_session_cookie() -> HeaderValue {
    session_cookie("", 0)
}

/// The address a request came from, as far as this program can see.
pub fn client_address(extensions: &Extensions) -> String {
    extensions.get::<SocketAddr>().map_or_else(
        || IpAddr::from([0, 0, 0, 0]).to_string(),
        |address| address.ip().to_string(),
    )
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        parts
            .extensions
            .get::<Ctx>()
            .cloned()
            .ok_or_else(Error::not_signed_in)
    }
}
