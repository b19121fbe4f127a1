//! What is wrong with a scheme.

use super::{Criterion, Level, Rule, Scheme, Weight};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing wrong with a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where, as a path: `levels.2.thresholds.spend`.
    pub path: String,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong with a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// There must be at least one level.
    NoLevels,
    /// There are more levels than people can tell apart.
    TooManyLevels,
    /// The code must be lower-case letters, digits and underscores.
    BadCode,
    /// The code is used twice.
    RepeatedCode,
    /// The name is missing in a language.
    NoName,
    /// The colour must be written `#rrggbb`.
    BadColor,
    /// Only the lowest level may ask for nothing.
    NoThreshold,
    /// The threshold must not be negative.
    NegativeThreshold,
    /// The level must ask for at least as much as the one below.
    NotHigher,
    /// The level asks for the same as the one below.
    SameAsBelow,
    /// The threshold does not fit the way criteria are combined.
    WrongCriterion,
    /// A weighted scheme needs weights.
    NoWeights,
    /// The criterion is weighed twice.
    RepeatedWeight,
    /// The unit, points and cap of a weight must be at least 1.
    BadWeight,
    /// The level asks for a score that cannot be reached.
    Unreachable,
    /// The number of days or months is out of range.
    OutOfRange,
}

/// Everything wrong with a scheme; an empty list means it can be published.
pub fn validate(scheme: &Scheme) -> Vec<Problem> {
    let mut problems = Problems(Vec::new());
    problems.unless(
        (1..=3650).contains(&scheme.window_days),
        "window_days",
        ProblemKind::OutOfRange,
    );
    problems.unless(
        (0..=60).contains(&scheme.review_months),
        "review_months",
        ProblemKind::OutOfRange,
    );
    problems.unless(
        (0..=730).contains(&scheme.grace_days),
        "grace_days",
        ProblemKind::OutOfRange,
    );
    if let Rule::Weighted { weights } = &scheme.rule {
        check_weights(weights, &mut problems);
    }
    problems.unless(!scheme.levels.is_empty(), "levels", ProblemKind::NoLevels);
    problems.unless(
        scheme.levels.len() <= 12,
        "levels",
        ProblemKind::TooManyLevels,
    );
    let mut codes = BTreeSet::new();
    for (at, level) in scheme.levels.iter().enumerate() {
        let path = format!("levels.{at}");
        check_looks(level, &path, &mut problems);
        let fresh = codes.insert(level.code.as_str());
        problems.unless(fresh, &format!("{path}.code"), ProblemKind::RepeatedCode);
        let below = at.checked_sub(1).map(|below| &scheme.levels[below]);
        check_thresholds(scheme, level, below, &path, &mut problems);
    }
    problems.0
}

struct Problems(Vec<Problem>);

impl Problems {
    fn unless(&mut self, fine: bool, path: &str, kind: ProblemKind) {
        if !fine {
            self.0.push(Problem {
                path: path.to_owned(),
                kind,
            });
        }
    }
}

fn check_weights(weights: &[Weight], problems: &mut Problems) {
    problems.unless(!weights.is_empty(), "rule.weights", ProblemKind::NoWeights);
    let mut seen = BTreeSet::new();
    for (at, weight) in weights.iter().enumerate() {
        let path = format!("rule.weights.{at}");
        problems.unless(
            seen.insert(weight.criterion),
            &path,
            ProblemKind::RepeatedWeight,
        );
        let itself = weight.criterion == Criterion::Score;
        problems.unless(!itself, &path, ProblemKind::WrongCriterion);
        let sizes = weight.unit >= 1 && weight.points >= 1 && weight.cap >= 1;
        problems.unless(sizes, &path, ProblemKind::BadWeight);
    }
}

fn check_looks(level: &Level, path: &str, problems: &mut Problems) {
    let code = (1..=32).contains(&level.code.len())
        && level
            .code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    problems.unless(code, &format!("{path}.code"), ProblemKind::BadCode);
    let named = !level.name.en.trim().is_empty() && !level.name.zh.trim().is_empty();
    problems.unless(named, &format!("{path}.name"), ProblemKind::NoName);
    let color = level.color.len() == 7
        && level.color.starts_with('#')
        && level.color.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
    problems.unless(color, &format!("{path}.color"), ProblemKind::BadColor);
}

fn check_thresholds(
    scheme: &Scheme,
    level: &Level,
    below: Option<&Level>,
    path: &str,
    problems: &mut Problems,
) {
    let asks = !level.thresholds.is_empty();
    problems.unless(asks || below.is_none(), path, ProblemKind::NoThreshold);
    let weighs = matches!(scheme.rule, Rule::Weighted { .. });
    for (&criterion, &threshold) in &level.thresholds {
        let path = format!("{path}.thresholds.{}", name(criterion));
        let is_score = criterion == Criterion::Score;
        problems.unless(weighs == is_score, &path, ProblemKind::WrongCriterion);
        problems.unless(threshold >= 0, &path, ProblemKind::NegativeThreshold);
        if let (Rule::Weighted { weights }, true) = (&scheme.rule, is_score) {
            let best: i64 = weights.iter().map(|w| w.cap).fold(0, i64::saturating_add);
            problems.unless(threshold <= best, &path, ProblemKind::Unreachable);
        }
        let lower = below.and_then(|below| below.thresholds.get(&criterion));
        if let Some(&lower) = lower {
            let stricter = match criterion {
                Criterion::Recency => threshold <= lower,
                _ => threshold >= lower,
            };
            problems.unless(stricter, &path, ProblemKind::NotHigher);
        }
    }
    let same = asks && below.is_some_and(|below| below.thresholds == level.thresholds);
    problems.unless(!same, path, ProblemKind::SameAsBelow);
}

fn name(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Spend => "spend",
        Criterion::Frequency => "frequency",
        Criterion::Tenure => "tenure",
        Criterion::Recency => "recency",
        Criterion::Score => "score",
    }
}
