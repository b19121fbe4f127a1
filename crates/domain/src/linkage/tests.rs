use super::*;

fn person(given: &str, family: &str, birth: &str) -> Person {
    Person {
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        birth_date: birth.to_owned(),
        ..Person::default()
    }
}

fn home(person: Person) -> Person {
    Person {
        address: "7 Wallaby Place".to_owned(),
        city: "Cleveland".to_owned(),
        postcode: "2119".to_owned(),
        phone: "+61412345678".to_owned(),
        ..person
    }
}

fn judge(a: &Person, b: &Person) -> Comparison {
    let frequencies = Frequencies::of(&[a.clone(), b.clone()]);
    let there = compare(a, b, &frequencies);
    assert_eq!(
        there.weight,
        compare(b, a, &frequencies).weight,
        "the order does not matter"
    );
    there
}

fn agreement(comparison: &Comparison, field: Field) -> Agreement {
    let says = comparison
        .evidence
        .iter()
        .find(|evidence| evidence.field == field);
    says.unwrap().agreement
}

#[test]
fn the_same_person_twice_is_automatic() {
    let anna = home(person("Anna", "Rossi", "1990-02-28"));
    let found = judge(&anna, &anna);
    assert!(found.automatic);
    assert_eq!(agreement(&found, Field::GivenName), Agreement::Equal);
    assert_eq!(agreement(&found, Field::Email), Agreement::Missing);
}

#[test]
fn relatives_at_one_address_are_not_joined() {
    let anna = home(person("Anna", "Rossi", "1990-02-28"));
    let mother = judge(&anna, &home(person("Beatrice", "Rossi", "1962-07-01")));
    assert!(!mother.automatic);
    assert!(mother.weight < REVIEW, "{}", mother.weight);
    let twin = judge(&anna, &home(person("Clara", "Rossi", "1990-02-28")));
    assert!(!twin.automatic);
    let alike_twin = judge(&anna, &home(person("Anne", "Rossi", "1990-02-28")));
    assert!(!alike_twin.automatic);
    let namesake = judge(&anna, &home(person("Anna", "Rossi", "1931-11-04")));
    assert!(!namesake.automatic);
}

#[test]
fn strangers_with_one_name_or_one_birthday_are_no_pair() {
    let anna = person("Anna", "Rossi", "1990-02-28");
    assert!(judge(&anna, &person("Bruno", "Bianchi", "1990-02-28")).weight < REVIEW);
    assert!(judge(&anna, &person("Anna", "Bianchi", "1962-07-01")).weight < REVIEW);
    assert!(judge(&Person::default(), &Person::default()).weight < REVIEW);
}

#[test]
fn slips_are_found() {
    let anna = home(person("Anna", "Rossi", "1990-02-08"));
    let swapped_names = home(person("Rossi", "Anna", "1990-02-08"));
    let swapped_date = home(person("Anna", "Rossi", "1990-08-02"));
    let mistyped = home(person("Ana", "Rosi", "1990-02-09"));
    let moved = Person {
        phone: String::new(),
        ..person("Anna", "Rossi", "1990-02-08")
    };
    for other in [&swapped_names, &swapped_date, &mistyped, &moved] {
        assert!(judge(&anna, other).weight >= REVIEW, "{other:?}");
    }
    let found = judge(&anna, &swapped_names);
    assert_eq!(agreement(&found, Field::GivenName), Agreement::Similar);
}

#[test]
fn chinese_names_match_their_pinyin() {
    let lei = |given: &str, family: &str| person(given, family, "1990-02-28");
    let whole = Person {
        name: "李雷".to_owned(),
        ..person("", "", "1990-02-28")
    };
    for (a, b) in [
        (lei("雷", "李"), lei("Lei", "Li")),
        (whole.clone(), lei("雷", "李")),
        (
            whole,
            Person {
                name: "Lei Li".to_owned(),
                ..person("", "", "1990-02-28")
            },
        ),
    ] {
        assert!(judge(&a, &b).weight >= REVIEW, "{a:?} {b:?}");
    }
    let other = judge(&lei("雷", "李"), &lei("梅梅", "韩"));
    assert!(other.weight < REVIEW);
    // One sound, two characters: for a person to decide.
    let homophone = judge(&lei("静", "李"), &lei("晶", "李"));
    assert!(!homophone.automatic);
}

#[test]
fn agreeing_on_a_common_name_says_less() {
    let mut people = vec![person("Anna", "Zwingli", "1990-02-28"); 1];
    people.extend((0..500).map(|_| person("Maria", "Smith", "")));
    let frequencies = Frequencies::of(&people);
    let rare = compare(&people[0], &people[0], &frequencies);
    let common = compare(&people[1], &people[2], &frequencies);
    let bits = |found: &Comparison| found.evidence.iter().map(|says| says.weight).sum::<f64>();
    assert!(bits(&rare) > bits(&common) + 10.0);
}

#[test]
fn pairs_do_not_depend_on_the_order_of_records() {
    let mut people: Vec<Person> = (0..40)
        .map(|n| {
            home(person(
                ["Anna", "Bruno", "Clara"][n % 3],
                ["Rossi", "Bianchi"][n % 2],
                &format!("19{:02}-02-28", 40 + n % 20),
            ))
        })
        .collect();
    let named = |people: &[Person]| {
        let mut found: Vec<String> = find_pairs(people, REVIEW)
            .iter()
            .map(|pair| {
                let mut both = [&people[pair.left], &people[pair.right]].map(|p| format!("{p:?}"));
                both.sort();
                format!("{both:?} {:.6}", pair.weight)
            })
            .collect();
        found.sort();
        found
    };
    let before = named(&people);
    assert!(!before.is_empty());
    people.reverse();
    assert_eq!(named(&people), before);
}

#[test]
fn probabilities() {
    assert_eq!(probability(0.0), 0.5);
    assert!(probability(20.0) > 0.999_999);
    assert!(probability(-20.0) < 0.000_001);
}

#[test]
fn block_keys_survive_one_slip() {
    let anna = home(person("Anna", "Rossi", "1990-02-08"));
    let keys = block_keys(&anna);
    for other in [
        home(person("Rossi", "Anna", "1990-08-02")),
        person("Ana", "Rossi", "1990-02-08"),
        Person {
            phone: "+61412345678".to_owned(),
            ..Person::default()
        },
    ] {
        assert!(
            block_keys(&other).iter().any(|key| keys.contains(key)),
            "{other:?}"
        );
    }
    assert!(block_keys(&Person::default()).is_empty());
}
