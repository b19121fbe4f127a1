//! Scores on real purchases: one-time buyers share a score.

use crate::data;
use clientele_domain::abc::{Class, classify};
use clientele_domain::dates::{DateOrder, parse_date};
use clientele_domain::money::{Currency, DecimalMark, exact_to_minor, parse_amount};
use clientele_domain::rfm::{Figures, score_all};
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};

/// Person, day and cents of every purchase; none where the data are missing.
fn purchases() -> Option<Vec<(String, Date, i64)>> {
    let path = data("cdnow/cdnow_sample.csv")?;
    let usd = Currency::parse("USD").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let read = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let amount = parse_amount(cells[4], DecimalMark::Point).unwrap();
        let (minor, residue) = exact_to_minor(amount, usd).unwrap();
        assert_eq!(residue, 0);
        let day = parse_date(cells[2], DateOrder::Ymd).unwrap();
        (cells[0].to_owned(), day, minor)
    };
    Some(text.lines().skip(1).map(read).collect())
}

#[test]
fn one_time_buyers_share_the_lowest_frequency() {
    let Some(purchases) = purchases() else {
        return;
    };
    let as_of = date(1998, 6, 30);
    let mut people: BTreeMap<String, (BTreeSet<Date>, i64)> = BTreeMap::new();
    for (person, day, amount) in &purchases {
        let entry = people.entry(person.clone()).or_default();
        entry.0.insert(*day);
        entry.1 += amount;
    }
    let figures: Vec<Figures> = people
        .values()
        .map(|(days, amount)| Figures {
            recency_days: days
                .last()
                .map(|&last| i64::from((as_of - last).get_days())),
            frequency: days.len() as i64,
            monetary: *amount,
        })
        .collect();
    assert_eq!((purchases.len(), figures.len()), (6_919, 2_357));
    assert_eq!(figures.iter().map(|row| row.frequency).sum::<i64>(), 6_696);
    assert_eq!(
        figures.iter().map(|row| row.monetary).sum::<i64>(),
        24_409_194
    );

    let scores = score_all(&figures);
    let once: Vec<u8> = figures
        .iter()
        .zip(&scores)
        .filter(|(row, _)| row.frequency == 1)
        .map(|(_, scores)| scores.f)
        .collect();
    assert_eq!(once.len(), 1_218);
    assert!(once.iter().all(|&f| f == 1));

    let values: Vec<i64> = figures.iter().map(|row| row.monetary).collect();
    let classes = classify(&values);
    let share = |class: Class| {
        let sum = |of: Option<Class>| -> i64 {
            values
                .iter()
                .zip(&classes)
                .filter(|(_, c)| of.is_none() || **c == of)
                .map(|(v, _)| v)
                .sum()
        };
        sum(Some(class)) * 100 / sum(None)
    };
    assert!(share(Class::A) >= 80);
    assert!(share(Class::A) + share(Class::B) >= 94);
}
