//! Sales by store, over a period and by month.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::months::{Calendar, first_day, is_complete};
use crate::Result;
use crate::projection::{Customer, Detail, Document};
use crate::rows::day_of;
use crate::snapshot::Snapshot;

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

/// The stores over a period, by store; stores without a document are left out.
pub(crate) async fn stores(snapshot: &Snapshot, period: StorePeriod) -> Result<Vec<StoreFigures>> {
    let found = figures(snapshot, period.from..=period.to, |_| 0).await?;
    Ok(found.into_iter().map(|(_, figures)| figures).collect())
}

/// The stores by month, by month and store.
pub(crate) async fn store_months(snapshot: &Snapshot, as_of: Date) -> Result<Vec<StoreMonth>> {
    let found = figures(snapshot, Date::MIN..=as_of, |month| month).await?;
    let months = found.into_iter().map(|(month, figures)| StoreMonth {
        month: first_day(month),
        complete: is_complete(month, as_of),
        figures,
    });
    Ok(months.collect())
}

/// What one store sold in one period, and the customer who was counted last.
struct Cell {
    figures: StoreFigures,
    last: Option<i64>,
}

/// By period and number of the store.
type Cells = HashMap<(i64, u32), Cell, RandomState>;

/// The stores in each period, by period and store.
async fn figures(
    snapshot: &Snapshot,
    dates: RangeInclusive<Date>,
    period_of: impl Fn(i64) -> i64 + Send + Sync + 'static,
) -> Result<Vec<(i64, StoreFigures)>> {
    let orders = snapshot.orders(*dates.end(), Detail::Bookings).await?;
    let calendar = Arc::new(Calendar::until(*dates.end()));
    let first = day_of(*dates.start());
    let take = move |cells: &mut Cells, customer: &Customer| {
        let documents = customer.documents.iter();
        for document in documents.filter(|document| document.day >= first) {
            let period = period_of(calendar.month(document.day));
            let cell = cells.entry((period, document.store)).or_insert_with(blank);
            cell.add(customer.id, document);
        }
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    let mut all = Cells::default();
    for cells in orders.fold(stretches, take).await? {
        for (key, cell) in cells {
            all.entry(key)
                .or_insert_with(blank)
                .figures
                .join(cell.figures);
        }
    }
    let store_of = |number: u32| orders.stores().get(number as usize).copied();
    let mut found: Vec<(i64, StoreFigures)> = (all.into_iter())
        .map(|((period, store), cell)| {
            let store_id = store_of(store);
            (
                period,
                StoreFigures {
                    store_id,
                    ..cell.figures
                },
            )
        })
        .collect();
    found.sort_unstable_by_key(|(period, figures)| (*period, figures.store_id));
    Ok(found)
}

impl Cell {
    fn add(&mut self, customer: Option<i64>, document: &Document) {
        let sums = &mut self.figures;
        sums.net += document.net;
        sums.orders += i64::from(document.is_order());
        sums.units += document.units;
        sums.refunded += document.refunded();
        if customer.is_some() {
            sums.identified_net += document.net;
            // Everything of one customer comes together.
            if document.is_order() && self.last != customer {
                sums.customers += 1;
                self.last = customer;
            }
        }
    }
}

impl StoreFigures {
    /// Adds those of other customers.
    fn join(&mut self, other: StoreFigures) {
        self.net += other.net;
        self.orders += other.orders;
        self.units += other.units;
        self.refunded += other.refunded;
        self.identified_net += other.identified_net;
        self.customers += other.customers;
    }
}

fn blank() -> Cell {
    Cell {
        figures: StoreFigures {
            store_id: None,
            net: 0,
            orders: 0,
            units: 0,
            refunded: 0,
            identified_net: 0,
            customers: 0,
        },
        last: None,
    }
}
