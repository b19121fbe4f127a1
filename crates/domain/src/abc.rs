//! ABC classes after Pareto: who brings the money.
//!
//! Values are sorted downwards; the class is decided by the cumulative share
//! *before* the item: A below 80 %, B below 95 %, else C. Equal values share a
//! class, so "before" means "of strictly greater values".

use serde::{Deserialize, Serialize};

/// The class of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Together about the first 80 % of value.
    A,
    /// Up to 95 %.
    B,
    /// The rest.
    C,
}

impl Class {
    /// Every class, best first.
    pub const ALL: [Class; 3] = [Class::A, Class::B, Class::C];

    /// The name used in the book, the API and files.
    pub fn key(self) -> &'static str {
        match self {
            Class::A => "a",
            Class::B => "b",
            Class::C => "c",
        }
    }

    /// The class of a name.
    pub fn parse(key: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.key() == key)
    }
}

/// Classifies values in the order of the rows; negative values have no class.
pub fn classify(values: &[i64]) -> Vec<Option<Class>> {
    let limits = Limits::of(values);
    values.iter().map(|&value| limits.class(value)).collect()
}

/// The lowest values of classes A and B in one population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The lowest value in class A.
    pub a: Option<i64>,
    /// The lowest value in class B.
    pub b: Option<i64>,
}

impl Limits {
    /// Takes the limits from a population; negative values do not count.
    pub fn of(values: &[i64]) -> Self {
        let mut sorted: Vec<i64> = values.iter().copied().filter(|&value| value >= 0).collect();
        sorted.sort_unstable_by_key(|&value| std::cmp::Reverse(value));
        let total: i128 = sorted.iter().map(|&value| i128::from(value)).sum();
        let mut limits = Self::default();
        let mut before: i128 = 0;
        for equals in sorted.chunk_by(|a, b| a == b) {
            if total == 0 {
                break;
            }
            if before * 100 < total * 80 {
                limits.a = Some(equals[0]);
            }
            if before * 100 < total * 95 {
                limits.b = Some(equals[0]);
            }
            before += i128::from(equals[0]) * equals.len() as i128;
        }
        limits
    }

    /// The class of a value under these limits.
    pub fn class(self, value: i64) -> Option<Class> {
        let reaches = |limit: Option<i64>| limit.is_some_and(|limit| value >= limit);
        if value < 0 {
            None
        } else if reaches(self.a) {
            Some(Class::A)
        } else if reaches(self.b) {
            Some(Class::B)
        } else {
            Some(Class::C)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[i64], wanted: &str) {
        let classes: String = classify(values)
            .into_iter()
            .map(|class| class.map_or("-", Class::key))
            .collect();
        assert_eq!(classes, wanted, "{values:?}");
    }

    #[test]
    fn the_item_that_crosses_a_limit_is_above_it() {
        check(&[80, 15, 5], "abc");
        check(&[79, 16, 5], "aac");
        check(&[100], "a");
        check(&[5, 15, 80], "cba");
    }

    #[test]
    fn equal_values_share_a_class() {
        check(&[10, 10, 10, 10, 10], "aaaaa");
        check(&[50, 20, 20, 10], "aaab");
    }

    #[test]
    fn negative_and_zero_values() {
        check(&[-5, 0, 100], "-ca");
        check(&[0, 0], "cc");
        check(&[-1], "-");
        check(&[], "");
    }
}
