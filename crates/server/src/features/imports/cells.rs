//! From cells to values, with the reading chosen for the file.

use std::borrow::Cow;

use clientele_domain::{
    dates::{self, DateOrder},
    money::{DecimalMark, parse_amount},
    text,
};
use jiff::{
    civil::{Date, DateTime},
    tz::Offset,
};
use rust_decimal::Decimal;

use super::problem::RowProblem;
use clientele_files::Row;

/// How numbers and dates of a file are written.
#[derive(Debug, Clone, Copy)]
pub struct Notation {
    /// Which comes first, day or month.
    pub dates: DateOrder,
    /// Point or comma.
    pub decimals: DecimalMark,
}

/// A date with as much of the instant as the file gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// Only the day.
    Day(Date),
    /// The shop's clock.
    Local(DateTime),
    /// The clock and its offset from UTC.
    Fixed(DateTime, Offset),
}

/// A cell without quotes, apostrophes and blanks around it.
pub fn cell(row: &Row, at: Option<usize>) -> Cow<'_, str> {
    let Some(at) = at else {
        return Cow::Borrowed("");
    };
    let raw = row.get(at);
    let plain = raw
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let trimmed = raw.trim();
    if plain && !trimmed.starts_with(['=', '\'', '"']) {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(text::unquote_cell(raw))
    }
}

/// Text of a cell as it is kept: unquoted, composed.
pub fn words(row: &Row, at: Option<usize>) -> String {
    match cell(row, at) {
        Cow::Borrowed(plain) if plain.is_ascii() => plain.to_owned(),
        other => text::nfc(&other),
    }
}

/// Text of a cell that must name somebody or something; `null`, `0000` and the like are none.
pub fn name_of(row: &Row, at: Option<usize>) -> String {
    let words = words(row, at);
    if words.is_empty() || text::is_placeholder(&words) {
        String::new()
    } else {
        words
    }
}

/// The money in a cell; nothing if it is blank.
pub fn amount(
    row: &Row,
    at: Option<usize>,
    field: &'static str,
    notation: Notation,
) -> Result<Option<Decimal>, RowProblem> {
    let cell = cell(row, at);
    number(&cell, notation).map_err(|()| RowProblem::new(field, "amount_invalid").value(&cell))
}

/// The number of pieces in a cell; nothing if it is blank.
pub fn quantity(
    row: &Row,
    at: Option<usize>,
    notation: Notation,
) -> Result<Option<Decimal>, RowProblem> {
    let cell = cell(row, at);
    let invalid = || RowProblem::new("quantity", "quantity_invalid").value(&cell);
    let number = number(&cell, notation).map_err(|()| invalid())?;
    match number {
        Some(number) if number.abs() > Decimal::from(1_000_000_000) => Err(invalid()),
        other => Ok(other),
    }
}

fn number(cell: &str, notation: Notation) -> Result<Option<Decimal>, ()> {
    if cell.is_empty() || cell == "-" {
        return Ok(None);
    }
    if let Some(quick) = plain_number(cell)
        && notation.decimals == DecimalMark::Point
    {
        return Ok(Some(quick));
    }
    parse_amount(cell, notation.decimals)
        .map(Some)
        .map_err(|_| ())
}

/// Digits with at most one point and a minus, which is what most files hold.
fn plain_number(cell: &str) -> Option<Decimal> {
    let (negative, digits) = cell
        .strip_prefix('-')
        .map_or((false, cell), |rest| (true, rest));
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut value, mut scale, mut seen_point, mut count) = (0_i64, 0_u32, false, 0);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                scale += u32::from(seen_point);
                count += 1;
            }
            b'.' if !seen_point && count > 0 => seen_point = true,
            _ => return None,
        }
    }
    (count > 0).then(|| Decimal::new(if negative { -value } else { value }, scale))
}

/// The moment a row names by a date and perhaps a separate time.
pub fn moment(
    row: &Row,
    at: Option<usize>,
    time: Option<usize>,
    field: &'static str,
    notation: Notation,
) -> Result<Option<Moment>, RowProblem> {
    let day = cell(row, at);
    if day.is_empty() {
        return Ok(None);
    }
    let clock = cell(row, time);
    let together = if clock.is_empty() {
        day
    } else {
        Cow::Owned(format!("{day} {clock}"))
    };
    parse_moment(&together, notation.dates)
        .map(Some)
        .ok_or_else(|| RowProblem::new(field, "date_invalid").value(&together))
}

fn parse_moment(text: &str, order: DateOrder) -> Option<Moment> {
    if let Some(quick) = plain_moment(text) {
        return Some(quick);
    }
    let found = dates::parse_date_time(text, order).ok()?;
    Some(match found.offset {
        Some(offset) => Moment::Fixed(found.local, offset),
        None if names_a_time(text) => Moment::Local(found.local),
        None => Moment::Day(found.local.date()),
    })
}

/// A clock's colon or word, or digits beyond those of a day.
fn names_a_time(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.contains([':', '：', '时', '時', '点', '點'])
        || (digits >= 12 && digits == text.len())
        || (text.contains('.') && text.split('.').next().is_some_and(|whole| whole.len() == 5))
}

/// `2010-12-01 08:26:00`, which databases write.
fn plain_moment(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if bytes.len() != 19
        || bytes[4] != b'-'
        || bytes[7] != b'-'
        || bytes[10] != b' '
        || bytes[13] != b':'
        || bytes[16] != b':'
    {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i16> {
        bytes[from..to].iter().try_fold(0_i16, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + i16::from(byte - b'0'))
        })
    };
    let small = |from: usize| number(from, from + 2).and_then(|value| i8::try_from(value).ok());
    DateTime::new(
        number(0, 4)?,
        small(5)?,
        small(8)?,
        small(11)?,
        small(14)?,
        small(17)?,
        0,
    )
    .ok()
    .map(Moment::Local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_take_the_short_way() {
        let check = |text: &str, wanted: Option<&str>| {
            assert_eq!(
                plain_number(text),
                wanted.map(|text| text.parse().unwrap()),
                "{text}"
            );
        };
        check("12", Some("12"));
        check("-0.001", Some("-0.001"));
        check("7.", Some("7"));
        check("1,5", None);
        check(".5", None);
        check("1.2.3", None);
        check("-", None);
    }

    #[test]
    fn plain_moments_take_the_short_way() {
        let at = DateTime::new(2010, 12, 1, 8, 26, 0, 0).unwrap();
        assert_eq!(plain_moment("2010-12-01 08:26:00"), Some(Moment::Local(at)));
        assert_eq!(plain_moment("2010-13-01 08:26:00"), None);
        assert_eq!(plain_moment("2010-12-01T08:26:00"), None);
    }
}
