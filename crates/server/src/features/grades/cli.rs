//! `clientele grade`.

use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use super::run::GradeInput;
use crate::{
    app::App,
    cli::{Global, print_result, submit, warn},
    error::Result,
    features::settings,
    jobs::JobKind,
};

/// Options of `grade`.
#[derive(Args)]
pub struct GradeArgs {
    /// The last date that counts; today in the chain's zone unless given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// Grades everybody.
///
/// # Errors
/// When book or warehouse fail.
pub async fn grade(app: App, global: &Global, args: GradeArgs) -> Result<ExitCode> {
    let input = GradeInput {
        as_of: args.as_of,
        ..GradeInput::default()
    };
    let output = submit(&app, global, JobKind::Grade, input).await?;
    print_result(global, &output);
    let lapse_days = settings::load(app.db.read()).await?.lapse_days;
    let date = |key: &str| {
        output[key]
            .as_str()
            .and_then(|text| text.parse::<Date>().ok())
    };
    if let (Some(as_of), Some(until)) = (date("as_of"), date("data_until"))
        && i64::from((as_of - until).get_days()) > lapse_days
    {
        warn(format_args!(
            "The last order is of {until}, so everybody has lapsed by {as_of}. \
             Use --as-of {until} to see how things stood then."
        ));
    }
    Ok(ExitCode::SUCCESS)
}
