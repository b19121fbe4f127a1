//! A customer in full: the page's header, and the card of a comparison.

use std::{collections::HashMap, slice};

use clientele_domain::id::{CustomerId, IdentifierId, StoreId, UserId};
use futures::future::try_join_all;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

use super::{
    entity::{customer, identifier},
    owner,
    row::{self, CustomerRow, Names, known},
};
use crate::{
    access::{Scope, rows},
    db::Held,
    error::{Error, Result},
    features::grades::{Grade, entity::grade as grades},
    http::{Money, Ref, instant},
};

/// How many customers may have a key before it identifies nobody; the same limit
/// as the rule of identity.
const SHARED_BY: u64 = clientele_domain::identity::PEOPLE_PER_KEY as u64;

/// A key by which a customer is found.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Identifier {
    /// Its id.
    pub id: IdentifierId,
    /// `card`, `phone`, `email`, `external` or `national_id`.
    pub kind: String,
    /// The normalised value.
    pub value: String,
    /// Whether the person proved to own it.
    pub verified: bool,
    /// Whether so many people have it that it identifies nobody.
    pub shared: bool,
    /// The record it came with.
    pub record_id: CustomerId,
    /// When it was first seen.
    pub created_at: String,
}

/// Everything about one customer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Customer {
    /// What lists show.
    #[serde(flatten)]
    pub row: CustomerRow,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// `1990-02-28`, or `--08-08` without the year.
    pub birth_date: Option<String>,
    /// Street and house.
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// The store somebody chose for them.
    pub home_store_id: Option<StoreId>,
    /// The person who looks after them.
    pub owner: Option<Ref>,
    /// What staff should know.
    pub note: Option<String>,
    /// Where the record first came from; none when somebody typed it in.
    pub source: Option<String>,
    /// Every key, those of merged records included.
    pub identifiers: Vec<Identifier>,
    /// How many records make this customer.
    pub records_count: u64,
    /// The customer this record was merged into.
    pub merged_into: Option<CustomerId>,
    /// The grade, none before the first grading.
    pub grade: Option<Grade>,
    /// The version for `If-Match`.
    pub version: i64,
}

/// A customer beside another one they may be.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PersonCard {
    /// Its id.
    pub id: CustomerId,
    /// The short number people say.
    pub number: String,
    /// The whole name.
    pub name: String,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The birth date.
    pub birth_date: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Street and house.
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Every key.
    pub identifiers: Vec<Identifier>,
    /// Orders ever, as of the last grading.
    pub orders: i64,
    /// Net spend ever, as of the last grading.
    pub net: Money,
    /// Date of the first order.
    pub first_order: Option<String>,
    /// Date of the last order.
    pub last_order: Option<String>,
    /// Where the record first came from.
    pub source: Option<String>,
}

/// One record with its grades row, if the actor may see it.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    id: CustomerId,
) -> Result<(customer::Model, grades::Model)> {
    let missing = || Error::not_found("customer");
    let row = customer::Entity::find_by_id(id.0)
        .filter(rows::customers(scope))
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let grade = grades::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    Ok((row, grade))
}

/// The page's header.
///
/// # Errors
/// `not_found`.
pub(super) async fn customer(connection: &Held, scope: &Scope, id: CustomerId) -> Result<Customer> {
    let itself = Condition::all()
        .add(customer::Column::Id.eq(id.0))
        .add(rows::customers(scope));
    let missing = || Error::not_found("customer");
    let found = async { tokio::try_join!(row::find(connection, itself), Names::load(connection)) };
    let (mut found, names) = connection.together(found).await?;
    let shown = found.pop().ok_or_else(missing)?;
    let as_row = row::row(&names, &shown);
    let (row, grade) = (shown.customer, shown.grade);
    let records = customer::Entity::find().filter(customer::Column::GoldenId.eq(row.golden_id));
    let about = async {
        tokio::try_join!(
            identifiers(connection, slice::from_ref(&row.golden_id)),
            async { Ok(records.count(connection).await?) },
            Grade::of(connection, &grade, &names.currency),
            owner::name(connection, row.owner_id),
        )
    };
    let (identifiers, records_count, grade, owner) = connection.together(about).await?;
    Ok(Customer {
        row: as_row,
        given_name: known(&row.given_name),
        family_name: known(&row.family_name),
        gender: known(&row.gender),
        birth_date: known(&row.birth_date),
        address: known(&row.address),
        postcode: known(&row.postcode),
        language: known(&row.language),
        home_store_id: row.home_store_id.map(StoreId),
        owner: row
            .owner_id
            .zip(owner)
            .map(|(id, name)| Ref::new(UserId(id), name)),
        note: known(&row.note),
        source: known(&row.source),
        identifiers: identifiers.into_values().flatten().collect(),
        records_count,
        merged_into: (row.golden_id != row.id).then_some(CustomerId(row.golden_id)),
        grade,
        version: row.version,
    })
}

/// The keys of customers, in the order they came.
///
/// # Errors
/// When the book fails.
pub(super) async fn identifiers(
    connection: &Held,
    customers: &[i64],
) -> Result<HashMap<i64, Vec<Identifier>>> {
    let rows = identifier::Entity::find()
        .filter(identifier::Column::CustomerId.is_in(customers.iter().copied()))
        .order_by_asc(identifier::Column::Id)
        .all(connection)
        .await?;
    let people = rows.iter().map(|row| people_on(connection, row));
    let people = connection.together(try_join_all(people)).await?;
    let mut keys: HashMap<i64, Vec<Identifier>> = HashMap::new();
    for (row, people) in rows.into_iter().zip(people) {
        let shared = people > SHARED_BY;
        keys.entry(row.customer_id).or_default().push(Identifier {
            id: IdentifierId(row.id),
            kind: row.kind,
            value: row.value,
            verified: row.verified,
            shared,
            record_id: CustomerId(row.record_id),
            created_at: instant(row.created_at),
        });
    }
    Ok(keys)
}

/// How many customers have a key, counted no further than needed.
async fn people_on(connection: &impl ConnectionTrait, key: &identifier::Model) -> Result<u64> {
    let owners: Vec<i64> = identifier::Entity::find()
        .select_only()
        .column(identifier::Column::CustomerId)
        .distinct()
        .filter(identifier::Column::Kind.eq(&key.kind))
        .filter(identifier::Column::Value.eq(&key.value))
        .limit(SHARED_BY + 1)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(owners.len() as u64)
}

/// The cards of customers, by id.
///
/// # Errors
/// When the book fails.
pub async fn person_cards(connection: &Held, ids: &[i64]) -> Result<HashMap<i64, PersonCard>> {
    let names = Names::load(connection).await?;
    let rows = customer::Entity::find()
        .filter(Expr::col((customer::Entity, customer::Column::Id)).is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    let grades = grades::Entity::find()
        .filter(grades::Column::CustomerId.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    let grades: HashMap<i64, grades::Model> = grades
        .into_iter()
        .map(|row| (row.customer_id, row))
        .collect();
    let mut keys = identifiers(connection, ids).await?;
    let mut cards = HashMap::with_capacity(rows.len());
    for row in rows {
        let grade = grades.get(&row.id);
        let card = PersonCard {
            id: CustomerId(row.id),
            number: row.number.to_string(),
            name: row.name,
            given_name: known(&row.given_name),
            family_name: known(&row.family_name),
            birth_date: known(&row.birth_date),
            gender: known(&row.gender),
            country: known(&row.country),
            city: known(&row.city),
            address: known(&row.address),
            postcode: known(&row.postcode),
            identifiers: keys.remove(&row.id).unwrap_or_default(),
            orders: grade.map_or(0, |grade| grade.lifetime_orders),
            net: names.money(grade.map_or(0, |grade| grade.lifetime_net)),
            first_order: grade.and_then(|grade| known(&grade.first_order)),
            last_order: grade.and_then(|grade| known(&grade.last_order)),
            source: known(&row.source),
        };
        cards.insert(row.id, card);
    }
    Ok(cards)
}
