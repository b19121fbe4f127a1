//! Tier changes, kept with their reasons.

use std::collections::HashMap;

use clientele_domain::{
    id::{EPOCH_2020_MS, compose},
    tier::Previous,
};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{
    entity::{grade, history},
    kept::Kept,
};
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
    /// Why, as of when.
    pub kept: &'a Kept,
    pub as_of: Date,
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
    let mut rows = Vec::with_capacity(moves.len());
    for change in moves {
        let Move { from, to, .. } = change;
        rows.push(history::ActiveModel {
            customer_id: Set(to.customer_id),
            seq: Set(last.get(&to.customer_id).copied().unwrap_or(0) + 1),
            as_of: Set(change.as_of.to_string()),
            run_id: Set(run_id),
            tier_from: Set((*from).to_owned()),
            tier_to: Set(to.tier.clone()),
            cause: Set(to.tier_cause.clone()),
            rfm_group: Set(to.rfm_group.clone()),
            lifecycle: Set(to.lifecycle.clone()),
            abc: Set(to.abc.clone()),
            why: Set(change.kept.text()?),
        });
    }
    insert_all::<history::Entity, _>(tx.conn(), rows).await
}

/// How things stood before an instant, for those customers in a span of ids who
/// have moved since.
pub(super) async fn before(
    tx: &Tx,
    first: i64,
    last: i64,
    at_micros: i64,
) -> Result<HashMap<i64, Previous>> {
    // Runs are named by ids, and ids carry their time.
    let ms = u64::try_from(at_micros / 1_000)
        .unwrap_or(0)
        .saturating_sub(EPOCH_2020_MS);
    let since = compose(ms, 0);
    let rows = history::Entity::find()
        .filter(history::Column::CustomerId.between(first, last))
        .order_by_asc(history::Column::CustomerId)
        .order_by_asc(history::Column::Seq)
        .all(tx.conn())
        .await?;
    let mut moved = HashMap::new();
    for own in rows.chunk_by(|a, b| a.customer_id == b.customer_id) {
        let earlier = own.iter().take_while(|row| row.run_id < since).last();
        if own.last().is_some_and(|row| row.run_id >= since) {
            let previous = earlier.map_or_else(|| Ok(Previous::default()), previous_of)?;
            moved.insert(own[0].customer_id, previous);
        }
    }
    Ok(moved)
}

fn previous_of(row: &history::Model) -> Result<Previous> {
    Ok(Previous {
        tier: row.tier_to.clone(),
        since: row.as_of.parse().ok(),
        earned: Kept::of(&row.why)?.map(|kept| kept.earned),
    })
}
