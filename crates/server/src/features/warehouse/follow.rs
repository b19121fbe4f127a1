//! Following the change feed.

use std::time::Duration;

use super::{rebuild, stretch};
use crate::{app::App, db, error::Result};

/// Changes read at a time: some hundred megabytes of rows at the most.
const CHANGES: u64 = 100_000;
/// Writes that come close together are brought over together.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// Another program on the same PostgreSQL book wakes nobody here.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// How long to wait after a failure, and twice as long after the next one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// How often files that nobody reads any more are deleted.
const TIDY: Duration = Duration::from_secs(3600);

/// Brings the copy up to the end of the feed and answers the position reached.
/// Only the process that works on the data folder writes; others are told how
/// far the copy is.
///
/// # Errors
/// When book or warehouse fail; the next try goes on where this one ended.
pub async fn sync_now(app: &App) -> Result<i64> {
    if !app.is_worker() {
        return Ok(app.warehouse.position());
    }
    let _turn = app.shared.turn().await;
    let position = app.warehouse.position();
    if position < 0 || position > db::feed_head(&app.db).await? {
        // A rebuild was cut short, or the copy belongs to another book, or to
        // this one before it was restored from a backup.
        tracing::warn!(
            position,
            "the warehouse does not fit the book and is built anew"
        );
        rebuild::from_book(app, &rebuild::Quiet).await?;
    }
    loop {
        let position = app.warehouse.position();
        let changes = db::changes_after(&app.db, position, CHANGES).await?;
        if changes.is_empty() {
            return Ok(position);
        }
        let batch = stretch::batch(&app.db, position, &changes).await?;
        app.warehouse.sync(batch).await?;
    }
}

/// Keeps the copy close behind the book until the program ends.
pub async fn follow_feed(app: App) {
    if !app.is_worker() {
        return;
    }
    let mut commits = app.db.commits();
    let mut tidy = tokio::time::interval(TIDY);
    let mut pause = FIRST_PAUSE;
    loop {
        commits.borrow_and_update();
        if let Err(error) = sync_now(&app).await {
            tracing::error!(%error, "following the feed failed; it goes on");
            tokio::time::sleep(pause).await;
            pause = LOOK_AGAIN.min(pause * 2);
            continue;
        }
        pause = FIRST_PAUSE;
        tokio::select! {
            changed = commits.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(DEBOUNCE).await;
            }
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = tidy.tick() => {
                let _turn = app.shared.turn().await;
                if let Err(error) = app.warehouse.tidy().await {
                    tracing::warn!(%error, "tidying the warehouse failed");
                }
            }
        }
    }
}
