//! Sales by month with new and returning customers.

use std::collections::BTreeMap;

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::documents::{Place, documents};
use super::months::{first_day, is_complete, month_of};
use crate::Result;
use crate::columns::{each, integers};

/// What the report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlyQuery {
    /// The last date that counts; its month is complete only on its last day.
    pub as_of: Date,
    /// The whole chain or part of it.
    pub place: Place,
}

/// One month.
///
/// `net = new_net + returning_net + guest_net`. A customer is new in the month
/// of the first order anywhere in the chain, whatever the place asked for, and
/// whether or not that order was given back later: closed months stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The first day of the month.
    pub month: Date,
    /// Whether all its days count.
    pub complete: bool,
    /// Net sales, refunds and adjustments taken off where they were booked.
    pub net: i64,
    /// Orders.
    pub orders: i64,
    /// Pieces sold less pieces given back.
    pub units: i64,
    /// Refund documents.
    pub refunds: i64,
    /// What they gave back, positive.
    pub refunded: i64,
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

const MONTHS: &str = "
    SELECT own.month,
           SUM(own.net) AS net,
           SUM(own.orders) AS orders,
           SUM(own.units) AS units,
           SUM(own.refunds) AS refunds,
           SUM(own.refunded) AS refunded,
           SUM(CASE WHEN own.customer_id IS NULL OR own.orders = 0 THEN 0 ELSE 1 END) AS customers,
           SUM(CASE WHEN own.month = began.month AND own.orders > 0 THEN 1 ELSE 0 END)
               AS new_customers,
           SUM(CASE WHEN own.month = began.month THEN own.net ELSE 0 END) AS new_net,
           SUM(CASE WHEN own.customer_id IS NULL THEN own.net ELSE 0 END) AS guest_net
    FROM (
        SELECT customer_id, month, SUM(net) AS net, SUM(orders) AS orders, SUM(units) AS units,
               SUM(refunds) AS refunds, SUM(refunded) AS refunded
        FROM documents
        GROUP BY customer_id, month
    ) AS own
    LEFT JOIN (
        SELECT customer_id, MIN(month) AS month
        FROM all_documents
        WHERE orders = 1 AND customer_id IS NOT NULL
        GROUP BY customer_id
    ) AS began ON began.customer_id = own.customer_id
    GROUP BY own.month";

/// Every month from the first with a document to that of the as-of date.
pub(crate) async fn monthly(session: &SessionContext, query: MonthlyQuery) -> Result<Vec<Month>> {
    documents(session, query.as_of, &query.place).await?;
    let mut months = BTreeMap::new();
    each(session, MONTHS, Vec::new(), |batch| {
        let columns = [
            "month",
            "net",
            "orders",
            "units",
            "refunds",
            "refunded",
            "customers",
            "new_customers",
            "new_net",
            "guest_net",
        ]
        .map(|name| integers(batch, name));
        let [
            month,
            net,
            orders,
            units,
            refunds,
            refunded,
            customers,
            newcomers,
            new_net,
            guests,
        ] = columns;
        let (month, net, orders, units) = (month?, net?, orders?, units?);
        let (refunds, refunded, customers) = (refunds?, refunded?, customers?);
        let (newcomers, new_net, guests) = (newcomers?, new_net?, guests?);
        for row in 0..batch.num_rows() {
            let figures = Month {
                net: net.value(row),
                orders: orders.value(row),
                units: units.value(row),
                refunds: refunds.value(row),
                refunded: refunded.value(row),
                customers: customers.value(row),
                new_customers: newcomers.value(row),
                returning_customers: customers.value(row) - newcomers.value(row),
                new_net: new_net.value(row),
                returning_net: net.value(row) - new_net.value(row) - guests.value(row),
                guest_net: guests.value(row),
                ..empty(month.value(row), query.as_of)
            };
            months.insert(month.value(row), figures);
        }
        Ok(())
    })
    .await?;
    let Some(first) = months.keys().next().copied() else {
        return Ok(Vec::new());
    };
    let all = (first..=month_of(query.as_of)).map(|month| {
        months
            .remove(&month)
            .unwrap_or_else(|| empty(month, query.as_of))
    });
    Ok(all.collect())
}

fn empty(month: i64, as_of: Date) -> Month {
    Month {
        month: first_day(month),
        complete: is_complete(month, as_of),
        net: 0,
        orders: 0,
        units: 0,
        refunds: 0,
        refunded: 0,
        customers: 0,
        new_customers: 0,
        returning_customers: 0,
        new_net: 0,
        returning_net: 0,
        guest_net: 0,
    }
}
