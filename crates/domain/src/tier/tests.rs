use super::*;
use crate::money::Currency;
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

const START: Date = date(2026, 1, 15);

fn scheme() -> Scheme {
    default_scheme(Currency::parse("SGD").unwrap())
}

fn spent(spend: i64) -> Figures {
    Figures {
        spend,
        frequency: 1,
        tenure_days: 500,
        recency_days: Some(10),
        ..Figures::default()
    }
}

fn grade(scheme: &Scheme, figures: Figures, previous: &Previous, as_of: Date) -> Outcome {
    evaluate(scheme, 7, &figures, previous, &Override::default(), as_of)
}

fn first(scheme: &Scheme, figures: Figures) -> Outcome {
    grade(scheme, figures, &Previous::default(), START)
}

#[track_caller]
fn check(outcome: &Outcome, tier: &str, cause: Cause, since: Date, review_on: Option<Date>) {
    let found = (
        outcome.tier.as_str(),
        outcome.cause,
        outcome.since,
        outcome.review_on,
    );
    assert_eq!(found, (tier, cause, since, review_on));
}

#[test]
fn the_default_schemes_are_valid() {
    for code in ["SGD", "CNY", "JPY", "KWD", "VND"] {
        let scheme = default_scheme(Currency::parse(code).unwrap());
        assert_eq!(validate(&scheme), [], "{code}");
    }
    let json = serde_json::to_string(&scheme()).unwrap();
    assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), scheme());
    let unknown = json.replacen("\"window_days\"", "\"window\"", 1);
    assert!(serde_json::from_str::<Scheme>(&unknown).is_err());
}

#[test]
fn promotion_is_immediate() {
    let scheme = scheme();
    let member = first(&scheme, spent(29_999));
    check(&member, "member", Cause::Rule, START, None);
    let later = date(2026, 3, 1);
    let silver = grade(&scheme, spent(30_000), &member.as_previous(), later);
    check(
        &silver,
        "silver",
        Cause::Rule,
        later,
        Some(date(2027, 3, 1)),
    );
    assert_eq!(silver.rank, 2);
    let gold = grade(
        &scheme,
        spent(100_000),
        &silver.as_previous(),
        date(2026, 3, 2),
    );
    check(
        &gold,
        "gold",
        Cause::Rule,
        date(2026, 3, 2),
        Some(date(2027, 3, 2)),
    );
}

#[test]
fn demotion_waits_for_the_review_and_for_grace() {
    let scheme = scheme();
    let review = date(2027, 1, 15);
    let mut at = first(&scheme, spent(100_000));
    check(&at, "gold", Cause::Rule, START, Some(review));
    for (day, tier, cause, since) in [
        (date(2026, 12, 1), "gold", Cause::Held, START),
        (date(2027, 1, 14), "gold", Cause::Held, START),
        (date(2027, 1, 15), "gold", Cause::Grace, START),
        (date(2027, 2, 13), "gold", Cause::Grace, START),
    ] {
        at = grade(&scheme, spent(40_000), &at.as_previous(), day);
        check(&at, tier, cause, since, Some(review));
    }
    let WhyRule::Grace { until, .. } = at.why.rule else {
        panic!("{:?}", at.why.rule)
    };
    assert_eq!(until, date(2027, 2, 13));
    let day = date(2027, 2, 14);
    let fallen = grade(&scheme, spent(40_000), &at.as_previous(), day);
    check(&fallen, "silver", Cause::Rule, day, Some(date(2028, 2, 14)));
    // Whoever catches up during grace keeps the level for another period.
    let kept = grade(&scheme, spent(100_000), &at.as_previous(), date(2027, 2, 1));
    check(&kept, "gold", Cause::Rule, START, Some(date(2028, 2, 1)));
}

#[test]
fn reaching_the_level_again_before_the_review_moves_nothing() {
    let scheme = scheme();
    let gold = first(&scheme, spent(100_000));
    let again = grade(
        &scheme,
        spent(120_000),
        &gold.as_previous(),
        date(2026, 6, 1),
    );
    check(&again, "gold", Cause::Rule, START, Some(date(2027, 1, 15)));
}

#[test]
fn without_reviews_grace_counts_from_the_first_failure() {
    let scheme = Scheme {
        review_months: 0,
        grace_days: 10,
        ..scheme()
    };
    let gold = first(&scheme, spent(100_000));
    check(&gold, "gold", Cause::Rule, START, None);
    let failed = date(2026, 5, 1);
    let grace = grade(&scheme, spent(0), &gold.as_previous(), failed);
    check(&grace, "gold", Cause::Grace, START, Some(failed));
    let back = grade(
        &scheme,
        spent(100_000),
        &grace.as_previous(),
        date(2026, 5, 5),
    );
    check(&back, "gold", Cause::Rule, START, None);
    let fallen = grade(&scheme, spent(0), &grace.as_previous(), date(2026, 5, 11));
    check(&fallen, "member", Cause::Rule, date(2026, 5, 11), None);
    let strict = Scheme {
        grace_days: 0,
        ..scheme
    };
    let at_once = grade(&strict, spent(0), &gold.as_previous(), failed);
    check(&at_once, "member", Cause::Rule, failed, None);
}

#[test]
fn refunds_cost_a_level_only_where_the_scheme_says_so() {
    let refunded = Figures {
        refunded_spend: 90_000,
        ..spent(10_000)
    };
    let day = date(2026, 2, 1);
    for (may, tier, cause) in [(true, "member", Cause::Rule), (false, "gold", Cause::Held)] {
        let scheme = Scheme {
            refunds_may_demote: may,
            ..scheme()
        };
        let gold = first(&scheme, spent(100_000));
        let after = grade(&scheme, refunded, &gold.as_previous(), day);
        assert_eq!((after.tier.as_str(), after.cause), (tier, cause));
        // Spending that merely left the window is no refund.
        let older = grade(&scheme, spent(10_000), &gold.as_previous(), day);
        assert_eq!((older.tier.as_str(), older.cause), ("gold", Cause::Held));
    }
}

#[test]
fn a_manual_grade_holds_to_its_last_day_and_erases_nothing() {
    let scheme = scheme();
    let decided = Override {
        manual_tier: "platinum".to_owned(),
        manual_reason: "complaint".to_owned(),
        manual_until: Some(date(2026, 3, 31)),
        floor_tier: String::new(),
    };
    let silver = first(&scheme, spent(30_000));
    let run = |previous: &Previous, day| evaluate(&scheme, 7, &spent(0), previous, &decided, day);
    let manual = run(&silver.as_previous(), date(2026, 3, 1));
    check(
        &manual,
        "platinum",
        Cause::Manual,
        date(2026, 3, 1),
        Some(date(2026, 4, 1)),
    );
    assert_eq!(manual.earned.tier, "silver");
    let last = run(&manual.as_previous(), date(2026, 3, 31));
    check(
        &last,
        "platinum",
        Cause::Manual,
        date(2026, 3, 1),
        Some(date(2026, 4, 1)),
    );
    // The silver won in January is still held until its own review.
    let after = run(&last.as_previous(), date(2026, 4, 1));
    check(
        &after,
        "silver",
        Cause::Held,
        date(2026, 4, 1),
        Some(date(2027, 1, 15)),
    );
}

#[test]
fn a_floor_lifts_but_never_lowers() {
    let scheme = scheme();
    let decided = Override {
        floor_tier: "gold".to_owned(),
        ..Override::default()
    };
    let run = |figures, day| evaluate(&scheme, 7, &figures, &Previous::default(), &decided, day);
    let lifted = run(spent(0), START);
    check(&lifted, "gold", Cause::Floor, START, None);
    assert_eq!(
        lifted.why.rule,
        WhyRule::Floor {
            level: "gold".to_owned(),
            earned: "member".to_owned()
        }
    );
    assert_eq!(run(spent(300_000), START).tier, "platinum");
    let lower_by_hand = Override {
        manual_tier: "member".to_owned(),
        ..decided.clone()
    };
    let both = evaluate(
        &scheme,
        7,
        &spent(0),
        &Previous::default(),
        &lower_by_hand,
        START,
    );
    assert_eq!((both.tier.as_str(), both.cause), ("gold", Cause::Floor));
}

#[test]
fn the_explanation_shows_what_is_missing() {
    let silver = first(&scheme(), spent(40_050));
    let why = &silver.why;
    assert_eq!(
        why.window,
        Window {
            from: date(2025, 1, 16),
            to: START
        }
    );
    assert_eq!(why.scheme_version, 7);
    let rule = WhyRule::Qualified {
        level: "silver".to_owned(),
        mode: "any_of".to_owned(),
    };
    assert_eq!(why.rule, rule);
    let met: Vec<bool> = why.criteria.iter().map(|row| row.met).collect();
    assert_eq!(met, [true, false]);
    let next = why.next_level.as_ref().unwrap();
    assert_eq!((next.code.as_str(), next.any), ("gold", true));
    assert_eq!(next.missing[0].gap, Some(59_950));
    assert_eq!(next.missing[1].gap, Some(9));
    let top = first(&scheme(), spent(300_000));
    assert_eq!(top.why.next_level, None);
    let json = serde_json::to_value(&silver.why).unwrap();
    assert_eq!(json["rule"]["kind"], "qualified");
    assert_eq!(json["rule"]["params"]["level"], "silver");
    assert_eq!(json["criteria"][0]["criterion"], "spend");
    assert_eq!(json["criteria"][0]["unit"], "money");
    assert_eq!(serde_json::from_value::<Why>(json).unwrap(), silver.why);
}

#[test]
fn all_of_needs_every_threshold() {
    let mut scheme = Scheme {
        rule: Rule::AllOf {},
        ..scheme()
    };
    scheme.levels[1].thresholds.insert(Criterion::Recency, 90);
    scheme.levels[1].thresholds.insert(Criterion::Tenure, 100);
    assert_eq!(validate(&scheme), []);
    let enough = Figures {
        frequency: 4,
        ..spent(30_000)
    };
    assert_eq!(first(&scheme, enough).tier, "silver");
    for short in [
        Figures {
            frequency: 3,
            ..enough
        },
        Figures {
            spend: 29_999,
            ..enough
        },
        Figures {
            recency_days: Some(91),
            ..enough
        },
        Figures {
            tenure_days: 99,
            ..enough
        },
        Figures {
            recency_days: None,
            ..enough
        },
    ] {
        assert_eq!(first(&scheme, short).tier, "member", "{short:?}");
    }
}

#[test]
fn a_weighted_score_counts_full_units_up_to_the_cap() {
    let weight = |criterion, unit, points, cap| Weight {
        criterion,
        unit,
        points,
        cap,
    };
    let weights = vec![
        weight(Criterion::Spend, 10_000, 2, 50),
        weight(Criterion::Frequency, 1, 5, 40),
        weight(Criterion::Recency, 30, 1, 10),
    ];
    let mut scheme = Scheme {
        rule: Rule::Weighted { weights },
        ..scheme()
    };
    for (at, level) in scheme.levels.iter_mut().enumerate() {
        level.thresholds.clear();
        if at > 0 {
            level.thresholds.insert(Criterion::Score, 25 * at as i64);
        }
    }
    assert_eq!(validate(&scheme), []);
    let figures = Figures {
        spend: 59_999,
        frequency: 2,
        tenure_days: 1,
        recency_days: Some(6),
        ..Figures::default()
    };
    assert_eq!(score(&scheme, &figures), 10 + 10 + 10);
    let outcome = first(&scheme, figures);
    assert_eq!(outcome.tier, "silver");
    let points: Vec<Option<i64>> = outcome.why.criteria.iter().map(|row| row.points).collect();
    assert_eq!(points, [Some(10), Some(10), Some(10), Some(30)]);
    let huge = Figures {
        spend: i64::MAX,
        frequency: i64::MAX,
        ..figures
    };
    assert_eq!(score(&scheme, &huge), 100);
    let returned = Figures {
        spend: -5,
        frequency: 0,
        recency_days: None,
        ..figures
    };
    assert_eq!(score(&scheme, &returned), 0);
}

#[test]
fn below_every_level_and_levels_no_longer_there() {
    let mut scheme = scheme();
    scheme.levels.remove(0);
    let nobody = first(&scheme, spent(0));
    check(&nobody, "", Cause::Rule, START, None);
    assert_eq!(nobody.rank, 0);
    assert_eq!(
        nobody.why.rule,
        WhyRule::BelowAll {
            mode: "any_of".to_owned()
        }
    );
    let next_day = grade(&scheme, spent(0), &nobody.as_previous(), date(2026, 1, 16));
    check(&next_day, "", Cause::Rule, START, None);
    let gold = first(&scheme, spent(100_000)).as_previous();
    scheme.levels.retain(|level| level.code != "gold");
    let moved = grade(&scheme, spent(100_000), &gold, date(2026, 2, 1));
    check(
        &moved,
        "silver",
        Cause::Rule,
        date(2026, 2, 1),
        Some(date(2027, 2, 1)),
    );
}

#[test]
fn problems_are_found_where_they_are() {
    let problem = |change: &dyn Fn(&mut Scheme)| {
        let mut scheme = scheme();
        change(&mut scheme);
        let found = validate(&scheme);
        found.into_iter().map(|p| (p.path, p.kind)).next()
    };
    let found = |path: &str, kind| Some((path.to_owned(), kind));
    use ProblemKind::*;
    assert_eq!(problem(&|s| s.levels.clear()), found("levels", NoLevels));
    assert_eq!(
        problem(&|s| s.window_days = 0),
        found("window_days", OutOfRange)
    );
    assert_eq!(
        problem(&|s| s.grace_days = -1),
        found("grace_days", OutOfRange)
    );
    assert_eq!(
        problem(&|s| s.levels[1].code = "Silver!".to_owned()),
        found("levels.1.code", BadCode)
    );
    assert_eq!(
        problem(&|s| s.levels[2].code = "silver".to_owned()),
        found("levels.2.code", RepeatedCode)
    );
    assert_eq!(
        problem(&|s| s.levels[0].name.zh.clear()),
        found("levels.0.name", NoName)
    );
    assert_eq!(
        problem(&|s| s.levels[0].color = "red".to_owned()),
        found("levels.0.color", BadColor)
    );
    assert_eq!(
        problem(&|s| s.levels[3].thresholds.clear()),
        found("levels.3", NoThreshold)
    );
    let spend =
        |s: &mut Scheme, at: usize, value| s.levels[at].thresholds.insert(Criterion::Spend, value);
    assert_eq!(
        problem(&|s| _ = spend(s, 1, -1)),
        found("levels.1.thresholds.spend", NegativeThreshold)
    );
    assert_eq!(
        problem(&|s| _ = spend(s, 2, 29_999)),
        found("levels.2.thresholds.spend", NotHigher)
    );
    assert_eq!(
        problem(&|s| s.levels[2].thresholds = s.levels[1].thresholds.clone()),
        found("levels.2", SameAsBelow)
    );
    assert_eq!(
        problem(&|s| _ = s.levels[1].thresholds.insert(Criterion::Score, 1)),
        found("levels.1.thresholds.score", WrongCriterion)
    );
    assert_eq!(
        problem(&|s| s.rule = Rule::Weighted { weights: vec![] }),
        found("rule.weights", NoWeights)
    );
}

proptest! {
    #[test]
    fn more_money_never_gives_less(a in 0_i64..400_000, more in 0_i64..400_000) {
        let scheme = scheme();
        prop_assert!(qualified_rank(&scheme, &spent(a + more)) >= qualified_rank(&scheme, &spent(a)));
    }

    #[test]
    fn nothing_changes_before_it_is_due(
        spends in prop::collection::vec((0_i64..400_000, 1_i64..300), 1..6),
        manual in prop::option::of(0_i64..500),
        floor in any::<bool>(),
        by_tenure in any::<bool>(),
        review_months in 0_i64..14,
        grace_days in 0_i64..60,
    ) {
        let mut scheme = Scheme { review_months, grace_days, ..scheme() };
        if by_tenure {
            let top = scheme.levels.last_mut().unwrap();
            top.thresholds.insert(Criterion::Tenure, 400);
        }
        let mut previous = Previous::default();
        let mut day = START;
        for (spend, days) in spends {
            let decided = Override {
                manual_tier: manual.map_or_else(String::new, |_| "gold".to_owned()),
                manual_until: manual.map(|days| START.saturating_add(days.days())),
                floor_tier: if floor { "silver".to_owned() } else { String::new() },
                ..Override::default()
            };
            let on = |later: Date, previous: &Previous| {
                let passed = i64::from((later - START).get_days());
                let figures = Figures {
                    tenure_days: passed,
                    recency_days: Some(passed),
                    ..spent(spend)
                };
                evaluate(&scheme, 7, &figures, previous, &decided, later)
            };
            let now = on(day, &previous);
            let due = due(&scheme, &now, &decided, day);
            let end = day.saturating_add(days.days());
            let (mut later, mut last) = (day, now.clone());
            while later < end.min(due.unwrap_or(end)) {
                let then = on(later, &last.as_previous());
                prop_assert_eq!(
                    (&then.tier, then.rank, then.cause, then.since, then.review_on, &then.earned),
                    (&now.tier, now.rank, now.cause, now.since, now.review_on, &now.earned)
                );
                (later, last) = (later.tomorrow().unwrap(), then);
            }
            (previous, day) = (now.as_previous(), end);
        }
    }

    #[test]
    fn running_twice_on_one_day_changes_nothing(
        spends in prop::collection::vec((0_i64..400_000, 1_i64..200), 1..12),
    ) {
        let scheme = scheme();
        let (mut previous, mut day) = (Previous::default(), START);
        for (spend, days) in spends {
            day = day.saturating_add(jiff::Span::new().days(days));
            let once = grade(&scheme, spent(spend), &previous, day);
            let twice = grade(&scheme, spent(spend), &once.as_previous(), day);
            prop_assert_eq!(&once, &twice);
            // Nobody is ever below what the figures reach.
            prop_assert!(once.rank >= qualified_rank(&scheme, &spent(spend)) as i64);
            previous = once.as_previous();
        }
    }
}
