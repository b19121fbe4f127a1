//! One customer becomes two again, in whatever order merges are taken apart.
//!
//! The active merges form a forest. Taking the edge loser → winner out leaves
//! the loser the root of everything that was merged into it before, and that is
//! where those records, their keys and their orders point again, orders that
//! arrived in between included. A filled field goes empty again unless somebody
//! has edited it since, also where a later merge had passed it on; another
//! record of the customer that knows the value then fills it.

use std::collections::BTreeSet;

use clientele_domain::{
    id::{CustomerId, MergeId},
    survivorship::fields_to_fill,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, sea_query::Expr,
};
use serde_json::json;

use super::{
    entity::{customer, merge},
    fields,
    merging::{Filled, OverrideTaken, golden, repoint},
};
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::tiers::entity::tier_override,
};

/// Takes a merge apart; the two are not joined again without a person.
///
/// # Errors
/// `not_found`, or `merge_already_undone`.
pub async fn unmerge(tx: &Tx, id: MergeId) -> Result<()> {
    let row = dissolve(tx, id).await?;
    let detail = json!({ "loser": CustomerId(row.loser_id), "merge": id });
    tx.audit("unmerge", "customer", row.winner_id, detail);
    Ok(())
}

/// Takes a merge apart as if it had never been, for the undoing of the import
/// that caused it.
///
/// # Errors
/// `not_found`, or `merge_already_undone`.
pub async fn take_back(tx: &Tx, id: MergeId) -> Result<()> {
    dissolve(tx, id).await?;
    merge::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    Ok(())
}

async fn dissolve(tx: &Tx, id: MergeId) -> Result<merge::Model> {
    let row = merge::Entity::find_by_id(id.0)
        .one(tx.conn())
        .await?
        .ok_or_else(|| Error::not_found("merge"))?;
    if row.undone_at.is_some() {
        let detail = "This merge was taken apart already.";
        return Err(Error::conflict("merge_already_undone", detail));
    }
    merge::Entity::update_many()
        .col_expr(merge::Column::UndoneAt, Expr::value(tx.ctx().now_micros()))
        .filter(merge::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let records = merged_into(tx.conn(), row.loser_id).await?;
    repoint(tx, &records, row.loser_id).await?;
    let filled: Filled = serde_json::from_str(&row.filled)?;
    empty_again(tx, &row, &filled).await?;
    if let Some(taken) = &filled.tier_override {
        give_override_back(tx, row.winner_id, taken).await?;
    }
    let customer = golden(tx.conn(), CustomerId(row.winner_id)).await?;
    tx.changed("customer", customer.id, What::Updated);
    Ok(row)
}

/// A record and everything that active merges put under it.
pub(super) async fn merged_into(
    connection: &impl ConnectionTrait,
    record: i64,
) -> Result<Vec<i64>> {
    let mut all = vec![record];
    let mut fresh = vec![record];
    while !fresh.is_empty() {
        let mut next = Vec::new();
        for chunk in fresh.chunks(1_000) {
            let below = merge::Entity::find()
                .filter(merge::Column::WinnerId.is_in(chunk.iter().copied()))
                .filter(merge::Column::UndoneAt.is_null())
                .all(connection)
                .await?;
            next.extend(below.into_iter().map(|row| row.loser_id));
        }
        all.extend_from_slice(&next);
        fresh = next;
    }
    Ok(all)
}

/// Empties what the merge had filled, up along the merges that passed it on.
async fn empty_again(tx: &Tx, undone: &merge::Model, filled: &Filled) -> Result<()> {
    let mut above = Some((undone.clone(), filled.clone()));
    let mut wanted: Option<BTreeSet<String>> = None;
    while let Some((merge_row, mut filled)) = above.take() {
        let mut winner = record(tx, merge_row.winner_id).await?;
        let mut emptied = BTreeSet::new();
        for (field, value) in std::mem::take(&mut filled.fields) {
            let concerned = wanted.as_ref().is_none_or(|wanted| wanted.contains(&field));
            if concerned && fields::is_known(&field) && fields::get(&winner, &field) == value {
                fields::set(&mut winner, &field, String::new());
                emptied.insert(field);
            } else if !concerned {
                filled.fields.insert(field, value);
            }
        }
        if merge_row.id != undone.id {
            note(tx, merge_row.id, &filled).await?;
        }
        if emptied.is_empty() {
            return Ok(());
        }
        fields::save(tx, &winner).await?;
        refill(tx, &mut winner, &emptied).await?;
        above = active_above(tx, merge_row.winner_id).await?;
        wanted = Some(emptied);
    }
    Ok(())
}

/// Fills emptied fields from the records still merged into this one, the
/// earliest merge first.
async fn refill(tx: &Tx, winner: &mut customer::Model, emptied: &BTreeSet<String>) -> Result<()> {
    let below = merge::Entity::find()
        .filter(merge::Column::WinnerId.eq(winner.id))
        .filter(merge::Column::UndoneAt.is_null())
        .order_by_asc(merge::Column::At)
        .order_by_asc(merge::Column::Id)
        .all(tx.conn())
        .await?;
    for row in below {
        let loser = record(tx, row.loser_id).await?;
        let names = fields_to_fill(
            |field| fields::get(winner, field),
            |field| fields::get(&loser, field),
        );
        let names: Vec<_> = names
            .into_iter()
            .filter(|&name| emptied.contains(name))
            .collect();
        if names.is_empty() {
            continue;
        }
        let mut filled: Filled = serde_json::from_str(&row.filled)?;
        for field in names {
            let value = fields::get(&loser, field);
            fields::set(winner, field, value.clone());
            filled.fields.insert(field.to_owned(), value);
        }
        note(tx, row.id, &filled).await?;
        fields::save(tx, winner).await?;
    }
    Ok(())
}

/// The active merge that put a record under another one.
async fn active_above(tx: &Tx, loser: i64) -> Result<Option<(merge::Model, Filled)>> {
    let row = merge::Entity::find()
        .filter(merge::Column::LoserId.eq(loser))
        .filter(merge::Column::UndoneAt.is_null())
        .one(tx.conn())
        .await?;
    row.map(|row| {
        let filled = serde_json::from_str(&row.filled)?;
        Ok((row, filled))
    })
    .transpose()
}

async fn note(tx: &Tx, merge_id: i64, filled: &Filled) -> Result<()> {
    merge::Entity::update_many()
        .set(merge::ActiveModel {
            filled: Set(serde_json::to_string(filled)?),
            ..Default::default()
        })
        .filter(merge::Column::Id.eq(merge_id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn record(tx: &Tx, id: i64) -> Result<customer::Model> {
    customer::Entity::find_by_id(id)
        .one(tx.conn())
        .await?
        .ok_or_else(|| Error::not_found("customer"))
}

/// Removes the copy the winner got, unless somebody has changed it since.
async fn give_override_back(tx: &Tx, winner: i64, taken: &OverrideTaken) -> Result<()> {
    tier_override::Entity::delete_many()
        .filter(tier_override::Column::CustomerId.eq(winner))
        .filter(tier_override::Column::Version.eq(1))
        .filter(tier_override::Column::ManualTier.eq(&taken.manual_tier))
        .filter(tier_override::Column::ManualUntil.eq(&taken.manual_until))
        .filter(tier_override::Column::FloorTier.eq(&taken.floor_tier))
        .exec(tx.conn())
        .await?;
    Ok(())
}
