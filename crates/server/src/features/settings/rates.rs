//! Exchange rates to the reporting currency, by day.

use std::collections::{BTreeMap, BTreeSet};

use clientele_domain::money::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entity::{exchange_rate, setting};
use crate::{
    db::{Tx, What, insert_all},
    error::{Error, Result},
    http::IfMatch,
};

/// One rate as people enter it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// ISO 4217.
    pub currency: String,
    /// First business date it holds.
    #[schema(format = "date")]
    pub valid_from: String,
    /// Reporting units for one unit of the currency, as decimal text.
    pub rate: String,
}

impl Rate {
    /// The rate as it is stored: the currency in capitals, the day with dashes.
    fn checked(&self) -> Result<Self> {
        let currency = Currency::parse(&self.currency)
            .map_err(|_| Error::invalid("currency", "currency_unknown", "Use an ISO 4217 code."))?;
        let valid_from: Date = self.valid_from.parse().map_err(|_| {
            let detail = "Use a date like 2026-01-31.";
            Error::invalid("valid_from", "date_invalid", detail)
        })?;
        let number = self.rate.parse::<Decimal>();
        if !number.is_ok_and(|number| number > Decimal::ZERO) {
            let detail = "A rate is a number above zero.";
            return Err(Error::invalid("rate", "rate_invalid", detail));
        }
        Ok(Rate {
            currency: currency.code().to_owned(),
            valid_from: valid_from.to_string(),
            rate: self.rate.clone(),
        })
    }
}

/// Every rate, ready for look-ups by day.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    reporting: String,
    by_currency: BTreeMap<String, BTreeMap<String, Decimal>>,
}

impl Rates {
    /// The rate of a currency on a business date: the latest that began on or
    /// before it; 1 for the reporting currency itself.
    pub fn on(&self, currency: &str, business_date: &str) -> Option<Decimal> {
        if currency == self.reporting {
            return Some(Decimal::ONE);
        }
        let by_day = self.by_currency.get(currency)?;
        by_day
            .range(..=business_date.to_owned())
            .next_back()
            .map(|(_, &rate)| rate)
    }
}

/// Reads every rate.
///
/// # Errors
/// When the book fails.
pub async fn load_rates(connection: &impl ConnectionTrait) -> Result<Rates> {
    let reporting = super::load(connection).await?.reporting_currency;
    let mut rates = Rates {
        reporting,
        ..Rates::default()
    };
    for row in exchange_rate::Entity::find().all(connection).await? {
        if let Ok(rate) = row.rate.parse() {
            rates
                .by_currency
                .entry(row.currency)
                .or_default()
                .insert(row.valid_from, rate);
        }
    }
    Ok(rates)
}

/// The row of the table `settings` that counts how often the rates were replaced.
const VERSION: &str = "exchange_rates";

/// How often the rates were replaced.
async fn version(connection: &impl ConnectionTrait) -> Result<i64> {
    let row = setting::Entity::find_by_id(VERSION).one(connection).await?;
    Ok(row.map_or(0, |row| row.version))
}

/// The rates as people see them, by currency and day, with their version.
pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<(Vec<Rate>, i64)> {
    let version = version(connection).await?;
    let rows = exchange_rate::Entity::find()
        .order_by_asc(exchange_rate::Column::Currency)
        .order_by_asc(exchange_rate::Column::ValidFrom)
        .all(connection)
        .await?;
    let rates = rows
        .into_iter()
        .map(|row| Rate {
            currency: row.currency,
            valid_from: row.valid_from,
            rate: row.rate,
        })
        .collect();
    Ok((rates, version))
}

/// Replaces the rates that the caller has read.
///
/// # Errors
/// `stale`, or as [`put_rates`].
pub(super) async fn replace(tx: &Tx, rates: &[Rate], read: IfMatch) -> Result<()> {
    read.check(version(tx.conn()).await?)?;
    put_rates(tx, rates).await
}

/// Sets one rate beside the others, or over the one its currency has from that day.
///
/// # Errors
/// As [`put_rates`].
pub(super) async fn put_rate(tx: &Tx, rate: &Rate) -> Result<()> {
    let rate = rate.checked()?;
    let (mut rates, _) = list(tx.conn()).await?;
    rates.retain(|other| other.currency != rate.currency || other.valid_from != rate.valid_from);
    rates.push(rate);
    put_rates(tx, &rates).await
}

/// Replaces all rates. Orders keep the rate of their own day as it was when they
/// arrived.
///
/// # Errors
/// `currency_unknown`, `date_invalid`, `rate_invalid`, `rate_doubled`.
pub async fn put_rates(tx: &Tx, rates: &[Rate]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut rows = Vec::with_capacity(rates.len());
    for rate in rates {
        let rate = rate.checked()?;
        if !seen.insert((rate.currency.clone(), rate.valid_from.clone())) {
            let detail = "A currency has one rate for each first day.";
            return Err(Error::invalid("valid_from", "rate_doubled", detail));
        }
        rows.push(exchange_rate::ActiveModel {
            currency: Set(rate.currency),
            valid_from: Set(rate.valid_from),
            rate: Set(rate.rate),
        });
    }
    exchange_rate::Entity::delete_many().exec(tx.conn()).await?;
    insert_all::<exchange_rate::Entity, _>(tx.conn(), rows).await?;
    let counted = setting::ActiveModel {
        key: Set(VERSION.to_owned()),
        value: Set(String::new()),
        version: Set(version(tx.conn()).await? + 1),
    };
    setting::Entity::insert(counted)
        .on_conflict(
            OnConflict::column(setting::Column::Key)
                .update_column(setting::Column::Version)
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("exchange_rates", 0, What::Updated);
    tx.audit(
        "update",
        "exchange_rates",
        0,
        json!({ "rates": rates.len() }),
    );
    Ok(())
}
