//! The thread that reads ahead: rows to units to documents to chunks.

use std::collections::HashMap;
use std::sync::Arc;

use clientele_domain::{mapping::Kind, money::Currency};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tokio::sync::mpsc;

use super::{
    catalog,
    chunk::{Chunk, Doc},
    options::Reading,
    order::{OrderDoc, OrderReader},
    people::PersonColumns,
    places::Places,
    problem::RowProblem,
    units::{Facts, Scattered, Unit, Units},
};
use crate::{error::Result, features::settings::Rates};

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
}

/// Units and rows of one transaction.
const CHUNK_UNITS: u64 = 2_000;
const CHUNK_ROWS: u64 = 10_000;

impl Producer {
    /// Reads to the end, or until nobody listens any more; answers the lines of
    /// the first file that a mended one held.
    ///
    /// # Errors
    /// When the file breaks off.
    pub fn run(self, scattered: Scattered, out: &mpsc::Sender<Arc<Chunk>>) -> Result<Vec<u64>> {
        let mut lines: Vec<u64> = self.line_of.values().copied().collect();
        let mut units = Units::open(&self.reading, scattered)?;
        let orders = (self.reading.kind == Kind::Orders).then(|| {
            OrderReader::new(&self.reading, &self.facts, &self.source, self.house.clone())
        });
        let people = PersonColumns::of(&self.reading);
        let mut at = 0;
        let mut chunk = Chunk::default();
        let mut in_chunk = 0;
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
            in_chunk += 1;
            match self.document(&unit, orders.as_ref(), &people) {
                Ok(doc) => {
                    chunk.rows += unit.rows.len() as u64;
                    match &doc {
                        Doc::Order(order) => chunk.leave_out(&order.person.unread),
                        Doc::Customer(person, _) => chunk.leave_out(&person.unread),
                        Doc::Product(..) | Doc::Store(..) => {}
                    }
                    chunk.docs.push(doc);
                }
                Err((line, problem)) => chunk.refuse(&unit, line, &problem),
            }
            if in_chunk >= CHUNK_UNITS || chunk.rows >= CHUNK_ROWS {
                if self.send(std::mem::take(&mut chunk), at, out).is_err() {
                    return Ok(lines);
                }
                in_chunk = 0;
            }
        }
        if in_chunk > 0 {
            // Whoever stopped listening has said why.
            let _ = self.send(chunk, at, out);
        }
        Ok(lines)
    }

    fn send(
        &self,
        mut chunk: Chunk,
        units_until: u64,
        out: &mpsc::Sender<Arc<Chunk>>,
    ) -> Result<(), ()> {
        chunk.units_until = units_until;
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
                let place = self
                    .places
                    .clock(reader.store_of(row).as_ref(), &self.house);
                let mut doc = reader.read(unit, place)?;
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
