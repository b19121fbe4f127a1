//! Folding documents into the figures of their customers.
//!
//! What can be summed is summed as it comes. The orders that count are kept, narrow,
//! and sorted by customer and day, so that everything else is said of one customer
//! at a time.

use std::sync::Arc;

use clientele_domain::lifecycle::median;

use super::order_view::Document;
use super::tally::Tally;
use super::{CustomerMetrics, MetricsQuery};
use crate::numbers::{Ids, high, low, pair, sort};
use crate::rows::{date_of, day_of};

/// Bytes needed for an order that counts: to be kept, to be sorted, and until its lines
/// are found.
pub(super) const ORDER_BYTES: u64 = (2 * size_of::<Order>() + size_of::<(i64, u32)>()) as u64;

/// Everybody met so far.
pub(super) struct People {
    query: MetricsQuery,
    /// The first day of the window.
    window_starts: i32,
    ids: Ids,
    /// By the number of the person; none for those not met.
    sums: Vec<Option<Sums>>,
    orders: Vec<Order>,
    /// Those orders' ids and their persons.
    sold: Vec<(i64, u32)>,
    /// Person and day of every sale in the window that was given back.
    returned: Vec<u64>,
    stores: Ids,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    monetary: i64,
    refunded: i64,
    lifetime_net: i64,
    sales: i64,
    refunds: i64,
}

/// An order that counts.
#[derive(Clone, Copy, Default)]
struct Order {
    /// Person and day, see [`moment`].
    moment: u64,
    store: u32,
    channel: u32,
    net: i64,
}

/// No store, no channel.
const NONE: u32 = u32::MAX;

/// Sorts by person and then by day, also by days before 1970.
fn moment(person: u32, day: i32) -> u64 {
    pair(person, day.cast_unsigned() ^ (1 << 31))
}

fn day_of_moment(moment: u64) -> i32 {
    (low(moment) ^ (1 << 31)).cast_signed()
}

impl People {
    /// Nobody met yet of those known, with room for so many orders.
    pub(super) fn new(query: MetricsQuery, known: Ids, orders: usize) -> Self {
        let window_starts = i64::from(day_of(query.as_of)) - query.window_days + 1;
        Self {
            query,
            window_starts: i32::try_from(window_starts).unwrap_or(i32::MIN),
            sums: vec![None; known.ids().len()],
            ids: known,
            orders: Vec::with_capacity(orders),
            sold: Vec::with_capacity(orders),
            returned: Vec::new(),
            stores: Ids::default(),
        }
    }

    pub(super) fn add(&mut self, document: &Document) {
        let person = self.ids.number(document.customer_id);
        if self.sums.len() < self.ids.ids().len() {
            self.sums.push(None);
        }
        let sums = self.sums[person as usize].get_or_insert_default();
        sums.lifetime_net += document.net;
        sums.sales += document.sales;
        sums.refunds += document.refunds;
        if document.day >= self.window_starts {
            sums.monetary += document.net;
            sums.refunded += document.refunds;
            if !document.counts && document.sales > 0 && document.refunds > 0 {
                self.returned.push(moment(person, document.day));
            }
        }
        if document.counts {
            self.orders.push(Order {
                moment: moment(person, document.day),
                store: document.store_id.map_or(NONE, |id| self.stores.number(id)),
                channel: document.channel.unwrap_or(NONE),
                net: document.net,
            });
            self.sold.push((document.id, person));
        }
    }

    /// How many numbers are given.
    pub(super) fn count(&self) -> usize {
        self.sums.len()
    }

    /// Order and person of every order that counts, to find their lines.
    pub(super) fn take_sold(&mut self) -> Vec<(i64, u32)> {
        std::mem::take(&mut self.sold)
    }

    /// The figures of everybody met, but for what their lines say; `channels` are the
    /// words of the channels' numbers, `gaps` those counted so far.
    pub(super) fn figures(mut self, channels: &[String], mut gaps: Gaps) -> Folded {
        sort(&mut self.orders, |order| order.moment);
        self.returned.sort_unstable();
        self.returned.dedup();
        let channels = ByName::of(channels);
        let (mut orders, mut returned) = (self.orders.as_slice(), self.returned.as_slice());
        let (mut stores, mut liked) = (Tally::default(), Tally::default());
        let mut days = Vec::new();
        let mut people = Vec::with_capacity(self.sums.iter().flatten().count());
        let mut places = Vec::with_capacity(self.sums.len());
        for (number, (sums, id)) in (0..).zip(self.sums.iter().zip(self.ids.ids())) {
            places.push(people.len() as u32);
            let Some(sums) = sums else { continue };
            let ends = moment(number, i32::MAX);
            let own = split(&mut orders, |order| order.moment <= ends);
            let given_back = split(&mut returned, |lost| *lost <= ends);
            stores.clear();
            liked.clear();
            days.clear();
            for order in own {
                if order.store != NONE {
                    stores.add(self.stores.ids()[order.store as usize], 1, order.net);
                }
                if order.channel != NONE {
                    liked.add(channels.places[order.channel as usize], 1, order.net);
                }
                days.push(day_of_moment(order.moment));
            }
            days.dedup();
            let mut metrics = blank(*id, sums, own.len() as i64);
            metrics.favourite_store_id = stores.favourite();
            metrics.favourite_channel =
                liked.favourite().map(|place| channels.names[place].clone());
            walk(
                &mut metrics,
                &days,
                self.window_starts,
                self.query,
                &mut gaps,
            );
            let is_lost = |lost: &&u64| days.binary_search(&day_of_moment(**lost)).is_err();
            metrics.refunded_occasions = given_back.iter().filter(is_lost).count() as i64;
            people.push(metrics);
        }
        Folded {
            people,
            places,
            gaps,
        }
    }
}

/// What [`People::figures`] makes of everybody.
pub(super) struct Folded {
    pub(super) people: Vec<CustomerMetrics>,
    /// The place of every person's number among the people.
    pub(super) places: Vec<u32>,
    pub(super) gaps: Gaps,
}

/// Takes the leading items off for which `is_own` holds.
fn split<'a, T>(items: &mut &'a [T], is_own: impl Fn(&T) -> bool) -> &'a [T] {
    let end = items
        .iter()
        .position(|item| !is_own(item))
        .unwrap_or(items.len());
    let (own, others) = items.split_at(end);
    *items = others;
    own
}

/// Words in the order of the alphabet.
struct ByName {
    names: Vec<Arc<str>>,
    /// Of every number of a word its place among the names.
    places: Vec<usize>,
}

impl ByName {
    fn of(words: &[String]) -> Self {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_unstable_by_key(|number| &words[*number]);
        let mut places = vec![0; order.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number] = place;
        }
        let names = order
            .iter()
            .map(|number| words[*number].as_str().into())
            .collect();
        Self { names, places }
    }
}

/// What the sums alone say.
fn blank(customer_id: i64, sums: &Sums, lifetime_orders: i64) -> CustomerMetrics {
    let rate = |(refunds, sales): (i64, i64)| {
        let rate = i128::from(refunds) * 1_000_000 / i128::from(sales);
        i64::try_from(rate).unwrap_or(i64::MAX)
    };
    CustomerMetrics {
        customer_id,
        first_order: None,
        last_order: None,
        recency_days: None,
        frequency: 0,
        monetary: sums.monetary,
        refunded: sums.refunded,
        refunded_occasions: 0,
        lifetime_orders,
        lifetime_net: sums.lifetime_net,
        occasions: 0,
        average_basket: divide(sums.lifetime_net, lifetime_orders),
        interval_days: None,
        last_gap_days: None,
        longest_gap_days: None,
        returned: None,
        refund_rate_ppm: (sums.sales > 0).then(|| rate((sums.refunds, sums.sales))),
        favourite_store_id: None,
        favourite_category: None,
        favourite_channel: None,
    }
}

/// Fills in what follows from the sorted dates of one customer's occasions.
fn walk(
    metrics: &mut CustomerMetrics,
    occasions: &[i32],
    window_starts: i32,
    query: MetricsQuery,
    gaps: &mut Gaps,
) {
    let (Some(first), Some(last)) = (occasions.first(), occasions.last()) else {
        return;
    };
    metrics.first_order = Some(date_of(*first));
    metrics.last_order = Some(date_of(*last));
    metrics.recency_days = Some(i64::from(day_of(query.as_of) - last));
    metrics.occasions = occasions.len() as i64;
    let before = occasions.partition_point(|day| *day < window_starts);
    metrics.frequency = (occasions.len() - before) as i64;
    let mut own: Vec<i64> = Vec::with_capacity(occasions.len() - 1);
    let mut returned = None;
    for pair in occasions.windows(2) {
        let gap = i64::from(pair[1] - pair[0]);
        gaps.add(gap);
        own.push(gap);
        if gap > query.lapse_days {
            returned = Some(pair[1]);
        }
    }
    metrics.returned = returned.map(date_of);
    metrics.last_gap_days = own.last().copied();
    metrics.longest_gap_days = own.iter().copied().max();
    metrics.interval_days = median(own);
}

/// The lines that brought goods of a category, in drawers by person, so that one drawer
/// at a time is sorted.
pub(super) struct Lines {
    drawers: Vec<Vec<Line>>,
    people: u64,
}

#[derive(Clone, Copy, Default)]
struct Line {
    /// Person and category.
    pair: u64,
    quantity: i64,
}

const DRAWERS: u64 = 16;

/// Bytes needed for a line, to be kept and sorted.
pub(super) const LINE_BYTES: u64 = size_of::<Line>() as u64 * (DRAWERS + 1) / DRAWERS;

impl Lines {
    /// None yet of so many people.
    pub(super) fn new(people: usize) -> Self {
        Self {
            drawers: (0..DRAWERS).map(|_| Vec::new()).collect(),
            people: people.max(1) as u64,
        }
    }

    pub(super) fn add(&mut self, person: u32, category: u32, quantity: i64) {
        let drawer = u64::from(person) * DRAWERS / self.people;
        let pair = pair(person, category);
        self.drawers[drawer as usize].push(Line { pair, quantity });
    }

    /// Fills in the category everybody bought most lines of; `names` are those of the
    /// categories, sorted.
    pub(super) fn favourites(self, folded: &mut Folded, names: &[String]) {
        let names: Vec<Arc<str>> = names.iter().map(|name| name.as_str().into()).collect();
        let mut tally = Tally::default();
        for mut lines in self.drawers {
            sort(&mut lines, |line| line.pair);
            for own in lines.chunk_by(|left, right| high(left.pair) == high(right.pair)) {
                tally.clear();
                for line in own {
                    tally.add(low(line.pair), 1, line.quantity);
                }
                let place = folded.places[high(own[0].pair) as usize];
                let name = tally
                    .favourite()
                    .and_then(|category| names.get(category as usize));
                folded.people[place as usize].favourite_category = name.cloned();
            }
        }
    }
}

/// How often each gap occurred.
#[derive(Default)]
pub(super) struct Gaps(Vec<u64>);

impl Gaps {
    fn add(&mut self, days: i64) {
        let days = usize::try_from(days).unwrap_or(0);
        if self.0.len() <= days {
            self.0.resize(days + 1, 0);
        }
        self.0[days] += 1;
    }

    /// The smallest gap that the given share of all gaps does not exceed.
    pub(super) fn rank(&self, share: u64, of: u64) -> Option<i64> {
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
