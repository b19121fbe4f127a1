//! Leaving over HTTP.

use axum::{Json, extract::State, response::IntoResponse};
use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    ctx::Ctx,
    db::Tx,
    error::{Error, Problem, Result},
    features::{
        customers::{self, entity::customer},
        tokens::entity as token,
        users::{self, User, entity as user},
        views::{self, entity::saved_view},
    },
    http::{IfMatch, JsonBody, UrlPath, etag},
};

/// What hangs on a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Belongings {
    /// Customers whom they look after.
    customers: u64,
    /// People who report to them.
    reports: u64,
    /// Views of theirs that others use.
    shared_views: u64,
    /// Programs that act in their name.
    tokens: u64,
}

/// Who takes over.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Leave {
    /// Gets the customers, the reports and the shared views; null for nobody, and then the
    /// customers are nobody's.
    successor_id: Option<UserId>,
}

/// Tells what hangs on a person.
#[utoipa::path(get, path = "/users/{id}/belongings", tag = "users",
    extensions(("x-permission" = json!("people.edit"))), params(("id" = UserId, Path)),
    responses((status = 200, body = Belongings), (status = 404, body = Problem)))]
async fn get_belongings(
    State(app): State<App>,
    UrlPath(id): UrlPath<UserId>,
) -> Result<Json<Belongings>> {
    Ok(Json(belongings(app.db.read(), id).await?))
}

/// Takes a person out of the chain: their customers, reports and shared views go to a
/// successor; their sessions, tokens and links end.
#[utoipa::path(post, path = "/users/{id}/leave", tag = "users",
    extensions(("x-permission" = json!("people.edit"))), request_body = Leave,
    params(("id" = UserId, Path)),
    responses((status = 200, body = User), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn leave_chain(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UserId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<Leave>,
) -> Result<impl IntoResponse> {
    let user = app.db.post(&ctx, move |tx| {
        let successor = body.successor_id;
        Box::pin(async move { leave(tx, id, version, successor).await })
    });
    let user = user.await?;
    Ok((etag(user.version), Json(user)))
}

async fn belongings(connection: &impl ConnectionTrait, id: UserId) -> Result<Belongings> {
    if users::by_id(connection, id).await?.is_none() {
        return Err(Error::not_found("user"));
    }
    Ok(Belongings {
        customers: customer::Entity::find()
            .filter(customer::Column::OwnerId.eq(id.0))
            .count(connection)
            .await?,
        reports: user::Entity::find()
            .filter(user::Column::ManagerId.eq(id.0))
            .count(connection)
            .await?,
        shared_views: saved_view::Entity::find()
            .filter(saved_view::Column::UserId.eq(id.0))
            .filter(saved_view::Column::Shared.eq(true))
            .count(connection)
            .await?,
        tokens: token::Entity::find()
            .filter(token::Column::UserId.eq(id.0))
            .count(connection)
            .await?,
    })
}

async fn leave(tx: &Tx, id: UserId, version: i64, successor: Option<UserId>) -> Result<User> {
    // First, for it knows who may not be taken out, and by whom.
    let reports = users::leave(tx, id, version, successor).await?;
    let customers = customers::hand_over(tx, id, successor).await?;
    let views = match successor {
        Some(successor) => views::hand_over(tx, id, successor).await?,
        None => 0,
    };
    let detail = json!({
        "successor": successor,
        "customers": customers,
        "reports": reports,
        "views": views,
    });
    tx.audit("leave", "user", id.0, detail);
    users::find(tx.conn(), id, tx.ctx().now_micros()).await
}

/// Routes of leaving.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_belongings))
        .routes(routes!(leave_chain))
}
