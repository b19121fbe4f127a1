//! The figures of the home screen, each with its last twelve points.
//!
//! A point is a span of 30 days; the last one ends on the as-of date, the one
//! before it is the equal span to compare with. Net sales, average order and
//! identification are of the span itself (booking view); active customers are
//! those with an occasion in the 90 days that end with the span, and the
//! repurchase rate looks at the 365 days that end with it (order view).

use jiff::civil::Date;

use super::Ratio;
use super::place::{Here, Place};
use crate::Result;
use crate::projection::{Customer, Detail, Document};
use crate::rows::{date_of, day_of};
use crate::snapshot::Snapshot;

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

/// What is summed up for the figures; of every point the same.
#[derive(Default)]
struct Sums {
    last_day: Option<i32>,
    net: [i64; POINTS],
    orders: [i64; POINTS],
    identified_net: [i64; POINTS],
    active: [i64; POINTS],
    once: [i64; POINTS],
    twice: [i64; POINTS],
    /// The days of the customer who is counted.
    days: Vec<i32>,
}

/// Computes the figures of a place.
pub(crate) async fn home(snapshot: &Snapshot, as_of: Date, place: &Place) -> Result<Home> {
    let detail = match place.is_everywhere() {
        true => Detail::Days,
        false => Detail::Orders,
    };
    let orders = snapshot.orders(as_of, detail).await?;
    let here = place.among(snapshot, orders.stores()).await?;
    let last = day_of(as_of);
    let take = move |sums: &mut Sums, customer: &Customer| {
        sums.book(last, &here, customer);
        if customer.id.is_some() {
            sums.count(last, &here, &customer.documents);
        }
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    let mut sums = Sums::default();
    for some in orders.fold(stretches, take).await? {
        sums.join(&some);
    }
    let ratios = |numerators: &[i64; POINTS], denominators: &[i64; POINTS]| {
        let pairs = numerators.iter().zip(denominators);
        pairs.map(|(part, whole)| ratio(*part, *whole)).collect()
    };
    Ok(Home {
        as_of,
        data_until: sums.last_day.map(date_of),
        ends: (0..POINTS).map(|point| date_of(end(last, point))).collect(),
        net_sales: sums.net.to_vec(),
        orders: sums.orders.to_vec(),
        average_order: ratios(&sums.net, &sums.orders),
        identification_rate: ratios(&sums.identified_net, &sums.net),
        customers_active: sums.active.to_vec(),
        repeat_rate: ratios(&sums.twice, &sums.once),
    })
}

/// The last day of a point's span.
fn end(last: i32, point: usize) -> i32 {
    last - (POINTS - 1 - point) as i32 * SPAN_DAYS
}

fn ratio(numerator: i64, denominator: i64) -> Ratio {
    Ratio {
        numerator,
        denominator,
    }
}

impl Sums {
    /// Adds what was booked.
    fn book(&mut self, last: i32, here: &Here, customer: &Customer) {
        for document in customer
            .documents
            .iter()
            .filter(|document| here.has(document.store))
        {
            self.last_day = self.last_day.max(Some(document.day));
            let age = usize::try_from((last - document.day) / SPAN_DAYS).unwrap_or(usize::MAX);
            if age >= POINTS {
                continue;
            }
            let point = POINTS - 1 - age;
            self.net[point] += document.net;
            self.orders[point] += i64::from(document.is_order());
            if customer.id.is_some() {
                self.identified_net[point] += document.net;
            }
        }
    }

    /// Counts a customer wherever there are occasions.
    fn count(&mut self, last: i32, here: &Here, documents: &[Document]) {
        let first = end(last, 0).saturating_sub(REPEAT_DAYS);
        let counts = |document: &&Document| {
            document.day > first
                && here.has(document.store)
                && document.kept().is_some_and(|kept| kept.counts)
        };
        let mut days = std::mem::take(&mut self.days);
        days.clear();
        days.extend(documents.iter().filter(counts).map(|document| document.day));
        days.sort_unstable();
        days.dedup();
        for point in 0..POINTS {
            let end = end(last, point);
            let times = within(&days, end, REPEAT_DAYS);
            self.active[point] += i64::from(within(&days, end, ACTIVE_DAYS) > 0);
            self.once[point] += i64::from(times > 0);
            self.twice[point] += i64::from(times > 1);
        }
        self.days = days;
    }

    /// Adds those of other customers.
    fn join(&mut self, other: &Sums) {
        self.last_day = self.last_day.max(other.last_day);
        for (sums, more) in [
            (&mut self.net, &other.net),
            (&mut self.orders, &other.orders),
            (&mut self.identified_net, &other.identified_net),
            (&mut self.active, &other.active),
            (&mut self.once, &other.once),
            (&mut self.twice, &other.twice),
        ] {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }
}

/// How many of the sorted days are among those that end with a day.
fn within(days: &[i32], end: i32, span: i32) -> usize {
    let before = |day: i32| days.partition_point(|other| *other <= day);
    before(end) - before(end.saturating_sub(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_span_are_inside() {
        let days = [9, 10, 11, 20, 39, 40, 41];
        assert_eq!(within(&days, 40, 31), 5);
        assert_eq!(within(&days, 40, 30), 4);
        assert_eq!(within(&days, 8, 30), 0);
        assert_eq!(within(&[], 8, 30), 0);
    }
}
