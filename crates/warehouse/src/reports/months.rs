//! Calendar months as numbers: twelve times the year plus the month from zero.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::rows::{date_of, day_of};

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

/// Turns days into months; it knows the last hundred years by heart.
pub(super) struct Calendar {
    first: i32,
    months: Vec<i64>,
}

impl Calendar {
    /// Up to the last day anybody asks about.
    pub(super) fn until(last: Date) -> Self {
        let last = day_of(last);
        let first = last.saturating_sub(36_525);
        let months = (first..=last).map(|day| month_of(date_of(day))).collect();
        Self { first, months }
    }

    /// The number of the month of a day since 1970-01-01.
    pub(super) fn month(&self, day: i32) -> i64 {
        let known = usize::try_from(day - self.first)
            .ok()
            .and_then(|at| self.months.get(at));
        known.copied().unwrap_or_else(|| month_of(date_of(day)))
    }
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
    #[test]
    fn the_calendar_agrees_with_the_dates_near_and_far() {
        let calendar = Calendar::until(date(2026, 11, 21));
        for date in [
            date(2026, 11, 21),
            date(2026, 10, 31),
            date(2000, 2, 29),
            date(1926, 11, 21),
            date(1, 1, 1),
            date(2031, 5, 5),
        ] {
            assert_eq!(calendar.month(day_of(date)), month_of(date), "{date}");
        }
    }
}
