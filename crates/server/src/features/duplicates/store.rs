//! Reads of pairs.

use std::str::FromStr;

use clientele_domain::id::{CustomerId, PairId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

use super::entity::pair;
use crate::{
    access::Scope,
    db::Readers,
    error::{Error, Result},
    features::customers::entity::customer,
};

/// What became of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Somebody should look.
    Open,
    /// The two are one customer now.
    Merged,
    /// Somebody said they are two.
    Dismissed,
}

/// One field of the comparison as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredEvidence {
    pub field: String,
    #[serde(default = "equal")]
    pub agreement: String,
    #[serde(default)]
    pub weight: f64,
}

fn equal() -> String {
    "equal".to_owned()
}

/// Place in the queue: the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place(pub f64, pub i64);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.0, PairId(self.1))
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (score, id) = text.split_once('_').ok_or(())?;
        let id: PairId = id.parse().map_err(|_| ())?;
        Ok(Place(score.parse().map_err(|_| ())?, id.0))
    }
}

/// One pair.
///
/// # Errors
/// `not_found`.
pub(super) async fn by_id(connection: &impl ConnectionTrait, id: PairId) -> Result<pair::Model> {
    pair::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("pair"))
}

/// Pairs of a state after a place, and how many there are in all.
pub(super) async fn page(
    connection: &Readers,
    scope: &Scope,
    state: State,
    after: Option<Place>,
    limit: u64,
) -> Result<(Vec<pair::Model>, u64)> {
    let select = in_state(scope, state);
    let count = select.clone().count(connection).await?;
    let mut select = select
        .order_by_desc(pair::Column::Score)
        .order_by_desc(pair::Column::Id)
        .limit(limit);
    if let Some(Place(score, id)) = after {
        let same = pair::Column::Score.eq(score).and(pair::Column::Id.lt(id));
        select = select.filter(pair::Column::Score.lt(score).or(same));
    }
    Ok((select.all(connection).await?, count))
}

fn record(column: pair::Column) -> RelationDef {
    pair::Entity::belongs_to(customer::Entity)
        .from(column)
        .to(customer::Column::Id)
        .into()
}

fn in_state(scope: &Scope, state: State) -> Select<pair::Entity> {
    let golden = |side: &'static str| Expr::col((side, customer::Column::GoldenId));
    let stands_alone = |side: &'static str| golden(side).equals((side, customer::Column::Id));
    let records = match state {
        // A merged record no longer waits; its customer is found by the next scan.
        State::Open => Condition::all()
            .add(stands_alone("lhs"))
            .add(stands_alone("rhs")),
        State::Merged => {
            Condition::all().add(golden("lhs").equals(("rhs", customer::Column::GoldenId)))
        }
        State::Dismissed => Condition::all(),
    };
    let stored = match state {
        State::Open => pair::Column::State.eq("open"),
        State::Merged => pair::Column::Id.is_not_null(),
        State::Dismissed => pair::Column::State.eq("dismissed"),
    };
    // Likely pairs are for those who see everybody.
    let seen = match scope {
        Scope::All => Condition::all(),
        Scope::Rows(_) | Scope::Nothing => Condition::all().add(pair::Column::Id.is_null()),
    };
    pair::Entity::find()
        .join_as(JoinType::InnerJoin, record(pair::Column::LeftId), "lhs")
        .join_as(JoinType::InnerJoin, record(pair::Column::RightId), "rhs")
        .filter(stored)
        .filter(records)
        .filter(seen)
}

/// The state a pair is in, from what is stored and from its records.
pub(super) async fn state_of(
    connection: &impl ConnectionTrait,
    row: &pair::Model,
) -> Result<State> {
    let goldens: Vec<i64> = customer::Entity::find()
        .select_only()
        .column(customer::Column::GoldenId)
        .filter(customer::Column::Id.is_in([row.left_id, row.right_id]))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(match goldens.as_slice() {
        [left, right] if left == right => State::Merged,
        _ if row.state == "dismissed" => State::Dismissed,
        _ => State::Open,
    })
}

/// The two records of a pair.
pub(super) fn sides(row: &pair::Model) -> [CustomerId; 2] {
    [CustomerId(row.left_id), CustomerId(row.right_id)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_as_they_went() {
        for place in [
            Place(12.345_678_9, 77),
            Place(-1.5, 1),
            Place(0.1 + 0.2, i64::MAX),
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        assert_eq!("12".parse::<Place>(), Err(()));
    }
}
