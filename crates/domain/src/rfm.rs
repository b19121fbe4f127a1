//! Recency, frequency and monetary scores and the named groups.
//!
//! The score of a figure is `1 + floor(5·w/n)` where `n` is the population
//! (customers with at least one valid order ever) and `w` how many of them are
//! strictly worse. Equal figures therefore always share a score, whatever the
//! order of the rows. A monetary value of zero or less scores 1.

use serde::{Deserialize, Serialize};

/// The figures of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Calendar days since the last occasion; none without a valid order.
    pub recency_days: Option<i64>,
    /// Purchase occasions in the window.
    pub frequency: i64,
    /// Net spend in the window, in reporting minor units.
    pub monetary: i64,
}

/// Scores from 1 (worst) to 5 (best); all 0 for a customer without an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Scores {
    /// Recency: 5 bought most recently.
    pub r: u8,
    /// Frequency: 5 bought most often.
    pub f: u8,
    /// Monetary value: 5 spent most.
    pub m: u8,
}

impl Scores {
    /// The scores of a customer who never ordered.
    pub const NONE: Scores = Scores { r: 0, f: 0, m: 0 };

    /// The cell number, `100R + 10F + M`.
    pub fn cell(self) -> u16 {
        u16::from(self.r) * 100 + u16::from(self.f) * 10 + u16::from(self.m)
    }

    /// Frequency and money taken together: their mean, halves up.
    pub fn fm(self) -> u8 {
        (self.f + self.m).div_ceil(2)
    }

    /// The named group; none for a customer who never ordered.
    pub fn group(self) -> Option<Group> {
        Group::of(self.r, self.fm())
    }
}

/// The lowest figure that reaches scores 2, 3, 4 and 5.
///
/// None means that the score was empty in the frozen population, and stays so.
pub type Limits = [Option<i64>; 4];

/// Frozen score limits: applied later, a score moves only if the customer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakpoints {
    /// Customers the limits were taken from.
    pub n: u64,
    /// Limits of recency, as negated days, so that more is better.
    pub recency: Limits,
    /// Limits of frequency.
    pub frequency: Limits,
    /// Limits of monetary value.
    pub monetary: Limits,
}

impl Breakpoints {
    /// Takes the limits from a population; rows without an order do not count.
    pub fn freeze(population: &[Figures]) -> Self {
        let rows = || {
            population
                .iter()
                .filter_map(|row| row.recency_days.map(|d| (d, row)))
        };
        let mut recency: Vec<i64> = rows().map(|(days, _)| -days).collect();
        let mut frequency: Vec<i64> = rows().map(|(_, row)| row.frequency).collect();
        let mut monetary: Vec<i64> = rows().map(|(_, row)| row.monetary).collect();
        Self {
            n: recency.len() as u64,
            recency: limits(&mut recency),
            frequency: limits(&mut frequency),
            monetary: limits(&mut monetary),
        }
    }

    /// The scores of one customer under these limits.
    pub fn score(&self, row: &Figures) -> Scores {
        let Some(days) = row.recency_days else {
            return Scores::NONE;
        };
        let m = if row.monetary > 0 {
            place(&self.monetary, row.monetary)
        } else {
            1
        };
        Scores {
            r: place(&self.recency, -days),
            f: place(&self.frequency, row.frequency),
            m,
        }
    }
}

/// Scores a population against itself, in the order of its rows.
pub fn score_all(population: &[Figures]) -> Vec<Scores> {
    let limits = Breakpoints::freeze(population);
    population.iter().map(|row| limits.score(row)).collect()
}

fn limits(values: &mut [i64]) -> Limits {
    values.sort_unstable();
    let n = values.len();
    let mut limits = [None; 4];
    let mut at = 0;
    while at < n {
        let value = values[at];
        // Everything before the first of equals is strictly worse.
        let score = 1 + 5 * at / n;
        for limit in limits.iter_mut().take(score - 1) {
            limit.get_or_insert(value);
        }
        at += values[at..].partition_point(|&other| other == value);
    }
    limits
}

fn place(limits: &Limits, value: i64) -> u8 {
    let reached = limits
        .iter()
        .flatten()
        .filter(|&&limit| value >= limit)
        .count();
    1 + u8::try_from(reached).expect("there are four limits")
}

/// The eleven named RFM groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Bought lately, often and much.
    Champions,
    /// Buy often, not all of them lately.
    Loyal,
    /// Bought lately, on the way to being loyal.
    PotentialLoyalist,
    /// Bought for the first time very lately.
    New,
    /// Bought lately, little so far.
    Promising,
    /// Middling in everything; could turn either way.
    NeedAttention,
    /// Below the middle and fading.
    AboutToSleep,
    /// Used to buy often, have not for some time.
    AtRisk,
    /// Used to be among the best and are gone longest.
    CannotLose,
    /// Bought little, long ago.
    Hibernating,
    /// Lowest in everything.
    Lost,
}

impl Group {
    /// Every group, best first.
    pub const ALL: [Group; 11] = [
        Group::Champions,
        Group::Loyal,
        Group::PotentialLoyalist,
        Group::New,
        Group::Promising,
        Group::NeedAttention,
        Group::AboutToSleep,
        Group::AtRisk,
        Group::CannotLose,
        Group::Hibernating,
        Group::Lost,
    ];

    /// The group of a recency score and a joint frequency-money score.
    ///
    /// Defined for every pair of scores from 1 to 5, none outside.
    pub fn of(r: u8, fm: u8) -> Option<Group> {
        use Group::*;
        const TABLE: [[Group; 5]; 5] = [
            // FM 1, 2, 3, 4, 5 for R = 1 and so on.
            [Lost, Hibernating, AtRisk, CannotLose, CannotLose],
            [Hibernating, AboutToSleep, AtRisk, AtRisk, AtRisk],
            [AboutToSleep, NeedAttention, NeedAttention, Loyal, Loyal],
            [
                Promising,
                PotentialLoyalist,
                PotentialLoyalist,
                Loyal,
                Champions,
            ],
            [
                New,
                PotentialLoyalist,
                PotentialLoyalist,
                Champions,
                Champions,
            ],
        ];
        let at = |score: u8| score.checked_sub(1).map(usize::from);
        TABLE.get(at(r)?)?.get(at(fm)?).copied()
    }

    /// The name used in the book, the API and files.
    pub fn key(self) -> &'static str {
        match self {
            Group::Champions => "champions",
            Group::Loyal => "loyal",
            Group::PotentialLoyalist => "potential_loyalist",
            Group::New => "new",
            Group::Promising => "promising",
            Group::NeedAttention => "need_attention",
            Group::AboutToSleep => "about_to_sleep",
            Group::AtRisk => "at_risk",
            Group::CannotLose => "cannot_lose",
            Group::Hibernating => "hibernating",
            Group::Lost => "lost",
        }
    }

    /// The group of a name.
    pub fn parse(key: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(days: i64, frequency: i64, monetary: i64) -> Figures {
        Figures {
            recency_days: Some(days),
            frequency,
            monetary,
        }
    }

    /// The definition itself, without sorting.
    fn by_definition(population: &[Figures]) -> Vec<Scores> {
        let rows: Vec<&Figures> = population
            .iter()
            .filter(|row| row.recency_days.is_some())
            .collect();
        let score = |worse: usize| (1 + 5 * worse / rows.len()).min(5) as u8;
        let of = |row: &Figures| {
            let worse = |is_worse: &dyn Fn(&Figures) -> bool| {
                score(rows.iter().filter(|other| is_worse(other)).count())
            };
            let m = worse(&|other| other.monetary < row.monetary);
            Scores {
                r: worse(&|other| other.recency_days > row.recency_days),
                f: worse(&|other| other.frequency < row.frequency),
                m: if row.monetary > 0 { m } else { 1 },
            }
        };
        let none = |row: &&Figures| row.recency_days.is_some();
        population
            .iter()
            .map(|row| Some(row).filter(none).map_or(Scores::NONE, of))
            .collect()
    }

    #[test]
    fn five_customers_take_five_scores() {
        let population: Vec<Figures> = (1..=5).map(|n| row(100 - n, n, n * 10)).collect();
        let cells: Vec<u16> = score_all(&population)
            .into_iter()
            .map(Scores::cell)
            .collect();
        assert_eq!(cells, [111, 222, 333, 444, 555]);
    }

    #[test]
    fn ties_share_a_score_and_leave_others_empty() {
        let population = [row(5, 1, 10), row(5, 1, 10), row(5, 1, 10), row(5, 9, 90)];
        let scores = score_all(&population);
        assert_eq!(scores[0], Scores { r: 1, f: 1, m: 1 });
        assert_eq!(scores[1], scores[0]);
        assert_eq!(scores[3], Scores { r: 1, f: 4, m: 4 });
    }

    #[test]
    fn no_order_no_score_and_no_money_the_lowest() {
        let prospect = Figures {
            recency_days: None,
            frequency: 0,
            monetary: 0,
        };
        let population = [prospect, row(1, 3, 0), row(2, 2, -50), row(3, 1, -90)];
        let scores = score_all(&population);
        assert_eq!(scores[0], Scores::NONE);
        assert_eq!(scores[0].group(), None);
        assert_eq!(scores.iter().map(|s| s.m).collect::<Vec<_>>(), [0, 1, 1, 1]);
        assert!(score_all(&[]).is_empty());
    }

    #[test]
    fn frozen_limits_move_only_who_moves() {
        let mut population: Vec<Figures> = (1..=100).map(|n| row(n, n, n)).collect();
        let limits = Breakpoints::freeze(&population);
        let before: Vec<Scores> = population.iter().map(|row| limits.score(row)).collect();
        population[0].monetary = 1_000;
        for newcomer in 0..50 {
            population.push(row(1, 200 + newcomer, 500));
        }
        let after: Vec<Scores> = population.iter().map(|row| limits.score(row)).collect();
        assert_eq!(after[1..100], before[1..]);
        assert_eq!(after[0].m, 5);
        let json = serde_json::to_string(&limits).unwrap();
        assert_eq!(serde_json::from_str::<Breakpoints>(&json).unwrap(), limits);
    }

    #[test]
    fn every_cell_has_a_group_and_every_group_a_cell() {
        let mut seen = std::collections::BTreeSet::new();
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    seen.insert(Scores { r, f, m }.group().unwrap());
                }
            }
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), Group::ALL);
        for group in Group::ALL {
            assert_eq!(Group::parse(group.key()), Some(group));
            assert_eq!(serde_json::to_value(group).unwrap(), group.key());
        }
        assert_eq!(Group::of(0, 3), None);
        assert_eq!(Group::of(3, 6), None);
        assert_eq!(Group::of(5, 5), Some(Group::Champions));
        assert_eq!(Group::of(1, 1), Some(Group::Lost));
        assert_eq!(Scores { r: 5, f: 1, m: 1 }.group(), Some(Group::New));
    }

    fn populations() -> impl Strategy<Value = Vec<Figures>> {
        let days = prop::option::weighted(0.9, 0_i64..30);
        let one =
            (days, 0_i64..6, -20_i64..60).prop_map(|(recency_days, frequency, monetary)| Figures {
                recency_days,
                frequency,
                monetary,
            });
        prop::collection::vec(one, 0..80)
    }

    proptest! {
        #[test]
        fn scores_follow_the_definition(population in populations()) {
            prop_assert_eq!(score_all(&population), by_definition(&population));
        }

        #[test]
        fn the_order_of_rows_does_not_matter(
            (population, shuffled) in populations().prop_flat_map(|population| {
                let places: Vec<usize> = (0..population.len()).collect();
                (Just(population), Just(places).prop_shuffle())
            })
        ) {
            let moved: Vec<Figures> = shuffled.iter().map(|&at| population[at]).collect();
            let scores = score_all(&population);
            let wanted: Vec<Scores> = shuffled.iter().map(|&at| scores[at]).collect();
            prop_assert_eq!(score_all(&moved), wanted);
            prop_assert_eq!(Breakpoints::freeze(&moved), Breakpoints::freeze(&population));
        }
    }
}
