//! Walking through the orders of everybody.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;

use super::document::{Customer, NONE};
use super::file::Projection;
use super::links::{Marks, marks};
use super::open_all;
use super::slice::{NOBODY, Portion, Slice};
use crate::Result;
use crate::numbers::{Numbering, Words};
use crate::rows::day_of;
use crate::tables::Tables;
use crate::warehouse::joined;

/// Rows that are looked at together unless memory is little.
const STRETCH_ROWS: usize = 250_000;

/// Bytes of a row in memory while its stretch is looked at, at most.
const ROW_BYTES: usize = 120;

/// What a question wants to know of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What each is by itself, and whether it is an order: the booking view.
    Bookings,
    /// Also what belongs to it, the order view; but neither store, channel nor pieces.
    Days,
    /// The order view with all of that.
    Orders,
    /// All of that, and what it brought.
    Goods,
}

/// A file with the numbers that its words have in the whole chain.
pub(super) struct OneFile {
    pub(super) projection: Projection,
    pub(super) stores: Vec<u32>,
    pub(super) channels: Vec<u32>,
    pub(super) products: Vec<u32>,
    pub(super) currencies: Vec<u32>,
}

/// All orders as of one moment of the warehouse and up to one day.
pub(crate) struct Orders {
    pub(super) files: Vec<OneFile>,
    pub(super) marks: Marks,
    stores: Vec<i64>,
    products: Vec<i64>,
    channels: Words,
    pub(super) as_of: i32,
    pub(super) detail: Detail,
}

/// Some customers, or the guests of one file.
#[derive(Debug, Clone)]
pub(crate) enum Stretch {
    /// Those with ids from the first up to the second, which is not among them.
    Customers(Range<i64>),
    /// Some rows of a file.
    Guests(usize, Range<usize>),
}

impl Orders {
    /// Opens all projections for a question about the days up to one.
    pub(crate) async fn open(
        folder: &Path,
        tables: &Tables,
        as_of: Date,
        detail: Detail,
    ) -> Result<Self> {
        let as_of = day_of(as_of);
        let (mut stores, mut products) = (Numbering::default(), Numbering::default());
        let (mut channels, mut currencies) = (Words::default(), Words::default());
        let mut files = Vec::new();
        for (_, projection) in open_all(folder, tables).await? {
            let header = &projection.header;
            let of_channel = |name: &String| match name.as_str() {
                "" => NONE,
                name => channels.number(name),
            };
            let of_currency = |name: &String| currencies.number(name);
            let of_stores = header.stores.iter().map(|id| stores.number(*id));
            files.push(OneFile {
                stores: [NONE].into_iter().chain(of_stores).collect(),
                channels: header.channels.iter().map(of_channel).collect(),
                products: (header.products.iter())
                    .map(|id| products.number(*id))
                    .collect(),
                currencies: header.currencies.iter().map(of_currency).collect(),
                projection,
            });
        }
        let threads = threads();
        let mut is_half = files.iter().map(|file| file.projection.header.halves > 0);
        let (files, marks) = match detail == Detail::Bookings && !is_half.any(|is_half| is_half) {
            true => (files, Marks::new()),
            false => on_a_thread(move || Ok((marks(&files, as_of, threads)?, files)))
                .await
                .map(|(marks, files)| (files, marks))?,
        };
        Ok(Self {
            files,
            marks,
            stores: stores.into_ids(),
            products: products.into_ids(),
            channels,
            as_of,
            detail,
        })
    }

    /// The stores by their numbers.
    pub(crate) fn stores(&self) -> &[i64] {
        &self.stores
    }

    /// The products by their numbers.
    pub(crate) fn products(&self) -> &[i64] {
        &self.products
    }

    /// The channels by their numbers.
    pub(crate) fn channels(&self) -> &[String] {
        self.channels.words()
    }

    /// All customers in stretches that take so much memory at most, guests last.
    pub(crate) fn stretches(&self, memory: usize) -> Vec<Stretch> {
        let rows = (memory / ROW_BYTES).clamp(1, STRETCH_ROWS);
        // Every sample stands for a share of its file's rows.
        let mut samples: Vec<(i64, usize)> = Vec::new();
        let mut guests = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            let header = &file.projection.header;
            let known = header.rows - header.guests;
            let share = known.div_ceil(header.samples.len().max(1));
            samples.extend(header.samples.iter().map(|sample| (*sample, share)));
            for first in (known..header.rows).step_by(rows) {
                let end = header.rows.min(first + rows);
                guests.push(Stretch::Guests(number, first..end));
            }
        }
        samples.sort_unstable();
        let (mut stretches, mut first, mut taken) = (Vec::new(), i64::MIN, 0);
        for (sample, share) in samples {
            if taken + share > rows && sample > first && taken > 0 {
                stretches.push(Stretch::Customers(first..sample));
                (first, taken) = (sample, 0);
            }
            taken += share;
        }
        // No id is the highest number.
        stretches.push(Stretch::Customers(first..NOBODY));
        stretches.extend(guests);
        stretches
    }

    /// Shows `take` every customer of some stretches with all their documents, and guests
    /// as nobody in several portions. Answers the sums of every stretch, in their order.
    pub(crate) async fn fold<S: Default + Send + 'static>(
        self: &Arc<Self>,
        stretches: Vec<Stretch>,
        take: impl Fn(&mut S, &Customer) + Send + Sync + 'static,
    ) -> Result<Vec<S>> {
        let work = Arc::new((stretches, AtomicUsize::new(0), take));
        let mut workers = Vec::new();
        for _ in 0..threads().min(work.0.len()) {
            let (orders, work) = (self.clone(), work.clone());
            workers.push(tokio::task::spawn_blocking(move || -> Result<_> {
                let (stretches, next, take) = &*work;
                let mut found = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(stretch) = stretches.get(number) else {
                        return Ok(found);
                    };
                    let mut sums = S::default();
                    orders.look_at(stretch, |customer| take(&mut sums, customer))?;
                    found.push((number, sums));
                }
            }));
        }
        let mut all = Vec::with_capacity(work.0.len());
        for worker in workers {
            all.extend(joined(worker.await)??);
        }
        all.sort_unstable_by_key(|(number, _)| *number);
        Ok(all.into_iter().map(|(_, sums)| sums).collect())
    }

    fn look_at(&self, stretch: &Stretch, mut take: impl FnMut(&Customer)) -> Result<()> {
        let mut customer = Customer::default();
        let customers = match stretch {
            Stretch::Guests(number, rows) => {
                let mut slice = Slice::of(self, *number, rows.clone())?;
                slice.give(rows.end, &mut customer);
                take(&customer);
                return Ok(());
            }
            Stretch::Customers(customers) => customers,
        };
        let mut portions = Vec::with_capacity(self.files.len());
        for number in 0..self.files.len() {
            portions.extend(Portion::of(self, number, customers)?);
        }
        // The next customers of all portions, close together: they are compared for everybody.
        let mut heads: Vec<i64> = portions.iter().map(Portion::customer).collect();
        loop {
            let next = heads.iter().copied().min().unwrap_or(NOBODY);
            if next == NOBODY {
                return Ok(());
            }
            customer.turn_to(next);
            for (group, heads) in heads.chunks_mut(64).enumerate() {
                // A set of places: which portions have somebody is not to be foreseen.
                let mut having = (heads.iter().enumerate()).fold(0, |set, (place, head)| {
                    set | (u64::from(*head == next) << place)
                });
                while having != 0 {
                    let place = having.trailing_zeros() as usize;
                    having &= having - 1;
                    let portion = &mut portions[group * 64 + place];
                    portion.give(&mut customer);
                    heads[place] = portion.customer();
                }
            }
            if !customer.documents.is_empty() {
                take(&customer);
            }
        }
    }
}

/// Threads of the warehouse's own engine.
fn threads() -> usize {
    tokio::runtime::Handle::current().metrics().num_workers()
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    Ok(joined(tokio::task::spawn_blocking(work).await)??)
}
