//! What can be done with imports.

use clientele_domain::{
    id::{ImportId, JobId, UploadId},
    mapping::Kind,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::{
    entity::{import, upload},
    job::JobInput,
    options::Stored,
    store, view,
};
use crate::{
    db::{Tx, What},
    entities::job,
    error::{Error, Result},
    jobs::{self, JobKind},
};

/// The source of files nobody named one for.
pub const DEFAULT_SOURCE: &str = "main";

/// An import to begin.
#[derive(Debug, Clone)]
pub struct NewImport {
    pub kind: Kind,
    pub source: String,
    pub file_name: String,
    pub file_hash: String,
    pub stored: Stored,
    pub dry_run: bool,
}

/// A source's name as it is kept.
///
/// # Errors
/// `source_invalid`.
pub fn check_source(source: &str) -> Result<String> {
    let source = source.trim();
    if source.is_empty() {
        return Ok(DEFAULT_SOURCE.to_owned());
    }
    // The colon parts the source from its own number in external ids.
    if source.chars().count() > 60 || source.contains([':', '\0', '\n']) {
        let detail = "A source's name has at most 60 characters and no colon.";
        return Err(Error::invalid("source", "source_invalid", detail));
    }
    Ok(source.to_owned())
}

/// Notes down a file that lies in the uploads folder.
///
/// # Errors
/// `forbidden`, or when the book fails.
pub async fn keep_upload(
    tx: &Tx,
    id: UploadId,
    name: &str,
    size_bytes: i64,
    sha256: &str,
) -> Result<()> {
    let row = upload::ActiveModel {
        id: Set(id.0),
        name: Set(name.to_owned()),
        size_bytes: Set(size_bytes),
        sha256: Set(sha256.to_owned()),
        created_by: Set(tx.ctx().actor_id()),
        created_at: Set(tx.ctx().now_micros()),
    };
    upload::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Begins an import: its row and its job.
///
/// # Errors
/// `forbidden`, or when the book fails.
pub async fn start(tx: &Tx, new: &NewImport) -> Result<ImportId> {
    let id = ImportId(tx.ctx().next_id());
    let job = jobs::enqueue(tx, JobKind::Import, &JobInput { import: id }).await?;
    let row = import::ActiveModel {
        id: Set(id.0),
        kind: Set(new.kind.as_str().to_owned()),
        source: Set(new.source.clone()),
        file_name: Set(new.file_name.clone()),
        file_hash: Set(new.file_hash.clone()),
        options: Set(serde_json::to_string(&new.stored)?),
        dry_run: Set(new.dry_run),
        state: Set("queued".to_owned()),
        job_id: Set(Some(job.0)),
        rows_total: Set(0),
        rows_done: Set(0),
        rows_new: Set(0),
        rows_updated: Set(0),
        rows_unchanged: Set(0),
        rows_rejected: Set(0),
        resume: Set("{}".to_owned()),
        summary: Set("{}".to_owned()),
        created_by: Set(tx.ctx().actor_id()),
        created_at: Set(tx.ctx().now_micros()),
        finished_at: Set(None),
    };
    import::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("import", id.0, What::Created);
    let detail = json!({ "kind": new.kind, "source": new.source, "dry_run": new.dry_run, "sha256": new.file_hash });
    tx.audit("import", "import", id.0, detail);
    Ok(id)
}

/// Lets a rehearsed import happen.
///
/// # Errors
/// `import_not_rehearsed`.
pub async fn run_for_real(tx: &Tx, id: ImportId) -> Result<()> {
    let row = store::find(tx.conn(), id).await?;
    if !row.dry_run || row.state != "done" {
        return Err(Error::conflict(
            "import_not_rehearsed",
            "Only a finished dry run can be run for real.",
        ));
    }
    store::reset(tx, id.0).await?;
    let job = jobs::enqueue(tx, JobKind::Import, &JobInput { import: id }).await?;
    set_job(tx, id, job, "queued", Some(false)).await?;
    tx.audit("import", "import", id.0, json!({ "after_dry_run": true }));
    Ok(())
}

/// Asks a running import to stop; what was committed stays until it is undone.
///
/// # Errors
/// `job_not_possible`.
pub async fn cancel(tx: &Tx, id: ImportId) -> Result<()> {
    let row = store::find(tx.conn(), id).await?;
    let job = row
        .job_id
        .map(JobId)
        .ok_or_else(|| Error::not_found("job"))?;
    jobs::request(tx, job, "cancel").await?;
    tx.changed("import", id.0, What::Updated);
    Ok(())
}

/// Lets a stopped or failed import go on where it was.
///
/// # Errors
/// `job_not_possible`.
pub async fn resume(tx: &Tx, id: ImportId) -> Result<()> {
    let row = store::find(tx.conn(), id).await?;
    let job = row
        .job_id
        .map(JobId)
        .ok_or_else(|| Error::not_found("job"))?;
    jobs::request(tx, job, "run").await?;
    let state = if row.state == "undoing" {
        "undoing"
    } else {
        "queued"
    };
    store::move_to(tx, id, state).await
}

/// Begins to take an import back.
///
/// # Errors
/// `import_not_undoable`.
pub async fn undo(tx: &Tx, id: ImportId) -> Result<JobId> {
    let row = store::find(tx.conn(), id).await?;
    if row.dry_run
        || !matches!(
            state_now(tx, &row).await?.as_str(),
            "done" | "cancelled" | "failed"
        )
    {
        let detail = "Only an import that has ended and was no dry run can be undone.";
        return Err(Error::conflict("import_not_undoable", detail));
    }
    let job = jobs::enqueue(tx, JobKind::UndoImport, &JobInput { import: id }).await?;
    set_job(tx, id, job, "undoing", None).await?;
    tx.audit(
        "undo",
        "import",
        id.0,
        json!({ "kind": row.kind, "source": row.source }),
    );
    Ok(job)
}

/// The state, also where the job was stopped before it could tell the import.
async fn state_now(tx: &Tx, row: &import::Model) -> Result<String> {
    let job = match row.job_id {
        Some(id) => job::Entity::find_by_id(id).one(tx.conn()).await?,
        None => None,
    };
    Ok(view::state(row, job.as_ref()))
}

async fn set_job(
    tx: &Tx,
    id: ImportId,
    job: JobId,
    state: &str,
    dry_run: Option<bool>,
) -> Result<()> {
    let mut change = import::ActiveModel {
        job_id: Set(Some(job.0)),
        state: Set(state.to_owned()),
        finished_at: Set(None),
        ..Default::default()
    };
    if let Some(dry_run) = dry_run {
        change.dry_run = Set(dry_run);
    }
    import::Entity::update_many()
        .set(change)
        .filter(import::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.changed("import", id.0, What::Updated);
    Ok(())
}
