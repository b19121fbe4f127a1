//! Connections to both databases with the settings that reliability needs.

use std::{str::FromStr, time::Duration};

use anyhow::Context;
use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

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

/// A reader that nobody needed for so long is closed, and its memory free.
const READER_IDLE: Duration = Duration::from_secs(60);

/// How long PostgreSQL lets one statement take, or a transaction wait for the next.
const LONGEST: &str = "10min";

/// The reading and the writing side of a book.
pub(super) struct Connections {
    pub read: DatabaseConnection,
    pub write: DatabaseConnection,
}

/// Connects to the book, creating a SQLite file that is missing.
pub(super) async fn connect(url: &BookUrl) -> Result<Connections> {
    match url {
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
            // One writer: SQLite has one write lock, and the door shares its fsync.
            let write = SqlitePoolOptions::new()
                .max_connections(1)
                .min_connections(1)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(
                    options
                        .clone()
                        .pragma("cache_size", WRITER_CACHE)
                        .pragma("wal_autocheckpoint", CHECKPOINT),
                )
                .await
                .with_context(|| format!("cannot open the book at {}", path.display()))?;
            let read = SqlitePoolOptions::new()
                .max_connections(4)
                .test_before_acquire(false)
                .idle_timeout(READER_IDLE)
                .connect_with(
                    options
                        .pragma("cache_size", READER_CACHE)
                        .pragma("query_only", "ON"),
                )
                .await
                .context("cannot open the book for reading")?;
            Ok(Connections {
                read: SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
                write: SqlxSqliteConnector::from_sqlx_sqlite_pool(write),
            })
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
            let pool = PgPoolOptions::new()
                .max_connections(12)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await
                .context("cannot reach PostgreSQL at the given URL")?;
            let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            Ok(Connections {
                read: connection.clone(),
                write: connection,
            })
        }
    }
}
