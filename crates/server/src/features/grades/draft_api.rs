//! Trying a draft out, and putting it in force with everybody graded anew.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    run::{GradeInput, Reason},
    simulation::{self, Simulation},
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    features::tiers,
    jobs::{self, Job, JobKind},
};

/// Tells who would move if the draft were published now.
#[utoipa::path(post, path = "/tier-scheme/draft/simulate", tag = "grading",
    extensions(("x-permission" = json!("tiers.edit"))),
    responses((status = 200, body = Simulation), (status = 404, body = Problem)))]
async fn simulate_draft(State(app): State<App>) -> Result<Json<Simulation>> {
    Ok(Json(simulation::simulate(&app).await?))
}

/// Publishes the draft and has everybody graded by it.
#[utoipa::path(post, path = "/tier-scheme/draft/publish", tag = "grading",
    extensions(("x-permission" = json!("tiers.approve"))),
    responses((status = 202, body = Job), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn publish_draft(State(app): State<App>, ctx: Ctx) -> Result<impl IntoResponse> {
    let job = app.db.post(&ctx, |tx| {
        Box::pin(async move {
            tiers::publish(tx).await?;
            let input = GradeInput {
                reason: Reason::Scheme,
                ..GradeInput::default()
            };
            let id = jobs::enqueue(tx, JobKind::Grade, &input).await?;
            Job::of(tx, id).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Routes of trying and publishing.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(simulate_draft))
        .routes(routes!(publish_draft))
}
