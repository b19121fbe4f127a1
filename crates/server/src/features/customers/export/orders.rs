//! The order file: one row a document, in the order they came.

use std::collections::HashMap;

use clientele_domain::{
    id::{CustomerId, OrderId},
    money::Currency,
};
use clientele_warehouse::parquet::{Kind, Value};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::customers::text;
use crate::{
    access::{Scope, rows},
    app::App,
    error::Result,
    export::{Format, PAGE, Sheet, Sink},
    features::{
        customers::{entity::customer, row::Names},
        orders::entity::{line, order},
        stores,
    },
    http::instant,
};

const COLUMNS: [(&str, Kind); 25] = [
    ("id", Kind::Text),
    ("source", Kind::Text),
    ("external_id", Kind::Text),
    ("kind", Kind::Text),
    ("status", Kind::Text),
    ("customer_id", Kind::Text),
    ("customer_number", Kind::Whole),
    ("record_id", Kind::Text),
    ("store", Kind::Text),
    ("channel", Kind::Text),
    ("ordered_at", Kind::Text),
    ("business_date", Kind::Text),
    ("currency", Kind::Text),
    ("gross", Kind::Amount),
    ("discount", Kind::Amount),
    ("net", Kind::Amount),
    ("net_residue_millionths", Kind::Whole),
    ("tax", Kind::Amount),
    ("shipping", Kind::Amount),
    ("units", Kind::Quantity),
    ("rate", Kind::Text),
    ("reporting_currency", Kind::Text),
    ("reporting_net", Kind::Amount),
    ("original_id", Kind::Text),
    ("created_at", Kind::Text),
];

/// Writes every document; answers how many.
///
/// # Errors
/// When the book fails, or the format cannot hold so many.
pub(in crate::features::customers) async fn write_orders(
    app: &App,
    scope: &Scope,
    (format, lossless): (Format, bool),
    sink: Sink<'_>,
) -> Result<u64> {
    let connection = app.db.read();
    let reporting = Names::load(connection).await?.currency;
    let mut sheet = Sheet::new(format, &COLUMNS, lossless)?;
    let (mut last, mut count) = (i64::MIN, 0);
    let visible = rows::orders(scope);
    loop {
        let rows = order::Entity::find()
            .filter(visible.clone())
            .filter(order::Column::Id.gt(last))
            .order_by_asc(order::Column::Id)
            .limit(PAGE)
            .all(connection)
            .await?;
        let stores = stores::names(connection, rows.iter().filter_map(|row| row.store_id)).await?;
        let numbers: Vec<(i64, i64)> = customer::Entity::find()
            .select_only()
            .column(customer::Column::Id)
            .column(customer::Column::Number)
            .filter(customer::Column::Id.is_in(rows.iter().filter_map(|row| row.customer_id)))
            .into_tuple()
            .all(connection)
            .await?;
        let beside = Beside {
            stores,
            numbers: numbers.into_iter().collect(),
            quantities: quantities(connection, &rows).await?,
        };
        for row in &rows {
            sheet.push(cells(row, &reporting, &beside))?;
        }
        count += rows.len() as u64;
        last = rows.last().map_or(last, |row| row.id);
        if !sink(sheet.take()?).await? {
            return Ok(count);
        }
        if (rows.len() as u64) < PAGE {
            break;
        }
    }
    sink(sheet.finish()?).await?;
    Ok(count)
}

/// What other tables say of a page.
struct Beside {
    stores: HashMap<i64, String>,
    /// The customers' numbers.
    numbers: HashMap<i64, i64>,
    /// Thousandths of pieces, by order.
    quantities: HashMap<i64, i64>,
}

/// How much the lines of a page's orders hold. The orders themselves keep whole
/// pieces, which the reports count.
async fn quantities(
    connection: &impl ConnectionTrait,
    rows: &[order::Model],
) -> Result<HashMap<i64, i64>> {
    let mut sums: HashMap<i64, i64> = HashMap::new();
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(sums);
    };
    let lines: Vec<(i64, i64)> = line::Entity::find()
        .select_only()
        .column(line::Column::OrderId)
        .column(line::Column::Quantity)
        .filter(line::Column::OrderId.between(first.id, last.id))
        .into_tuple()
        .all(connection)
        .await?;
    for (order, quantity) in lines {
        *sums.entry(order).or_default() += quantity;
    }
    Ok(sums)
}

fn cells(row: &order::Model, reporting: &str, beside: &Beside) -> Vec<Value> {
    let digits = |code: &str| Currency::parse(code).map_or(2, Currency::exponent);
    let own = digits(&row.currency);
    let amount = |minor: i64| Value::Amount(minor, own);
    let customer =
        |id: Option<i64>| id.map_or(Value::Nothing, |id| Value::Text(CustomerId(id).to_string()));
    let number = row.customer_id.and_then(|id| beside.numbers.get(&id));
    let store = row.store_id.and_then(|id| beside.stores.get(&id));
    let quantity = beside.quantities.get(&row.id).copied();
    vec![
        Value::Text(OrderId(row.id).to_string()),
        text(&row.source),
        text(&row.external_id),
        text(&row.kind),
        text(&row.status),
        customer(row.customer_id),
        number.map_or(Value::Nothing, |number| Value::Whole(*number)),
        customer(row.record_id),
        store.map_or(Value::Nothing, |name| text(name)),
        text(&row.channel),
        Value::Text(instant(row.ordered_at)),
        text(&row.business_date),
        text(&row.currency),
        amount(row.gross),
        amount(row.discount),
        amount(row.net),
        Value::Whole(row.net_residue),
        amount(row.tax),
        amount(row.shipping),
        Value::Quantity(quantity.unwrap_or(row.units * 1_000)),
        text(&row.rate),
        text(reporting),
        Value::Amount(row.reporting_net, digits(reporting)),
        row.original_id
            .map_or(Value::Nothing, |id| Value::Text(OrderId(id).to_string())),
        Value::Text(instant(row.created_at)),
    ]
}
