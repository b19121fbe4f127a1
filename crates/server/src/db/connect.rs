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
                .pragma("trusted_schema", "OFF")
                .pragma("secure_delete", "FAST")
                .pragma("mmap_size", "0")
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "MEMORY");
            // One writer: SQLite has one write lock, and the door shares its fsync.
            let write = SqlitePoolOptions::new()
                .max_connections(1)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(options.clone())
                .await
                .with_context(|| format!("cannot open the book at {}", path.display()))?;
            let read = SqlitePoolOptions::new()
                .max_connections(4)
                .connect_with(options.pragma("query_only", "ON"))
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
