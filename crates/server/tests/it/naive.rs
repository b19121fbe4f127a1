//! The grading of a chain by plain loops, as slow and as simple as possible.

use std::collections::{BTreeMap, BTreeSet};

use clientele::features::{grades::entity::grade, orders::entity::order};
use clientele_domain::rfm::Group;
use jiff::{ToSpan, civil::Date};

use crate::chain::Chain;

/// Days of the RFM window, of the tier scheme's window and of silence; the
/// settings and the default scheme agree on it.
const YEAR: i64 = 365;

/// A sale, or a document that stands alone, with what its refunds left of it.
struct Kept<'a> {
    order: &'a order::Model,
    date: Date,
    net: i64,
    counts: bool,
    sales: i64,
    refunds: i64,
}

/// What grading must say of one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naive {
    pub first: Option<Date>,
    pub last: Option<Date>,
    pub recency: Option<i64>,
    pub frequency: i64,
    pub monetary: i64,
    pub lifetime_orders: i64,
    pub lifetime_net: i64,
    pub refund_ppm: Option<i64>,
    pub interval: Option<i64>,
    pub r: i64,
    pub f: i64,
    pub m: i64,
    pub group: String,
    pub abc: String,
    pub lifecycle: String,
    pub tier: String,
    gaps: Vec<i64>,
    dates: Vec<Date>,
}

impl Naive {
    /// The same of a row in the book, as of a date.
    pub fn of(row: &grade::Model, as_of: Date) -> Self {
        let date = |text: &str| text.parse().ok();
        Naive {
            first: date(&row.first_order),
            last: date(&row.last_order),
            recency: date(&row.last_order).map(|last| days(last, as_of)),
            frequency: row.frequency,
            monetary: row.monetary,
            lifetime_orders: row.lifetime_orders,
            lifetime_net: row.lifetime_net,
            refund_ppm: row.refund_rate_ppm,
            interval: row.interval_days,
            r: row.r,
            f: row.f,
            m: row.m,
            group: row.rfm_group.clone(),
            abc: row.abc.clone(),
            lifecycle: row.lifecycle.clone(),
            tier: row.tier.clone(),
            gaps: Vec::new(),
            dates: Vec::new(),
        }
    }
}

fn paid(chain: &Chain, as_of: Date) -> Vec<(&order::Model, Date)> {
    let dated = chain
        .orders
        .iter()
        .map(|order| (order, order.business_date.parse().unwrap()));
    dated
        .filter(|(order, date)| order.status == "paid" && *date <= as_of)
        .collect()
}

/// The paid sale that a refund reduces.
fn sale_of<'a>(chain: &'a Chain, order: &order::Model) -> Option<&'a order::Model> {
    chain
        .orders
        .iter()
        .find(|sale| Some(sale.id) == order.original_id)
}

fn order_view(chain: &Chain, as_of: Date) -> Vec<Kept<'_>> {
    let documents = paid(chain, as_of);
    let alone = documents
        .iter()
        .filter(|(order, _)| sale_of(chain, order).is_none());
    alone
        .map(|(order, date)| {
            let own = documents
                .iter()
                .filter(|(part, _)| part.original_id == Some(order.id));
            let parts: Vec<&order::Model> = own.map(|(part, _)| *part).collect();
            let left = order.net + parts.iter().map(|part| part.net).sum::<i64>();
            let back = |part: &order::Model| match part.kind.as_str() {
                "refund" => -part.reporting_net,
                _ => 0,
            };
            Kept {
                order,
                date: *date,
                net: order.reporting_net + parts.iter().map(|part| part.reporting_net).sum::<i64>(),
                counts: order.kind == "sale" && (left > 0 || (left == 0 && parts.is_empty())),
                sales: if order.kind == "sale" {
                    order.reporting_net
                } else {
                    0
                },
                refunds: back(order) + parts.iter().map(|part| back(part)).sum::<i64>(),
            }
        })
        .collect()
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Grades everybody for the first time.
pub fn grade(chain: &Chain, as_of: Date) -> BTreeMap<i64, Naive> {
    let view = order_view(chain, as_of);
    let golden = chain
        .customers
        .iter()
        .filter(|record| record.id == record.golden_id);
    let mut all: BTreeMap<i64, Naive> = golden
        .map(|customer| (customer.id, figures(customer.id, &view, as_of)))
        .collect();
    let buyers: Vec<Naive> = all
        .values()
        .filter(|one| one.recency.is_some())
        .cloned()
        .collect();
    let mut gaps: Vec<i64> = all.values().flat_map(|one| one.gaps.clone()).collect();
    gaps.sort();
    let typical = if gaps.is_empty() {
        90
    } else {
        gaps[(gaps.len() - 1) / 2]
    };
    for one in all.values_mut() {
        score(one, &buyers);
        one.abc = class(one, &buyers);
        one.lifecycle = stage(one, typical, as_of).to_owned();
        one.tier = tier(one).to_owned();
        one.gaps.clear();
        one.dates.clear();
    }
    all
}

fn figures(id: i64, view: &[Kept], as_of: Date) -> Naive {
    let own: Vec<&Kept> = view
        .iter()
        .filter(|kept| kept.order.customer_id == Some(id))
        .collect();
    let counted: Vec<&&Kept> = own.iter().filter(|kept| kept.counts).collect();
    let dates: BTreeSet<Date> = counted.iter().map(|kept| kept.date).collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    let gaps: Vec<i64> = dates
        .windows(2)
        .map(|pair| days(pair[0], pair[1]))
        .collect();
    let mut sorted = gaps.clone();
    sorted.sort();
    let inside = |date: Date| days(date, as_of) < YEAR;
    let sales: i64 = own.iter().map(|kept| kept.sales).sum();
    let refunds: i64 = own.iter().map(|kept| kept.refunds).sum();
    Naive {
        first: dates.first().copied(),
        last: dates.last().copied(),
        recency: dates.last().map(|last| days(*last, as_of)),
        frequency: dates.iter().filter(|date| inside(**date)).count() as i64,
        monetary: own
            .iter()
            .filter(|kept| inside(kept.date))
            .map(|kept| kept.net)
            .sum(),
        lifetime_orders: counted.len() as i64,
        lifetime_net: own.iter().map(|kept| kept.net).sum(),
        refund_ppm: (sales > 0).then(|| refunds * 1_000_000 / sales),
        interval: (!sorted.is_empty()).then(|| sorted[(sorted.len() - 1) / 2]),
        gaps,
        dates,
        ..Naive::default()
    }
}

/// One plus five times the strictly worse, divided by all.
fn score(one: &mut Naive, buyers: &[Naive]) {
    let Some(recency) = one.recency else { return };
    let n = buyers.len() as i64;
    let of = |worse: usize| (1 + 5 * worse as i64 / n).min(5);
    one.r = of(buyers
        .iter()
        .filter(|other| other.recency > Some(recency))
        .count());
    one.f = of(buyers
        .iter()
        .filter(|other| other.frequency < one.frequency)
        .count());
    one.m = match one.monetary > 0 {
        true => of(buyers
            .iter()
            .filter(|other| other.monetary < one.monetary)
            .count()),
        false => 1,
    };
    let both = (one.f + one.m + 1) / 2;
    one.group = Group::of(one.r as u8, both as u8).unwrap().key().to_owned();
}

/// The share of everything strictly greater decides.
fn class(one: &Naive, buyers: &[Naive]) -> String {
    if one.recency.is_none() || one.monetary < 0 {
        return String::new();
    }
    let value = |other: &&Naive| other.monetary.max(0);
    let total: i64 = buyers.iter().map(|other| value(&other)).sum();
    let greater = buyers.iter().filter(|other| other.monetary > one.monetary);
    let before: i64 = greater.map(|other| value(&other)).sum();
    let class = match () {
        () if total > 0 && before * 100 < total * 80 => "a",
        () if total > 0 && before * 100 < total * 95 => "b",
        () => "c",
    };
    class.to_owned()
}

fn stage(one: &Naive, typical: i64, as_of: Date) -> &'static str {
    let (Some(first), Some(silence)) = (one.first, one.recency) else {
        return "prospect";
    };
    if silence > YEAR {
        return "lapsed";
    }
    let back = one
        .dates
        .windows(2)
        .rev()
        .find(|pair| days(pair[0], pair[1]) > YEAR);
    if back.is_some_and(|pair| days(pair[1], as_of) <= 60) {
        return "won_back";
    }
    if days(first, as_of) <= 60 {
        return "new";
    }
    if silence > (2 * one.interval.unwrap_or(typical)).max(30) {
        return "slowing";
    }
    "active"
}

/// The default scheme in Singapore dollars: either threshold is enough.
fn tier(one: &Naive) -> &'static str {
    match () {
        () if one.monetary >= 300_000 || one.frequency >= 24 => "platinum",
        () if one.monetary >= 100_000 || one.frequency >= 10 => "gold",
        () if one.monetary >= 30_000 || one.frequency >= 4 => "silver",
        () => "member",
    }
}

/// One month: net, orders, customers, new customers, new net, guest net.
pub type NaiveMonth = (String, i64, i64, i64, i64, i64, i64);

/// Sales by month in the booking view.
pub fn months(chain: &Chain, as_of: Date) -> Vec<NaiveMonth> {
    let documents = paid(chain, as_of);
    let orders: Vec<&(&order::Model, Date)> = documents
        .iter()
        .filter(|(order, _)| order.kind == "sale")
        .collect();
    let mut began: BTreeMap<i64, Date> = BTreeMap::new();
    for (order, date) in &orders {
        if let Some(customer) = order.customer_id {
            let month = date.first_of_month();
            let first = began.entry(customer).or_insert(month);
            *first = month.min(*first);
        }
    }
    let first = documents
        .iter()
        .map(|(_, date)| date.first_of_month())
        .min()
        .unwrap();
    let months = first.series(1.month()).take_while(|month| *month <= as_of);
    months
        .map(|month| {
            let here = |date: &Date| date.first_of_month() == month;
            let own: Vec<&order::Model> = documents
                .iter()
                .filter(|(_, date)| here(date))
                .map(|(order, _)| *order)
                .collect();
            let sum = |rows: &mut dyn Iterator<Item = &order::Model>| -> i64 {
                rows.map(|order| order.reporting_net).sum()
            };
            let is_new = |order: &order::Model| {
                order
                    .customer_id
                    .is_some_and(|id| began.get(&id) == Some(&month))
            };
            let sales = || own.iter().copied().filter(|order| order.kind == "sale");
            let buyers: BTreeSet<i64> = sales().filter_map(|order| order.customer_id).collect();
            let newcomers = buyers
                .iter()
                .filter(|id| began.get(id) == Some(&month))
                .count();
            (
                month.strftime("%Y-%m").to_string(),
                sum(&mut own.iter().copied()),
                sales().count() as i64,
                buyers.len() as i64,
                newcomers as i64,
                sum(&mut own.iter().copied().filter(|order| is_new(order))),
                sum(&mut own
                    .iter()
                    .copied()
                    .filter(|order| order.customer_id.is_none())),
            )
        })
        .collect()
}
