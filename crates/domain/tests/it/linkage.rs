//! Likely pairs measured on public sets of people with known truth.

use crate::data;
use clientele_domain::linkage::{Pair, Person, REVIEW, find_pairs};
use std::collections::HashMap;
use std::fs::{File, read_to_string};
use std::io::Read;

fn rows(text: &str) -> Vec<Vec<String>> {
    let split = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect();
    text.lines().skip(1).map(split).collect()
}

/// The people of a FEBRL file and the number of the person behind each.
fn febrl(file: &str) -> Option<(Vec<Person>, Vec<String>)> {
    let text = read_to_string(data(file)?).unwrap();
    let read = |row: &Vec<String>| Person {
        given_name: row[1].clone(),
        family_name: row[2].clone(),
        address: format!("{} {} {}", row[3], row[4], row[5]),
        city: row[6].clone(),
        postcode: row[7].clone(),
        region: row[8].clone(),
        birth_date: row[9].clone(),
        national_id: row[10].clone(),
        ..Person::default()
    };
    let rows = rows(&text);
    let truth = rows
        .iter()
        .map(|row| row[0].split('-').nth(1).unwrap().to_owned())
        .collect();
    Some((rows.iter().map(read).collect(), truth))
}

fn splink(text: &str) -> (Vec<Person>, Vec<String>) {
    let read = |row: &Vec<String>| Person {
        given_name: row[1].clone(),
        family_name: row[2].clone(),
        birth_date: row[3].clone(),
        city: row[4].clone(),
        email: row[5].clone(),
        ..Person::default()
    };
    let rows = rows(text);
    let truth = rows.iter().map(|row| row[6].clone()).collect();
    (rows.iter().map(read).collect(), truth)
}

struct Figures {
    true_pairs: usize,
    /// Of the pairs that would be joined unseen.
    precision: f64,
    /// Of those and the review queue together.
    f1: f64,
}

fn measure(name: &str, people: &[Person], truth: &[String]) -> Figures {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for person in truth {
        *sizes.entry(person).or_default() += 1;
    }
    let pairs_in_truth: usize = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let pairs = find_pairs(people, REVIEW);
    let correct = |pair: &&Pair| truth[pair.left] == truth[pair.right];
    let automatic: Vec<&Pair> = pairs.iter().filter(|pair| pair.automatic).collect();
    let right = automatic.iter().filter(|pair| correct(pair)).count();
    let both = pairs.iter().filter(correct).count();
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let figures = Figures {
        true_pairs: pairs_in_truth,
        precision: share(right, automatic.len()),
        f1: share(2 * both, pairs.len() + pairs_in_truth),
    };
    println!(
        "{name}: {} people, {pairs_in_truth} true pairs; automatic {} (precision {:.5}, recall \
         {:.4}); queue {}; together precision {:.4}, recall {:.4}, F1 {:.4}",
        people.len(),
        automatic.len(),
        figures.precision,
        share(right, pairs_in_truth),
        pairs.len() - automatic.len(),
        share(both, pairs.len()),
        share(both, pairs_in_truth),
        figures.f1,
    );
    figures
}

#[test]
fn febrl_sets() {
    for file in ["dataset1", "dataset2", "dataset3"] {
        let Some((people, truth)) = febrl(&format!("linkage_febrl/{file}.csv")) else {
            return;
        };
        let figures = measure(file, &people, &truth);
        assert!(figures.precision >= 0.999, "{file}: automatic precision");
        assert!(figures.f1 >= 0.98, "{file}: F1");
    }
}

#[test]
fn splink_fake_1000() {
    let Some(path) = data("linkage_splink/fake_1000.csv") else {
        return;
    };
    let (people, truth) = splink(&read_to_string(path).unwrap());
    let figures = measure("fake_1000", &people, &truth);
    assert!(figures.precision >= 0.999);
    assert!(figures.f1 >= 0.85);
}

#[test]
fn splink_fake_20000() {
    let Some(path) = data("linkage_splink/fake_20000.csv.gz") else {
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let (people, truth) = splink(&text);
    let figures = measure("fake_20000", &people, &truth);
    assert!(figures.precision >= 0.999);
    assert!(figures.f1 >= 0.80);
}

/// Organisations, with their sites written in many ways: not what the weights
/// were made for, but the queue is of use there too, and nothing is joined unseen.
#[test]
fn chicago_sites() {
    let file = "linkage_dedupe_examples/csv_example_input_with_true_ids.csv";
    let Some(path) = data(file) else {
        return;
    };
    let mut table = csv::Reader::from_path(path).unwrap();
    let (mut people, mut truth) = (Vec::new(), Vec::new());
    for row in table.records() {
        let row = row.unwrap();
        truth.push(row[0].to_owned());
        people.push(Person {
            name: row[3].trim().to_owned(),
            address: row[4].trim().to_owned(),
            postcode: row[5].trim().to_owned(),
            phone: row[6].trim().to_owned(),
            ..Person::default()
        });
    }
    assert_eq!(people.len(), 3_337);
    let figures = measure("chicago_sites", &people, &truth);
    assert_eq!(figures.true_pairs, 6_608);
    assert!(figures.f1 >= 0.8);
}
