//! Which document belongs to which sale.
//!
//! A document belongs to a sale when its `original_id` leads there, directly or
//! over one document in between (a refund of the second half of an exchange).
//! The sale must be one without an original itself and in the same currency;
//! else the document stands alone. Only paid documents belong to any.
//!
//! Few documents name an original: they and the ones they name are kept in memory,
//! everything else is passed by.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::file::{PAID, REFUND, SALE};
use super::orders::OneFile;
use crate::numbers::IdMap;

/// What the documents that belong to a sale do to it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amendment {
    pub(super) net: i64,
    pub(super) net_residue: i64,
    pub(super) reporting_net: i64,
    pub(super) sales: i64,
    pub(super) refunds: i64,
}

/// What is to be known of a row besides its own columns.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    /// It belongs to a sale.
    Part,
    /// Others belong to it.
    Amended(Amendment),
}

/// The marks of every file, each with its row, ascending.
pub(super) type Marks = Vec<Vec<(usize, Mark)>>;

/// A row of a file.
type Place = (usize, usize);

/// The documents that others name, numbered from zero.
type Number = u32;

/// A document that names another.
struct Part {
    place: Place,
    original: Number,
    currency: u32,
    flags: i64,
    day: i64,
    net: i64,
    net_residue: i64,
    reporting_net: i64,
}

/// A document that others name.
#[derive(Clone, Copy)]
struct Named {
    place: Place,
    /// The one that it names itself.
    original: Option<Number>,
    currency: u32,
    is_sale: bool,
}

/// Finds the marks of all files; amendments are those up to a day.
pub(super) fn marks(files: &[OneFile], as_of: i32, threads: usize) -> io::Result<Marks> {
    let mut marks: Marks = vec![Vec::new(); files.len()];
    let wanted = Wanted::of(in_files(files, threads, |_, file| originals(file))?);
    if wanted.numbers.is_empty() {
        return Ok(marks);
    }
    let parts = in_files(files, threads, |number, file| parts(number, file, &wanted))?;
    let found = in_files(files, threads, |number, file| {
        named(number, file, &parts, &wanted)
    })?;
    // What is named need not be there.
    let mut named = vec![None; wanted.numbers.len()];
    for (number, document) in found {
        named[number as usize] = Some(document);
    }
    let mut amended = vec![None; named.len()];
    for part in parts.iter().filter(|part| part.flags & PAID != 0) {
        let Some(sale) = sale_of(&named, part) else {
            continue;
        };
        marks[part.place.0].push((part.place.1, Mark::Part));
        if part.day <= i64::from(as_of) {
            let sum: &mut Amendment = amended[sale as usize].get_or_insert_default();
            sum.add(part);
        }
    }
    for (named, amendment) in named.iter().zip(amended) {
        if let (Some(sale), Some(amendment)) = (named, amendment) {
            marks[sale.place.0].push((sale.place.1, Mark::Amended(amendment)));
        }
    }
    on_threads(marks.iter_mut(), threads, |own| {
        own.sort_unstable_by_key(|(row, _)| *row);
    });
    Ok(marks)
}

/// What work makes of every item, in their order. Who is ready takes the next one: files
/// are of many sizes.
fn on_threads<I: Send, T: Send>(
    items: impl Iterator<Item = I> + Send,
    threads: usize,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let items = Mutex::new(items.enumerate());
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let mut made = std::thread::scope(|scope| {
        let worker = || {
            let own = std::iter::from_fn(next).map(|(at, item)| (at, work(item)));
            own.collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(worker)).collect();
        let made = workers.into_iter().flat_map(|worker| match worker.join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        made.collect::<Vec<_>>()
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// What work finds in every file, in the order of the files.
fn in_files<T: Send>(
    files: &[OneFile],
    threads: usize,
    work: impl Fn(usize, &OneFile) -> io::Result<Vec<T>> + Sync,
) -> io::Result<Vec<T>> {
    let found = on_threads(files.iter().enumerate(), threads, |(number, file)| {
        work(number, file)
    });
    let found: Vec<Vec<T>> = found.into_iter().collect::<io::Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The ids that a file's documents name.
fn originals(file: &OneFile) -> io::Result<Vec<i64>> {
    let header = &file.projection.header;
    let originals = file.projection.numbers(header.originals, 0..header.parts)?;
    Ok((0..header.parts).map(|part| originals.at(part)).collect())
}

fn parts(number: usize, file: &OneFile, wanted: &Wanted) -> io::Result<Vec<Part>> {
    let header = &file.projection.header;
    if header.parts == 0 {
        return Ok(Vec::new());
    }
    let (count, rows) = (0..header.parts, 0..header.rows);
    let of_part = |column| file.projection.numbers(column, count.clone());
    let of_row = |column| file.projection.numbers(column, rows.clone());
    let part_rows = of_part(header.part_rows)?;
    let originals = of_part(header.originals)?;
    let (flags, days) = (of_row(header.flags)?, of_row(header.day)?);
    let currencies = of_row(header.currency)?;
    let (nets, residues) = (of_row(header.net)?, of_row(header.net_residue)?);
    let reporting = of_row(header.reporting_net)?;
    let parts = count.map(|part| {
        let row = part_rows.at(part) as usize;
        Part {
            place: (number, row),
            original: wanted.numbers[&originals.at(part)],
            currency: file.currencies[currencies.at(row) as usize],
            flags: flags.at(row),
            day: days.at(row),
            net: nets.at(row),
            net_residue: residues.at(row),
            reporting_net: reporting.at(row),
        }
    });
    Ok(parts.collect())
}

/// The documents of a file that parts name, by their numbers.
fn named(
    number: usize,
    file: &OneFile,
    parts: &[Part],
    wanted: &Wanted,
) -> io::Result<Vec<(Number, Named)>> {
    let header = &file.projection.header;
    let rows = 0..header.rows;
    let read = |column| file.projection.numbers(column, rows.clone());
    let (ids, flags) = (read(header.id)?, read(header.flags)?);
    let currencies = read(header.currency)?;
    // Parts come in the order of their places.
    let first = parts.partition_point(|part| part.place.0 < number);
    let end = parts.partition_point(|part| part.place.0 <= number);
    let mut own = parts[first..end].iter().peekable();
    let mut named = Vec::new();
    for row in rows.clone() {
        let part = own.next_if(|part| part.place.1 == row);
        let Some(found) = wanted.number(ids.at(row)) else {
            continue;
        };
        let document = Named {
            place: (number, row),
            original: part.map(|part| part.original),
            currency: file.currencies[currencies.at(row) as usize],
            is_sale: flags.at(row) & SALE != 0,
        };
        named.push((found, document));
    }
    Ok(named)
}

/// The sale that a part belongs to.
fn sale_of(named: &[Option<Named>], part: &Part) -> Option<Number> {
    let original = named[part.original as usize]?;
    let number = original.original.unwrap_or(part.original);
    let sale = named[number as usize]?;
    let fits = sale.is_sale && sale.original.is_none() && sale.currency == part.currency;
    fits.then_some(number)
}

impl Amendment {
    fn add(&mut self, part: &Part) {
        self.net += part.net;
        self.net_residue += part.net_residue;
        self.reporting_net += part.reporting_net;
        if part.flags & SALE != 0 {
            self.sales += part.reporting_net;
        }
        if part.flags & REFUND != 0 {
            self.refunds -= part.reporting_net;
        }
    }
}

/// The ids that are named, with their numbers.
struct Wanted {
    numbers: IdMap<Number>,
    /// Says of most other ids at once that they are not among them: few bits are set.
    sieve: Vec<u64>,
    shift: u32,
}

impl Wanted {
    fn of(ids: Vec<i64>) -> Self {
        let mut numbers = IdMap::with_capacity_and_hasher(ids.len(), Default::default());
        for id in ids {
            let next = numbers.len() as Number;
            numbers.entry(id).or_insert(next);
        }
        let bits = (numbers.len() * 16).next_power_of_two().max(64);
        let mut wanted = Self {
            sieve: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
            numbers,
        };
        for id in wanted.numbers.keys() {
            let (word, bit) = place(*id, wanted.shift);
            wanted.sieve[word] |= bit;
        }
        wanted
    }

    fn number(&self, id: i64) -> Option<Number> {
        let (word, bit) = place(id, self.shift);
        match self.sieve[word] & bit {
            0 => None,
            _ => self.numbers.get(&id).copied(),
        }
    }
}

fn place(id: i64, shift: u32) -> (usize, u64) {
    let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift;
    ((mixed / 64) as usize, 1 << (mixed % 64))
}
