//! Making a backup while writes go on.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::Path,
    thread,
    time::Duration,
};

use clientele_domain::id::{BackupId, EPOCH_2020_MS, milliseconds};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{
    Keeping,
    archive::{self, ANCHORS, Packed, Standing, UPLOADS},
    book, drill,
    entity::backup,
    find,
    gently::gently,
    keeping,
};
use crate::{
    app::Config,
    db::What,
    error::{Error, Result},
    features::{audit, settings},
    jobs::{self, JobKind, JobRun, Outcome},
};

/// After how many bytes packing makes way for others, and for how long.
const STRETCH: u64 = 1 << 20;
const PAUSE: Duration = Duration::from_millis(20);

/// How often progress is told.
const TELL: Duration = Duration::from_millis(500);

/// Why a backup is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its hour has come.
    Schedule,
    /// Somebody asked.
    #[default]
    Asked,
}

/// What a job is told.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupInput {
    /// Why.
    pub reason: Reason,
}

/// Runs the job `backup`.
///
/// # Errors
/// `backups_not_kept`, or when book or disk fail; nothing is left then.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let app = &run.app;
    let keeping = keeping(app)?.clone();
    let input: BackupInput = run.input()?;
    // One backup a job, also when it is killed and runs again.
    let id = BackupId(run.id.0);
    let row = match find(app, id).await {
        Ok(made) => made,
        Err(_) => match make_one(run, id, &keeping, input.reason).await? {
            Ok(made) => made,
            Err(stopped) => return Ok(stopped),
        },
    };
    forget_old(run, &keeping, row.bytes).await?;
    let done = json!({ "id": BackupId(row.id), "file": row.file, "bytes": row.bytes });
    Ok(Outcome::Done(done))
}

/// Makes a backup and writes it into the book; answers how the job ends when somebody
/// asked it to stop.
async fn make_one(
    run: &JobRun,
    id: BackupId,
    keeping: &Keeping,
    reason: Reason,
) -> Result<std::result::Result<backup::Model, Outcome>> {
    let app = &run.app;
    run.progress("copying", 0, 0).await?;
    let begun = app.env.now();
    let file = name(id, !keeping.recipients.is_empty());
    audit::anchor(app).await?;
    let (told, progress) = watch::channel((0, 0));
    let (config, path) = (app.config.clone(), keeping.path(&file));
    let readers = keeping.recipients.clone();
    let making = gently(move || async move {
        let staging = config.data.join("backup-staging");
        let _cleared = Cleared::new(&staging)?;
        let standing = stage(&config, &staging, begun).await?;
        make(&staging, standing, &readers, &path, &told)
    });
    let (packed, feed_position) = match watched(run, making, progress).await? {
        Ok(made) => made,
        Err(stopped) => return Ok(Err(stopped)),
    };
    let row = backup::Model {
        id: id.0,
        file,
        bytes: packed.bytes.cast_signed(),
        sha256: packed.sha256,
        made_at: begun.as_microsecond(),
        micros: app.env.now().as_microsecond() - begun.as_microsecond(),
        feed_position,
        encrypted: !keeping.recipients.is_empty(),
        tried_at: None,
        proven_at: None,
        proof: "null".to_owned(),
    };
    note(run, row.clone(), reason).await?;
    Ok(Ok(row))
}

/// A name that sorts by time and says how to open it.
fn name(id: BackupId, sealed: bool) -> String {
    let day = asked_at(id).strftime("%Y-%m-%d");
    let ending = if sealed { ".age" } else { "" };
    format!("clientele-{day}-{id}.tar.zst{ending}")
}

fn asked_at(id: BackupId) -> Timestamp {
    let millis = EPOCH_2020_MS + milliseconds(id.0);
    Timestamp::from_millisecond(millis.cast_signed()).unwrap_or_default()
}

/// Puts everything that belongs to one moment into a folder.
async fn stage(config: &Config, staging: &Path, now: Timestamp) -> Result<Standing> {
    let anchors = config.data.join(ANCHORS);
    if anchors.exists() {
        fs::copy(&anchors, staging.join(ANCHORS))?;
    }
    // A file that the copy speaks of was there before the copy or came while it was made.
    link_uploads(config, staging)?;
    let standing = book::copy(&config.book, staging, now.to_string()).await?;
    link_uploads(config, staging)?;
    Ok(standing)
}

fn link_uploads(config: &Config, staging: &Path) -> Result<()> {
    let to = staging.join(UPLOADS);
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(config.uploads())? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        let is_new = entry.file_type()?.is_file() && !place.exists();
        if is_new && let Err(error) = fs::hard_link(entry.path(), &place) {
            // Its import has ended in this moment.
            let has_gone = error.kind() == ErrorKind::NotFound;
            if !has_gone {
                fs::copy(entry.path(), &place)?;
            }
        }
    }
    Ok(())
}

/// Packs the folder under a name that says it is not whole yet, and renames it when it is.
fn make(
    staging: &Path,
    standing: Standing,
    readers: &[age::x25519::Recipient],
    path: &Path,
    told: &watch::Sender<(u64, u64)>,
) -> Result<(Packed, i64)> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| not_writable(folder, &error))?;
    let total = crate::observe::folder_bytes(staging);
    let part = path.with_extension("part");
    let file = new_file(&part).map_err(|error| not_writable(folder, &error))?;
    let feed_position = standing.feed_position;
    let mut paused = 0;
    let packed = archive::pack(staging, standing, readers, file, |done| {
        if done >= paused + STRETCH {
            paused = done;
            make_way();
        }
        told.send_replace((done, total));
        !told.is_closed()
    });
    let packed = packed.inspect_err(|_| {
        // What is left of it is worth nothing; the job's next run writes over it.
        let _ = fs::remove_file(&part);
    })?;
    fs::rename(&part, path)?;
    File::open(folder)?.sync_all()?;
    Ok((packed, feed_position))
}

/// A file for nobody else to read, in place of what a killed run of the job has left.
fn new_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn not_writable(folder: &Path, error: &std::io::Error) -> Error {
    let folder = folder.display().to_string();
    let detail = format!(
        "The folder of the backups, {folder}, cannot be written: {error}. Mend that, or name \
         another one with --backups."
    );
    Error::conflict("backups_not_writable", detail)
        .with("folder", folder)
        .with("reason", error.to_string())
}

/// Leaves the disk and the processor's caches to those who wait for an answer.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody waits for this thread, and nothing depends on how long it sleeps"
)]
fn make_way() {
    thread::sleep(PAUSE);
}

/// Waits for the work and tells how far it is; answers how the job ends when somebody
/// asked it to stop.
async fn watched<T>(
    run: &JobRun,
    work: impl Future<Output = Result<T>>,
    progress: watch::Receiver<(u64, u64)>,
) -> Result<std::result::Result<T, Outcome>> {
    tokio::pin!(work);
    let mut tick = tokio::time::interval(TELL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            outcome = &mut work => return outcome.map(Ok),
            _ = tick.tick() => {
                if let Some(stop) = run.stop_here().await? {
                    // With nobody to hear of its progress the work ends.
                    drop(progress);
                    return Ok(work.await.map_or(Err(stop), Ok));
                }
                let (done, total) = *progress.borrow();
                if total > 0 {
                    let (done, total) = (done.cast_signed(), total.cast_signed());
                    run.progress("packing", done, total).await?;
                }
            }
        }
    }
}

/// Writes a finished backup into the book.
async fn note(run: &JobRun, row: backup::Model, reason: Reason) -> Result<()> {
    let this = run.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (run, row) = (this.clone(), row.clone());
            Box::pin(async move {
                run.advance(tx, "packing", row.bytes, row.bytes).await?;
                let id = BackupId(row.id);
                tx.changed("backup", id.0, What::Created);
                let detail = json!({ "file": row.file, "sha256": row.sha256, "reason": reason });
                tx.audit("create", "backup", id.0, detail);
                backup::Entity::insert(row.into_active_model())
                    .exec_without_returning(tx.conn())
                    .await?;
                if reason == Reason::Schedule && drill::is_due(tx).await? {
                    jobs::enqueue(tx, JobKind::BackupDrill, &drill::DrillInput { id }).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Removes all but so many of the newest, and never the newest that was proven. The files
/// go first: what a kill or the disk leaves of them is in the list still, and goes with the
/// next time.
async fn forget_old(run: &JobRun, keeping: &Keeping, bytes: i64) -> Result<()> {
    let mut old = superseded(run.app.db.read()).await?;
    old.retain(|row| match fs::remove_file(keeping.path(&row.file)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(%error, file = row.file, "an old backup could not be removed");
            false
        }
        _ => true,
    });
    if old.is_empty() {
        return Ok(());
    }
    let this = run.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (run, old) = (this.clone(), old.clone());
            Box::pin(async move {
                run.advance(tx, "packing", bytes, bytes).await?;
                backup::Entity::delete_many()
                    .filter(backup::Column::Id.is_in(old.iter().map(|row| row.id)))
                    .exec(tx.conn())
                    .await?;
                for row in &old {
                    tx.changed("backup", row.id, What::Deleted);
                    tx.audit("delete", "backup", row.id, json!({ "file": row.file }));
                }
                Ok(())
            })
        })
        .await
}

/// Backups that are too old to be kept.
async fn superseded(connection: &impl ConnectionTrait) -> Result<Vec<backup::Model>> {
    let kept = settings::load(connection).await?.backups_kept;
    let mut all = backup::Entity::find()
        .order_by_desc(backup::Column::MadeAt)
        .all(connection)
        .await?;
    let proven = all.iter().find(|row| row.proven_at.is_some());
    let proven = proven.map(|row| row.id);
    let mut old = all.split_off(usize::try_from(kept).unwrap_or(1).min(all.len()));
    old.retain(|row| Some(row.id) != proven);
    Ok(old)
}

/// A folder that is empty at first and gone at the end.
pub(super) struct Cleared<'a>(&'a Path);

impl<'a> Cleared<'a> {
    pub(super) fn new(folder: &'a Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        Ok(Cleared(folder))
    }
}

impl Drop for Cleared<'_> {
    fn drop(&mut self) {
        // What cannot be removed now is removed before the next time.
        let _ = fs::remove_dir_all(self.0);
    }
}
