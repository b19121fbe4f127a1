//! Backups over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::BackupId;
use sea_orm::{EntityTrait, QueryOrder};
use serde::Serialize;
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Keeping,
    drill::{self, DrillInput, Proof},
    entity::backup,
    find, keeping,
    make::BackupInput,
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::settings,
    http::{UrlPath, instant},
    jobs::{self, Job, JobKind},
};

/// Where backups are kept, and which there are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Backups {
    /// The folder; absent when the program was not told of one, and keeps none.
    folder: Option<String>,
    /// Whether the folder lies on the disk of the data folder, where one failure takes
    /// both.
    same_disk: bool,
    /// Whether new ones are encrypted.
    encrypted: bool,
    /// Whether a restore can be tried: what is encrypted needs its secret key here.
    can_try: bool,
    /// Local hour at which one is made every night, or -1.
    hour: i64,
    /// How many are kept.
    kept: i64,
    /// After how many days a proof is too old.
    fresh_days: i64,
    /// When one was last proven by restoring it.
    proven_at: Option<String>,
    /// All, the newest first.
    items: Vec<Backup>,
}

/// A copy of the book that was put aside.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Backup {
    id: BackupId,
    /// Its name in the folder.
    file: String,
    /// Its size.
    bytes: i64,
    /// The SHA-256 of the file.
    sha256: String,
    /// The moment it holds.
    made_at: String,
    /// How long making it took.
    seconds: f64,
    /// Whether a secret key is needed to read it.
    encrypted: bool,
    /// Whether its file is where it was put.
    is_there: bool,
    /// When a restore was last tried.
    tried_at: Option<String>,
    /// When a restore last succeeded.
    proven_at: Option<String>,
    /// What the last try found.
    proof: Option<Proof>,
}

impl Backup {
    fn of(row: backup::Model, keeping: Option<&Keeping>) -> Result<Self> {
        let is_there = keeping.is_some_and(|keeping| keeping.path(&row.file).is_file());
        Ok(Backup {
            id: BackupId(row.id),
            is_there,
            proof: serde_json::from_str(&row.proof)?,
            file: row.file,
            bytes: row.bytes,
            sha256: row.sha256,
            made_at: instant(row.made_at),
            seconds: row.micros as f64 / 1e6,
            encrypted: row.encrypted,
            tried_at: row.tried_at.map(instant),
            proven_at: row.proven_at.map(instant),
        })
    }
}

/// Lists the backups and says where and when they are made.
#[utoipa::path(get, path = "/backups", tag = "backups",
    extensions(("x-permission" = json!("backups.see"))),
    responses((status = 200, body = Backups), (status = 403, body = Problem)))]
async fn list_backups(State(app): State<App>) -> Result<Json<Backups>> {
    let settings = settings::load(app.db.read()).await?;
    let rows = backup::Entity::find()
        .order_by_desc(backup::Column::MadeAt)
        .order_by_desc(backup::Column::Id)
        .all(app.db.read())
        .await?;
    let keeping = app.config.backups.as_ref();
    let encrypted = keeping.is_some_and(|keeping| !keeping.recipients.is_empty());
    Ok(Json(Backups {
        folder: keeping.map(|keeping| keeping.folder.display().to_string()),
        same_disk: keeping.is_some_and(|keeping| is_same_disk(&app, keeping)),
        encrypted,
        can_try: keeping.is_some_and(|keeping| !encrypted || keeping.identity.is_some()),
        hour: settings.backup_hour,
        kept: settings.backups_kept,
        fresh_days: (drill::FRESH.as_secs() / 86_400).cast_signed(),
        proven_at: rows
            .iter()
            .filter_map(|row| row.proven_at)
            .max()
            .map(instant),
        items: rows
            .into_iter()
            .map(|row| Backup::of(row, keeping))
            .collect::<Result<_>>()?,
    }))
}

/// Whether both folders lie on one disk, as far as the system tells.
#[cfg(unix)]
fn is_same_disk(app: &App, keeping: &Keeping) -> bool {
    use std::{fs::metadata, os::unix::fs::MetadataExt, path::Path};
    let disk = |path: &Path| path.ancestors().find_map(|path| metadata(path).ok());
    match (disk(&app.config.data), disk(&keeping.folder)) {
        (Some(data), Some(backups)) => data.dev() == backups.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_disk(app: &App, keeping: &Keeping) -> bool {
    keeping.folder.starts_with(&app.config.data)
}

/// Makes a backup now.
#[utoipa::path(post, path = "/backups", tag = "backups",
    extensions(("x-permission" = json!("backups.create"))),
    responses((status = 202, body = Job), (status = 409, body = Problem)))]
async fn create_backup(State(app): State<App>, ctx: Ctx) -> Result<impl IntoResponse> {
    keeping(&app)?;
    let job = app.db.post(&ctx, |tx| {
        Box::pin(async move {
            let id = jobs::enqueue(tx, JobKind::Backup, &BackupInput::default()).await?;
            tx.audit("start", "job", id.0, json!({ "kind": "backup" }));
            Job::of(tx, id).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Tries to restore a backup in a folder of its own, which is removed afterwards.
#[utoipa::path(post, path = "/backups/{id}/drill", tag = "backups",
    extensions(("x-permission" = json!("backups.create"))), params(("id" = BackupId, Path)),
    responses((status = 202, body = Job), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn drill_backup(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<BackupId>,
) -> Result<impl IntoResponse> {
    let row = find(&app, id).await?;
    let keeping = keeping(&app)?;
    if row.encrypted && keeping.identity.is_none() {
        let detail = "This backup is encrypted, and the program has no secret key to try it \
                      with. Start it with --backup-identity FILE, or try it elsewhere with \
                      clientele restore.";
        return Err(Error::conflict("backup_encrypted", detail));
    }
    let job = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            let job = jobs::enqueue(tx, JobKind::BackupDrill, &DrillInput { id }).await?;
            tx.audit("start", "job", job.0, json!({ "kind": "backup_drill" }));
            Job::of(tx, job).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Routes of backups.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_backups, create_backup))
        .routes(routes!(drill_backup))
}
