//! Reads of schemes.

use clientele_domain::{
    money::Currency,
    tier::{Scheme, default_scheme},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::scheme;
use crate::{
    error::{Error, Result},
    features::settings,
};

/// The scheme in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its version; 0 for the default while nothing was ever published.
    pub version: i64,
    /// The rules.
    pub scheme: Scheme,
}

/// The scheme somebody works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The version it will have.
    pub version: i64,
    /// How often it was saved.
    pub edit: i64,
    /// The rules.
    pub scheme: Scheme,
}

/// The scheme in force; before anything was published the default one.
///
/// # Errors
/// When the book fails.
pub async fn published(connection: &impl ConnectionTrait) -> Result<Published> {
    match in_state(connection, "published").await? {
        Some(row) => Ok(Published {
            version: row.version,
            scheme: serde_json::from_str(&row.scheme)?,
        }),
        None => Ok(Published {
            version: 0,
            scheme: default_scheme(currency(connection).await?),
        }),
    }
}

/// The scheme of a version, retired ones included; the one in force when there
/// is no such version.
///
/// # Errors
/// When the book fails.
pub async fn scheme_of(connection: &impl ConnectionTrait, version: i64) -> Result<Published> {
    match scheme::Entity::find_by_id(version).one(connection).await? {
        Some(row) => Ok(Published {
            version,
            scheme: serde_json::from_str(&row.scheme)?,
        }),
        None => published(connection).await,
    }
}

/// The draft, if somebody works on one.
///
/// # Errors
/// When the book fails.
pub async fn draft(connection: &impl ConnectionTrait) -> Result<Option<Draft>> {
    let Some(row) = in_state(connection, "draft").await? else {
        return Ok(None);
    };
    let scheme = serde_json::from_str(&row.scheme)?;
    Ok(Some(Draft {
        version: row.version,
        edit: row.edit,
        scheme,
    }))
}

/// The draft that must be there.
pub(super) async fn draft_of(connection: &impl ConnectionTrait) -> Result<Draft> {
    draft(connection)
        .await?
        .ok_or_else(|| Error::not_found("draft"))
}

/// The number after the newest version.
pub(super) async fn next_version(connection: &impl ConnectionTrait) -> Result<i64> {
    let last = scheme::Entity::find()
        .order_by_desc(scheme::Column::Version)
        .limit(1)
        .one(connection)
        .await?;
    Ok(last.map_or(0, |row| row.version) + 1)
}

/// The currency of thresholds: the reporting currency, or dollars until there
/// is one.
pub(super) async fn currency(connection: &impl ConnectionTrait) -> Result<Currency> {
    let code = settings::load(connection).await?.reporting_currency;
    let fallback = || Currency::parse("USD").expect("USD is a currency");
    Ok(Currency::parse(&code).unwrap_or_else(|_| fallback()))
}

async fn in_state(connection: &impl ConnectionTrait, state: &str) -> Result<Option<scheme::Model>> {
    Ok(scheme::Entity::find()
        .filter(scheme::Column::State.eq(state))
        .order_by_desc(scheme::Column::Version)
        .limit(1)
        .one(connection)
        .await?)
}
