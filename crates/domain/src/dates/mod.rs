//! Dates and times as files write them.

mod birth;
mod order;
mod scan;

pub use birth::{BirthDate, parse_birth};
pub use order::{OrderGuess, guess_order};

use crate::text::{narrow, unquote_cell};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Which part comes first where a date is written with three numbers.
///
/// A year of four digits in front always wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 2026-11-21
    Ymd,
    /// 21/11/2026
    Dmy,
    /// 11/21/2026
    Mdy,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateError {
    /// There is nothing to read.
    #[error("the date is empty")]
    Empty,
    /// It is not written like a date.
    #[error("this is not written like a date")]
    NotADate,
    /// The calendar has no such day.
    #[error("the calendar has no such day")]
    NoSuchDay,
    /// The clock has no such time.
    #[error("the clock has no such time")]
    NoSuchTime,
    /// It stands for "not known", such as 1900-01-01 as a birth date.
    #[error("this stands for an unknown date")]
    Placeholder,
}

/// A wall-clock time and the offset, where one was written with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// The wall-clock time.
    pub local: DateTime,
    /// The offset to UTC.
    pub offset: Option<Offset>,
}

/// Reads a date; a time after it is ignored.
pub fn parse_date(text: &str, order: DateOrder) -> Result<Date, DateError> {
    parse_date_time(text, order).map(|parsed| parsed.local.date())
}

/// Reads a date with or without a time; without one it is midnight.
pub fn parse_date_time(text: &str, order: DateOrder) -> Result<Parsed, DateError> {
    let text = clean(text);
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if let Some(parsed) = parse_digits(&text) {
        return parsed;
    }
    let (day, rest) = scan::day(&text)?;
    let date = calendar_day(day.in_order(order)?)?;
    let (time, offset) = scan::time(rest)?;
    Ok(Parsed {
        local: date.to_datetime(time),
        offset,
    })
}

/// Unwraps a cell and brings Chinese and full-width signs to ordinary ones.
fn clean(text: &str) -> String {
    narrow(&unquote_cell(text)).trim().to_owned()
}

/// Dates of digits only: 20261121, 20261121093000 and spreadsheet day numbers.
fn parse_digits(text: &str) -> Option<Result<Parsed, DateError>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole[from..to].parse::<i16>().unwrap_or(0);
    let at = |hour: i16, minute: i16, second: i16| {
        let date = calendar_day([number(0, 4), number(4, 6), number(6, 8)])?;
        let time = clock_time([hour, minute, second], 0)?;
        Ok(Parsed {
            local: date.to_datetime(time),
            offset: None,
        })
    };
    match (whole.len(), fraction) {
        (8, "") => Some(at(0, 0, 0)),
        (12, "") => Some(at(number(8, 10), number(10, 12), 0)),
        (14, _) => Some(at(number(8, 10), number(10, 12), number(12, 14))),
        (5, _) => Some(spreadsheet_day(whole, fraction)),
        _ => None,
    }
}

/// Day numbers count from 1899-12-30, with 1900 wrongly taken as a leap year;
/// numbers of five digits are past that mistake. Fractions round to seconds.
fn spreadsheet_day(whole: &str, fraction: &str) -> Result<Parsed, DateError> {
    let days: i32 = whole.parse().map_err(|_| DateError::NotADate)?;
    let digits = fraction.get(..fraction.len().min(12)).unwrap_or("");
    let parts: i64 = format!("0{digits}")
        .parse()
        .map_err(|_| DateError::NotADate)?;
    let scale = 10_i64.pow(digits.len() as u32);
    let seconds = (i128::from(parts) * 86_400 * 2 + i128::from(scale)) / (i128::from(scale) * 2);
    let seconds = i64::try_from(seconds).map_err(|_| DateError::NotADate)?;
    let start = date(1899, 12, 30).to_datetime(Time::midnight());
    let local = start
        .checked_add(days.days())
        .and_then(|day| day.checked_add(seconds.seconds()))
        .map_err(|_| DateError::NoSuchDay)?;
    Ok(Parsed {
        local,
        offset: None,
    })
}

fn calendar_day([year, month, day]: [i16; 3]) -> Result<Date, DateError> {
    let month = i8::try_from(month).map_err(|_| DateError::NoSuchDay)?;
    let day = i8::try_from(day).map_err(|_| DateError::NoSuchDay)?;
    Date::new(year, month, day).map_err(|_| DateError::NoSuchDay)
}

fn clock_time([hour, minute, second]: [i16; 3], nanosecond: i32) -> Result<Time, DateError> {
    let small = |value: i16| i8::try_from(value).map_err(|_| DateError::NoSuchTime);
    Time::new(small(hour)?, small(minute)?, small(second)?, nanosecond)
        .map_err(|_| DateError::NoSuchTime)
}

#[cfg(test)]
mod tests;
