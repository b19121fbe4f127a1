//! `clientele duplicates`.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    app::App,
    cli::{Global, print_result, submit},
    error::Result,
    jobs::JobKind,
};

/// Looks for likely duplicates and tells what was found.
///
/// # Errors
/// When the book fails.
pub async fn find(app: App, global: &Global) -> Result<ExitCode> {
    let output = submit(&app, global, JobKind::FindDuplicates, json!({})).await?;
    print_result(global, &output);
    Ok(ExitCode::SUCCESS)
}
