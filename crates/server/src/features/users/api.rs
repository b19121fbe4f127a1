//! People over HTTP.

use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{StoreId, TeamId, UnitId, UserId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewUser, Place, UserChange},
    entity, hash_password, invitations, store,
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    http::{IfMatch, JsonBody, List, UrlPath, etag, instant, said},
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
    /// Keys of built-in roles and ids of own ones.
    pub roles: BTreeSet<String>,
    /// The part of the organisation they work in; neither this nor a store is the whole
    /// chain.
    pub unit_id: Option<UnitId>,
    /// The store they work in.
    pub store_id: Option<StoreId>,
    /// Their team.
    pub team_id: Option<TeamId>,
    /// Whom they report to.
    pub manager_id: Option<UserId>,
    /// `en` or `zh`.
    pub language: String,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have chosen or were given a password.
    pub joined: bool,
    /// Whether they sign in with a code of an app, too.
    pub second_factor: bool,
    /// Until when a link leads them in, if one does.
    pub invited_until: Option<String>,
    /// When they joined.
    pub created_at: String,
    /// The version for `If-Match`.
    pub version: i64,
}

impl User {
    fn new(
        row: entity::Model,
        roles: BTreeSet<String>,
        invited_until: Option<i64>,
        second_factor: bool,
    ) -> Self {
        User {
            second_factor,
            joined: !row.password_hash.is_empty(),
            invited_until: invited_until.map(instant),
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            roles,
            unit_id: row.unit_id.map(UnitId),
            store_id: row.store_id.map(StoreId),
            team_id: row.team_id.map(TeamId),
            manager_id: row.manager_id.map(UserId),
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
    /// Left out for somebody who shall choose one over a link.
    password: Option<String>,
    language: String,
    /// Keys of built-in roles and ids of own ones.
    roles: BTreeSet<String>,
    unit_id: Option<UnitId>,
    store_id: Option<StoreId>,
    team_id: Option<TeamId>,
    manager_id: Option<UserId>,
}

/// What changes about a person; what is left out stays, null empties.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
struct PatchUser {
    name: Option<String>,
    language: Option<String>,
    active: Option<bool>,
    password: Option<String>,
    roles: Option<BTreeSet<String>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<UnitId>)]
    unit_id: Option<Option<UnitId>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<StoreId>)]
    store_id: Option<Option<StoreId>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<TeamId>)]
    team_id: Option<Option<TeamId>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<UserId>)]
    manager_id: Option<Option<UserId>>,
}

/// Lists everybody who can sign in.
#[utoipa::path(get, path = "/users", tag = "users",
    extensions(("x-permission" = json!("people.see"))),
    responses((status = 200, body = List<User>), (status = 403, body = Problem)))]
async fn list_users(State(app): State<App>, ctx: Ctx) -> Result<Json<List<User>>> {
    let mut roles = store::roles_of_all(app.db.read()).await?;
    let invited = invitations::pending(app.db.read(), ctx.now_micros()).await?;
    let with_factor = store::with_second_factor(app.db.read()).await?;
    let rows = store::list(&app.db).await?.into_iter();
    let users = rows.map(|row| {
        let roles = roles.remove(&row.id).unwrap_or_default();
        let until = invited.get(&row.id).copied();
        let second_factor = with_factor.contains(&row.id);
        User::new(row, roles, until, second_factor)
    });
    Ok(Json(List::whole(users.collect())))
}

/// Creates a person.
#[utoipa::path(post, path = "/users", tag = "users",
    extensions(("x-permission" = json!("people.create"))), request_body = CreateUser,
    responses((status = 201, body = User), (status = 422, body = Problem)))]
async fn create_user(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<CreateUser>,
) -> Result<impl IntoResponse> {
    let new = NewUser {
        email: body.email,
        name: body.name,
        password_hash: match &body.password {
            Some(password) => hash_password(&app, password).await?,
            None => String::new(),
        },
        language: body.language,
        roles: body.roles,
        place: Place {
            unit_id: body.unit_id,
            store_id: body.store_id,
            team_id: body.team_id,
            manager_id: body.manager_id,
        },
    };
    let user = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::create(tx, &new).await?;
            find(tx.conn(), id, tx.ctx().now_micros()).await
        })
    });
    Ok((StatusCode::CREATED, shown(user.await?)))
}

/// Changes a person; a new password, other rights or a deactivation sign them out
/// everywhere.
#[utoipa::path(patch, path = "/users/{id}", tag = "users",
    extensions(("x-permission" = json!("people.edit"))), request_body = PatchUser,
    params(("id" = UserId, Path)),
    responses((status = 200, body = User), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn change_user(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UserId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<PatchUser>,
) -> Result<impl IntoResponse> {
    let password_hash = match &body.password {
        Some(password) => Some(hash_password(&app, password).await?),
        None => None,
    };
    let change = UserChange {
        name: body.name,
        language: body.language,
        active: body.active,
        password_hash,
        roles: body.roles,
        unit_id: body.unit_id,
        store_id: body.store_id,
        team_id: body.team_id,
        manager_id: body.manager_id,
    };
    let user = app.db.write(&ctx, move |tx| {
        let change = change.clone();
        Box::pin(async move {
            actions::change(tx, id, version, &change).await?;
            find(tx.conn(), id, tx.ctx().now_micros()).await
        })
    });
    Ok(shown(user.await?))
}

/// A link by which somebody chooses their own password.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct Invitation {
    /// What goes behind `/join#`; it is shown this one time only.
    secret: String,
    /// Until when it leads in.
    expires_at: String,
}

/// Makes a link by which a person chooses their own password; the one before leads nowhere
/// from now on.
#[utoipa::path(post, path = "/users/{id}/invitation", tag = "users",
    extensions(("x-permission" = json!("people.edit"))), params(("id" = UserId, Path)),
    responses((status = 201, body = Invitation), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn invite_user(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UserId>,
) -> Result<impl IntoResponse> {
    let secret = app.env.secret(32);
    // Not kept under a request's key: the answer holds a secret.
    let expires_at = app.db.write(&ctx, {
        let secret = secret.clone();
        move |tx| {
            let secret = secret.clone();
            Box::pin(async move { invitations::invite(tx, id, &secret).await })
        }
    });
    let expires_at = instant(expires_at.await?);
    Ok((StatusCode::CREATED, Json(Invitation { secret, expires_at })))
}

/// Takes the second factor of somebody who has lost it, and signs them out everywhere.
#[utoipa::path(delete, path = "/users/{id}/second-factor", tag = "users",
    extensions(("x-permission" = json!("people.edit"))), params(("id" = UserId, Path)),
    responses((status = 200, body = User), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn reset_second_factor(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UserId>,
) -> Result<impl IntoResponse> {
    let user = app.db.write(&ctx, move |tx| {
        Box::pin(async move {
            actions::reset_second_factor(tx, id).await?;
            find(tx.conn(), id, tx.ctx().now_micros()).await
        })
    });
    Ok(shown(user.await?))
}

/// A person as they are at an instant in microseconds.
///
/// # Errors
/// `not_found`.
pub async fn find(connection: &impl ConnectionTrait, id: UserId, now: i64) -> Result<User> {
    let row = super::by_id(connection, id).await?;
    let row = row.ok_or_else(|| Error::not_found("user"))?;
    let roles = super::roles_of(connection, id).await?;
    let until = invitations::pending(connection, now).await?.remove(&id.0);
    let with_factor = store::with_second_factor(connection).await?;
    Ok(User::new(row, roles, until, with_factor.contains(&id.0)))
}

fn shown(user: User) -> impl IntoResponse {
    (etag(user.version), Json(user))
}

/// Routes of people.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(change_user))
        .routes(routes!(invite_user))
        .routes(routes!(reset_second_factor))
}
