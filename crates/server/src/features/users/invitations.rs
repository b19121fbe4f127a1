//! Links by which people choose their own password: a secret that is shown once, kept as
//! a hash, and gone when it was used, replaced or has grown old.

use std::collections::HashMap;

use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use serde_json::json;

use super::{
    access, actions,
    entity::{self, invitation},
};
use crate::{
    ctx::secret_hash,
    db::{Tx, What},
    error::{Error, Result},
};

/// How long a link leads in.
const DAYS: i64 = 7;

/// Makes a new link for a person; the one before leads nowhere from now on. Answers until
/// when, in microseconds.
///
/// # Errors
/// `not_found`, `beyond_own_rights`, `user_inactive`.
pub(super) async fn invite(tx: &Tx, id: UserId, secret: &str) -> Result<i64> {
    let row = super::by_id(tx.conn(), id)
        .await?
        .ok_or_else(|| Error::not_found("user"))?;
    let access = access::access_of(tx.conn(), &row).await?;
    tx.ctx().refuse_beyond_own(&access)?;
    if !row.active {
        let detail = "This person may not sign in. Let them first.";
        return Err(Error::conflict("user_inactive", detail));
    }
    let now = tx.ctx().now_micros();
    let expires_at = now + DAYS * 24 * 3_600 * 1_000_000;
    let link = invitation::ActiveModel {
        user_id: Set(id.0),
        token_hash: Set(secret_hash(secret)),
        expires_at: Set(expires_at),
        created_at: Set(now),
    };
    let columns = [
        invitation::Column::TokenHash,
        invitation::Column::ExpiresAt,
        invitation::Column::CreatedAt,
    ];
    let newest = OnConflict::column(invitation::Column::UserId)
        .update_columns(columns)
        .to_owned();
    invitation::Entity::insert(link)
        .on_conflict(newest)
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("user", id.0, What::Updated);
    tx.audit("invite", "user", id.0, json!({ "days": DAYS }));
    Ok(expires_at)
}

/// Until when links lead in, by person.
pub(super) async fn pending(
    connection: &impl ConnectionTrait,
    now: i64,
) -> Result<HashMap<i64, i64>> {
    let links = invitation::Entity::find()
        .filter(invitation::Column::ExpiresAt.gt(now))
        .all(connection)
        .await?;
    Ok(links
        .into_iter()
        .map(|link| (link.user_id, link.expires_at))
        .collect())
}

/// The person whom a link invites.
///
/// # Errors
/// `invitation_over` for a link that was used, replaced, has grown old or never was.
pub async fn invited(
    connection: &impl ConnectionTrait,
    secret: &str,
    now: i64,
) -> Result<entity::Model> {
    let link = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(secret_hash(secret)))
        .filter(invitation::Column::ExpiresAt.gt(now))
        .one(connection)
        .await?;
    let user = match link {
        Some(link) => super::by_id(connection, UserId(link.user_id)).await?,
        None => None,
    };
    user.filter(|user| user.active).ok_or_else(|| {
        let detail = "This link leads nowhere any more. Ask for a new one.";
        Error::conflict("invitation_over", detail)
    })
}

/// Takes the password that somebody has chosen over their link, which is used up then.
/// Whatever they were signed in with before ends.
///
/// # Errors
/// `invitation_over`.
pub async fn join(tx: &Tx, secret: &str, password_hash: &str) -> Result<()> {
    let user = invited(tx.conn(), secret, tx.ctx().now_micros()).await?;
    tx.audit("join", "user", user.id, json!({}));
    actions::set_password(tx, UserId(user.id), password_hash).await
}
