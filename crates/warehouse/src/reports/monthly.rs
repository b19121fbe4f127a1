//! Sales by month with new and returning customers.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::months::{Calendar, first_day, is_complete, month_of};
use super::place::Place;
use crate::Result;
use crate::projection::{Customer, Detail, Document};
use crate::snapshot::Snapshot;

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
pub(crate) async fn monthly(snapshot: &Snapshot, query: MonthlyQuery) -> Result<Vec<Month>> {
    let orders = snapshot.orders(query.as_of, Detail::Bookings).await?;
    let here = query.place.among(snapshot, orders.stores()).await?;
    let calendar = Arc::new(Calendar::until(query.as_of));
    let take = move |months: &mut Months, customer: &Customer| {
        let documents = &customer.documents;
        let month_of = |document: &Document| calendar.month(document.day);
        let bought = documents.iter().filter(|document| document.is_order());
        // The month of the customer's first order, wherever it was.
        let began = customer.id.and_then(|_| bought.map(month_of).min());
        for document in documents.iter().filter(|document| here.has(document.store)) {
            let month = month_of(document);
            let sums = months.entry(month).or_default();
            sums.add(document, customer.id, began == Some(month));
        }
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    let mut months = Months::default();
    for some in orders.fold(stretches, take).await? {
        for (month, sums) in some {
            months.entry(month).or_default().join(&sums);
        }
    }
    let Some(first) = months.keys().next().copied() else {
        return Ok(Vec::new());
    };
    let all = (first..=month_of(query.as_of)).map(|month| {
        let sums = months.remove(&month).unwrap_or_default();
        sums.month(month, query.as_of)
    });
    Ok(all.collect())
}

type Months = BTreeMap<i64, Sums>;

/// What happened in one month, and the customer who was counted last.
#[derive(Default)]
struct Sums {
    net: i64,
    orders: i64,
    units: i64,
    refunds: i64,
    refunded: i64,
    customers: i64,
    new_customers: i64,
    new_net: i64,
    guest_net: i64,
    last: Option<i64>,
}

impl Sums {
    fn add(&mut self, document: &Document, customer: Option<i64>, is_new: bool) {
        self.net += document.net;
        self.orders += i64::from(document.is_order());
        self.units += document.units;
        self.refunds += i64::from(document.is_refund);
        self.refunded += document.refunded();
        if customer.is_none() {
            self.guest_net += document.net;
            return;
        }
        if is_new {
            self.new_net += document.net;
        }
        // Everything of one customer comes together.
        if document.is_order() && self.last != customer {
            self.last = customer;
            self.customers += 1;
            self.new_customers += i64::from(is_new);
        }
    }

    /// Adds those of other customers.
    fn join(&mut self, other: &Sums) {
        self.net += other.net;
        self.orders += other.orders;
        self.units += other.units;
        self.refunds += other.refunds;
        self.refunded += other.refunded;
        self.customers += other.customers;
        self.new_customers += other.new_customers;
        self.new_net += other.new_net;
        self.guest_net += other.guest_net;
    }

    fn month(&self, month: i64, as_of: Date) -> Month {
        Month {
            month: first_day(month),
            complete: is_complete(month, as_of),
            net: self.net,
            orders: self.orders,
            units: self.units,
            refunds: self.refunds,
            refunded: self.refunded,
            customers: self.customers,
            new_customers: self.new_customers,
            returning_customers: self.customers - self.new_customers,
            new_net: self.new_net,
            returning_net: self.net - self.new_net - self.guest_net,
            guest_net: self.guest_net,
        }
    }
}
