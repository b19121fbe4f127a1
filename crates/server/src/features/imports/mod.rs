//! Being written.

pub mod cli;

pub mod entity;
pub fn routes() -> utoipa_axum::router::OpenApiRouter<crate::app::App> { utoipa_axum::router::OpenApiRouter::new() }
pub async fn run(_run: &crate::jobs::JobRun) -> crate::error::Result<crate::jobs::Outcome> { Ok(crate::jobs::Outcome::Cancelled) }
pub async fn run_undo(_run: &crate::jobs::JobRun) -> crate::error::Result<crate::jobs::Outcome> { Ok(crate::jobs::Outcome::Cancelled) }
