//! A customer as one line: what lists, look-ups and pages show first.

use std::collections::HashMap;

use clientele_domain::{
    email,
    id::{CustomerId, StoreId},
    identity::KeyKind,
    phone,
    tier::Level,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::entity::{customer, identifier};
use crate::{
    error::Result,
    features::{grades::entity::grade, settings, stores, tiers},
    http::{Label, Money, Ref, instant},
};

/// A tier by its name and colour.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TierLabel {
    /// The level's code.
    pub code: String,
    /// What people call it.
    pub name: Label,
    /// `#rrggbb`.
    pub color: String,
}

/// A customer as one line of a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerRow {
    /// Its id.
    pub id: CustomerId,
    /// The short number people say.
    pub number: String,
    /// The whole name.
    pub name: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// The store that looks after them, or where they buy most.
    pub home_store: Option<Ref>,
    /// Their tier, none below every level.
    pub tier: Option<TierLabel>,
    /// The named RFM group.
    pub rfm_group: Option<String>,
    /// The lifecycle stage; none before the first grading.
    pub lifecycle: Option<String>,
    /// The ABC class.
    pub abc: Option<String>,
    /// Recency score, 1 to 5.
    pub r: Option<i64>,
    /// Frequency score, 1 to 5.
    pub f: Option<i64>,
    /// Monetary score, 1 to 5.
    pub m: Option<i64>,
    /// Net spend in the window.
    pub monetary: Money,
    /// Purchase occasions in the window.
    pub frequency: i64,
    /// Date of the last order.
    pub last_order: Option<String>,
    /// A phone number with its middle hidden.
    pub phone_masked: Option<String>,
    /// An e-mail address with its mailbox hidden.
    pub email_masked: Option<String>,
    /// When the record was made.
    pub created_at: String,
}

/// Nothing for an empty text.
pub(super) fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// What rows need beside their own tables.
pub(super) struct Names {
    /// The reporting currency.
    pub currency: String,
    /// The published scheme's levels by code.
    pub levels: HashMap<String, Level>,
}

impl Names {
    /// Reads currency and levels.
    ///
    /// # Errors
    /// When the book fails.
    pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<Self> {
        let settings = settings::load(connection).await?;
        let levels = tiers::published(connection).await?.scheme.levels;
        Ok(Names {
            currency: settings.reporting_currency,
            levels: levels
                .into_iter()
                .map(|level| (level.code.clone(), level))
                .collect(),
        })
    }

    /// An amount in the reporting currency.
    pub(super) fn money(&self, amount: i64) -> Money {
        Money::new(amount, &self.currency)
    }

    /// A level by its code; a code the scheme no longer has shows itself.
    pub(super) fn tier(&self, code: &str) -> Option<TierLabel> {
        if code.is_empty() {
            return None;
        }
        let level = self.levels.get(code);
        let bare = || Label {
            en: code.to_owned(),
            zh: code.to_owned(),
        };
        Some(TierLabel {
            code: code.to_owned(),
            name: level.map_or_else(bare, |level| level.name.clone().into()),
            color: level.map_or_else(|| "#868e9c".to_owned(), |level| level.color.clone()),
        })
    }
}

/// Makes rows of a page, reading stores and contacts once for all of them.
///
/// # Errors
/// When the book fails.
pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    names: &Names,
    found: &[(customer::Model, grade::Model)],
) -> Result<Vec<CustomerRow>> {
    let store_of = |row: &customer::Model, grade: &grade::Model| {
        row.home_store_id.or(grade.favourite_store_id)
    };
    let store_ids = found.iter().filter_map(|(row, grade)| store_of(row, grade));
    let stores = stores::names(connection, store_ids).await?;
    let contacts = contacts(connection, found.iter().map(|(row, _)| row.id)).await?;
    let mut rows = Vec::with_capacity(found.len());
    for (row, grade) in found {
        let store = store_of(row, grade);
        let store = store.and_then(|id| Some(Ref::new(StoreId(id), stores.get(&id)?)));
        let contact = contacts.get(&row.id);
        rows.push(CustomerRow {
            home_store: store,
            phone_masked: contact.and_then(|found| found.phone.as_deref().map(phone::mask)),
            email_masked: contact.and_then(|found| found.email.as_deref().map(email::mask)),
            ..bare(names, row, grade)
        });
    }
    Ok(rows)
}

/// The row without what other tables say.
fn bare(names: &Names, row: &customer::Model, grade: &grade::Model) -> CustomerRow {
    let score = |score: i64| (score > 0).then_some(score);
    CustomerRow {
        id: CustomerId(row.id),
        number: row.number.to_string(),
        name: row.name.clone(),
        country: known(&row.country),
        city: known(&row.city),
        home_store: None,
        tier: names.tier(&grade.tier),
        rfm_group: known(&grade.rfm_group),
        lifecycle: known(&grade.lifecycle),
        abc: known(&grade.abc),
        r: score(grade.r),
        f: score(grade.f),
        m: score(grade.m),
        monetary: names.money(grade.monetary),
        frequency: grade.frequency,
        last_order: known(&grade.last_order),
        phone_masked: None,
        email_masked: None,
        created_at: instant(row.created_at),
    }
}

#[derive(Default)]
struct Contact {
    phone: Option<String>,
    email: Option<String>,
}

/// One phone number and one e-mail address a customer, verified ones first.
async fn contacts(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Contact>> {
    let keys = identifier::Entity::find()
        .filter(identifier::Column::CustomerId.is_in(ids))
        .filter(identifier::Column::Kind.is_in([KeyKind::Phone.key(), KeyKind::Email.key()]))
        .order_by_desc(identifier::Column::Verified)
        .order_by_asc(identifier::Column::Id)
        .all(connection)
        .await?;
    let mut contacts: HashMap<i64, Contact> = HashMap::new();
    for key in keys {
        let contact = contacts.entry(key.customer_id).or_default();
        let place = match key.kind.as_str() {
            "phone" => &mut contact.phone,
            _ => &mut contact.email,
        };
        place.get_or_insert(key.value);
    }
    Ok(contacts)
}
