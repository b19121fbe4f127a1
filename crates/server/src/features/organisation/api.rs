//! The organisation over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{TeamId, UnitId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewUnit},
    entity::{team, unit},
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    http::{IfMatch, JsonBody, List, UrlPath, etag},
};

/// A region, country or area.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct OrgUnit {
    id: UnitId,
    /// The unit above; none is the chain itself.
    parent_id: Option<UnitId>,
    /// `region`, `country` or `area`.
    kind: String,
    name: String,
    /// The version for `If-Match`.
    version: i64,
}

impl From<unit::Model> for OrgUnit {
    fn from(row: unit::Model) -> Self {
        OrgUnit {
            id: UnitId(row.id),
            parent_id: row.parent_id.map(UnitId),
            kind: row.kind,
            name: row.name,
            version: row.version,
        }
    }
}

/// What a unit shall be.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitInput {
    /// The unit above; none is the chain itself.
    parent_id: Option<UnitId>,
    /// `region`, `country` or `area`.
    kind: String,
    name: String,
}

impl From<UnitInput> for NewUnit {
    fn from(input: UnitInput) -> Self {
        NewUnit {
            parent_id: input.parent_id,
            kind: input.kind,
            name: input.name,
        }
    }
}

/// People who work together, wherever they are.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct Team {
    id: TeamId,
    name: String,
    /// The version for `If-Match`.
    version: i64,
}

impl From<team::Model> for Team {
    fn from(row: team::Model) -> Self {
        Team {
            id: TeamId(row.id),
            name: row.name,
            version: row.version,
        }
    }
}

#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamInput {
    name: String,
}

/// Lists all units of the organisation; `parent_id` makes them a tree.
#[utoipa::path(get, path = "/units", tag = "organisation",
    extensions(("x-permission" = json!("stores.see"))),
    responses((status = 200, body = List<OrgUnit>)))]
async fn list_units(State(app): State<App>) -> Result<Json<List<OrgUnit>>> {
    let rows = unit::Entity::find()
        .order_by_asc(unit::Column::Name)
        .order_by_asc(unit::Column::Id)
        .all(app.db.read())
        .await?;
    let units: Vec<OrgUnit> = rows.into_iter().map(OrgUnit::from).collect();
    Ok(Json(List::whole(units)))
}

/// Creates a unit.
#[utoipa::path(post, path = "/units", tag = "organisation",
    extensions(("x-permission" = json!("stores.create"))), request_body = UnitInput,
    responses((status = 201, body = OrgUnit), (status = 422, body = Problem)))]
async fn create_unit(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<UnitInput>,
) -> Result<impl IntoResponse> {
    let new = NewUnit::from(body);
    let unit = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::create_unit(tx, &new).await?;
            unit_of(tx.conn(), id).await
        })
    });
    Ok((StatusCode::CREATED, shown(unit.await?)))
}

/// Replaces what is said about a unit; all below it moves with it.
#[utoipa::path(put, path = "/units/{id}", tag = "organisation",
    extensions(("x-permission" = json!("stores.edit"))), request_body = UnitInput,
    params(("id" = UnitId, Path)),
    responses((status = 200, body = OrgUnit), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_unit(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UnitId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<UnitInput>,
) -> Result<impl IntoResponse> {
    let new = NewUnit::from(body);
    let unit = app.db.write(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            actions::change_unit(tx, id, version, &new).await?;
            unit_of(tx.conn(), id).await
        })
    });
    Ok(shown(unit.await?))
}

/// Deletes a unit that nothing belongs to.
#[utoipa::path(delete, path = "/units/{id}", tag = "organisation",
    extensions(("x-permission" = json!("stores.edit"))), params(("id" = UnitId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_unit(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<UnitId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move { actions::delete_unit(tx, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unit_of(connection: &impl ConnectionTrait, id: UnitId) -> Result<OrgUnit> {
    let row = unit::Entity::find_by_id(id.0).one(connection).await?;
    Ok(row.ok_or_else(|| Error::not_found("unit"))?.into())
}

fn shown(unit: OrgUnit) -> impl IntoResponse {
    (etag(unit.version), Json(unit))
}

/// Lists all teams.
#[utoipa::path(get, path = "/teams", tag = "organisation",
    extensions(("x-permission" = json!("people.see"))),
    responses((status = 200, body = List<Team>)))]
async fn list_teams(State(app): State<App>) -> Result<Json<List<Team>>> {
    let rows = team::Entity::find()
        .order_by_asc(team::Column::Name)
        .all(app.db.read())
        .await?;
    let teams: Vec<Team> = rows.into_iter().map(Team::from).collect();
    Ok(Json(List::whole(teams)))
}

/// Creates a team.
#[utoipa::path(post, path = "/teams", tag = "organisation",
    extensions(("x-permission" = json!("people.edit"))), request_body = TeamInput,
    responses((status = 201, body = Team), (status = 422, body = Problem)))]
async fn create_team(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<TeamInput>,
) -> Result<impl IntoResponse> {
    let team = app.db.post(&ctx, move |tx| {
        let body = body.clone();
        Box::pin(async move {
            let id = actions::create_team(tx, &body.name).await?;
            team_of(tx.conn(), id).await
        })
    });
    let team = team.await?;
    Ok((StatusCode::CREATED, etag(team.version), Json(team)))
}

/// Renames a team.
#[utoipa::path(put, path = "/teams/{id}", tag = "organisation",
    extensions(("x-permission" = json!("people.edit"))), request_body = TeamInput,
    params(("id" = TeamId, Path)),
    responses((status = 200, body = Team), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_team(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<TeamId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<TeamInput>,
) -> Result<impl IntoResponse> {
    let team = app.db.write(&ctx, move |tx| {
        let body = body.clone();
        Box::pin(async move {
            actions::change_team(tx, id, version, &body.name).await?;
            team_of(tx.conn(), id).await
        })
    });
    let team = team.await?;
    Ok((etag(team.version), Json(team)))
}

/// Deletes a team that nobody is in.
#[utoipa::path(delete, path = "/teams/{id}", tag = "organisation",
    extensions(("x-permission" = json!("people.edit"))), params(("id" = TeamId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_team(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<TeamId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move { actions::delete_team(tx, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn team_of(connection: &impl ConnectionTrait, id: TeamId) -> Result<Team> {
    let row = team::Entity::find_by_id(id.0).one(connection).await?;
    Ok(row.ok_or_else(|| Error::not_found("team"))?.into())
}

/// Routes of the organisation.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_units, create_unit))
        .routes(routes!(change_unit, delete_unit))
        .routes(routes!(list_teams, create_team))
        .routes(routes!(change_team, delete_team))
}
