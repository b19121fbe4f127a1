//! The thread that reads ahead: rows to units to documents to chunks.

use std::collections::HashMap;
use std::sync::Arc;

use clientele_domain::{mapping::Kind, money::Currency};
use clientele_files::Row;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tokio::{runtime::Handle, sync::mpsc, task::JoinHandle};

use super::{
    catalog,
    chunk::{Chunk, Doc},
    options::Reading,
    order::{OrderDoc, OrderReader},
    orders_write,
    people::PersonColumns,
    places::Places,
    problem::RowProblem,
    units::{Facts, Scattered, Unit, Units},
};
use crate::{db::Readers, error::Result, features::settings::Rates};

/// What reading needs besides the file.
pub struct Producer {
    pub reading: Arc<Reading>,
    pub facts: Facts,
    pub rows_total: u64,
    pub source: String,
    /// The chain's zone and day cut.
    pub house: (TimeZone, i64),
    pub rates: Rates,
    pub reporting: Currency,
    pub places: Places,
    /// Units whose outcome is committed.
    pub skip: u64,
    /// Lines of a mended file → lines of the first file.
    pub line_of: HashMap<u64, u64>,
    /// Where a download of rejected rows, given back, has the first file's lines.
    pub line_column: Option<usize>,
    /// The book, to know what came before.
    pub book: (Handle, Readers),
}

/// Units and rows of one transaction: more would keep other writers waiting, fewer would
/// write the same pages of indexes more often.
const CHUNK_UNITS: u64 = 5_000;
const CHUNK_ROWS: u64 = 8_000;

/// Units of which the book is asked whether it knows them.
struct Asked {
    units: Vec<Unit>,
    /// Units of the file up to and including these.
    until: u64,
    /// Of the orders in the book the rows that made them; nobody asks for other things.
    known: Option<JoinHandle<Result<HashMap<String, i64>>>>,
}

impl Producer {
    /// Reads to the end, or until nobody listens any more; answers the lines of
    /// the first file that a mended one held.
    ///
    /// # Errors
    /// When the file breaks off.
    pub fn run(self, scattered: Scattered, out: &mpsc::Sender<Arc<Chunk>>) -> Result<Vec<u64>> {
        let mut lines: Vec<u64> = self.line_of.values().copied().collect();
        let mut units = Units::open(&self.reading, scattered)?;
        let orders = match self.reading.kind {
            Kind::Orders => {
                let house = self.house.clone();
                Some(OrderReader::new(
                    &self.reading,
                    &self.facts,
                    &self.source,
                    house,
                )?)
            }
            Kind::Customers | Kind::Products | Kind::Stores => None,
        };
        let people = PersonColumns::of(&self.reading);
        let chunk = |asked: Asked| self.chunk(asked, orders.as_ref(), &people);
        let (mut at, mut rows) = (0, 0);
        let mut waiting = Vec::new();
        let mut before: Option<Asked> = None;
        while let Some(unit) = units.next(&self.reading)? {
            at += 1;
            lines.extend(
                unit.rows
                    .iter()
                    .filter_map(|row| row.get(self.line_column?).trim().parse::<u64>().ok()),
            );
            if at <= self.skip {
                continue;
            }
            rows += unit.rows.len() as u64;
            waiting.push(unit);
            if waiting.len() as u64 >= CHUNK_UNITS || rows >= CHUNK_ROWS {
                let next = self.ask(std::mem::take(&mut waiting), at);
                if let Some(asked) = before.replace(next)
                    && self.send(chunk(asked)?, out).is_err()
                {
                    return Ok(lines);
                }
                rows = 0;
            }
        }
        let last = (!waiting.is_empty()).then(|| self.ask(waiting, at));
        for asked in before.into_iter().chain(last) {
            if self.send(chunk(asked)?, out).is_err() {
                // Whoever stopped listening has said why.
                break;
            }
        }
        Ok(lines)
    }

    fn chunk(
        &self,
        asked: Asked,
        orders: Option<&OrderReader<'_>>,
        people: &PersonColumns,
    ) -> Result<Chunk> {
        let mut chunk = Chunk {
            units_until: asked.until,
            ..Chunk::default()
        };
        let known = match asked.known {
            Some(answer) => self
                .book
                .0
                .block_on(answer)
                .map_err(anyhow::Error::from)??,
            None => HashMap::new(),
        };
        let units = &asked.units;
        for unit in units {
            let rows = unit.rows.len() as u64;
            let hash = orders.map_or(0, |reader| {
                let place = unit.rows.first().and_then(|row| self.clock(reader, row));
                reader.rows_hash(unit, place.as_ref())
            });
            if unit.problem.is_none() && known.get(&unit.key) == Some(&hash) {
                chunk.rows += rows;
                chunk.known = (chunk.known.0 + 1, chunk.known.1 + rows);
                continue;
            }
            match self.document(unit, orders, people) {
                Ok(mut doc) => {
                    chunk.rows += rows;
                    match &mut doc {
                        Doc::Order(order) => {
                            chunk.leave_out(&order.person.unread);
                            // What was left out is told every time.
                            if order.person.unread.is_empty() {
                                order.rows_hash = hash;
                            }
                        }
                        Doc::Customer(person, _) => chunk.leave_out(&person.unread),
                        Doc::Product(..) | Doc::Store(..) => {}
                    }
                    chunk.docs.push(doc);
                }
                Err((line, problem)) => chunk.refuse(unit, line, &problem),
            }
        }
        Ok(chunk)
    }

    /// Asks for the rows that made those of the orders that are in the book, and does not
    /// wait for the answer: meanwhile the next ones are read.
    fn ask(&self, units: Vec<Unit>, until: u64) -> Asked {
        let known = (self.reading.kind == Kind::Orders).then(|| {
            let (handle, connection) = self.book.clone();
            let source = self.source.clone();
            let numbers: Vec<String> = units.iter().map(|unit| unit.key.clone()).collect();
            handle.spawn(async move {
                let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
                orders_write::known_rows(&connection, &source, &numbers).await
            })
        });
        Asked {
            units,
            until,
            known,
        }
    }

    fn clock(&self, reader: &OrderReader<'_>, row: &Row) -> Option<(TimeZone, i64)> {
        self.places
            .clock(reader.store_of(row).as_ref(), &self.house)
    }

    fn send(&self, mut chunk: Chunk, out: &mpsc::Sender<Arc<Chunk>>) -> Result<(), ()> {
        for reject in &mut chunk.rejects {
            reject.line = self
                .line_of
                .get(&reject.line)
                .copied()
                .unwrap_or(reject.line);
            if let Some(at) = self.line_column {
                reject.line = reject
                    .cells
                    .get(at)
                    .and_then(|cell| cell.trim().parse().ok())
                    .unwrap_or(reject.line);
                reject.cells.truncate(at);
            }
        }
        out.blocking_send(Arc::new(chunk)).map_err(|_| ())
    }

    fn document(
        &self,
        unit: &Unit,
        orders: Option<&OrderReader<'_>>,
        people: &PersonColumns,
    ) -> Result<Doc, (u64, RowProblem)> {
        let row = unit.rows.first().expect("a unit has rows");
        if let Some(problem) = &unit.problem {
            return Err((row.line(), problem.clone()));
        }
        let at = |problem| (row.line(), problem);
        let rows = unit.rows.len() as u64;
        match (self.reading.kind, orders) {
            (Kind::Orders, Some(reader)) => {
                let mut doc = reader.read(unit, self.clock(reader, row))?;
                doc.rate = self.rate(&doc).map_err(at)?;
                Ok(Doc::Order(Box::new(doc)))
            }
            (Kind::Products, _) => {
                let mut doc = catalog::product(row, &self.reading).map_err(at)?;
                for row in &unit.rows[1..] {
                    doc.follow(&catalog::product(row, &self.reading).map_err(at)?);
                }
                Ok(Doc::Product(doc, rows))
            }
            (Kind::Stores, _) => {
                let mut doc = catalog::store(row, &self.reading).map_err(at)?;
                for row in &unit.rows[1..] {
                    doc.follow(&catalog::store(row, &self.reading).map_err(at)?);
                }
                Ok(Doc::Store(doc, rows))
            }
            (Kind::Orders | Kind::Customers, _) => {
                let read = |row| {
                    people
                        .customer(row, &self.source, &self.reading)
                        .map_err(at)
                };
                let mut person = read(row)?;
                for row in &unit.rows[1..] {
                    person.follow(read(row)?);
                }
                Ok(Doc::Customer(Box::new(person), rows))
            }
        }
    }

    fn rate(&self, doc: &OrderDoc) -> Result<Decimal, RowProblem> {
        if doc.currency == self.reporting {
            return Ok(Decimal::ONE);
        }
        let day = doc.business_date.to_string();
        self.rates.on(doc.currency.code(), &day).ok_or_else(|| {
            RowProblem::new("currency", "rate_missing")
                .with("currency", doc.currency.code())
                .with("date", day)
        })
    }
}
