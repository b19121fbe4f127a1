//! Changing the organisation.

use clientele_domain::{
    id::{TeamId, UnitId},
    text,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, SqlErr,
};
use serde_json::json;

use super::{
    entity::{team, unit},
    tree::{check_unit, with_below},
};
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::{stores::entity::store, users::entity as user},
};

/// What a unit may be.
const KINDS: [&str; 3] = ["region", "country", "area"];

/// A unit as somebody describes it.
#[derive(Clone, Debug)]
pub(super) struct NewUnit {
    pub parent_id: Option<UnitId>,
    pub kind: String,
    pub name: String,
}

/// Creates a unit.
pub(super) async fn create_unit(tx: &Tx, new: &NewUnit) -> Result<UnitId> {
    let new = checked(tx, new).await?;
    let id = tx.ctx().next_id();
    let row = unit::ActiveModel {
        id: Set(id),
        parent_id: Set(new.parent_id.map(|parent| parent.0)),
        kind: Set(new.kind),
        name: Set(new.name.clone()),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
    };
    row.insert(tx.conn()).await?;
    tx.changed("unit", id, What::Created);
    tx.audit("create", "unit", id, json!({ "name": new.name }));
    Ok(UnitId(id))
}

/// Changes a unit over the version it was read at; what is below it moves with it.
pub(super) async fn change_unit(tx: &Tx, id: UnitId, version: i64, new: &NewUnit) -> Result<()> {
    let new = checked(tx, new).await?;
    if let Some(parent) = new.parent_id
        && with_below(tx.conn(), id.0).await?.contains(&parent.0)
    {
        let detail = "A part of the organisation cannot lie below itself.";
        return Err(Error::invalid("parent_id", "unit_circle", detail));
    }
    let before = find_unit(tx, id).await?;
    let outcome = unit::Entity::update_many()
        .set(unit::ActiveModel {
            parent_id: Set(new.parent_id.map(|parent| parent.0)),
            kind: Set(new.kind),
            name: Set(new.name.clone()),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(unit::Column::Id.eq(id.0))
        .filter(unit::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    let parent = |id: Option<i64>| id.map(|id| UnitId(id).to_string());
    let detail = json!({
        "before": { "name": before.name, "parent_id": parent(before.parent_id) },
        "after": { "name": new.name, "parent_id": new.parent_id },
    });
    tx.changed("unit", id.0, What::Updated);
    tx.audit("update", "unit", id.0, detail);
    tx.access_changed().await
}

/// Deletes a unit that nothing belongs to.
pub(super) async fn delete_unit(tx: &Tx, id: UnitId) -> Result<()> {
    let row = find_unit(tx, id).await?;
    let units = unit::Entity::find().filter(unit::Column::ParentId.eq(id.0));
    let stores = store::Entity::find().filter(store::Column::UnitId.eq(id.0));
    let people = user::Entity::find().filter(user::Column::UnitId.eq(id.0));
    let used = units.count(tx.conn()).await?
        + stores.count(tx.conn()).await?
        + people.count(tx.conn()).await?;
    if used > 0 {
        return Err(Error::conflict(
            "unit_in_use",
            "Something still belongs here. Move its parts, stores and people first.",
        ));
    }
    unit::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    tx.changed("unit", id.0, What::Deleted);
    tx.audit("delete", "unit", id.0, json!({ "name": row.name }));
    Ok(())
}

async fn find_unit(tx: &Tx, id: UnitId) -> Result<unit::Model> {
    let row = unit::Entity::find_by_id(id.0).one(tx.conn()).await?;
    row.ok_or_else(|| Error::not_found("unit"))
}

async fn checked(tx: &Tx, new: &NewUnit) -> Result<NewUnit> {
    if !KINDS.contains(&new.kind.as_str()) {
        let detail = "Choose region, country or area.";
        return Err(Error::invalid("kind", "unit_kind_unknown", detail));
    }
    check_unit(tx.conn(), "parent_id", new.parent_id).await?;
    Ok(NewUnit {
        name: named(&new.name)?,
        ..new.clone()
    })
}

fn named(name: &str) -> Result<String> {
    match text::nfc(name.trim()) {
        name if name.is_empty() => Err(Error::invalid("name", "name_missing", "Enter a name.")),
        name => Ok(name),
    }
}

/// Creates a team.
pub(super) async fn create_team(tx: &Tx, name: &str) -> Result<TeamId> {
    let name = named(name)?;
    let id = tx.ctx().next_id();
    let row = team::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
    };
    row.insert(tx.conn()).await.map_err(taken)?;
    tx.changed("team", id, What::Created);
    tx.audit("create", "team", id, json!({ "name": name }));
    Ok(TeamId(id))
}

/// Renames a team over the version it was read at.
pub(super) async fn change_team(tx: &Tx, id: TeamId, version: i64, name: &str) -> Result<()> {
    let name = named(name)?;
    let before = find_team(tx, id).await?;
    let outcome = team::Entity::update_many()
        .set(team::ActiveModel {
            name: Set(name.clone()),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(team::Column::Id.eq(id.0))
        .filter(team::Column::Version.eq(version))
        .exec(tx.conn())
        .await
        .map_err(taken)?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    tx.changed("team", id.0, What::Updated);
    tx.audit(
        "update",
        "team",
        id.0,
        json!({ "before": before.name, "after": name }),
    );
    Ok(())
}

/// Deletes a team that nobody is in.
pub(super) async fn delete_team(tx: &Tx, id: TeamId) -> Result<()> {
    let row = find_team(tx, id).await?;
    let people = user::Entity::find().filter(user::Column::TeamId.eq(id.0));
    if people.count(tx.conn()).await? > 0 {
        return Err(Error::conflict(
            "team_in_use",
            "Somebody is still in this team. Move them first.",
        ));
    }
    team::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    tx.changed("team", id.0, What::Deleted);
    tx.audit("delete", "team", id.0, json!({ "name": row.name }));
    Ok(())
}

async fn find_team(tx: &Tx, id: TeamId) -> Result<team::Model> {
    let row = team::Entity::find_by_id(id.0).one(tx.conn()).await?;
    row.ok_or_else(|| Error::not_found("team"))
}

fn taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::invalid("name", "name_taken", "Another one has this name.")
        }
        _ => error.into(),
    }
}
