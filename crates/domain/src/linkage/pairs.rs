//! Finding likely pairs in a population.

use super::block::keys;
use super::compare::compare_prepared;
use super::frequency::Frequencies;
use super::person::{Person, Prepared};
use super::{Comparison, Pair};

/// Pairs from this weight on may be joined unseen, if the evidence is personal.
pub const AUTOMATIC: f64 = 8.0;
/// Pairs from this weight on are worth showing to a person: on paper one in
/// five is right, on the measured sets nearly all are.
pub const REVIEW: f64 = -2.0;

/// Blocks larger than this are left to the other passes: what very many
/// records share brings together nobody in particular.
const LARGEST_BLOCK: usize = 60;

/// The probability behind a weight.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// Finds the pairs of at least a weight, the likeliest first.
pub fn find_pairs(people: &[Person], threshold: f64) -> Vec<Pair> {
    let mut prepared: Vec<Prepared> = people.iter().map(Prepared::new).collect();
    let frequencies = Frequencies::of_prepared(&prepared);
    for person in &mut prepared {
        frequencies.rate(person);
    }
    let prior = frequencies.prior();
    let mut pairs: Vec<Pair> = candidates(&prepared)
        .into_iter()
        .filter_map(|(left, right)| {
            let Comparison {
                weight,
                automatic,
                evidence,
            } = compare_prepared(&prepared[left], &prepared[right], prior);
            let probability = probability(weight);
            (weight >= threshold).then_some(Pair {
                left,
                right,
                weight,
                probability,
                automatic,
                evidence,
            })
        })
        .collect();
    pairs.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
    });
    pairs
}

/// Every pair of records that shares a block, once.
fn candidates(people: &[Prepared]) -> Vec<(usize, usize)> {
    let mut keyed: Vec<(u64, u32)> = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let at = u32::try_from(at).expect("fewer than four thousand million records");
        keyed.extend(keys(person).into_iter().map(|key| (key, at)));
    }
    keyed.sort_unstable();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for block in keyed.chunk_by(|a, b| a.0 == b.0) {
        if block.len() > LARGEST_BLOCK {
            continue;
        }
        for (at, (_, left)) in block.iter().enumerate() {
            pairs.extend(block[at + 1..].iter().map(|(_, right)| (*left, *right)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
        .into_iter()
        .map(|(left, right)| (left as usize, right as usize))
        .collect()
}
