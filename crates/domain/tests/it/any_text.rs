//! Whatever a file holds, reading it gives an answer and never a panic.

use clientele_domain::identity::{Facts, NameMatch, compare_names, split_name};
use clientele_domain::linkage::{Frequencies, Person, block_keys, compare};
use clientele_domain::money::{DecimalMark, parse_amount};
use clientele_domain::{email, export, phone, text};
use proptest::prelude::*;

/// Any characters, and with them the ones that files really mix.
fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[-+0-9., ¥$€元()'*＋０-９a-zA-Z@/]{0,20}",
        "[李雷韩梅欧阳王先生*A-Za-z é·']{0,10}",
    ]
}

proptest! {
    #[test]
    fn single_cells(cell in cells()) {
        for mark in [DecimalMark::Point, DecimalMark::Comma] {
            let _ = parse_amount(&cell, mark);
        }
        for country in ["CN", "US", "", "??"] {
            if let phone::PhoneOutcome::Valid(number) = phone::normalize(&cell, country) {
                // A number already in E.164 is the same wherever it is read.
                prop_assert_eq!(phone::normalize(&number, "SG").valid(), Some(number));
            }
        }
        if let email::EmailOutcome::Valid(address) = email::normalize(&cell) {
            prop_assert_eq!(email::normalize(&address).valid(), Some(address));
        }
        let name = text::normalize_name(&cell);
        prop_assert_eq!(text::normalize_name(&name), name);
        let _ = (text::search_text(&cell), text::is_placeholder(&cell), split_name(&cell));
        prop_assert!(export::defuse(&cell).ends_with(cell.as_str()));
    }

    #[test]
    fn two_names(a in cells(), b in cells()) {
        let named = |name: &str| Facts { name: name.to_owned(), ..Facts::default() };
        let (left, right) = (named(&a), named(&b));
        prop_assert_eq!(compare_names(&left, &right), compare_names(&right, &left));
        let itself = compare_names(&left, &left);
        prop_assert!(matches!(itself, NameMatch::Same | NameMatch::Compatible | NameMatch::Missing));
    }

    #[test]
    fn two_people(cells in prop::collection::vec(cells(), 10)) {
        let person = |at: usize| Person {
            name: cells[at].clone(),
            given_name: cells[at + 1].clone(),
            birth_date: cells[at + 2].clone(),
            phone: cells[at + 2].clone(),
            email: cells[at + 3].clone(),
            address: cells[at + 4].clone(),
            city: cells[at].clone(),
            ..Person::default()
        };
        let people = [person(0), person(5)];
        let frequencies = Frequencies::of(&people);
        let there = compare(&people[0], &people[1], &frequencies);
        let back = compare(&people[1], &people[0], &frequencies);
        prop_assert!((there.weight - back.weight).abs() < 1e-9);
        prop_assert!(block_keys(&people[0]).len() < 40);
    }
}
