//! Roles over HTTP.

use std::collections::HashMap;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::RoleId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewRole},
    entity,
    grants::{Grants, built_in},
};
use crate::{
    access::{Permission, ROWS},
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::users::entity::held_role,
    http::{IfMatch, JsonBody, List, UrlPath, etag},
};

/// What somebody with the role may do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct Role {
    /// The key of a built-in role, or the id of an own one.
    key: String,
    /// The id of an own role; a built-in one, which every chain has, cannot be changed.
    id: Option<RoleId>,
    /// What people call an own one; built-in ones are named by the screen.
    name: Option<String>,
    description: String,
    /// By noun: the actions, and how far they reach from the person's place.
    grants: Grants,
    /// How many people have it.
    people: u64,
    /// The version for `If-Match`; 0 for built-in ones.
    version: i64,
}

/// A noun of the grid of rights.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct GridNoun {
    /// Its key.
    noun: String,
    /// What may be done with it.
    actions: Vec<String>,
    /// Whether a role may reach some of its rows only.
    has_rows: bool,
}

/// What a role shall be.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleInput {
    name: String,
    #[serde(default)]
    description: String,
    grants: Grants,
}

impl From<RoleInput> for NewRole {
    fn from(input: RoleInput) -> Self {
        NewRole {
            name: input.name,
            description: input.description,
            grants: input.grants,
        }
    }
}

/// Lists all roles, the built-in ones first.
#[utoipa::path(get, path = "/roles", tag = "people",
    extensions(("x-permission" = json!("people.see"))),
    responses((status = 200, body = List<Role>)))]
async fn list_roles(State(app): State<App>) -> Result<Json<List<Role>>> {
    let counted: Vec<(String, i64)> = held_role::Entity::find()
        .select_only()
        .column(held_role::Column::Role)
        .column_as(held_role::Column::UserId.count(), "people")
        .group_by(held_role::Column::Role)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let people: HashMap<String, i64> = counted.into_iter().collect();
    let people = |key: &str| people.get(key).copied().unwrap_or(0).unsigned_abs();
    let mut roles: Vec<Role> = built_in()
        .map(|(key, grants)| Role {
            key: key.to_owned(),
            id: None,
            name: None,
            description: String::new(),
            grants,
            people: people(key),
            version: 0,
        })
        .collect();
    let own = entity::Entity::find()
        .order_by_asc(entity::Column::Name)
        .all(app.db.read())
        .await?;
    for row in own {
        let key = RoleId(row.id).to_string();
        roles.push(role_in(row, people(&key))?);
    }
    Ok(Json(List::whole(roles)))
}

/// Lists what there is to grant.
#[utoipa::path(get, path = "/role-grid", tag = "people",
    extensions(("x-permission" = json!("people.see"))),
    responses((status = 200, body = Vec<GridNoun>)))]
async fn get_role_grid() -> Json<Vec<GridNoun>> {
    let mut grid: Vec<GridNoun> = Vec::new();
    for permission in Permission::ALL {
        let (noun, action) = permission.parts();
        match grid.last_mut() {
            Some(last) if last.noun == noun => last.actions.push(action.to_owned()),
            _ => grid.push(GridNoun {
                noun: noun.to_owned(),
                actions: vec![action.to_owned()],
                has_rows: ROWS.contains(&noun),
            }),
        }
    }
    Json(grid)
}

/// Creates a role.
#[utoipa::path(post, path = "/roles", tag = "people",
    extensions(("x-permission" = json!("roles.edit"))), request_body = RoleInput,
    responses((status = 201, body = Role), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn create_role(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<RoleInput>,
) -> Result<impl IntoResponse> {
    let new = NewRole::from(body);
    let role = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::create(tx, &new).await?;
            find(tx.conn(), id).await
        })
    });
    Ok((StatusCode::CREATED, shown(role.await?)))
}

/// Replaces a role; whoever has it may something else at once.
#[utoipa::path(put, path = "/roles/{id}", tag = "people",
    extensions(("x-permission" = json!("roles.edit"))), request_body = RoleInput,
    params(("id" = RoleId, Path)),
    responses((status = 200, body = Role), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_role(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<RoleId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<RoleInput>,
) -> Result<impl IntoResponse> {
    let new = NewRole::from(body);
    let role = app.db.write(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            actions::change(tx, id, version, &new).await?;
            find(tx.conn(), id).await
        })
    });
    Ok(shown(role.await?))
}

/// Deletes a role that nobody has.
#[utoipa::path(delete, path = "/roles/{id}", tag = "people",
    extensions(("x-permission" = json!("roles.edit"))), params(("id" = RoleId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_role(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<RoleId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move { actions::delete(tx, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(connection: &impl ConnectionTrait, id: RoleId) -> Result<Role> {
    let row = entity::Entity::find_by_id(id.0).one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found("role"))?;
    let people = held_role::Entity::find()
        .filter(held_role::Column::Role.eq(id.to_string()))
        .count(connection)
        .await?;
    role_in(row, people)
}

fn role_in(row: entity::Model, people: u64) -> Result<Role> {
    Ok(Role {
        key: RoleId(row.id).to_string(),
        id: Some(RoleId(row.id)),
        name: Some(row.name),
        description: row.description,
        grants: serde_json::from_str(&row.grants)?,
        people,
        version: row.version,
    })
}

fn shown(role: Role) -> impl IntoResponse {
    (etag(role.version), Json(role))
}

/// Routes of roles.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_roles, create_role))
        .routes(routes!(get_role_grid))
        .routes(routes!(change_role, delete_role))
}
