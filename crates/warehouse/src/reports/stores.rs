//! Sales by store, over a period and by month.

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::documents::{Place, documents};
use super::months::{first_day, is_complete};
use crate::Result;
use crate::columns::{date, each, integers, optional};

/// Days from the first to the last, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorePeriod {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What one store sold; every ratio is left to whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFigures {
    /// The store; none for documents without one.
    pub store_id: Option<i64>,
    /// Net sales.
    pub net: i64,
    /// Orders.
    pub orders: i64,
    /// Pieces sold less pieces given back.
    pub units: i64,
    /// What refunds gave back, positive.
    pub refunded: i64,
    /// Net sales with known customers.
    pub identified_net: i64,
    /// Known customers with an order; they do not add up over stores.
    pub customers: i64,
}

/// What one store sold in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreMonth {
    /// The first day of the month.
    pub month: Date,
    /// Whether all its days count.
    pub complete: bool,
    /// The figures.
    pub figures: StoreFigures,
}

const PERIOD: &str = "
    SELECT CAST(0 AS BIGINT) AS month, store_id, customer_id, net, orders, units, refunded
    FROM documents
    WHERE business_date >= $from AND business_date <= $to";

const MONTHS: &str = "
    SELECT month, store_id, customer_id, net, orders, units, refunded
    FROM documents";

/// Distinct customers are counted by grouping twice, which is cheaper than
/// `COUNT(DISTINCT …)`.
const FIGURES: &str = "
    SELECT month, store_id, SUM(net) AS net, SUM(orders) AS orders, SUM(units) AS units,
           SUM(refunded) AS refunded,
           SUM(CASE WHEN customer_id IS NULL THEN 0 ELSE net END) AS identified_net,
           SUM(CASE WHEN customer_id IS NULL OR orders = 0 THEN 0 ELSE 1 END) AS customers
    FROM (
        SELECT month, store_id, customer_id, SUM(net) AS net, SUM(orders) AS orders,
               SUM(units) AS units, SUM(refunded) AS refunded
        FROM booked
        GROUP BY month, store_id, customer_id
    ) AS own
    GROUP BY month, store_id";

/// The stores over a period, by store; stores without a document are left out.
pub(crate) async fn stores(
    session: &SessionContext,
    period: StorePeriod,
) -> Result<Vec<StoreFigures>> {
    documents(session, period.to, &Place::default()).await?;
    let bounds = vec![date("from", period.from), date("to", period.to)];
    crate::columns::view(session, "booked", PERIOD, bounds).await?;
    let figures = figures(session).await?;
    Ok(figures.into_iter().map(|(_, figures)| figures).collect())
}

/// The stores by month, by month and store.
pub(crate) async fn store_months(session: &SessionContext, as_of: Date) -> Result<Vec<StoreMonth>> {
    documents(session, as_of, &Place::default()).await?;
    crate::columns::view(session, "booked", MONTHS, Vec::new()).await?;
    let months = figures(session)
        .await?
        .into_iter()
        .map(|(month, figures)| StoreMonth {
            month: first_day(month),
            complete: is_complete(month, as_of),
            figures,
        });
    Ok(months.collect())
}

async fn figures(session: &SessionContext) -> Result<Vec<(i64, StoreFigures)>> {
    let mut found = Vec::new();
    each(session, FIGURES, Vec::new(), |batch| {
        let months = integers(batch, "month")?;
        let stores = integers(batch, "store_id")?;
        let nets = integers(batch, "net")?;
        let orders = integers(batch, "orders")?;
        let units = integers(batch, "units")?;
        let refunded = integers(batch, "refunded")?;
        let identified = integers(batch, "identified_net")?;
        let customers = integers(batch, "customers")?;
        found.extend((0..batch.num_rows()).map(|row| {
            let figures = StoreFigures {
                store_id: optional(&stores, row),
                net: nets.value(row),
                orders: orders.value(row),
                units: units.value(row),
                refunded: refunded.value(row),
                identified_net: identified.value(row),
                customers: customers.value(row),
            };
            (months.value(row), figures)
        }));
        Ok(())
    })
    .await?;
    found.sort_unstable_by_key(|(month, figures)| (*month, figures.store_id));
    Ok(found)
}
