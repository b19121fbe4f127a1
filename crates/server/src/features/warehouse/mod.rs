//! Being written.

pub mod cli;
pub async fn run_rebuild(_run: &crate::jobs::JobRun) -> crate::error::Result<crate::jobs::Outcome> { Ok(crate::jobs::Outcome::Cancelled) }
pub async fn follow_feed(_app: crate::app::App) {}
