//! Connections to both databases with the settings that reliability needs.

use std::{
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::Context;
use deadpool::managed::{
    Manager, Metrics, Object, PoolConfig, PoolError, QueueMode, RecycleError, RecycleResult,
};
use sea_orm::{
    ConnAcquireErr, DbBackend, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions, Connection,
        postgres::{PgConnectOptions, PgConnection},
        sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::time::{sleep, timeout};

use super::BookUrl;
use crate::error::Result;

/// Pages that SQLite keeps for the writer and for each reader, in kibibytes below zero.
/// Readers have the machine's own cache behind them; a writer has many pages that are
/// not written yet.
const WRITER_CACHE: &str = "-65536";
const READER_CACHE: &str = "-16384";

/// After how many pages what was committed goes from the log to the file. A batch of an
/// import touches the same pages of indexes as the one before, thousands of them.
const CHECKPOINT: &str = "4000";

/// How many rows SQLite's thread may be ahead of who reads them; when it waits for
/// every fifty, handing over costs more than finding them.
const ROWS_AHEAD: usize = 1_000;

/// Readers of SQLite at most, and connections to PostgreSQL.
const READERS: usize = 4;
const CONNECTIONS: usize = 12;

/// A reader that nobody needed for so long is closed, and its memory free.
const READER_IDLE: Duration = Duration::from_secs(60);

/// How long PostgreSQL lets one statement take, or a transaction wait for the next.
const LONGEST: &str = "10min";

/// How long a request waits for a connection of SQLite's few, and of PostgreSQL, which may
/// just be starting.
const SQLITE_WAIT: Duration = Duration::from_secs(30);
const POSTGRES_WAIT: Duration = Duration::from_secs(10);
/// How long after its last use a connection to PostgreSQL is asked whether it is still there.
const TRUSTED: Duration = Duration::from_secs(1);

/// The reading and the writing side of a book.
pub(super) struct Connections {
    pub read: Pool,
    pub write: Pool,
}

/// Connections of one kind, cheap to clone.
///
/// The driver's own pool asks a connection on its return whether it is still there, which on
/// SQLite costs as much as a statement; so this one is another.
#[derive(Clone)]
pub(super) struct Pool(deadpool::managed::Pool<Maker>);

/// A connection out of a [`Pool`], which it returns to when it is dropped.
pub(super) type Taken = Object<Maker>;

/// Makes connections.
pub(super) struct Maker {
    options: Options,
    /// How many connections were discarded.
    discarded: AtomicU64,
}

enum Options {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

/// A connection to either database; with the number of those that had been discarded when
/// PostgreSQL was last asked whether it is still there.
pub(super) enum Line {
    Sqlite(SqliteConnection),
    Postgres(PgConnection, u64),
}

impl Manager for Maker {
    type Type = Line;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Line, sqlx::Error> {
        let discarded = self.discarded.load(Ordering::Relaxed);
        let options = match &self.options {
            Options::Sqlite(options) => return Ok(Line::Sqlite(options.connect().await?)),
            Options::Postgres(options) => options,
        };
        let mut pause = Duration::from_millis(10);
        loop {
            match options.connect().await {
                Err(error) if is_starting(&error) => sleep(pause).await,
                made => return Ok(Line::Postgres(made?, discarded)),
            }
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn recycle(&self, line: &mut Line, used: &Metrics) -> RecycleResult<sqlx::Error> {
        let Line::Postgres(connection, seen) = line else {
            return Ok(());
        };
        let discarded = self.discarded.load(Ordering::Relaxed);
        if used.last_used() > TRUSTED || *seen != discarded {
            connection.ping().await.map_err(RecycleError::Backend)?;
            *seen = discarded;
        }
        Ok(())
    }
}

/// Whether PostgreSQL is not up yet.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.is_transient_in_connect_phase(),
        _ => false,
    }
}

impl Pool {
    fn new(options: Options, most: usize) -> Self {
        let maker = Maker {
            options,
            discarded: AtomicU64::new(0),
        };
        let config = PoolConfig {
            // The latest used has its pages still.
            queue_mode: QueueMode::Lifo,
            ..PoolConfig::new(most)
        };
        let builder = deadpool::managed::Pool::builder(maker).config(config);
        Pool(builder.build().expect("no timeouts, no runtime"))
    }

    pub(super) fn backend(&self) -> DbBackend {
        match self.0.manager().options {
            Options::Sqlite(_) => DbBackend::Sqlite,
            Options::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// Takes a connection, waiting for one if need be.
    pub(super) async fn take(&self) -> Result<Taken, DbErr> {
        let wait = match self.backend() {
            DbBackend::Postgres => POSTGRES_WAIT,
            _ => SQLITE_WAIT,
        };
        match timeout(wait, self.0.get()).await {
            Ok(Ok(taken)) => Ok(taken),
            Ok(Err(PoolError::Backend(error))) => {
                Err(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
            }
            Ok(Err(_)) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    /// Closes a connection of which nobody knows what it has open, and doubts the others.
    pub(super) fn discard(taken: Taken) {
        if let Some(pool) = Object::pool(&taken) {
            let discarded = &pool.manager().discarded;
            discarded.fetch_add(1, Ordering::Relaxed);
        }
        drop(Object::take(taken));
    }

    /// Closes connections that nobody needed for a while, for as long as there is a pool.
    async fn close_idle(pool: deadpool::managed::WeakPool<Maker>) {
        loop {
            sleep(READER_IDLE / 2).await;
            let Some(pool) = pool.upgrade() else { return };
            pool.retain(|_, used| used.last_used() < READER_IDLE);
        }
    }

    /// Closes all connections that are not in use, and waits until they are closed.
    pub(super) async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for line in idle {
            // One that fails to close leaves nothing behind: every commit is on disk.
            let _ = match line {
                Line::Sqlite(connection) => connection.close().await,
                Line::Postgres(connection, _) => connection.close().await,
            };
        }
    }
}

/// Connects to the book, creating a SQLite file that is missing.
pub(super) async fn connect(url: &BookUrl) -> Result<Connections> {
    let connections = match url {
        BookUrl::Sqlite(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(30))
                .statement_cache_capacity(256)
                .row_buffer_size(ROWS_AHEAD)
                .pragma("trusted_schema", "OFF")
                .pragma("secure_delete", "FAST")
                .pragma("mmap_size", "0")
                .pragma("temp_store", "MEMORY");
            let writer = options
                .clone()
                .pragma("cache_size", WRITER_CACHE)
                .pragma("wal_autocheckpoint", CHECKPOINT);
            let reader = options
                .pragma("cache_size", READER_CACHE)
                .pragma("query_only", "ON");
            let connections = Connections {
                read: Pool::new(Options::Sqlite(reader), READERS),
                // SQLite has one write lock, and the door shares its fsync.
                write: Pool::new(Options::Sqlite(writer), 1),
            };
            let opened = connections.write.take().await;
            drop(opened.with_context(|| format!("cannot open the book at {}", path.display()))?);
            connections
        }
        BookUrl::Postgres(url) => {
            let options = PgConnectOptions::from_str(url)
                .context("the database URL is not a PostgreSQL one")?
                .application_name("clientele")
                .options([
                    ("statement_timeout", LONGEST),
                    ("idle_in_transaction_session_timeout", LONGEST),
                ])
                .statement_cache_capacity(256);
            let pool = Pool::new(Options::Postgres(options), CONNECTIONS);
            let opened = pool.take().await;
            drop(opened.context("cannot reach PostgreSQL at the given URL")?);
            Connections {
                read: pool.clone(),
                write: pool,
            }
        }
    };
    tokio::spawn(Pool::close_idle(connections.read.0.weak()));
    Ok(connections)
}
