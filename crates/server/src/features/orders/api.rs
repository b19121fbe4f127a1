//! Orders over HTTP.

use axum::{Json, extract::State};
use clientele_domain::id::{CustomerId, OrderId, StoreId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    entity::order,
    store::{OrderLine, lines_of},
};
use crate::{
    access::{Permission, rows},
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::stores,
    http::{Money, Ref, UrlPath, instant},
};

/// A sale, a refund or an adjustment with its lines.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Order {
    id: OrderId,
    /// Where it came from.
    source: String,
    /// The number its source gave it.
    external_id: String,
    /// `sale`, `refund` or `adjustment`.
    kind: String,
    /// `paid`, `pending` or `cancelled`.
    status: String,
    /// Whose it is; none for a guest.
    customer_id: Option<CustomerId>,
    /// The record it came with.
    record_id: Option<CustomerId>,
    /// Where it was bought.
    store: Option<Ref>,
    /// `store`, `web`, `mini_program`, `marketplace` or empty.
    channel: String,
    /// The instant of the sale.
    ordered_at: String,
    /// The store's own date of the sale.
    business_date: String,
    /// Before discounts; negative for refunds.
    gross: Money,
    /// Taken off.
    discount: Money,
    /// Without tax, shipping, gift cards and points.
    net: Money,
    /// Tax beside the net.
    tax: Money,
    /// Shipping beside the net.
    shipping: Money,
    /// Pieces.
    units: i64,
    /// Reporting units for one unit of its currency, on its date.
    rate: String,
    /// Net in the reporting currency, in its minor units.
    reporting_net: i64,
    /// The sale a refund reduces, when known.
    original_id: Option<OrderId>,
    /// Refunds and exchanges of this sale.
    follow_ups: Vec<OrderId>,
    /// What was sold.
    lines: Vec<OrderLine>,
}

/// Shows one order down to its lines.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders",
    extensions(("x-permission" = json!("orders.see"))), params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = 404, body = Problem)))]
async fn get_order(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<OrderId>,
) -> Result<Json<Order>> {
    let connection = app.db.read();
    let missing = || Error::not_found("order");
    let reached = rows::orders(ctx.scope(Permission::OrdersSee));
    let row = order::Entity::find_by_id(id.0)
        .filter(reached.clone())
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let follow_ups = order::Entity::find()
        .filter(order::Column::OriginalId.eq(id.0))
        .filter(reached)
        .order_by_asc(order::Column::OrderedAt)
        .order_by_asc(order::Column::Id)
        .all(connection)
        .await?;
    let stores = stores::names(connection, row.store_id.into_iter()).await?;
    let money = |amount| Money::new(amount, &row.currency);
    Ok(Json(Order {
        id,
        lines: lines_of(connection, &row).await?,
        kind: row.kind.clone(),
        status: row.status.clone(),
        customer_id: row.customer_id.map(CustomerId),
        record_id: row.record_id.map(CustomerId),
        store: row
            .store_id
            .and_then(|id| Some(Ref::new(StoreId(id), stores.get(&id)?))),
        ordered_at: instant(row.ordered_at),
        gross: money(row.gross),
        discount: money(row.discount),
        net: money(row.net),
        tax: money(row.tax),
        shipping: money(row.shipping),
        units: row.units,
        reporting_net: row.reporting_net,
        original_id: row.original_id.map(OrderId),
        follow_ups: follow_ups.into_iter().map(|row| OrderId(row.id)).collect(),
        source: row.source,
        external_id: row.external_id,
        channel: row.channel,
        business_date: row.business_date,
        rate: row.rate,
    }))
}

/// Routes of orders.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_order))
}
