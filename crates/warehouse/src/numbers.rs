//! Small numbers for large ids and for words, so that folding over millions of rows
//! touches little memory.

use std::collections::{HashMap, HashSet};

/// A map of ids; which hash it uses shows nowhere.
pub(crate) type IdMap<V> = HashMap<i64, V, foldhash::fast::RandomState>;

/// A set of ids.
pub(crate) type IdSet = HashSet<i64, foldhash::fast::RandomState>;

/// The first of `len` sorted places that is not below what is sought, looked for
/// forward from `at`.
pub(crate) fn seek(len: usize, at: usize, is_below: impl Fn(usize) -> bool) -> usize {
    let is_behind = at > 0 && !is_below(at - 1);
    let (mut low, mut step) = (if is_behind { 0 } else { at }, 1);
    while low + step <= len && is_below(low + step - 1) {
        low += step;
        step *= 2;
    }
    let mut high = (low + step).min(len);
    while low < high {
        let middle = low.midpoint(high);
        match is_below(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

/// Numbers a handful of words.
#[derive(Default)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// The number of a word, a new one if it is new.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        let known = self.0.iter().position(|other| other == word);
        let number = known.unwrap_or_else(|| {
            self.0.push(word.to_owned());
            self.0.len() - 1
        });
        u32::try_from(number).expect("there are a handful of words")
    }

    /// The words by their numbers.
    pub(crate) fn words(&self) -> &[String] {
        &self.0
    }
}

/// Bits of one step of [`sort`].
const DIGIT: u32 = 11;

/// Sorts by a key in time that grows with the number of items only: digit by digit from
/// the lowest, leaving out digits that all keys share.
pub(crate) fn sort<T: Copy + Default>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    let Some(first) = items.first().map(&key) else {
        return;
    };
    let differing = items
        .iter()
        .fold(0, |bits, item| bits | (key(item) ^ first));
    let mut sorted = vec![T::default(); items.len()];
    for shift in (0..u64::BITS).step_by(DIGIT as usize) {
        let digit = |key: u64| ((key >> shift) & ((1 << DIGIT) - 1)) as usize;
        if digit(differing) == 0 {
            continue;
        }
        let mut places = [0_usize; 1 << DIGIT];
        for item in items.iter() {
            places[digit(key(item))] += 1;
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for item in items.iter() {
            let place = &mut places[digit(key(item))];
            sorted[*place] = *item;
            *place += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

/// Two numbers in one that sorts by the first and then by the second.
pub(crate) fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// The first number of a pair.
pub(crate) fn high(pair: u64) -> u32 {
    (pair >> 32) as u32
}

/// The second number of a pair.
pub(crate) fn low(pair: u64) -> u32 {
    pair as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_equal_keys_in_their_order() {
        let mut seed = 7_u64;
        for bits in [0, 1, 11, 12, 40, 64] {
            let mut items: Vec<(u64, u32)> = (0..5000)
                .map(|at| {
                    seed = seed
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(at + 1);
                    (
                        seed.checked_shr(64 - bits).unwrap_or(0) | 1 << 63,
                        at as u32,
                    )
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort(&mut items, |item| item.0);
            assert_eq!(items, expected, "{bits} bits");
        }
        let mut none: Vec<u64> = Vec::new();
        sort(&mut none, |item| *item);
        assert!(none.is_empty());
    }

    #[test]
    fn a_place_is_found_from_anywhere() {
        let places = [1, 4, 5, 6, 90];
        for wanted in 0..100 {
            let expected = places.partition_point(|place| *place < wanted);
            for at in 0..=places.len() {
                let found = seek(places.len(), at, |place| places[place] < wanted);
                assert_eq!(found, expected, "{wanted} from {at}");
            }
        }
        assert_eq!(seek(0, 0, |_| true), 0);
    }
}
