//! Reads of users.

use std::collections::{BTreeSet, HashMap, HashSet};

use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{self, held_role};
use crate::{db::Db, error::Result, features::session::entity::second_factor};

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

/// The roles of a person: keys of built-in ones and ids of own ones.
///
/// # Errors
/// When the book fails.
pub async fn roles_of(connection: &impl ConnectionTrait, id: UserId) -> Result<BTreeSet<String>> {
    let held = held_role::Entity::find()
        .filter(held_role::Column::UserId.eq(id.0))
        .all(connection)
        .await?;
    Ok(held.into_iter().map(|row| row.role).collect())
}

/// The roles of everybody.
pub(super) async fn roles_of_all(
    connection: &impl ConnectionTrait,
) -> Result<HashMap<i64, BTreeSet<String>>> {
    let mut roles: HashMap<i64, BTreeSet<String>> = HashMap::new();
    for row in held_role::Entity::find().all(connection).await? {
        roles.entry(row.user_id).or_default().insert(row.role);
    }
    Ok(roles)
}

/// Who signs in with a code, too.
pub(super) async fn with_second_factor(connection: &impl ConnectionTrait) -> Result<HashSet<i64>> {
    let factors = second_factor::Entity::find()
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .all(connection)
        .await?;
    Ok(factors.into_iter().map(|factor| factor.user_id).collect())
}

/// Everybody, oldest first.
pub(super) async fn list(db: &Db) -> Result<Vec<entity::Model>> {
    Ok(entity::Entity::find()
        .order_by_asc(entity::Column::Id)
        .all(db.read())
        .await?)
}
