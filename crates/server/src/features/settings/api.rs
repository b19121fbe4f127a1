//! Settings and exchange rates over HTTP.

use axum::{Json, extract::State, response::IntoResponse};
use serde_json::{Map, Value};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Rate, Settings, change, load_versioned, rates};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    http::{IfMatch, JsonBody, etag},
};

/// Shows the settings.
#[utoipa::path(get, path = "/settings", tag = "settings",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, body = Settings), (status = 403, body = Problem)))]
async fn get_settings(State(app): State<App>) -> Result<impl IntoResponse> {
    let (settings, version) = load_versioned(app.db.read()).await?;
    Ok((etag(version), Json(settings)))
}

/// Changes the settings that are named; the others stay.
#[utoipa::path(patch, path = "/settings", tag = "settings",
    extensions(("x-permission" = json!("settings.edit"))), request_body = Settings,
    responses((status = 200, body = Settings), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_settings(
    State(app): State<App>,
    ctx: Ctx,
    IfMatch(version): IfMatch,
    JsonBody(changes): JsonBody<Map<String, Value>>,
) -> Result<impl IntoResponse> {
    let saved = app.db.write(&ctx, move |tx| {
        let changes = changes.clone();
        Box::pin(async move {
            change(tx, changes, version).await?;
            load_versioned(tx.conn()).await
        })
    });
    let (settings, version) = saved.await?;
    Ok((etag(version), Json(settings)))
}

/// Lists the exchange rates.
#[utoipa::path(get, path = "/exchange-rates", tag = "settings",
    extensions(("x-permission" = json!("settings.see"))),
    responses((status = 200, body = Vec<Rate>)))]
async fn get_rates(State(app): State<App>) -> Result<impl IntoResponse> {
    let (rates, version) = rates::list(app.db.read()).await?;
    Ok((etag(version), Json(rates)))
}

/// Replaces the exchange rates.
#[utoipa::path(put, path = "/exchange-rates", tag = "settings",
    extensions(("x-permission" = json!("settings.edit"))), request_body = Vec<Rate>,
    responses((status = 200, body = Vec<Rate>), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_rates(
    State(app): State<App>,
    ctx: Ctx,
    read: IfMatch,
    JsonBody(rates): JsonBody<Vec<Rate>>,
) -> Result<impl IntoResponse> {
    let saved = app.db.write(&ctx, move |tx| {
        let rates = rates.clone();
        Box::pin(async move {
            rates::replace(tx, &rates, read).await?;
            rates::list(tx.conn()).await
        })
    });
    let (rates, version) = saved.await?;
    Ok((etag(version), Json(rates)))
}

/// Routes of settings and rates.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_settings, change_settings))
        .routes(routes!(get_rates, change_rates))
}
