//! A grade as the API shows it.

use clientele_domain::{
    id::StoreId,
    tier::{Level, Scheme, Why},
};
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};

use super::{
    entity::grade,
    kept::{Kept, days_since},
    store,
};
use crate::{
    error::Result,
    features::{
        stores::entity::store as store_row,
        tiers::{self, entity::tier_override},
    },
    http::{Label, Money, Ref},
};

/// What the last grading says of a customer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Grade {
    /// The last date that counted.
    #[schema(format = Date)]
    pub as_of: String,
    /// Calendar days since the last order; absent without one.
    pub recency_days: Option<i64>,
    /// Purchase occasions in the RFM window.
    pub frequency: i64,
    /// Net spend in the RFM window.
    pub monetary: Money,
    /// Orders that count, ever.
    pub lifetime_orders: i64,
    /// Net spend, ever.
    pub lifetime_net: Money,
    /// Recency score, 1 to 5.
    pub r: Option<i64>,
    /// Frequency score, 1 to 5.
    pub f: Option<i64>,
    /// Monetary score, 1 to 5.
    pub m: Option<i64>,
    /// Named RFM group.
    pub rfm_group: Option<String>,
    /// `a`, `b` or `c`.
    pub abc: Option<String>,
    /// `prospect`, `new`, `active`, `slowing`, `lapsed` or `won_back`.
    pub lifecycle: String,
    /// Net spend of one order on average.
    pub average_basket: Option<Money>,
    /// Median days between occasions.
    pub interval_days: Option<i64>,
    /// Refunds ÷ sales by value, 0 to 1.
    pub refund_rate: Option<f64>,
    /// The store of most orders.
    pub favourite_store: Option<Ref>,
    /// The category of most lines.
    pub favourite_category: Option<String>,
    /// The channel of most orders.
    pub favourite_channel: Option<String>,
    /// Date of the first occasion.
    #[schema(format = Date)]
    pub first_order: Option<String>,
    /// Date of the last occasion.
    #[schema(format = Date)]
    pub last_order: Option<String>,
    /// The level shown; absent below every level.
    pub tier: Option<GradeTier>,
    /// Since when.
    #[schema(format = Date)]
    pub tier_since: Option<String>,
    /// When a demotion may happen at the earliest.
    #[schema(format = Date)]
    pub tier_review: Option<String>,
    /// `rule`, `held`, `grace`, `floor` or `manual`.
    pub tier_cause: Option<String>,
    /// The figures and the rule behind the tier.
    pub why: Option<Why>,
    /// What people have decided.
    #[serde(rename = "override")]
    pub decided: Option<TierOverride>,
}

/// A level as customers have it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GradeTier {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Label,
    /// Its colour, `#rrggbb`.
    pub color: String,
    /// What it gives.
    pub benefits: Vec<Label>,
}

/// A manual level, a floor, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TierOverride {
    /// The level given by hand.
    pub manual_tier: Option<String>,
    /// Why it was given.
    pub manual_reason: Option<String>,
    /// The last day on which it holds; absent for no end.
    #[schema(format = Date)]
    pub manual_until: Option<String>,
    /// The level below which the customer never falls.
    pub floor_tier: Option<String>,
}

impl Grade {
    /// The grade in a row; none before the first grading.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn of(
        connection: &impl ConnectionTrait,
        row: &grade::Model,
        currency: &str,
    ) -> Result<Option<Grade>> {
        let favourite_store = async {
            Ok(match row.favourite_store_id {
                Some(id) => store_row::Entity::find_by_id(id).one(connection).await?,
                None => None,
            })
        };
        let (as_of, favourite_store, decided) = tokio::try_join!(
            store::graded_as_of(connection),
            favourite_store,
            tiers::decided_for(connection, row.customer_id),
        )?;
        let Some(as_of) = as_of else {
            return Ok(None);
        };
        let Some(kept) = Kept::of_row(row, as_of)? else {
            return Ok(None);
        };
        let scheme = tiers::scheme_of(connection, kept.version).await?.scheme;
        let since = row.tier_since.parse().unwrap_or(as_of);
        let why = kept.why(&scheme, &row.tier, since, as_of);
        Ok(Some(Grade {
            favourite_store: favourite_store.map(|store| Ref::new(StoreId(store.id), store.name)),
            why: Some(why),
            decided: decided.as_ref().and_then(TierOverride::of),
            ..plain(row, as_of, &scheme, currency)
        }))
    }
}

/// What the row alone tells.
fn plain(row: &grade::Model, as_of: Date, scheme: &Scheme, currency: &str) -> Grade {
    let money = |amount| Money::new(amount, currency);
    let score = |score: i64| (score > 0).then_some(score);
    Grade {
        as_of: as_of.to_string(),
        recency_days: days_since(&row.last_order, as_of),
        frequency: row.frequency,
        monetary: money(row.monetary),
        lifetime_orders: row.lifetime_orders,
        lifetime_net: money(row.lifetime_net),
        r: score(row.r),
        f: score(row.f),
        m: score(row.m),
        rfm_group: filled(&row.rfm_group),
        abc: filled(&row.abc),
        lifecycle: row.lifecycle.clone(),
        average_basket: row.average_basket.map(money),
        interval_days: row.interval_days,
        refund_rate: row.refund_rate_ppm.map(|ppm| ppm as f64 / 1e6),
        favourite_store: None,
        favourite_category: filled(&row.favourite_category),
        favourite_channel: filled(&row.favourite_channel),
        first_order: filled(&row.first_order),
        last_order: filled(&row.last_order),
        tier: scheme.level(&row.tier).map(GradeTier::of),
        tier_since: filled(&row.tier_since),
        tier_review: filled(&row.tier_review),
        tier_cause: filled(&row.tier_cause),
        why: None,
        decided: None,
    }
}

impl GradeTier {
    /// A level of a scheme.
    pub fn of(level: &Level) -> Self {
        GradeTier {
            code: level.code.clone(),
            name: level.name.clone().into(),
            color: level.color.clone(),
            benefits: level.benefits.iter().cloned().map(Label::from).collect(),
        }
    }
}

impl TierOverride {
    /// A stored decision; none when everything was taken back.
    pub fn of(row: &tier_override::Model) -> Option<Self> {
        let decided = TierOverride {
            manual_tier: filled(&row.manual_tier),
            manual_reason: filled(&row.manual_reason),
            manual_until: filled(&row.manual_until),
            floor_tier: filled(&row.floor_tier),
        };
        (decided.manual_tier.is_some() || decided.floor_tier.is_some()).then_some(decided)
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
