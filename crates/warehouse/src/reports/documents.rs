//! The booking view: every paid document at its own date.

use std::ops::RangeInclusive;

use deltalake::arrow::array::Array;
use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::months::Calendar;
use crate::Result;
use crate::columns::{date, days, each, integers, optional, texts, truths};
use crate::links::{Links, Node};
use crate::numbers::{IdSet, Words};
use crate::rows::day_of;

const LINKED: &str = "
    SELECT id, original_id, currency, customer_id, store_id, business_date, units, reporting_net,
           kind = 'sale' AS is_sale, kind = 'refund' AS is_refund, status = 'paid' AS is_paid
    FROM orders";

/// The same where no exchange is: ids are long to read.
const ALONE: &str = "
    SELECT CAST(0 AS BIGINT) AS id, CAST(NULL AS BIGINT) AS original_id, '' AS currency,
           customer_id, store_id, business_date, units, reporting_net,
           kind = 'sale' AS is_sale, kind = 'refund' AS is_refund, TRUE AS is_paid
    FROM orders
    WHERE status = 'paid' AND business_date >= $first AND business_date <= $last";

const STORES: &str = "SELECT id FROM stores WHERE country = $country";

/// Which part of the chain a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// One store only.
    pub store_id: Option<i64>,
    /// The stores of one country only, ISO 3166 alpha-2.
    pub country: Option<String>,
}

/// A paid document.
pub(super) struct Document {
    pub(super) customer_id: Option<i64>,
    pub(super) store_id: Option<i64>,
    /// Its date, days since 1970-01-01.
    pub(super) day: i32,
    /// Its month, see [`super::months`].
    pub(super) month: i64,
    /// Pieces; negative for refunds.
    pub(super) units: i64,
    /// In the reporting currency.
    pub(super) net: i64,
    /// Whether it is a sale that stands alone: the second half of an exchange adds
    /// money and pieces, but no order.
    pub(super) is_order: bool,
    /// Whether it gives something back.
    pub(super) is_refund: bool,
}

impl Document {
    /// What it gave back, positive.
    pub(super) fn refunded(&self) -> i64 {
        if self.is_refund { -self.net } else { 0 }
    }
}

/// Calls `take` for every document of a place between two dates.
pub(super) async fn documents(
    session: &SessionContext,
    dates: RangeInclusive<Date>,
    place: &Place,
    mut take: impl FnMut(Document),
) -> Result<()> {
    let here = place.stores(session).await?;
    let is_here = |store_id: Option<i64>| match &here {
        None => true,
        Some(here) => store_id.is_some_and(|id| here.contains(&id)),
    };
    let calendar = Calendar::until(*dates.end());
    let bounds = vec![date("first", *dates.start()), date("last", *dates.end())];
    let dates = day_of(*dates.start())..=day_of(*dates.end());
    let mut links = Links::of_exchanges(session).await?;
    let mut currencies = Words::default();
    let mut waiting: Vec<(Document, Node)> = Vec::new();
    // Elsewhere also what lies outside the dates may be named.
    let (sql, bounds) = match links.is_empty() {
        true => (ALONE, bounds),
        false => (LINKED, Vec::new()),
    };
    each(session, sql, bounds, |batch| {
        let ids = integers(batch, "id")?;
        let originals = integers(batch, "original_id")?;
        let of_currency = texts(batch, "currency")?;
        let customers = integers(batch, "customer_id")?;
        let stores = integers(batch, "store_id")?;
        let days = days(batch, "business_date")?;
        let sales = truths(batch, "is_sale")?;
        let refunds = truths(batch, "is_refund")?;
        let paid = truths(batch, "is_paid")?;
        let units = integers(batch, "units")?;
        let nets = integers(batch, "reporting_net")?;
        let (ids, days): (&[i64], &[i32]) = (ids.values(), days.values());
        let (units, nets): (&[i64], &[i64]) = (units.values(), nets.values());
        for row in 0..batch.num_rows() {
            let node = |currencies: &mut Words| Node {
                original_id: optional(&originals, row),
                is_sale: sales[row],
                currency: currencies.number(of_currency.value(row)),
            };
            if links.is_named(ids[row]) {
                links.note(ids[row], node(&mut currencies));
            }
            let (day, store_id) = (days[row], optional(&stores, row));
            if !paid[row] || !dates.contains(&day) || !is_here(store_id) {
                continue;
            }
            let document = Document {
                customer_id: optional(&customers, row),
                store_id,
                day,
                month: calendar.month(day),
                units: units[row],
                net: nets[row],
                is_order: sales[row],
                is_refund: refunds[row],
            };
            match document.is_order && originals.is_valid(row) {
                true => waiting.push((document, node(&mut currencies))),
                false => take(document),
            }
        }
        Ok(())
    })
    .await?;
    for (document, node) in waiting {
        take(Document {
            is_order: links.sale_of(node).is_none(),
            ..document
        });
    }
    Ok(())
}

impl Place {
    /// The stores of the place; none for the whole chain.
    async fn stores(&self, session: &SessionContext) -> Result<Option<IdSet>> {
        let of_country = match &self.country {
            Some(country) => Some(stores_in(session, country).await?),
            None => None,
        };
        Ok(match (self.store_id, of_country) {
            (None, of_country) => of_country,
            (Some(id), of_country) => {
                let is_there = of_country.is_none_or(|stores| stores.contains(&id));
                Some(is_there.then_some(id).into_iter().collect())
            }
        })
    }
}

async fn stores_in(session: &SessionContext, country: &str) -> Result<IdSet> {
    let mut ids = IdSet::default();
    each(
        session,
        STORES,
        vec![("country", country.into())],
        |batch| {
            ids.extend(integers(batch, "id")?.values().iter().copied());
            Ok(())
        },
    )
    .await?;
    Ok(ids)
}
