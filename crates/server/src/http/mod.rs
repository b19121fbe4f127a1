//! HTTP: the router, who asks, and the shapes every answer shares.

mod accept;
mod assets;
mod auth;
mod body;
mod document;
mod events;
mod idempotency;
mod page;
mod rules;
mod shapes;
mod timing;
mod version;

use std::sync::Arc;

use axum::{
    Router, extract::DefaultBodyLimit, http::StatusCode, middleware, response::IntoResponse,
    routing::get,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use self::rules::Rules;
pub use self::{
    accept::serve,
    auth::{SESSION_COOKIE, clear_session_cookie, client_address, session_cookie, session_secret},
    body::{JsonBody, UrlPath, UrlQuery, said},
    page::{List, PageQuery, Total, instant},
    shapes::{Label, Money, Ref},
    version::{IfMatch, etag},
};
use crate::{app::App, features, jobs};

/// The largest JSON body; uploads have a limit of their own.
const BODY_LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// Every documented route of the program.
fn api() -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .merge(features::session::routes())
        .merge(features::users::routes())
        .merge(features::leaving::routes())
        .merge(features::roles::routes())
        .merge(features::organisation::routes())
        .merge(features::tokens::routes())
        .merge(features::settings::routes())
        .merge(features::status::routes())
        .merge(features::audit::routes())
        .merge(features::backups::routes())
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
    OpenApiRouter::with_openapi(document::Document::openapi()).nest("/api", routes)
}

/// The OpenAPI document of the API, as JSON.
pub fn openapi_json() -> String {
    document::text(&api().into_openapi())
}

/// The whole program as one router.
pub fn router(app: App) -> Router {
    let (api, document) = api().split_for_parts();
    let rules = Arc::new(Rules::of(&document));
    let document = document::text(&document);
    api.layer(middleware::from_fn_with_state(
        app.clone(),
        idempotency::read_key,
    ))
    .layer(middleware::from_fn_with_state(rules, rules::enforce))
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
    .method_not_allowed_fallback(no_such_method)
    .fallback(assets::web_app)
    .layer(middleware::from_fn_with_state(app.clone(), timing::measure))
    .layer(middleware::from_fn(assets::security_headers))
    .layer(tower_http::catch_panic::CatchPanicLayer::new())
    .with_state(app)
}

async fn no_such_route() -> crate::error::Error {
    crate::error::Error::not_found("route")
}

/// The header `Allow`, which axum adds, says what would do.
async fn no_such_method() -> crate::error::Error {
    crate::error::Error::problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take this method. The header Allow lists those it takes.",
    )
}
