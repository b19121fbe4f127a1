//! Creating and changing customers by hand.

use std::collections::{HashMap, HashSet};

use clientele_domain::{
    id::{CustomerId, StoreId},
    identity::{self, Candidate, Facts, Key, KeyKind, RecordKeys},
};
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr};
use serde_json::json;

use super::{
    entity::{customer, identifier},
    fields,
    insert::{NewCustomer, NewIdentifier, insert_customer, insert_identifiers},
    keys::normalize_key,
    profile::{CustomerInput, KeyInput},
};
use crate::{
    access::{Permission, Scope, rows},
    db::{Tx, What},
    error::{Error, Result},
    features::{
        settings::{self, Settings},
        stores::{self, entity::store},
    },
};

/// Creates a customer somebody typed in.
///
/// # Errors
/// What does not fit, or `customer_exists` with the customer who has the key.
pub(super) async fn create(tx: &Tx, input: &CustomerInput) -> Result<CustomerId> {
    let settings = settings::load(tx.conn()).await?;
    let mut row = empty();
    input.over(&mut row, today(tx, &settings))?;
    let country = country_of(&row, &settings);
    let keys = keys_of(input.identifiers.as_deref().unwrap_or_default(), &country)?;
    if row.name.is_empty() && keys.is_empty() {
        let detail = "Enter a name, or a card, phone number or e-mail address.";
        return Err(Error::invalid("name", "customer_empty", detail));
    }
    let scope = tx.ctx().scope(Permission::CustomersCreate);
    check_store(tx, scope, row.home_store_id).await?;
    refuse_taken(tx, &row, &keys, None).await?;
    take_in(tx, scope, &mut row);
    let id = insert_customer(
        tx,
        NewCustomer {
            source: String::new(),
            name: row.name,
            given_name: row.given_name,
            family_name: row.family_name,
            gender: row.gender,
            birth_date: row.birth_date,
            country: row.country,
            city: row.city,
            address: row.address,
            postcode: row.postcode,
            language: row.language,
            home_store_id: row.home_store_id,
            owner_id: row.owner_id,
            note: row.note,
            import_id: None,
            created_at: None,
            identifiers: keys,
        },
    )
    .await?;
    tx.audit("create", "customer", id.0, json!({}));
    Ok(id)
}

/// Changes a customer over the version it was read at.
///
/// # Errors
/// `stale`, `customer_merged`, what does not fit, or `customer_exists`.
pub(super) async fn change(
    tx: &Tx,
    id: CustomerId,
    version: i64,
    input: &CustomerInput,
) -> Result<()> {
    let scope = tx.ctx().scope(Permission::CustomersEdit);
    // Taking the version first also takes the row's lock.
    let outcome = customer::Entity::update_many()
        .col_expr(customer::Column::Version, Expr::value(version + 1))
        .filter(customer::Column::Id.eq(id.0))
        .filter(customer::Column::Version.eq(version))
        .filter(rows::customers(scope))
        .exec(tx.conn())
        .await?;
    let mut row = customer::Entity::find_by_id(id.0)
        .filter(rows::customers(scope))
        .one(tx.conn())
        .await?
        .ok_or_else(|| Error::not_found("customer"))?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    if row.golden_id != row.id {
        let golden = CustomerId(row.golden_id).to_string();
        let detail = "This record was merged into another customer. Edit that one.";
        return Err(Error::conflict("customer_merged", detail).with("customer_id", golden));
    }
    let settings = settings::load(tx.conn()).await?;
    let mut changed = input.over(&mut row, today(tx, &settings))?;
    if changed.contains(&"home_store_id") {
        check_store(tx, scope, row.home_store_id).await?;
    }
    if let Some(wanted) = &input.identifiers {
        let keys = keys_of(wanted, &country_of(&row, &settings))?;
        refuse_taken(tx, &row, &keys, Some(id)).await?;
        if replace_keys(tx, id, keys).await? {
            changed.push("identifiers");
        }
    }
    row.edited_at = Some(tx.ctx().now_micros());
    fields::save(tx, &row).await?;
    tx.changed("customer", id.0, What::Updated);
    tx.audit("update", "customer", id.0, json!({ "fields": changed }));
    Ok(())
}

fn today(tx: &Tx, settings: &Settings) -> jiff::civil::Date {
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    tx.ctx().now().to_zoned(zone).date()
}

/// The country that completes phone numbers: the customer's, else the chain's.
fn country_of(row: &customer::Model, settings: &Settings) -> String {
    if row.country.is_empty() {
        settings.phone_country().to_owned()
    } else {
        row.country.clone()
    }
}

/// A record with nothing in it yet.
fn empty() -> customer::Model {
    customer::Model {
        id: 0,
        number: 0,
        golden_id: 0,
        source: String::new(),
        name: String::new(),
        given_name: String::new(),
        family_name: String::new(),
        gender: String::new(),
        birth_date: String::new(),
        country: String::new(),
        city: String::new(),
        address: String::new(),
        postcode: String::new(),
        language: String::new(),
        home_store_id: None,
        owner_id: None,
        note: String::new(),
        search_text: String::new(),
        import_id: None,
        created_at: 0,
        edited_at: None,
        version: 0,
    }
}

/// Sees to it that whoever may not reach everybody reaches whom they made: the customer
/// belongs to their store, or else to themselves.
fn take_in(tx: &Tx, scope: &Scope, row: &mut customer::Model) {
    let Scope::Rows(rows) = scope else { return };
    match rows.stores.as_slice() {
        [store] => row.home_store_id = row.home_store_id.or(Some(*store)),
        _ if row.home_store_id.is_none() => row.owner_id = Some(tx.ctx().actor_id()),
        _ => {}
    }
}

/// A store out of reach is none.
async fn check_store(tx: &Tx, scope: &Scope, id: Option<i64>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let unknown = || Error::invalid("home_store_id", "store_unknown", "There is no such store.");
    let reached = match scope {
        Scope::All => true,
        Scope::Rows(rows) => rows.stores.binary_search(&id).is_ok(),
        Scope::Nothing => false,
    };
    if !reached {
        return Err(unknown());
    }
    match stores::by_id(tx.conn(), StoreId(id)).await {
        Ok(_) => Ok(()),
        Err(Error::Problem(_)) => Err(unknown()),
        Err(other) => Err(other),
    }
}

/// Keys as typed, normalised; a value that is no key is refused with its reason.
fn keys_of(inputs: &[KeyInput], country: &str) -> Result<Vec<NewIdentifier>> {
    let mut keys: Vec<NewIdentifier> = Vec::new();
    for input in inputs {
        let kind = input.kind()?;
        let key =
            normalize_key(kind, &input.value, country, input.verified).map_err(|problem| {
                let detail = "This value cannot identify anybody. Enter it whole, or leave it out.";
                Error::invalid("identifiers", "identifier_invalid", detail)
                    .with("kind", kind.key())
                    .with("reason", problem.code())
            })?;
        if !keys
            .iter()
            .any(|known| known.kind == key.kind && known.value == key.value)
        {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Refuses keys by which another customer is known: cards, identity numbers and
/// verified keys always, plain ones where the rule of identity says it is the
/// same person. A family may share a phone.
async fn refuse_taken(
    tx: &Tx,
    row: &customer::Model,
    keys: &[NewIdentifier],
    own: Option<CustomerId>,
) -> Result<()> {
    if let Some(phone) = keys.iter().find(|key| key.kind == KeyKind::Phone) {
        let of_store = store::Entity::find()
            .filter(store::Column::Phone.eq(&phone.value))
            .limit(1)
            .one(tx.conn())
            .await?;
        if of_store.is_some() {
            let detail = "This is a store's own number; it identifies nobody.";
            return Err(Error::invalid("identifiers", "identifier_of_store", detail));
        }
    }
    let scope = tx.ctx().scope(Permission::CustomersSee);
    let mut candidates = Vec::new();
    for key in keys {
        let mut holders = identifier::Entity::find()
            .filter(identifier::Column::Kind.eq(key.kind.key()))
            .filter(identifier::Column::Value.eq(&key.value));
        if let Scope::Rows(_) = scope {
            // Whom one may not see stands in nobody's way: the search for duplicates
            // brings the two together.
            let reached = customer::Entity::find()
                .select_only()
                .column(customer::Column::Id)
                .filter(rows::customers(scope))
                .into_query();
            holders = holders.filter(identifier::Column::CustomerId.in_subquery(reached));
        }
        let holders: Vec<identifier::Model> = holders.limit(100).all(tx.conn()).await?;
        let people: HashSet<i64> = holders.iter().map(|row| row.customer_id).collect();
        for holder in holders {
            let customer = CustomerId(holder.customer_id);
            if Some(customer) == own {
                continue;
            }
            let exclusive = matches!(key.kind, KeyKind::Card | KeyKind::NationalId);
            if exclusive || (key.verified && holder.verified) {
                return Err(exists(key.kind, customer));
            }
            let via = Key {
                kind: key.kind,
                value: key.value.clone(),
                verified: holder.verified,
            };
            candidates.push((customer, via, people.len()));
        }
    }
    let ids = candidates.iter().map(|(customer, ..)| customer.0);
    let facts = facts_of(tx, ids.collect()).await?;
    let candidates: Vec<Candidate> = candidates
        .into_iter()
        .map(|(customer, via, people_on_key)| Candidate {
            customer,
            via,
            facts: facts.get(&customer.0).cloned().unwrap_or_default(),
            people_on_key,
            of_store: false,
        })
        .collect();
    let record = RecordKeys {
        facts: facts_in(row),
        keys: plain(keys),
        gift_recipient: false,
    };
    match identity::decide(&record, &candidates).join.first() {
        Some(&customer) => {
            let shared = candidates
                .iter()
                .find(|candidate| candidate.customer == customer);
            Err(exists(
                shared.map_or(KeyKind::Phone, |found| found.via.kind),
                customer,
            ))
        }
        None => Ok(()),
    }
}

fn exists(kind: KeyKind, customer: CustomerId) -> Error {
    Error::conflict(
        "customer_exists",
        "Another customer has this key already. Open that one.",
    )
    .at("identifiers")
    .with("kind", kind.key())
    .with("customer_id", customer.to_string())
}

fn plain(keys: &[NewIdentifier]) -> Vec<Key> {
    let key = |key: &NewIdentifier| Key {
        kind: key.kind,
        value: key.value.clone(),
        verified: key.verified,
    };
    keys.iter().map(key).collect()
}

fn facts_in(row: &customer::Model) -> Facts {
    Facts {
        name: row.name.clone(),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        birth_date: row.birth_date.clone(),
        ..Facts::default()
    }
}

async fn facts_of(tx: &Tx, ids: Vec<i64>) -> Result<HashMap<i64, Facts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = customer::Entity::find()
        .filter(customer::Column::Id.is_in(ids))
        .all(tx.conn())
        .await?;
    Ok(rows.iter().map(|row| (row.id, facts_in(row))).collect())
}

/// Removes the keys that are no longer wanted, whichever record they came with,
/// and adds the new ones to the customer's own record.
async fn replace_keys(tx: &Tx, id: CustomerId, wanted: Vec<NewIdentifier>) -> Result<bool> {
    let present = identifier::Entity::find()
        .filter(identifier::Column::CustomerId.eq(id.0))
        .filter(identifier::Column::Kind.ne(KeyKind::External.key()))
        .all(tx.conn())
        .await?;
    let same = |row: &identifier::Model, key: &NewIdentifier| {
        row.kind == key.kind.key() && row.value == key.value
    };
    let mut changed = false;
    for row in &present {
        let Some(key) = wanted.iter().find(|key| same(row, key)) else {
            identifier::Entity::delete_by_id(row.id)
                .exec(tx.conn())
                .await?;
            changed = true;
            continue;
        };
        if key.verified != row.verified {
            identifier::Entity::update_many()
                .col_expr(identifier::Column::Verified, Expr::value(key.verified))
                .filter(identifier::Column::Id.eq(row.id))
                .exec(tx.conn())
                .await?;
            changed = true;
        }
    }
    let fresh: Vec<NewIdentifier> = wanted
        .into_iter()
        .filter(|key| !present.iter().any(|row| same(row, key)))
        .collect();
    Ok(insert_identifiers(tx, id, id, fresh, None).await? > 0 || changed)
}
