//! The figures of the home screen, each with its last twelve points.
//!
//! A point is a span of 30 days; the last one ends on the as-of date, the one
//! before it is the equal span to compare with. Net sales, average order and
//! identification are of the span itself (booking view); active customers are
//! those with an occasion in the 90 days that end with the span, and the
//! repurchase rate looks at the 365 days that end with it (order view).

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::Ratio;
use super::documents::{Place, documents};
use crate::Result;
use crate::metrics::order_view::{Detail, order_view};
use crate::rows::{date_of, day_of};

/// Points of a series.
const POINTS: usize = 12;
const SPAN_DAYS: i32 = 30;
const ACTIVE_DAYS: i32 = 90;
const REPEAT_DAYS: i32 = 365;

/// The home screen's figures; series run from the oldest point to the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The last date that counts.
    pub as_of: Date,
    /// The date of the latest paid document up to then.
    pub data_until: Option<Date>,
    /// The last day of every point.
    pub ends: Vec<Date>,
    /// Net sales.
    pub net_sales: Vec<i64>,
    /// Orders.
    pub orders: Vec<i64>,
    /// Net sales ÷ orders.
    pub average_order: Vec<Ratio>,
    /// Net sales with known customers ÷ net sales.
    pub identification_rate: Vec<Ratio>,
    /// Customers with an occasion in the last 90 days.
    pub customers_active: Vec<i64>,
    /// Customers with two occasions ÷ customers with one, in the last 365 days.
    pub repeat_rate: Vec<Ratio>,
}

/// Computes the figures.
pub(crate) async fn home(session: &SessionContext, as_of: Date) -> Result<Home> {
    let last = day_of(as_of);
    let mut sums = [(0, 0, 0); POINTS];
    let mut data_until: Option<i32> = None;
    documents(session, Date::MIN..=as_of, &Place::default(), |document| {
        data_until = data_until.max(Some(document.day));
        let age = usize::try_from((last - document.day) / SPAN_DAYS).unwrap_or(usize::MAX);
        if age < POINTS {
            let point = &mut sums[POINTS - 1 - age];
            point.0 += document.net;
            point.1 += i64::from(document.is_order);
            point.2 += document.customer_id.map_or(0, |_| document.net);
        }
    })
    .await?;
    let occasions = &occasions(session, as_of).await?;
    let ends: Vec<i32> = (0..POINTS as i32)
        .rev()
        .map(|age| last - age * SPAN_DAYS)
        .collect();
    let buyers = |span| ends.iter().map(move |end| buyers(occasions, *end, span));
    Ok(Home {
        as_of,
        data_until: data_until.map(date_of),
        net_sales: sums.iter().map(|sum| sum.0).collect(),
        orders: sums.iter().map(|sum| sum.1).collect(),
        average_order: sums.iter().map(|sum| ratio(sum.0, sum.1)).collect(),
        identification_rate: sums.iter().map(|sum| ratio(sum.2, sum.0)).collect(),
        customers_active: buyers(ACTIVE_DAYS).map(|(once, _)| once).collect(),
        repeat_rate: buyers(REPEAT_DAYS)
            .map(|(once, twice)| ratio(twice, once))
            .collect(),
        ends: ends.iter().map(|end| date_of(*end)).collect(),
    })
}

fn ratio(numerator: i64, denominator: i64) -> Ratio {
    Ratio {
        numerator,
        denominator,
    }
}

/// Customer and day of every occasion that any point looks at, sorted.
async fn occasions(session: &SessionContext, as_of: Date) -> Result<Vec<(i64, i32)>> {
    let days = (POINTS as i32 - 1) * SPAN_DAYS + REPEAT_DAYS;
    let first = day_of(as_of) - days + 1;
    let mut occasions = Vec::new();
    order_view(session, as_of, Detail::Occasions, |document| {
        if document.counts && document.day >= first {
            occasions.push((document.customer_id, document.day));
        }
    })
    .await?;
    occasions.sort_unstable();
    occasions.dedup();
    Ok(occasions)
}

/// Customers with at least one and with at least two occasions in a span.
fn buyers(occasions: &[(i64, i32)], end: i32, span: i32) -> (i64, i64) {
    let (mut once, mut twice) = (0, 0);
    let mut current: Option<(i64, u32)> = None;
    for (customer, day) in occasions {
        if *day > end || *day <= end - span {
            continue;
        }
        let times = match current {
            Some((before, times)) if before == *customer => times + 1,
            _ => 1,
        };
        once += i64::from(times == 1);
        twice += i64::from(times == 2);
        current = Some((*customer, times));
    }
    (once, twice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_customers_once_and_its_first_day_is_inside() {
        let occasions = [
            (1, 10),
            (1, 39),
            (2, 9),
            (2, 40),
            (3, 11),
            (3, 20),
            (3, 30),
            (4, 41),
        ];
        assert_eq!(buyers(&occasions, 40, 31), (3, 2));
        assert_eq!(buyers(&occasions, 40, 30), (3, 1));
        assert_eq!(buyers(&occasions, 8, 30), (0, 0));
    }
}
