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

use super::file::{PAID, REFUND, SALE};
use super::orders::OneFile;
use crate::numbers::{IdMap, IdSet};

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

/// A document that names another.
struct Part {
    place: Place,
    original: i64,
    currency: u32,
    flags: i64,
    day: i64,
    net: i64,
    net_residue: i64,
    reporting_net: i64,
}

/// A document that others name.
struct Named {
    place: Place,
    /// The one that it names itself.
    original: Option<i64>,
    currency: u32,
    is_sale: bool,
}

/// Finds the marks of all files; amendments are those up to a day.
pub(super) fn marks(files: &[OneFile], as_of: i32, threads: usize) -> io::Result<Marks> {
    let mut marks: Marks = vec![Vec::new(); files.len()];
    let parts = on_threads(files, threads, parts)?;
    if parts.is_empty() {
        return Ok(marks);
    }
    let wanted: IdSet = parts.iter().map(|part| part.original).collect();
    let sieve = Sieve::of(&wanted);
    let named = on_threads(files, threads, |number, file| {
        named(number, file, &parts, |id| {
            sieve.may_hold(id) && wanted.contains(&id)
        })
    })?;
    let named: IdMap<Named> = named.into_iter().collect();
    let mut amended: IdMap<(Place, Amendment)> = IdMap::default();
    for part in parts.iter().filter(|part| part.flags & PAID != 0) {
        let Some((id, sale)) = sale_of(&named, part) else {
            continue;
        };
        marks[part.place.0].push((part.place.1, Mark::Part));
        if part.day <= i64::from(as_of) {
            let sum = amended
                .entry(id)
                .or_insert((sale.place, Amendment::default()));
            sum.1.add(part);
        }
    }
    for (place, amendment) in amended.into_values() {
        marks[place.0].push((place.1, Mark::Amended(amendment)));
    }
    for own in &mut marks {
        own.sort_unstable_by_key(|(row, _)| *row);
    }
    Ok(marks)
}

/// What work finds in every file, in the order of the files.
fn on_threads<T: Send>(
    files: &[OneFile],
    threads: usize,
    work: impl Fn(usize, &OneFile) -> io::Result<Vec<T>> + Sync,
) -> io::Result<Vec<T>> {
    let share = files.len().div_ceil(threads.max(1)).max(1);
    let found = std::thread::scope(|scope| {
        let work = &work;
        let shares = files.chunks(share).zip((0..).step_by(share));
        let workers: Vec<_> = shares
            .map(|(files, first)| {
                scope.spawn(move || {
                    let mut found = Vec::new();
                    for (file, number) in files.iter().zip(first..) {
                        found.append(&mut work(number, file)?);
                    }
                    io::Result::Ok(found)
                })
            })
            .collect();
        let found = workers.into_iter().map(|worker| match worker.join() {
            Ok(found) => found,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        found.collect::<io::Result<Vec<Vec<T>>>>()
    })?;
    Ok(found.into_iter().flatten().collect())
}

fn parts(number: usize, file: &OneFile) -> io::Result<Vec<Part>> {
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
            original: originals.at(part),
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

/// The documents of a file that parts name, by their ids.
fn named(
    number: usize,
    file: &OneFile,
    parts: &[Part],
    is_wanted: impl Fn(i64) -> bool,
) -> io::Result<Vec<(i64, Named)>> {
    let header = &file.projection.header;
    let rows = 0..header.rows;
    let read = |column| file.projection.numbers(column, rows.clone());
    let (ids, flags) = (read(header.id)?, read(header.flags)?);
    let currencies = read(header.currency)?;
    let mut named = Vec::new();
    for row in rows.clone() {
        let id = ids.at(row);
        if !is_wanted(id) {
            continue;
        }
        let place = (number, row);
        let own = parts.binary_search_by_key(&place, |part| part.place);
        let document = Named {
            place,
            original: own.ok().map(|at| parts[at].original),
            currency: file.currencies[currencies.at(row) as usize],
            is_sale: flags.at(row) & SALE != 0,
        };
        named.push((id, document));
    }
    Ok(named)
}

/// The sale that a part belongs to, with its id.
fn sale_of<'a>(named: &'a IdMap<Named>, part: &Part) -> Option<(i64, &'a Named)> {
    let id = named.get(&part.original)?.original.unwrap_or(part.original);
    let sale = named.get(&id)?;
    let fits = sale.is_sale && sale.original.is_none() && sale.currency == part.currency;
    fits.then_some((id, sale))
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

/// Says of most ids at once that they are in no set.
struct Sieve {
    bits: Vec<u64>,
    shift: u32,
}

impl Sieve {
    fn of(ids: &IdSet) -> Self {
        // Sixteen bits for every id, so that one in sixteen others gets through.
        let bits = (ids.len() * 16).next_power_of_two().max(64);
        let mut sieve = Self {
            bits: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
        };
        for id in ids {
            let (word, bit) = sieve.place(*id);
            sieve.bits[word] |= bit;
        }
        sieve
    }

    fn may_hold(&self, id: i64) -> bool {
        let (word, bit) = self.place(id);
        self.bits[word] & bit != 0
    }

    fn place(&self, id: i64) -> (usize, u64) {
        let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((mixed / 64) as usize, 1 << (mixed % 64))
    }
}
