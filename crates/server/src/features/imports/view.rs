//! Imports as people see them.

use std::collections::HashMap;

use clientele_domain::id::ImportId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{
    chunk::Counts,
    entity::import,
    options::{ImportOptions, Stored},
    store,
};
use crate::{db::Tx, entities::job, error::Result, http::instant, jobs::Job};

/// One file given to the program.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// `orders`, `customers`, `products` or `stores`.
    pub kind: String,
    /// Where the file comes from.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// `queued`, `running`, `paused`, `done`, `failed`, `cancelled`, `undoing` or `undone`.
    pub state: String,
    /// Whether it only tells what would happen.
    pub dry_run: bool,
    /// The work behind it.
    pub job: Option<Job>,
    /// What became of its rows.
    pub rows: RowCounts,
    /// What became of customers, orders, products and stores.
    pub summary: Summary,
    /// How the file is read.
    pub options: ImportOptions,
    /// The import whose rejected rows this one mends.
    pub parent: Option<ImportId>,
    /// When it was begun.
    pub created_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// What can be asked of it now: `cancel`, `resume`, `undo`, `run`.
    pub can: Vec<String>,
}

/// What became of the rows of a file; the four outcomes add up to `done`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RowCounts {
    /// Rows of the file, 0 while unknown.
    pub total: i64,
    /// Rows whose outcome is known.
    pub done: i64,
    /// Rows of new things.
    pub new: i64,
    /// Rows of changed things.
    pub updated: i64,
    /// Rows of things that were the same already.
    pub unchanged: i64,
    /// Rows that could not be used.
    pub rejected: i64,
}

/// Counts by noun, and after an undo what was kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Summary {
    /// Counts by noun.
    #[serde(flatten)]
    pub counts: Counts,
    /// What somebody has edited since, or later files stand on.
    pub kept_after_undo: Vec<Kept>,
}

/// Something an undo left alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Kept {
    /// `customer`, `order`, `product` or `store`.
    pub noun: String,
    /// Its id.
    pub id: String,
    /// Its name or number.
    pub name: String,
}

impl Import {
    /// The import as the action that asks sees it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn of(tx: &Tx, id: ImportId) -> Result<Self> {
        let row = store::find(tx.conn(), id).await?;
        let mut found = views(tx.conn(), vec![row], tx.ctx().now_micros()).await?;
        Ok(found.remove(0))
    }
}

/// Imports with their jobs.
///
/// # Errors
/// When the book fails.
pub async fn views(
    connection: &impl ConnectionTrait,
    rows: Vec<import::Model>,
    now: i64,
) -> Result<Vec<Import>> {
    let ids = rows.iter().filter_map(|row| row.job_id);
    let jobs: HashMap<i64, job::Model> = job::Entity::find()
        .filter(job::Column::Id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    rows.into_iter()
        .map(|row| view(&row, row.job_id.and_then(|id| jobs.get(&id)), now))
        .collect()
}

fn view(row: &import::Model, job: Option<&job::Model>, now: i64) -> Result<Import> {
    let stored: Stored = serde_json::from_str(&row.options)?;
    let state = state(row, job);
    Ok(Import {
        id: ImportId(row.id),
        kind: row.kind.clone(),
        source: row.source.clone(),
        file_name: row.file_name.clone(),
        can: can(row, &state),
        state,
        dry_run: row.dry_run,
        job: job.map(|job| Job::from_row(job, now)).transpose()?,
        rows: RowCounts {
            total: row.rows_total,
            done: row.rows_done,
            new: row.rows_new,
            updated: row.rows_updated,
            unchanged: row.rows_unchanged,
            rejected: row.rows_rejected,
        },
        summary: serde_json::from_str(&row.summary)?,
        options: stored.options,
        parent: stored.parent,
        created_at: instant(row.created_at),
        finished_at: row.finished_at.map(instant),
    })
}

/// The import's state; a job that was stopped before it ran speaks for it.
pub fn state(row: &import::Model, job: Option<&job::Model>) -> String {
    match job.map(|job| job.state.as_str()) {
        Some(stopped @ ("paused" | "cancelled" | "failed"))
            if matches!(row.state.as_str(), "queued" | "running") =>
        {
            stopped.to_owned()
        }
        _ => row.state.clone(),
    }
}

fn can(row: &import::Model, state: &str) -> Vec<String> {
    let words: &[&str] = match (state, row.dry_run) {
        ("queued" | "running", _) => &["cancel"],
        ("paused", _) => &["resume", "cancel"],
        ("failed" | "cancelled", true) => &["resume"],
        ("failed" | "cancelled", false) => &["resume", "undo"],
        ("done", true) => &["run"],
        ("done", false) => &["undo"],
        _ => &[],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}
