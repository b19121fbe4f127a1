//! Finding likely pairs in a population.

use super::block::keys;
use super::compare::Fields;
use super::frequency::Frequencies;
use super::person::{Person, Prepared};
use super::{Comparison, Pair};

/// Pairs from this weight on may be joined unseen, if the evidence is personal.
pub const AUTOMATIC: f64 = 8.0;
/// Pairs from this weight on are worth showing to a person: on paper one in
/// five is right, on the measured sets nearly all are.
pub const REVIEW: f64 = -2.0;

/// The least and the most partners that a record is taken to have on average,
/// whatever the population looks like.
const PARTNERS: (f64, f64) = (0.02, 4.0);

/// Blocks larger than this are left to the other passes: what very many
/// records share brings together nobody in particular.
const LARGEST_BLOCK: usize = 60;

/// The probability behind a weight.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// Finds the pairs of at least a weight, the likeliest first.
///
/// How many partners a record has is learned from the population itself, so that
/// a list full of duplicates is searched boldly and a clean one with care.
pub fn find_pairs(people: &[Person], threshold: f64) -> Vec<Pair> {
    let mut prepared: Vec<Prepared> = on_all_cores(people, Prepared::new);
    let frequencies = Frequencies::of_prepared(&prepared);
    for person in &mut prepared {
        frequencies.rate(person);
    }
    let base = frequencies.prior();
    let lowest = threshold - PARTNERS.1.log2();
    let mut weighed = on_all_cores(&candidates(&prepared), |&(left, right)| {
        let fields = Fields::of(&prepared[left], &prepared[right]);
        (left, right, base + fields.weight())
    });
    weighed.retain(|(_, _, weight)| *weight >= lowest);
    let weights: Vec<f64> = weighed.iter().map(|(_, _, weight)| *weight).collect();
    let learned = learn_partners(&weights, people.len()).log2();
    let mut pairs: Vec<Pair> = weighed
        .into_iter()
        .filter(|(_, _, weight)| weight + learned >= threshold)
        .map(|(left, right, _)| {
            let fields = Fields::of(&prepared[left], &prepared[right]);
            let Comparison {
                weight,
                automatic,
                evidence,
            } = fields.judge(base + learned);
            Pair {
                left,
                right,
                weight,
                probability: probability(weight),
                automatic,
                evidence,
            }
        })
        .collect();
    pairs.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
    });
    pairs
}

/// Maps every item, each core a part of them; the results are in the items' order.
fn on_all_cores<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = items.len().div_ceil(cores).max(1);
    let map = &map;
    std::thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(map).collect::<Vec<R>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("comparing does not panic"))
            .collect()
    })
}

/// How many partners a record has on average, given the weights under the prior
/// of one each: expectation-maximisation of the share of matches alone, with the
/// weights of the fields left as they are.
fn learn_partners(weights: &[f64], people: usize) -> f64 {
    let people = people.max(1000) as f64;
    let mut partners: f64 = 1.0;
    for _ in 0..50 {
        let shift = partners.log2();
        let matches: f64 = weights
            .iter()
            .map(|weight| probability(weight + shift))
            .sum();
        // A match gives each of two records a partner.
        partners = (2.0 * matches / people).clamp(PARTNERS.0, PARTNERS.1);
    }
    partners
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
