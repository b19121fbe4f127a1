//! Backups without being asked: every night.

use clientele_domain::id::JobId;

use super::make::{BackupInput, Reason};
use crate::{
    app::App,
    db::chain,
    error::Result,
    features::settings::{self, Night, keep_nightly},
    jobs::{self, JobKind},
};

/// The row that remembers the last night.
const MARK: &str = "last_nightly_backup";

/// Makes a backup every night until the program ends, when it was told where to keep them.
pub async fn keep_schedule(app: App) {
    if app.config.backups.is_some() {
        keep_nightly(&app, "backup", || enqueue_if_due(&app)).await;
    }
}

/// Enqueues tonight's backup when its hour has come and nobody has enqueued it.
///
/// # Errors
/// When the book fails.
pub async fn enqueue_if_due(app: &App) -> Result<Option<JobId>> {
    app.db
        .write(&app.system_ctx(), |tx| {
            Box::pin(async move {
                // Of a book in which nobody has done anything there is nothing to keep.
                if chain::last(tx.conn()).await?.0 == 0 {
                    return Ok(None);
                }
                let settings = settings::load(tx.conn()).await?;
                let night = Night::due(tx, &settings, settings.backup_hour, MARK).await?;
                let Some(night) = night else { return Ok(None) };
                night.mark(tx).await?;
                let reason = Reason::Schedule;
                jobs::enqueue_unless_queued(tx, JobKind::Backup, &BackupInput { reason }).await
            })
        })
        .await
}
