//! `clientele warehouse …` and `clientele check`.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::check;
use crate::{
    app::App,
    cli::{Global, print_result, say, submit},
    db,
    error::Result,
    jobs::JobKind,
};

/// What can be done with the columnar copy.
#[derive(Subcommand)]
pub enum WarehouseCommand {
    /// Bring the copy up to the newest change of the book.
    Sync,
    /// Build the copy anew from the book.
    Rebuild,
}

/// Runs `clientele warehouse …`.
///
/// # Errors
/// When book or warehouse fail.
pub async fn run(app: App, global: &Global, command: WarehouseCommand) -> Result<ExitCode> {
    match command {
        WarehouseCommand::Sync => {
            let position = super::sync_now(&app).await?;
            let head = db::feed_head(&app.db).await?;
            let lag = (head - position).max(0);
            print_result(global, &json!({ "position": position, "feed_lag": lag }));
        }
        WarehouseCommand::Rebuild => {
            let output = submit(&app, global, JobKind::RebuildWarehouse, json!({})).await?;
            print_result(global, &output);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs `clientele check`: exit code 3 when something differs.
///
/// # Errors
/// `book_busy`, or when book or warehouse fail.
pub async fn check(app: App, global: &Global) -> Result<ExitCode> {
    let check = check::check(&app).await?;
    if global.json {
        print_result(global, &check);
    } else {
        for finding in &check.findings {
            let sign = if finding.ok { "ok " } else { "BAD" };
            say(format_args!("{sign} {}: {}", finding.name, finding.detail));
            if let Some(remedy) = finding.remedy {
                say(format_args!("    {remedy}"));
            }
        }
        let verdict = if check.ok {
            "book and warehouse agree"
        } else {
            "something differs"
        };
        say(format_args!("{verdict}"));
    }
    Ok(if check.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}
