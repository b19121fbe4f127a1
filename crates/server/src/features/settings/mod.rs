//! The chain's own choices and its exchange rates. Tables: `settings` (one row,
//! `chain`) and `exchange_rates`. Invariant: the reporting currency cannot change
//! once orders were converted into it.

mod api;
pub mod cli;
pub mod entity;
mod nightly;
mod rates;

use clientele_domain::{mapping, money::Currency};
use jiff::tz::TimeZone;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::{
    api::routes,
    nightly::{Night, keep as keep_nightly},
    rates::{Rate, Rates, load_rates, put_rates},
};
use crate::{
    db::{Tx, What},
    error::{Error, Result},
};

/// The chain's own choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What the chain is called.
    pub chain_name: String,
    /// ISO 4217; empty until the settings or the first orders decide.
    pub reporting_currency: String,
    /// IANA name of the zone that holds where a store has none.
    pub time_zone: String,
    /// Minutes after midnight at which a business day ends.
    pub day_cut_minutes: i64,
    /// ISO 3166 alpha-2; completes phone numbers without a country code.
    pub country: String,
    /// Days that frequency and monetary value look back.
    pub rfm_window_days: i64,
    /// Days without an order after which a customer counts as lapsed.
    pub lapse_days: i64,
    /// Local hour of the nightly grading, or -1 for none.
    pub grade_hour: i64,
    /// Local hour of the nightly backup, or -1 for none.
    pub backup_hour: i64,
    /// How many backups are kept.
    pub backups_kept: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            chain_name: String::new(),
            reporting_currency: String::new(),
            time_zone: "UTC".to_owned(),
            day_cut_minutes: 0,
            country: String::new(),
            rfm_window_days: 365,
            lapse_days: 365,
            grade_hour: 4,
            backup_hour: 2,
            backups_kept: 14,
        }
    }
}

impl Settings {
    /// The country that completes phone numbers where nothing nearer names one: the
    /// chosen one, else the one whose time zone the chain keeps, else empty.
    pub fn phone_country(&self) -> &str {
        if self.country.is_empty() {
            mapping::country_of_zone(&self.time_zone).unwrap_or_default()
        } else {
            &self.country
        }
    }

    /// The settings as they are stored, with the currency in capitals.
    fn checked(mut self) -> Result<Self> {
        if !self.reporting_currency.is_empty() {
            let currency = Currency::parse(&self.reporting_currency).map_err(|_| {
                let detail = "Use an ISO 4217 code such as EUR.";
                Error::invalid("reporting_currency", "currency_unknown", detail)
            })?;
            self.reporting_currency = currency.code().to_owned();
        }
        if TimeZone::get(&self.time_zone).is_err() {
            let detail = "Use an IANA name such as Asia/Singapore.";
            return Err(Error::invalid("time_zone", "time_zone_unknown", detail));
        }
        if !self.country.is_empty() && mapping::country_by_code(&self.country).is_none() {
            let detail = "Use an ISO 3166 code such as SG.";
            return Err(Error::invalid("country", "country_unknown", detail));
        }
        within("day_cut_minutes", self.day_cut_minutes, 0, 12 * 60)?;
        within("rfm_window_days", self.rfm_window_days, 30, 3660)?;
        within("lapse_days", self.lapse_days, 14, 3660)?;
        within("grade_hour", self.grade_hour, -1, 23)?;
        within("backup_hour", self.backup_hour, -1, 23)?;
        within("backups_kept", self.backups_kept, 1, 400)?;
        Ok(self)
    }
}

fn within(field: &str, value: i64, least: i64, most: i64) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let detail = format!("Choose a number from {least} to {most}.");
    Err(Error::invalid(field, "number_out_of_range", detail)
        .with("least", least)
        .with("most", most))
}

/// The settings as they are.
///
/// # Errors
/// When the book fails.
pub async fn load(connection: &impl ConnectionTrait) -> Result<Settings> {
    Ok(load_versioned(connection).await?.0)
}

/// The settings and the version an edit must name; 0 while nothing was saved.
///
/// # Errors
/// When the book fails.
pub async fn load_versioned(connection: &impl ConnectionTrait) -> Result<(Settings, i64)> {
    match entity::setting::Entity::find_by_id("chain")
        .one(connection)
        .await?
    {
        Some(row) => Ok((serde_json::from_str(&row.value)?, row.version)),
        None => Ok((Settings::default(), 0)),
    }
}

/// Changes the settings that are named, over the version they were read at; the
/// others stay.
///
/// # Errors
/// `setting_unknown`, or as [`save`].
async fn change(tx: &Tx, changes: Map<String, Value>, version: i64) -> Result<()> {
    let mut merged = serde_json::to_value(load(tx.conn()).await?)?;
    for (key, value) in changes {
        merged[&key] = value;
    }
    let settings = serde_json::from_value(merged)
        .map_err(|error| Error::invalid("settings", "setting_unknown", error.to_string()))?;
    save(tx, settings, version).await
}

/// Saves the settings over the version they were read at.
///
/// # Errors
/// `stale`, or what does not fit.
pub async fn save(tx: &Tx, settings: Settings, version: i64) -> Result<()> {
    let settings = settings.checked()?;
    let (before, now) = load_versioned(tx.conn()).await?;
    if now != version {
        return Err(Error::stale());
    }
    if before.reporting_currency != settings.reporting_currency
        && currency_is_fixed(tx.conn(), &before).await?
    {
        return Err(Error::conflict(
            "reporting_currency_in_use",
            "Orders were already converted into this currency, so it can no longer change.",
        )
        .at("reporting_currency"));
    }
    let row = entity::setting::ActiveModel {
        key: Set("chain".to_owned()),
        value: Set(serde_json::to_string(&settings)?),
        version: Set(version + 1),
    };
    entity::setting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(entity::setting::Column::Key)
                .update_columns([
                    entity::setting::Column::Value,
                    entity::setting::Column::Version,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("settings", 0, What::Updated);
    tx.audit(
        "update",
        "settings",
        0,
        json!({ "before": before, "after": settings }),
    );
    Ok(())
}

/// Whether the reporting currency can no longer change: orders were converted into it.
///
/// # Errors
/// When the book fails.
pub async fn currency_is_fixed(
    connection: &impl ConnectionTrait,
    settings: &Settings,
) -> Result<bool> {
    use crate::features::orders::entity::order;
    if settings.reporting_currency.is_empty() {
        return Ok(false);
    }
    let first = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::Id.gt(0))
        .limit(1)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(first.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_completed_by_the_chosen_country_or_the_zones() {
        let check = |country: &str, time_zone: &str, wanted: &str| {
            let settings = Settings {
                country: country.to_owned(),
                time_zone: time_zone.to_owned(),
                ..Settings::default()
            };
            assert_eq!(settings.phone_country(), wanted, "{country} {time_zone}");
        };
        check("", "Asia/Singapore", "SG");
        check("MY", "Asia/Singapore", "MY");
        check("", "UTC", "");
        check("SG", "UTC", "SG");
    }

    #[test]
    fn currencies_are_stored_in_capitals() {
        let settings = Settings {
            reporting_currency: "sgd".to_owned(),
            ..Settings::default()
        };
        assert_eq!(settings.checked().unwrap().reporting_currency, "SGD");
    }
}
