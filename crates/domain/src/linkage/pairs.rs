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
pub fn find_pairs(people: &[Person], threshold: f64) -> Vec<Pair> {
    let population = Population::of(people);
    let weighed = population.weigh(&population.candidates(), threshold);
    population.pairs(&weighed, threshold)
}

/// People ready to be compared, and how common what they have is among them.
pub struct Population {
    people: Vec<Prepared>,
    /// Bits before any field is looked at, for one partner each.
    base: f64,
}

/// Two records by their places, and the bits for their being one person if
/// everybody had one partner.
pub type Weighed = (u32, u32, f64);

impl Population {
    /// Prepares everybody.
    pub fn of(people: &[Person]) -> Self {
        let mut prepared: Vec<Prepared> = people.iter().map(Prepared::new).collect();
        let frequencies = Frequencies::of_prepared(&prepared);
        for person in &mut prepared {
            frequencies.rate(person);
        }
        Population {
            people: prepared,
            base: frequencies.prior(),
        }
    }

    /// Every pair of records that is worth comparing, by their places.
    pub fn candidates(&self) -> Vec<(u32, u32)> {
        candidates(&self.people)
    }

    /// Compares candidates, all of them or a part, and keeps those that may reach
    /// the threshold.
    pub fn weigh(&self, candidates: &[(u32, u32)], threshold: f64) -> Vec<Weighed> {
        let lowest = threshold - PARTNERS.1.log2();
        let weighed = candidates
            .iter()
            .map(|&(left, right)| (left, right, self.base + self.fields(left, right).weight()));
        weighed.filter(|(_, _, weight)| *weight >= lowest).collect()
    }

    /// The pairs that reach the threshold, the likeliest first.
    ///
    /// How many partners a record has is learned from all weights together, so
    /// that a list full of duplicates is searched boldly and a clean one with care.
    pub fn pairs(&self, weighed: &[Weighed], threshold: f64) -> Vec<Pair> {
        let weights: Vec<f64> = weighed.iter().map(|(_, _, weight)| *weight).collect();
        let learned = learn_partners(&weights, self.people.len()).log2();
        let mut pairs: Vec<Pair> = weighed
            .iter()
            .filter(|(_, _, weight)| weight + learned >= threshold)
            .map(|&(left, right, _)| {
                let Comparison {
                    weight,
                    automatic,
                    evidence,
                } = self.fields(left, right).judge(self.base + learned);
                Pair {
                    left: left as usize,
                    right: right as usize,
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

    fn fields(&self, left: u32, right: u32) -> Fields {
        Fields::of(&self.people[left as usize], &self.people[right as usize])
    }
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
fn candidates(people: &[Prepared]) -> Vec<(u32, u32)> {
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
}
