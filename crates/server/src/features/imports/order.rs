//! From the rows of one order to the order.
//!
//! Money is exact until one rounding for the whole order; what the rounding
//! took is kept, and the lines are cut so that they add up to the order.

use std::borrow::Cow;

use clientele_domain::{
    business,
    mapping::Kind,
    money::{Currency, allocate, currencies_named, exact_to_minor},
    text,
};
use clientele_files::Row;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use sha2::{Digest, Sha256};

use super::{
    cells::{self, Moment},
    options::Reading,
    people::{Person, PersonColumns},
    places::StoreRef,
    problem::RowProblem,
    status::{self, Status},
    units::{Facts, Unit},
};
use crate::{ctx::hex, error::Result};

/// An order as a file gives it.
#[derive(Debug, Clone)]
pub struct OrderDoc {
    pub external_id: String,
    pub kind: &'static str,
    pub status: Status,
    pub ordered_at: i64,
    pub business_date: Date,
    pub currency: Currency,
    /// Order-date rate to the reporting currency.
    pub rate: Decimal,
    pub gross: i64,
    pub discount: i64,
    pub net: i64,
    pub residue: i64,
    pub tax: i64,
    pub shipping: i64,
    pub units: i64,
    pub channel: &'static str,
    pub original: String,
    pub store: Option<StoreRef>,
    /// Who receives it, if that is somebody else; never a key to anybody.
    pub recipient: Option<String>,
    pub person: Person,
    pub lines: Vec<LineDoc>,
    pub hash: String,
    /// Of its rows and of how they were read; 0 where reading them has more to say.
    pub rows_hash: i64,
    /// How many rows of the file made it.
    pub rows: u64,
}

/// One line of an order.
#[derive(Debug, Clone)]
pub struct LineDoc {
    pub sku: String,
    pub name: String,
    pub category: String,
    pub brand: String,
    pub size: String,
    /// Thousandths.
    pub quantity: i64,
    pub unit_price: String,
    pub discount: i64,
    pub net: i64,
}

/// What reading orders needs besides the rows.
pub struct OrderReader<'a> {
    reading: &'a Reading,
    facts: &'a Facts,
    source: &'a str,
    columns: Columns,
    people: PersonColumns,
    currency: Currency,
    /// Zone and day cut of the chain.
    house: (TimeZone, i64),
    /// Of everything but the rows that says what they mean.
    meaning: Sha256,
}

/// To be counted up when the same rows come to mean something else.
const READER: u32 = 1;

macro_rules! columns {
    ($($name:ident),* $(,)?) => {
        struct Columns { $($name: Option<usize>),* }
        impl Columns {
            fn of(reading: &Reading) -> Self {
                Self { $($name: reading.column(stringify!($name))),* }
            }
        }
    };
}
columns!(
    ordered_at,
    ordered_time,
    paid_at,
    status,
    document_type,
    original_number,
    store_id,
    store,
    channel,
    sku,
    product,
    category,
    brand,
    size,
    quantity,
    unit_price,
    line_amount,
    line_discount,
    order_paid,
    order_subtotal,
    order_gross,
    order_discount,
    refunded,
    shipping,
    tax,
    currency,
    recipient_name,
);

/// A line before the order's rounding.
struct ExactLine {
    doc: LineDoc,
    exact: Decimal,
    discount: Decimal,
}

/// Sums that belong to the order as a whole.
#[derive(Default)]
struct Totals {
    paid: Option<Decimal>,
    subtotal: Option<Decimal>,
    gross: Option<Decimal>,
    discount: Decimal,
    refunded: Decimal,
    shipping: Decimal,
    tax: Decimal,
}

impl<'a> OrderReader<'a> {
    /// Prepares for a file; `house` is the chain's zone and day cut.
    pub fn new(
        reading: &'a Reading,
        facts: &'a Facts,
        source: &'a str,
        house: (TimeZone, i64),
    ) -> Result<Self> {
        debug_assert_eq!(reading.kind, Kind::Orders, "only order files hold orders");
        let mut meaning = Sha256::new();
        meaning.update(READER.to_le_bytes());
        meaning.update(source);
        meaning.update([
            facts.document_prefixes.into(),
            facts.amounts_per_line.into(),
        ]);
        meaning.update(reading.fingerprint()?);
        Ok(Self {
            meaning,
            reading,
            facts,
            source,
            columns: Columns::of(reading),
            people: PersonColumns::of(reading),
            currency: reading.currency(),
            house,
        })
    }

    /// The hash of a unit's rows and of how they are read, never 0; `place` is the zone
    /// and day cut of its store.
    pub fn rows_hash(&self, unit: &Unit, place: Option<&(TimeZone, i64)>) -> i64 {
        let (zone, cut) = place.unwrap_or(&self.house);
        let mut hash = self.meaning.clone();
        hash.update(zone.iana_name().unwrap_or_default());
        hash.update(cut.to_le_bytes());
        for row in &unit.rows {
            hash.update((row.len() as u64).to_le_bytes());
            for cell in row.cells() {
                hash.update((cell.len() as u64).to_le_bytes());
                hash.update(cell);
            }
        }
        let bytes = hash.finalize();
        let (first, _) = bytes.split_first_chunk().expect("a hash has 32 bytes");
        match i64::from_le_bytes(*first) {
            0 => 1,
            hash => hash,
        }
    }

    /// The store a row names, if any.
    pub fn store_of(&self, row: &Row) -> Option<StoreRef> {
        let code = cells::name_of(row, self.columns.store_id);
        let name = cells::name_of(row, self.columns.store);
        let key = if code.is_empty() { &name } else { &code };
        (!key.is_empty()).then(|| StoreRef {
            external_id: key.clone(),
            name: if name.is_empty() {
                code.clone()
            } else {
                name.clone()
            },
        })
    }

    /// Builds the order of a unit; `place` is the zone and day cut of its store.
    ///
    /// # Errors
    /// The line at fault and why.
    pub fn read(
        &self,
        unit: &Unit,
        place: Option<(TimeZone, i64)>,
    ) -> Result<OrderDoc, (u64, RowProblem)> {
        let first = unit.rows.first().expect("a unit has rows");
        let whole = |problem: RowProblem| (first.line(), problem);
        let mut lines = Vec::with_capacity(unit.rows.len());
        for row in &unit.rows {
            lines.push(self.line(row).map_err(|problem| (row.line(), problem))?);
        }
        let totals = self.totals(unit)?;
        let currency = self.currency_of(unit)?;
        self.people.same_buyer(&unit.rows)?;
        let (ordered_at, business_date) = self.when(unit, place)?;
        let net = self.net(&lines, &totals);
        let mut status = self.first_status(unit);
        let kind = self.kind(&unit.key, first, net);
        let flip = kind == "refund" && self.is_explicit_refund(first) && net > Decimal::ZERO;
        if kind == "refund" && self.is_explicit_refund(first) {
            status = Status::Paid;
        }
        let person = self.person(unit);
        let recipient = cells::name_of(first, self.columns.recipient_name);
        let mut doc = OrderDoc {
            external_id: unit.key.clone(),
            kind,
            status,
            ordered_at: ordered_at.as_microsecond(),
            business_date,
            currency,
            rate: Decimal::ONE,
            gross: 0,
            discount: 0,
            net: 0,
            residue: 0,
            tax: 0,
            shipping: 0,
            units: 0,
            channel: status::channel(&cells::cell(first, self.columns.channel)),
            original: text::narrow(&cells::words(first, self.columns.original_number)),
            store: self.store_of(first),
            recipient: Some(recipient)
                .filter(|name| !name.is_empty() && *name != person.display_name()),
            person,
            lines: Vec::new(),
            hash: String::new(),
            rows_hash: 0,
            rows: unit.rows.len() as u64,
        };
        let sign = if flip {
            Decimal::NEGATIVE_ONE
        } else {
            Decimal::ONE
        };
        settle(&mut doc, lines, &totals, net, sign).map_err(whole)?;
        doc.hash = content_hash(&doc);
        Ok(doc)
    }

    fn line(&self, row: &Row) -> Result<ExactLine, RowProblem> {
        let columns = &self.columns;
        let notation = self.reading.notation;
        let amount = |at, field| cells::amount(row, at, field, notation);
        let quantity = cells::quantity(row, columns.quantity, notation)?;
        let unit_price = amount(columns.unit_price, "unit_price")?;
        let line_amount = amount(columns.line_amount, "line_amount")?;
        let discount = amount(columns.line_discount, "line_discount")?
            .unwrap_or_default()
            .abs();
        let own_paid = if self.facts.amounts_per_line {
            amount(columns.order_paid, "order_paid")?
        } else {
            None
        };
        let pieces = quantity.unwrap_or(Decimal::ONE);
        let too_large = || RowProblem::new("unit_price", "amount_too_large");
        let exact = match (line_amount.or(own_paid), unit_price) {
            (Some(amount), _) => amount,
            (None, Some(price)) => {
                let gross = price.checked_mul(pieces).ok_or_else(too_large)?;
                // A returned line gives its discount back.
                if gross.is_sign_negative() {
                    gross + discount
                } else {
                    gross - discount
                }
            }
            (None, None) if self.lines_need_amounts() => {
                return Err(RowProblem::new(self.amount_field(), "amount_missing"));
            }
            (None, None) => Decimal::ZERO,
        };
        let price = unit_price.unwrap_or_else(|| {
            if pieces.is_zero() {
                Decimal::ZERO
            } else {
                (exact / pieces).round_dp(6)
            }
        });
        let thousandths = (pieces * Decimal::from(1000)).normalize();
        let quantity = thousandths
            .to_i64()
            .filter(|_| thousandths.scale() == 0)
            .ok_or_else(|| {
                RowProblem::new("quantity", "quantity_invalid")
                    .value(&cells::cell(row, columns.quantity))
            })?;
        let doc = LineDoc {
            sku: cells::words(row, columns.sku),
            name: cells::words(row, columns.product),
            category: cells::words(row, columns.category),
            brand: cells::words(row, columns.brand),
            size: cells::words(row, columns.size),
            quantity,
            unit_price: price.normalize().to_string(),
            discount: 0,
            net: 0,
        };
        Ok(ExactLine {
            doc,
            exact,
            discount,
        })
    }

    /// Whether nothing but the lines says what the order was worth.
    fn lines_need_amounts(&self) -> bool {
        let columns = &self.columns;
        let whole = columns
            .order_subtotal
            .or(columns.order_gross)
            .or(columns.order_paid);
        whole.is_none() || (self.facts.amounts_per_line && columns.order_subtotal.is_none())
    }

    fn amount_field(&self) -> &'static str {
        let columns = &self.columns;
        if columns.unit_price.is_some() && columns.line_amount.is_none() {
            "unit_price"
        } else {
            "line_amount"
        }
    }

    fn totals(&self, unit: &Unit) -> Result<Totals, (u64, RowProblem)> {
        let columns = &self.columns;
        let notation = self.reading.notation;
        // The first line that names an order's amount speaks for the order.
        let find = |at: Option<usize>,
                    field: &'static str|
         -> Result<Option<Decimal>, (u64, RowProblem)> {
            if at.is_none() {
                return Ok(None);
            }
            for row in &unit.rows {
                if let Some(amount) = cells::amount(row, at, field, notation)
                    .map_err(|problem| (row.line(), problem))?
                {
                    return Ok(Some(amount));
                }
            }
            Ok(None)
        };
        let paid = if self.facts.amounts_per_line {
            None
        } else {
            find(columns.order_paid, "order_paid")?
        };
        Ok(Totals {
            paid,
            subtotal: find(columns.order_subtotal, "order_subtotal")?,
            gross: find(columns.order_gross, "order_gross")?,
            discount: find(columns.order_discount, "order_discount")?
                .unwrap_or_default()
                .abs(),
            refunded: find(columns.refunded, "refunded")?
                .unwrap_or_default()
                .abs(),
            shipping: find(columns.shipping, "shipping")?.unwrap_or_default(),
            tax: find(columns.tax, "tax")?.unwrap_or_default(),
        })
    }

    /// Net sales: goods after discounts, without shipping and tax.
    fn net(&self, lines: &[ExactLine], totals: &Totals) -> Decimal {
        let by_lines: Decimal = lines.iter().map(|line| line.exact).sum();
        let columns = &self.columns;
        let has_lines = columns.line_amount.is_some()
            || columns.unit_price.is_some()
            || self.facts.amounts_per_line;
        let net = match (totals.subtotal, totals.paid, totals.gross) {
            (Some(subtotal), _, _) => subtotal,
            (None, Some(paid), _) => paid - totals.shipping - totals.tax,
            (None, None, Some(gross)) if !has_lines => gross - totals.discount,
            _ if columns.line_amount.is_none() && !self.facts.amounts_per_line => {
                by_lines - totals.discount
            }
            _ => by_lines,
        };
        if net.is_sign_positive() {
            net - totals.refunded
        } else {
            net
        }
    }

    /// The one currency of all rows, which no sign in an amount may contradict.
    fn currency_of(&self, unit: &Unit) -> Result<Currency, (u64, RowProblem)> {
        let mut found: Option<Currency> = None;
        for row in &unit.rows {
            let at = |problem| (row.line(), problem);
            let Some(own) = self.named_currency(row).map_err(at)? else {
                continue;
            };
            if let Some(known) = found.filter(|known| *known != own) {
                return Err(at(mixed(own.code(), known)));
            }
            found = Some(own);
        }
        let currency = found.unwrap_or(self.currency);
        for row in &unit.rows {
            for cell in self.amount_cells(row) {
                let named = currencies_named(&cell);
                if !named.is_empty() && !named.contains(&currency) {
                    return Err((row.line(), mixed(&cell, currency)));
                }
            }
        }
        Ok(currency)
    }

    fn amount_cells<'r>(&self, row: &'r Row) -> impl Iterator<Item = Cow<'r, str>> {
        let columns = &self.columns;
        [
            columns.unit_price,
            columns.line_amount,
            columns.line_discount,
            columns.order_paid,
            columns.order_subtotal,
            columns.order_gross,
            columns.order_discount,
            columns.refunded,
            columns.shipping,
            columns.tax,
        ]
        .into_iter()
        .flatten()
        .map(|at| cells::cell(row, Some(at)))
    }

    /// The currency a row names in its own column, or by an unmistakable sign.
    fn named_currency(&self, row: &Row) -> Result<Option<Currency>, RowProblem> {
        let cell = cells::cell(row, self.columns.currency);
        if cell.is_empty() {
            let mut named = self.amount_cells(row).map(|cell| currencies_named(&cell));
            return Ok(named
                .find(|currencies| currencies.len() == 1)
                .map(|currencies| currencies[0]));
        }
        let code = match cell.as_ref() {
            "人民币" | "RMB" | "rmb" | "元" | "¥" | "￥" => "CNY",
            "美元" | "$" => "USD",
            "欧元" | "€" => "EUR",
            "英镑" | "£" => "GBP",
            "港币" | "港元" | "HK$" => "HKD",
            "日元" => "JPY",
            other => other,
        };
        Currency::parse(code)
            .map(Some)
            .map_err(|_| RowProblem::new("currency", "currency_unknown").value(&cell))
    }

    /// The earliest moment the lines name.
    fn when(
        &self,
        unit: &Unit,
        place: Option<(TimeZone, i64)>,
    ) -> Result<(Timestamp, Date), (u64, RowProblem)> {
        let (zone, cut) = place.unwrap_or_else(|| self.house.clone());
        let zone = self.reading.zone.clone().unwrap_or(zone);
        let notation = self.reading.notation;
        let columns = &self.columns;
        let mut earliest: Option<(Timestamp, Date)> = None;
        for row in &unit.rows {
            let at = |problem| (row.line(), problem);
            let ordered = cells::moment(
                row,
                columns.ordered_at,
                columns.ordered_time,
                "ordered_at",
                notation,
            )
            .map_err(at)?;
            let moment = match ordered {
                Some(moment) => Some(moment),
                None => {
                    cells::moment(row, columns.paid_at, None, "paid_at", notation).map_err(at)?
                }
            };
            let Some(moment) = moment else { continue };
            let found = resolve(moment, &zone, cut).ok_or_else(|| {
                at(RowProblem::new("ordered_at", "date_invalid")
                    .value(&cells::cell(row, columns.ordered_at)))
            })?;
            if earliest.is_none_or(|known| found < known) {
                earliest = Some(found);
            }
        }
        earliest.ok_or_else(|| {
            (
                unit.rows[0].line(),
                RowProblem::new("ordered_at", "date_missing"),
            )
        })
    }

    fn first_status(&self, unit: &Unit) -> Status {
        let words = unit
            .rows
            .iter()
            .map(|row| cells::cell(row, self.columns.status));
        words
            .into_iter()
            .find(|word| !word.is_empty())
            .map_or(Status::Paid, |word| status::status(&word))
    }

    fn is_explicit_refund(&self, row: &Row) -> bool {
        self.columns.document_type.is_some()
            && status::is_refund_type(&cells::cell(row, self.columns.document_type))
    }

    fn kind(&self, key: &str, row: &Row, net: Decimal) -> &'static str {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let marked = |mark: [char; 2]| {
            self.facts.document_prefixes && key.strip_prefix(mark).is_some_and(digits)
        };
        if self.is_explicit_refund(row) || marked(['C', 'c']) {
            "refund"
        } else if marked(['A', 'a'])
            || status::is_adjustment_type(&cells::cell(row, self.columns.document_type))
        {
            "adjustment"
        } else if net < Decimal::ZERO {
            "refund"
        } else {
            "sale"
        }
    }

    /// The first line that knows the customer speaks for the order.
    fn person(&self, unit: &Unit) -> Person {
        let mut first = None;
        for row in &unit.rows {
            let person = self.people.buyer(row, self.source);
            if person.is_known() {
                return person;
            }
            first.get_or_insert(person);
        }
        first.unwrap_or_default()
    }
}

fn mixed(named: &str, currency: Currency) -> RowProblem {
    RowProblem::new("currency", "currency_mixed")
        .value(named)
        .with("currency", currency.code())
}

/// The instant and business date of a moment on a shop's clock.
fn resolve(moment: Moment, zone: &TimeZone, cut: i64) -> Option<(Timestamp, Date)> {
    match moment {
        Moment::Day(day) => {
            // A bare date is its business date, whatever the day cut.
            let minutes = i8::try_from(cut / 60).ok()?;
            let opening = day.at(minutes, i8::try_from(cut % 60).ok()?, 0, 0);
            Some((business::instant(opening, None, zone).ok()?, day))
        }
        Moment::Local(at) => {
            let instant = business::instant(at, None, zone).ok()?;
            Some((instant, business::business_date(instant, zone, cut)))
        }
        Moment::Fixed(at, offset) => {
            let instant = business::instant(at, Some(offset), zone).ok()?;
            Some((instant, business::business_date(instant, zone, cut)))
        }
    }
}

/// Rounds the order once and cuts its lines to fit.
fn settle(
    doc: &mut OrderDoc,
    lines: Vec<ExactLine>,
    totals: &Totals,
    net: Decimal,
    sign: Decimal,
) -> Result<(), RowProblem> {
    let currency = doc.currency;
    let minor = |amount: Decimal| {
        exact_to_minor(amount * sign, currency)
            .map_err(|_| RowProblem::new("line_amount", "amount_too_large"))
    };
    (doc.net, doc.residue) = minor(net)?;
    doc.shipping = minor(totals.shipping)?.0;
    doc.tax = minor(totals.tax)?.0;
    let by_lines: Decimal = lines.iter().map(|line| line.exact).sum();
    let line_discounts: Decimal = lines.iter().map(|line| line.discount).sum();
    let order_discount = match totals.gross {
        Some(gross) => gross - net - totals.refunded,
        None => line_discounts + (by_lines - net - totals.refunded).max(Decimal::ZERO),
    };
    doc.discount = minor(order_discount.max(Decimal::ZERO))?.0;
    doc.gross = doc
        .net
        .checked_add(doc.discount)
        .ok_or_else(|| RowProblem::new("line_amount", "amount_too_large"))?;
    let mut exact = Vec::with_capacity(lines.len());
    for line in lines {
        exact.push(minor(line.exact)?.0);
        let mut one = line.doc;
        one.discount = minor(line.discount)?.0;
        if sign.is_sign_negative() {
            one.quantity = -one.quantity.abs();
        }
        doc.lines.push(one);
    }
    for (line, net) in doc.lines.iter_mut().zip(shares(doc.net, &exact)) {
        line.net = net;
    }
    let thousandths: i64 = doc.lines.iter().map(|line| line.quantity).sum();
    doc.units = (thousandths + 500 * thousandths.signum()) / 1000;
    Ok(())
}

/// Line amounts that add up to the total: as they are, with the few units
/// rounding moved given to the largest lines, or in proportion if the total is
/// another one.
fn shares(total: i64, lines: &[i64]) -> Vec<i64> {
    let sum: i64 = lines.iter().sum();
    let difference = total - sum;
    if difference == 0 {
        return lines.to_vec();
    }
    if difference.unsigned_abs() <= lines.len() as u64 {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(lines[*at].abs()), *at));
        let mut parts = lines.to_vec();
        let count = usize::try_from(difference.unsigned_abs()).unwrap_or(usize::MAX);
        for at in order.into_iter().take(count) {
            parts[at] += difference.signum();
        }
        return parts;
    }
    allocate(total, lines)
}

/// Hash of what was received; the sequence of lines does not count, because
/// exports of one order differ in it.
fn content_hash(doc: &OrderDoc) -> String {
    let mut hash = Sha256::new();
    let mut text = |part: &str| {
        hash.update((part.len() as u32).to_le_bytes());
        hash.update(part.as_bytes());
    };
    text(doc.kind);
    text(doc.status.as_str());
    text(doc.currency.code());
    text(doc.channel);
    text(&doc.original);
    text(doc.store.as_ref().map_or("", |store| &store.external_id));
    text(&doc.person.name);
    text(doc.recipient.as_deref().unwrap_or_default());
    for raw in &doc.person.keys {
        text(raw.key.kind.key());
        text(&raw.key.value);
    }
    let mut lines: Vec<String> = doc
        .lines
        .iter()
        .map(|line| {
            [
                line.sku.as_str(),
                &line.name,
                &line.quantity.to_string(),
                &line.unit_price,
                &line.discount.to_string(),
            ]
            .join("\u{1f}")
        })
        .collect();
    lines.sort_unstable();
    for line in &lines {
        text(line);
    }
    for number in [
        doc.ordered_at,
        doc.gross,
        doc.discount,
        doc.net,
        doc.residue,
        doc.tax,
        doc.shipping,
    ] {
        hash.update(number.to_le_bytes());
    }
    hex(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_add_up_to_the_order() {
        assert_eq!(shares(100, &[40, 60]), [40, 60]);
        assert_eq!(shares(101, &[40, 60]), [40, 61]);
        assert_eq!(shares(-101, &[-40, -60]), [-40, -61]);
        assert_eq!(shares(50, &[40, 60]), [20, 30]);
        assert_eq!(shares(7, &[0, 0]), [4, 3]);
    }
}
