//! Sales by store over the last 365 days.

use std::collections::HashMap;

use clientele_domain::id::StoreId;
use clientele_warehouse::reports::{StoreFigures, StorePeriod};
use jiff::{ToSpan, civil::Date};
use sea_orm::{EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};

use super::when;
use crate::{access::Scope, app::App, error::Result, features::stores::entity::store, http::Ref};

/// Every store that sold something; amounts are minor units.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct StoresReport {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// The reporting currency.
    currency: String,
    /// Best seller first.
    rows: Vec<StoreRow>,
}

/// One store.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct StoreRow {
    /// Absent for documents without a store.
    store: Option<Ref>,
    net: i64,
    orders: i64,
    units: i64,
    /// What refunds gave back.
    refunds: i64,
    /// Known customers with an order; they do not add up over stores.
    customers: i64,
    /// Net ÷ orders.
    average_order: Option<i64>,
    /// Net with known customers ÷ net.
    identification_rate: Option<f64>,
}

pub(super) async fn stores(app: &App, scope: &Scope) -> Result<StoresReport> {
    let when = when::now(app).await?;
    let period = StorePeriod {
        from: when.as_of.saturating_sub(364.days()),
        to: when.as_of,
    };
    let names: HashMap<i64, String> = store::Entity::find()
        .select_only()
        .columns([store::Column::Id, store::Column::Name])
        .into_tuple()
        .all(app.db.read())
        .await?
        .into_iter()
        .collect();
    let mut figures = app.warehouse.stores(period).await?;
    if let Some(own) = when::place(scope).stores {
        figures.retain(|figures| figures.store_id.is_some_and(|id| own.contains(&id)));
    }
    figures.sort_by_key(|figures| (-figures.net, figures.store_id));
    Ok(StoresReport {
        from: period.from,
        to: period.to,
        currency: when.currency,
        rows: figures
            .into_iter()
            .map(|figures| row(figures, &names))
            .collect(),
    })
}

fn row(figures: StoreFigures, names: &HashMap<i64, String>) -> StoreRow {
    let named = |id: i64| {
        let name = names.get(&id).cloned().unwrap_or_default();
        Ref::new(StoreId(id), name)
    };
    let ratio = |part: i64, whole: i64| (whole != 0).then(|| part as f64 / whole as f64);
    StoreRow {
        store: figures.store_id.map(named),
        net: figures.net,
        orders: figures.orders,
        units: figures.units,
        refunds: figures.refunded,
        customers: figures.customers,
        average_order: ratio(figures.net, figures.orders).map(|average| average.round() as i64),
        identification_rate: ratio(figures.identified_net, figures.net),
    }
}
