//! Finding out whether 03/04/2026 is in March or in April.

use super::{DateOrder, parse_date};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What samples of a column say about their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderGuess {
    /// The order that fits best.
    pub order: DateOrder,
    /// Whether another order fits as well and gives other dates.
    pub ambiguous: bool,
}

/// Finds the order of a column from samples.
///
/// Orders that read fewer samples lose. Among equals the one whose dates lie
/// closer together wins, since a column's dates belong to one period; if even
/// that is equal, year first, then day first.
pub fn guess_order<'a>(samples: impl IntoIterator<Item = &'a str>) -> OrderGuess {
    let samples: Vec<&str> = samples
        .into_iter()
        .filter(|text| !text.trim().is_empty())
        .collect();
    let readings = [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy].map(|order| {
        let read = |text: &&str| parse_date(text, order).ok();
        let dates: Vec<Date> = samples.iter().filter_map(read).collect();
        (order, dates)
    });
    let most = readings
        .iter()
        .map(|(_, dates)| dates.len())
        .max()
        .unwrap_or(0);
    let mut best: Vec<_> = readings
        .iter()
        .filter(|(_, dates)| dates.len() == most)
        .collect();
    best.sort_by_key(|(order, dates)| (spread_days(dates), *order));
    let ambiguous = best.iter().any(|(_, dates)| *dates != best[0].1);
    OrderGuess {
        order: best[0].0,
        ambiguous,
    }
}

fn spread_days(dates: &[Date]) -> i64 {
    match (dates.iter().min(), dates.iter().max()) {
        (Some(&first), Some(&last)) => i64::from((last - first).get_days()),
        _ => 0,
    }
}
