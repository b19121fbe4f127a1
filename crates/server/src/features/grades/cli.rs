//! Being written.
#[derive(clap::Args)]
pub struct GradeArgs {}
pub async fn grade(_app: crate::app::App, _global: &crate::cli::Global, _args: GradeArgs) -> crate::error::Result<std::process::ExitCode> { Ok(std::process::ExitCode::FAILURE) }
