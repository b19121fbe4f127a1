//! When people buy: weekdays, seasons, feasts that move, promotions.

use jiff::civil::{Date, Weekday, date};

/// First day of the lunar year (春节).
const LUNAR_NEW_YEAR: [Date; 12] = [
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
];

/// Eid al-Fitr, to the day or one beside it.
const EID: [Date; 12] = [
    date(2020, 5, 24),
    date(2021, 5, 13),
    date(2022, 5, 2),
    date(2023, 4, 21),
    date(2024, 4, 10),
    date(2025, 3, 31),
    date(2026, 3, 20),
    date(2027, 3, 10),
    date(2028, 2, 27),
    date(2029, 2, 15),
    date(2030, 2, 5),
    date(2031, 1, 25),
];

/// The busiest a day ever gets; what [`weight`] never exceeds.
pub(super) const PEAK: f64 = 3.2;

/// How busy a day is in a country, 1 on an ordinary one.
pub(super) fn weight(day: Date, country: &str) -> f64 {
    let mut weight: f64 = match day.weekday() {
        Weekday::Saturday => 1.45,
        Weekday::Sunday => 1.3,
        Weekday::Friday => 1.1,
        _ => 0.85,
    };
    if let (11, 25..) | (12, ..=24) = (day.month(), day.day()) {
        weight *= if matches!(country, "SG" | "JP" | "AE") {
            1.5
        } else {
            1.2
        };
    }
    let days_to_feast = |feasts: &[Date]| {
        feasts
            .iter()
            .map(|&feast| days_between(day, feast))
            .min_by_key(|days| days.abs())
    };
    if matches!(country, "CN" | "SG" | "MY")
        && let Some(days) = days_to_feast(&LUNAR_NEW_YEAR)
    {
        weight *= match days {
            1..=21 => 1.7,
            // Shops are empty while families are together.
            -6..=0 => 0.35,
            _ => 1.0,
        };
    }
    if matches!(country, "MY" | "AE")
        && let Some(days) = days_to_feast(&EID)
    {
        weight *= match days {
            1..=14 => 1.5,
            -2..=0 => 0.5,
            _ => 1.0,
        };
    }
    if promotion(day, country).is_some() {
        weight *= 1.6;
    }
    weight.min(PEAK)
}

/// The promotion that runs on a day, as percent off.
pub(super) fn promotion(day: Date, country: &str) -> Option<i64> {
    match (day.month(), day.day()) {
        (11, 9..=12) => Some(25),
        (6, 16..=19) if country == "CN" => Some(20),
        (6, 1..=14) if matches!(country, "SG" | "MY") => Some(15),
        (12, 26..=31) => Some(30),
        _ => None,
    }
}

/// Days from one date to another, negative when it lies before.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_day_is_busier_than_the_peak() {
        for country in ["SG", "MY", "CN", "JP", "AE"] {
            let mut day = date(2021, 1, 1);
            while day < date(2030, 1, 1) {
                let weight = weight(day, country);
                assert!(weight > 0.0 && weight <= PEAK);
                day = day.tomorrow().unwrap();
            }
        }
    }

    #[test]
    fn the_lunar_new_year_moves() {
        assert!(weight(date(2026, 2, 12), "CN") > weight(date(2025, 2, 13), "CN"));
        assert!(weight(date(2025, 1, 29), "CN") < 0.5);
        assert!(weight(date(2025, 1, 29), "AE") > 0.5);
    }
}
