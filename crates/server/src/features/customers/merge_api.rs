//! Merging and taking apart over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{CustomerId, MergeId};
use serde::Deserialize;
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    identities::{self, Merge},
    merging::{self, Cause},
    unmerging,
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    features::grades,
    http::{JsonBody, UrlPath},
};

#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMerge {
    /// Who goes on.
    winner_id: CustomerId,
    /// Who is merged into them.
    loser_id: CustomerId,
}

/// Makes two customers one; it can be taken apart again at any time.
#[utoipa::path(post, path = "/merges", tag = "customers",
    extensions(("x-permission" = json!("duplicates.edit"))), request_body = NewMerge,
    responses((status = 201, body = Merge), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn create_merge(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<NewMerge>,
) -> Result<impl IntoResponse> {
    let merge = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            let (winner, loser) = (body.winner_id, body.loser_id);
            let id = merging::merge(tx, winner, loser, Cause::Person, &json!({}), None).await?;
            grades::enqueue_if_idle(tx).await?;
            identities::merge_by_id(tx.conn(), id).await
        })
    });
    Ok((StatusCode::CREATED, Json(merge.await?)))
}

/// Takes a merge apart and restores both customers exactly; orders that came in
/// between go to the customer whose key they carried.
#[utoipa::path(post, path = "/merges/{id}/undo", tag = "customers",
    extensions(("x-permission" = json!("duplicates.edit"))), params(("id" = MergeId, Path)),
    responses((status = 200, body = Merge), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn undo_merge(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<MergeId>,
) -> Result<Json<Merge>> {
    let merge = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            unmerging::unmerge(tx, id).await?;
            grades::enqueue_if_idle(tx).await?;
            identities::merge_by_id(tx.conn(), id).await
        })
    });
    Ok(Json(merge.await?))
}

/// Routes of merges.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_merge))
        .routes(routes!(undo_merge))
}
