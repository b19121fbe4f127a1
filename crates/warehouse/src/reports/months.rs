//! Calendar months as numbers: twelve times the year plus the month from zero.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The number of a date's month.
pub(super) fn month_of(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// The first day of a month.
pub(super) fn first_day(month: i64) -> Date {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(9999);
    let month = i8::try_from(month.rem_euclid(12) + 1).expect("a month is at most twelve");
    date(year, month, 1)
}

/// Whether the whole month lies on or before a date.
pub(super) fn is_complete(month: i64, as_of: Date) -> bool {
    first_day(month + 1).saturating_sub(1.day()) <= as_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_numbers_and_ends() {
        let november = month_of(date(2026, 11, 21));
        assert_eq!(first_day(november), date(2026, 11, 1));
        assert_eq!(first_day(november + 2), date(2027, 1, 1));
        assert!(is_complete(november, date(2026, 11, 30)));
        assert!(!is_complete(november, date(2026, 11, 29)));
    }
}
