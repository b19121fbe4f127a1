//! Small numbers for large ids and for words, so that millions of rows take little room.

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

/// Numbers ids from zero, as they come.
#[derive(Default)]
pub(crate) struct Numbering {
    ids: Vec<i64>,
    numbers: IdMap<u32>,
}

impl Numbering {
    /// The number of an id, a new one if it is new.
    pub(crate) fn number(&mut self, id: i64) -> u32 {
        let next = u32::try_from(self.ids.len()).expect("memory ends before four billion ids");
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
        }
        number
    }

    /// The ids by their numbers.
    pub(crate) fn into_ids(self) -> Vec<i64> {
        self.ids
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
