//! Everything that happened to a customer, newest first, from five tables.
//!
//! Each source gives its rows after the cursor; they are merged by instant, then
//! by kind, then by id, which is a total order, so pages neither repeat nor miss.

use std::collections::{HashMap, HashSet};

use clientele_domain::id::{CustomerId, MergeId, OrderId, StoreId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    entity::{customer, merge},
    identities::{actor_name, merges_of, names, records_of},
    person,
    row::known,
};
use crate::{
    access::Scope,
    db::Held,
    entities::audit_entry,
    error::{Error, Result},
    features::{
        grades::entity::{history, run},
        orders::entity::order,
        stores,
    },
    http::{List, Money, Ref, Total, instant},
};

/// One thing that happened. Which fields are there depends on `type`.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct TimelineItem {
    /// When.
    pub at: String,
    /// `order`, `refund`, `adjustment`, `merge`, `unmerge`, `grade`, `edit` or
    /// `created`.
    pub r#type: String,
    /// The order, merge or record it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Orders: the number their source gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Orders and records: where they came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Orders: the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<Ref>,
    /// Orders: the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Orders: net sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net: Option<Money>,
    /// Orders: pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Orders: `paid`, `pending` or `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Orders: the store's own date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_date: Option<String>,
    /// Grades: the tier before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Grades: the tier after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Grades and merges: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Grades: the date that was graded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Edits: which fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    /// Merges: the other customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Ref>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// Place in the total order: instant, kind, id; all descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place(i64, u8, i64);

/// Kinds of things, later ones shown first among things of one instant.
mod rank {
    pub const CREATED: u8 = 0;
    pub const EDIT: u8 = 1;
    pub const GRADE: u8 = 2;
    pub const MERGE: u8 = 3;
    pub const UNMERGE: u8 = 4;
    pub const ORDER: u8 = 5;
}

impl Place {
    fn text(self) -> String {
        format!("{}.{}.{}", self.0, self.1, self.2)
    }

    fn parse(text: &str) -> Result<Self> {
        let read = || {
            let mut parts = text.split('.');
            let place = Place(
                parts.next()?.parse().ok()?,
                parts.next()?.parse().ok()?,
                parts.next()?.parse().ok()?,
            );
            parts.next().is_none().then_some(place)
        };
        read().ok_or_else(|| {
            Error::invalid(
                "cursor",
                "cursor_invalid",
                "Take the cursor from a page's `next`.",
            )
        })
    }
}

/// Rows of one kind that come after a place.
fn after<C: ColumnTrait>(place: Option<Place>, kind: u8, at: C, id: C) -> Condition {
    let all = Condition::all();
    let Some(place) = place else { return all };
    match kind.cmp(&place.1) {
        std::cmp::Ordering::Less => all.add(at.lte(place.0)),
        std::cmp::Ordering::Greater => all.add(at.lt(place.0)),
        std::cmp::Ordering::Equal => all.add(
            Condition::any()
                .add(at.lt(place.0))
                .add(Condition::all().add(at.eq(place.0)).add(id.lt(place.2))),
        ),
    }
}

/// What is asked for.
pub(super) struct Asked<'a> {
    /// The kinds wanted, all when empty.
    pub kinds: &'a [&'a str],
    /// The page to go on after.
    pub cursor: Option<&'a str>,
    /// Rows a page.
    pub limit: u64,
}

impl Asked<'_> {
    fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// One page of what happened to a customer.
///
/// # Errors
/// `not_found`, `cursor_invalid`.
pub(super) async fn page(
    connection: &Held,
    scope: &Scope,
    id: CustomerId,
    asked: &Asked<'_>,
) -> Result<List<TimelineItem>> {
    let (row, _) = person::find(connection, scope, id).await?;
    let records = records_of(connection, row.golden_id).await?;
    let ids: Vec<i64> = records.iter().map(|row| row.id).collect();
    let place = asked.cursor.map(Place::parse).transpose()?;
    let kinds = async {
        tokio::try_join!(
            orders(connection, row.golden_id, place, asked),
            merges(connection, &ids, asked),
            grades(connection, row.golden_id, asked),
            edits(connection, &ids, place, asked),
        )
    };
    let (mut items, merges, grades, edits) = connection.together(kinds).await?;
    items.extend(merges.into_iter().chain(grades).chain(edits));
    if asked.wants("created") {
        items.extend(records.iter().map(created));
    }
    items.retain(|(at, _)| place.is_none_or(|place| *at < place));
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let limit = asked.limit as usize;
    let next = (items.len() > limit).then(|| items[limit - 1].0.text());
    items.truncate(limit);
    let exact = place.is_none() && next.is_none();
    let total = Total {
        count: items.len() as u64,
        exact,
    };
    Ok(List {
        items: items.into_iter().map(|(_, item)| item).collect(),
        next,
        total,
    })
}

type Placed = (Place, TimelineItem);

async fn orders(
    connection: &impl ConnectionTrait,
    golden_id: i64,
    place: Option<Place>,
    asked: &Asked<'_>,
) -> Result<Vec<Placed>> {
    let kinds: Vec<&str> = [
        ("sale", "order"),
        ("refund", "refund"),
        ("adjustment", "adjustment"),
    ]
    .into_iter()
    .filter(|(_, shown)| asked.wants(shown))
    .map(|(kind, _)| kind)
    .collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let rows = order::Entity::find()
        .filter(order::Column::CustomerId.eq(golden_id))
        .filter(order::Column::Kind.is_in(kinds))
        .filter(after(
            place,
            rank::ORDER,
            order::Column::OrderedAt,
            order::Column::Id,
        ))
        .order_by_desc(order::Column::OrderedAt)
        .order_by_desc(order::Column::Id)
        .limit(asked.limit + 1)
        .all(connection)
        .await?;
    let stores = stores::names(connection, rows.iter().filter_map(|row| row.store_id)).await?;
    let placed = |row: order::Model| {
        (
            Place(row.ordered_at, rank::ORDER, row.id),
            order_item(&row, &stores),
        )
    };
    Ok(rows.into_iter().map(placed).collect())
}

/// An order as the timeline and the look-up show it.
pub(super) fn order_item(row: &order::Model, stores: &HashMap<i64, String>) -> TimelineItem {
    let shown = if row.kind == "sale" {
        "order"
    } else {
        row.kind.as_str()
    };
    TimelineItem {
        at: instant(row.ordered_at),
        r#type: shown.to_owned(),
        id: Some(OrderId(row.id).to_string()),
        external_id: Some(row.external_id.clone()),
        source: known(&row.source),
        store: row
            .store_id
            .and_then(|id| Some(Ref::new(StoreId(id), stores.get(&id)?))),
        channel: known(&row.channel),
        net: Some(Money::new(row.net, &row.currency)),
        units: Some(row.units),
        status: Some(row.status.clone()),
        business_date: known(&row.business_date),
        ..TimelineItem::default()
    }
}

/// Merges and their undoing; a customer has few.
async fn merges(
    connection: &impl ConnectionTrait,
    records: &[i64],
    asked: &Asked<'_>,
) -> Result<Vec<Placed>> {
    if !asked.wants("merge") && !asked.wants("unmerge") {
        return Ok(Vec::new());
    }
    let rows = merges_of(connection, records).await?;
    let own: HashSet<i64> = records.iter().copied().collect();
    let other_of = |row: &merge::Model| {
        if own.contains(&row.winner_id) {
            row.loser_id
        } else {
            row.winner_id
        }
    };
    let names = names(connection, rows.iter().map(other_of).collect()).await?;
    let mut items = Vec::new();
    for row in rows {
        let other = other_of(&row);
        let item = TimelineItem {
            id: Some(MergeId(row.id).to_string()),
            cause: Some(row.cause.clone()),
            other: Some(Ref::new(
                CustomerId(other),
                names.get(&other).cloned().unwrap_or_default(),
            )),
            ..TimelineItem::default()
        };
        if asked.wants("merge") {
            let actor = actor_name(connection, row.actor).await?;
            let merged = TimelineItem {
                at: instant(row.at),
                r#type: "merge".to_owned(),
                actor,
                ..item.clone()
            };
            items.push((Place(row.at, rank::MERGE, row.id), merged));
        }
        if let Some(at) = row.undone_at.filter(|_| asked.wants("unmerge")) {
            let parted = TimelineItem {
                at: instant(at),
                r#type: "unmerge".to_owned(),
                ..item
            };
            items.push((Place(at, rank::UNMERGE, row.id), parted));
        }
    }
    Ok(items)
}

/// Tier changes, at the instant their run ended; a customer has few.
async fn grades(
    connection: &impl ConnectionTrait,
    golden_id: i64,
    asked: &Asked<'_>,
) -> Result<Vec<Placed>> {
    if !asked.wants("grade") {
        return Ok(Vec::new());
    }
    let rows = history::Entity::find()
        .filter(history::Column::CustomerId.eq(golden_id))
        .all(connection)
        .await?;
    let runs = run::Entity::find()
        .filter(run::Column::Id.is_in(rows.iter().map(|row| row.run_id)))
        .all(connection)
        .await?;
    let ended: HashMap<i64, i64> = runs
        .into_iter()
        .map(|run| (run.id, run.finished_at))
        .collect();
    let at_noon = |date: &str| {
        let date: Option<jiff::civil::Date> = date.parse().ok();
        let zoned =
            date.and_then(|date| date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok());
        zoned.map_or(0, |zoned| zoned.timestamp().as_microsecond())
    };
    let placed = |row: history::Model| {
        let at = ended
            .get(&row.run_id)
            .copied()
            .unwrap_or_else(|| at_noon(&row.as_of));
        let item = TimelineItem {
            at: instant(at),
            r#type: "grade".to_owned(),
            from: known(&row.tier_from),
            to: known(&row.tier_to),
            cause: known(&row.cause),
            as_of: known(&row.as_of),
            ..TimelineItem::default()
        };
        (Place(at, rank::GRADE, row.seq), item)
    };
    Ok(rows.into_iter().map(placed).collect())
}

async fn edits(
    connection: &impl ConnectionTrait,
    records: &[i64],
    place: Option<Place>,
    asked: &Asked<'_>,
) -> Result<Vec<Placed>> {
    if !asked.wants("edit") {
        return Ok(Vec::new());
    }
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Noun.eq("customer"))
        .filter(audit_entry::Column::NounId.is_in(records.iter().copied()))
        .filter(audit_entry::Column::Action.is_in(["update", "override"]))
        .filter(after(
            place,
            rank::EDIT,
            audit_entry::Column::At,
            audit_entry::Column::Seq,
        ))
        .order_by_desc(audit_entry::Column::At)
        .order_by_desc(audit_entry::Column::Seq)
        .limit(asked.limit + 1)
        .all(connection)
        .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
        let fields = match row.action.as_str() {
            "override" => vec!["tier".to_owned()],
            _ => serde_json::from_value(detail["fields"].clone()).unwrap_or_default(),
        };
        let item = TimelineItem {
            at: instant(row.at),
            r#type: "edit".to_owned(),
            fields: Some(fields),
            actor: actor_name(connection, row.actor).await?,
            ..TimelineItem::default()
        };
        items.push((Place(row.at, rank::EDIT, row.seq), item));
    }
    Ok(items)
}

fn created(row: &customer::Model) -> Placed {
    let item = TimelineItem {
        at: instant(row.created_at),
        r#type: "created".to_owned(),
        id: Some(CustomerId(row.id).to_string()),
        source: known(&row.source),
        ..TimelineItem::default()
    };
    (Place(row.created_at, rank::CREATED, row.id), item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_as_they_went() {
        let place = Place(1_773_563_400_000_000, rank::ORDER, 77);
        assert_eq!(Place::parse(&place.text()).unwrap(), place);
        for text in ["", "1.2", "1.2.3.4", "a.b.c"] {
            assert_eq!(Place::parse(text).unwrap_err().code(), "cursor_invalid");
        }
    }
}
