//! Birth dates, which people often give without the year.

use super::scan::{self, Day};
use super::{DateError, DateOrder, calendar_day, clean, parse_date};
use crate::text::is_placeholder;
use jiff::civil::Date;

/// A birth date, with or without its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BirthDate {
    /// Year, month and day.
    Full(Date),
    /// Month and day only.
    Day {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// Written `1990-02-28`, or `--08-08` without the year.
impl std::fmt::Display for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BirthDate::Full(date) => write!(f, "{date}"),
            BirthDate::Day { month, day } => write!(f, "--{month:02}-{day:02}"),
        }
    }
}

/// Reads the stored form only.
impl std::str::FromStr for BirthDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        match text.strip_prefix("--") {
            Some(rest) => month_day(rest, DateOrder::Ymd).ok_or(DateError::NotADate)?,
            None => text
                .parse()
                .map(BirthDate::Full)
                .map_err(|_| DateError::NotADate),
        }
    }
}

/// Reads a birth date as files write it.
///
/// Two-digit years up to 30 are 20xx. The first of January of 1900 or earlier
/// is what systems write when they do not know.
pub fn parse_birth(text: &str, order: DateOrder) -> Result<BirthDate, DateError> {
    let text = clean(text);
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if is_placeholder(&text) {
        return Err(DateError::Placeholder);
    }
    let short = text.strip_prefix("--").unwrap_or(&text);
    if let Some(partial) = month_day(short, order) {
        return partial;
    }
    let date = match scan::day(&text) {
        Ok((Day::Short(_), _)) => century(parse_date(&text, order)?)?,
        _ => parse_date(&text, order)?,
    };
    if (date.month(), date.day()) == (1, 1) && date.year() <= 1900 {
        return Err(DateError::Placeholder);
    }
    Ok(BirthDate::Full(date))
}

fn century(date: Date) -> Result<Date, DateError> {
    if date.year() > 2030 {
        calendar_day([
            date.year() - 100,
            i16::from(date.month()),
            i16::from(date.day()),
        ])
    } else {
        Ok(date)
    }
}

/// `08-08`, `8/8`, `8月8日`, `0808`; none if the text has another shape.
fn month_day(text: &str, order: DateOrder) -> Option<Result<BirthDate, DateError>> {
    let text = text.trim().trim_end_matches(['日', '号', '號']);
    let chinese = text.contains('月');
    let (first, second) = match text.split_once(['-', '/', '.', '月']) {
        Some(parts) => parts,
        None if text.len() == 4 => text.split_at_checked(2)?,
        None => return None,
    };
    let number = |part: &str| {
        let part = part.trim();
        let fine = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fine.then(|| part.parse::<i8>().ok()).flatten()
    };
    let (first, second) = (number(first)?, number(second)?);
    let day_first = order == DateOrder::Dmy && !chinese;
    let (month, day) = if day_first {
        (second, first)
    } else {
        (first, second)
    };
    // A leap year, so that the 29th of February is a birthday too.
    let exists = Date::new(2000, month, day).is_ok();
    Some(
        exists
            .then_some(BirthDate::Day { month, day })
            .ok_or(DateError::NoSuchDay),
    )
}
