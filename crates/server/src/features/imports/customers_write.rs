//! Customer lists: new records, changed ones, and who turns out to be whom.

use std::collections::{BTreeSet, HashMap};

use clientele_domain::text;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    chunk::{Chunk, Counts, Doc},
    effects::{Effect, remember},
    identify::People,
    images::CustomerRow,
    people::Person,
    people_write::{write_joins, write_records},
    places::{self, NewPlaces, Places, StoreRef},
};
use crate::{
    ctx::Ctx,
    db::{Tx, What, among},
    error::Result,
    features::customers::entity::customer,
};

/// Records whose rows are overwritten.
#[derive(Default)]
pub struct CustomerPlan {
    places: NewPlaces,
    changed: Vec<(customer::Model, customer::Model)>,
}

const LOOK_UP: usize = 10_000;

/// Compares a chunk's people with the book. Reads only.
///
/// # Errors
/// When the book fails.
pub async fn plan(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    chunk: &Chunk,
    people: &mut People,
    places: &mut Places,
    counts: &mut Counts,
) -> Result<CustomerPlan> {
    let docs: Vec<(&Person, u64)> = chunk
        .docs
        .iter()
        .filter_map(|doc| match doc {
            Doc::Customer(person, rows) => Some((&**person, *rows)),
            _ => None,
        })
        .collect();
    let persons: Vec<&Person> = docs.iter().map(|(person, _)| *person).collect();
    people.load(connection, &persons).await?;
    let named = persons
        .iter()
        .filter_map(|person| Some((store_ref(person)?, "")));
    let new_places = places.plan_stores(ctx, named);
    counts.stores_new += new_places.counts().0 as u64;
    let known: BTreeSet<i64> = persons
        .iter()
        .filter_map(|person| person.external().and_then(|raw| people.record_of(raw)))
        .map(|found| found.record)
        .collect();
    let records = records(connection, &known).await?;
    let unborn = std::cell::Cell::new(people.lowest_id());
    let next = || {
        unborn.set(unborn.get() - 1);
        unborn.get()
    };
    let mut current: HashMap<i64, customer::Model> = HashMap::new();
    for (person, rows) in docs {
        let keys_before = people.keys.len();
        let already = person.external().and_then(|raw| people.record_of(raw));
        let Some(found) = people.identify(person, &next) else {
            continue;
        };
        match already {
            None => {
                counts.rows_new += rows;
                counts.customers_new += 1;
            }
            Some(_) => {
                let more_keys = people.keys.len() > keys_before;
                let Some(before) = current
                    .get(&found.record)
                    .or_else(|| records.get(&found.record))
                else {
                    continue;
                };
                let after = overwrite(before, person, places);
                if after == *before && !more_keys {
                    counts.rows_unchanged += rows;
                    counts.customers_unchanged += 1;
                } else {
                    counts.rows_updated += rows;
                    counts.customers_updated += 1;
                    current.insert(found.record, after);
                }
            }
        }
    }
    let changed = current
        .into_iter()
        .filter_map(|(id, after)| {
            let before = records.get(&id)?.clone();
            (before != after).then(|| {
                (
                    before.clone(),
                    customer::Model {
                        version: before.version + 1,
                        ..after
                    },
                )
            })
        })
        .collect();
    Ok(CustomerPlan {
        places: new_places,
        changed,
    })
}

async fn records(
    connection: &impl ConnectionTrait,
    ids: &BTreeSet<i64>,
) -> Result<HashMap<i64, customer::Model>> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    let mut rows = HashMap::new();
    for part in ids.chunks(LOOK_UP) {
        let found = customer::Entity::find()
            .filter(among(
                connection,
                customer::Column::Id,
                part.iter().copied(),
            ))
            .all(connection)
            .await?;
        rows.extend(found.into_iter().map(|row| (row.id, row)));
    }
    Ok(rows)
}

/// The record with what the file says; where a person has edited it, only blanks are filled.
fn overwrite(before: &customer::Model, person: &Person, places: &Places) -> customer::Model {
    let edited = before.edited_at.is_some();
    let pick = |new: &str, old: &str| {
        if new.is_empty() || (edited && !old.is_empty()) {
            old
        } else {
            new
        }
        .to_owned()
    };
    let name = pick(&person.display_name(), &before.name);
    let home = home_store(person, places);
    customer::Model {
        search_text: if name == before.name {
            before.search_text.clone()
        } else {
            text::search_text(&name)
        },
        name,
        given_name: pick(&person.given_name, &before.given_name),
        family_name: pick(&person.family_name, &before.family_name),
        gender: pick(&person.gender, &before.gender),
        birth_date: pick(&person.birth_date, &before.birth_date),
        country: pick(&person.country, &before.country),
        city: pick(&person.city, &before.city),
        address: pick(&person.address, &before.address),
        postcode: pick(&person.postcode, &before.postcode),
        language: pick(&person.language, &before.language),
        note: pick(&person.note, &before.note),
        home_store_id: if edited {
            before.home_store_id.or(home)
        } else {
            home.or(before.home_store_id)
        },
        ..before.clone()
    }
}

fn home_store(person: &Person, places: &Places) -> Option<i64> {
    places.store(&store_ref(person)?)
}

fn store_ref(person: &Person) -> Option<StoreRef> {
    (!person.store.is_empty()).then(|| StoreRef {
        external_id: person.store.clone(),
        name: person.store.clone(),
    })
}

/// Writes a plan.
///
/// # Errors
/// When the book fails.
pub async fn write(
    tx: &Tx,
    plan: CustomerPlan,
    source: &str,
    import_id: i64,
    people: &People,
    places: &Places,
    counts: &mut Counts,
) -> Result<()> {
    places::write(tx, &plan.places, source, import_id).await?;
    let ids = write_records(tx, people, source, import_id, &|person| {
        home_store(person, places)
    })
    .await?;
    let mut effects = Vec::new();
    for (before, after) in plan.changed {
        effects.push(Effect::new(
            "customer",
            before.id,
            &CustomerRow::from(before.clone()),
            after.version,
        )?);
        tx.changed("customer", after.id, What::Updated);
        let mut row = customer::ActiveModel::from(CustomerRow::from(after));
        row.id = sea_orm::ActiveValue::Unchanged(before.id);
        row.golden_id = sea_orm::ActiveValue::NotSet;
        row.update(tx.conn()).await?;
    }
    remember(tx, import_id, effects).await?;
    let (joined, reviews) = write_joins(tx, people, &ids, import_id).await?;
    counts.joined += joined;
    counts.review_pairs += reviews;
    Ok(())
}
