//! Creating, changing and deactivating people.

use clientele_domain::{
    email::{self, EmailOutcome},
    id::UserId,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, SqlErr};
use serde_json::json;

use super::entity;
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::{session::entity::session, tokens::entity as token},
};

/// The only role there is now.
pub(super) const ADMINISTRATOR: &str = "administrator";

/// A person to create; the password is hashed already.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// How they sign in.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// From [`super::hash_password`].
    pub password_hash: String,
    /// `en` or `zh`.
    pub language: String,
}

/// Creates a person.
///
/// # Errors
/// `email_invalid`, `email_taken`, `name_missing`, `language_unknown`.
pub async fn create(tx: &Tx, new: &NewUser) -> Result<UserId> {
    let email = sign_in_address(&new.email)?;
    if new.name.trim().is_empty() {
        return Err(Error::invalid("name", "name_missing", "Enter a name."));
    }
    check_language(&new.language)?;
    let id = tx.ctx().next_id();
    let row = entity::ActiveModel {
        id: Set(id),
        email: Set(email),
        name: Set(new.name.trim().to_owned()),
        password_hash: Set(new.password_hash.clone()),
        role: Set(ADMINISTRATOR.to_owned()),
        language: Set(new.language.clone()),
        active: Set(true),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
    };
    row.insert(tx.conn())
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::invalid(
                "email",
                "email_taken",
                "Somebody already uses this e-mail address.",
            ),
            _ => error.into(),
        })?;
    tx.changed("user", id, What::Created);
    tx.audit("create", "user", id, json!({ "role": ADMINISTRATOR }));
    Ok(UserId(id))
}

/// What may change about a person; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub(super) struct UserChange {
    pub name: Option<String>,
    pub language: Option<String>,
    pub active: Option<bool>,
    pub password_hash: Option<String>,
}

/// Changes a person. A new password or a deactivation ends every session and
/// token of theirs in the same transaction.
pub(super) async fn change(tx: &Tx, id: UserId, version: i64, change: &UserChange) -> Result<()> {
    let row = super::by_id(tx.conn(), id)
        .await?
        .ok_or_else(|| Error::not_found("user"))?;
    if row.version != version {
        return Err(Error::stale());
    }
    if change.active == Some(false) && tx.ctx().actor_id() == id.0 {
        return Err(Error::conflict(
            "cannot_deactivate_self",
            "You cannot deactivate yourself. Ask another administrator.",
        ));
    }
    let mut update = entity::ActiveModel {
        version: Set(version + 1),
        ..Default::default()
    };
    if let Some(name) = &change.name {
        if name.trim().is_empty() {
            return Err(Error::invalid("name", "name_missing", "Enter a name."));
        }
        update.name = Set(name.trim().to_owned());
    }
    if let Some(language) = &change.language {
        check_language(language)?;
        update.language = Set(language.clone());
    }
    if let Some(active) = change.active {
        update.active = Set(active);
    }
    if let Some(hash) = &change.password_hash {
        update.password_hash = Set(hash.clone());
    }
    let outcome = entity::Entity::update_many()
        .set(update)
        .filter(entity::Column::Id.eq(id.0))
        .filter(entity::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    if change.password_hash.is_some() || change.active == Some(false) {
        end_access(tx, id).await?;
    }
    tx.changed("user", id.0, What::Updated);
    tx.audit(
        "update",
        "user",
        id.0,
        json!({
            "name": change.name.is_some(),
            "language": change.language,
            "active": change.active,
            "password": change.password_hash.is_some(),
        }),
    );
    Ok(())
}

fn check_language(language: &str) -> Result<()> {
    if ["en", "zh"].contains(&language) {
        Ok(())
    } else {
        Err(Error::invalid(
            "language",
            "language_unknown",
            "Choose en or zh.",
        ))
    }
}

/// Changes one's own language.
///
/// # Errors
/// `language_unknown`.
pub async fn set_language(tx: &Tx, id: UserId, language: String) -> Result<()> {
    check_language(&language)?;
    entity::Entity::update_many()
        .set(entity::ActiveModel {
            language: Set(language),
            ..Default::default()
        })
        .filter(entity::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.changed("user", id.0, What::Updated);
    Ok(())
}

/// Ends every session and every token of a person.
async fn end_access(tx: &Tx, id: UserId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    token::Entity::delete_many()
        .filter(token::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The address somebody signs in with. Unlike a customer's it may belong to a
/// role: `admin@` and `info@` are good names for an account.
fn sign_in_address(text: &str) -> Result<String> {
    let address = text.trim().to_lowercase();
    match email::normalize(text) {
        EmailOutcome::Valid(address) | EmailOutcome::Relay(address) => Ok(address),
        EmailOutcome::Placeholder if address.contains('@') => Ok(address),
        _ => Err(Error::invalid(
            "email",
            "email_invalid",
            "This is not an e-mail address.",
        )),
    }
}
