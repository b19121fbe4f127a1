//! Request keys: a POST with an `Idempotency-Key` happens at most once, because
//! its key row is written in the transaction of its effect.

use axum::http::StatusCode;
use sea_orm::{EntityTrait, Set};

use super::Tx;
use crate::{
    ctx::IdempotencyKey,
    entities::idempotency_key,
    error::{Error, Result},
};

/// The stored answer of an earlier request with this key.
pub(super) async fn find(tx: &Tx, key: &IdempotencyKey) -> Result<Option<String>> {
    let actor = tx.ctx().actor_id();
    let row = idempotency_key::Entity::find_by_id((actor, key.key.clone()))
        .one(tx.conn())
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.request_hash == key.request_hash => Ok(Some(row.response)),
        Some(_) => Err(Error::problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Use a new key.",
        )),
    }
}

/// Stores the answer with the effect.
pub(super) async fn keep(tx: &Tx, key: &IdempotencyKey, response: &str) -> Result<()> {
    let row = idempotency_key::ActiveModel {
        actor: Set(tx.ctx().actor_id()),
        key: Set(key.key.clone()),
        request_hash: Set(key.request_hash.clone()),
        status: Set(200),
        response: Set(response.to_owned()),
        created_at: Set(tx.ctx().now_micros()),
    };
    idempotency_key::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
