//! Copies of the book kept elsewhere, and the proof that they can be brought back. Table:
//! `backups`. Invariants: a file counts as a backup only when it is whole on the disk; the
//! newest one that was proven is never removed for its age.

mod api;
mod archive;
mod book;
pub mod cli;
mod drill;
pub mod entity;
mod gently;
mod make;
mod restore;
mod schedule;

use std::{fs, path::PathBuf, str::FromStr};

use age::x25519::{Identity, Recipient};
use clientele_domain::id::BackupId;
use sea_orm::EntityTrait;

pub use self::{
    api::routes,
    drill::run as run_drill,
    make::run as run_backup,
    restore::restore,
    schedule::{enqueue_if_due, keep_schedule},
};
use crate::{
    app::App,
    error::{Error, Result},
};

/// Where backups are kept, and who can read them.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    /// The folder, best on another disk than the book's.
    pub folder: PathBuf,
    /// Public keys of those who can read them; readable by everybody when there are none.
    pub recipients: Vec<Recipient>,
    /// The file with the secret keys that open them again.
    pub identity: Option<PathBuf>,
}

impl Keeping {
    /// The secret keys.
    ///
    /// # Errors
    /// `backup_identity_unreadable`.
    pub fn identities(&self) -> Result<Vec<Identity>> {
        let Some(path) = &self.identity else {
            return Ok(Vec::new());
        };
        let unreadable = |what: String| {
            let detail = format!(
                "{} holds no secret key of age: {what}. Make one with age-keygen.",
                path.display()
            );
            Error::bad_request("backup_identity_unreadable", &detail)
        };
        let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let keys: Vec<Identity> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| Identity::from_str(line).map_err(|error| unreadable(error.to_owned())))
            .collect::<Result<_>>()?;
        if keys.is_empty() {
            return Err(unreadable("it is empty".to_owned()));
        }
        Ok(keys)
    }

    /// Where the file of a name lies.
    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }
}

/// Where this program keeps backups.
fn keeping(app: &App) -> Result<&Keeping> {
    app.config.backups.as_ref().ok_or_else(|| {
        let detail = "This program was not told where to keep backups. Start it with --backups \
                      FOLDER, best on another disk.";
        Error::conflict("backups_not_kept", detail)
    })
}

/// The backup of an id.
async fn find(app: &App, id: BackupId) -> Result<entity::backup::Model> {
    entity::backup::Entity::find_by_id(id.0)
        .one(app.db.read())
        .await?
        .ok_or_else(|| Error::not_found("backup"))
}
