//! Which customer each row's person is: looked up in sets, decided by the
//! domain's rule, kept for the transaction that writes it.

use std::collections::{HashMap, HashSet};

use clientele_domain::{
    id::CustomerId,
    identity::{Candidate, Facts, Key, KeyKind, decide},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::people::{Person, RawKey};
use crate::{
    db::among,
    error::Result,
    features::{
        customers::entity::{customer, identifier},
        stores::entity::store,
    },
};

/// Where a person was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identified {
    /// The customer, before this chunk's joins.
    pub customer: i64,
    /// The record.
    pub record: i64,
}

/// A record to be made.
#[derive(Debug, Clone)]
pub struct NewRecord {
    pub id: i64,
    pub person: Person,
}

/// A key to be added to a record.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub raw: RawKey,
    pub record: i64,
    /// The record's customer before this chunk's joins.
    pub customer: i64,
}

/// Two customers that are one.
#[derive(Debug, Clone)]
pub struct Join {
    pub winner: i64,
    pub loser: i64,
    pub evidence: Value,
}

/// Two customers a person should compare.
#[derive(Debug, Clone)]
pub struct Review {
    pub left: i64,
    pub right: i64,
    pub evidence: Value,
}

#[derive(Debug, Clone, Copy)]
struct Holder {
    record: i64,
    customer: i64,
    verified: bool,
}

/// The people a chunk touches. A dry run keeps one for the whole file, so that
/// it sees what earlier chunks would have written.
#[derive(Debug, Default)]
pub struct People {
    holders: HashMap<(KeyKind, String), Vec<Holder>>,
    facts: HashMap<i64, Facts>,
    joined: HashMap<i64, i64>,
    store_phones: HashSet<String>,
    looked_up: HashSet<(KeyKind, String)>,
    pub records: Vec<NewRecord>,
    pub keys: Vec<NewKey>,
    pub joins: Vec<Join>,
    pub reviews: Vec<Review>,
}

const LOOK_UP: usize = 10_000;

impl People {
    /// Loads who holds the keys of some people, and what is known of them.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn load(
        &mut self,
        connection: &impl ConnectionTrait,
        persons: &[&Person],
    ) -> Result<()> {
        if self.looked_up.is_empty() {
            let phones = store::Entity::find()
                .filter(store::Column::Phone.ne(""))
                .all(connection)
                .await?;
            self.store_phones = phones.into_iter().map(|row| row.phone).collect();
        }
        let mut wanted: HashMap<KeyKind, Vec<String>> = HashMap::new();
        for key in persons
            .iter()
            .flat_map(|person| &person.keys)
            .map(|raw| &raw.key)
        {
            if self.looked_up.insert((key.kind, key.value.clone())) {
                wanted.entry(key.kind).or_default().push(key.value.clone());
            }
        }
        let mut described: HashSet<i64> = HashSet::new();
        for (kind, values) in wanted {
            for part in values.chunks(LOOK_UP) {
                let found = identifier::Entity::find()
                    .filter(identifier::Column::Kind.eq(kind.key()))
                    .filter(among(
                        connection,
                        identifier::Column::Value,
                        part.iter().map(String::as_str),
                    ))
                    .all(connection)
                    .await?;
                for row in found {
                    if kind != KeyKind::External {
                        described.insert(row.customer_id);
                    }
                    let holder = Holder {
                        record: row.record_id,
                        customer: row.customer_id,
                        verified: row.verified,
                    };
                    self.holders
                        .entry((kind, row.value))
                        .or_default()
                        .push(holder);
                }
            }
        }
        // A known number may bring a new phone, so its customer must be comparable too.
        let brings_more = persons
            .iter()
            .filter(|person| person.keys.len() > 1)
            .filter_map(|person| person.external());
        for raw in brings_more {
            let known = self
                .holders
                .get(&(KeyKind::External, raw.key.value.clone()));
            described.extend(known.into_iter().flatten().map(|holder| holder.customer));
        }
        described.retain(|id| !self.facts.contains_key(id));
        self.describe(connection, &described.into_iter().collect::<Vec<_>>())
            .await
    }

    async fn describe(
        &mut self,
        connection: &impl ConnectionTrait,
        customers: &[i64],
    ) -> Result<()> {
        for part in customers.chunks(LOOK_UP) {
            let rows = customer::Entity::find()
                .filter(among(
                    connection,
                    customer::Column::Id,
                    part.iter().copied(),
                ))
                .all(connection)
                .await?;
            for row in rows {
                let facts = Facts {
                    name: row.name,
                    given_name: row.given_name,
                    family_name: row.family_name,
                    birth_date: row.birth_date,
                    ..Facts::default()
                };
                self.facts.insert(row.id, facts);
            }
            let keys = identifier::Entity::find()
                .filter(among(
                    connection,
                    identifier::Column::CustomerId,
                    part.iter().copied(),
                ))
                .filter(identifier::Column::Kind.is_in(["card", "national_id", "external"]))
                .all(connection)
                .await?;
            for row in keys {
                let Some(facts) = self.facts.get_mut(&row.customer_id) else {
                    continue;
                };
                match row.kind.as_str() {
                    "card" => facts.cards.push(row.value),
                    "national_id" => facts.national_ids.push(row.value),
                    _ => facts.externals.push(row.value),
                }
            }
        }
        Ok(())
    }

    /// The record a source's own number names.
    pub fn record_of(&self, raw: &RawKey) -> Option<Identified> {
        let holder = self
            .holders
            .get(&(raw.key.kind, raw.key.value.clone()))?
            .first()?;
        Some(Identified {
            customer: holder.customer,
            record: holder.record,
        })
    }

    /// Finds or makes the record of a person; nobody for a person without keys.
    pub fn identify(&mut self, person: &Person, next_id: &dyn Fn() -> i64) -> Option<Identified> {
        if !person.is_known() {
            return None;
        }
        if let Some(found) = person.external().and_then(|raw| self.record_of(raw)) {
            if person.keys.len() > 1 {
                self.add_keys(person, found);
            }
            return Some(found);
        }
        let (join, review) = self.compare(person, None, &person.keys);
        if person.external().is_none()
            && let Some((first, via)) = join.first().copied()
        {
            let found = Identified {
                customer: via.customer,
                record: via.record,
            };
            self.add_keys_quietly(person, found);
            self.unite(first, &join[1..], person);
            self.put_up(first, &review, person);
            return Some(found);
        }
        let id = next_id();
        let found = Identified {
            customer: id,
            record: id,
        };
        self.facts.insert(id, person.record_keys().facts);
        self.records.push(NewRecord {
            id,
            person: person.clone(),
        });
        self.add_keys_quietly(person, found);
        if let Some((first, _)) = join.first().copied() {
            self.unite(first, &join[1..], person);
            self.join(first, id, person);
        }
        self.put_up(id, &review, person);
        Some(found)
    }

    /// Keys a known record did not have may show that it is somebody else too.
    fn add_keys(&mut self, person: &Person, found: Identified) {
        let fresh: Vec<RawKey> = person
            .keys
            .iter()
            .filter(|raw| !self.holds(raw, found.record))
            .cloned()
            .collect();
        if fresh.is_empty() {
            return;
        }
        let own = self.golden(found.customer);
        let (join, review) = self.compare(person, Some(own), &fresh);
        self.add_keys_quietly(person, found);
        self.unite(own, &join, person);
        self.put_up(own, &review, person);
    }

    fn holds(&self, raw: &RawKey, record: i64) -> bool {
        let holders = self.holders.get(&(raw.key.kind, raw.key.value.clone()));
        holders.is_some_and(|holders| holders.iter().any(|holder| holder.record == record))
    }

    fn add_keys_quietly(&mut self, person: &Person, found: Identified) {
        for raw in &person.keys {
            if self.holds(raw, found.record) {
                continue;
            }
            let holder = Holder {
                record: found.record,
                customer: found.customer,
                verified: raw.key.verified,
            };
            self.holders
                .entry((raw.key.kind, raw.key.value.clone()))
                .or_default()
                .push(holder);
            self.keys.push(NewKey {
                raw: raw.clone(),
                record: found.record,
                customer: found.customer,
            });
        }
    }

    /// Asks the domain whom a person's keys point to: customers to join, oldest
    /// first, each with a record that has the key, and customers to compare.
    fn compare(
        &self,
        person: &Person,
        own: Option<i64>,
        keys: &[RawKey],
    ) -> (Vec<(i64, Holder)>, Vec<i64>) {
        let mut candidates = Vec::new();
        let mut via: HashMap<i64, Holder> = HashMap::new();
        for raw in keys {
            let Some(holders) = self.holders.get(&(raw.key.kind, raw.key.value.clone())) else {
                continue;
            };
            let people: HashSet<i64> = holders
                .iter()
                .map(|holder| self.golden(holder.customer))
                .collect();
            let of_store =
                raw.key.kind == KeyKind::Phone && self.store_phones.contains(&raw.key.value);
            for holder in holders {
                let customer = self.golden(holder.customer);
                let known = candidates.iter().any(|one: &Candidate| {
                    one.customer.0 == customer && same_key(&one.via, &raw.key)
                });
                if own == Some(customer) || known {
                    continue;
                }
                via.entry(customer).or_insert(*holder);
                candidates.push(Candidate {
                    customer: CustomerId(customer),
                    via: Key {
                        verified: holder.verified,
                        ..raw.key.clone()
                    },
                    facts: self.facts.get(&customer).cloned().unwrap_or_default(),
                    people_on_key: people.len(),
                    of_store,
                });
            }
        }
        if candidates.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let decision = decide(&person.record_keys(), &candidates);
        let mut join: Vec<(i64, Holder)> = decision
            .join
            .iter()
            .filter_map(|id| Some((id.0, *via.get(&id.0)?)))
            .collect();
        // The oldest first: known before new, and new ones in the order of the file.
        join.sort_by_key(|(id, _)| (*id < 0, id.unsigned_abs()));
        (join, decision.review.iter().map(|id| id.0).collect())
    }

    fn unite(&mut self, winner: i64, losers: &[(i64, Holder)], person: &Person) {
        for (loser, _) in losers {
            self.join(winner, *loser, person);
        }
    }

    fn join(&mut self, winner: i64, loser: i64, person: &Person) {
        let (winner, loser) = (self.golden(winner), self.golden(loser));
        if winner == loser {
            return;
        }
        self.joined.insert(loser, winner);
        let keys: Vec<Value> = person
            .keys
            .iter()
            .map(|raw| json!({ "kind": raw.key.kind, "value": raw.key.value }))
            .collect();
        self.joins.push(Join {
            winner,
            loser,
            evidence: json!({ "keys": keys }),
        });
    }

    fn put_up(&mut self, own: i64, others: &[i64], person: &Person) {
        for other in others {
            let (left, right) = if own < *other {
                (own, *other)
            } else {
                (*other, own)
            };
            if left == right
                || self
                    .reviews
                    .iter()
                    .any(|known| known.left == left && known.right == right)
            {
                continue;
            }
            let shared: Vec<Value> = person
                .keys
                .iter()
                .filter(|raw| raw.key.kind != KeyKind::External)
                .map(|raw| {
                    json!({ "field": raw.key.kind, "left": raw.key.value, "right": raw.key.value, "agreement": "equal", "weight": 8.0 })
                })
                .collect();
            self.reviews.push(Review {
                left,
                right,
                evidence: Value::Array(shared),
            });
        }
    }

    /// The lowest id handed out so far; ids of records to be made are below zero.
    pub fn lowest_id(&self) -> i64 {
        self.records
            .iter()
            .map(|record| record.id)
            .min()
            .unwrap_or(0)
    }

    /// The customer an id stands for after this chunk's joins.
    pub fn golden(&self, mut id: i64) -> i64 {
        while let Some(next) = self.joined.get(&id) {
            id = *next;
        }
        id
    }
}

fn same_key(left: &Key, right: &Key) -> bool {
    left.kind == right.kind && left.value == right.value
}
