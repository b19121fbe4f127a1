//! Long work as rows: enqueued in the transaction that causes it, leased with a
//! fencing token, watched, paused, cancelled, and resumed after a kill.
//!
//! A job's effects are its own transactions; each carries [`JobRun::advance`],
//! so that a worker whose lease was taken over can no longer write.

mod api;
mod runner;
mod store;

use clientele_domain::id::JobId;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set, sea_query::Expr};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use self::{
    api::{Job, routes},
    runner::{drain, recover, run_forever},
    store::{enqueue, enqueue_unless_queued, find, request},
};
use crate::{
    app::App,
    ctx::Ctx,
    db::Tx,
    entities::job,
    error::{Error, Result},
};

/// The kinds of long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Generate the sample chain.
    Demo,
    /// Import a file.
    Import,
    /// Undo an import.
    UndoImport,
    /// Look for likely duplicates.
    FindDuplicates,
    /// Compute every customer's grades.
    Grade,
    /// Rebuild the warehouse from the book.
    RebuildWarehouse,
    /// Put a copy of the book aside.
    Backup,
    /// Show that a backup can be brought back.
    BackupDrill,
}

impl JobKind {
    /// The word in the book.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Demo => "demo",
            JobKind::Import => "import",
            JobKind::UndoImport => "undo_import",
            JobKind::FindDuplicates => "find_duplicates",
            JobKind::Grade => "grade",
            JobKind::RebuildWarehouse => "rebuild_warehouse",
            JobKind::Backup => "backup",
            JobKind::BackupDrill => "backup_drill",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        use JobKind::{
            Backup, BackupDrill, Demo, FindDuplicates, Grade, Import, RebuildWarehouse, UndoImport,
        };
        [
            Demo,
            Import,
            UndoImport,
            FindDuplicates,
            Grade,
            RebuildWarehouse,
            Backup,
            BackupDrill,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}

/// How a job's run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Finished, with what there is to say about it.
    Done(Value),
    /// Stopped at a clean point because somebody asked; it can go on.
    Paused,
    /// Stopped at a clean point because somebody asked; it will not go on.
    Cancelled,
}

/// What people asked a running job to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Go on.
    Run,
    /// Stop at the next clean point, to go on later.
    Pause,
    /// Stop at the next clean point for good.
    Cancel,
}

/// Sent to the screens when a job moves.
#[derive(Clone, Debug)]
pub struct JobNews {
    /// The job.
    pub id: JobId,
}

/// One run of a job by this worker.
#[derive(Clone)]
pub struct JobRun {
    /// The program.
    pub app: App,
    /// Work in the name of whoever started the job.
    pub ctx: Ctx,
    /// The job.
    pub id: JobId,
    kind: String,
    input: String,
    fence: i64,
}

impl JobRun {
    /// The job's input.
    ///
    /// # Errors
    /// When the stored input does not fit the type.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.input)?)
    }

    /// Records progress inside the transaction of an effect and refuses if
    /// another worker has taken the job over meanwhile.
    ///
    /// # Errors
    /// `job_taken_over`, which rolls the effect back.
    pub async fn advance(&self, tx: &Tx, phase: &str, done: i64, total: i64) -> Result<()> {
        let outcome = job::Entity::update_many()
            .col_expr(job::Column::Phase, Expr::value(phase))
            .col_expr(job::Column::Done, Expr::value(done))
            .col_expr(job::Column::Total, Expr::value(total))
            .filter(job::Column::Id.eq(self.id.0))
            .filter(job::Column::Fence.eq(self.fence))
            .exec(tx.conn())
            .await?;
        if outcome.rows_affected == 1 {
            Ok(())
        } else {
            Err(Error::conflict(
                "job_taken_over",
                "Another worker has taken this job over.",
            ))
        }
    }

    /// Records progress in a transaction of its own.
    ///
    /// # Errors
    /// `job_taken_over`, or when the book fails.
    pub async fn progress(&self, phase: &str, done: i64, total: i64) -> Result<()> {
        let (run, phase) = (self.clone(), phase.to_owned());
        self.app
            .db
            .write(&self.ctx, move |tx| {
                let (run, phase) = (run.clone(), phase.clone());
                Box::pin(async move { run.advance(tx, &phase, done, total).await })
            })
            .await?;
        self.announce();
        Ok(())
    }

    /// Tells the screens to look again.
    pub fn announce(&self) {
        // Nobody may be watching.
        let _ = self.app.job_news.send(JobNews { id: self.id });
    }

    /// What people want of the job now; asked between two effects.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn wanted(&self) -> Result<Wanted> {
        let row = job::Entity::find_by_id(self.id.0)
            .one(self.app.db.read())
            .await?;
        Ok(match row.as_ref().map(|row| row.wanted.as_str()) {
            Some("run") => Wanted::Run,
            Some("pause") => Wanted::Pause,
            _ => Wanted::Cancel,
        })
    }

    /// The outcome to return when the job should stop here, if it should.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn stop_here(&self) -> Result<Option<Outcome>> {
        Ok(match self.wanted().await? {
            Wanted::Run => None,
            Wanted::Pause => Some(Outcome::Paused),
            Wanted::Cancel => Some(Outcome::Cancelled),
        })
    }
}

/// Keeps a lease alive for as long as it lives.
async fn keep_lease(run: &JobRun) {
    let mut beat = tokio::time::interval(std::time::Duration::from_secs(10));
    loop {
        beat.tick().await;
        let this = run.clone();
        let outcome = run
            .app
            .db
            .write(&run.ctx, move |tx| {
                let run = this.clone();
                Box::pin(async move {
                    job::Entity::update_many()
                        .col_expr(
                            job::Column::LeaseUntil,
                            Expr::value(run.ctx.now_micros() + runner::LEASE_MICROS),
                        )
                        .filter(job::Column::Id.eq(run.id.0))
                        .filter(job::Column::Fence.eq(run.fence))
                        .exec(tx.conn())
                        .await?;
                    Ok(())
                })
            })
            .await;
        if let Err(error) = outcome {
            tracing::warn!(%error, "renewing a lease failed");
        }
    }
}

/// Takes the oldest job that waits or whose worker has gone.
async fn claim(app: &App) -> Result<Option<JobRun>> {
    let ctx = app.system_ctx();
    // Looking is no write: a commit would wake this worker again, for ever.
    if store::oldest_claimable(app.db.read(), ctx.now_micros())
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let claimed = app
        .db
        .write(&ctx, |tx| {
            Box::pin(async move {
                let now = tx.ctx().now_micros();
                let Some(row) = store::oldest_claimable(tx.conn(), now).await? else {
                    return Ok(None);
                };
                let outcome = job::Entity::update_many()
                    .set(job::ActiveModel {
                        state: Set("running".to_owned()),
                        lease_until: Set(now + runner::LEASE_MICROS),
                        fence: Set(row.fence + 1),
                        attempt: Set(row.attempt + 1),
                        started_at: Set(row.started_at.or(Some(now))),
                        error: Set(String::new()),
                        ..Default::default()
                    })
                    .filter(job::Column::Id.eq(row.id))
                    .filter(job::Column::Fence.eq(row.fence))
                    .filter(Expr::col(job::Column::State).ne("done"))
                    .exec(tx.conn())
                    .await?;
                Ok((outcome.rows_affected == 1).then_some(row))
            })
        })
        .await?;
    Ok(claimed.map(|row| JobRun {
        app: app.clone(),
        ctx: store::ctx_of(app, &row),
        id: JobId(row.id),
        kind: row.kind,
        input: row.input,
        fence: row.fence + 1,
    }))
}
