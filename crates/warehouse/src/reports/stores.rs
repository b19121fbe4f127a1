//! Sales by store, over a period and by month.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use deltalake::datafusion::prelude::SessionContext;
use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::documents::{Place, documents};
use super::months::{first_day, is_complete};
use crate::Result;
use crate::metrics::customers;
use crate::numbers::{Distinct, Ids};

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
pub(crate) async fn stores(
    session: &SessionContext,
    period: StorePeriod,
) -> Result<Vec<StoreFigures>> {
    let found = figures(session, period.from..=period.to, |_| 0).await?;
    Ok(found.into_iter().map(|(_, figures)| figures).collect())
}

/// The stores by month, by month and store.
pub(crate) async fn store_months(session: &SessionContext, as_of: Date) -> Result<Vec<StoreMonth>> {
    let found = figures(session, Date::MIN..=as_of, |month| month).await?;
    let months = found.into_iter().map(|(month, figures)| StoreMonth {
        month: first_day(month),
        complete: is_complete(month, as_of),
        figures,
    });
    Ok(months.collect())
}

/// The stores in each period, by period and store.
async fn figures(
    session: &SessionContext,
    dates: RangeInclusive<Date>,
    period_of: impl Fn(i64) -> i64,
) -> Result<Vec<(i64, StoreFigures)>> {
    let (mut people, mut buyers) = (Ids::of(customers(session).await?), Distinct::default());
    // The places of the found figures, by period and store.
    let mut cells: HashMap<(i64, Option<i64>), usize, RandomState> = HashMap::default();
    let mut found: Vec<(i64, StoreFigures)> = Vec::new();
    documents(session, dates, &Place::default(), |document| {
        let (period, store_id) = (period_of(document.month), document.store_id);
        let cell = *cells.entry((period, store_id)).or_insert_with(|| {
            found.push((period, blank(store_id)));
            found.len() - 1
        });
        let sums = &mut found[cell].1;
        sums.net += document.net;
        sums.orders += i64::from(document.is_order);
        sums.units += document.units;
        sums.refunded += document.refunded();
        if let Some(customer) = document.customer_id {
            sums.identified_net += document.net;
            if document.is_order {
                let cell = u32::try_from(cell).expect("stores and months are few");
                buyers.add(cell, people.number(customer));
            }
        }
    })
    .await?;
    for (cell, people) in buyers.count() {
        found[cell as usize].1.customers = people;
    }
    found.sort_unstable_by_key(|(period, figures)| (*period, figures.store_id));
    Ok(found)
}

fn blank(store_id: Option<i64>) -> StoreFigures {
    StoreFigures {
        store_id,
        net: 0,
        orders: 0,
        units: 0,
        refunded: 0,
        identified_net: 0,
        customers: 0,
    }
}
