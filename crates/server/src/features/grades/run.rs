//! The job `grade`.

use std::sync::Arc;

use anyhow::Context;
use clientele_domain::id::RunId;
use jiff::civil::Date;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    as_of,
    entity::run as grade_run,
    plan::{Looks, Plan},
    seen::{self, Seen},
    store::{self, Summary},
    write::{self, Written},
};
use crate::{
    app::App,
    db::{self, What},
    error::Result,
    features::{customers::entity::customer, settings, tiers, warehouse},
    jobs::{JobRun, Outcome},
};

/// Customers of one transaction: a tenth of a second of writing.
const CHUNK: u64 = 2_000;

/// Why a grading was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody wanted it.
    #[default]
    Asked,
    /// It is the hour of the night.
    Schedule,
    /// New data arrived.
    Data,
    /// Another scheme is in force.
    Scheme,
    /// An import was undone.
    Undo,
}

/// What the job is asked to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeInput {
    /// As of when; today unless said.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// Why.
    #[serde(default)]
    pub reason: Reason,
    /// What tiers were won since this instant, in microseconds, is forgotten:
    /// an import that was undone must not leave anybody a year of gold.
    #[serde(default)]
    pub forget_since: Option<i64>,
}

/// Runs the job: everybody is graded, and what changed is written back. Started
/// again after a kill it finds the first part done and changes the rest.
///
/// # Errors
/// When book or warehouse fail.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let app = &run.app;
    let input: GradeInput = run.input()?;
    let run_id = run.ctx.next_id();
    let started_at = run.ctx.now_micros();
    // What happens from here on may be missing in the figures.
    let feed_seq = db::feed_head(&app.db).await?;
    run.progress("sync", 0, 0).await?;
    warehouse::sync_now(app).await?;
    run.progress("figures", 0, 0).await?;
    let published = app
        .db
        .write(&run.ctx, |tx| {
            Box::pin(async move { tiers::ensure_published(tx).await })
        })
        .await?;
    let settings = settings::load(app.db.read()).await?;
    let (as_of, explicit) = match (input.as_of, input.reason) {
        (Some(date), _) => (date, true),
        (None, Reason::Scheme) => as_of::current(app).await?,
        (None, _) => (as_of::today(&settings, run.ctx.now()), false),
    };
    let keep_limits = input.reason == Reason::Schedule;
    let (plan, customers) = tokio::try_join!(
        Plan::make(app, &settings, published, as_of, keep_limits),
        golden_customers(run),
    )?;
    let plan = Arc::new(plan);
    let looks = {
        let plan = plan.clone();
        tokio::task::spawn_blocking(move || plan.looks()).await
    };
    let looks = Arc::new(looks.context("looking at everybody")?);
    let path = seen::path(&app.config.data);
    let before = Seen::take(&path)?;
    let before = match before {
        Some(seen) if fits(app, &seen, &plan, input).await? => Some(seen),
        _ => None,
    };
    let again = match &before {
        Some(seen) => Some(due(app, seen, &looks, as_of).await?),
        None => None,
    };
    let total = again.as_ref().map_or(customers, |due| due.len() as i64);
    let (mut last, mut done, mut written) = (i64::MIN, 0, Written::default());
    loop {
        if let Some(outcome) = run.stop_here().await? {
            return Ok(outcome);
        }
        let (end, ids) = match &again {
            Some(due) => {
                let first = due.partition_point(|id| *id <= last);
                let some = &due[first..due.len().min(first + CHUNK as usize)];
                let golden = store::golden_among(&app.db, some).await?;
                (some.last().copied(), golden)
            }
            None => {
                let ids = store::golden_after(&app.db, last, CHUNK).await?;
                (ids.last().copied(), ids)
            }
        };
        let Some(end) = end else { break };
        last = end;
        done += ids.len() as i64;
        let counts = (done, total.max(done));
        let looks = looks.clone();
        written.add(write_chunk(run, &plan, looks, run_id, ids, input.forget_since, counts).await?);
        run.announce();
    }
    let summary = Summary {
        explicit,
        data_until: as_of::data_until(&app.db)
            .await?
            .map(|date| date.to_string()),
        moved: written.moved,
        promoted: written.promoted,
        demoted: written.demoted,
        at_risk: looks.at_risk,
    };
    let finished = Finished {
        run_id,
        started_at,
        customers,
        looked_at: done,
        changed: written.changed as i64,
    };
    let output = keep(run, &plan, finished, summary).await?;
    let seen = Seen {
        run_id,
        version: plan.published.version,
        as_of: seen::number(as_of).into(),
        feed_seq,
        customers: match (before, again) {
            (Some(before), Some(due)) => before.with(&due, written.seen),
            _ => written.seen,
        },
    };
    seen.put(&path)?;
    Ok(Outcome::Done(output))
}

/// Whether this grading may rely on what the last one saw. Whoever asks for a grading
/// wants to have everybody looked at.
async fn fits(app: &App, seen: &Seen, plan: &Plan, input: GradeInput) -> Result<bool> {
    let last = store::last_run(app.db.read()).await?;
    Ok(last.is_some_and(|run| run.id == seen.run_id)
        && seen.version == plan.published.version
        && seen.as_of <= i64::from(seen::number(plan.as_of))
        && matches!(input.reason, Reason::Data | Reason::Schedule))
}

/// Those who are looked at again.
async fn due(app: &App, seen: &Seen, looks: &Looks, as_of: Date) -> Result<Vec<i64>> {
    let happened = db::changed_since(&app.db, &["customer"], seen.feed_seq).await?;
    Ok(seen.due(looks, &happened, as_of))
}

async fn golden_customers(run: &JobRun) -> Result<i64> {
    use sea_orm::{ExprTrait, sea_query::Expr};
    let golden = Expr::col(customer::Column::Id).eq(Expr::col(customer::Column::GoldenId));
    let count = customer::Entity::find()
        .filter(golden)
        .count(run.app.db.read())
        .await?;
    Ok(count as i64)
}

async fn write_chunk(
    run: &JobRun,
    plan: &Arc<Plan>,
    looks: Arc<Looks>,
    run_id: i64,
    ids: Vec<i64>,
    forget_since: Option<i64>,
    (done, total): (i64, i64),
) -> Result<Written> {
    let (this, plan, ids) = (run.clone(), plan.clone(), Arc::new(ids));
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (run, plan, ids) = (this.clone(), plan.clone(), ids.clone());
            let looks = looks.clone();
            Box::pin(async move {
                let written = write::write(tx, &plan, &looks, forget_since, run_id, &ids).await?;
                run.advance(tx, "grades", done, total).await?;
                Ok(written)
            })
        })
        .await
}

#[derive(Clone, Copy)]
struct Finished {
    run_id: i64,
    started_at: i64,
    customers: i64,
    looked_at: i64,
    changed: i64,
}

/// Writes the run's own row and answers the job's output.
async fn keep(run: &JobRun, plan: &Plan, finished: Finished, summary: Summary) -> Result<Value> {
    let Finished {
        run_id,
        started_at,
        customers,
        looked_at,
        changed,
    } = finished;
    let output = json!({
        "run_id": RunId(run_id),
        "as_of": plan.as_of,
        "data_until": summary.data_until,
        "scheme_version": plan.published.version,
        "customers": customers,
        "looked_at": looked_at,
        "changed": changed,
        "moved": summary.moved,
        "promoted": summary.promoted,
        "demoted": summary.demoted,
    });
    let row = grade_run::ActiveModel {
        id: Set(run_id),
        as_of: Set(plan.as_of.to_string()),
        scheme_version: Set(plan.published.version),
        breakpoints: Set(serde_json::to_string(&plan.frozen)?),
        customers: Set(customers),
        changed: Set(changed),
        summary: Set(serde_json::to_string(&summary)?),
        started_at: Set(started_at),
        finished_at: Set(run.ctx.now_micros()),
    };
    let detail = output.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (row, detail) = (row.clone(), detail.clone());
            Box::pin(async move {
                grade_run::Entity::insert(row)
                    .exec_without_returning(tx.conn())
                    .await?;
                tx.changed("grade_run", run_id, What::Created);
                tx.audit("grade", "grade_run", run_id, detail);
                Ok(())
            })
        })
        .await?;
    Ok(output)
}
