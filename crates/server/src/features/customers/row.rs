//! A customer as one line: what lists, look-ups and pages show first.

use std::collections::HashMap;

use clientele_domain::{
    email,
    id::{CustomerId, StoreId},
    identity::KeyKind,
    phone,
    tier::Level,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use serde::{Deserialize, Serialize};

use super::{
    entity::{customer, identifier},
    list::to_grade,
};
use crate::{
    error::Result,
    features::{grades::entity::grade, settings, stores::entity::store, tiers},
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
        let (settings, published) =
            tokio::try_join!(settings::load(connection), tiers::published(connection))?;
        let levels = published.scheme.levels.into_iter();
        Ok(Names {
            currency: settings.reporting_currency,
            levels: levels.map(|level| (level.code.clone(), level)).collect(),
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

/// A customer with what a row says of them.
pub(super) struct Shown {
    pub customer: customer::Model,
    pub grade: grade::Model,
    /// The name of the store that looks after them, or where they buy most.
    store: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

/// Reads the customers of a condition in one statement, in no order: asking the database
/// costs more than a name and two keys of its answer.
///
/// # Errors
/// When the book fails.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    which: Condition,
) -> Result<Vec<Shown>> {
    let mut select = customer::Entity::find()
        .join(JoinType::InnerJoin, to_grade())
        .filter(which)
        .select_also(grade::Entity);
    QuerySelect::query(&mut select)
        .left_join(
            store::Entity,
            store_id().equals((store::Entity, store::Column::Id)),
        )
        .expr_as(Expr::col((store::Entity, store::Column::Name)), STORE)
        .expr_as(contact(KeyKind::Phone), PHONE)
        .expr_as(contact(KeyKind::Email), EMAIL);
    let rows = connection.query_all(&select.into_query()).await?;
    let shown = |row: &QueryResult| {
        Ok::<_, DbErr>(Shown {
            customer: customer::Model::from_query_result(row, "A_")?,
            grade: grade::Model::from_query_result(row, "B_")?,
            store: row.try_get("", STORE)?,
            phone: row.try_get("", PHONE)?,
            email: row.try_get("", EMAIL)?,
        })
    };
    Ok(rows.iter().map(shown).collect::<Result<_, _>>()?)
}

const STORE: &str = "store";
const PHONE: &str = "phone";
const EMAIL: &str = "email";

/// The store of a row.
fn store_id() -> Expr {
    let home = Expr::col((customer::Entity, customer::Column::HomeStoreId));
    Func::coalesce([
        home,
        Expr::col((grade::Entity, grade::Column::FavouriteStoreId)),
    ])
    .into()
}

/// A customer's key of a kind, a verified one first.
fn contact(kind: KeyKind) -> Expr {
    let owner = Expr::col((identifier::Entity, identifier::Column::CustomerId));
    let key = identifier::Entity::find()
        .select_only()
        .column(identifier::Column::Value)
        .filter(owner.equals((customer::Entity, customer::Column::Id)))
        .filter(identifier::Column::Kind.eq(kind.key()))
        .order_by_desc(identifier::Column::Verified)
        .order_by_asc(identifier::Column::Id)
        .limit(1)
        .into_query();
    Expr::SubQuery(None, Box::new(key.into()))
}

/// The line of a customer.
pub(super) fn row(names: &Names, shown: &Shown) -> CustomerRow {
    let (row, grade) = (&shown.customer, &shown.grade);
    let score = |score: i64| (score > 0).then_some(score);
    let store = row.home_store_id.or(grade.favourite_store_id);
    CustomerRow {
        id: CustomerId(row.id),
        number: row.number.to_string(),
        name: row.name.clone(),
        country: known(&row.country),
        city: known(&row.city),
        home_store: store.and_then(|id| Some(Ref::new(StoreId(id), shown.store.as_ref()?))),
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
        phone_masked: shown.phone.as_deref().map(phone::mask),
        email_masked: shown.email.as_deref().map(email::mask),
        created_at: instant(row.created_at),
    }
}
