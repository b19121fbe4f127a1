//! People over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::UserId;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewUser, UserChange},
    entity, hash_password, store,
};
use crate::{
    app::App,
    ctx::{Ctx, Permission},
    error::{Error, Problem, Result},
    http::{IfMatch, JsonBody, List, UrlPath, etag, instant},
};

/// A person who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// How they sign in.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their role.
    pub role: String,
    /// `en` or `zh`.
    pub language: String,
    /// Whether they may sign in.
    pub active: bool,
    /// When they joined.
    pub created_at: String,
    /// The version for `If-Match`.
    pub version: i64,
}

impl From<entity::Model> for User {
    fn from(row: entity::Model) -> Self {
        User {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            role: row.role,
            language: row.language,
            active: row.active,
            created_at: instant(row.created_at),
            version: row.version,
        }
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateUser {
    email: String,
    name: String,
    password: String,
    language: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchUser {
    name: Option<String>,
    language: Option<String>,
    active: Option<bool>,
    password: Option<String>,
}

/// Lists everybody who can sign in.
#[utoipa::path(get, path = "/users", tag = "users",
    responses((status = 200, body = List<User>), (status = 403, body = Problem)))]
async fn list_users(State(app): State<App>, ctx: Ctx) -> Result<Json<List<User>>> {
    ctx.require(Permission::SystemEdit)?;
    let users: Vec<User> = store::list(&app.db)
        .await?
        .into_iter()
        .map(User::from)
        .collect();
    let count = users.len() as u64;
    Ok(Json(List::of(users, count, count, |user| {
        user.id.to_string()
    })))
}

/// Creates a person.
#[utoipa::path(post, path = "/users", tag = "users", request_body = CreateUser,
    responses((status = 201, body = User), (status = 422, body = Problem)))]
async fn create_user(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<CreateUser>,
) -> Result<impl IntoResponse> {
    ctx.require(Permission::SystemEdit)?;
    let new = NewUser {
        email: body.email,
        name: body.name,
        password_hash: hash_password(&app, &body.password).await?,
        language: body.language,
    };
    let user = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::create(tx, &new).await?;
            find(tx.conn(), id).await
        })
    });
    Ok((StatusCode::CREATED, shown(user.await?)))
}

/// Changes a person; a new password or a deactivation signs them out everywhere.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", request_body = PatchUser,
    params(("id" = UserId, Path)),
    responses((status = 200, body = User), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn change_user(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UserId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<PatchUser>,
) -> Result<impl IntoResponse> {
    ctx.require(Permission::SystemEdit)?;
    let password_hash = match &body.password {
        Some(password) => Some(hash_password(&app, password).await?),
        None => None,
    };
    let change = UserChange {
        name: body.name,
        language: body.language,
        active: body.active,
        password_hash,
    };
    app.db
        .write(&ctx, move |tx| {
            let change = change.clone();
            Box::pin(async move { actions::change(tx, id, version, &change).await })
        })
        .await?;
    Ok(shown(find(app.db.read(), id).await?))
}

async fn find(connection: &impl ConnectionTrait, id: UserId) -> Result<User> {
    let row = super::by_id(connection, id).await?;
    Ok(row.ok_or_else(|| Error::not_found("user"))?.into())
}

fn shown(user: User) -> impl IntoResponse {
    (etag(user.version), Json(user))
}

/// Routes of people.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(change_user))
}
