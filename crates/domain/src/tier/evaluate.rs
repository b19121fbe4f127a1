//! The grading of one customer.

use super::score::{figure, met, points, qualified_rank, unit};
use super::{
    Cause, Criterion, CriterionWhy, Figures, Missing, NextLevel, Outcome, Override, Previous, Rule,
    Scheme, Standing, Why, WhyRule,
};
use jiff::civil::Date;

/// Grades one customer on a date and says why.
pub fn evaluate(
    scheme: &Scheme,
    version: i64,
    figures: &Figures,
    previous: &Previous,
    decided: &Override,
    as_of: Date,
) -> Outcome {
    let step = earn(scheme, figures, previous.earned.as_ref(), as_of);
    let earned_rank = scheme.rank(&step.standing.tier);
    let shown = apply_override(scheme, decided, &step, earned_rank, as_of);
    let tier = scheme
        .at(shown.rank)
        .map_or(String::new(), |level| level.code.clone());
    let since = match previous.since {
        Some(since) if previous.tier == tier => since,
        _ => as_of,
    };
    let why = Why {
        rule: shown.rule,
        criteria: criteria(scheme, figures, shown.rank),
        next_level: next_level(scheme, figures, shown.rank),
        scheme_version: version,
        as_of,
        window: scheme.window(as_of),
        earned: step.standing.clone(),
    };
    Outcome {
        tier,
        rank: shown.rank as i64,
        cause: shown.cause,
        since,
        review_on: shown.review_on,
        earned: step.standing,
        why,
    }
}

/// What the rule alone gives in this run.
struct Step {
    standing: Standing,
    cause: Cause,
    grace_until: Option<Date>,
}

fn earn(scheme: &Scheme, figures: &Figures, before: Option<&Standing>, as_of: Date) -> Step {
    let qualified = qualified_rank(scheme, figures);
    let held = before.map_or(0, |before| scheme.rank(&before.tier));
    let Some(before) = before else {
        return fresh(scheme, qualified, as_of);
    };
    if held == 0 && qualified == 0 && before.tier.is_empty() {
        return renewed(scheme, before, 0, as_of);
    }
    // A level the scheme no longer has counts as none at all.
    if qualified > held || held == 0 {
        return fresh(scheme, qualified, as_of);
    }
    if qualified == held {
        return renewed(scheme, before, qualified, as_of);
    }
    if scheme.refunds_may_demote && lost_by_refunds(scheme, figures, held) {
        return fresh(scheme, qualified, as_of);
    }
    // Without a fixed review the first failing run is the review.
    let review_on = before.review_on.unwrap_or(as_of);
    let grace_until = plus_days(review_on, scheme.grace_days);
    let kept = |cause, grace_until| Step {
        standing: Standing {
            review_on: Some(review_on),
            ..before.clone()
        },
        cause,
        grace_until,
    };
    if as_of < review_on {
        kept(Cause::Held, None)
    } else if as_of < grace_until {
        kept(Cause::Grace, Some(plus_days(grace_until, -1)))
    } else {
        fresh(scheme, qualified, as_of)
    }
}

/// Whether the level would still be reached had nothing been refunded.
fn lost_by_refunds(scheme: &Scheme, figures: &Figures, held: usize) -> bool {
    let before_refunds = Figures {
        spend: figures.spend.saturating_add(figures.refunded_spend),
        frequency: figures.frequency.saturating_add(figures.refunded_occasions),
        ..*figures
    };
    qualified_rank(scheme, &before_refunds) >= held
}

fn fresh(scheme: &Scheme, rank: usize, as_of: Date) -> Step {
    let standing = Standing {
        tier: scheme
            .at(rank)
            .map_or(String::new(), |level| level.code.clone()),
        since: as_of,
        review_on: first_review(scheme, rank, as_of),
    };
    Step {
        standing,
        cause: Cause::Rule,
        grace_until: None,
    }
}

fn renewed(scheme: &Scheme, before: &Standing, rank: usize, as_of: Date) -> Step {
    let due = first_review(scheme, rank, as_of);
    let review_on = match (due, before.review_on) {
        (None, _) => None,
        (Some(due), None) => Some(due),
        // A review passed with success starts the next period; one still to
        // come stays where it is.
        (Some(due), Some(review)) => Some(if review <= as_of { due } else { review }),
    };
    let standing = Standing {
        review_on,
        ..before.clone()
    };
    Step {
        standing,
        cause: Cause::Rule,
        grace_until: None,
    }
}

fn first_review(scheme: &Scheme, rank: usize, as_of: Date) -> Option<Date> {
    let can_fall = match rank {
        0 => false,
        1 => scheme
            .at(1)
            .is_some_and(|level| !level.thresholds.is_empty()),
        _ => true,
    };
    if !can_fall || scheme.review_months <= 0 {
        return None;
    }
    let months = jiff::Span::new().try_months(scheme.review_months).ok()?;
    Some(as_of.saturating_add(months))
}

struct Shown {
    rank: usize,
    cause: Cause,
    review_on: Option<Date>,
    rule: WhyRule,
}

fn apply_override(
    scheme: &Scheme,
    decided: &Override,
    step: &Step,
    earned_rank: usize,
    as_of: Date,
) -> Shown {
    let manual = scheme.rank(&decided.manual_tier);
    let floor = scheme.rank(&decided.floor_tier);
    let manual_holds = manual > 0 && decided.manual_until.is_none_or(|until| as_of <= until);
    let earned = step.standing.tier.clone();
    let given = if manual_holds { manual } else { earned_rank };
    if floor > given {
        let level = decided.floor_tier.clone();
        let rule = WhyRule::Floor { level, earned };
        return Shown {
            rank: floor,
            cause: Cause::Floor,
            review_on: None,
            rule,
        };
    }
    if manual_holds {
        let until = decided.manual_until;
        let rule = WhyRule::Manual {
            level: decided.manual_tier.clone(),
            earned,
            reason: decided.manual_reason.clone(),
            until,
        };
        let review_on = until.map(|until| plus_days(until, 1));
        return Shown {
            rank: manual,
            cause: Cause::Manual,
            review_on,
            rule,
        };
    }
    let rule = earned_rule(scheme, step, earned_rank, as_of);
    Shown {
        rank: earned_rank,
        cause: step.cause,
        review_on: step.standing.review_on,
        rule,
    }
}

fn earned_rule(scheme: &Scheme, step: &Step, rank: usize, as_of: Date) -> WhyRule {
    let level = step.standing.tier.clone();
    let review_on = step.standing.review_on.unwrap_or(as_of);
    match (step.cause, step.grace_until) {
        (Cause::Held, _) => WhyRule::Held { level, review_on },
        (Cause::Grace, Some(until)) => WhyRule::Grace {
            level,
            review_on,
            until,
        },
        _ if rank == 0 => WhyRule::BelowAll {
            mode: mode(&scheme.rule).to_owned(),
        },
        _ => WhyRule::Qualified {
            level,
            mode: mode(&scheme.rule).to_owned(),
        },
    }
}

fn mode(rule: &Rule) -> &'static str {
    match rule {
        Rule::AllOf {} => "all_of",
        Rule::AnyOf {} => "any_of",
        Rule::Weighted { .. } => "weighted",
    }
}

/// The figures against the level shown, or the lowest level for those below.
fn criteria(scheme: &Scheme, figures: &Figures, rank: usize) -> Vec<CriterionWhy> {
    let mut rows = Vec::new();
    if let Rule::Weighted { weights } = &scheme.rule {
        rows.extend(weights.iter().map(|weight| CriterionWhy {
            criterion: weight.criterion,
            figure: figure(scheme, figures, weight.criterion),
            threshold: None,
            met: true,
            unit: unit(weight.criterion),
            points: Some(points(scheme, figures, weight)),
        }));
    }
    let Some(level) = scheme.at(rank.max(1)) else {
        return rows;
    };
    rows.extend(level.thresholds.iter().map(|(&criterion, &threshold)| {
        let figure = figure(scheme, figures, criterion);
        CriterionWhy {
            criterion,
            figure,
            threshold: Some(threshold),
            met: met(criterion, figure, threshold),
            unit: unit(criterion),
            points: (criterion == Criterion::Score).then_some(figure).flatten(),
        }
    }));
    rows
}

fn next_level(scheme: &Scheme, figures: &Figures, rank: usize) -> Option<NextLevel> {
    let level = scheme.at(rank + 1)?;
    let any = matches!(scheme.rule, Rule::AnyOf {});
    let missing: Vec<Missing> = level
        .thresholds
        .iter()
        .filter_map(|(&criterion, &threshold)| {
            let figure = figure(scheme, figures, criterion);
            let gap = figure.map(|figure| (threshold.saturating_sub(figure)).abs());
            let row = Missing {
                criterion,
                figure,
                threshold,
                gap,
                unit: unit(criterion),
            };
            (!met(criterion, figure, threshold)).then_some(row)
        })
        .collect();
    // With "any of", one threshold reached leaves nothing missing.
    let reached = any && missing.len() < level.thresholds.len();
    let missing = if reached { Vec::new() } else { missing };
    Some(NextLevel {
        code: level.code.clone(),
        any,
        missing,
    })
}

fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default())
}
