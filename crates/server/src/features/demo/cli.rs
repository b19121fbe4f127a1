//! Being written.
#[derive(clap::Args)]
pub struct DemoArgs {}
pub async fn demo(_app: crate::app::App, _global: &crate::cli::Global, _args: DemoArgs) -> crate::error::Result<std::process::ExitCode> { Ok(std::process::ExitCode::FAILURE) }
