//! Grading without being asked: every night, and after new data.

use std::time::Duration;

use clientele_domain::id::JobId;
use jiff::{Timestamp, civil::Date};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set};

use super::{
    as_of::zone,
    entity::run as grade_run,
    run::{GradeInput, Reason},
};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    features::{
        customers::entity::customer,
        settings::{self, Settings, entity::setting},
    },
    jobs::{self, JobKind},
};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(60);
/// The row that remembers the last night; it is written with the job, so that a
/// night never has two.
const MARK: &str = "last_nightly_grading";

/// Grades every night until the program ends.
pub async fn keep_schedule(app: App) {
    if !app.is_worker() {
        return;
    }
    loop {
        if let Err(error) = enqueue_if_due(&app).await {
            tracing::error!(%error, "the grading schedule failed; it goes on");
        }
        tokio::time::sleep(LOOK).await;
    }
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
                let Some((night, hour)) = due(&settings, tx.ctx().now()) else {
                    return Ok(None);
                };
                if is_marked(tx, night).await? || !is_needed(tx, hour).await? {
                    return Ok(None);
                }
                mark(tx, night).await?;
                enqueue(tx, Reason::Schedule).await
            })
        })
        .await
}

/// The local date and the instant at which today's grading became due; none
/// before its hour, or when there is no nightly grading.
fn due(settings: &Settings, now: Timestamp) -> Option<(Date, Timestamp)> {
    let hour = i8::try_from(settings.grade_hour)
        .ok()
        .filter(|hour| (0..24).contains(hour))?;
    let zone = zone(settings);
    let night = now.to_zoned(zone.clone()).date();
    // An hour that a clock change skips is the first one after it.
    let due = night.at(hour, 0, 0, 0).to_zoned(zone).ok()?.timestamp();
    (due <= now).then_some((night, due))
}

async fn is_marked(tx: &Tx, night: Date) -> Result<bool> {
    let row = setting::Entity::find_by_id(MARK).one(tx.conn()).await?;
    Ok(row.is_some_and(|row| row.value == night.to_string()))
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

async fn mark(tx: &Tx, night: Date) -> Result<()> {
    let row = setting::ActiveModel {
        key: Set(MARK.to_owned()),
        value: Set(night.to_string()),
        version: Set(1),
    };
    setting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(setting::Column::Key)
                .update_column(setting::Column::Value)
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
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
