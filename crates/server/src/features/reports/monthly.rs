//! Sales by month with new and returning customers.

use clientele_domain::id::StoreId;
use clientele_warehouse::reports::{Month, MonthlyQuery, Place};
use serde::{Deserialize, Serialize};

use super::when;
use crate::{access::Scope, app::App, error::Result};

/// Which part of the chain.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MonthlyParams {
    /// One store only.
    pub store_id: Option<StoreId>,
    /// The stores of one country only, ISO 3166 alpha-2.
    pub country: Option<String>,
}

/// Every month from the first sale on; amounts are minor units.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MonthlyReport {
    /// The reporting currency.
    pub currency: String,
    /// The months, oldest first.
    pub rows: Vec<MonthlyRow>,
}

/// One month; `net = new_net + returning_net + guest_net`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MonthlyRow {
    /// `2026-03`.
    pub month: String,
    /// Whether the month is over.
    pub complete: bool,
    /// Net sales, refunds taken off where they were booked.
    pub net: i64,
    /// Orders.
    pub orders: i64,
    /// Pieces sold less pieces given back.
    pub units: i64,
    /// What refunds gave back.
    pub refunds: i64,
    /// Refund documents.
    pub refund_count: i64,
    /// Customers with an order.
    pub customers: i64,
    /// Those whose first order this is.
    pub new_customers: i64,
    /// Those who ordered in an earlier month.
    pub returning_customers: i64,
    /// Net sales with new customers.
    pub new_net: i64,
    /// Net sales with all other known customers.
    pub returning_net: i64,
    /// Net sales without a known customer.
    pub guest_net: i64,
}

impl From<Month> for MonthlyRow {
    fn from(month: Month) -> Self {
        MonthlyRow {
            month: month.month.strftime("%Y-%m").to_string(),
            complete: month.complete,
            net: month.net,
            orders: month.orders,
            units: month.units,
            refunds: month.refunded,
            refund_count: month.refunds,
            customers: month.customers,
            new_customers: month.new_customers,
            returning_customers: month.returning_customers,
            new_net: month.new_net,
            returning_net: month.returning_net,
            guest_net: month.guest_net,
        }
    }
}

pub(super) async fn monthly(
    app: &App,
    scope: &Scope,
    params: &MonthlyParams,
) -> Result<MonthlyReport> {
    let when = when::now(app).await?;
    let place = Place {
        store_id: params.store_id.map(|id| id.0),
        country: params.country.clone().filter(|country| !country.is_empty()),
        ..when::place(scope)
    };
    let months = app
        .warehouse
        .monthly(MonthlyQuery {
            as_of: when.as_of,
            place,
        })
        .await?;
    Ok(MonthlyReport {
        currency: when.currency,
        rows: months.into_iter().map(MonthlyRow::from).collect(),
    })
}
