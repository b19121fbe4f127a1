//! Sales by month with new and returning customers.

use std::collections::BTreeMap;

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::documents::{Place, documents};
use super::months::{cell, first_day, is_complete, month_of};
use crate::Result;
use crate::metrics::customers;
use crate::numbers::{Distinct, Ids};

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

/// Every month from the first with a document to that of the as-of date.
pub(crate) async fn monthly(session: &SessionContext, query: MonthlyQuery) -> Result<Vec<Month>> {
    let dates = Date::MIN..=query.as_of;
    let mut people = Ids::of(customers(session).await?);
    // The month of everybody's first order, by the number of the person.
    let mut began = vec![i64::MAX; people.ids().len()];
    documents(session, dates.clone(), &Place::default(), |document| {
        if let Some(customer) = document.customer_id.filter(|_| document.is_order) {
            let person = people.number(customer) as usize;
            began.resize(people.ids().len(), i64::MAX);
            began[person] = began[person].min(document.month);
        }
    })
    .await?;
    let mut months: BTreeMap<i64, Month> = BTreeMap::new();
    let (mut active, mut newcomers) = (Distinct::default(), Distinct::default());
    documents(session, dates, &query.place, |document| {
        let month = document.month;
        let sums = (months.entry(month)).or_insert_with(|| empty(month, query.as_of));
        sums.net += document.net;
        sums.orders += i64::from(document.is_order);
        sums.units += document.units;
        sums.refunds += i64::from(document.is_refund);
        sums.refunded += document.refunded();
        let Some(customer) = document.customer_id else {
            sums.guest_net += document.net;
            return;
        };
        let person = people.number(customer);
        let is_new = began.get(person as usize) == Some(&month);
        if is_new {
            sums.new_net += document.net;
        }
        if document.is_order {
            active.add(cell(month), person);
            if is_new {
                newcomers.add(cell(month), person);
            }
        }
    })
    .await?;
    let (active, newcomers) = (active.count(), newcomers.count());
    for (month, sums) in &mut months {
        let people = |counts: &BTreeMap<u32, i64>| counts.get(&cell(*month)).copied().unwrap_or(0);
        sums.customers = people(&active);
        sums.new_customers = people(&newcomers);
        sums.returning_customers = sums.customers - sums.new_customers;
        sums.returning_net = sums.net - sums.new_net - sums.guest_net;
    }
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
