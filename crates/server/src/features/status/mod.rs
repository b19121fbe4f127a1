//! What the book holds, in one look: for people, scripts and monitors.

mod bundle;
mod metrics;
mod summary;
mod system;

pub use self::{
    bundle::bundle,
    metrics::{metrics, ready},
    summary::{Status, summarize},
};
use crate::app::App;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the status and of the system page.
pub fn routes() -> OpenApiRouter<App> {
    summary::routes()
        .merge(system::routes())
        .merge(bundle::routes())
}
