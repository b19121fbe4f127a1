//! Folding documents into the figures of their customers.

use std::collections::HashMap;

use clientele_domain::lifecycle::median;

use super::tally::Tally;
use super::{CustomerMetrics, Metrics, MetricsQuery};
use crate::rows::{date_of, day_of};

/// One document of the order view.
pub(super) struct Document<'a> {
    pub(super) id: i64,
    pub(super) customer_id: i64,
    pub(super) store_id: Option<i64>,
    pub(super) channel: &'a str,
    pub(super) day: i32,
    pub(super) net: i64,
    pub(super) counts: bool,
    pub(super) sales: i64,
    pub(super) refunds: i64,
}

/// Everybody met so far.
pub(super) struct People {
    window_starts: i64,
    numbers: HashMap<i64, u32>,
    people: Vec<Person>,
    /// Person and day of every order that counts.
    occasions: Vec<(u32, i32)>,
    /// Those orders themselves and their persons.
    sold: Vec<(i64, u32)>,
    /// The same of every sale in the window that was given back.
    returned: Vec<(u32, i32)>,
    channels: Vec<String>,
}

#[derive(Default)]
struct Person {
    customer_id: i64,
    monetary: i64,
    refunded: i64,
    lifetime_orders: i64,
    lifetime_net: i64,
    sales: i64,
    refunds: i64,
    stores: Tally<i64>,
    channels: Tally<usize>,
    categories: Tally<usize>,
}

impl People {
    pub(super) fn new(window_starts: i64) -> Self {
        Self {
            window_starts,
            numbers: HashMap::new(),
            people: Vec::new(),
            occasions: Vec::new(),
            sold: Vec::new(),
            returned: Vec::new(),
            channels: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, document: Document<'_>) {
        let number = self.number(document.customer_id);
        let channel = self.channel(document.channel);
        let person = &mut self.people[number as usize];
        person.lifetime_net += document.net;
        person.sales += document.sales;
        person.refunds += document.refunds;
        if i64::from(document.day) >= self.window_starts {
            person.monetary += document.net;
            person.refunded += document.refunds;
            if !document.counts && document.sales > 0 && document.refunds > 0 {
                self.returned.push((number, document.day));
            }
        }
        if !document.counts {
            return;
        }
        person.lifetime_orders += 1;
        self.occasions.push((number, document.day));
        self.sold.push((document.id, number));
        if let Some(store) = document.store_id {
            person.stores.add(store, 1, document.net);
        }
        if let Some(channel) = channel {
            person.channels.add(channel, 1, document.net);
        }
    }

    /// Order and person of every order that counts, to find their lines.
    pub(super) fn take_sold(&mut self) -> Vec<(i64, u32)> {
        std::mem::take(&mut self.sold)
    }

    pub(super) fn add_line(&mut self, person: usize, category: usize, quantity: i64) {
        self.people[person].categories.add(category, 1, quantity);
    }

    fn number(&mut self, customer_id: i64) -> u32 {
        *self.numbers.entry(customer_id).or_insert_with(|| {
            self.people.push(Person {
                customer_id,
                ..Person::default()
            });
            u32::try_from(self.people.len() - 1).expect("memory ends before four billion customers")
        })
    }

    fn channel(&mut self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let known = self.channels.iter().position(|channel| channel == name);
        Some(known.unwrap_or_else(|| {
            self.channels.push(name.to_owned());
            self.channels.len() - 1
        }))
    }

    pub(super) fn finish(mut self, query: MetricsQuery, categories: &[String]) -> Metrics {
        self.occasions.sort_unstable();
        self.occasions.dedup();
        self.returned.sort_unstable();
        self.returned.dedup();
        let mut occasions = self.occasions.as_slice();
        let mut gaps = Gaps::default();
        let by_name = self.channels_by_name();
        let mut customers = Vec::with_capacity(self.people.len());
        for (number, person) in self.people.iter().enumerate() {
            let own = occasions.partition_point(|(owner, _)| *owner as usize <= number);
            let (mine, others) = occasions.split_at(own);
            occasions = others;
            let mut metrics = person.figures(categories);
            metrics.favourite_channel = person.channel(&by_name, &self.channels);
            walk(&mut metrics, mine, self.window_starts, query, &mut gaps);
            customers.push(metrics);
        }
        for lost in &self.returned {
            if self.occasions.binary_search(lost).is_err() {
                customers[lost.0 as usize].refunded_occasions += 1;
            }
        }
        customers.sort_unstable_by_key(|metrics| metrics.customer_id);
        Metrics {
            customers,
            typical_gap_days: gaps.rank(1, 2),
            ninth_decile_gap_days: gaps.rank(9, 10),
        }
    }

    /// For each channel its place among the sorted names.
    fn channels_by_name(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.channels.len()).collect();
        order.sort_unstable_by_key(|channel| &self.channels[*channel]);
        let mut places = vec![0; order.len()];
        for (place, channel) in order.into_iter().enumerate() {
            places[channel] = place;
        }
        places
    }
}

impl Person {
    fn figures(&self, categories: &[String]) -> CustomerMetrics {
        let rate = |(refunds, sales): (i64, i64)| {
            let rate = i128::from(refunds) * 1_000_000 / i128::from(sales);
            i64::try_from(rate).unwrap_or(i64::MAX)
        };
        CustomerMetrics {
            customer_id: self.customer_id,
            first_order: None,
            last_order: None,
            recency_days: None,
            frequency: 0,
            monetary: self.monetary,
            refunded: self.refunded,
            refunded_occasions: 0,
            lifetime_orders: self.lifetime_orders,
            lifetime_net: self.lifetime_net,
            occasions: 0,
            average_basket: divide(self.lifetime_net, self.lifetime_orders),
            interval_days: None,
            last_gap_days: None,
            longest_gap_days: None,
            returned: None,
            refund_rate_ppm: (self.sales > 0).then(|| rate((self.refunds, self.sales))),
            favourite_store_id: self.stores.favourite(),
            favourite_category: self
                .categories
                .favourite()
                .and_then(|category| categories.get(category).cloned()),
            favourite_channel: None,
        }
    }

    fn channel(&self, places: &[usize], names: &[String]) -> Option<String> {
        let mut by_name = Tally::default();
        for (channel, orders, net) in self.channels.entries() {
            by_name.add((places[channel], channel), orders, net);
        }
        by_name
            .favourite()
            .map(|(_, channel)| names[channel].clone())
    }
}

/// Fills in what follows from the sorted dates of one customer's occasions.
fn walk(
    metrics: &mut CustomerMetrics,
    occasions: &[(u32, i32)],
    window_starts: i64,
    query: MetricsQuery,
    gaps: &mut Gaps,
) {
    let (Some((_, first)), Some((_, last))) = (occasions.first(), occasions.last()) else {
        return;
    };
    metrics.first_order = Some(date_of(*first));
    metrics.last_order = Some(date_of(*last));
    metrics.recency_days = Some(i64::from(day_of(query.as_of) - last));
    metrics.occasions = occasions.len() as i64;
    let before = occasions.partition_point(|(_, day)| i64::from(*day) < window_starts);
    metrics.frequency = (occasions.len() - before) as i64;
    let mut own: Vec<i64> = Vec::with_capacity(occasions.len() - 1);
    for pair in occasions.windows(2) {
        let gap = i64::from(pair[1].1 - pair[0].1);
        gaps.add(gap);
        own.push(gap);
        if gap > query.lapse_days {
            metrics.returned = Some(date_of(pair[1].1));
        }
    }
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
