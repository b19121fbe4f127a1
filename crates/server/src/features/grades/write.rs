//! Writing back what a grading changed, a few thousand customers at a time.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::{
    entity::grade,
    history::{self, Move},
    kept::previous,
    plan::{Looks, Plan},
    seen::{self, One},
};
use crate::{
    db::{Tx, What, among, upsert_all},
    error::Result,
    features::tiers,
};

/// What one chunk, or all of them, did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Rows that say something else than before.
    pub changed: u64,
    /// Customers with another tier.
    pub moved: u64,
    /// Of these, those who rose.
    pub promoted: u64,
    /// Of these, those who fell.
    pub demoted: u64,
    /// Everybody looked at, by ascending ids.
    pub seen: Vec<One>,
}

impl Written {
    /// Adds what another chunk did.
    pub fn add(&mut self, other: Written) {
        self.changed += other.changed;
        self.moved += other.moved;
        self.promoted += other.promoted;
        self.demoted += other.demoted;
        self.seen.extend(other.seen);
    }
}

/// Grades customers by ascending ids. Rows and decisions are read inside the
/// transaction, so that nothing decided meanwhile is lost.
pub(super) async fn write(
    tx: &Tx,
    plan: &Plan,
    looks: &Looks,
    forget_since: Option<i64>,
    run_id: i64,
    ids: &[i64],
) -> Result<Written> {
    let mut written = Written::default();
    let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
        return Ok(written);
    };
    let before: HashMap<i64, grade::Model> = grade::Entity::find()
        .filter(among(
            tx.conn(),
            grade::Column::CustomerId,
            ids.iter().copied(),
        ))
        .order_by_asc(grade::Column::CustomerId)
        .lock_exclusive()
        .all(tx.conn())
        .await?
        .into_iter()
        .map(|row| (row.customer_id, row))
        .collect();
    let mut earlier = match forget_since {
        Some(at) => history::before(tx, first, last, at).await?,
        None => HashMap::new(),
    };
    let mut decided = tiers::decided_between(tx.conn(), first, last).await?;
    let mut rows = Vec::with_capacity(ids.len());
    let mut reasons = Vec::with_capacity(ids.len());
    for &id in ids {
        let known = before.get(&id);
        let previous = match earlier.remove(&id) {
            Some(earlier) => earlier,
            None => previous(known)?,
        };
        let decided = decided.remove(&id).unwrap_or_default();
        let (row, kept, outcome) = plan.grade(id, &previous, decided)?;
        let due = plan.due(&outcome, &kept.decided);
        written.seen.push(One {
            id,
            digest: looks.digest(id),
            due: due.map_or(seen::NEVER, seen::number),
        });
        if known != Some(&row) {
            rows.push(row);
            reasons.push(kept);
        }
    }
    let scheme = &plan.published.scheme;
    let mut moves = Vec::new();
    for (row, kept) in rows.iter().zip(&reasons) {
        let known = before.get(&row.customer_id);
        if known.is_none_or(|known| matters(known, row)) {
            tx.changed("grade", row.customer_id, What::Updated);
        }
        let from = known.map_or("", |known| known.tier.as_str());
        let first_time = known.is_none_or(|known| known.why.is_empty());
        // Everybody has the level that asks for nothing: no news at first sight.
        let no_news = first_time
            && scheme
                .level(&row.tier)
                .is_none_or(|level| level.thresholds.is_empty());
        if from == row.tier || no_news {
            continue;
        }
        moves.push(Move {
            from,
            to: row,
            kept,
            as_of: plan.as_of,
        });
        written.moved += 1;
        written.promoted += u64::from(scheme.rank(&row.tier) > scheme.rank(from));
        written.demoted += u64::from(scheme.rank(&row.tier) < scheme.rank(from));
    }
    history::append(tx, run_id, &moves).await?;
    written.changed = rows.len() as u64;
    upsert(tx, rows).await?;
    Ok(written)
}

/// Whether more than the reasons changed.
fn matters(before: &grade::Model, after: &grade::Model) -> bool {
    let same_but_for_reasons = grade::Model {
        why: after.why.clone(),
        ..before.clone()
    };
    same_but_for_reasons != *after
}

/// Puts rows in place of those that were there.
pub(super) async fn upsert(tx: &Tx, rows: Vec<grade::Model>) -> Result<()> {
    let values =
        grade::Column::iter().filter(|column| !matches!(column, grade::Column::CustomerId));
    let replace = OnConflict::column(grade::Column::CustomerId)
        .update_columns(values)
        .to_owned();
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    upsert_all::<grade::Entity, _>(tx.conn(), rows, replace).await
}
