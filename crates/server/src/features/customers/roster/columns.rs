//! What lists ask about customers, a column each: a million of them are looked
//! through in milliseconds, whatever is asked.

use std::collections::HashMap;

use anyhow::Context;
use memchr::memmem::Finder;

use super::super::list::{Filter, Key, Place, Sort, cursor_invalid};
use crate::{access::Scope, error::Result};

/// What a list may ask about one customer record, as the book has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub id: i64,
    pub golden_id: i64,
    pub number: i64,
    pub search_text: String,
    pub country: String,
    pub home_store_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub favourite_store_id: Option<i64>,
    pub last_order: String,
    pub frequency: i64,
    pub monetary: i64,
    pub r: i64,
    pub f: i64,
    pub rfm_group: String,
    pub abc: String,
    pub lifecycle: String,
    pub tier: String,
}

/// Records by ascending ids; merged ones stand there too and match nothing.
#[derive(Debug, Default)]
pub(super) struct Columns {
    ids: Vec<i64>,
    golden: Vec<bool>,
    numbers: Vec<i64>,
    names: Texts,
    countries: Words,
    /// The home store, or else the favourite one; 0 for neither.
    stores: Vec<i64>,
    /// Who looks after them; 0 for nobody.
    owners: Vec<i64>,
    /// 20240229, which sorts like the date; 0 for never.
    last_orders: Vec<u32>,
    frequencies: Vec<u32>,
    monetary: Vec<i64>,
    r: Vec<u8>,
    f: Vec<u8>,
    groups: Words,
    classes: Words,
    stages: Words,
    tiers: Words,
}

/// Customers of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Found {
    /// As many as were asked for, in order.
    pub ids: Vec<i64>,
    /// Where the next ones begin, if there are more.
    pub next: Option<Place>,
    /// How many match, after a place or not.
    pub total: u64,
}

/// Customers who are alike in everything a spread counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Recency score, 0 for none.
    pub r: i64,
    /// Frequency score, 0 for none.
    pub f: i64,
    /// Key of the named group, empty for none.
    pub rfm_group: String,
    /// Level code, empty when below every level.
    pub tier: String,
    /// Key of the class, empty for none.
    pub abc: String,
    /// Key of the stage.
    pub lifecycle: String,
    /// How many they are.
    pub customers: u64,
    /// What they spent in the window, minor units of the reporting currency.
    pub net: i64,
}

impl Columns {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Puts a record in, or in place of what was known of it.
    ///
    /// # Errors
    /// When a column has more words than a chain can have.
    pub fn put(&mut self, entry: &Entry) -> Result<()> {
        let at = match self.ids.binary_search(&entry.id) {
            Ok(at) => at,
            Err(at) => {
                self.make_room(at);
                at
            }
        };
        let store = entry.home_store_id.or(entry.favourite_store_id);
        self.ids[at] = entry.id;
        self.golden[at] = entry.golden_id == entry.id;
        self.numbers[at] = entry.number;
        self.names.set(at, &entry.search_text)?;
        self.countries.set(at, &entry.country)?;
        self.stores[at] = store.unwrap_or(0);
        self.owners[at] = entry.owner_id.unwrap_or(0);
        self.last_orders[at] = day(&entry.last_order);
        self.frequencies[at] = u32::try_from(entry.frequency).unwrap_or(u32::MAX);
        self.monetary[at] = entry.monetary;
        self.r[at] = entry.r as u8;
        self.f[at] = entry.f as u8;
        self.groups.set(at, &entry.rfm_group)?;
        self.classes.set(at, &entry.abc)?;
        self.stages.set(at, &entry.lifecycle)?;
        self.tiers.set(at, &entry.tier)
    }

    /// Nearly always at the end, because ids ascend.
    fn make_room(&mut self, at: usize) {
        self.ids.insert(at, 0);
        self.golden.insert(at, false);
        self.numbers.insert(at, 0);
        self.names.places.insert(at, (0, 0));
        self.stores.insert(at, 0);
        self.owners.insert(at, 0);
        self.last_orders.insert(at, 0);
        self.frequencies.insert(at, 0);
        self.monetary.insert(at, 0);
        self.r.insert(at, 0);
        self.f.insert(at, 0);
        for words in [
            &mut self.countries,
            &mut self.groups,
            &mut self.classes,
            &mut self.stages,
            &mut self.tiers,
        ] {
            words.codes.insert(at, 0);
        }
    }

    /// A record that the book no longer has matches nothing.
    pub fn forget(&mut self, id: i64) {
        if let Ok(at) = self.ids.binary_search(&id) {
            self.golden[at] = false;
        }
    }

    /// The first customers of a scope and a filter after a place. Beside the filter stand
    /// those whom a key in the search box names, by ascending ids.
    ///
    /// # Errors
    /// `cursor_invalid` for a place of another order.
    pub fn find(
        &self,
        scope: &Scope,
        (filter, keyed): (&Filter, &[i64]),
        sort: Sort,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Found> {
        let matching = self.matching(scope, filter, keyed);
        let (mut best, total) = match sort.key {
            Key::Name => {
                let after = after.map(|place| (place.value.as_str(), place.id));
                let name = |at| self.names.get(at);
                self.best(&matching, sort.descending, after, limit, name)
            }
            key => {
                let number = |place: &Place| place.value.parse().map_err(|_| cursor_invalid());
                let after = match after {
                    Some(place) => Some((number(place)?, place.id)),
                    None => None,
                };
                let number = |at| self.number(key, at);
                self.best(&matching, sort.descending, after, limit, number)
            }
        };
        let more = best.len() > limit;
        best.truncate(limit);
        let last = best.last().filter(|_| more);
        Ok(Found {
            next: last.map(|&at| Place {
                id: self.ids[at],
                value: match sort.key {
                    Key::Name => self.names.get(at).to_owned(),
                    key => self.number(key, at).to_string(),
                },
            }),
            ids: best.into_iter().map(|at| self.ids[at]).collect(),
            total,
        })
    }

    fn number(&self, key: Key, at: usize) -> i64 {
        match key {
            Key::Monetary => self.monetary[at],
            Key::LastOrder => i64::from(self.last_orders[at]),
            Key::Frequency => i64::from(self.frequencies[at]),
            Key::Number | Key::Name => self.numbers[at],
        }
    }

    /// Whom a scope reaches.
    fn reached(&self, scope: &Scope) -> Vec<bool> {
        let rows = match scope {
            Scope::All => return self.golden.clone(),
            Scope::Nothing => return vec![false; self.len()],
            Scope::Rows(rows) => rows,
        };
        let places = self.stores.iter().zip(&self.owners);
        let reached = places.map(|(store, owner)| {
            rows.stores.binary_search(store).is_ok() || rows.owners.binary_search(owner).is_ok()
        });
        let golden = self.golden.iter().zip(reached);
        golden.map(|(golden, reached)| *golden && reached).collect()
    }

    /// Whom a scope reaches and a filter lets through.
    fn matching(&self, scope: &Scope, filter: &Filter, keyed: &[i64]) -> Vec<bool> {
        let mut kept = self.reached(scope);
        for (column, wanted) in [
            (&self.tiers, &filter.tiers),
            (&self.groups, &filter.groups),
            (&self.stages, &filter.stages),
            (&self.classes, &filter.classes),
            (&self.countries, &filter.countries),
        ] {
            if !wanted.is_empty() {
                let wanted: Vec<bool> = (column.words.iter())
                    .map(|word| wanted.contains(word))
                    .collect();
                keep(&mut kept, &column.codes, |code| wanted[usize::from(code)]);
            }
        }
        for (column, wanted) in [(&self.r, &filter.r), (&self.f, &filter.f)] {
            if !wanted.is_empty() {
                keep(&mut kept, column, |score| {
                    wanted.contains(&i64::from(score))
                });
            }
        }
        if !filter.stores.is_empty() {
            keep(&mut kept, &self.stores, |store| {
                filter.stores.binary_search(&store).is_ok()
            });
        }
        if let Some(query) = &filter.query {
            let words = query.parts_of_names();
            let finder = |word: &String| Finder::new(word).into_owned();
            let parts: Option<Vec<Finder>> = words.map(|words| words.iter().map(finder).collect());
            let named = |at: usize| {
                let name = self.names.get(at).as_bytes();
                let mut parts = parts.iter().flatten();
                parts.all(|part| part.find(name).is_some())
            };
            for (at, kept) in kept.iter_mut().enumerate().filter(|(_, kept)| **kept) {
                *kept =
                    (parts.is_some() && named(at)) || keyed.binary_search(&self.ids[at]).is_ok();
            }
        }
        kept
    }

    /// The first `limit` and one more of those who match, in order, and how many match.
    fn best<K: Ord>(
        &self,
        matching: &[bool],
        descending: bool,
        after: Option<(K, i64)>,
        limit: usize,
        key: impl Fn(usize) -> K,
    ) -> (Vec<usize>, u64) {
        let ascending = |left: &(K, i64), right: &(K, i64)| match descending {
            true => right.cmp(left),
            false => left.cmp(right),
        };
        let most = limit.saturating_add(1);
        let (mut total, mut best) = (0, Vec::new());
        let mut bar: Option<(K, i64)> = None;
        for at in (0..self.len()).filter(|at| matching[*at]) {
            total += 1;
            let here = (key(at), self.ids[at]);
            let behind = |place: &(K, i64)| ascending(&here, place).is_gt();
            if !after.as_ref().is_none_or(behind) || bar.as_ref().is_some_and(behind) {
                continue;
            }
            best.push((here, at));
            if best.len() >= most.saturating_mul(2) {
                best.select_nth_unstable_by(limit, |left, right| ascending(&left.0, &right.0));
                best.truncate(most);
                bar = best.last().map(|((_, id), at)| (key(*at), *id));
            }
        }
        best.sort_unstable_by(|left, right| ascending(&left.0, &right.0));
        best.truncate(most);
        (best.into_iter().map(|(_, at)| at).collect(), total)
    }

    /// Everybody with a grade whom a scope reaches, those who are alike together.
    pub fn spread(&self, scope: &Scope) -> Vec<Alike> {
        let reached = self.reached(scope);
        let mut sums: HashMap<_, (u64, i64)> = HashMap::new();
        for at in (0..self.len()).filter(|at| reached[*at]) {
            let key = (
                [self.r[at], self.f[at]],
                [
                    self.groups.codes[at],
                    self.tiers.codes[at],
                    self.classes.codes[at],
                    self.stages.codes[at],
                ],
            );
            let sum = sums.entry(key).or_default();
            sum.0 += 1;
            sum.1 += self.monetary[at];
        }
        let mut alike: Vec<Alike> = sums
            .into_iter()
            .map(
                |(([r, f], [group, tier, class, stage]), (customers, net))| Alike {
                    r: i64::from(r),
                    f: i64::from(f),
                    rfm_group: self.groups.word(group),
                    tier: self.tiers.word(tier),
                    abc: self.classes.word(class),
                    lifecycle: self.stages.word(stage),
                    customers,
                    net,
                },
            )
            .collect();
        alike.retain(|alike| !alike.lifecycle.is_empty());
        alike
    }
}

fn keep<T: Copy>(kept: &mut [bool], column: &[T], wanted: impl Fn(T) -> bool) {
    for (kept, value) in kept.iter_mut().zip(column) {
        *kept &= wanted(*value);
    }
}

/// 2024-02-29 as 20240229, and nothing as 0.
fn day(text: &str) -> u32 {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

/// Few words, many times.
#[derive(Debug, Default)]
struct Words {
    codes: Vec<u16>,
    words: Vec<String>,
    known: HashMap<String, u16>,
}

impl Words {
    fn set(&mut self, at: usize, word: &str) -> Result<()> {
        self.codes[at] = match self.known.get(word) {
            Some(code) => *code,
            None => {
                let code = u16::try_from(self.words.len()).context("too many words")?;
                self.words.push(word.to_owned());
                self.known.insert(word.to_owned(), code);
                code
            }
        };
        Ok(())
    }

    fn word(&self, code: u16) -> String {
        self.words[usize::from(code)].clone()
    }
}

/// Texts one behind the other. One that is replaced leaves a hole until there are too
/// many of them.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    /// Where each begins and how long it is.
    places: Vec<(u32, u32)>,
    holes: usize,
}

/// Holes of so many bytes are borne.
const HOLES: usize = 1 << 20;

impl Texts {
    fn get(&self, at: usize) -> &str {
        let (start, length) = self.places[at];
        &self.text[start as usize..][..length as usize]
    }

    fn set(&mut self, at: usize, text: &str) -> Result<()> {
        let known = self.get(at);
        if known == text {
            return Ok(());
        }
        self.holes += known.len();
        let start = u32::try_from(self.text.len()).context("names of over four gigabytes")?;
        self.text.push_str(text);
        self.places[at] = (start, text.len() as u32);
        if self.holes > HOLES + self.text.len() / 4 {
            let mut whole = Texts::default();
            for at in 0..self.places.len() {
                whole
                    .places
                    .push((whole.text.len() as u32, self.places[at].1));
                whole.text.push_str(self.get(at));
            }
            *self = whole;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{access::Rows, features::customers::list::CustomerQuery};

    fn entry() -> impl Strategy<Value = Entry> {
        let word =
            |words: &'static [&'static str]| prop::sample::select(words).prop_map(str::to_owned);
        let texts = (
            word(&[
                "",
                "li lei li lei",
                "han mei mei hmm",
                "li",
                "王芳 wang fang wf",
            ]),
            word(&["", "SG", "CN"]),
            word(&["", "2024-02-29", "2026-11-23"]),
            word(&["", "gold", "silver"]),
            word(&["", "a", "b"]),
        );
        let numbers = (
            0..12_i64,
            any::<bool>(),
            0..4_i64,
            -2..3_i64,
            0..3_i64,
            0..3_i64,
        );
        (numbers, texts).prop_map(|((id, golden, frequency, monetary, r, store), texts)| {
            let (search_text, country, last_order, tier, abc) = texts;
            Entry {
                id,
                golden_id: if golden { id } else { 99 },
                number: 1_000 + id,
                search_text,
                country,
                home_store_id: (store == 1).then_some(7),
                owner_id: (r == 2).then_some(5),
                favourite_store_id: (store > 0).then_some(8),
                last_order,
                frequency,
                monetary,
                r,
                f: r,
                rfm_group: "new".repeat(r as usize),
                abc,
                lifecycle: "active".repeat(r as usize),
                tier,
            }
        })
    }

    fn is_reached(scope: &Scope, one: &Entry) -> bool {
        let store = one.home_store_id.or(one.favourite_store_id);
        match scope {
            Scope::All => true,
            Scope::Nothing => false,
            Scope::Rows(rows) => {
                store.is_some_and(|id| rows.stores.contains(&id))
                    || one.owner_id.is_some_and(|id| rows.owners.contains(&id))
            }
        }
    }

    /// The plain way: everybody looked at, sorted whole.
    fn plainly(
        known: &[Entry],
        scope: &Scope,
        (filter, keyed): (&Filter, &[i64]),
        sort: Sort,
    ) -> Vec<i64> {
        let is_in = |wanted: &[String], word: &String| wanted.is_empty() || wanted.contains(word);
        let mut found: Vec<&Entry> = known
            .iter()
            .filter(|one| one.golden_id == one.id && is_reached(scope, one))
            .filter(|one| is_in(&filter.tiers, &one.tier) && is_in(&filter.classes, &one.abc))
            .filter(|one| is_in(&filter.countries, &one.country))
            .filter(|one| filter.r.is_empty() || filter.r.contains(&one.r))
            .filter(|one| {
                let store = one.home_store_id.or(one.favourite_store_id);
                filter.stores.is_empty() || store.is_some_and(|id| filter.stores.contains(&id))
            })
            .filter(|one| {
                filter.query.as_ref().is_none_or(|query| {
                    let parts = query.parts_of_names();
                    keyed.contains(&one.id)
                        || parts.is_some_and(|parts| {
                            parts.iter().all(|part| one.search_text.contains(part))
                        })
                })
            })
            .collect();
        found.sort_by(|left, right| {
            let order = match sort.key {
                Key::Monetary => left.monetary.cmp(&right.monetary),
                Key::LastOrder => left.last_order.cmp(&right.last_order),
                Key::Frequency => left.frequency.cmp(&right.frequency),
                Key::Name => left.search_text.cmp(&right.search_text),
                Key::Number => left.number.cmp(&right.number),
            };
            let order = order.then(left.id.cmp(&right.id));
            if sort.descending {
                order.reverse()
            } else {
                order
            }
        });
        found.into_iter().map(|one| one.id).collect()
    }

    proptest! {
        #[test]
        fn pages_are_what_sorting_everybody_gives(
            entries in prop::collection::vec(entry(), 0..60),
            gone in prop::collection::vec(0..12_i64, 0..3),
            tier in prop::sample::select(&["", "gold", "gold,none"][..]),
            abc in prop::sample::select(&["", "a,b"][..]),
            r in prop::sample::select(&["", "1", "0,2"][..]),
            store in prop::sample::select(vec![vec![], vec![7], vec![7, 8]]),
            q in prop::sample::select(&["", "li", "mei", "LI lei", "王", "8000"][..]),
            keyed in prop::sample::subsequence((0..12).collect::<Vec<i64>>(), 0..3),
            sort in prop::sample::select(
                &["-monetary", "last_order", "-frequency", "name", "-name", "number"][..]
            ),
            limit in 1..5_usize,
            scope in prop::sample::select(vec![
                Scope::All,
                Scope::Nothing,
                Scope::of(Rows { stores: vec![7], owners: vec![] }),
                Scope::of(Rows { stores: vec![8], owners: vec![5] }),
                Scope::of(Rows { stores: vec![], owners: vec![5, 6] }),
            ]),
        ) {
            let mut columns = Columns::default();
            let mut known: Vec<Entry> = Vec::new();
            for entry in entries {
                columns.put(&entry).unwrap();
                known.retain(|one| one.id != entry.id);
                known.push(entry);
            }
            for id in gone {
                columns.forget(id);
                known.retain(|one| one.id != id);
            }
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let query = CustomerQuery {
                tier: some(tier), abc: some(abc), r: some(r), q: some(q), ..Default::default()
            };
            let filter = Filter { stores: store, ..query.filter().unwrap() };
            let keyed = if q.is_empty() { Vec::new() } else { keyed };
            let sort = Sort::parse(Some(sort)).unwrap();

            let wanted = plainly(&known, &scope, (&filter, &keyed), sort);
            let (mut all, mut place) = (Vec::new(), None);
            loop {
                let page = columns
                    .find(&scope, (&filter, &keyed), sort, place.as_ref(), limit)
                    .unwrap();
                prop_assert!(page.ids.len() <= limit);
                prop_assert_eq!(page.total, wanted.len() as u64);
                all.extend(page.ids);
                place = page.next;
                if place.is_none() {
                    break;
                }
            }
            prop_assert_eq!(all, wanted);

            let spread = columns.spread(&scope);
            let counted = known.iter().filter(|one| {
                one.golden_id == one.id && !one.lifecycle.is_empty() && is_reached(&scope, one)
            });
            prop_assert_eq!(
                spread.iter().map(|alike| alike.net).sum::<i64>(),
                counted.clone().map(|one| one.monetary).sum::<i64>()
            );
            prop_assert_eq!(
                spread.iter().map(|alike| alike.customers).sum::<u64>(),
                counted.count() as u64
            );
        }
    }

    #[test]
    fn texts_that_were_replaced_give_their_room_back() {
        let mut texts = Texts {
            places: vec![(0, 0); 3],
            ..Texts::default()
        };
        for round in 0..200_000 {
            texts.set(round % 3, &format!("name {round} 王芳")).unwrap();
        }
        assert_eq!(texts.get(0), "name 199998 王芳");
        assert_eq!(texts.get(1), "name 199999 王芳");
        assert_eq!(texts.get(2), "name 199997 王芳");
        assert!(texts.text.len() < 2 * HOLES);
    }
}
