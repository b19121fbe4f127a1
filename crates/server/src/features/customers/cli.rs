//! Being written.
#[derive(clap::Args)]
pub struct ExportArgs {}
pub async fn export(_app: crate::app::App, _global: &crate::cli::Global, _args: ExportArgs) -> crate::error::Result<std::process::ExitCode> { Ok(std::process::ExitCode::FAILURE) }
