//! Any text as a header with rows below: the columns are guessed, each field once.
#![no_main]

use std::collections::HashSet;

use clientele_domain::mapping::{Kind, guess, known_headers, problems};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|table: &str| {
    let mut lines = table.lines().map(|line| line.split('|').collect::<Vec<&str>>());
    let Some(header) = lines.next() else { return };
    let samples: Vec<Vec<&str>> = lines.take(20).collect();
    let columns: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let _ = known_headers(&header);
    for kind in [Kind::Orders, Kind::Customers, Kind::Products, Kind::Stores] {
        let guesses = guess(kind, &columns, &samples);
        let guessed = || guesses.iter().filter_map(|guess| guess.field);
        let fields: HashSet<&str> = guessed().collect();
        assert_eq!(fields.len(), guessed().count());
        let _ = problems(kind, &|field| fields.contains(field));
    }
});
