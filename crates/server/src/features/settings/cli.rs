//! `clientele settings …` and `clientele rates …`.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::{civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

use super::{
    Rate, change, load, load_versioned,
    rates::{list, put_rate},
};
use crate::{
    app::App,
    cli::{Global, print_result, say},
    error::Result,
};

/// What can be done with the settings.
#[derive(Subcommand)]
pub enum SettingsCommand {
    /// Change one setting.
    Set {
        /// Its name, as `clientele settings` lists it.
        key: String,
        /// What it shall be; an empty text stands for none.
        #[arg(allow_negative_numbers = true)]
        value: String,
    },
}

/// What can be done with the exchange rates.
#[derive(Subcommand)]
pub enum RatesCommand {
    /// Set what a currency is worth in the reporting currency from a day on.
    Set {
        /// ISO 4217 code, such as EUR.
        currency: String,
        /// Reporting units for one unit of the currency, such as 1.47.
        #[arg(allow_negative_numbers = true)]
        rate: String,
        /// First business date it holds; today in the chain's zone unless given.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
    },
}

/// Runs `clientele settings`: changes one if asked to, and lists them all.
///
/// # Errors
/// What the API refuses, or when the book fails.
pub async fn settings(
    app: App,
    global: &Global,
    command: Option<SettingsCommand>,
) -> Result<ExitCode> {
    if let Some(SettingsCommand::Set { key, value }) = command {
        app.db
            .write(&app.system_ctx(), move |tx| {
                let (key, value) = (key.clone(), value.clone());
                Box::pin(async move {
                    let (now, version) = load_versioned(tx.conn()).await?;
                    let now = serde_json::to_value(now)?;
                    let value = like(&now[&key], value);
                    change(tx, Map::from_iter([(key, value)]), version).await
                })
            })
            .await?;
    }
    print_result(global, &load(app.db.read()).await?);
    Ok(ExitCode::SUCCESS)
}

/// A value as typed, as a number where the setting is one now; what is no number
/// then is refused with the others that do not fit.
fn like(now: &Value, text: String) -> Value {
    match text.parse::<i64>() {
        Ok(number) if now.is_number() => number.into(),
        _ => text.into(),
    }
}

/// Runs `clientele rates`: sets one if asked to, and lists them all.
///
/// # Errors
/// What the API refuses, or when the book fails.
pub async fn rates(app: App, global: &Global, command: Option<RatesCommand>) -> Result<ExitCode> {
    if let Some(RatesCommand::Set {
        currency,
        rate,
        from,
    }) = command
    {
        let from = match from {
            Some(day) => day,
            None => today(&app).await?,
        };
        let rate = Rate {
            currency,
            valid_from: from.to_string(),
            rate,
        };
        app.db
            .write(&app.system_ctx(), move |tx| {
                let rate = rate.clone();
                Box::pin(async move { put_rate(tx, &rate).await })
            })
            .await?;
    }
    let (rates, _) = list(app.db.read()).await?;
    if global.json {
        print_result(global, &rates);
        return Ok(ExitCode::SUCCESS);
    }
    for rate in &rates {
        say(format_args!(
            "{} {} {}",
            rate.currency, rate.valid_from, rate.rate
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Today in the chain's zone.
async fn today(app: &App) -> Result<Date> {
    let zone = load(app.db.read()).await?.time_zone;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    Ok(zone.to_datetime(app.env.now()).date())
}
