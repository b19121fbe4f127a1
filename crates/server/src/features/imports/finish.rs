//! The end of an import: remember how the source is read, settle mended rows.

use std::collections::HashSet;

use clientele_domain::id::ImportId;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::{
    entity::{import, reject, source_mapping},
    options::{ImportOptions, Reading, Stored},
    store,
};
use crate::{
    db::Tx,
    error::Result,
    features::grades,
    jobs::{self, JobKind, JobRun, Outcome},
};

/// Ends an import that has come to its file's end; `mended` are the lines of
/// the first file it held, if it mends one.
///
/// # Errors
/// When the book fails.
pub async fn finish(
    run: &JobRun,
    id: ImportId,
    stored: &Stored,
    reading: &Reading,
    mended: Vec<u64>,
) -> Result<Outcome> {
    let (this, stored_again, options) = (run.clone(), stored.clone(), reading.options.clone());
    let row = run
        .app
        .db
        .write(&run.ctx, move |tx| {
            let (run, stored, options) = (this.clone(), stored_again.clone(), options.clone());
            let mended = mended.clone();
            Box::pin(async move {
                let row = store::find(tx.conn(), id).await?;
                run.advance(tx, "done", row.rows_done, row.rows_done)
                    .await?;
                if !row.dry_run && stored.parent.is_none() {
                    remember(tx, &row.source, &row.kind, options).await?;
                }
                if let Some(parent) = stored.parent.filter(|_| !row.dry_run) {
                    settle_mended(tx, parent, id, &mended).await?;
                }
                if !row.dry_run && stored.parent.is_none() {
                    settle_repeated(tx, &row).await?;
                }
                store::move_to(tx, id, "done").await?;
                if !row.dry_run {
                    grades::enqueue_if_idle(tx).await?;
                    let nothing = json!({});
                    jobs::enqueue_unless_queued(tx, JobKind::FindDuplicates, &nothing).await?;
                }
                Ok(row)
            })
        })
        .await?;
    close(run, &row, stored).await
}

/// What is left after the end of an import is written: its file goes, and its job
/// tells what came of it. A job that was killed before it said so comes here again.
///
/// # Errors
/// When the import's counts cannot be read.
pub async fn close(run: &JobRun, row: &import::Model, stored: &Stored) -> Result<Outcome> {
    if !row.dry_run
        && let Some(upload) = stored.upload
    {
        // The file holds personal data and is not needed any more; a file that
        // cannot be removed does no harm to the import.
        let _ = tokio::fs::remove_file(store::path_of(&run.app, upload)).await;
    }
    let summary: Value = serde_json::from_str(&row.summary)?;
    Ok(Outcome::Done(json!({
        "import": ImportId(row.id),
        "dry_run": row.dry_run,
        "rows": {
            "total": row.rows_total,
            "new": row.rows_new,
            "updated": row.rows_updated,
            "unchanged": row.rows_unchanged,
            "rejected": row.rows_rejected,
        },
        "summary": summary,
    })))
}

/// What the next file of this source begins with; encoding and layout are the file's own.
async fn remember(tx: &Tx, source: &str, kind: &str, options: ImportOptions) -> Result<()> {
    let kept = ImportOptions {
        date_order: options.date_order,
        decimal_mark: options.decimal_mark,
        currency: options.currency,
        time_zone: options.time_zone,
        country: options.country,
        mapping: options.mapping,
        ..ImportOptions::default()
    };
    let row = source_mapping::ActiveModel {
        source: Set(source.to_owned()),
        kind: Set(kind.to_owned()),
        options: Set(serde_json::to_string(&kept)?),
        updated_at: Set(tx.ctx().now_micros()),
    };
    let keys = [source_mapping::Column::Source, source_mapping::Column::Kind];
    source_mapping::Entity::insert(row)
        .on_conflict(
            OnConflict::columns(keys)
                .update_columns([
                    source_mapping::Column::Options,
                    source_mapping::Column::UpdatedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// The same file again refuses the same rows: those that were mended since need no
/// mending again, and the others wait here and no longer in the import before.
async fn settle_repeated(tx: &Tx, row: &import::Model) -> Result<()> {
    let mut earlier = store::of_same_file(tx.conn(), row).await?;
    earlier.retain(|id| *id < row.id);
    let known: Vec<(i64, bool)> = reject::Entity::find()
        .select_only()
        .columns([reject::Column::Line, reject::Column::Resolved])
        .filter(reject::Column::ImportId.is_in(earlier.iter().copied()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let waiting: HashSet<i64> = known
        .iter()
        .filter(|(_, resolved)| !resolved)
        .map(|(line, _)| *line)
        .collect();
    let mended: Vec<i64> = known
        .iter()
        .map(|(line, _)| *line)
        .filter(|line| !waiting.contains(line))
        .collect();
    for part in mended.chunks(5_000) {
        let lines = Condition::all().add(reject::Column::Line.is_in(part.iter().copied()));
        resolve(tx, &[row.id], lines).await?;
    }
    resolve(tx, &earlier, Condition::all()).await
}

async fn resolve(tx: &Tx, imports: &[i64], which: Condition) -> Result<()> {
    reject::Entity::update_many()
        .set(reject::ActiveModel {
            resolved: Set(true),
            ..Default::default()
        })
        .filter(reject::Column::ImportId.is_in(imports.iter().copied()))
        .filter(which)
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Rows that came through are settled in the first import; rows refused again
/// wait there with their new text and reason.
async fn settle_mended(tx: &Tx, parent: ImportId, child: ImportId, mended: &[u64]) -> Result<()> {
    let lines: Vec<i64> = mended.iter().map(|line| line.cast_signed()).collect();
    for part in lines.chunks(5_000) {
        let lines = Condition::all().add(reject::Column::Line.is_in(part.iter().copied()));
        resolve(tx, &[parent.0], lines).await?;
    }
    let again = reject::Entity::find()
        .filter(reject::Column::ImportId.eq(child.0))
        .all(tx.conn())
        .await?;
    for row in again {
        reject::Entity::update_many()
            .set(reject::ActiveModel {
                field: Set(row.field),
                code: Set(row.code),
                params: Set(row.params),
                cells: Set(row.cells),
                resolved: Set(false),
                ..Default::default()
            })
            .filter(reject::Column::ImportId.eq(parent.0))
            .filter(reject::Column::Line.eq(row.line))
            .exec(tx.conn())
            .await?;
    }
    resolve(tx, &[child.0], Condition::all()).await
}
