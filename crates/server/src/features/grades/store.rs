//! Reads of grades.

use clientele_domain::id::CustomerId;
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::{
    entity::{grade, history, run},
    plan::Frozen,
};
use crate::{
    access::{Scope, rows},
    db::{Db, among},
    error::{Error, Result},
    features::customers::entity::customer,
};

/// What a run says about itself, in `grade_runs.summary`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Whether somebody asked for this very date.
    pub explicit: bool,
    /// The date of the last order in the book.
    pub data_until: Option<String>,
    /// Customers with another tier than before.
    pub moved: u64,
    /// Of these, those who rose.
    pub promoted: u64,
    /// Of these, those who fell.
    pub demoted: u64,
    /// Customers who are at risk or must not be lost.
    pub at_risk: u64,
}

/// The row of a customer whom no grading has seen yet.
pub fn blank(customer_id: i64) -> grade::Model {
    grade::Model {
        customer_id,
        first_order: String::new(),
        last_order: String::new(),
        frequency: 0,
        monetary: 0,
        lifetime_orders: 0,
        lifetime_net: 0,
        r: 0,
        f: 0,
        m: 0,
        rfm_group: String::new(),
        abc: String::new(),
        lifecycle: String::new(),
        average_basket: None,
        interval_days: None,
        refund_rate_ppm: None,
        favourite_store_id: None,
        favourite_category: String::new(),
        favourite_channel: String::new(),
        tier: String::new(),
        tier_rank: 0,
        tier_since: String::new(),
        tier_review: String::new(),
        tier_cause: String::new(),
        why: String::new(),
    }
}

/// The last finished run, if there was one.
///
/// # Errors
/// When the book fails.
pub async fn last_run(connection: &impl ConnectionTrait) -> Result<Option<run::Model>> {
    Ok(run::Entity::find()
        .order_by_desc(run::Column::Id)
        .limit(1)
        .one(connection)
        .await?)
}

/// As of when everybody is graded; none before the first run is done.
///
/// # Errors
/// When the book fails.
pub async fn graded_as_of(connection: &impl ConnectionTrait) -> Result<Option<Date>> {
    let run = last_run(connection).await?;
    Ok(run.and_then(|run| run.as_of.parse().ok()))
}

/// The score limits of the last run.
pub(super) async fn last_limits(connection: &impl ConnectionTrait) -> Result<Option<Frozen>> {
    let Some(run) = last_run(connection).await? else {
        return Ok(None);
    };
    Ok(serde_json::from_str(&run.breakpoints).ok())
}

/// Runs, newest first.
pub(super) async fn runs(db: &Db, before: Option<i64>, limit: u64) -> Result<Vec<run::Model>> {
    let mut query = run::Entity::find().order_by_desc(run::Column::Id);
    if let Some(before) = before {
        query = query.filter(run::Column::Id.lt(before));
    }
    Ok(query.limit(limit).all(db.read()).await?)
}

/// The customer if the actor may see them; merged records count as well.
pub(super) async fn customer(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    id: CustomerId,
) -> Result<customer::Model> {
    let found = customer::Entity::find_by_id(id.0)
        .filter(rows::customers(scope))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("customer"))
}

/// Tier changes of a customer, newest first.
pub(super) async fn changes(
    db: &Db,
    id: CustomerId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<history::Model>> {
    let mut query = history::Entity::find()
        .filter(history::Column::CustomerId.eq(id.0))
        .order_by_desc(history::Column::Seq);
    if let Some(before) = before {
        query = query.filter(history::Column::Seq.lt(before));
    }
    Ok(query.limit(limit).all(db.read()).await?)
}

/// Ids of golden customers after an id, in the order of ids.
pub(super) async fn golden_after(db: &Db, id: i64, limit: u64) -> Result<Vec<i64>> {
    use customer::Column as C;
    use sea_orm::{ExprTrait, sea_query::Expr};
    Ok(customer::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::Id.gt(id))
        .filter(Expr::col(C::Id).eq(Expr::col(C::GoldenId)))
        .order_by_asc(C::Id)
        .limit(limit)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// Those of some customers who are golden, in the order of ids.
pub(super) async fn golden_among(db: &Db, ids: &[i64]) -> Result<Vec<i64>> {
    use customer::Column as C;
    use sea_orm::{ExprTrait, sea_query::Expr};
    Ok(customer::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(among(db.read(), C::Id, ids.iter().copied()))
        .filter(Expr::col(C::Id).eq(Expr::col(C::GoldenId)))
        .order_by_asc(C::Id)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// How many runs there are.
pub(super) async fn count_runs(db: &Db) -> Result<u64> {
    Ok(run::Entity::find().count(db.read()).await?)
}

/// How many tier changes a customer has.
pub(super) async fn count_changes(db: &Db, id: CustomerId) -> Result<u64> {
    let own = history::Column::CustomerId.eq(id.0);
    Ok(history::Entity::find().filter(own).count(db.read()).await?)
}

/// The row of one customer.
pub(super) async fn grade(db: &Db, id: CustomerId) -> Result<Option<grade::Model>> {
    Ok(grade::Entity::find_by_id(id.0).one(db.read()).await?)
}
