//! Being written.

pub mod entity;
pub fn routes() -> utoipa_axum::router::OpenApiRouter<crate::app::App> { utoipa_axum::router::OpenApiRouter::new() }
