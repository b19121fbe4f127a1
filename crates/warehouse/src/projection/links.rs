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
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::file::{PAID, REFUND, SALE};
use super::orders::OneFile;

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

/// Rows that are read together.
const RUN_ROWS: usize = 16_384;

/// A row of a file.
type Place = (usize, usize);

/// The documents that others name, numbered from zero in the order of their ids.
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
    let mut wanted = in_files(files, threads, |_, file| originals(file))?.concat();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(marks);
    }
    let parts = in_files(files, threads, |number, file| parts(number, file, &wanted))?;
    let found = in_files(files, threads, |number, file| {
        named(number, file, &parts[number], &wanted)
    })?;
    // What is named need not be there.
    let mut named = vec![None; wanted.len()];
    for (number, document) in found.into_iter().flatten() {
        named[number as usize] = Some(document);
    }
    let mut amended = vec![None; named.len()];
    for part in parts.iter().flatten().filter(|part| part.flags & PAID != 0) {
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

/// What work finds in every file, by their numbers.
fn in_files<T: Send>(
    files: &[OneFile],
    threads: usize,
    work: impl Fn(usize, &OneFile) -> io::Result<Vec<T>> + Sync,
) -> io::Result<Vec<Vec<T>>> {
    let found = on_threads(files.iter().enumerate(), threads, |(number, file)| {
        work(number, file)
    });
    found.into_iter().collect()
}

/// The ids that a file's documents name.
fn originals(file: &OneFile) -> io::Result<Vec<i64>> {
    let header = &file.projection.header;
    let originals = file.projection.numbers(header.originals, 0..header.parts)?;
    Ok((0..header.parts).map(|part| originals.at(part)).collect())
}

fn parts(number: usize, file: &OneFile, wanted: &[i64]) -> io::Result<Vec<Part>> {
    let header = &file.projection.header;
    let of_part = |column| file.projection.numbers(column, 0..header.parts);
    let part_rows = of_part(header.part_rows)?;
    let originals = of_part(header.originals)?;
    let mut parts = Vec::with_capacity(header.parts);
    for rows in runs(header.rows) {
        let first = parts.len();
        let own = (first..header.parts).map(|part| (part, part_rows.at(part) as usize));
        let mut own = own.take_while(|(_, row)| *row < rows.end).peekable();
        if own.peek().is_none() {
            continue;
        }
        let read = |column| file.projection.numbers(column, rows.clone());
        let (flags, days) = (read(header.flags)?, read(header.day)?);
        let currencies = read(header.currency)?;
        let (nets, residues) = (read(header.net)?, read(header.net_residue)?);
        let reporting = read(header.reporting_net)?;
        parts.extend(own.map(|(part, row)| {
            let (place, original) = (row - rows.start, originals.at(part));
            Part {
                place: (number, row),
                original: wanted.partition_point(|id| *id < original) as Number,
                currency: file.currencies[currencies.at(place) as usize],
                flags: flags.at(place),
                day: days.at(place),
                net: nets.at(place),
                net_residue: residues.at(place),
                reporting_net: reporting.at(place),
            }
        }));
    }
    Ok(parts)
}

/// The documents of a file that parts name, by their numbers; `parts` are its own.
fn named(
    number: usize,
    file: &OneFile,
    parts: &[Part],
    wanted: &[i64],
) -> io::Result<Vec<(Number, Named)>> {
    let header = &file.projection.header;
    // Files hold spans of ids, so that few of those wanted may be here.
    let below = wanted.partition_point(|id| *id < header.id.lowest);
    let own = wanted[below..].partition_point(|id| *id <= header.id.highest);
    if own == 0 {
        return Ok(Vec::new());
    }
    let sieve = Sieve::of(&wanted[below..below + own]);
    let mut parts = parts.iter().peekable();
    let mut named = Vec::new();
    for rows in runs(header.rows) {
        let read = |column| file.projection.numbers(column, rows.clone());
        let (ids, flags) = (read(header.id)?, read(header.flags)?);
        let currencies = read(header.currency)?;
        for (place, row) in rows.clone().enumerate() {
            let part = parts.next_if(|part| part.place.1 == row);
            let Some(found) = sieve.place(ids.at(place)) else {
                continue;
            };
            let document = Named {
                place: (number, row),
                original: part.map(|part| part.original),
                currency: file.currencies[currencies.at(place) as usize],
                is_sale: flags.at(place) & SALE != 0,
            };
            named.push(((below + found) as Number, document));
        }
    }
    Ok(named)
}

/// The rows of a file in runs that fit into a processor's cache.
fn runs(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows)
        .step_by(RUN_ROWS)
        .map(move |first| first..rows.min(first + RUN_ROWS))
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

/// Finds ids among ascending ones; says of most others at once that they are not
/// there, for few of its bits are set.
struct Sieve<'a> {
    ids: &'a [i64],
    bits: Vec<u64>,
    shift: u32,
}

impl<'a> Sieve<'a> {
    fn of(ids: &'a [i64]) -> Self {
        let bits = (ids.len() * 16).next_power_of_two().max(64);
        let mut sieve = Self {
            ids,
            bits: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
        };
        for id in ids {
            let (word, bit) = sieve.bit(*id);
            sieve.bits[word] |= bit;
        }
        sieve
    }

    fn place(&self, id: i64) -> Option<usize> {
        let (word, bit) = self.bit(id);
        match self.bits[word] & bit {
            0 => None,
            _ => self.ids.binary_search(&id).ok(),
        }
    }

    fn bit(&self, id: i64) -> (usize, u64) {
        let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((mixed / 64) as usize, 1 << (mixed % 64))
    }
}
