//! Counting what a customer prefers.

use std::cmp::Reverse;

/// How often each of a few things was chosen, and a second figure for ties.
#[derive(Debug, Clone)]
pub(crate) struct Tally<K>(Vec<(K, i64, i64)>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord> Tally<K> {
    pub(crate) fn add(&mut self, key: K, times: i64, amount: i64) {
        match self.0.iter_mut().find(|entry| entry.0 == key) {
            Some(entry) => {
                entry.1 += times;
                entry.2 += amount;
            }
            None => self.0.push((key, times, amount)),
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The key chosen most often; then the largest amount, then the smallest
    /// key, so that the answer never depends on the order of the rows.
    pub(crate) fn favourite(&self) -> Option<K> {
        let best = self
            .0
            .iter()
            .max_by_key(|(key, times, amount)| (*times, *amount, Reverse(*key)));
        best.map(|(key, _, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_amount_and_then_to_the_smallest_key() {
        let check = |entries: &[(i64, i64, i64)], expected| {
            let mut tally = Tally::default();
            for &(key, times, amount) in entries {
                tally.add(key, times, amount);
            }
            assert_eq!(tally.favourite(), expected, "{entries:?}");
        };
        check(&[], None);
        check(&[(7, 1, 10), (3, 2, 0)], Some(3));
        check(&[(7, 1, 10), (3, 1, 20)], Some(3));
        check(&[(7, 1, 10), (3, 1, 10)], Some(3));
        check(&[(3, 1, 10), (7, 1, 5), (7, 1, 1)], Some(7));
    }
}
