use super::*;

fn named(name: &str) -> Facts {
    Facts {
        name: name.to_owned(),
        ..Facts::default()
    }
}

fn born(name: &str, birth_date: &str) -> Facts {
    Facts {
        birth_date: birth_date.to_owned(),
        ..named(name)
    }
}

fn key(kind: KeyKind, value: &str) -> Key {
    Key {
        kind,
        value: value.to_owned(),
        verified: false,
    }
}

fn phone() -> Key {
    key(KeyKind::Phone, "+8613800138000")
}

fn verified(key: Key) -> Key {
    Key {
        verified: true,
        ..key
    }
}

fn record(facts: Facts, keys: Vec<Key>) -> RecordKeys {
    RecordKeys {
        facts,
        keys,
        gift_recipient: false,
    }
}

fn candidate(id: i64, via: Key, facts: Facts) -> Candidate {
    Candidate {
        customer: CustomerId(id),
        via,
        facts,
        people_on_key: 1,
        of_store: false,
    }
}

fn ids(list: &[CustomerId]) -> Vec<i64> {
    list.iter().map(|id| id.0).collect()
}

#[track_caller]
fn check(record: &RecordKeys, candidates: &[Candidate], join: &[i64], review: &[i64]) {
    let decision = decide(record, candidates);
    assert_eq!(ids(&decision.join), join, "joined");
    assert_eq!(ids(&decision.review), review, "for review");
}

#[test]
fn names_in_english_and_chinese() {
    use NameMatch::*;
    for (a, b, wanted) in [
        ("Laura Smith", "laura  SMITH", Same),
        ("Laura Smith", "Smith, Laura", Same),
        ("Müller Anna", "Anna Muller", Same),
        ("Xiao Ming Li", "Xiaoming Li", Same),
        ("Laura Smith", "L. Smith", Compatible),
        ("Laura Smith", "Laura", Compatible),
        ("Mr Smith", "Laura Smith", Compatible),
        ("Jonathan Baker", "Jonathon Baker", Compatible),
        ("Anna Maria Rossi", "Anna Rossi", Compatible),
        ("Laura Smith", "Luke Smith", Different),
        ("Laura Smith", "John Baker", Different),
        ("Maria Smith", "Marie Smith", Uncertain),
        ("Laura Smith", "Laura Baker", Uncertain),
        ("Laura Smith", "", Missing),
        ("李雷", "李雷", Same),
        ("李 雷", "李雷", Same),
        ("李雷", "Li Lei", Same),
        ("李雷", "Lei LI", Same),
        ("曾国藩", "Zeng Guofan", Same),
        ("吕布", "Lyu Bu", Same),
        ("欧阳娜娜", "Nana Ouyang", Same),
        ("李雷", "李先生", Compatible),
        ("李雷", "李*", Compatible),
        ("李**", "李女士", Compatible),
        ("李雷", "韩梅梅", Different),
        ("李雷", "李华", Different),
        ("李雷", "王先生", Different),
        ("李静", "李晶", Uncertain),
        ("張偉", "张伟", Uncertain),
        ("李雷", "Leo Li", Uncertain),
        ("*雷", "李雷", Missing),
        ("", "", Missing),
    ] {
        assert_eq!(compare_names(&named(a), &named(b)), wanted, "{a} | {b}");
        assert_eq!(compare_names(&named(b), &named(a)), wanted, "{b} | {a}");
    }
    let split = |given: &str, family: &str| Facts {
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        ..Facts::default()
    };
    assert_eq!(compare_names(&split("雷", "李"), &named("李雷")), Same);
    assert_eq!(compare_names(&split("李", "雷"), &split("雷", "李")), Same);
    assert_eq!(
        compare_names(&split("Laura", "Smith"), &split("Smith", "Laura")),
        Same
    );
}

#[test]
fn an_external_id_is_the_same_customer_whatever_else_changed() {
    let via = key(KeyKind::External, "pos:1");
    let renamed = record(named("Laura Baker"), vec![via.clone()]);
    check(
        &renamed,
        &[candidate(1, via, born("John Smith", "1990-02-28"))],
        &[1],
        &[],
    );
}

#[test]
fn personal_keys_join_unless_facts_contradict() {
    for via in [
        key(KeyKind::Card, "0062000001"),
        key(KeyKind::Email, "lilei@example.cn"),
        key(KeyKind::NationalId, "110101199002280011"),
        verified(phone()),
    ] {
        let mine = |facts| record(facts, vec![via.clone()]);
        let theirs = |facts| [candidate(7, via.clone(), facts)];
        check(&mine(named("李雷")), &theirs(named("李雷")), &[7], &[]);
        check(&mine(named("")), &theirs(named("李雷")), &[7], &[]);
        check(&mine(named("Leo Li")), &theirs(named("李雷")), &[7], &[]);
        check(&mine(named("李雷")), &theirs(named("韩梅梅")), &[], &[7]);
        check(
            &mine(named("Luke Smith")),
            &theirs(named("Laura Smith")),
            &[],
            &[7],
        );
        check(
            &mine(born("李雷", "1990-02-28")),
            &theirs(born("李雷", "1962-07-01")),
            &[],
            &[7],
        );
        check(
            &mine(born("李雷", "1990-02-03")),
            &theirs(born("李雷", "1990-03-02")),
            &[7],
            &[],
        );
        check(
            &mine(born("李雷", "--02-28")),
            &theirs(born("李雷", "1990-02-28")),
            &[7],
            &[],
        );
    }
}

#[test]
fn a_plain_phone_joins_only_agreeing_names() {
    let mine = |facts| record(facts, vec![phone()]);
    let theirs = |facts| [candidate(3, phone(), facts)];
    check(&mine(named("李雷")), &theirs(named("李雷")), &[3], &[]);
    check(&mine(named("Li Lei")), &theirs(named("李雷")), &[3], &[]);
    check(&mine(named("李先生")), &theirs(named("李雷")), &[3], &[]);
    check(&mine(named("")), &theirs(named("李雷")), &[3], &[]);
    check(
        &mine(named("Laura Smith")),
        &theirs(named("Smith Laura")),
        &[3],
        &[],
    );
    check(&mine(named("李雷")), &theirs(named("李华")), &[], &[]);
    check(&mine(named("Leo Li")), &theirs(named("李雷")), &[], &[3]);
    check(
        &mine(named("Laura Smith")),
        &theirs(named("Laura Baker")),
        &[],
        &[3],
    );
    check(
        &mine(born("李雷", "1990-02-28")),
        &theirs(born("李雷", "1962-07-01")),
        &[],
        &[3],
    );
    // Verified on one side only is still plain.
    let half = [candidate(3, verified(phone()), named("韩梅梅"))];
    check(&mine(named("李雷")), &half, &[], &[]);
}

#[test]
fn a_family_on_one_phone_stays_a_family() {
    let family = [
        candidate(1, phone(), named("李雷")),
        candidate(2, phone(), named("韩梅梅")),
        candidate(3, phone(), named("李小雷")),
    ];
    check(&record(named("李雷"), vec![phone()]), &family, &[1], &[]);
    check(&record(named("李小华"), vec![phone()]), &family, &[], &[]);
    // Without a name it could be any of them.
    check(&record(named(""), vec![phone()]), &family, &[], &[1, 2, 3]);
    let smiths = [
        candidate(1, phone(), named("Laura Smith")),
        candidate(2, phone(), named("Luke Smith")),
    ];
    check(
        &record(named("L Smith"), vec![phone()]),
        &smiths,
        &[],
        &[1, 2],
    );
    check(
        &record(named("Luke Smith"), vec![phone()]),
        &smiths,
        &[2],
        &[],
    );
    let twins = [candidate(1, phone(), born("Anna Rossi", "1990-02-28"))];
    check(
        &record(born("Clara Rossi", "1990-02-28"), vec![phone()]),
        &twins,
        &[],
        &[],
    );
}

#[test]
fn a_card_decides_for_one_member_of_the_family() {
    let card = key(KeyKind::Card, "0062000001");
    let family = [
        candidate(1, card.clone(), named("李雷")),
        candidate(1, phone(), named("李雷")),
        candidate(2, phone(), named("韩梅梅")),
    ];
    check(&record(named(""), vec![card, phone()]), &family, &[1], &[]);
}

#[test]
fn a_record_joins_two_customers_who_agree() {
    let (card, email) = (
        key(KeyKind::Card, "0062000001"),
        key(KeyKind::Email, "li@example.cn"),
    );
    let both = record(named("李雷"), vec![card.clone(), email.clone()]);
    let agree = [
        candidate(1, card.clone(), named("Li Lei")),
        candidate(2, email.clone(), named("李雷")),
    ];
    check(&both, &agree, &[1, 2], &[]);
    let nameless = record(named(""), vec![card.clone(), email.clone()]);
    let disagree = [
        candidate(1, card, named("李雷")),
        candidate(2, email, named("韩梅梅")),
    ];
    // The card says more than the e-mail address.
    check(&nameless, &disagree, &[1], &[2]);
}

#[test]
fn a_shop_tablet_with_two_hundred_members_swallows_nobody() {
    check_tablet(key(KeyKind::Phone, "+8613900139000"));
    check_tablet(key(KeyKind::Email, "tablet@shop.example"));
}

#[track_caller]
fn check_tablet(tablet: Key) {
    let mut members: Vec<Candidate> = Vec::new();
    for number in 0..200 {
        let facts = Facts {
            cards: vec![format!("62{number:08}")],
            ..Facts::default()
        };
        let card = key(KeyKind::Card, &format!("62{number:08}"));
        let newcomer = record(facts.clone(), vec![card, tablet.clone()]);
        let people = members.len();
        for member in &mut members {
            member.people_on_key = people;
        }
        let decision = decide(&newcomer, &members);
        assert_eq!(decision.join, [], "member {number}");
        let shared = decision
            .blocked_keys
            .iter()
            .any(|b| b.reason == BlockReason::Shared);
        assert_eq!(shared, people > PEOPLE_PER_KEY);
        assert!(decision.review.len() <= PEOPLE_PER_KEY);
        members.push(candidate(number, tablet.clone(), facts));
    }
}

#[test]
fn members_of_one_source_are_told_apart_by_its_numbers() {
    let with_number = |number: &str| Facts {
        externals: vec![format!("pos:{number}")],
        ..Facts::default()
    };
    let candidates = [candidate(1, phone(), with_number("1001"))];
    check(
        &record(with_number("1002"), vec![phone()]),
        &candidates,
        &[],
        &[1],
    );
    let other = Facts {
        externals: vec!["web:1002".to_owned()],
        ..Facts::default()
    };
    check(&record(other, vec![phone()]), &candidates, &[1], &[]);
}

#[test]
fn keys_that_mean_nothing_swallow_nobody() {
    for (value, kind, reason) in [
        ("138****8000", KeyKind::Phone, BlockReason::Masked),
        ("l***@example.cn", KeyKind::Email, BlockReason::Masked),
        ("0000", KeyKind::Card, BlockReason::Placeholder),
        ("null", KeyKind::Email, BlockReason::Placeholder),
        ("无", KeyKind::Card, BlockReason::Placeholder),
        ("pos:0000", KeyKind::External, BlockReason::Placeholder),
        ("pos:guest", KeyKind::External, BlockReason::Placeholder),
        ("pos:散客", KeyKind::External, BlockReason::Placeholder),
    ] {
        let via = key(kind, value);
        let facts = named("李雷");
        let decision = decide(
            &record(facts.clone(), vec![via.clone()]),
            &[candidate(1, via, facts)],
        );
        assert_eq!(decision.join, [], "{value}");
        assert_eq!(decision.review, [], "{value}");
        assert_eq!(decision.blocked_keys[0].reason, reason, "{value}");
    }
}

#[test]
fn a_stores_own_number_identifies_nobody() {
    let own = Candidate {
        of_store: true,
        ..candidate(1, phone(), named("李雷"))
    };
    let decision = decide(&record(named("李雷"), vec![phone()]), &[own]);
    assert_eq!(decision.join, []);
    assert_eq!(decision.blocked_keys[0].reason, BlockReason::Store);
}

#[test]
fn a_gift_recipient_joins_nobody() {
    let gift = RecordKeys {
        gift_recipient: true,
        ..record(named("李雷"), vec![phone()])
    };
    let decision = decide(&gift, &[candidate(1, phone(), named("李雷"))]);
    assert_eq!((decision.join, decision.review), (vec![], vec![]));
    assert_eq!(decision.blocked_keys[0].reason, BlockReason::GiftRecipient);
}

#[test]
fn other_national_ids_are_other_people() {
    let with_id = |id: &str| Facts {
        national_ids: vec![id.to_owned()],
        ..named("李雷")
    };
    let theirs = [candidate(1, phone(), with_id("110101199002280011"))];
    check(
        &record(with_id("110101196207010022"), vec![phone()]),
        &theirs,
        &[],
        &[],
    );
}
