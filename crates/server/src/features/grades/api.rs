//! Grading over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::{
    id::{CustomerId, RunId, milliseconds},
    tier::{Override, Why},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use super::shape::{Grade, GradeTier, TierOverride};
use super::{
    draft_api,
    entity::{history, run},
    kept::Kept,
    overrides,
    run::GradeInput,
    store::{self, Summary},
};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::{settings, tiers},
    http::{IfMatch, JsonBody, List, PageQuery, UrlPath, UrlQuery, etag, instant},
    jobs::{self, Job, JobKind},
};

/// Milliseconds of the first id, in microseconds since 1970.
const IDS_BEGIN_MICROS: i64 = clientele_domain::id::EPOCH_2020_MS as i64 * 1_000;

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RunGrading {
    /// The last date that counts; today in the chain's zone unless given.
    #[schema(format = Date)]
    as_of: Option<String>,
}

/// One grading of everybody.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct GradeRun {
    id: RunId,
    /// The last date that counted.
    #[schema(format = Date)]
    as_of: String,
    /// The scheme that was applied.
    scheme_version: i64,
    /// Customers graded.
    customers: i64,
    /// Customers about whom something changed.
    changed: i64,
    /// Customers with another tier than before.
    moved: u64,
    /// Of these, those who rose.
    promoted: u64,
    /// Of these, those who fell.
    demoted: u64,
    /// The date of the last order in the book.
    #[schema(format = Date)]
    data_until: Option<String>,
    started_at: String,
    finished_at: String,
}

impl GradeRun {
    fn of(row: run::Model) -> Self {
        let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
        GradeRun {
            id: RunId(row.id),
            as_of: row.as_of,
            scheme_version: row.scheme_version,
            customers: row.customers,
            changed: row.changed,
            moved: summary.moved,
            promoted: summary.promoted,
            demoted: summary.demoted,
            data_until: summary.data_until,
            started_at: instant(row.started_at),
            finished_at: instant(row.finished_at),
        }
    }
}

/// A change of tier.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GradeChange {
    /// Its place in the customer's history.
    pub seq: i64,
    /// When it happened.
    pub at: String,
    /// The last date that counted.
    #[schema(format = Date)]
    pub as_of: String,
    /// The level before; absent below every level.
    pub from: Option<String>,
    /// The level after; absent below every level.
    pub to: Option<String>,
    /// `rule`, `held`, `grace`, `floor` or `manual`.
    pub cause: String,
    /// The RFM group at that time.
    pub rfm_group: Option<String>,
    /// The lifecycle stage at that time.
    pub lifecycle: Option<String>,
    /// The ABC class at that time.
    pub abc: Option<String>,
    /// The figures and the rule behind it.
    pub why: Option<Why>,
}

impl GradeChange {
    /// A row of the history with its explanation.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn of(app: &App, row: history::Model) -> Result<Self> {
        let kept = Kept::of(&row.why)?;
        let why = match (kept, row.as_of.parse::<Date>()) {
            (Some(kept), Ok(as_of)) => {
                let scheme = tiers::scheme_of(app.db.read(), kept.version).await?.scheme;
                Some(kept.why(&scheme, &row.tier_to, as_of, as_of))
            }
            _ => None,
        };
        let filled = |text: String| (!text.is_empty()).then_some(text);
        // Runs are named by ids, and ids carry their time.
        let at = IDS_BEGIN_MICROS + milliseconds(row.run_id) as i64 * 1_000;
        Ok(GradeChange {
            seq: row.seq,
            at: instant(at),
            as_of: row.as_of,
            from: filled(row.tier_from),
            to: filled(row.tier_to),
            cause: row.cause,
            rfm_group: filled(row.rfm_group),
            lifecycle: filled(row.lifecycle),
            abc: filled(row.abc),
            why,
        })
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PutOverride {
    /// A level given by hand; absent takes it back.
    manual_tier: Option<String>,
    /// Why it is given; needed with a level.
    manual_reason: Option<String>,
    /// The last day on which it holds; absent for no end.
    #[schema(format = Date)]
    manual_until: Option<String>,
    /// The level below which the customer never falls; absent for none.
    floor_tier: Option<String>,
}

impl PutOverride {
    fn decided(self) -> Result<Override> {
        let text = |text: Option<String>| text.map_or_else(String::new, |t| t.trim().to_owned());
        let manual_tier = text(self.manual_tier);
        let until = match manual_tier.is_empty() {
            true => String::new(),
            false => text(self.manual_until),
        };
        Ok(Override {
            manual_reason: match manual_tier.is_empty() {
                true => String::new(),
                false => text(self.manual_reason),
            },
            manual_until: match until.is_empty() {
                true => None,
                false => Some(date("manual_until", &until)?),
            },
            manual_tier,
            floor_tier: text(self.floor_tier),
        })
    }
}

/// Grades everybody as of a date.
#[utoipa::path(post, path = "/grades/run", tag = "grading",
    extensions(("x-permission" = json!("tiers.approve"))), request_body = RunGrading,
    responses((status = 202, body = Job), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn run_grading(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<RunGrading>,
) -> Result<impl IntoResponse> {
    let as_of = body
        .as_of
        .as_deref()
        .map(|text| date("as_of", text))
        .transpose()?;
    let input = GradeInput {
        as_of,
        ..GradeInput::default()
    };
    let job = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            let id = jobs::enqueue(tx, JobKind::Grade, &input).await?;
            Job::of(tx, id).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Lists gradings, newest first.
#[utoipa::path(get, path = "/grades/runs", tag = "grading",
    extensions(("x-permission" = json!("tiers.see"))), params(PageQuery),
    responses((status = 200, body = List<GradeRun>), (status = 403, body = Problem)))]
async fn list_grade_runs(
    State(app): State<App>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<GradeRun>>> {
    let before = page.after::<RunId>()?.map(|id| id.0);
    let limit = page.limit();
    let count = store::count_runs(&app.db).await?;
    let rows = store::runs(&app.db, before, limit + 1).await?;
    let runs = rows.into_iter().map(GradeRun::of).collect();
    Ok(Json(List::of(runs, limit, count, |run: &GradeRun| {
        run.id.to_string()
    })))
}

/// Lists a customer's changes of tier, newest first.
#[utoipa::path(get, path = "/customers/{id}/grade-history", tag = "grading",
    extensions(("x-permission" = json!("customers.see"))),
    params(("id" = CustomerId, Path), PageQuery),
    responses((status = 200, body = List<GradeChange>), (status = 404, body = Problem)))]
async fn list_grade_history(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<GradeChange>>> {
    store::customer(app.db.read(), ctx.scope(Permission::CustomersSee), id).await?;
    let limit = page.limit();
    let count = store::count_changes(&app.db, id).await?;
    let mut changes = Vec::new();
    for row in store::changes(&app.db, id, page.after::<i64>()?, limit + 1).await? {
        changes.push(GradeChange::of(&app, row).await?);
    }
    Ok(Json(List::of(
        changes,
        limit,
        count,
        |change: &GradeChange| change.seq.to_string(),
    )))
}

/// Decides a customer's tier by hand, sets a floor, or takes both back. `If-Match`
/// is the customer's `ETag`; the answer carries the new one.
#[utoipa::path(put, path = "/customers/{id}/override", tag = "grading",
    extensions(("x-permission" = json!("tiers.assign"))), request_body = PutOverride,
    params(("id" = CustomerId, Path)),
    responses((status = 200, body = Grade), (status = 404, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn put_override(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<PutOverride>,
) -> Result<impl IntoResponse> {
    let decided = body.decided()?;
    app.db
        .write(&ctx, move |tx| {
            let decided = decided.clone();
            Box::pin(async move { overrides::put(tx, id, version, &decided).await })
        })
        .await?;
    let grade = match store::grade(&app.db, id).await? {
        Some(row) => {
            let connection = app.db.read();
            let currency = settings::load(connection).await?.reporting_currency;
            Grade::of(connection, &row, &currency).await?
        }
        None => None,
    };
    Ok((etag(version + 1), Json(grade)))
}

/// The job as people see it.
fn date(field: &str, text: &str) -> Result<Date> {
    text.parse()
        .map_err(|_| Error::invalid(field, "date_invalid", "Use a date like 2026-01-31."))
}

/// Routes of grading.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(run_grading))
        .routes(routes!(list_grade_runs))
        .routes(routes!(list_grade_history))
        .routes(routes!(put_override))
        .merge(draft_api::routes())
}
