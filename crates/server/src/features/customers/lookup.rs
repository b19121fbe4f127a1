//! The till asks who somebody is: at most ten answers, by index.

use std::{cmp::Reverse, collections::HashMap};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, SelectStatement, UnionType},
};
use serde::Serialize;

use super::{
    entity::customer,
    list::{self, Filter, Sort, golden_in},
    row::{self, CustomerRow, Names, Shown},
    search::Query,
    timeline::{TimelineItem, order_item},
};
use crate::{
    access::Scope,
    app::App,
    error::Result,
    features::{orders::entity::order, stores::entity::store},
};

/// Answers at most.
const MOST: u64 = 10;
/// Orders shown with each.
const ORDERS: u64 = 5;
/// The column of an order's store.
const STORE: &str = "store";

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
    let Some(query) = Query::parse(text) else {
        return Ok(Vec::new());
    };
    let mut reader = app.db.reader().await?;
    let matches = matches(&reader, scope, query.indexed());
    let asked = async { tokio::try_join!(matches, Names::load(&reader)) };
    let (mut found, names) = reader.together(asked).await?;
    if found.is_empty() && matches!(query, Query::Words(_)) {
        drop(reader);
        let filter = Filter {
            query: Some(query),
            ..Filter::default()
        };
        let asked = (&filter, Sort::by_number());
        let ids = list::find(app, scope, asked, None, MOST as usize)
            .await?
            .ids;
        reader = app.db.reader().await?;
        found = list::shown(&reader, scope, &ids).await?;
    }
    let customers = found.iter().map(|shown| shown.customer.id);
    let mut orders = last_orders(&reader, customers).await?;
    let hit = |shown: &Shown| LookupHit {
        row: row::row(&names, shown),
        orders: orders.remove(&shown.customer.id).unwrap_or_default(),
    };
    Ok(found.iter().map(hit).collect())
}

/// The first customers of a condition by their numbers. They are chosen before anything
/// is joined to them: a number may be shared by thousands.
async fn matches(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    condition: Condition,
) -> Result<Vec<Shown>> {
    let first = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(golden_in(scope))
        .filter(condition)
        .order_by_asc(customer::Column::Number)
        .limit(MOST)
        .into_query();
    let chosen = Condition::all().add(customer::Column::Id.in_subquery(first));
    let mut found = row::find(connection, chosen).await?;
    found.sort_unstable_by_key(|shown| shown.customer.number);
    Ok(found)
}

/// The last orders of customers with the names of their stores, in one statement.
async fn last_orders(
    connection: &impl ConnectionTrait,
    customers: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Vec<TimelineItem>>> {
    let to_store = order::Entity::belongs_to(store::Entity)
        .from(order::Column::StoreId)
        .to(store::Column::Id);
    let to_store: RelationDef = to_store.into();
    let of_each = customers.map(|customer| {
        let last = order::Entity::find()
            .column_as(store::Column::Name, STORE)
            .join(JoinType::LeftJoin, to_store.clone())
            .filter(order::Column::CustomerId.eq(customer))
            .order_by_desc(order::Column::OrderedAt)
            .order_by_desc(order::Column::Id)
            .limit(ORDERS)
            .into_query();
        // In a statement of its own, for SQLite sorts no part of a union.
        SelectStatement::new()
            .expr(Expr::cust("*"))
            .from_subquery(last, "last")
            .take()
    });
    let all = of_each.reduce(|mut all, of_one| all.union(UnionType::All, of_one).take());
    let Some(all) = all else {
        return Ok(HashMap::new());
    };
    let mut rows = Vec::new();
    let mut stores = HashMap::new();
    for found in connection.query_all(&all).await? {
        let row = order::Model::from_query_result(&found, "")?;
        if let (Some(id), Some(name)) = (row.store_id, found.try_get("", STORE)?) {
            stores.insert(id, name);
        }
        rows.push(row);
    }
    rows.sort_unstable_by_key(|row| Reverse((row.ordered_at, row.id)));
    let mut orders: HashMap<i64, Vec<TimelineItem>> = HashMap::new();
    for row in rows {
        if let Some(customer) = row.customer_id {
            let of_one = orders.entry(customer).or_default();
            of_one.push(order_item(&row, &stores));
        }
    }
    Ok(orders)
}
