//! Tier changes, kept with their reasons.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::entity::{grade, history};
use crate::{
    db::{Tx, insert_all},
    error::Result,
};

/// How many ids one question names.
const IDS: usize = 10_000;

/// One change: what was shown, and the row that shows something else now.
pub(super) struct Move<'a> {
    pub from: &'a str,
    pub to: &'a grade::Model,
}

/// Appends changes of one run.
pub(super) async fn append(tx: &Tx, run_id: i64, moves: &[Move<'_>]) -> Result<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let mut last: HashMap<i64, i64> = HashMap::new();
    let ids: Vec<i64> = moves.iter().map(|change| change.to.customer_id).collect();
    for ids in ids.chunks(IDS) {
        let found: Vec<(i64, Option<i64>)> = history::Entity::find()
            .select_only()
            .column(history::Column::CustomerId)
            .column_as(history::Column::Seq.max(), "last")
            .filter(history::Column::CustomerId.is_in(ids.iter().copied()))
            .group_by(history::Column::CustomerId)
            .into_tuple()
            .all(tx.conn())
            .await?;
        last.extend(found.into_iter().map(|(id, seq)| (id, seq.unwrap_or(0))));
    }
    let rows = moves.iter().map(|Move { from, to }| history::ActiveModel {
        customer_id: Set(to.customer_id),
        seq: Set(last.get(&to.customer_id).copied().unwrap_or(0) + 1),
        as_of: Set(to.as_of.clone()),
        run_id: Set(run_id),
        tier_from: Set((*from).to_owned()),
        tier_to: Set(to.tier.clone()),
        cause: Set(to.tier_cause.clone()),
        rfm_group: Set(to.rfm_group.clone()),
        lifecycle: Set(to.lifecycle.clone()),
        abc: Set(to.abc.clone()),
        why: Set(to.why.clone()),
    });
    insert_all::<history::Entity, _>(tx.conn(), rows).await
}
