//! Being written.
use std::process::ExitCode;
#[derive(clap::Args)]
pub struct ImportArgs {}
#[derive(clap::Args)]
pub struct UndoArgs {}
pub async fn import(_app: crate::app::App, _global: &crate::cli::Global, _args: ImportArgs) -> crate::error::Result<ExitCode> { Ok(ExitCode::FAILURE) }
pub async fn undo(_app: crate::app::App, _global: &crate::cli::Global, _args: UndoArgs) -> crate::error::Result<ExitCode> { Ok(ExitCode::FAILURE) }
