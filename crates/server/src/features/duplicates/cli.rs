//! Being written.
pub async fn find(_app: crate::app::App, _global: &crate::cli::Global) -> crate::error::Result<std::process::ExitCode> { Ok(std::process::ExitCode::FAILURE) }
