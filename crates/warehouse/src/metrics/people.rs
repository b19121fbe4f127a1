//! Folding the documents of one customer into their figures.

use std::sync::Arc;

use clientele_domain::lifecycle::median;

use super::tally::Tally;
use super::{CustomerMetrics, Metrics, MetricsQuery};
use crate::numbers::IdMap;
use crate::projection::{Customer, Orders};
use crate::rows::{date_of, day_of};

/// What the figures depend on besides the documents.
pub(super) struct Rule {
    query: MetricsQuery,
    /// The first day of the window.
    window_starts: i32,
    /// Stores by their numbers.
    stores: Vec<i64>,
    channels: Names,
    categories: Names,
}

/// The names of things that are known by numbers.
struct Names {
    /// Sorted.
    names: Vec<Arc<str>>,
    /// Of every number the place of its name; none for what has none.
    places: Vec<Option<usize>>,
}

impl Names {
    fn of(names: &[Option<&str>]) -> Self {
        let mut sorted: Vec<&str> = names.iter().flatten().copied().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let place = |name: &str| sorted.partition_point(|other| *other < name);
        Self {
            places: names.iter().map(|name| name.map(place)).collect(),
            names: sorted.into_iter().map(Into::into).collect(),
        }
    }
}

impl Rule {
    pub(super) fn of(query: MetricsQuery, orders: &Orders, categories: IdMap<String>) -> Self {
        let window_starts = i64::from(day_of(query.as_of)) - query.window_days + 1;
        let channels = orders.channels().iter().map(|name| Some(name.as_str()));
        let of_product = |id: &i64| categories.get(id).map(String::as_str);
        let of_products = orders.products().iter().map(of_product);
        Self {
            query,
            window_starts: i32::try_from(window_starts).unwrap_or(i32::MIN),
            stores: orders.stores().to_vec(),
            channels: Names::of(&channels.collect::<Vec<_>>()),
            categories: Names::of(&of_products.collect::<Vec<_>>()),
        }
    }
}

/// The figures of some customers.
#[derive(Default)]
pub(super) struct People {
    customers: Vec<CustomerMetrics>,
    gaps: Gaps,
    // Used again for every customer.
    stores: Tally<i64>,
    channels: Tally<usize>,
    categories: Tally<usize>,
    days: Vec<i32>,
    returned: Vec<i32>,
}

impl People {
    /// Adds the next customer with all documents.
    pub(super) fn add(&mut self, rule: &Rule, id: i64, customer: &Customer) {
        self.stores.clear();
        self.channels.clear();
        self.categories.clear();
        self.days.clear();
        self.returned.clear();
        let mut metrics = blank(id);
        let (mut sales, mut refunds, mut is_known) = (0, 0, false);
        for document in &customer.documents {
            let Some(kept) = document.kept() else {
                continue;
            };
            is_known = true;
            metrics.lifetime_net += kept.net;
            sales += kept.sales;
            refunds += kept.refunds;
            if document.day >= rule.window_starts {
                metrics.monetary += kept.net;
                metrics.refunded += kept.refunds;
                if !kept.counts && kept.sales > 0 && kept.refunds > 0 {
                    self.returned.push(document.day);
                }
            }
            if !kept.counts {
                continue;
            }
            metrics.lifetime_orders += 1;
            self.days.push(document.day);
            if let Some(store) = rule.stores.get(document.store as usize) {
                self.stores.add(*store, 1, kept.net);
            }
            if let Some(Some(channel)) = rule.channels.places.get(document.channel as usize) {
                self.channels.add(*channel, 1, kept.net);
            }
            for good in customer.goods_of(document) {
                if let Some(category) = rule.categories.places[good.product as usize] {
                    self.categories.add(category, 1, good.quantity);
                }
            }
        }
        if !is_known {
            return;
        }
        sort_days(&mut self.days);
        sort_days(&mut self.returned);
        let is_lost = |day: &&i32| self.days.binary_search(day).is_err();
        metrics.refunded_occasions = self.returned.iter().filter(is_lost).count() as i64;
        metrics.average_basket = divide(metrics.lifetime_net, metrics.lifetime_orders);
        metrics.refund_rate_ppm = (sales > 0).then(|| per_million(refunds, sales));
        metrics.favourite_store_id = self.stores.favourite();
        let named = |names: &Names, place: Option<usize>| place.map(|at| names.names[at].clone());
        metrics.favourite_channel = named(&rule.channels, self.channels.favourite());
        metrics.favourite_category = named(&rule.categories, self.categories.favourite());
        walk(&mut metrics, &self.days, rule, &mut self.gaps);
        self.customers.push(metrics);
    }

    /// The figures of all who were added to some, one after the other.
    pub(super) fn metrics(all: Vec<Self>) -> Metrics {
        // Growing step by step would move a million customers again and again.
        let count = all.iter().map(|some| some.customers.len()).sum();
        let mut customers = Vec::with_capacity(count);
        let mut gaps = Gaps::default();
        for mut some in all {
            customers.append(&mut some.customers);
            gaps.join(&some.gaps);
        }
        Metrics {
            customers,
            typical_gap_days: gaps.rank(1, 2),
            ninth_decile_gap_days: gaps.rank(9, 10),
        }
    }
}

fn sort_days(days: &mut Vec<i32>) {
    days.sort_unstable();
    days.dedup();
}

/// Nothing is known yet.
fn blank(customer_id: i64) -> CustomerMetrics {
    CustomerMetrics {
        customer_id,
        first_order: None,
        last_order: None,
        recency_days: None,
        frequency: 0,
        monetary: 0,
        refunded: 0,
        refunded_occasions: 0,
        lifetime_orders: 0,
        lifetime_net: 0,
        occasions: 0,
        average_basket: None,
        interval_days: None,
        last_gap_days: None,
        longest_gap_days: None,
        returned: None,
        refund_rate_ppm: None,
        favourite_store_id: None,
        favourite_category: None,
        favourite_channel: None,
    }
}

fn per_million(part: i64, whole: i64) -> i64 {
    let rate = i128::from(part) * 1_000_000 / i128::from(whole);
    i64::try_from(rate).unwrap_or(i64::MAX)
}

/// Fills in what follows from the sorted dates of one customer's occasions.
fn walk(metrics: &mut CustomerMetrics, occasions: &[i32], rule: &Rule, gaps: &mut Gaps) {
    let (Some(first), Some(last)) = (occasions.first(), occasions.last()) else {
        return;
    };
    metrics.first_order = Some(date_of(*first));
    metrics.last_order = Some(date_of(*last));
    metrics.recency_days = Some(i64::from(day_of(rule.query.as_of) - last));
    metrics.occasions = occasions.len() as i64;
    let before = occasions.partition_point(|day| *day < rule.window_starts);
    metrics.frequency = (occasions.len() - before) as i64;
    let mut own: Vec<i64> = Vec::with_capacity(occasions.len() - 1);
    let mut returned = None;
    for pair in occasions.windows(2) {
        let gap = i64::from(pair[1] - pair[0]);
        gaps.add(gap);
        own.push(gap);
        if gap > rule.query.lapse_days {
            returned = Some(pair[1]);
        }
    }
    metrics.returned = returned.map(date_of);
    metrics.last_gap_days = own.last().copied();
    metrics.longest_gap_days = own.iter().copied().max();
    metrics.interval_days = median(own);
}

/// How often each gap occurred.
#[derive(Default)]
struct Gaps(Vec<u64>);

impl Gaps {
    fn add(&mut self, days: i64) {
        let days = usize::try_from(days).unwrap_or(0);
        if self.0.len() <= days {
            self.0.resize(days + 1, 0);
        }
        self.0[days] += 1;
    }

    fn join(&mut self, other: &Gaps) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    /// The smallest gap that the given share of all gaps does not exceed.
    fn rank(&self, share: u64, of: u64) -> Option<i64> {
        let total: u64 = self.0.iter().sum();
        let wanted = (total * share).div_ceil(of);
        let mut seen = 0;
        let found = self.0.iter().position(|count| {
            seen += count;
            seen >= wanted && seen > 0
        });
        found.map(|days| days as i64)
    }
}

/// The quotient, halves away from zero; none without a divisor.
fn divide(amount: i64, by: i64) -> Option<i64> {
    if by == 0 {
        return None;
    }
    let (amount, by) = (i128::from(amount), i128::from(by));
    let half = by.abs() / 2;
    let rounded = (amount.abs() + half) / by.abs() * amount.signum() * by.signum();
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (amount, by, expected) in [
            (5, 2, Some(3)),
            (-5, 2, Some(-3)),
            (4, 3, Some(1)),
            (5, 3, Some(2)),
            (0, 7, Some(0)),
            (1, 0, None),
            (i64::MAX, 1, Some(i64::MAX)),
        ] {
            assert_eq!(divide(amount, by), expected, "{amount} ÷ {by}");
        }
    }

    #[test]
    fn gap_ranks_follow_the_nearest_rank() {
        let mut gaps = Gaps::default();
        assert_eq!(gaps.rank(1, 2), None);
        for days in 1..=10 {
            gaps.add(days);
        }
        assert_eq!(gaps.rank(1, 2), Some(5));
        assert_eq!(gaps.rank(9, 10), Some(9));
    }
}
