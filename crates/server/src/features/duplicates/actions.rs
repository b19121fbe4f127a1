//! What people decide about a pair.

use clientele_domain::id::{CustomerId, JobId, MergeId, PairId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Value, json};

use super::{
    entity::pair,
    store::{self, State},
};
use crate::{
    db::{Tx, What},
    entities::job,
    error::{Error, Result},
    features::{
        customers::{self, Cause},
        grades,
    },
    jobs::{self, JobKind},
};

/// Makes the two of a pair one customer.
///
/// # Errors
/// `not_found`, `winner_unknown`, or `already_one_customer`.
pub(super) async fn merge(tx: &Tx, id: PairId, winner: CustomerId) -> Result<MergeId> {
    let row = store::by_id(tx.conn(), id).await?;
    let loser = match store::sides(&row) {
        [left, right] if winner == left => right,
        [left, right] if winner == right => left,
        _ => {
            let detail = "The winner is one of the two customers of the pair.";
            return Err(Error::invalid("winner_id", "winner_unknown", detail));
        }
    };
    let evidence: Value = serde_json::from_str(&row.evidence)?;
    let merge = customers::merge(tx, winner, loser, Cause::Pair, &evidence, None).await?;
    decide(tx, &row, "open").await?;
    grades::enqueue_if_idle(tx).await?;
    Ok(merge)
}

/// Says that the two are two; no scan asks again.
///
/// # Errors
/// `not_found`, or `pair_merged`.
pub(super) async fn dismiss(tx: &Tx, id: PairId) -> Result<()> {
    let row = store::by_id(tx.conn(), id).await?;
    if store::state_of(tx.conn(), &row).await? == State::Merged {
        let detail = "These two are one customer now. Undo the merge first.";
        return Err(Error::conflict("pair_merged", detail));
    }
    decide(tx, &row, "dismissed").await?;
    tx.audit("dismiss", "pair", row.id, json!({}));
    Ok(())
}

async fn decide(tx: &Tx, row: &pair::Model, state: &str) -> Result<()> {
    pair::Entity::update_many()
        .set(pair::ActiveModel {
            state: Set(state.to_owned()),
            decided_at: Set(Some(tx.ctx().now_micros())),
            decided_by: Set(Some(tx.ctx().actor_id())),
            ..Default::default()
        })
        .filter(pair::Column::Id.eq(row.id))
        .exec(tx.conn())
        .await?;
    tx.changed("pair", row.id, What::Updated);
    Ok(())
}

/// Enqueues a scan, unless one waits or runs already.
///
/// # Errors
/// When the book fails.
pub(super) async fn scan(tx: &Tx) -> Result<JobId> {
    let under_way = job::Entity::find()
        .filter(job::Column::Kind.eq(JobKind::FindDuplicates.as_str()))
        .filter(job::Column::State.is_in(["queued", "running"]))
        .order_by_desc(job::Column::Id)
        .limit(1)
        .one(tx.conn())
        .await?;
    match under_way {
        Some(row) => Ok(JobId(row.id)),
        None => jobs::enqueue(tx, JobKind::FindDuplicates, &json!({})).await,
    }
}
