//! Reads of users.

use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity;
use crate::{db::Db, error::Result};

/// Whether anybody can sign in at all; false means the first run.
///
/// # Errors
/// When the book fails.
pub async fn any_exists(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(entity::Entity::find()
        .limit(1)
        .one(connection)
        .await?
        .is_some())
}

/// The person with an e-mail address, active or not.
///
/// # Errors
/// When the book fails.
pub async fn by_email(db: &Db, email: &str) -> Result<Option<entity::Model>> {
    let email = email.trim().to_lowercase();
    Ok(entity::Entity::find()
        .filter(entity::Column::Email.eq(email))
        .one(db.read())
        .await?)
}

/// One person.
///
/// # Errors
/// When the book fails.
pub async fn by_id(connection: &impl ConnectionTrait, id: UserId) -> Result<Option<entity::Model>> {
    Ok(entity::Entity::find_by_id(id.0).one(connection).await?)
}

/// Everybody, oldest first.
pub(super) async fn list(db: &Db) -> Result<Vec<entity::Model>> {
    Ok(entity::Entity::find()
        .order_by_asc(entity::Column::Id)
        .all(db.read())
        .await?)
}
