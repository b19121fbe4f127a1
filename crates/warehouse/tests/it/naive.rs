//! The same figures by plain loops, as slow and as simple as possible.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clientele_warehouse::metrics::{CustomerMetrics, MetricsQuery};
use clientele_warehouse::reports::{Cohort, Month, Place, StoreFigures, StorePeriod};
use clientele_warehouse::rows::{Kind, LineRow, OrderRow, Status};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::book::Book;

/// The sale a document belongs to, or none if it stands alone.
fn sale_of<'a>(book: &'a Book, order: &OrderRow) -> Option<&'a OrderRow> {
    let original = book.orders.get(&order.original_id?)?;
    let sale = match original.original_id {
        Some(id) => book.orders.get(&id)?,
        None => original,
    };
    let fits = sale.kind == Kind::Sale
        && sale.original_id.is_none()
        && sale.currency == order.currency
        && order.status == Status::Paid;
    fits.then_some(sale)
}

fn paid(book: &Book, as_of: Date) -> impl Iterator<Item = &OrderRow> {
    book.orders
        .values()
        .filter(move |order| order.status == Status::Paid && order.business_date <= as_of)
}

/// A sale, or a document that stands alone, in the order view.
pub struct Kept<'a> {
    pub order: &'a OrderRow,
    pub net: i64,
    pub counts: bool,
    pub sales: i64,
    pub refunds: i64,
}

pub fn order_view(book: &Book, as_of: Date) -> Vec<Kept<'_>> {
    let mut parts: HashMap<i64, Vec<&OrderRow>> = HashMap::new();
    for order in paid(book, as_of) {
        if let Some(sale) = sale_of(book, order) {
            parts.entry(sale.id).or_default().push(order);
        }
    }
    let alone = paid(book, as_of).filter(|order| sale_of(book, order).is_none());
    alone
        .map(|order| {
            let parts = parts.get(&order.id).map(Vec::as_slice).unwrap_or_default();
            let all = || parts.iter().copied().chain([order]);
            let exact: i64 = all()
                .map(|part| part.net * 1_000_000 + part.net_residue)
                .sum();
            let of = |kind| all().filter(move |part| part.kind == kind);
            Kept {
                order,
                net: all().map(|part| part.reporting_net).sum(),
                counts: order.kind == Kind::Sale && (exact > 0 || (exact == 0 && parts.is_empty())),
                sales: of(Kind::Sale).map(|part| part.reporting_net).sum(),
                refunds: of(Kind::Refund).map(|part| -part.reporting_net).sum(),
            }
        })
        .collect()
}

pub fn metrics(book: &Book, query: MetricsQuery) -> Vec<CustomerMetrics> {
    let view = order_view(book, query.as_of);
    let customers: BTreeSet<i64> = view
        .iter()
        .filter_map(|kept| kept.order.customer_id)
        .collect();
    let of = |id: i64| {
        view.iter()
            .filter(move |kept| kept.order.customer_id == Some(id))
    };
    customers
        .into_iter()
        .map(|id| customer(book, query, id, of(id).collect::<Vec<_>>().as_slice()))
        .collect()
}

fn customer(book: &Book, query: MetricsQuery, id: i64, view: &[&Kept]) -> CustomerMetrics {
    let recency = |date: Date| days_between(date, query.as_of);
    let inside = |date: Date| recency(date) < query.window_days;
    let orders: Vec<&&Kept> = view.iter().filter(|kept| kept.counts).collect();
    let dates: BTreeSet<Date> = orders.iter().map(|kept| kept.order.business_date).collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    let gaps: Vec<i64> = dates
        .windows(2)
        .map(|pair| days_between(pair[0], pair[1]))
        .collect();
    let mut sorted = gaps.clone();
    sorted.sort();
    let lifetime_net: i64 = view.iter().map(|kept| kept.net).sum();
    let sales: i64 = view.iter().map(|kept| kept.sales).sum();
    let refunds: i64 = view.iter().map(|kept| kept.refunds).sum();
    CustomerMetrics {
        customer_id: id,
        first_order: dates.first().copied(),
        last_order: dates.last().copied(),
        recency_days: dates.last().map(|date| recency(*date)),
        frequency: dates.iter().filter(|date| inside(**date)).count() as i64,
        monetary: view
            .iter()
            .filter(|kept| inside(kept.order.business_date))
            .map(|kept| kept.net)
            .sum(),
        refunded: view
            .iter()
            .filter(|kept| inside(kept.order.business_date))
            .map(|kept| kept.refunds)
            .sum(),
        refunded_occasions: view
            .iter()
            .filter(|kept| inside(kept.order.business_date))
            .filter(|kept| !kept.counts && kept.sales > 0 && kept.refunds > 0)
            .map(|kept| kept.order.business_date)
            .filter(|date| !dates.contains(date))
            .collect::<BTreeSet<Date>>()
            .len() as i64,
        lifetime_orders: orders.len() as i64,
        lifetime_net,
        occasions: dates.len() as i64,
        average_basket: (!orders.is_empty())
            .then(|| (lifetime_net as f64 / orders.len() as f64).round() as i64),
        interval_days: (!sorted.is_empty()).then(|| sorted[(sorted.len() - 1) / 2]),
        last_gap_days: gaps.last().copied(),
        longest_gap_days: sorted.last().copied(),
        returned: (dates.windows(2))
            .rfind(|pair| days_between(pair[0], pair[1]) > query.lapse_days)
            .map(|pair| pair[1]),
        refund_rate_ppm: (sales > 0).then(|| refunds * 1_000_000 / sales),
        favourite_store_id: favourite(
            orders
                .iter()
                .filter_map(|kept| Some((kept.order.store_id?, 1, kept.net))),
        ),
        favourite_category: favourite(orders.iter().flat_map(|kept| {
            let lines = book.lines[&kept.order.id].iter();
            lines.filter_map(|line| category(book, line))
        }))
        .map(Into::into),
        favourite_channel: favourite(
            orders
                .iter()
                .filter(|kept| !kept.order.channel.is_empty())
                .map(|kept| (kept.order.channel.clone(), 1, kept.net)),
        )
        .map(Into::into),
    }
}

fn category(book: &Book, line: &LineRow) -> Option<(String, i64, i64)> {
    let category = &book.products.get(&line.product_id?)?.category;
    let counts = line.quantity > 0 && !category.is_empty();
    counts.then(|| (category.clone(), 1, line.quantity))
}

/// Most times, then the largest amount, then the smallest key.
fn favourite<K: Ord + Clone>(choices: impl Iterator<Item = (K, i64, i64)>) -> Option<K> {
    let mut sums: BTreeMap<K, (i64, i64)> = BTreeMap::new();
    for (key, times, amount) in choices {
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + times, sum.1 + amount);
    }
    let best = sums.values().max().copied()?;
    sums.into_iter()
        .find(|(_, sum)| *sum == best)
        .map(|(key, _)| key)
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn is_here(book: &Book, place: &Place, order: &OrderRow) -> bool {
    let store = order.store_id.and_then(|id| book.stores.get(&id));
    place.store_id.is_none_or(|id| order.store_id == Some(id))
        && place
            .country
            .as_ref()
            .is_none_or(|country| store.is_some_and(|store| store.country == *country))
}

fn is_order(book: &Book, order: &OrderRow) -> bool {
    order.kind == Kind::Sale && sale_of(book, order).is_none()
}

/// The month of every customer's first order in the booking view.
fn began(book: &Book, as_of: Date) -> HashMap<i64, Date> {
    let mut began: HashMap<i64, Date> = HashMap::new();
    for order in paid(book, as_of).filter(|order| is_order(book, order)) {
        if let Some(customer) = order.customer_id {
            let month = order.business_date.first_of_month();
            let first = began.entry(customer).or_insert(month);
            *first = month.min(*first);
        }
    }
    began
}

pub fn monthly(book: &Book, as_of: Date, place: &Place) -> Vec<Month> {
    let began = began(book, as_of);
    let here: Vec<&OrderRow> = paid(book, as_of)
        .filter(|order| is_here(book, place, order))
        .collect();
    let Some(first) = here
        .iter()
        .map(|order| order.business_date.first_of_month())
        .min()
    else {
        return Vec::new();
    };
    first
        .series(1.month())
        .take_while(|month| *month <= as_of)
        .map(|month| {
            let own: Vec<&&OrderRow> = here
                .iter()
                .filter(|order| order.business_date.first_of_month() == month)
                .collect();
            month_of(book, month, as_of, &own, &began)
        })
        .collect()
}

fn month_of(
    book: &Book,
    month: Date,
    as_of: Date,
    own: &[&&OrderRow],
    began: &HashMap<i64, Date>,
) -> Month {
    let net = |wanted: &dyn Fn(&OrderRow) -> bool| -> i64 {
        own.iter()
            .filter(|order| wanted(order))
            .map(|order| order.reporting_net)
            .sum()
    };
    let is_new = |id: i64| began.get(&id) == Some(&month);
    let buyers: BTreeSet<i64> = (own.iter())
        .filter(|order| is_order(book, order))
        .filter_map(|order| order.customer_id)
        .collect();
    let newcomers = buyers.iter().filter(|id| is_new(**id)).count() as i64;
    Month {
        month,
        complete: month.last_of_month() <= as_of,
        net: net(&|_| true),
        orders: own.iter().filter(|order| is_order(book, order)).count() as i64,
        units: own.iter().map(|order| order.units).sum(),
        refunds: own
            .iter()
            .filter(|order| order.kind == Kind::Refund)
            .count() as i64,
        refunded: -net(&|order| order.kind == Kind::Refund),
        customers: buyers.len() as i64,
        new_customers: newcomers,
        returning_customers: buyers.len() as i64 - newcomers,
        new_net: net(&|order| order.customer_id.is_some_and(is_new)),
        returning_net: net(&|order| order.customer_id.is_some_and(|id| !is_new(id))),
        guest_net: net(&|order| order.customer_id.is_none()),
    }
}

pub fn stores(book: &Book, period: StorePeriod) -> Vec<StoreFigures> {
    let mut stores: BTreeMap<Option<i64>, Vec<&OrderRow>> = BTreeMap::new();
    for order in paid(book, period.to).filter(|order| order.business_date >= period.from) {
        stores.entry(order.store_id).or_default().push(order);
    }
    stores
        .into_iter()
        .map(|(store_id, own)| StoreFigures {
            store_id,
            net: own.iter().map(|order| order.reporting_net).sum(),
            orders: own.iter().filter(|order| is_order(book, order)).count() as i64,
            units: own.iter().map(|order| order.units).sum(),
            refunded: (own.iter())
                .filter(|order| order.kind == Kind::Refund)
                .map(|order| -order.reporting_net)
                .sum(),
            identified_net: (own.iter())
                .filter(|order| order.customer_id.is_some())
                .map(|order| order.reporting_net)
                .sum(),
            customers: (own.iter())
                .filter(|order| is_order(book, order))
                .filter_map(|order| order.customer_id)
                .collect::<BTreeSet<_>>()
                .len() as i64,
        })
        .collect()
}

/// Customer and date of every occasion.
fn occasions(book: &Book, as_of: Date) -> BTreeSet<(i64, Date)> {
    (order_view(book, as_of).iter())
        .filter(|kept| kept.counts)
        .filter_map(|kept| Some((kept.order.customer_id?, kept.order.business_date)))
        .collect()
}

pub fn cohorts(book: &Book, as_of: Date) -> Vec<Cohort> {
    let months: BTreeSet<(i64, Date)> = (occasions(book, as_of).into_iter())
        .map(|(customer, date)| (customer, date.first_of_month()))
        .collect();
    let mut firsts: BTreeMap<i64, Date> = BTreeMap::new();
    for (customer, month) in &months {
        firsts.entry(*customer).or_insert(*month);
    }
    let starts: BTreeSet<Date> = firsts.values().copied().collect();
    starts
        .into_iter()
        .map(|start| {
            let members: Vec<i64> = firsts
                .iter()
                .filter(|(_, first)| **first == start)
                .map(|(id, _)| *id)
                .collect();
            let retained = |month: Date| {
                members
                    .iter()
                    .filter(|id| months.contains(&(**id, month)))
                    .count() as i64
            };
            Cohort {
                month: start,
                size: members.len() as i64,
                retained: start
                    .series(1.month())
                    .take_while(|month| *month <= as_of)
                    .map(|month| (month.last_of_month() <= as_of).then(|| retained(month)))
                    .collect(),
            }
        })
        .collect()
}

/// Customers with at least one, and with at least two occasions in the days
/// that end with a date.
pub fn buyers(book: &Book, as_of: Date, end: Date, days: i64) -> (i64, i64) {
    let mut times: HashMap<i64, i64> = HashMap::new();
    let start = end.saturating_sub(Span::new().days(days));
    for (customer, date) in occasions(book, as_of) {
        if date > start && date <= end {
            *times.entry(customer).or_default() += 1;
        }
    }
    (
        times.len() as i64,
        times.values().filter(|times| **times > 1).count() as i64,
    )
}

/// Net, orders and identified net booked in the days that end with a date.
pub fn booked(book: &Book, end: Date, days: i64) -> (i64, i64, i64) {
    let start = end.saturating_sub(Span::new().days(days));
    let own: Vec<&OrderRow> = paid(book, end)
        .filter(|order| order.business_date > start)
        .collect();
    let net = own.iter().map(|order| order.reporting_net).sum();
    let orders = own.iter().filter(|order| is_order(book, order)).count() as i64;
    let identified = own
        .iter()
        .filter(|order| order.customer_id.is_some())
        .map(|order| order.reporting_net);
    (net, orders, identified.sum())
}
