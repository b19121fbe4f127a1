//! What people may do: the roles every chain has, and those of its own. Table: `roles`.
//! Invariants: a role grants only what there is; nobody defines or gives a role that may
//! more than they may themselves.

mod actions;
mod api;
pub mod entity;
mod grants;

use clientele_domain::id::RoleId;
use sea_orm::{ConnectionTrait, EntityTrait};

pub use self::{
    api::routes,
    grants::{ADMINISTRATOR, Grants, permissions},
};
use crate::error::Result;

/// What a role grants: by the key of a built-in one or the id of an own one; none when
/// there is no such role.
///
/// # Errors
/// When the book fails.
pub async fn grants_of(connection: &impl ConnectionTrait, role: &str) -> Result<Option<Grants>> {
    if let Some((_, grants)) = grants::built_in().find(|(key, _)| *key == role) {
        return Ok(Some(grants));
    }
    let Ok(id) = role.parse::<RoleId>() else {
        return Ok(None);
    };
    match entity::Entity::find_by_id(id.0).one(connection).await? {
        Some(row) => Ok(Some(serde_json::from_str(&row.grants)?)),
        None => Ok(None),
    }
}
