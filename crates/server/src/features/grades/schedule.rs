//! Grading without being asked: every night, and after new data.

use clientele_domain::id::JobId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::{
    entity::run as grade_run,
    run::{GradeInput, Reason},
};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    features::{
        customers::entity::customer,
        settings::{self, Night, keep_nightly},
    },
    jobs::{self, JobKind},
};

/// The row that remembers the last night; it is written with the job, so that a
/// night never has two.
const MARK: &str = "last_nightly_grading";

/// Grades every night until the program ends.
pub async fn keep_schedule(app: App) {
    keep_nightly(&app, "grading", || enqueue_if_due(&app)).await;
}

/// Enqueues the grading of tonight when its hour has come, nobody has enqueued
/// it, and nobody has graded since that hour.
///
/// # Errors
/// When the book fails.
pub async fn enqueue_if_due(app: &App) -> Result<Option<JobId>> {
    app.db
        .write(&app.system_ctx(), |tx| {
            Box::pin(async move {
                let settings = settings::load(tx.conn()).await?;
                let night = Night::due(tx, &settings, settings.grade_hour, MARK).await?;
                let Some(night) = night else { return Ok(None) };
                if !is_needed(tx, night.since).await? {
                    return Ok(None);
                }
                night.mark(tx).await?;
                enqueue(tx, Reason::Schedule).await
            })
        })
        .await
}

/// Without customers there is nobody to grade; after a grading since the hour
/// there is nothing new to say, and one asked for another date stays. One from
/// the future tells that the clock was wrong, and counts for nothing.
async fn is_needed(tx: &Tx, hour: Timestamp) -> Result<bool> {
    let since = grade_run::Entity::find()
        .filter(grade_run::Column::StartedAt.between(hour.as_microsecond(), tx.ctx().now_micros()))
        .count(tx.conn())
        .await?;
    let anybody = customer::Entity::find().limit(1).one(tx.conn()).await?;
    Ok(since == 0 && anybody.is_some())
}

/// Enqueues a grading after new data, unless one waits already; a waiting one
/// will see the same data.
///
/// # Errors
/// When the book fails.
pub async fn enqueue_if_idle(tx: &Tx) -> Result<Option<JobId>> {
    enqueue(tx, Reason::Data).await
}

/// Enqueues a grading after an import was undone: what tiers were won since the
/// import began is forgotten.
///
/// # Errors
/// When the book fails.
pub async fn enqueue_after_undo(tx: &Tx, since_micros: i64) -> Result<JobId> {
    let reason = Reason::Undo;
    let input = GradeInput {
        reason,
        forget_since: Some(since_micros),
        ..GradeInput::default()
    };
    jobs::enqueue(tx, JobKind::Grade, &input).await
}

async fn enqueue(tx: &Tx, reason: Reason) -> Result<Option<JobId>> {
    let input = GradeInput {
        reason,
        ..GradeInput::default()
    };
    jobs::enqueue_unless_queued(tx, JobKind::Grade, &input).await
}
