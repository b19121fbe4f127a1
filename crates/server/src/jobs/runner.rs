//! The worker: claims jobs one at a time and runs them.

use std::time::Duration;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use super::{JobKind, JobRun, Outcome, claim, keep_lease};
use crate::{
    app::App,
    db::What,
    entities::job,
    error::{Error, Result},
    features,
};

/// How long a worker may be silent before another takes its job over.
pub(super) const LEASE_MICROS: i64 = 60_000_000;

/// How long a worker waits before it writes a job's end again.
const RETRY_MICROS: i64 = 1_000_000;

/// Runs jobs as they come until the program ends.
pub async fn run_forever(app: App) {
    let mut commits = app.db.commits();
    loop {
        if let Err(error) = drain(&app).await {
            tracing::error!(%error, "the job runner failed; it goes on");
        }
        // A commit may have enqueued something; a lease may have ended meanwhile.
        let lease_check = tokio::time::sleep(Duration::from_secs(15));
        tokio::select! {
            changed = commits.changed() => if changed.is_err() { return },
            () = lease_check => {}
        }
    }
}

/// Runs every job that waits, one after the other.
///
/// # Errors
/// When the book fails; a job's own failure is kept in its row.
pub async fn drain(app: &App) -> Result<()> {
    while let Some(run) = claim(app).await? {
        let begun = app.env.now();
        let outcome = tokio::select! {
            outcome = dispatch(&run) => outcome,
            () = keep_lease(&run) => unreachable!("a lease is kept for ever"),
        };
        let end = End::of(&run, outcome)?;
        if let Some(telemetry) = app.telemetry.get() {
            telemetry.job(&run.kind, end.state, (begun, app.env.now()));
        }
        // A book that takes no writes now may take one soon; after the lease has
        // ended, the job is another worker's.
        let mut tries = LEASE_MICROS / RETRY_MICROS;
        while let Err(error) = finish(&run, &end).await {
            tries -= 1;
            if tries == 0 {
                return Err(error);
            }
            tracing::error!(%error, job = %run.id, "the end of a job cannot be written yet");
            tokio::time::sleep(Duration::from_micros(RETRY_MICROS.cast_unsigned())).await;
        }
    }
    Ok(())
}

/// Puts jobs of a killed process back in the queue. Only the process that holds
/// the data folder's lock may know that nobody else is running them.
///
/// # Errors
/// When the book fails.
pub async fn recover(app: &App) -> Result<()> {
    app.db
        .write(&app.system_ctx(), |tx| {
            Box::pin(async move {
                job::Entity::update_many()
                    .col_expr(job::Column::State, Expr::value("queued"))
                    .filter(job::Column::State.eq("running"))
                    .exec(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
}

async fn dispatch(run: &JobRun) -> Result<Outcome> {
    match super::store::kind_of(&run.kind)? {
        JobKind::Demo => features::demo::run(run).await,
        JobKind::Import => features::imports::run(run).await,
        JobKind::UndoImport => features::imports::run_undo(run).await,
        JobKind::FindDuplicates => features::duplicates::run(run).await,
        JobKind::Grade => features::grades::run(run).await,
        JobKind::RebuildWarehouse => features::warehouse::run_rebuild(run).await,
        JobKind::Backup => features::backups::run_backup(run).await,
        JobKind::BackupDrill => features::backups::run_drill(run).await,
    }
}

/// What a job's row says of its end.
#[derive(Clone)]
struct End {
    state: &'static str,
    output: String,
    error: String,
}

impl End {
    fn of(run: &JobRun, outcome: Result<Outcome>) -> Result<Self> {
        let nothing = || "null".to_owned();
        let (state, output, error) = match outcome {
            Ok(Outcome::Done(output)) => ("done", output.to_string(), nothing()),
            Ok(Outcome::Paused) => ("paused", nothing(), nothing()),
            Ok(Outcome::Cancelled) => ("cancelled", nothing(), nothing()),
            Err(error) => {
                if !matches!(error, Error::Problem(_)) {
                    tracing::error!(%error, job = %run.id, "a job failed");
                }
                let problem = serde_json::to_string(&error.to_problem())?;
                ("failed", nothing(), problem)
            }
        };
        Ok(End {
            state,
            output,
            error,
        })
    }
}

/// Writes the end of a run into its row, unless another worker owns it by now.
async fn finish(run: &JobRun, end: &End) -> Result<()> {
    let (this, end) = (run.clone(), end.clone());
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (run, end) = (this.clone(), end.clone());
            Box::pin(async move {
                let finished = (end.state != "paused").then(|| tx.ctx().now_micros());
                job::Entity::update_many()
                    .set(job::ActiveModel {
                        state: Set(end.state.to_owned()),
                        output: Set(end.output),
                        error: Set(end.error),
                        finished_at: Set(finished),
                        ..Default::default()
                    })
                    .filter(job::Column::Id.eq(run.id.0))
                    .filter(job::Column::Fence.eq(run.fence))
                    .exec(tx.conn())
                    .await?;
                tx.changed("job", run.id.0, What::Updated);
                Ok(())
            })
        })
        .await?;
    run.announce();
    Ok(())
}
