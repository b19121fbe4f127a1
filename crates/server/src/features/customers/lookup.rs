//! The till asks who somebody is: at most ten answers, by index.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::{
    entity::customer,
    list::{self, Filter, Sort, golden_in, to_grade},
    row::{self, CustomerRow, Names},
    search::Query,
    timeline::{TimelineItem, order_item},
};
use crate::{
    app::App,
    ctx::Scope,
    error::Result,
    features::{grades::entity::grade, orders::entity::order, stores},
};

/// Answers at most.
const MOST: u64 = 10;
/// Orders shown with each.
const ORDERS: u64 = 5;

/// Somebody who may be meant, with their last orders.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LookupHit {
    /// What lists show.
    #[serde(flatten)]
    pub row: CustomerRow,
    /// The last orders and refunds, newest first.
    pub orders: Vec<TimelineItem>,
}

/// Who may be meant. Keys, numbers and beginnings of names are found by index;
/// only when none of them matches a name is searched everywhere in it.
///
/// # Errors
/// When the book fails.
pub(super) async fn look_up(app: &App, scope: &Scope, text: &str) -> Result<Vec<LookupHit>> {
    let mut reader = app.db.reader().await?;
    let Some(query) = Query::parse(text) else {
        return Ok(Vec::new());
    };
    let mut found = matches(&reader, scope, query.indexed()).await?;
    if found.is_empty() && matches!(query, Query::Words(_)) {
        let filter = Filter {
            query: Some(query),
            ..Filter::default()
        };
        drop(reader);
        let asked = (&filter, Sort::by_number());
        let found_ids = list::find(app, scope, asked, None, MOST as usize)
            .await?
            .ids;
        reader = app.db.reader().await?;
        found = list::rows(&reader, scope, &found_ids).await?;
    }
    let names = Names::load(&reader).await?;
    let rows = row::rows(&reader, &names, &found).await?;
    let mut orders = Vec::with_capacity(rows.len());
    for row in &rows {
        orders.push(last_orders(&reader, row.id.0).await?);
    }
    let places = orders.iter().flatten().filter_map(|order| order.store_id);
    let stores = stores::names(&reader, places).await?;
    let hits = rows.into_iter().zip(orders).map(|(row, orders)| LookupHit {
        row,
        orders: orders
            .iter()
            .map(|order| order_item(order, &stores))
            .collect(),
    });
    Ok(hits.collect())
}

async fn matches(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    condition: sea_orm::Condition,
) -> Result<Vec<(customer::Model, grade::Model)>> {
    let rows = customer::Entity::find()
        .join(JoinType::InnerJoin, to_grade())
        .filter(golden_in(scope))
        .filter(condition)
        .order_by_asc(customer::Column::Number)
        .limit(MOST)
        .select_also(grade::Entity)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, grade)| Some((row, grade?)))
        .collect())
}

async fn last_orders(
    connection: &impl ConnectionTrait,
    customer: i64,
) -> Result<Vec<order::Model>> {
    Ok(order::Entity::find()
        .filter(order::Column::CustomerId.eq(customer))
        .order_by_desc(order::Column::OrderedAt)
        .order_by_desc(order::Column::Id)
        .limit(ORDERS)
        .all(connection)
        .await?)
}
