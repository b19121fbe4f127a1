//! Being written.
use std::process::ExitCode;
#[derive(clap::Subcommand)]
pub enum WarehouseCommand { Rebuild }
pub async fn run(_app: crate::app::App, _global: &crate::cli::Global, _command: WarehouseCommand) -> crate::error::Result<ExitCode> { Ok(ExitCode::FAILURE) }
pub async fn check(_app: crate::app::App, _global: &crate::cli::Global) -> crate::error::Result<ExitCode> { Ok(ExitCode::FAILURE) }
