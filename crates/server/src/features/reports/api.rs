//! Reports over HTTP.

use axum::{Json, extract::State};
use serde::Serialize;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    home::{self, HomeReport},
    monthly::{self, MonthlyParams, MonthlyReport},
    spread::{self, DistributionReport, RfmReport},
    stores::{self, StoresReport},
};
use crate::{
    access::{Permission, Scope},
    app::App,
    ctx::Ctx,
    db,
    error::{Problem, Result},
    http::UrlQuery,
};

/// Works a report out, or takes the answer for the same state of things. The
/// day is part of the question, because reports end today, and so is whom it may tell
/// of.
async fn once<T: Serialize>(
    app: &App,
    ctx: &Ctx,
    question: impl std::fmt::Debug,
    work_out: impl Future<Output = Result<T>>,
) -> Result<Json<Value>> {
    // The copy moves after the book: an answer holds for this pair.
    let state = (db::feed_head(&app.db).await?, app.warehouse.position());
    let hour = ctx.now().as_second() / 3600;
    let scope = scope(ctx);
    let question = format!("{question:?} {scope:?} {hour} {}", state.1);
    let answer = app
        .shared
        .answer(state.0, question, async {
            Ok(serde_json::to_value(work_out.await?)?)
        })
        .await?;
    Ok(Json((*answer).clone()))
}

fn scope(ctx: &Ctx) -> &Scope {
    ctx.scope(Permission::ReportsSee)
}

/// Shows the figures that matter, each with its recent past.
#[utoipa::path(get, path = "/reports/home", tag = "reports",
    extensions(("x-permission" = json!("reports.see"))),
    responses((status = 200, body = HomeReport), (status = 403, body = Problem)))]
async fn get_home_report(State(app): State<App>, ctx: Ctx) -> Result<Json<Value>> {
    once(&app, &ctx, "home", home::home(&app, scope(&ctx))).await
}

/// Shows sales by month with new and returning customers.
#[utoipa::path(get, path = "/reports/monthly", tag = "reports",
    extensions(("x-permission" = json!("reports.see"))), params(MonthlyParams),
    responses((status = 200, body = MonthlyReport), (status = 403, body = Problem)))]
async fn get_monthly_report(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(params): UrlQuery<MonthlyParams>,
) -> Result<Json<Value>> {
    once(
        &app,
        &ctx,
        ("monthly", &params),
        monthly::monthly(&app, scope(&ctx), &params),
    )
    .await
}

/// Shows how customers spread over recency, frequency and the named groups.
#[utoipa::path(get, path = "/reports/rfm", tag = "reports",
    extensions(("x-permission" = json!("reports.see"))),
    responses((status = 200, body = RfmReport), (status = 403, body = Problem)))]
async fn get_rfm_report(State(app): State<App>, ctx: Ctx) -> Result<Json<Value>> {
    once(&app, &ctx, "rfm", spread::rfm(&app, scope(&ctx))).await
}

/// Shows how customers spread over tiers, ABC classes and lifecycle stages.
#[utoipa::path(get, path = "/reports/distribution", tag = "reports",
    extensions(("x-permission" = json!("reports.see"))),
    responses((status = 200, body = DistributionReport), (status = 403, body = Problem)))]
async fn get_distribution_report(State(app): State<App>, ctx: Ctx) -> Result<Json<Value>> {
    once(
        &app,
        &ctx,
        "distribution",
        spread::distribution(&app, scope(&ctx)),
    )
    .await
}

/// Shows what every store sold in the last 365 days.
#[utoipa::path(get, path = "/reports/stores", tag = "reports",
    extensions(("x-permission" = json!("reports.see"))),
    responses((status = 200, body = StoresReport), (status = 403, body = Problem)))]
async fn get_stores_report(State(app): State<App>, ctx: Ctx) -> Result<Json<Value>> {
    once(&app, &ctx, "stores", stores::stores(&app, scope(&ctx))).await
}

/// Routes of reports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_home_report))
        .routes(routes!(get_monthly_report))
        .routes(routes!(get_rfm_report))
        .routes(routes!(get_distribution_report))
        .routes(routes!(get_stores_report))
}
