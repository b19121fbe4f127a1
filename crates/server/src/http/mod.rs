//! HTTP: the router, who asks, and the shapes every answer shares.

mod accept;
mod assets;
mod auth;
mod body;
mod events;
mod idempotency;
mod page;
mod shapes;
mod timing;
mod version;

use axum::{Router, extract::DefaultBodyLimit, middleware, response::IntoResponse, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

pub use self::{
    accept::serve,
    auth::{SESSION_COOKIE, clear_session_cookie, client_address, session_cookie, session_secret},
    body::{JsonBody, UrlPath, UrlQuery},
    page::{List, PageQuery, Total, instant},
    shapes::{Label, Money, Ref},
    version::{IfMatch, etag},
};
use crate::{app::App, features, jobs};

/// The largest JSON body; uploads have a limit of their own.
const BODY_LIMIT_BYTES: usize = 4 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clientele",
        description = "The CRM of retail chains. Everything the web app does goes through this API.\n\n\
            Sign in with a session cookie (browsers; unsafe requests also send `X-Clientele: 1`) or \
            with `Authorization: Bearer` and an API token. Money is integer minor units with an ISO \
            4217 currency. Lists are paged by `cursor`. Every POST accepts an `Idempotency-Key`. \
            Edits need `If-Match` with the `ETag` that was read. Errors are \
            `application/problem+json` with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&SecuritySchemes),
    security(("session" = []), ("token" = []))
)]
struct Document;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))),
        );
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
    }
}

/// Every documented route of the program.
fn api() -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .merge(features::session::routes())
        .merge(features::users::routes())
        .merge(features::tokens::routes())
        .merge(features::settings::routes())
        .merge(features::status::routes())
        .merge(features::audit::routes())
        .merge(features::customers::routes())
        .merge(features::duplicates::routes())
        .merge(features::orders::routes())
        .merge(features::stores::routes())
        .merge(features::products::routes())
        .merge(features::views::routes())
        .merge(features::imports::routes())
        .merge(features::grades::routes())
        .merge(features::tiers::routes())
        .merge(features::reports::routes())
        .merge(features::demo::routes())
        .merge(jobs::routes())
        .merge(events::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api", routes)
}

/// The OpenAPI document of the API, as JSON.
pub fn openapi_json() -> String {
    let mut json = api()
        .into_openapi()
        .to_pretty_json()
        .expect("the document is plain data");
    json.push('\n');
    json
}

/// The whole program as one router.
pub fn router(app: App) -> Router {
    let (api, document) = api().split_for_parts();
    let document = document
        .to_pretty_json()
        .expect("the document is plain data");
    api.layer(middleware::from_fn_with_state(
        app.clone(),
        idempotency::read_key,
    ))
    .layer(middleware::from_fn_with_state(app.clone(), auth::identify))
    .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
    .route(
        "/api/openapi.json",
        get(move || async move {
            (
                [(axum::http::header::CONTENT_TYPE, "application/json")],
                document,
            )
                .into_response()
        }),
    )
    .route("/api/docs", get(assets::api_docs))
    .route("/healthz", get(|| async { "ok" }))
    .route("/readyz", get(features::status::ready))
    .route("/metrics", get(features::status::metrics))
    .route("/api/{*rest}", axum::routing::any(no_such_route))
    .fallback(assets::web_app)
    .layer(middleware::from_fn_with_state(app.clone(), timing::measure))
    .layer(middleware::from_fn(assets::security_headers))
    .layer(tower_http::catch_panic::CatchPanicLayer::new())
    .with_state(app)
}

async fn no_such_route() -> crate::error::Error {
    crate::error::Error::not_found("route")
}
