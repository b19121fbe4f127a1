//! Small draws from a seeded generator; the same seed gives the same chain on
//! every machine.

use rand::Rng;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The generator of one part of one chain.
pub(super) fn stream(seed: u64, part: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(part);
    rng
}

/// A number in [0, 1).
pub(super) fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// True with a probability.
pub(super) fn chance(rng: &mut ChaCha8Rng, probability: f64) -> bool {
    unit(rng) < probability
}

/// True once in so many times.
pub(super) fn one_in(rng: &mut ChaCha8Rng, times: u64) -> bool {
    rng.next_u64().is_multiple_of(times)
}

/// One of several.
pub(super) fn pick<'a, T>(rng: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    &from[(unit(rng) * from.len() as f64) as usize]
}

/// The place of one of several, by weight.
pub(super) fn pick_weighted(rng: &mut ChaCha8Rng, weights: &[u64]) -> usize {
    let total: u64 = weights.iter().sum();
    let mut rest = (unit(rng) * total as f64) as u64;
    for (index, &weight) in weights.iter().enumerate() {
        if rest < weight {
            return index;
        }
        rest -= weight;
    }
    weights.len() - 1
}
