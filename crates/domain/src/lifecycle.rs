//! Lifecycle stages by rule.
//!
//! Inputs are purchase occasions (one per business date), the as-of date, how
//! long a customer may be silent before counting as lapsed, and the chain's
//! typical gap. The stage is the first that applies:
//!
//! 1. **prospect**: no occasion up to the as-of date;
//! 2. **lapsed**: silent for more than `lapse_days`;
//! 3. **won back**: the latest return from a silence of more than
//!    `lapse_days` is at most `fresh_days` ago;
//! 4. **new**: the first occasion is at most `fresh_days` ago;
//! 5. **slowing**: silent for more than twice the usual gap, but at least
//!    `slowing_floor_days`. The usual gap is the customer's own median gap; with
//!    one occasion only, the chain's typical gap stands in for it;
//! 6. **active**: everybody else.
//!
//! The rule is total: every customer is in exactly one stage on every date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a customer stands with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Known, but never ordered.
    Prospect,
    /// Ordered for the first time lately.
    New,
    /// Buys at the usual pace.
    Active,
    /// Silent for clearly longer than usual.
    Slowing,
    /// Silent for longer than the lapse limit.
    Lapsed,
    /// Came back lately after having lapsed.
    WonBack,
}

impl Stage {
    /// Every stage in the order of a customer's life.
    pub const ALL: [Stage; 6] = [
        Stage::Prospect,
        Stage::New,
        Stage::Active,
        Stage::Slowing,
        Stage::Lapsed,
        Stage::WonBack,
    ];

    /// The name used in the book, the API and files.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Prospect => "prospect",
            Stage::New => "new",
            Stage::Active => "active",
            Stage::Slowing => "slowing",
            Stage::Lapsed => "lapsed",
            Stage::WonBack => "won_back",
        }
    }

    /// The stage of a name.
    pub fn parse(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

/// What the chain decides about lifecycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Days of silence after which a customer has lapsed.
    pub lapse_days: i64,
    /// Days for which a customer counts as new or won back.
    pub fresh_days: i64,
    /// Silence shorter than this is never called slowing.
    pub slowing_floor_days: i64,
    /// The chain's typical gap between occasions, for one-time buyers.
    pub typical_gap_days: i64,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            lapse_days: 365,
            fresh_days: 60,
            slowing_floor_days: 30,
            typical_gap_days: 90,
        }
    }
}

/// What the rule needs to know about one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Date of the first occasion.
    pub first: Date,
    /// Date of the last occasion.
    pub last: Date,
    /// Number of occasions.
    pub occasions: i64,
    /// Median days between consecutive occasions; none with one occasion.
    pub median_gap_days: Option<i64>,
    /// Date of the latest occasion that followed a gap of more than
    /// `lapse_days`; none if there was no such gap.
    pub returned: Option<Date>,
}

impl History {
    /// Summarises occasion dates in any order; equal dates are one occasion.
    ///
    /// None without an occasion up to the as-of date; later ones do not count.
    pub fn of(occasions: &[Date], as_of: Date, rule: &Rule) -> Option<Self> {
        let mut dates: Vec<Date> = occasions.iter().copied().filter(|&d| d <= as_of).collect();
        dates.sort_unstable();
        dates.dedup();
        let (first, last) = (*dates.first()?, *dates.last()?);
        let gaps: Vec<i64> = dates
            .windows(2)
            .map(|pair| days(pair[0], pair[1]))
            .collect();
        let returned = gaps
            .iter()
            .rposition(|&gap| gap > rule.lapse_days)
            .map(|at| dates[at + 1]);
        Some(Self {
            first,
            last,
            occasions: dates.len() as i64,
            median_gap_days: median(gaps),
            returned,
        })
    }
}

/// The stage of one customer on the as-of date.
pub fn stage(history: Option<&History>, as_of: Date, rule: &Rule) -> Stage {
    let Some(history) = history.filter(|history| history.first <= as_of) else {
        return Stage::Prospect;
    };
    let silence = days(history.last, as_of);
    let fresh = |date: Date| days(date, as_of) <= rule.fresh_days;
    if silence > rule.lapse_days {
        return Stage::Lapsed;
    }
    if history.returned.is_some_and(fresh) {
        return Stage::WonBack;
    }
    if fresh(history.first) {
        return Stage::New;
    }
    let usual = history.median_gap_days.unwrap_or(rule.typical_gap_days);
    let patience = usual.saturating_mul(2).max(rule.slowing_floor_days);
    if silence > patience {
        Stage::Slowing
    } else {
        Stage::Active
    }
}

/// The gap that nine in ten gaps do not exceed (nearest rank): a data-driven
/// `lapse_days`. None without gaps.
pub fn lapse_days_from_gaps(gaps: &[i64]) -> Option<i64> {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * 9).div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// The lower median; none without values.
pub fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    const AS_OF: Date = date(2026, 11, 21);

    /// The stage of a customer who ordered the given numbers of days ago.
    fn check(days_ago: &[i64], wanted: Stage) {
        let dates: Vec<Date> = days_ago.iter().map(|&ago| AS_OF - ago.days()).collect();
        let rule = Rule::default();
        let history = History::of(&dates, AS_OF, &rule);
        assert_eq!(
            stage(history.as_ref(), AS_OF, &rule),
            wanted,
            "{days_ago:?}"
        );
    }

    #[test]
    fn stages() {
        check(&[], Stage::Prospect);
        check(&[-1], Stage::Prospect);
        check(&[0], Stage::New);
        check(&[60, 30, 1], Stage::New);
        check(&[61], Stage::Active);
        check(&[180], Stage::Active);
        check(&[181], Stage::Slowing);
        check(&[300, 200, 100], Stage::Active);
        check(&[500, 400, 300], Stage::Slowing);
        check(&[365], Stage::Slowing);
        check(&[366], Stage::Lapsed);
        check(&[90, 83, 76, 69], Stage::Slowing);
        // Weekly buyers are not slowing before a month of silence.
        check(&[90, 44, 37, 30], Stage::Active);
        check(&[900, 10], Stage::WonBack);
        check(&[900, 60], Stage::WonBack);
        check(&[900, 61, 30], Stage::Active);
        check(&[1800, 900], Stage::Lapsed);
        check(&[375, 10], Stage::Active);
        check(&[376, 10], Stage::WonBack);
        // Dates after the as-of date have not happened yet.
        check(&[366, -5], Stage::Lapsed);
    }

    #[test]
    fn the_lapse_limit_can_come_from_the_gaps() {
        assert_eq!(lapse_days_from_gaps(&[]), None);
        assert_eq!(lapse_days_from_gaps(&[30]), Some(30));
        let gaps: Vec<i64> = (1..=100).rev().collect();
        assert_eq!(lapse_days_from_gaps(&gaps), Some(90));
        assert_eq!(median(vec![4, 1, 3, 2]), Some(2));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn names() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.key()), Some(stage));
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.key());
        }
    }

    proptest! {
        #[test]
        fn total_and_blind_to_the_order_of_dates(
            mut ago in prop::collection::vec(-50_i64..2_000, 0..12),
        ) {
            let rule = Rule::default();
            let find = |ago: &[i64]| {
                let dates: Vec<Date> = ago.iter().map(|&ago| AS_OF - ago.days()).collect();
                stage(History::of(&dates, AS_OF, &rule).as_ref(), AS_OF, &rule)
            };
            let before = find(&ago);
            ago.reverse();
            ago.extend_from_within(..);
            prop_assert_eq!(find(&ago), before);
        }
    }
}
