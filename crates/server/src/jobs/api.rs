//! Jobs over HTTP.

use axum::{Json, extract::State};
use clientele_domain::id::JobId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{JobKind, store};
use crate::{
    app::App,
    ctx::Ctx,
    db::Tx,
    entities::job,
    error::{Error, Problem, Result},
    http::{List, PageQuery, UrlPath, UrlQuery, instant},
};

/// A piece of long work.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// `queued`, `running`, `paused`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Which part it is at; a code the screens translate.
    pub phase: String,
    /// Units done.
    pub done: i64,
    /// Units in all, 0 while unknown.
    pub total: i64,
    /// Units per second since it started.
    pub rate_per_s: f64,
    /// Seconds left at that rate, when that can be said.
    pub seconds_left: Option<i64>,
    /// How often it was started.
    pub attempt: i64,
    /// Why it failed.
    #[schema(value_type = Option<Object>)]
    pub error: Option<Value>,
    /// What it has to say when done.
    #[schema(value_type = Option<Object>)]
    pub output: Option<Value>,
    /// When it was enqueued.
    pub created_at: String,
    /// When it first started.
    pub started_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
    /// What can be asked of it now: `pause`, `resume`, `cancel`, `retry`.
    pub can: Vec<String>,
}

impl Job {
    /// The job as the action that asks sees it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn of(tx: &Tx, id: JobId) -> Result<Self> {
        Job::from_row(&store::find(tx.conn(), id).await?, tx.ctx().now_micros())
    }

    /// The job as people see it at an instant in microseconds.
    ///
    /// # Errors
    /// When the row was written by a newer program.
    pub fn from_row(row: &job::Model, now: i64) -> Result<Self> {
        let until = row.finished_at.unwrap_or(now);
        let seconds = row
            .started_at
            .map_or(0.0, |start| (until - start).max(1) as f64 / 1e6);
        let rate = if seconds > 0.0 {
            row.done as f64 / seconds
        } else {
            0.0
        };
        let running = row.state == "running";
        let left = (running && rate > 0.0 && row.total > row.done)
            .then(|| ((row.total - row.done) as f64 / rate).ceil() as i64);
        let can: &[&str] = match row.state.as_str() {
            "queued" | "running" => &["pause", "cancel"],
            "paused" => &["resume", "cancel"],
            "failed" | "cancelled" => &["retry"],
            _ => &[],
        };
        Ok(Job {
            id: JobId(row.id),
            kind: store::kind_of(&row.kind)?,
            state: row.state.clone(),
            phase: row.phase.clone(),
            done: row.done,
            total: row.total,
            rate_per_s: (rate * 10.0).round() / 10.0,
            seconds_left: left,
            attempt: row.attempt,
            error: serde_json::from_str(&row.error).unwrap_or(None),
            output: serde_json::from_str(&row.output).unwrap_or(None),
            created_at: instant(row.created_at),
            started_at: row.started_at.map(instant),
            finished_at: row.finished_at.map(instant),
            can: can.iter().map(|&word| word.to_owned()).collect(),
        })
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct JobsQuery {
    /// One or more states, separated by commas.
    state: Option<String>,
}

/// Lists jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs",
    extensions(("x-permission" = json!("jobs.see"))), params(JobsQuery, PageQuery),
    responses((status = 200, body = List<Job>), (status = 401, body = Problem)))]
async fn list_jobs(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<JobsQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<Job>>> {
    let before = page.after::<JobId>()?.map(|id| id.0);
    let limit = page.limit();
    let (rows, count) = store::list(&app.db, query.state.as_deref(), before, limit + 1).await?;
    let jobs = rows
        .iter()
        .map(|row| Job::from_row(row, ctx.now_micros()))
        .collect::<Result<Vec<_>>>()?;
    Ok(Json(List::of(jobs, limit, count, |job| job.id.to_string())))
}

/// Shows one job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs",
    extensions(("x-permission" = json!("jobs.see"))), params(("id" = JobId, Path)),
    responses((status = 200, body = Job), (status = 404, body = Problem)))]
async fn get_job(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<JobId>,
) -> Result<Json<Job>> {
    let row = store::find(app.db.read(), id).await?;
    Ok(Json(Job::from_row(&row, ctx.now_micros())?))
}

/// Asks a job to pause, resume, cancel or retry.
#[utoipa::path(post, path = "/jobs/{id}/{verb}", tag = "jobs",
    extensions(("x-permission" = json!("jobs.edit"))),
    params(("id" = JobId, Path), ("verb" = String, Path, description = "pause, resume, cancel or retry")),
    responses((status = 200, body = Job), (status = 409, body = Problem)))]
async fn control_job(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath((id, verb)): UrlPath<(JobId, String)>,
) -> Result<Json<Job>> {
    let wanted = match verb.as_str() {
        "pause" => "pause",
        "cancel" => "cancel",
        "resume" | "retry" => "run",
        _ => return Err(Error::not_found("verb")),
    };
    let job = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            store::request(tx, id, wanted).await?;
            Job::of(tx, id).await
        })
    });
    Ok(Json(job.await?))
}

/// Routes of jobs.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(control_job))
}
