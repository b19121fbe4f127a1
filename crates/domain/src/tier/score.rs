//! Whether figures reach a level.

use super::{Criterion, Figures, Level, Rule, Scheme, Unit, Weight};

/// The customer's figure for a criterion; none where there is no order yet.
pub(super) fn figure(scheme: &Scheme, figures: &Figures, criterion: Criterion) -> Option<i64> {
    match criterion {
        Criterion::Spend => Some(figures.spend),
        Criterion::Frequency => Some(figures.frequency),
        Criterion::Tenure => figures.recency_days.map(|_| figures.tenure_days),
        Criterion::Recency => figures.recency_days,
        Criterion::Score => Some(score(scheme, figures)),
    }
}

/// In what a criterion is counted.
pub(super) fn unit(criterion: Criterion) -> Unit {
    match criterion {
        Criterion::Spend => Unit::Money,
        Criterion::Frequency => Unit::Occasions,
        Criterion::Tenure | Criterion::Recency => Unit::Days,
        Criterion::Score => Unit::Points,
    }
}

/// Whether a figure is enough; recency is the one where less is better.
pub(super) fn met(criterion: Criterion, figure: Option<i64>, threshold: i64) -> bool {
    figure.is_some_and(|figure| match criterion {
        Criterion::Recency => figure <= threshold,
        _ => figure >= threshold,
    })
}

/// The weighted score; 0 for schemes that do not weigh.
pub fn score(scheme: &Scheme, figures: &Figures) -> i64 {
    let Rule::Weighted { weights } = &scheme.rule else {
        return 0;
    };
    weights
        .iter()
        .map(|weight| points(scheme, figures, weight))
        .fold(0, i64::saturating_add)
}

/// The points one criterion gives: for every full unit, up to the cap.
pub(super) fn points(scheme: &Scheme, figures: &Figures, weight: &Weight) -> i64 {
    let counted = match weight.criterion {
        Criterion::Recency => figures
            .recency_days
            .map_or(0, |days| scheme.window_days.saturating_sub(days)),
        // A score cannot be part of itself; validation refuses it.
        Criterion::Score => 0,
        other => figure(scheme, figures, other).unwrap_or(0),
    };
    let units = counted.max(0) / weight.unit.max(1);
    units.saturating_mul(weight.points).min(weight.cap)
}

/// Whether the figures reach a level.
pub(super) fn reaches(scheme: &Scheme, figures: &Figures, level: &Level) -> bool {
    if level.thresholds.is_empty() {
        return true;
    }
    let mut checks = level.thresholds.iter().map(|(&criterion, &threshold)| {
        met(criterion, figure(scheme, figures, criterion), threshold)
    });
    match scheme.rule {
        Rule::AnyOf {} => checks.any(|met| met),
        Rule::AllOf {} | Rule::Weighted { .. } => checks.all(|met| met),
    }
}

/// The highest rank the figures reach; 0 for none.
pub fn qualified_rank(scheme: &Scheme, figures: &Figures) -> usize {
    let reached = scheme
        .levels
        .iter()
        .rposition(|level| reaches(scheme, figures, level));
    reached.map_or(0, |at| at + 1)
}
