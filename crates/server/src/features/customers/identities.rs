//! Who a customer is made of: keys, records, merges.

use std::collections::HashMap;

use clientele_domain::id::{CustomerId, MergeId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    entity::{customer, merge},
    person::{self, Identifier},
    row::known,
};
use crate::{
    access::Scope,
    db::Held,
    error::{Error, Result},
    features::{orders::entity::order, users},
    http::{Ref, instant},
};

/// A record that belongs to a customer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SourceRecord {
    pub id: CustomerId,
    /// The short number people say.
    pub number: String,
    pub name: String,
    /// Where it first came from; none when somebody typed it in.
    pub source: Option<String>,
    pub created_at: String,
    /// Orders, refunds and adjustments that came with it.
    pub orders: i64,
}

/// Two customers made one, and perhaps two again.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// Who went on.
    pub winner: Ref,
    /// Who was merged into them.
    pub loser: Ref,
    /// `key`, `pair` or `person`.
    pub cause: String,
    /// What spoke for it: the key they share, or a comparison field by field.
    #[schema(value_type = Value)]
    pub evidence: Value,
    /// When.
    pub at: String,
    /// When it was taken apart.
    pub undone_at: Option<String>,
    /// Who did it; none for the program itself.
    pub actor: Option<String>,
}

/// Everything about who a customer is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Identities {
    /// Every key, with the record it came with.
    pub identifiers: Vec<Identifier>,
    /// The records that make this customer, the oldest first.
    pub records: Vec<SourceRecord>,
    /// Every merge they took part in, the newest first, those taken apart too.
    pub merges: Vec<Merge>,
}

/// Keys, records and merges of a customer.
///
/// # Errors
/// `not_found`.
pub(super) async fn of(connection: &Held, scope: &Scope, id: CustomerId) -> Result<Identities> {
    let (row, _) = person::find(connection, scope, id).await?;
    let rows = records_of(connection, row.golden_id).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let counts: Vec<(Option<i64>, i64)> = order::Entity::find()
        .select_only()
        .column(order::Column::RecordId)
        .column_as(order::Column::Id.count(), "orders")
        .filter(order::Column::RecordId.is_in(ids.iter().copied()))
        .group_by(order::Column::RecordId)
        .into_tuple()
        .all(connection)
        .await?;
    let counts: HashMap<Option<i64>, i64> = counts.into_iter().collect();
    let records = rows
        .iter()
        .map(|row| SourceRecord {
            id: CustomerId(row.id),
            number: row.number.to_string(),
            name: row.name.clone(),
            source: known(&row.source),
            created_at: instant(row.created_at),
            orders: counts.get(&Some(row.id)).copied().unwrap_or(0),
        })
        .collect();
    let mut keys = person::identifiers(connection, &[row.golden_id]).await?;
    let merges = merges_of(connection, &ids).await?;
    Ok(Identities {
        identifiers: keys.remove(&row.golden_id).unwrap_or_default(),
        records,
        merges: named(connection, merges).await?,
    })
}

/// The records of a customer, the oldest first.
pub(super) async fn records_of(
    connection: &impl ConnectionTrait,
    golden_id: i64,
) -> Result<Vec<customer::Model>> {
    Ok(customer::Entity::find()
        .filter(customer::Column::GoldenId.eq(golden_id))
        .order_by_asc(customer::Column::Id)
        .all(connection)
        .await?)
}

/// Merges that records took part in, the newest first.
pub(super) async fn merges_of(
    connection: &impl ConnectionTrait,
    records: &[i64],
) -> Result<Vec<merge::Model>> {
    let took_part = Condition::any()
        .add(merge::Column::WinnerId.is_in(records.iter().copied()))
        .add(merge::Column::LoserId.is_in(records.iter().copied()));
    Ok(merge::Entity::find()
        .filter(took_part)
        .order_by_desc(merge::Column::At)
        .order_by_desc(merge::Column::Id)
        .all(connection)
        .await?)
}

/// One merge.
///
/// # Errors
/// `not_found`.
pub async fn merge_by_id(connection: &impl ConnectionTrait, id: MergeId) -> Result<Merge> {
    let row = merge::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("merge"))?;
    Ok(named(connection, vec![row]).await?.remove(0))
}

/// Merges with the names of those who took part.
async fn named(connection: &impl ConnectionTrait, rows: Vec<merge::Model>) -> Result<Vec<Merge>> {
    let ids = rows.iter().flat_map(|row| [row.winner_id, row.loser_id]);
    let names = names(connection, ids.collect()).await?;
    let refer = |id: i64| Ref::new(CustomerId(id), names.get(&id).cloned().unwrap_or_default());
    let mut merges = Vec::with_capacity(rows.len());
    for row in rows {
        merges.push(Merge {
            id: MergeId(row.id),
            winner: refer(row.winner_id),
            loser: refer(row.loser_id),
            evidence: serde_json::from_str(&row.evidence)?,
            at: instant(row.at),
            undone_at: row.undone_at.map(instant),
            actor: actor_name(connection, row.actor).await?,
            cause: row.cause,
        });
    }
    Ok(merges)
}

/// What records are called: their name, else their number.
pub(super) async fn names(
    connection: &impl ConnectionTrait,
    ids: Vec<i64>,
) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String, i64)> = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .column(customer::Column::Name)
        .column(customer::Column::Number)
        .filter(customer::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    let called = |(id, name, number): (i64, String, i64)| {
        (
            id,
            if name.is_empty() {
                number.to_string()
            } else {
                name
            },
        )
    };
    Ok(rows.into_iter().map(called).collect())
}

/// The name of whoever did something; none for the program itself.
pub(super) async fn actor_name(
    connection: &impl ConnectionTrait,
    actor: i64,
) -> Result<Option<String>> {
    if actor == 0 {
        return Ok(None);
    }
    Ok(users::by_id(connection, UserId(actor))
        .await?
        .map(|user| user.name))
}
