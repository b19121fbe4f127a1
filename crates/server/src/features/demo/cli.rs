//! `clientele demo`.

use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use super::DemoInput;
use crate::{
    app::App,
    cli::{Global, print_result, submit},
    error::Result,
    features::{settings, status},
    jobs::JobKind,
};

/// Options of `demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// How many people.
    #[arg(long, default_value_t = 20_000)]
    customers: u64,
    /// The same seed and last day make the same chain.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The last day of its three years; yesterday when left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<Date>,
}

/// Makes the sample chain and tells what the book holds then.
///
/// # Errors
/// `demo_exists`, or when the book fails.
pub async fn demo(app: App, global: &Global, args: DemoArgs) -> Result<ExitCode> {
    let until = match args.until {
        Some(day) => day,
        None => yesterday(&app).await?,
    };
    let input = DemoInput {
        customers: args.customers,
        seed: args.seed,
        until,
    };
    input.check()?;
    super::api::refuse_second(&app).await?;
    submit(&app, global, JobKind::Demo, input).await?;
    print_result(global, &status::summarize(&app).await?);
    Ok(ExitCode::SUCCESS)
}

/// Yesterday in the chain's zone.
pub(super) async fn yesterday(app: &App) -> Result<Date> {
    let zone = settings::load(app.db.read()).await?.time_zone;
    let zone = jiff::tz::TimeZone::get(&zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let today = zone.to_datetime(app.env.now()).date();
    Ok(today.yesterday().unwrap_or(today))
}
