//! API tokens over HTTP; everybody manages their own.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{TokenId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::entity;
use crate::{
    access::Permission,
    app::App,
    ctx::{Ctx, secret_hash},
    db::What,
    error::{Error, Problem, Result},
    features::users,
    http::{JsonBody, List, UrlPath, instant},
};

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ApiToken {
    id: TokenId,
    /// What it is for.
    name: String,
    created_at: String,
    /// To the hour.
    last_used_at: Option<String>,
    /// When it ends; absent for never.
    expires_at: Option<String>,
    /// The rights it is for; absent for all that its person has.
    permissions: Option<Vec<String>>,
}

impl From<entity::Model> for ApiToken {
    fn from(row: entity::Model) -> Self {
        ApiToken {
            id: TokenId(row.id),
            name: row.name,
            created_at: instant(row.created_at),
            last_used_at: row.last_used_at.map(instant),
            expires_at: row.expires_at.map(instant),
            permissions: (row.permissions).and_then(|text| serde_json::from_str(&text).ok()),
        }
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    name: String,
    /// After how many days it ends; never when left out.
    days: Option<i64>,
    /// The rights it is for; all that its person has when left out.
    permissions: Option<Vec<String>>,
}

/// A new token with its secret, which is never shown again.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct NewToken {
    id: TokenId,
    name: String,
    /// Send it as `Authorization: Bearer`.
    secret: String,
}

/// Lists one's own tokens.
#[utoipa::path(get, path = "/tokens", tag = "tokens",
    extensions(("x-permission" = json!("tokens.create"))),
    responses((status = 200, body = List<ApiToken>)))]
async fn list_tokens(State(app): State<App>, ctx: Ctx) -> Result<Json<List<ApiToken>>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::UserId.eq(ctx.actor_id()))
        .order_by_desc(entity::Column::Id)
        .all(app.db.read())
        .await?;
    let count = rows.len() as u64;
    let items = rows.into_iter().map(ApiToken::from).collect();
    Ok(Json(List::of(items, count, count, |token| {
        token.id.to_string()
    })))
}

/// Creates a token; its secret is in this answer only.
#[utoipa::path(post, path = "/tokens", tag = "tokens",
    extensions(("x-permission" = json!("tokens.create"))), request_body = CreateToken,
    responses((status = 201, body = NewToken), (status = 422, body = Problem)))]
async fn create_token(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<CreateToken>,
) -> Result<impl IntoResponse> {
    let name = body.name.trim().to_owned();
    if name.is_empty() {
        return Err(Error::invalid(
            "name",
            "name_missing",
            "Say what the token is for.",
        ));
    }
    if body.days.is_some_and(|days| !(1..=3650).contains(&days)) {
        let detail = "Choose a number from 1 to 3650.";
        return Err(Error::invalid("days", "number_out_of_range", detail)
            .with("least", 1)
            .with("most", 3650));
    }
    for name in body.permissions.iter().flatten() {
        if Permission::parse(name).is_none() {
            let detail = format!("There is no such right: {name}.");
            return Err(Error::invalid("permissions", "grant_unknown", detail));
        }
    }
    refuse_beyond_own(&app, &ctx, body.permissions.as_deref()).await?;
    let permissions = match &body.permissions {
        Some(permissions) => Some(serde_json::to_string(permissions)?),
        None => None,
    };
    // A repeated request gets a token without its secret: the book never holds one.
    let secret = format!("clt_{}", app.env.secret(32));
    let (hash, kept_name) = (secret_hash(&secret), name.clone());
    let id: TokenId = app
        .db
        .post(&ctx, move |tx| {
            let (hash, name) = (hash.clone(), kept_name.clone());
            let (days, permissions) = (body.days, permissions.clone());
            Box::pin(async move {
                let id = tx.ctx().next_id();
                let now = tx.ctx().now_micros();
                let detail = json!({ "days": days, "permissions": permissions });
                let row = entity::ActiveModel {
                    id: Set(id),
                    user_id: Set(tx.ctx().actor_id()),
                    name: Set(name),
                    token_hash: Set(hash),
                    created_at: Set(now),
                    last_used_at: Set(None),
                    expires_at: Set(days.map(|days| now + days * 24 * 3600 * 1_000_000)),
                    permissions: Set(permissions),
                };
                entity::Entity::insert(row)
                    .exec_without_returning(tx.conn())
                    .await?;
                tx.changed("token", id, What::Created);
                tx.audit("create", "token", id, detail);
                Ok(TokenId(id))
            })
        })
        .await?;
    let fresh = entity::Entity::find_by_id(id.0)
        .one(app.db.read())
        .await?
        .is_some_and(|row| row.token_hash == secret_hash(&secret));
    let secret = if fresh { secret } else { String::new() };
    Ok((StatusCode::CREATED, Json(NewToken { id, name, secret })))
}

/// A token for some rights makes none for more.
async fn refuse_beyond_own(app: &App, ctx: &Ctx, wanted: Option<&[String]>) -> Result<()> {
    let user = users::by_id(app.db.read(), UserId(ctx.actor_id())).await?;
    let user = user.ok_or_else(Error::not_signed_in)?;
    let whole = users::acting(app, ctx, &user).await?.access;
    match wanted {
        None => ctx.refuse_beyond_own(&whole),
        Some(names) => ctx.refuse_beyond_own(&whole.only(names)),
    }
}

/// Ends a token at once.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens",
    extensions(("x-permission" = json!("tokens.create"))), params(("id" = TokenId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_token(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<TokenId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move {
                let outcome = entity::Entity::delete_many()
                    .filter(entity::Column::Id.eq(id.0))
                    .filter(entity::Column::UserId.eq(tx.ctx().actor_id()))
                    .exec(tx.conn())
                    .await?;
                if outcome.rows_affected == 0 {
                    return Err(Error::not_found("token"));
                }
                tx.changed("token", id.0, What::Deleted);
                tx.audit("delete", "token", id.0, json!({}));
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Routes of API tokens.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(delete_token))
}
