//! Business dates: the day a sale belongs to, in the store's own zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The business date of an instant.
///
/// Before the day cut (minutes after local midnight) the day before is still
/// going on. Wall-clock time decides, so days of 23 or 25 hours work.
pub fn business_date(instant: Timestamp, zone: &TimeZone, day_cut_minutes: i64) -> Date {
    let local = zone.to_datetime(instant);
    let time = local.time();
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    if minutes < day_cut_minutes {
        local.date().yesterday().unwrap_or(local.date())
    } else {
        local.date()
    }
}

/// The instant of a wall-clock time.
///
/// A written offset decides. Without one the zone does: a time that a clock
/// change repeats is its first occurrence, one that it skips moves forward.
pub fn instant(
    local: DateTime,
    offset: Option<Offset>,
    zone: &TimeZone,
) -> Result<Timestamp, jiff::Error> {
    match offset {
        Some(offset) => offset.to_timestamp(local),
        None => zone.to_ambiguous_timestamp(local).compatible(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: &str, zone: &str, cut: i64, wanted: &str) {
        let zone = TimeZone::get(zone).unwrap();
        let date = business_date(at.parse().unwrap(), &zone, cut);
        assert_eq!(date.to_string(), wanted, "{at}");
    }

    #[test]
    fn the_store_decides_the_day() {
        check("2026-11-20T16:30:00Z", "Asia/Shanghai", 0, "2026-11-21");
        check("2026-11-20T16:30:00Z", "America/New_York", 0, "2026-11-20");
        check("2026-11-20T18:30:00Z", "Asia/Shanghai", 240, "2026-11-20");
        check("2026-11-20T20:00:00Z", "Asia/Shanghai", 240, "2026-11-21");
        check(
            "2026-11-20T19:59:59.999999Z",
            "Asia/Shanghai",
            240,
            "2026-11-20",
        );
    }

    #[test]
    fn days_of_23_and_25_hours() {
        check("2026-03-08T04:59:59Z", "America/New_York", 0, "2026-03-07");
        check("2026-03-09T03:59:59Z", "America/New_York", 0, "2026-03-08");
        check("2026-11-02T04:59:59Z", "America/New_York", 0, "2026-11-01");
        check("2026-11-02T05:00:00Z", "America/New_York", 0, "2026-11-02");
    }

    #[test]
    fn written_offsets_win_and_gaps_move_forward() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let check = |local: &str, offset: Option<i8>, wanted: &str| {
            let at = instant(local.parse().unwrap(), offset.map(jiff::tz::offset), &zone);
            assert_eq!(at.unwrap().to_string(), wanted, "{local}");
        };
        check("2026-11-21T12:00:00", None, "2026-11-21T17:00:00Z");
        check("2026-11-21T12:00:00", Some(8), "2026-11-21T04:00:00Z");
        check("2026-03-08T02:30:00", None, "2026-03-08T07:30:00Z");
        check("2026-11-01T01:30:00", None, "2026-11-01T05:30:00Z");
    }
}
