//! The projection of one file of orders: what questions read of it, in narrow columns.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use deltalake::arrow::array::Array;
use deltalake::arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};

use super::column::{Column, Numbers};
use super::goods::{Good, goods};
use crate::Result;
use crate::columns::{days, integers, optional, texts};
use crate::files;
use crate::numbers::{Numbering, Words};
use crate::rows::{Kind, OrderRow, Status};
use crate::table::Table;

/// The first bytes of a projection of this version.
const MAGIC: [u8; 8] = *b"CLPROJ02";

/// Samples of the customers, evenly spaced.
const SAMPLES: usize = 64;

pub(super) const SALE: i64 = 1;
pub(super) const REFUND: i64 = 2;
pub(super) const PAID: i64 = 4;
/// Its exact net is not below zero.
pub(super) const LEFT: i64 = 8;

/// What stands where. Rows are those of the Parquet file, in its order: by customer,
/// guests last.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// All rows, guests among them.
    pub(super) rows: usize,
    /// Rows without a customer, at the end.
    pub(super) guests: usize,
    /// Bytes of all columns.
    bytes: u64,
    /// How many different customers there are.
    pub(super) people: usize,
    /// Their ids, ascending, and the row behind the last one of each.
    pub(super) customers: Column,
    pub(super) ends: Column,
    /// Some of their ids, evenly spaced by rows.
    pub(super) samples: Vec<i64>,
    /// The stores, channels and currencies by their numbers in this file; stores and
    /// channels are numbered from one, zero is none.
    pub(super) stores: Vec<i64>,
    pub(super) channels: Vec<String>,
    pub(super) currencies: Vec<String>,
    pub(super) id: Column,
    pub(super) day: Column,
    pub(super) store: Column,
    pub(super) channel: Column,
    pub(super) currency: Column,
    pub(super) flags: Column,
    pub(super) units: Column,
    pub(super) reporting_net: Column,
    pub(super) net: Column,
    pub(super) net_residue: Column,
    /// Lines that brought goods; the line behind the last one of each row, and of every
    /// line the number of its product in this file and how much it was.
    goods: usize,
    pub(super) good_ends: Column,
    pub(super) good_products: Column,
    pub(super) good_quantities: Column,
    /// The products by their numbers in this file.
    pub(super) products: Vec<i64>,
    /// Rows that name an original, how many are sales among them, and the original's id.
    pub(super) parts: usize,
    pub(super) halves: usize,
    pub(super) part_rows: Column,
    pub(super) originals: Column,
}

/// The columns of a file before they are narrowed.
#[derive(Default)]
struct Wide {
    customers: Vec<i64>,
    ends: Vec<i64>,
    id: Vec<i64>,
    day: Vec<i64>,
    store: Vec<i64>,
    channel: Vec<i64>,
    currency: Vec<i64>,
    flags: Vec<i64>,
    units: Vec<i64>,
    reporting_net: Vec<i64>,
    net: Vec<i64>,
    net_residue: Vec<i64>,
    part_rows: Vec<i64>,
    originals: Vec<i64>,
    halves: usize,
    /// Rows with a customer.
    known: i64,
    good_ends: Vec<i64>,
    good_products: Vec<i64>,
    good_quantities: Vec<i64>,
    stores: Numbering,
    products: Numbering,
    channels: Words,
    currencies: Words,
}

/// The whole projection of a file of orders.
pub(super) async fn project(batches: &[RecordBatch], lines: &Table) -> Result<Vec<u8>> {
    let mut wide = Wide::of(batches)?;
    if !wide.is_sorted() {
        wide = Wide::of(&[files::sorted::<OrderRow>(batches)?])?;
    }
    let mut orders = wide.id.clone();
    orders.sort_unstable();
    wide.bring(&goods(lines, &orders).await?);
    Ok(wide.narrow()?)
}

impl Wide {
    fn of(batches: &[RecordBatch]) -> Result<Self> {
        let mut wide = Self::default();
        // An empty channel is the first word, as no store is number zero.
        wide.channels.number("");
        for batch in batches {
            wide.add(batch)?;
        }
        Ok(wide)
    }

    /// Whether customers stand in the order of their ids and before all guests.
    fn is_sorted(&self) -> bool {
        let known = self.ends.last().copied().unwrap_or(0);
        self.customers.is_sorted_by(|left, right| left < right) && self.known == known
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let ids = integers(batch, "id")?;
        let originals = integers(batch, "original_id")?;
        let customers = integers(batch, "customer_id")?;
        let stores = integers(batch, "store_id")?;
        let dates = days(batch, "business_date")?;
        let (kinds, states) = (texts(batch, "kind")?, texts(batch, "status")?);
        let (channels, currencies) = (texts(batch, "channel")?, texts(batch, "currency")?);
        let (nets, residues) = (integers(batch, "net")?, integers(batch, "net_residue")?);
        let (units, reporting) = (integers(batch, "units")?, integers(batch, "reporting_net")?);
        self.units.extend_from_slice(units.values());
        self.reporting_net.extend_from_slice(reporting.values());
        self.net.extend_from_slice(nets.values());
        self.net_residue.extend_from_slice(residues.values());
        self.day
            .extend(dates.values().iter().map(|day| i64::from(*day)));
        for row in 0..batch.num_rows() {
            let place = self.id.len() as i64;
            self.id.push(ids.value(row));
            if let Some(customer) = optional(&customers, row) {
                if self.customers.last() != Some(&customer) {
                    self.customers.push(customer);
                    self.ends.push(place);
                }
                self.known += 1;
                *self.ends.last_mut().expect("every customer has an end") = place + 1;
            }
            let store =
                optional(&stores, row).map_or(0, |id| i64::from(self.stores.number(id)) + 1);
            self.store.push(store);
            let channel = self.channels.number(channels.value(row));
            self.channel.push(i64::from(channel));
            let currency = self.currencies.number(currencies.value(row));
            self.currency.push(i64::from(currency));
            let kind = kinds.value(row);
            let is_left = exact(nets.value(row), residues.value(row)) >= 0;
            let mut flags = if is_left { LEFT } else { 0 };
            if kind == Kind::Sale.as_str() {
                flags |= SALE;
            }
            if kind == Kind::Refund.as_str() {
                flags |= REFUND;
            }
            if states.value(row) == Status::Paid.as_str() {
                flags |= PAID;
            }
            self.flags.push(flags);
            if originals.is_valid(row) {
                self.part_rows.push(place);
                self.originals.push(originals.value(row));
                self.halves += usize::from(flags & SALE != 0);
            }
        }
        Ok(())
    }

    /// Takes in the goods of all orders, which are sorted by order.
    fn bring(&mut self, goods: &[Good]) {
        for order in &self.id {
            let first = goods.partition_point(|good| good.order < *order);
            let own = goods[first..]
                .iter()
                .take_while(|good| good.order == *order);
            for good in own {
                let product = self.products.number(good.product);
                self.good_products.push(i64::from(product));
                self.good_quantities.push(good.quantity);
            }
            self.good_ends.push(self.good_products.len() as i64);
        }
    }

    fn narrow(self) -> io::Result<Vec<u8>> {
        let mut columns = Vec::new();
        let mut column = |numbers: &[i64]| Column::write(numbers, &mut columns);
        let known = self.ends.last().copied().unwrap_or(0) as usize;
        let mut header = Header {
            rows: self.id.len(),
            guests: self.id.len() - known,
            bytes: 0,
            people: self.customers.len(),
            samples: samples(&self.customers, &self.ends, known),
            customers: column(&self.customers),
            ends: column(&self.ends),
            id: column(&self.id),
            day: column(&self.day),
            store: column(&self.store),
            channel: column(&self.channel),
            currency: column(&self.currency),
            flags: column(&self.flags),
            units: column(&self.units),
            reporting_net: column(&self.reporting_net),
            net: column(&self.net),
            net_residue: column(&self.net_residue),
            parts: self.part_rows.len(),
            halves: self.halves,
            part_rows: column(&self.part_rows),
            originals: column(&self.originals),
            goods: self.good_products.len(),
            good_ends: column(&self.good_ends),
            good_products: column(&self.good_products),
            good_quantities: column(&self.good_quantities),
            stores: self.stores.into_ids(),
            products: self.products.into_ids(),
            channels: self.channels.words().to_vec(),
            currencies: self.currencies.words().to_vec(),
        };
        header.bytes = columns.len() as u64;
        let header = serde_json::to_vec(&header)?;
        let length = (header.len() as u64).to_le_bytes();
        Ok([&MAGIC[..], &length, &header, &columns].concat())
    }
}

/// The customers of evenly spaced rows.
fn samples(customers: &[i64], ends: &[i64], rows: usize) -> Vec<i64> {
    let mut samples = Vec::with_capacity(SAMPLES);
    if rows > 0 {
        for sample in 0..SAMPLES {
            let row = (sample * rows / SAMPLES) as i64;
            samples.push(customers[ends.partition_point(|end| *end <= row)]);
        }
    }
    samples
}

/// Millionths of a minor unit.
pub(super) fn exact(net: i64, residue: i64) -> i128 {
    i128::from(net) * 1_000_000 + i128::from(residue)
}

/// Puts a file where it belongs, whole or not at all.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Two processes may write the same projection at once.
    let aside = path.with_extension(format!("{}.part", std::process::id()));
    let mut file = File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    match fs::rename(&aside, path) {
        // Somebody else took it for a file of nobody's.
        Err(error) if error.kind() == io::ErrorKind::NotFound => put(path, bytes),
        done => done,
    }
}

/// A projection on the disk.
pub(super) struct Projection {
    /// Several threads read it; it stays readable after it is removed.
    file: Mutex<File>,
    pub(super) header: Header,
    /// Where the columns begin.
    offset: u64,
}

impl Projection {
    /// Opens a projection; none where there is no whole one of this version.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        let mut start = [0; 16];
        if length < start.len() as u64 {
            return Ok(None);
        }
        file.read_exact(&mut start)?;
        let (magic, header_length) = start.split_at(MAGIC.len());
        let header_length = u64::from_le_bytes(header_length.try_into().expect("eight bytes"));
        let offset = header_length.saturating_add(start.len() as u64);
        if magic != MAGIC || offset > length {
            return Ok(None);
        }
        let mut header = vec![0; header_length as usize];
        file.read_exact(&mut header)?;
        let Ok(header) = serde_json::from_slice::<Header>(&header) else {
            return Ok(None);
        };
        let is_whole = offset.checked_add(header.bytes) == Some(length);
        Ok(is_whole.then_some(Self {
            file: Mutex::new(file),
            header,
            offset,
        }))
    }

    /// The numbers of a column at some places.
    pub(super) fn numbers(&self, column: Column, places: Range<usize>) -> io::Result<Numbers> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        column.read(&mut *file, self.offset, places)
    }

    /// The people with ids below a bound.
    pub(super) fn people_below(&self, bound: i64) -> io::Result<usize> {
        let column = self.header.customers;
        let (mut low, mut high) = (0, self.header.people);
        while low < high {
            let middle = low.midpoint(high);
            match self.numbers(column, middle..middle + 1)?.at(0) < bound {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Ok(low)
    }

    /// The rows of those before a person.
    pub(super) fn rows_before(&self, person: usize) -> io::Result<usize> {
        self.behind(self.header.ends, person)
    }

    /// The goods of those before a row.
    pub(super) fn goods_before(&self, row: usize) -> io::Result<usize> {
        self.behind(self.header.good_ends, row)
    }

    /// What a column of ends says of the place before one.
    fn behind(&self, ends: Column, place: usize) -> io::Result<usize> {
        match place {
            0 => Ok(0),
            place => Ok(self.numbers(ends, place - 1..place)?.at(0) as usize),
        }
    }
}
