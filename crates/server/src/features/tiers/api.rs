//! Tier schemes over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::tier::Scheme;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{actions, store};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    http::{IfMatch, JsonBody, etag},
};

/// The scheme in force and the one somebody works on.
#[derive(Serialize, utoipa::ToSchema)]
struct TierSchemes {
    published: PublishedScheme,
    /// Absent while nobody works on one.
    draft: Option<DraftScheme>,
}

/// The scheme in force.
#[derive(Serialize, utoipa::ToSchema)]
struct PublishedScheme {
    /// 0 for the default while nothing was ever published.
    version: i64,
    #[serde(flatten)]
    scheme: Scheme,
}

/// The scheme somebody works on.
#[derive(Serialize, utoipa::ToSchema)]
struct DraftScheme {
    /// Grows with every save; also the number in the `ETag`.
    edit: i64,
    #[serde(flatten)]
    scheme: Scheme,
}

/// Shows the scheme in force, and its draft to those who may see it. The `ETag` is the draft's edit,
/// `"v0"` without one.
#[utoipa::path(get, path = "/tier-scheme", tag = "grading",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, body = TierSchemes), (status = 403, body = Problem)))]
async fn get_tier_scheme(State(app): State<App>, ctx: Ctx) -> Result<impl IntoResponse> {
    let (edit, schemes) = schemes(app.db.read(), &ctx).await?;
    Ok((etag(edit), Json(schemes)))
}

/// Saves the draft; `If-Match: "v0"` starts one.
#[utoipa::path(put, path = "/tier-scheme/draft", tag = "grading",
    extensions(("x-permission" = json!("tiers.edit"))), request_body = Scheme,
    responses((status = 200, body = TierSchemes), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn put_tier_scheme_draft(
    State(app): State<App>,
    ctx: Ctx,
    IfMatch(edit): IfMatch,
    JsonBody(scheme): JsonBody<Scheme>,
) -> Result<impl IntoResponse> {
    let saved = app.db.write(&ctx, move |tx| {
        let scheme = scheme.clone();
        Box::pin(async move {
            actions::save_draft(tx, edit, &scheme).await?;
            schemes(tx.conn(), tx.ctx()).await
        })
    });
    let (edit, schemes) = saved.await?;
    Ok((etag(edit), Json(schemes)))
}

/// Throws the draft away.
#[utoipa::path(delete, path = "/tier-scheme/draft", tag = "grading",
    extensions(("x-permission" = json!("tiers.edit"))),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_tier_scheme_draft(State(app): State<App>, ctx: Ctx) -> Result<StatusCode> {
    app.db
        .write(&ctx, |tx| {
            Box::pin(async move { actions::delete_draft(tx).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The schemes as the actor may see them, with the draft's edit.
async fn schemes(connection: &impl ConnectionTrait, ctx: &Ctx) -> Result<(i64, TierSchemes)> {
    let published = store::published(connection).await?;
    let draft = match ctx.access.holds(Permission::TiersSee) {
        true => store::draft(connection).await?,
        false => None,
    };
    let edit = draft.as_ref().map_or(0, |draft| draft.edit);
    let schemes = TierSchemes {
        published: PublishedScheme {
            version: published.version,
            scheme: published.scheme,
        },
        draft: draft.map(|draft| DraftScheme {
            edit: draft.edit,
            scheme: draft.scheme,
        }),
    };
    Ok((edit, schemes))
}

/// Routes of tier schemes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_tier_scheme))
        .routes(routes!(put_tier_scheme_draft, delete_tier_scheme_draft))
}
