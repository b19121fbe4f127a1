//! Defining the chain's own roles.

use clientele_domain::{id::RoleId, text};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, SqlErr,
};
use serde_json::json;

use super::{
    entity,
    grants::{self, Grants, permissions},
};
use crate::{
    access::{Access, Scope},
    db::{Tx, What},
    error::{Error, Result},
    features::users::entity::held_role,
};

/// A role as somebody describes it.
#[derive(Clone, Debug)]
pub(super) struct NewRole {
    pub name: String,
    pub description: String,
    pub grants: Grants,
}

/// Creates a role.
pub(super) async fn create(tx: &Tx, new: &NewRole) -> Result<RoleId> {
    let new = checked(tx, new)?;
    let id = tx.ctx().next_id();
    let row = entity::ActiveModel {
        id: Set(id),
        name: Set(new.name.clone()),
        description: Set(new.description),
        grants: Set(serde_json::to_string(&new.grants)?),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
    };
    row.insert(tx.conn()).await.map_err(taken)?;
    tx.changed("role", id, What::Created);
    let detail = json!({ "name": new.name, "grants": new.grants });
    tx.audit("create", "role", id, detail);
    Ok(RoleId(id))
}

/// Changes a role over the version it was read at; whoever has it may something else at
/// once.
pub(super) async fn change(tx: &Tx, id: RoleId, version: i64, new: &NewRole) -> Result<()> {
    let new = checked(tx, new)?;
    let before = find(tx, id).await?;
    let grants_before: Grants = serde_json::from_str(&before.grants)?;
    refuse_beyond(tx, &grants_before)?;
    let outcome = entity::Entity::update_many()
        .set(entity::ActiveModel {
            name: Set(new.name.clone()),
            description: Set(new.description),
            grants: Set(serde_json::to_string(&new.grants)?),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(entity::Column::Id.eq(id.0))
        .filter(entity::Column::Version.eq(version))
        .exec(tx.conn())
        .await
        .map_err(taken)?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    tx.changed("role", id.0, What::Updated);
    let detail = json!({
        "before": { "name": before.name, "grants": grants_before },
        "after": { "name": new.name, "grants": new.grants },
    });
    tx.audit("update", "role", id.0, detail);
    tx.access_changed().await
}

/// Deletes a role that nobody has.
pub(super) async fn delete(tx: &Tx, id: RoleId) -> Result<()> {
    let row = find(tx, id).await?;
    let held = held_role::Entity::find().filter(held_role::Column::Role.eq(id.to_string()));
    if held.count(tx.conn()).await? > 0 {
        return Err(Error::conflict(
            "role_in_use",
            "Somebody still has this role. Give them another one first.",
        ));
    }
    entity::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    tx.changed("role", id.0, What::Deleted);
    tx.audit("delete", "role", id.0, json!({ "name": row.name }));
    Ok(())
}

async fn find(tx: &Tx, id: RoleId) -> Result<entity::Model> {
    let row = entity::Entity::find_by_id(id.0).one(tx.conn()).await?;
    row.ok_or_else(|| Error::not_found("role"))
}

fn checked(tx: &Tx, new: &NewRole) -> Result<NewRole> {
    let name = text::nfc(new.name.trim());
    if name.is_empty() {
        return Err(Error::invalid("name", "name_missing", "Enter a name."));
    }
    grants::check(&new.grants)?;
    refuse_beyond(tx, &new.grants)?;
    Ok(NewRole {
        name,
        description: text::nfc(new.description.trim()),
        grants: new.grants.clone(),
    })
}

/// A role reaches from the place of whoever has it, so it is given as if for everybody.
fn refuse_beyond(tx: &Tx, grants: &Grants) -> Result<()> {
    let mut access = Access::default();
    for (permission, _) in permissions(grants) {
        access.grant(permission, Scope::All);
    }
    tx.ctx().refuse_beyond_own(&access)
}

fn taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::invalid("name", "name_taken", "Another one has this name.")
        }
        _ => error.into(),
    }
}
