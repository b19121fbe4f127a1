//! The running program: what every request and job can reach.

use std::{
    fs::{File, TryLockError},
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use anyhow::{Context, anyhow};
use clientele_warehouse::{Options, Warehouse};
use tokio::sync::{Semaphore, broadcast};

use crate::{
    ctx::{Ctx, Env},
    db::{BookUrl, Db},
    error::Result,
    features::backups::Keeping,
    jobs::JobNews,
    key::Key,
    observe::{Requests, Telemetry},
};

/// Where the program keeps things.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The book; a SQLite file in the data folder unless told otherwise.
    pub book: BookUrl,
    /// The file of the key that seals secrets.
    pub key: PathBuf,
    /// How much of the machine questions over all customers may use.
    pub warehouse_options: Options,
    /// Where backups are kept, if anywhere.
    pub backups: Option<Keeping>,
}

impl Config {
    /// A data folder, and a PostgreSQL URL if the book lives there.
    pub fn new(data: &Path, database_url: Option<&str>) -> Self {
        let book = match database_url {
            Some(url) => BookUrl::Postgres(url.to_owned()),
            None => BookUrl::Sqlite(data.join("book.sqlite")),
        };
        Config {
            data: data.to_owned(),
            book,
            key: data.join("secret.key"),
            warehouse_options: Options::default(),
            backups: None,
        }
    }

    /// Where uploaded files wait for their import.
    pub fn uploads(&self) -> PathBuf {
        self.data.join("uploads")
    }

    /// Where the warehouse lives.
    pub fn warehouse(&self) -> PathBuf {
        self.data.join("warehouse")
    }
}

/// Everything that lives as long as the program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] holds.
pub struct Parts {
    /// Folders and addresses.
    pub config: Config,
    /// Clock, ids, randomness.
    pub env: Env,
    /// The book.
    pub db: Db,
    /// The columnar copy.
    pub warehouse: Warehouse,
    /// What all users of the copy share.
    pub shared: crate::features::warehouse::Shared,
    /// Seals what the book alone must not tell.
    pub key: Key,
    /// What lists ask about customers.
    pub roster: crate::features::customers::Roster,
    /// What people may do.
    pub access: crate::features::users::AccessCache,
    /// At most so many passwords are hashed at a time.
    pub hashing: Semaphore,
    /// Progress of jobs, for the live updates of the screens.
    pub job_news: broadcast::Sender<JobNews>,
    /// Where requests and jobs are told of, if a collector was named.
    pub telemetry: OnceLock<Telemetry>,
    /// How long requests have taken since the start.
    pub requests: Requests,
    /// When the program was started, in microseconds.
    pub started_at: i64,
    /// Held while this process is the one that works on the data folder.
    lock: Option<File>,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens book and warehouse in a data folder, which is made if missing.
    ///
    /// # Errors
    /// When the folder cannot be written or the book cannot be opened.
    pub async fn open(config: Config, env: Env) -> Result<Self> {
        std::fs::create_dir_all(config.uploads())
            .with_context(|| format!("cannot write to {}", config.data.display()))?;
        let lock = try_lock(&config.data.join("lock"))?;
        let db = Db::open(&config.book).await?;
        env.continue_after(db.greatest_id().await?);
        let folder = config.warehouse();
        let warehouse = Warehouse::open(&folder, config.warehouse_options)
            .await
            .with_context(|| {
                format!(
                    "cannot open the warehouse; move the folder away and start again, and it is \
                     made anew from the book: {}",
                    folder.display()
                )
            })?;
        let (job_news, _) = broadcast::channel(256);
        Ok(App(Arc::new(Parts {
            started_at: env.now().as_microsecond(),
            requests: Requests::default(),
            telemetry: OnceLock::new(),
            key: Key::in_file(&config.key),
            config,
            env,
            db,
            warehouse,
            shared: Default::default(),
            roster: Default::default(),
            access: Default::default(),
            hashing: Semaphore::new(2),
            job_news,
            lock,
        })))
    }

    /// Whether this process may run jobs and write the warehouse; another one on
    /// the same folder may not.
    pub fn is_worker(&self) -> bool {
        self.lock.is_some()
    }

    /// Work of the program itself.
    pub fn system_ctx(&self) -> Ctx {
        Ctx::system(&self.env)
    }
}

/// Takes the folder's lock, or nothing if another process holds it.
fn try_lock(path: &Path) -> Result<Option<File>> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(anyhow!(error).context("cannot lock the data folder").into())
        }
    }
}
