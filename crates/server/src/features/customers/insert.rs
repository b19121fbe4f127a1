//! New customer records, one or many: record, grades row, identifiers and feed
//! in one go. Imports and the sample chain come through here too.

use clientele_domain::{id::CustomerId, identity::KeyKind, text};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::entity::{customer, identifier};
use crate::{
    db::{Tx, What, insert_all},
    error::Result,
    features::grades::{self, entity::grade},
};

/// A customer record to insert; its values are checked and normalised already.
#[derive(Clone, Debug, Default)]
pub struct NewCustomer {
    /// Where the record comes from; empty when a person typed it in.
    pub source: String,
    /// The whole name.
    pub name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// `female`, `male`, `other` or empty.
    pub gender: String,
    /// `1990-02-28`, `--08-08` or empty.
    pub birth_date: String,
    /// ISO 3166 alpha-2 or empty.
    pub country: String,
    /// Town.
    pub city: String,
    /// Street and house.
    pub address: String,
    /// Postcode.
    pub postcode: String,
    /// Language tag or empty.
    pub language: String,
    /// The store that looks after them.
    pub home_store_id: Option<i64>,
    /// The person who looks after them.
    pub owner_id: Option<i64>,
    /// What staff should know.
    pub note: String,
    /// The import that brings it.
    pub import_id: Option<i64>,
    /// When the record was made, in microseconds; now unless told otherwise.
    pub created_at: Option<i64>,
    /// Its keys.
    pub identifiers: Vec<NewIdentifier>,
}

/// A key to insert; see [`super::normalize_key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentifier {
    /// What kind of key.
    pub kind: KeyKind,
    /// Normalised.
    pub value: String,
    /// As received.
    pub raw: String,
    /// Whether the person proved to own it.
    pub verified: bool,
}

/// Inserts one record as a customer of its own.
///
/// # Errors
/// When the book fails.
pub async fn insert_customer(tx: &Tx, new: NewCustomer) -> Result<CustomerId> {
    let ids = insert_customers(tx, vec![new]).await?;
    Ok(ids[0])
}

/// Inserts records as customers of their own, in order; answers their ids.
///
/// # Errors
/// When the book fails.
pub async fn insert_customers(tx: &Tx, new: Vec<NewCustomer>) -> Result<Vec<CustomerId>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let first_number = tx.take_numbers("customers", new.len() as i64).await?;
    let ids: Vec<i64> = new.iter().map(|_| tx.ctx().next_id()).collect();
    let now = tx.ctx().now_micros();
    let mut keys = Vec::new();
    let mut rows = Vec::with_capacity(new.len());
    for ((id, number), mut record) in ids.iter().copied().zip(first_number..).zip(new) {
        for key in std::mem::take(&mut record.identifiers) {
            keys.push(identifier_row(tx, id, id, key, record.import_id));
        }
        rows.push(customer_row(id, number, now, record));
        tx.changed("customer", id, What::Created);
    }
    insert_all::<customer::Entity, _>(tx.conn(), rows).await?;
    insert_all::<grade::Entity, _>(
        tx.conn(),
        ids.iter().map(|&id| grades::blank(id).into_active_model()),
    )
    .await?;
    insert_all::<identifier::Entity, _>(tx.conn(), keys).await?;
    Ok(ids.into_iter().map(CustomerId).collect())
}

/// Gives a record keys it does not have yet; answers how many were new.
///
/// # Errors
/// When the book fails.
pub async fn insert_identifiers(
    tx: &Tx,
    customer: CustomerId,
    record: CustomerId,
    keys: Vec<NewIdentifier>,
    import_id: Option<i64>,
) -> Result<usize> {
    let present: Vec<(String, String)> = identifier::Entity::find()
        .filter(identifier::Column::RecordId.eq(record.0))
        .all(tx.conn())
        .await?
        .into_iter()
        .map(|row| (row.kind, row.value))
        .collect();
    let missing = |key: &NewIdentifier| {
        !present
            .iter()
            .any(|(kind, value)| kind == key.kind.key() && *value == key.value)
    };
    let rows: Vec<_> = keys
        .into_iter()
        .filter(missing)
        .map(|key| identifier_row(tx, customer.0, record.0, key, import_id))
        .collect();
    let count = rows.len();
    insert_all::<identifier::Entity, _>(tx.conn(), rows).await?;
    Ok(count)
}

/// What the search box looks in for a name.
pub(super) fn search_text(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        text::search_text(name)
    }
}

fn customer_row(id: i64, number: i64, now: i64, new: NewCustomer) -> customer::ActiveModel {
    customer::ActiveModel {
        id: Set(id),
        number: Set(number),
        golden_id: Set(id),
        source: Set(new.source),
        search_text: Set(search_text(&new.name)),
        name: Set(new.name),
        given_name: Set(new.given_name),
        family_name: Set(new.family_name),
        gender: Set(new.gender),
        birth_date: Set(new.birth_date),
        country: Set(new.country),
        city: Set(new.city),
        address: Set(new.address),
        postcode: Set(new.postcode),
        language: Set(new.language),
        home_store_id: Set(new.home_store_id),
        owner_id: Set(new.owner_id),
        note: Set(new.note),
        import_id: Set(new.import_id),
        created_at: Set(new.created_at.unwrap_or(now)),
        edited_at: Set(None),
        version: Set(1),
    }
}

fn identifier_row(
    tx: &Tx,
    customer_id: i64,
    record_id: i64,
    key: NewIdentifier,
    import_id: Option<i64>,
) -> identifier::ActiveModel {
    identifier::ActiveModel {
        id: Set(tx.ctx().next_id()),
        kind: Set(key.kind.key().to_owned()),
        reversed: Set(key.value.chars().rev().collect()),
        value: Set(key.value),
        raw: Set(key.raw),
        verified: Set(key.verified),
        customer_id: Set(customer_id),
        record_id: Set(record_id),
        import_id: Set(import_id),
        created_at: Set(tx.ctx().now_micros()),
    }
}
