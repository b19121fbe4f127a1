//! Some rows of one projection, one customer after the other.

use std::io;
use std::ops::Range;

use super::column::Numbers;
use super::document::{Customer, Document, Good};
use super::file::{LEFT, PAID, Projection, REFUND, SALE, exact};
use super::links::Mark;
use super::orders::{Detail, OneFile, Orders};

/// Behind the last customer.
pub(super) const NOBODY: i64 = i64::MAX;

/// The customers of a stretch that one file has, one after the other.
pub(super) struct Portion<'a> {
    customers: Numbers,
    ends: Numbers,
    people: usize,
    /// How many of them went before the next one.
    at: usize,
    slice: Slice<'a>,
}

impl<'a> Portion<'a> {
    /// None where the file has none of these customers.
    pub(super) fn of(
        orders: &'a Orders,
        number: usize,
        customers: &Range<i64>,
    ) -> io::Result<Option<Self>> {
        let projection = &orders.files[number].projection;
        let first = projection.people_below(customers.start)?;
        let end = projection.people_below(customers.end)?;
        if first == end {
            return Ok(None);
        }
        let rows = projection.rows_before(first)?..projection.rows_before(end)?;
        let header = &projection.header;
        let customers = projection.numbers(header.customers, first..end)?;
        Ok(Some(Self {
            customers,
            ends: projection.numbers(header.ends, first..end)?,
            people: end - first,
            at: 0,
            slice: Slice::of(orders, number, rows)?,
        }))
    }

    /// Gives the documents of the next customer and moves on.
    pub(super) fn give(&mut self, customer: &mut Customer) {
        self.slice.give(self.ends.at(self.at) as usize, customer);
        self.at += 1;
    }

    /// The next customer.
    pub(super) fn customer(&self) -> i64 {
        match self.at < self.people {
            true => self.customers.at(self.at),
            false => NOBODY,
        }
    }
}

/// Some rows of one file, one after the other.
pub(super) struct Slice<'a> {
    file: &'a OneFile,
    as_of: i32,
    /// The first row that was read, and the next one.
    first: usize,
    row: usize,
    day: Numbers,
    store: Numbers,
    channel: Numbers,
    flags: Numbers,
    units: Numbers,
    reporting_net: Numbers,
    /// What is exact, where something is amended.
    net: Option<(Numbers, Numbers)>,
    goods: Option<Goods>,
    marks: &'a [(usize, Mark)],
}

/// What some rows brought.
struct Goods {
    /// The first one that was read, and the next one.
    first: usize,
    next: usize,
    ends: Numbers,
    products: Numbers,
    quantities: Numbers,
}

impl Goods {
    fn of(projection: &Projection, rows: &Range<usize>) -> io::Result<Self> {
        let header = &projection.header;
        let first = projection.goods_before(rows.start)?;
        let all = first..projection.goods_before(rows.end)?;
        Ok(Self {
            first,
            next: first,
            ends: projection.numbers(header.good_ends, rows.clone())?,
            products: projection.numbers(header.good_products, all.clone())?,
            quantities: projection.numbers(header.good_quantities, all)?,
        })
    }

    /// The goods of the next row, which is at a place among those read.
    fn next(&mut self, place: usize) -> Range<usize> {
        let first = std::mem::replace(&mut self.next, self.ends.at(place) as usize);
        first - self.first..self.next - self.first
    }

    fn at(&self, place: usize, products: &[u32]) -> Good {
        Good {
            product: products[self.products.at(place) as usize],
            quantity: self.quantities.at(place),
        }
    }
}

impl<'a> Slice<'a> {
    pub(super) fn of(orders: &'a Orders, number: usize, rows: Range<usize>) -> io::Result<Self> {
        let file = &orders.files[number];
        let read = |column| file.projection.numbers(column, rows.clone());
        let read_unless_days = |column| match orders.detail {
            Detail::Days => Ok(Numbers::default()),
            Detail::Bookings | Detail::Orders | Detail::Goods => read(column),
        };
        let header = &file.projection.header;
        let marks = orders.marks.get(number).map_or(&[][..], Vec::as_slice);
        let first = marks.partition_point(|(row, _)| *row < rows.start);
        let end = marks.partition_point(|(row, _)| *row < rows.end);
        let marks = &marks[first..end];
        let mut amended = marks
            .iter()
            .map(|(_, mark)| matches!(mark, Mark::Amended(_)));
        Ok(Self {
            file,
            as_of: orders.as_of,
            first: rows.start,
            row: rows.start,
            day: read(header.day)?,
            store: read_unless_days(header.store)?,
            channel: read_unless_days(header.channel)?,
            flags: read(header.flags)?,
            units: read_unless_days(header.units)?,
            reporting_net: read(header.reporting_net)?,
            net: match amended.any(|is_amended| is_amended) {
                true => Some((read(header.net)?, read(header.net_residue)?)),
                false => None,
            },
            goods: match orders.detail {
                Detail::Goods => Some(Goods::of(&file.projection, &rows)?),
                Detail::Bookings | Detail::Days | Detail::Orders => None,
            },
            marks,
        })
    }

    /// Gives the paid documents before a row that are not too late.
    pub(super) fn give(&mut self, end: usize, customer: &mut Customer) {
        while self.row < end {
            let (row, place) = (self.row, self.row - self.first);
            self.row += 1;
            let mark = match self.marks.split_first() {
                Some(((marked, mark), rest)) if *marked == row => {
                    self.marks = rest;
                    Some(mark)
                }
                _ => None,
            };
            let (flags, day) = (self.flags.at(place), self.day.at(place) as i32);
            let goods = match &mut self.goods {
                Some(goods) => goods.next(place),
                None => 0..0,
            };
            if flags & PAID == 0 || day > self.as_of {
                continue;
            }
            let first_good = customer.goods.len();
            if let Some(all) = &self.goods {
                let goods = goods.map(|good| all.at(good, &self.file.products));
                customer.goods.extend(goods);
            }
            let mut document = Document {
                day,
                store: self.file.stores[self.store.at(place) as usize],
                channel: self.file.channels[self.channel.at(place) as usize],
                goods: (first_good, customer.goods.len()),
                units: self.units.at(place),
                net: self.reporting_net.at(place),
                is_refund: flags & REFUND != 0,
                is_sale: flags & SALE != 0,
                is_part: matches!(mark, Some(Mark::Part)),
                is_left: flags & LEFT != 0,
                more_net: 0,
                more_sales: 0,
                more_refunds: 0,
            };
            if let (Some(Mark::Amended(more)), Some((net, residue))) = (mark, &self.net) {
                document.amend(more, exact(net.at(place), residue.at(place)));
            }
            customer.documents.push(document);
        }
    }
}
