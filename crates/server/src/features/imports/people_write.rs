//! Writes what identifying people found: records, keys, joins, pairs to review.

use std::collections::HashMap;

use clientele_domain::id::CustomerId;
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use super::identify::{NewKey, People};
use super::people::{Person, RawKey};
use crate::{
    db::{Tx, What, insert_all},
    error::Result,
    features::{
        customers::{
            Cause, NewCustomer, NewIdentifier, entity::identifier, insert_customers, kept_apart,
            merge,
        },
        duplicates::entity::pair,
    },
};

/// Ids handed out while planning, below zero, and the ones the book gave.
#[derive(Debug, Default)]
pub struct Ids(HashMap<i64, i64>);

impl Ids {
    /// The book's id.
    pub fn real(&self, id: i64) -> i64 {
        if id >= 0 { id } else { self.0[&id] }
    }
}

/// Inserts new records and keys.
///
/// # Errors
/// When the book fails.
pub async fn write_records(
    tx: &Tx,
    people: &People,
    source: &str,
    import_id: i64,
    home_store: &(dyn Fn(&Person) -> Option<i64> + Sync),
) -> Result<Ids> {
    let mut keys_of: HashMap<i64, Vec<NewIdentifier>> = HashMap::new();
    let mut added: Vec<&NewKey> = Vec::new();
    for key in &people.keys {
        if key.record < 0 {
            keys_of
                .entry(key.record)
                .or_default()
                .push(identifier_of(&key.raw));
        } else {
            added.push(key);
        }
    }
    let new: Vec<NewCustomer> = people
        .records
        .iter()
        .map(|record| NewCustomer {
            source: source.to_owned(),
            name: record.person.display_name(),
            given_name: record.person.given_name.clone(),
            family_name: record.person.family_name.clone(),
            gender: record.person.gender.clone(),
            birth_date: record.person.birth_date.clone(),
            country: record.person.country.clone(),
            city: record.person.city.clone(),
            address: record.person.address.clone(),
            postcode: record.person.postcode.clone(),
            language: record.person.language.clone(),
            home_store_id: home_store(&record.person),
            owner_id: None,
            note: record.person.note.clone(),
            import_id: Some(import_id),
            created_at: None,
            identifiers: keys_of.remove(&record.id).unwrap_or_default(),
        })
        .collect();
    let made = insert_customers(tx, new).await?;
    let ids = Ids(people
        .records
        .iter()
        .map(|record| record.id)
        .zip(made.into_iter().map(|id| id.0))
        .collect());
    let rows = added.iter().map(|key| identifier::ActiveModel {
        id: Set(tx.ctx().next_id()),
        kind: Set(key.raw.key.kind.key().to_owned()),
        value: Set(key.raw.key.value.clone()),
        reversed: Set(key.raw.key.value.chars().rev().collect()),
        raw: Set(key.raw.raw.clone()),
        verified: Set(key.raw.key.verified),
        customer_id: Set(ids.real(key.customer)),
        record_id: Set(key.record),
        import_id: Set(Some(import_id)),
        created_at: Set(tx.ctx().now_micros()),
    });
    insert_all::<identifier::Entity, _>(tx.conn(), rows).await?;
    for key in added {
        tx.changed("customer", ids.real(key.customer), What::Updated);
    }
    Ok(ids)
}

fn identifier_of(raw: &RawKey) -> NewIdentifier {
    NewIdentifier {
        kind: raw.key.kind,
        value: raw.key.value.clone(),
        raw: raw.raw.clone(),
        verified: raw.key.verified,
    }
}

/// Joins customers and puts pairs up for review; answers how many of each.
///
/// Two that a person once took apart are not joined again.
///
/// # Errors
/// When the book fails.
pub async fn write_joins(
    tx: &Tx,
    people: &People,
    ids: &Ids,
    import_id: i64,
) -> Result<(u64, u64)> {
    let (mut joined, mut reviews) = (0, 0);
    for join in &people.joins {
        let (winner, loser) = (
            CustomerId(ids.real(join.winner)),
            CustomerId(ids.real(join.loser)),
        );
        let both_known = join.winner >= 0 && join.loser >= 0;
        if both_known && kept_apart(tx.conn(), winner, loser).await? {
            continue;
        }
        match merge(
            tx,
            winner,
            loser,
            Cause::Key,
            &join.evidence,
            Some(import_id),
        )
        .await
        {
            Ok(_) => joined += 1,
            // A join kept apart above may leave a later one with nothing to do.
            Err(error) if error.code() == "already_one_customer" => {}
            Err(error) => return Err(error),
        }
    }
    for review in &people.reviews {
        let (left, right) = (ids.real(review.left), ids.real(review.right));
        let row = pair::ActiveModel {
            id: Set(tx.ctx().next_id()),
            left_id: Set(left.min(right)),
            right_id: Set(left.max(right)),
            score: Set(8.0),
            evidence: Set(review.evidence.to_string()),
            state: Set("open".to_owned()),
            found_at: Set(tx.ctx().now_micros()),
            decided_at: Set(None),
            decided_by: Set(None),
        };
        let inserted = pair::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([pair::Column::LeftId, pair::Column::RightId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
        if inserted > 0 {
            reviews += 1;
            tx.changed("duplicate_pair", left, What::Created);
        }
    }
    Ok((joined, reviews))
}
