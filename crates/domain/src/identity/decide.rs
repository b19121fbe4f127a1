//! The decision for one record.

use super::{
    BlockReason, BlockedKey, Candidate, Decision, Facts, Key, KeyKind, NameMatch, RecordKeys,
    compare_names,
};
use crate::dates::BirthDate;
use crate::phone::is_masked;
use crate::text::is_placeholder;

/// A key that more different people than this have identifies nobody.
pub const PEOPLE_PER_KEY: usize = 5;

/// Decides which customers a record belongs to.
///
/// Candidates are the customers who share a key with the record, once per key.
/// The stronger key decides first; whoever contradicts somebody already
/// accepted is left for a person to look at.
pub fn decide(record: &RecordKeys, candidates: &[Candidate]) -> Decision {
    let mut decision = Decision {
        blocked_keys: blocked(record, candidates),
        ..Decision::default()
    };
    if record.gift_recipient {
        return decision;
    }
    let is_blocked = |key: &Key| {
        let blocks = |block: &BlockedKey| block.kind == key.kind && block.value == key.value;
        decision.blocked_keys.iter().any(blocks)
    };
    let mut usable: Vec<(Strength, &Candidate)> = candidates
        .iter()
        .filter(|candidate| !is_blocked(&candidate.via))
        .filter_map(|candidate| Some((strength(record, candidate)?, candidate)))
        .collect();
    usable.sort_by_key(|(strength, candidate)| (*strength, candidate.customer));

    let mut joined: Vec<&Candidate> = Vec::new();
    let mut doubtful: Vec<&Candidate> = Vec::new();
    for tier in usable.chunk_by(|a, b| a.0 == b.0) {
        let (strength, mut fitting) = (tier[0].0, Vec::new());
        for (_, candidate) in tier {
            let verdict = joined
                .iter()
                .map(|accepted| verdict(strength, &accepted.facts, &candidate.facts))
                .fold(
                    verdict(strength, &record.facts, &candidate.facts),
                    Verdict::max,
                );
            match verdict {
                Verdict::Join => fitting.push(*candidate),
                Verdict::Review => doubtful.push(candidate),
                Verdict::Nothing => {}
            }
        }
        // Two people who fit the record but not each other: no machine can say
        // which of them it is.
        let torn = fitting.iter().enumerate().any(|(at, a)| {
            fitting[at + 1..].iter().any(|b| {
                a.customer != b.customer && verdict(strength, &a.facts, &b.facts) != Verdict::Join
            })
        });
        if torn {
            doubtful.append(&mut fitting);
        } else {
            joined.append(&mut fitting);
        }
    }
    for candidate in joined {
        push_once(&mut decision.join, candidate.customer);
    }
    for candidate in doubtful {
        if !decision.join.contains(&candidate.customer) {
            push_once(&mut decision.review, candidate.customer);
        }
    }
    decision
}

/// How much a shared key says; the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// The source itself says it is one customer.
    Certain,
    /// Only one person should have it.
    Personal,
    /// Usually one person's, but staff type in one address for many members.
    Mailbox,
    /// Families and colleagues may share it.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Join,
    Review,
    Nothing,
}

fn strength(record: &RecordKeys, candidate: &Candidate) -> Option<Strength> {
    let via = &candidate.via;
    let own = record
        .keys
        .iter()
        .find(|key| key.kind == via.kind && key.value == via.value)?;
    Some(match via.kind {
        KeyKind::External => Strength::Certain,
        KeyKind::Card | KeyKind::NationalId => Strength::Personal,
        KeyKind::Email => Strength::Mailbox,
        KeyKind::Phone if own.verified && via.verified => Strength::Personal,
        KeyKind::Phone => Strength::Plain,
    })
}

fn verdict(strength: Strength, a: &Facts, b: &Facts) -> Verdict {
    let names = compare_names(a, b);
    let births = compare_births(&a.birth_date, &b.birth_date);
    let ids = disjoint(&a.national_ids, &b.national_ids);
    let contradiction = names == NameMatch::Different || births == Births::Different || ids;
    match strength {
        Strength::Certain => Verdict::Join,
        Strength::Personal | Strength::Mailbox if contradiction => Verdict::Review,
        Strength::Mailbox if names == NameMatch::Missing && rivals(a, b) => Verdict::Review,
        Strength::Personal | Strength::Mailbox => Verdict::Join,
        Strength::Plain => plain_verdict(names, births, ids, rivals(a, b)),
    }
}

fn plain_verdict(names: NameMatch, births: Births, ids: bool, rivals: bool) -> Verdict {
    if ids {
        return Verdict::Nothing;
    }
    match (names, births) {
        // Relatives: another name on the family's phone. Twins too.
        (NameMatch::Different, _) => Verdict::Nothing,
        (NameMatch::Same | NameMatch::Compatible, Births::Different) => Verdict::Review,
        (NameMatch::Same | NameMatch::Compatible, _) => Verdict::Join,
        (NameMatch::Uncertain, Births::Different) => Verdict::Nothing,
        (NameMatch::Uncertain, _) => Verdict::Review,
        (NameMatch::Missing, Births::Different) => Verdict::Nothing,
        (NameMatch::Missing, Births::Same) => Verdict::Join,
        (NameMatch::Missing, _) if rivals => Verdict::Review,
        (NameMatch::Missing, _) => Verdict::Join,
    }
}

/// Whether other keys say that these are two customers: other cards, or other
/// numbers in the same source.
fn rivals(a: &Facts, b: &Facts) -> bool {
    let source = |external: &str| {
        external
            .split_once(':')
            .map(|(source, _)| source.to_owned())
    };
    let same_source = a.externals.iter().any(|left| {
        b.externals
            .iter()
            .any(|right| source(left) == source(right))
    });
    disjoint(&a.cards, &b.cards) || (same_source && disjoint(&a.externals, &b.externals))
}

fn disjoint(a: &[String], b: &[String]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|value| b.contains(value))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Births {
    Missing,
    Same,
    Near,
    Different,
}

/// Birth dates that differ in one digit or by swapped day and month are near.
fn compare_births(a: &str, b: &str) -> Births {
    let (Ok(left), Ok(right)) = (a.parse::<BirthDate>(), b.parse::<BirthDate>()) else {
        return Births::Missing;
    };
    let parts = |birth: BirthDate| match birth {
        BirthDate::Full(date) => (Some(date.year()), date.month(), date.day()),
        BirthDate::Day { month, day } => (None, month, day),
    };
    let ((year_a, month_a, day_a), (year_b, month_b, day_b)) = (parts(left), parts(right));
    let years = match (year_a, year_b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    if years && (month_a, day_a) == (month_b, day_b) {
        return Births::Same;
    }
    let swapped = years && (month_a, day_a) == (day_b, month_b);
    let digits = a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count();
    if swapped || (a.len() == b.len() && digits == 1) {
        Births::Near
    } else {
        Births::Different
    }
}

fn blocked(record: &RecordKeys, candidates: &[Candidate]) -> Vec<BlockedKey> {
    let mut blocked = Vec::new();
    for key in &record.keys {
        let on_key: Vec<&Candidate> = candidates
            .iter()
            .filter(|c| c.via.kind == key.kind && c.via.value == key.value)
            .collect();
        let reason = if record.gift_recipient {
            Some(BlockReason::GiftRecipient)
        } else if is_hidden(key) {
            Some(BlockReason::Masked)
        } else if is_nothing(key) {
            Some(BlockReason::Placeholder)
        } else if on_key.iter().any(|candidate| candidate.of_store) {
            Some(BlockReason::Store)
        } else if key.kind != KeyKind::External
            && on_key.iter().any(|c| c.people_on_key > PEOPLE_PER_KEY)
        {
            Some(BlockReason::Shared)
        } else {
            None
        };
        if let Some(reason) = reason {
            blocked.push(BlockedKey {
                kind: key.kind,
                value: key.value.clone(),
                reason,
            });
        }
    }
    blocked
}

/// Other keys than phones may rightly hold x, # or a question mark.
fn is_hidden(key: &Key) -> bool {
    key.value.contains(['*', '•']) || (key.kind == KeyKind::Phone && is_masked(&key.value))
}

fn is_nothing(key: &Key) -> bool {
    let value = match key.kind {
        KeyKind::External => key
            .value
            .split_once(':')
            .map_or(key.value.as_str(), |(_, id)| id),
        _ => key.value.as_str(),
    };
    // 1 is a placeholder as a phone, but a fair customer number.
    is_placeholder(value) && !(key.kind == KeyKind::External && value == "1")
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}
