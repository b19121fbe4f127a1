//! The sample chain over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{DemoInput, SOURCE, cli::yesterday};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::stores::entity::store,
    http::JsonBody,
    jobs::{self, Job, JobKind},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateDemo {
    /// How many people; 20,000 unless told otherwise.
    customers: Option<u64>,
    /// The same seed makes the same chain.
    seed: Option<u64>,
}

/// Makes a sample chain to explore, as a job.
#[utoipa::path(post, path = "/demo", tag = "jobs",
    extensions(("x-permission" = json!("imports.create"))), request_body = CreateDemo,
    responses((status = 202, body = Job), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_demo(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<CreateDemo>,
) -> Result<impl IntoResponse> {
    let input = DemoInput {
        customers: body.customers.unwrap_or(20_000),
        seed: body.seed.unwrap_or(7),
        until: yesterday(&app).await?,
    };
    input.check()?;
    refuse_second(&app).await?;
    let job = app.db.post(&ctx, move |tx| {
        let input = input.clone();
        Box::pin(async move {
            let id = jobs::enqueue(tx, JobKind::Demo, &input).await?;
            Job::of(tx, id).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Refuses when the book holds a sample chain already.
pub(super) async fn refuse_second(app: &App) -> Result<()> {
    let present = store::Entity::find()
        .filter(store::Column::Source.eq(SOURCE))
        .one(app.db.read())
        .await?;
    if present.is_none() {
        return Ok(());
    }
    let detail = "The book holds a sample chain already. Use another data folder for a second one.";
    Err(Error::conflict("demo_exists", detail))
}

/// Routes of the sample chain.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_demo))
}
