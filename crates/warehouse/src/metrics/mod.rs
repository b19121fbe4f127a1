//! Figures of every customer as of a date.
//!
//! Definitions are those of the developer reference; where it leaves a choice:
//!
//! * Everything is in the order view (see [`order_view`]) and in the reporting
//!   currency at order-date rates.
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
//! The engine joins and filters; ranking and medians happen here, because
//! window sorts over a whole table do not fit a limited memory.

mod categories;
pub(crate) mod order_view;
mod people;
mod tally;

use clientele_domain::lifecycle::History;
use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::Result;
use crate::columns::{days, each, integers, optional, texts};
use crate::rows::day_of;
use categories::SPAN_ORDERS;
use people::{Document, People};

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
    pub favourite_category: Option<String>,
    /// The channel of most orders.
    pub favourite_channel: Option<String>,
}

impl CustomerMetrics {
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

const DOCUMENTS: &str = "
    SELECT id, customer_id, store_id, channel, business_date, net, counts, sales, refunds
    FROM order_view
    WHERE customer_id IS NOT NULL";

/// Computes the figures of every customer.
pub(crate) async fn metrics(session: &SessionContext, query: MetricsQuery) -> Result<Metrics> {
    order_view::links(session).await?;
    order_view::order_view(session, query.as_of).await?;
    let first_day = i64::from(day_of(query.as_of)) - query.window_days + 1;
    let mut people = People::new(first_day);
    each(session, DOCUMENTS, Vec::new(), |batch| {
        let ids = integers(batch, "id")?;
        let customers = integers(batch, "customer_id")?;
        let stores = integers(batch, "store_id")?;
        let channels = texts(batch, "channel")?;
        let dates = days(batch, "business_date")?;
        let nets = integers(batch, "net")?;
        let counts = integers(batch, "counts")?;
        let sales = integers(batch, "sales")?;
        let refunds = integers(batch, "refunds")?;
        for row in 0..batch.num_rows() {
            people.add(Document {
                id: ids.value(row),
                customer_id: customers.value(row),
                store_id: optional(&stores, row),
                channel: channels.value(row),
                day: dates.value(row),
                net: nets.value(row),
                counts: counts.value(row) == 1,
                sales: sales.value(row),
                refunds: refunds.value(row),
            });
        }
        Ok(())
    })
    .await?;
    let sold = people.take_sold();
    let names = categories::each_line(session, sold, SPAN_ORDERS, |person, category, quantity| {
        people.add_line(person, category, quantity);
    })
    .await?;
    Ok(people.finish(query, &names))
}
