//! Work of a certain hour of every night, once a night.

use std::time::Duration;

use clientele_domain::id::JobId;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use super::{Settings, entity::setting};
use crate::{app::App, db::Tx, error::Result};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Looks until the program ends whether the hour of some work has come, and lets it be
/// enqueued then; only in the process that runs jobs.
pub async fn keep<F>(app: &App, work: &str, mut enqueue_if_due: impl FnMut() -> F)
where
    F: Future<Output = Result<Option<JobId>>>,
{
    while app.is_worker() {
        if let Err(error) = enqueue_if_due().await {
            tracing::error!(%error, work, "the schedule of a night failed; it goes on");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A night's turn of one kind of work.
pub struct Night {
    /// The row that remembers the last night of this work.
    mark: &'static str,
    date: Date,
    /// The instant at which it became due.
    pub since: Timestamp,
}

impl Night {
    /// Tonight's turn, when its local hour has come and nobody has marked it; an hour of
    /// -1 never comes.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn due(
        tx: &Tx,
        settings: &Settings,
        hour: i64,
        mark: &'static str,
    ) -> Result<Option<Night>> {
        let Some((date, since)) = come(settings, hour, tx.ctx().now()) else {
            return Ok(None);
        };
        let row = setting::Entity::find_by_id(mark).one(tx.conn()).await?;
        let is_marked = row.is_some_and(|row| row.value == date.to_string());
        Ok((!is_marked).then_some(Night { mark, date, since }))
    }

    /// Remembers, in the transaction that enqueues the work, that this night has had it.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn mark(self, tx: &Tx) -> Result<()> {
        let row = setting::ActiveModel {
            key: Set(self.mark.to_owned()),
            value: Set(self.date.to_string()),
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
}

/// The local date and the instant at which today's work became due; none before its hour.
fn come(settings: &Settings, hour: i64, now: Timestamp) -> Option<(Date, Timestamp)> {
    let hour = i8::try_from(hour)
        .ok()
        .filter(|hour| (0..24).contains(hour))?;
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let night = now.to_zoned(zone.clone()).date();
    // An hour that a clock change skips is the first one after it.
    let due = night.at(hour, 0, 0, 0).to_zoned(zone).ok()?.timestamp();
    (due <= now).then_some((night, due))
}
