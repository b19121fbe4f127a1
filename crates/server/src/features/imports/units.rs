//! Rows to units: the rows of one order, customer, product or store together.
//!
//! Two passes over the file. The first counts rows and learns which units are
//! scattered over the file; it keeps sixteen bytes a unit. The second holds back
//! only the rows of scattered units, and gives each unit out when its last row has
//! been read, always in the same sequence, so that a number of units given out is
//! enough to go on after a kill.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use clientele_domain::{mapping::Kind, text};
use clientele_files::{Row, Rows};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::catalog;
use super::cells::{self, Moment};
use super::options::{Reading, refuse};
use super::people::PersonColumns;
use super::problem::RowProblem;
use super::status::is_refund_type;
use crate::error::Result;

/// Rows that are used or refused together.
#[derive(Debug, Clone)]
pub struct Unit {
    /// What identifies it in its source; empty if nothing does.
    pub key: String,
    /// Its rows in the file's order.
    pub rows: Vec<Row>,
    /// Why it cannot be used, already known from its key.
    pub problem: Option<RowProblem>,
}

/// What the first pass learnt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Rows that are not blank.
    pub rows: u64,
    /// Units the rows make.
    pub units: u64,
    /// Whether numbers beginning with C and A mark cancellations and adjustments.
    pub document_prefixes: bool,
    /// Whether the amount paid differs between lines of one order.
    pub amounts_per_line: bool,
}

/// Scattered units: hash of the key → last row.
pub type Scattered = HashMap<u64, u64>;

/// What makes the key of a row.
enum Keys {
    Order(OrderKeys),
    Person(Box<PersonColumns>),
    Product,
    Store,
}

impl Keys {
    fn of(reading: &Reading) -> Self {
        match reading.kind {
            Kind::Orders => Self::Order(OrderKeys::of(reading)),
            Kind::Customers => Self::Person(Box::new(PersonColumns::of(reading))),
            Kind::Products => Self::Product,
            Kind::Stores => Self::Store,
        }
    }

    fn key(&self, row: &Row, reading: &Reading) -> Result<String, RowProblem> {
        if let Some(fault) = row.fault() {
            return Err(RowProblem::new("", fault.code()));
        }
        match self {
            Self::Order(keys) => keys.key(row, reading),
            Self::Person(columns) => {
                // Any source does: all rows are of one.
                let person = columns.customer(row, "", reading)?;
                let external = person.external();
                Ok(external.map_or_else(String::new, |raw| raw.key.value.clone()))
            }
            Self::Product => Ok(catalog::product(row, reading)?.sku),
            Self::Store => Ok(catalog::store(row, reading)?.code),
        }
    }
}

/// Which columns make the key of an order's row.
struct OrderKeys {
    number: Option<usize>,
    document_type: Option<usize>,
    customer: Vec<usize>,
    date: Option<usize>,
    time: Option<usize>,
}

impl OrderKeys {
    fn of(reading: &Reading) -> Self {
        let customer = ["customer_id", "card", "phone", "email", "contact"];
        Self {
            number: reading.column("order_number"),
            document_type: reading.column("document_type"),
            customer: customer
                .iter()
                .filter_map(|key| reading.column(key))
                .collect(),
            date: reading
                .column("ordered_at")
                .or_else(|| reading.column("paid_at")),
            time: reading.column("ordered_time"),
        }
    }

    /// The key of an order row: its number, or customer and day where there are no numbers.
    fn key(&self, row: &Row, reading: &Reading) -> Result<String, RowProblem> {
        let extra = row
            .len()
            .saturating_sub(reading.source.layout().columns.len());
        if extra > 0 && (row.len() - extra..row.len()).any(|at| !row.get(at).trim().is_empty()) {
            return Err(RowProblem::new("", "too_many_cells").with("cells", row.len()));
        }
        let is_refund =
            self.document_type.is_some() && is_refund_type(&cells::cell(row, self.document_type));
        if self.number.is_some() {
            let number = order_number(&cells::cell(row, self.number))?;
            return Ok(if is_refund {
                format!("{number}:refund")
            } else {
                number
            });
        }
        let who = self
            .customer
            .iter()
            .map(|at| cells::name_of(row, Some(*at)))
            .find(|name| !name.is_empty());
        let who = who.ok_or_else(|| RowProblem::new("customer_id", "customer_missing"))?;
        let moment = cells::moment(row, self.date, self.time, "ordered_at", reading.notation)?
            .ok_or_else(|| RowProblem::new("ordered_at", "date_missing"))?;
        let day = match moment {
            Moment::Day(day) => day,
            Moment::Local(at) | Moment::Fixed(at, _) => at.date(),
        };
        let mark = if is_refund { ":refund" } else { "" };
        Ok(format!("{who}@{day}{mark}"))
    }
}

/// The number of an order as it is kept.
fn order_number(cell: &str) -> Result<String, RowProblem> {
    let number = text::narrow(&text::nfc(cell));
    let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
    if number.is_empty() || (!has_digit && text::is_placeholder(&number)) {
        return Err(RowProblem::new("order_number", "order_number_missing"));
    }
    // 1.23457E+18 is what a spreadsheet left of many numbers.
    let figures = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let has_lost_digits = number
        .split_once(['E', 'e'])
        .and_then(|(before, after)| Some((before, after.strip_prefix('+')?)))
        .is_some_and(|(before, after)| figures(before) && figures(after));
    if has_lost_digits {
        return Err(RowProblem::new("order_number", "digits_lost").value(cell));
    }
    Ok(number)
}

fn hash(key: &str) -> u64 {
    // Fixed keys: the same file gives the same units after a restart.
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Reads the whole file once; `progress` hears bytes read and in all.
///
/// # Errors
/// When the file breaks off.
pub fn scan(reading: &Reading, progress: &mut dyn FnMut(u64, u64)) -> Result<(Facts, Scattered)> {
    let mut rows = reading.source.rows().map_err(|error| refuse(&error))?;
    let mut row = Row::default();
    let mut facts = Facts::default();
    let mut scattered = Scattered::new();
    let keys = Keys::of(reading);
    let paid = reading.column("order_paid");
    let mut last: HashMap<u64, u64> = HashMap::new();
    let mut numbers = Numbers::default();
    let (mut previous, mut previous_paid) = (0, None);
    while rows.read(&mut row).map_err(|error| refuse(&error))? {
        let at = facts.rows;
        facts.rows += 1;
        if at % 4096 == 0 {
            let (done, total) = rows.progress();
            progress(done, total);
        }
        let Ok(key) = keys.key(&row, reading) else {
            facts.units += 1;
            continue;
        };
        let hashed = hash(&key);
        let amount = paid.and_then(|_| {
            cells::amount(&row, paid, "order_paid", reading.notation)
                .ok()
                .flatten()
        });
        match last.insert(hashed, at) {
            None => {
                facts.units += 1;
                numbers.count(&key);
            }
            Some(before) => {
                if before + 1 != at {
                    scattered.insert(hashed, at);
                } else if previous == hashed && differs(previous_paid, amount) {
                    facts.amounts_per_line = true;
                }
            }
        }
        (previous, previous_paid) = (hashed, amount);
    }
    for (key, row) in &mut scattered {
        *row = last[key];
    }
    facts.document_prefixes = reading
        .options
        .document_prefixes
        .unwrap_or_else(|| numbers.have_prefixes());
    facts.amounts_per_line = reading
        .options
        .amounts_per_line
        .unwrap_or(facts.amounts_per_line);
    Ok((facts, scattered))
}

fn differs(left: Option<Decimal>, right: Option<Decimal>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if left != right)
}

#[derive(Default)]
struct Numbers {
    plain: u64,
    prefixed: u64,
    other: u64,
}

impl Numbers {
    fn count(&mut self, key: &str) {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits(key) {
            self.plain += 1;
        } else if key.strip_prefix(['C', 'c', 'A', 'a']).is_some_and(digits) {
            self.prefixed += 1;
        } else {
            self.other += 1;
        }
    }

    /// Marks mean something only where the other numbers are plain.
    const fn have_prefixes(&self) -> bool {
        self.prefixed > 0 && self.plain > self.prefixed && self.other * 100 <= self.plain
    }
}

/// The second pass: gives out units one after the other.
pub struct Units {
    rows: Rows,
    keys: Keys,
    scattered: Scattered,
    held: HashMap<u64, BTreeMap<String, Unit>>,
    open: Option<Unit>,
    ready: VecDeque<Unit>,
    at: u64,
    ended: bool,
}

impl Units {
    /// Begins the second pass.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub fn open(reading: &Reading, scattered: Scattered) -> Result<Self> {
        Ok(Self {
            rows: reading.source.rows().map_err(|error| refuse(&error))?,
            keys: Keys::of(reading),
            scattered,
            held: HashMap::new(),
            open: None,
            ready: VecDeque::new(),
            at: 0,
            ended: false,
        })
    }

    /// The next unit, or nothing at the end.
    ///
    /// # Errors
    /// When the file breaks off.
    pub fn next(&mut self, reading: &Reading) -> Result<Option<Unit>> {
        loop {
            if let Some(unit) = self.ready.pop_front() {
                return Ok(Some(unit));
            }
            if self.ended {
                return Ok(None);
            }
            let mut row = Row::default();
            if self.rows.read(&mut row).map_err(|error| refuse(&error))? {
                self.take(row, reading);
            } else {
                self.ended = true;
                self.ready.extend(self.open.take());
                // Nothing is held back at the end unless the file changed between the passes.
                let held: Vec<Unit> = self
                    .held
                    .drain()
                    .flat_map(|(_, units)| units.into_values())
                    .collect();
                self.ready.extend(held);
            }
        }
    }

    fn take(&mut self, row: Row, reading: &Reading) {
        let at = self.at;
        self.at += 1;
        match self.keys.key(&row, reading) {
            Err(problem) => {
                self.ready.push_back(Unit {
                    key: String::new(),
                    rows: vec![row],
                    problem: Some(problem),
                });
            }
            Ok(key) => self.join(at, key, row),
        }
    }

    fn join(&mut self, at: u64, key: String, row: Row) {
        let fresh = |key: String| Unit {
            key,
            rows: Vec::new(),
            problem: None,
        };
        if self.scattered.is_empty() || !self.scattered.contains_key(&hash(&key)) {
            if self.open.as_ref().is_none_or(|open| open.key != key) {
                self.ready.extend(self.open.replace(fresh(key)));
            }
            if let Some(open) = &mut self.open {
                open.rows.push(row);
            }
            return;
        }
        let hashed = hash(&key);
        let held = self.held.entry(hashed).or_default();
        held.entry(key.clone())
            .or_insert_with(|| fresh(key))
            .rows
            .push(row);
        if self.scattered[&hashed] == at
            && let Some(units) = self.held.remove(&hashed)
        {
            self.ready.extend(units.into_values());
        }
    }
}
