//! Two customers become one.
//!
//! Nothing is copied away: the loser's records, keys and orders point to the
//! winner from now on, and each keeps the record it came with, which is what
//! takes everything apart again (see `unmerging.rs`). What the winner did not
//! know is filled in and noted down. Grades stay with their records until the
//! next grading.

use std::collections::BTreeMap;

use clientele_domain::{
    id::{CustomerId, MergeId},
    survivorship::fields_to_fill,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    entity::{customer, identifier, merge},
    fields,
};
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::{orders::entity::order, tiers::entity::tier_override},
};

/// Why two customers were made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// They share a strong key.
    Key,
    /// A likely pair, accepted by a person or beyond doubt.
    Pair,
    /// A person said so.
    Person,
}

impl Cause {
    /// The word in the book.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Key => "key",
            Cause::Pair => "pair",
            Cause::Person => "person",
        }
    }
}

/// What a merge changed beyond pointing, to take it back exactly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Filled {
    /// The winner's fields that were empty, and what they got.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The manual grade or floor the winner took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_override: Option<OverrideTaken>,
}

/// A manual grade or floor as it was copied to the winner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OverrideTaken {
    pub manual_tier: String,
    pub manual_until: String,
    pub floor_tier: String,
}

/// Makes two customers one. Records of either may be named: their customers are
/// meant.
///
/// # Errors
/// `not_found`, or `already_one_customer`.
pub async fn merge(
    tx: &Tx,
    winner: CustomerId,
    loser: CustomerId,
    cause: Cause,
    evidence: &Value,
    import_id: Option<i64>,
) -> Result<MergeId> {
    let mut winner = golden(tx.conn(), winner).await?;
    let loser = golden(tx.conn(), loser).await?;
    if winner.id == loser.id {
        let detail = "These records are one customer already.";
        return Err(Error::conflict("already_one_customer", detail));
    }
    let moved: Vec<i64> = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(customer::Column::GoldenId.eq(loser.id))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let filled = Filled {
        fields: fill(tx, &mut winner, &loser).await?,
        tier_override: take_override(tx, winner.id, loser.id).await?,
    };
    repoint(tx, &moved, winner.id).await?;
    let id = tx.ctx().next_id();
    let row = merge::ActiveModel {
        id: Set(id),
        winner_id: Set(winner.id),
        loser_id: Set(loser.id),
        cause: Set(cause.as_str().to_owned()),
        evidence: Set(evidence.to_string()),
        filled: Set(serde_json::to_string(&filled)?),
        actor: Set(tx.ctx().actor_id()),
        at: Set(tx.ctx().now_micros()),
        undone_at: Set(None),
        import_id: Set(import_id),
    };
    merge::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("customer", winner.id, What::Updated);
    let merge = MergeId(id);
    let detail = json!({ "loser": CustomerId(loser.id), "merge": merge, "cause": cause.as_str() });
    tx.audit("merge", "customer", winner.id, detail);
    Ok(merge)
}

/// Whether somebody took a merge of these two apart and nobody put them together
/// again: no rule may then join them without a person.
///
/// # Errors
/// When the book fails.
pub async fn kept_apart(
    connection: &impl ConnectionTrait,
    one: CustomerId,
    other: CustomerId,
) -> Result<bool> {
    let either_way = Condition::any()
        .add(
            merge::Column::WinnerId
                .eq(one.0)
                .and(merge::Column::LoserId.eq(other.0)),
        )
        .add(
            merge::Column::WinnerId
                .eq(other.0)
                .and(merge::Column::LoserId.eq(one.0)),
        );
    let undone = merge::Entity::find()
        .filter(either_way)
        .filter(merge::Column::UndoneAt.is_not_null())
        .one(connection)
        .await?;
    Ok(undone.is_some())
}

/// The customer a record belongs to.
pub(super) async fn golden(
    connection: &impl ConnectionTrait,
    record: CustomerId,
) -> Result<customer::Model> {
    let missing = || Error::not_found("customer");
    let row = customer::Entity::find_by_id(record.0)
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    if row.golden_id == row.id {
        return Ok(row);
    }
    customer::Entity::find_by_id(row.golden_id)
        .one(connection)
        .await?
        .ok_or_else(missing)
}

/// Points records, their keys and their orders to a customer.
pub(super) async fn repoint(tx: &Tx, records: &[i64], customer_id: i64) -> Result<()> {
    for chunk in records.chunks(1_000) {
        let ids = || chunk.iter().copied();
        let to = || Expr::value(customer_id);
        customer::Entity::update_many()
            .col_expr(customer::Column::GoldenId, to())
            .filter(customer::Column::Id.is_in(ids()))
            .exec(tx.conn())
            .await?;
        identifier::Entity::update_many()
            .col_expr(identifier::Column::CustomerId, to())
            .filter(identifier::Column::RecordId.is_in(ids()))
            .exec(tx.conn())
            .await?;
        let orders: Vec<i64> = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .filter(order::Column::RecordId.is_in(ids()))
            .into_tuple()
            .all(tx.conn())
            .await?;
        order::Entity::update_many()
            .col_expr(order::Column::CustomerId, to())
            .filter(order::Column::RecordId.is_in(ids()))
            .exec(tx.conn())
            .await?;
        for &id in chunk {
            tx.changed("customer", id, What::Updated);
        }
        for id in orders {
            tx.changed("order", id, What::Updated);
        }
    }
    Ok(())
}

/// Fills what the winner does not know from the loser.
async fn fill(
    tx: &Tx,
    winner: &mut customer::Model,
    loser: &customer::Model,
) -> Result<BTreeMap<String, String>> {
    let names = fields_to_fill(
        |field| fields::get(winner, field),
        |field| fields::get(loser, field),
    );
    let filled: BTreeMap<String, String> = names
        .into_iter()
        .map(|field| (field.to_owned(), fields::get(loser, field)))
        .collect();
    for (field, value) in &filled {
        fields::set(winner, field, value.clone());
    }
    if !filled.is_empty() {
        fields::save(tx, winner).await?;
    }
    Ok(filled)
}

/// A manual grade or floor must not be lost because the other record won.
async fn take_override(tx: &Tx, winner: i64, loser: i64) -> Result<Option<OverrideTaken>> {
    let find = tier_override::Entity::find_by_id;
    let Some(given) = find(loser).one(tx.conn()).await? else {
        return Ok(None);
    };
    if find(winner).one(tx.conn()).await?.is_some() {
        return Ok(None);
    }
    let taken = OverrideTaken {
        manual_tier: given.manual_tier.clone(),
        manual_until: given.manual_until.clone(),
        floor_tier: given.floor_tier.clone(),
    };
    let row = tier_override::ActiveModel {
        customer_id: Set(winner),
        manual_tier: Set(given.manual_tier),
        manual_reason: Set(given.manual_reason),
        manual_until: Set(given.manual_until),
        floor_tier: Set(given.floor_tier),
        actor: Set(given.actor),
        at: Set(given.at),
        version: Set(1),
    };
    tier_override::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(Some(taken))
}
