//! Figures of every customer as of a date.
//!
//! Definitions are those of the developer reference; where it leaves a choice:
//!
//! * Everything is in the order view, which is every sale with what refunds and
//!   exchanges left of it (see below), and in the reporting currency at order-date
//!   rates.
//! * An **occasion** is a business date on which the customer has at least one
//!   order that counts.
//! * The **window** is the as-of date and the days before it, `window_days` in
//!   all: an occasion is inside while its recency is below `window_days`.
//! * **Monetary** sums everything dated inside the window, also refunds that
//!   belong to no known sale. It may be negative.
//! * The **interval** is the lower median of the days between consecutive
//!   occasions; one occasion has none.
//! * The **refund rate** is refunds ÷ sales by value over the lifetime. Refunds
//!   without a known sale are among them: over a lifetime, "the same orders"
//!   are all orders of the customer. Without sales there is no rate.
//! * **Favourites** are of orders that count: the store and the channel with
//!   most orders (then most money, then the smallest id or name), the category
//!   with most lines (then most pieces, then the first name).
//!
//! In the order view:
//!
//! * A document that belongs to a sale changes its amounts at the sale's date and for
//!   the sale's customer. If the sale is not paid, it never existed, and neither does
//!   what belongs to it.
//! * A document that stands alone changes net amounts at its own date and for its own
//!   customer. If it is a sale, it is an order.
//! * An order counts while something of it is left: its exact net in its own currency
//!   is positive, or it was free from the start (net zero, nothing belongs to it).
//!   CDNOW's eight free orders are orders; a fully refunded one, or a "sale" of
//!   negative net, is none.
//!
//! Everything is said of one customer at a time by walking through the
//! [projections](crate::projection) of the orders.

mod people;
mod tally;

use std::sync::Arc;

use clientele_domain::lifecycle::History;
use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::Result;
use crate::columns::{each, integers, texts};
use crate::numbers::IdMap;
use crate::projection::{Customer, Detail};
use crate::rows::{Digest, day_of};
use crate::snapshot::Snapshot;
use people::{People, Rule};

/// What the metrics depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricsQuery {
    /// The last date that counts.
    pub as_of: Date,
    /// Days of the window for frequency and monetary value.
    pub window_days: i64,
    /// Silence after which a customer counts as lapsed, to find returns.
    pub lapse_days: i64,
}

/// The figures of everybody who ever bought or gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// By ascending customer id.
    pub customers: Vec<CustomerMetrics>,
    /// The lower median of all gaps between consecutive occasions.
    pub typical_gap_days: Option<i64>,
    /// The gap that nine in ten gaps do not exceed.
    pub ninth_decile_gap_days: Option<i64>,
}

/// The figures of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerMetrics {
    /// The golden customer.
    pub customer_id: i64,
    /// First occasion; none while no order counts.
    pub first_order: Option<Date>,
    /// Last occasion.
    pub last_order: Option<Date>,
    /// Calendar days since the last occasion.
    pub recency_days: Option<i64>,
    /// Occasions in the window.
    pub frequency: i64,
    /// Net spend in the window.
    pub monetary: i64,
    /// What refunds took from it, positive.
    pub refunded: i64,
    /// Dates in the window on which every order was given back.
    pub refunded_occasions: i64,
    /// Orders that count, ever.
    pub lifetime_orders: i64,
    /// Net spend, ever.
    pub lifetime_net: i64,
    /// Occasions, ever.
    pub occasions: i64,
    /// Lifetime net ÷ lifetime orders, halves away from zero.
    pub average_basket: Option<i64>,
    /// Lower median of the days between consecutive occasions.
    pub interval_days: Option<i64>,
    /// Days between the last two occasions.
    pub last_gap_days: Option<i64>,
    /// The longest silence so far that ended.
    pub longest_gap_days: Option<i64>,
    /// The latest occasion after a silence of more than `lapse_days`.
    pub returned: Option<Date>,
    /// Refunds per million of sales, by value.
    pub refund_rate_ppm: Option<i64>,
    /// The store of most orders.
    pub favourite_store_id: Option<i64>,
    /// The category of most lines.
    pub favourite_category: Option<Arc<str>>,
    /// The channel of most orders.
    pub favourite_channel: Option<Arc<str>>,
}

impl CustomerMetrics {
    /// Mixes in all figures but the recency, which every day changes.
    pub fn digest(&self, digest: &mut Digest) {
        let dates = [self.first_order, self.last_order, self.returned];
        let dates = dates.map(|date| date.map(|date| i64::from(day_of(date))));
        let numbers = [
            self.frequency,
            self.monetary,
            self.refunded,
            self.refunded_occasions,
            self.lifetime_orders,
            self.lifetime_net,
            self.occasions,
        ];
        let optional = [
            self.average_basket,
            self.interval_days,
            self.last_gap_days,
            self.longest_gap_days,
            self.refund_rate_ppm,
            self.favourite_store_id,
        ];
        for number in numbers.map(Some).into_iter().chain(dates).chain(optional) {
            match number {
                Some(number) => digest.number(number),
                None => digest.nothing(),
            }
        }
        for text in [&self.favourite_category, &self.favourite_channel] {
            match text {
                Some(text) => digest.text(text),
                None => digest.nothing(),
            }
        }
    }

    /// What the lifecycle rule needs; none while no order counts.
    pub fn history(&self) -> Option<History> {
        Some(History {
            first: self.first_order?,
            last: self.last_order?,
            occasions: self.occasions,
            median_gap_days: self.interval_days,
            returned: self.returned,
        })
    }
}

/// Computes the figures of every customer.
pub(crate) async fn metrics(snapshot: &Snapshot, query: MetricsQuery) -> Result<Metrics> {
    let categories = categories(&snapshot.session().await?).await?;
    let orders = snapshot.orders(query.as_of, Detail::Goods).await?;
    let rule = Rule::of(query, &orders, categories);
    let take = move |people: &mut People, customer: &Customer| {
        if let Some(id) = customer.id {
            people.add(&rule, id, customer);
        }
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    Ok(People::metrics(orders.fold(stretches, take).await?))
}

const PRODUCTS: &str = "SELECT id, category FROM products WHERE category <> ''";

/// The categories of the products that have one.
async fn categories(session: &SessionContext) -> Result<IdMap<String>> {
    let mut categories = IdMap::default();
    each(session, PRODUCTS, Vec::new(), |batch| {
        let ids = integers(batch, "id")?;
        let names = texts(batch, "category")?;
        let rows = 0..batch.num_rows();
        categories.extend(rows.map(|row| (ids.value(row), names.value(row).to_owned())));
        Ok(())
    })
    .await?;
    Ok(categories)
}
