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
//! The engine reads and filters; folding, ranking and medians happen here: rows are
//! passed by once, what is kept of them is narrow, and memory is known beforehand.

mod categories;
pub(crate) mod order_view;
mod people;
mod tally;

use std::sync::Arc;

use clientele_domain::lifecycle::History;
use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::Result;
use crate::columns::{each, integers};
use crate::numbers::Ids;
use crate::warehouse::joined;
use order_view::{Detail, order_view};
use people::{Gaps, Lines, People};

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

const COUNTS: &str = "
    SELECT (SELECT COUNT(*) FROM orders) AS orders, (SELECT COUNT(*) FROM order_lines) AS lines";

/// Computes the figures of every customer.
///
/// What does not fit `memory` bytes at once is done in several rounds over the tables,
/// each for a share of the customers.
pub(crate) async fn metrics(
    session: &SessionContext,
    query: MetricsQuery,
    memory: usize,
) -> Result<Metrics> {
    let (orders, lines) = counts(session).await?;
    let needed =
        (orders * people::ORDER_BYTES).max(orders * SOLD_BYTES + lines * people::LINE_BYTES);
    let rounds = needed.div_ceil(memory.max(1) as u64).clamp(1, MAX_ROUNDS);
    let room = |rows: u64| (rows / rounds + rows / rounds / 8) as usize;
    let known = customers(session).await?;
    let mut gaps = Gaps::default();
    let mut graded = Vec::new();
    for round in 0..rounds {
        let is_due = |customer: i64| rounds == 1 || share(customer, rounds) == round;
        let due = known.iter().copied().filter(|id| is_due(*id)).collect();
        let mut people = People::new(query, Ids::of(due), room(orders));
        let channels = order_view(session, query.as_of, Detail::All, |document| {
            if is_due(document.customer_id) {
                people.add(&document);
            }
        })
        .await?;
        let (sold, mut bought) = (people.take_sold(), Lines::new(people.count()));
        // Orders are folded while the lines are read.
        let folding = tokio::task::spawn_blocking(move || people.figures(channels.words(), gaps));
        let names = categories::each_line(session, sold, |person, category, quantity| {
            bought.add(person, category, quantity);
        })
        .await?;
        let mut folded = joined(folding.await)?;
        bought.favourites(&mut folded, &names);
        gaps = folded.gaps;
        let mut own = folded.people;
        match graded.is_empty() {
            true => graded = own,
            false => graded.append(&mut own),
        }
    }
    graded.sort_unstable_by_key(|metrics: &CustomerMetrics| metrics.customer_id);
    Ok(Metrics {
        customers: graded,
        typical_gap_days: gaps.rank(1, 2),
        ninth_decile_gap_days: gaps.rank(9, 10),
    })
}

const CUSTOMERS: &str = "SELECT id FROM customers WHERE id = golden_id";

/// The ids of the golden customers.
pub(crate) async fn customers(session: &SessionContext) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    each(session, CUSTOMERS, Vec::new(), |batch| {
        ids.extend_from_slice(integers(batch, "id")?.values());
        Ok(())
    })
    .await?;
    Ok(ids)
}

/// So little memory that more were needed is none to run on.
const MAX_ROUNDS: u64 = 64;

/// Bytes needed for an order while lines are read.
const SOLD_BYTES: u64 = size_of::<(i64, u32)>() as u64;

/// In which of some rounds a customer is looked at.
fn share(customer: i64, rounds: u64) -> u64 {
    // Ids of one day have the same high bits and ids of one import the same low ones.
    let mixed = customer.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) % rounds
}

/// Rows of the tables of orders and of lines.
async fn counts(session: &SessionContext) -> Result<(u64, u64)> {
    let mut counts = (0, 0);
    each(session, COUNTS, Vec::new(), |batch| {
        let (orders, lines) = (integers(batch, "orders")?, integers(batch, "lines")?);
        if batch.num_rows() > 0 {
            counts = (
                orders.value(0).unsigned_abs(),
                lines.value(0).unsigned_abs(),
            );
        }
        Ok(())
    })
    .await?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{CustomerRow, Kind, LineRow, OrderRow, ProductRow, Row, Status};
    use jiff::Timestamp;
    use jiff::civil::date;

    fn order(id: i64) -> OrderRow {
        let is_refund = id % 7 == 0;
        let net = 100 + id % 13 * 10;
        OrderRow {
            id,
            source: "till".to_owned(),
            kind: if is_refund { Kind::Refund } else { Kind::Sale },
            status: Status::Paid,
            customer_id: Some(id * 31 % 40),
            store_id: Some(id % 3),
            channel: ["store", "web", ""][(id % 3) as usize].to_owned(),
            ordered_at: Timestamp::UNIX_EPOCH,
            business_date: date(2026, 1 + (id % 6) as i8, 1 + (id % 28) as i8),
            currency: "SGD".to_owned(),
            gross: net,
            discount: 0,
            net: if is_refund { -net } else { net },
            net_residue: 0,
            units: 1,
            reporting_net: if is_refund { -net } else { net },
            original_id: is_refund.then_some(id - 1),
        }
    }

    #[tokio::test]
    async fn little_memory_takes_more_rounds_to_the_same_figures() {
        let session = SessionContext::new();
        // Half of them are in no list of customers.
        let customers: Vec<CustomerRow> = (0..20)
            .map(|id| CustomerRow {
                id,
                number: id,
                golden_id: id,
                source: "till".to_owned(),
                country: "SG".to_owned(),
                home_store_id: None,
                created_at: Timestamp::UNIX_EPOCH,
            })
            .collect();
        let products: Vec<ProductRow> = (0..5)
            .map(|id| ProductRow {
                id,
                sku: id.to_string(),
                name: String::new(),
                category: format!("category {}", id % 3),
                brand: String::new(),
                size: String::new(),
            })
            .collect();
        let lines: Vec<LineRow> = (1..=600)
            .map(|at| LineRow {
                order_id: at / 2,
                line_no: at % 2 + 1,
                product_id: Some(at % 6),
                sku: String::new(),
                quantity: 1000,
                net: 50,
            })
            .collect();
        let orders: Vec<OrderRow> = (1..=300).map(order).collect();
        for (name, batch) in [
            ("customers", CustomerRow::batch(&customers).unwrap()),
            ("products", ProductRow::batch(&products).unwrap()),
            ("order_lines", LineRow::batch(&lines).unwrap()),
            ("orders", OrderRow::batch(&orders).unwrap()),
        ] {
            session.register_batch(name, batch).unwrap();
        }
        let query = MetricsQuery {
            as_of: date(2026, 6, 30),
            window_days: 90,
            lapse_days: 30,
        };
        let at_once = metrics(&session, query, usize::MAX).await.unwrap();
        assert_eq!(at_once.customers.len(), 40);
        assert!(at_once.typical_gap_days.is_some());
        let liked = |metrics: &CustomerMetrics| metrics.favourite_category.is_some();
        assert!(at_once.customers.iter().any(liked));
        for memory in [10_000, 4_000] {
            let in_rounds = metrics(&session, query, memory).await.unwrap();
            assert_eq!(in_rounds, at_once, "{memory} bytes");
        }
    }
}
