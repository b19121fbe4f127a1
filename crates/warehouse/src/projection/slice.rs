//! Some rows of one projection, one customer after the other.

use std::io;
use std::ops::Range;

use super::column::Numbers;
use super::document::Document;
use super::file::{LEFT, PAID, REFUND, SALE, exact};
use super::links::Mark;
use super::orders::{Detail, OneFile, Orders};

/// Behind the last customer.
pub(super) const NOBODY: i64 = i64::MAX;

/// The customers of a stretch that one file has, one after the other.
pub(super) struct Portion<'a> {
    customers: Numbers,
    ends: Numbers,
    people: usize,
    /// The next customer, and how many went before.
    pub(super) customer: i64,
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
            customer: customers.at(0),
            customers,
            ends: projection.numbers(header.ends, first..end)?,
            people: end - first,
            at: 0,
            slice: Slice::of(orders, number, rows)?,
        }))
    }

    /// Gives the documents of the next customer and moves on.
    pub(super) fn give(&mut self, documents: &mut Vec<Document>) {
        self.slice.give(self.ends.at(self.at) as usize, documents);
        self.at += 1;
        self.customer = match self.at < self.people {
            true => self.customers.at(self.at),
            false => NOBODY,
        };
    }
}

/// Some rows of one file, one after the other.
pub(super) struct Slice<'a> {
    file: &'a OneFile,
    as_of: i32,
    /// The first row that was read, and the next one.
    first: usize,
    row: usize,
    id: Option<Numbers>,
    day: Numbers,
    store: Numbers,
    channel: Numbers,
    flags: Numbers,
    units: Numbers,
    reporting_net: Numbers,
    /// What is exact, where something is amended.
    net: Option<(Numbers, Numbers)>,
    marks: &'a [(usize, Mark)],
}

impl<'a> Slice<'a> {
    pub(super) fn of(orders: &'a Orders, number: usize, rows: Range<usize>) -> io::Result<Self> {
        let file = &orders.files[number];
        let read = |column| file.projection.numbers(column, rows.clone());
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
            id: match orders.detail {
                Detail::Ids => Some(read(header.id)?),
                Detail::Bookings | Detail::Orders => None,
            },
            day: read(header.day)?,
            store: read(header.store)?,
            channel: read(header.channel)?,
            flags: read(header.flags)?,
            units: read(header.units)?,
            reporting_net: read(header.reporting_net)?,
            net: match amended.any(|is_amended| is_amended) {
                true => Some((read(header.net)?, read(header.net_residue)?)),
                false => None,
            },
            marks,
        })
    }

    /// Gives the paid documents before a row that are not too late.
    pub(super) fn give(&mut self, end: usize, documents: &mut Vec<Document>) {
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
            if flags & PAID == 0 || day > self.as_of {
                continue;
            }
            let mut document = Document {
                id: self.id.as_ref().map_or(0, |ids| ids.at(place)),
                day,
                store: self.file.stores[self.store.at(place) as usize],
                channel: self.file.channels[self.channel.at(place) as usize],
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
            documents.push(document);
        }
    }
}
