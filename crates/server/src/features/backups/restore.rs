//! Bringing a backup back: into a folder that has no book yet, whole or not at all.

use std::{fs, path::Path};

use anyhow::Context;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use serde_json::json;

use super::{
    Keeping,
    archive::{self, ANCHORS, Manifest, UPLOADS},
    book,
    make::Cleared,
};
use crate::{
    app::{App, Config},
    ctx::Env,
    db::{Tx, chain},
    entities::job,
    error::{Error, Result},
    features::{
        audit,
        session::entity::session,
        users::entity::invitation,
        warehouse::check::{Check, check},
    },
    jobs::JobKind,
};

/// A book that was brought back.
pub struct Restored {
    /// The program on it.
    pub app: App,
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// What looking at all of it has found.
    pub findings: Findings,
}

/// What was found in a book that was brought back.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Whether everything is as it was.
    pub ok: bool,
    /// Rows in all tables.
    pub rows: i64,
    /// Whether nobody tampered with the audit log.
    pub audit_ok: bool,
    /// Book and copy, thing by thing.
    pub check: Check,
}

impl Findings {
    /// What is not as it must be: names of the things looked at.
    pub fn differences(&self) -> Vec<String> {
        let of_check = self.check.findings.iter().filter(|finding| !finding.ok);
        let audit = (!self.audit_ok).then(|| "audit".to_owned());
        of_check
            .map(|finding| finding.name.clone())
            .chain(audit)
            .collect()
    }
}

/// Brings a backup back, opens it and looks at everything.
///
/// # Errors
/// `book_exists`, what [`archive::unpack`] answers, `backup_of_other_database`, or when
/// disk or database fail.
pub async fn restore(file: &Path, keeping: &Keeping, config: Config, env: Env) -> Result<Restored> {
    if book::is_there(&config.book).await? {
        let detail = "There is a book already. Name a new folder, or an empty database, and \
                      keep what is there until the restored one has been looked at.";
        return Err(Error::conflict("book_exists", detail));
    }
    fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot write to {}", config.data.display()))?;
    let folder = config.data.join("restoring");
    let _cleared = Cleared::new(&folder)?;
    let identities = keeping.identities()?;
    let manifest = {
        let (file, folder) = (file.to_owned(), folder.clone());
        let reading = move || archive::unpack(&file, &identities, &folder);
        let read = tokio::task::spawn_blocking(reading).await;
        read.context("reading a backup")??
    };
    // The book comes last: without it, there is nothing yet.
    move_files(&folder, &config)?;
    book::put_back(&folder, &config.book, &manifest.book).await?;
    let app = App::open(config, env).await?;
    let anchors = audit::read_anchors(&app, None)?;
    let audit_ok = chain::verify(app.db.read(), &anchors)
        .await?
        .tampering
        .is_empty();
    settle(&app).await?;
    let check = check(&app).await?;
    let findings = Findings {
        ok: check.ok && audit_ok,
        rows: manifest.book.rows.values().sum(),
        audit_ok,
        check,
    };
    Ok(Restored {
        app,
        manifest,
        findings,
    })
}

fn move_files(from: &Path, config: &Config) -> Result<()> {
    let anchors = from.join(ANCHORS);
    if anchors.exists() {
        fs::rename(anchors, config.data.join(ANCHORS))?;
    }
    let uploads = from.join(UPLOADS);
    fs::create_dir_all(config.uploads())?;
    if uploads.exists() {
        for entry in fs::read_dir(uploads)? {
            let entry = entry?;
            fs::rename(entry.path(), config.uploads().join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Ends what must not go on in another time: who had signed in signs in again, since
/// sessions may have been ended after the backup and links used up, and a backup in the middle of which it
/// was made is over.
async fn settle(app: &App) -> Result<()> {
    app.db
        .write(&app.system_ctx(), |tx| Box::pin(settled(tx)))
        .await
}

async fn settled(tx: &Tx) -> Result<()> {
    session::Entity::delete_many().exec(tx.conn()).await?;
    invitation::Entity::delete_many().exec(tx.conn()).await?;
    let kinds = [JobKind::Backup, JobKind::BackupDrill].map(JobKind::as_str);
    job::Entity::update_many()
        .set(job::ActiveModel {
            state: Set("cancelled".to_owned()),
            finished_at: Set(Some(tx.ctx().now_micros())),
            ..Default::default()
        })
        .filter(job::Column::Kind.is_in(kinds))
        .filter(job::Column::State.is_in(["queued", "running", "paused"]))
        .exec(tx.conn())
        .await?;
    tx.audit("restore", "book", 0, json!({}));
    Ok(())
}
