//! How one value becomes a cell of a column and comes back.

use std::sync::Arc;

use deltalake::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use deltalake::arrow::datatypes::{
    DataType, Date32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::digest::Digest;
use crate::Result;

/// A type whose values fill a column.
pub(crate) trait Column: Sized {
    const NULLABLE: bool = false;

    fn data_type() -> DataType;
    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a;
    fn value(array: &ArrayRef, row: usize) -> Result<Self>;
    fn digest(&self, digest: &mut Digest);
}

impl Column for i64 {
    fn data_type() -> DataType {
        DataType::Int64
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(values.copied()))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        Ok(array.as_primitive::<Int64Type>().value(row))
    }

    fn digest(&self, digest: &mut Digest) {
        digest.number(*self);
    }
}

impl Column for Option<i64> {
    const NULLABLE: bool = true;

    fn data_type() -> DataType {
        DataType::Int64
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(values.copied().collect::<Int64Array>())
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        let array = array.as_primitive::<Int64Type>();
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    fn digest(&self, digest: &mut Digest) {
        match self {
            Some(value) => digest.number(*value),
            None => digest.nothing(),
        }
    }
}

impl Column for String {
    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(values))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        Ok(array.as_string::<i32>().value(row).to_owned())
    }

    fn digest(&self, digest: &mut Digest) {
        digest.text(self);
    }
}

impl Column for Date {
    fn data_type() -> DataType {
        DataType::Date32
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(
            values.map(|date| day_of(*date)),
        ))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        Ok(date_of(array.as_primitive::<Date32Type>().value(row)))
    }

    fn digest(&self, digest: &mut Digest) {
        digest.number(i64::from(day_of(*self)));
    }
}

impl Column for Timestamp {
    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }

    fn array<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef {
        let instants = values.map(|instant| instant.as_microsecond());
        Arc::new(TimestampMicrosecondArray::from_iter_values(instants).with_timezone("UTC"))
    }

    fn value(array: &ArrayRef, row: usize) -> Result<Self> {
        let microseconds = array.as_primitive::<TimestampMicrosecondType>().value(row);
        Ok(Timestamp::from_microsecond(microseconds).unwrap_or_default())
    }

    fn digest(&self, digest: &mut Digest) {
        digest.number(self.as_microsecond());
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_PER_DAY: i64 = 86_400;

/// Days since 1970-01-01, which is how columns keep dates.
pub(crate) fn day_of(date: Date) -> i32 {
    let days = date.duration_since(EPOCH).as_secs() / SECONDS_PER_DAY;
    i32::try_from(days).expect("a calendar of ten thousand years has fewer days than an i32")
}

/// The date of a number of days since 1970-01-01; the calendar's end if beyond.
pub(crate) fn date_of(day: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_secs(i64::from(day) * SECONDS_PER_DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_and_dates_turn_into_each_other() {
        for (day, expected) in [
            (0, date(1970, 1, 1)),
            (-1, date(1969, 12, 31)),
            (59, date(1970, 3, 1)),
            (20_778, date(2026, 11, 21)),
            (11_016, date(2000, 2, 29)),
        ] {
            assert_eq!(date_of(day), expected);
            assert_eq!(day_of(expected), day);
        }
    }
}
