//! Copies of the book while it is written: a SQLite file by `VACUUM INTO`, PostgreSQL by
//! `pg_dump`, each of one moment.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio};

use anyhow::{Context, anyhow};
use percent_encoding::NON_ALPHANUMERIC;
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait,
};
use tokio::process::Command;
use url::Url;

use super::archive::{POSTGRES, SQLITE, Standing};
use crate::{
    db::{
        BookUrl,
        chain::{self, Anchor},
    },
    error::{Error, Result},
};

/// The part of a PostgreSQL database in which the book lies.
const SCHEMA: &str = "SELECT current_schema() AS value";

/// Copies the book into a folder and says where the copy stands.
///
/// # Errors
/// When the book or the disk fails, or PostgreSQL's tools are missing.
pub async fn copy(book: &BookUrl, into: &Path, now: String) -> Result<Standing> {
    match book {
        BookUrl::Sqlite(path) => {
            let copy = into.join(SQLITE);
            let connection = Database::connect(sqlite(path)).await?;
            // The copy is packed at once; what is synced in the end is that.
            connection
                .execute_unprepared("PRAGMA synchronous = OFF")
                .await?;
            let question = Statement::from_sql_and_values(
                DbBackend::Sqlite,
                "VACUUM INTO $1",
                [text(&copy)?.into()],
            );
            connection.execute_raw(question).await?;
            connection.close().await?;
            standing_of_file(&copy, now).await
        }
        BookUrl::Postgres(url) => {
            let connection = Database::connect(url).await?;
            let tx = connection
                .begin_with_config(
                    Some(sea_orm::IsolationLevel::RepeatableRead),
                    Some(sea_orm::AccessMode::ReadOnly),
                )
                .await?;
            let snapshot: String = one(&tx, "SELECT pg_export_snapshot() AS value").await?;
            let schema: String = one(&tx, SCHEMA).await?;
            let standing = standing(&tx, now).await?;
            let mut dump = tool("pg_dump", url)?;
            dump.args(["--format=custom", "--compress=0", "--no-owner"])
                .args(["--no-privileges", "--snapshot", &snapshot])
                .args(["--schema", &schema, "--file"])
                .arg(into.join(POSTGRES));
            run(dump).await?;
            tx.commit().await?;
            connection.close().await?;
            Ok(standing)
        }
    }
}

/// Puts a copy in place of a book that is not there yet, if it stands where it must.
///
/// # Errors
/// `backup_of_other_database`, `backup_damaged`, or when the database fails.
pub async fn put_back(from: &Path, book: &BookUrl, expected: &Standing) -> Result<()> {
    let now = expected.audit.at.clone();
    match book {
        BookUrl::Sqlite(path) => {
            let copy = from.join(SQLITE);
            if !copy.exists() {
                return Err(other_database("a PostgreSQL database", "--database-url"));
            }
            agree(&standing_of_file(&copy, now).await?, expected)?;
            fs::rename(&copy, path)
                .with_context(|| format!("moving the book to {}", path.display()))?;
        }
        BookUrl::Postgres(url) => {
            let dump = from.join(POSTGRES);
            if !dump.exists() {
                return Err(other_database("a SQLite file", "--data alone"));
            }
            let connection = Database::connect(url).await?;
            let schema: String = one(&connection, SCHEMA).await?;
            let mut restore = tool("pg_restore", url)?;
            restore
                .args(["--no-owner", "--no-privileges", "--exit-on-error"])
                .args(["--single-transaction", "--schema", &schema])
                .args(["--dbname", &database(&parsed(url)?)])
                .arg(dump);
            run(restore).await?;
            let standing = standing(&connection, now).await;
            connection.close().await?;
            agree(&standing?, expected)?;
        }
    }
    Ok(())
}

fn agree(found: &Standing, expected: &Standing) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let detail = "The book in this backup is not the one that the backup speaks of. Take another.";
    Err(Error::conflict("backup_damaged", detail))
}

/// Whether there is a book already, of this program or of anybody.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_there(book: &BookUrl) -> Result<bool> {
    match book {
        BookUrl::Sqlite(path) => Ok(path.exists()),
        BookUrl::Postgres(url) => {
            let connection = Database::connect(url).await?;
            let question =
                "SELECT COUNT(*) AS value FROM pg_tables WHERE schemaname = current_schema()";
            let tables: i64 = one(&connection, question).await?;
            connection.close().await?;
            Ok(tables > 0)
        }
    }
}

/// A database beside the book's own, for a restore that is only tried.
pub struct Scratch {
    url: String,
    name: String,
}

impl Scratch {
    /// Makes an empty database on the server of a URL.
    ///
    /// # Errors
    /// `scratch_refused` where the role may not.
    pub async fn make(url: &str, name: &str) -> Result<Self> {
        let scratch = Scratch {
            url: url.to_owned(),
            name: name.to_owned(),
        };
        scratch.remove().await?;
        let made = order(url, &format!("CREATE DATABASE {name}")).await;
        made.map_err(|error| {
            let detail = format!(
                "A restore is tried in a database of its own, which PostgreSQL refuses to make: \
                 {error}. Let the role make databases: ALTER ROLE … CREATEDB."
            );
            Error::conflict("scratch_refused", detail)
        })?;
        let book = Database::connect(url).await?;
        let schema: String = one(&book, SCHEMA).await?;
        book.close().await?;
        if let BookUrl::Postgres(empty) = scratch.book()? {
            order(&empty, &format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
        }
        Ok(scratch)
    }

    /// Where it is.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn book(&self) -> Result<BookUrl> {
        let mut url = parsed(&self.url)?;
        url.set_path(&self.name);
        Ok(BookUrl::Postgres(url.to_string()))
    }

    /// Removes it, if it is there.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn remove(&self) -> Result<()> {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        order(&self.url, &sql).await
    }
}

async fn order(url: &str, sql: &str) -> Result<()> {
    let connection = Database::connect(url).await?;
    connection.execute_unprepared(sql).await?;
    connection.close().await?;
    Ok(())
}

fn sqlite(path: &Path) -> String {
    let path = path.as_os_str().as_encoded_bytes();
    let path = percent_encoding::percent_encode(path, NON_ALPHANUMERIC);
    format!("sqlite://{path}?mode=ro")
}

async fn standing_of_file(path: &Path, now: String) -> Result<Standing> {
    let connection: DatabaseConnection = Database::connect(sqlite(path)).await?;
    let standing = standing(&connection, now).await;
    connection.close().await?;
    standing
}

async fn standing(connection: &impl ConnectionTrait, now: String) -> Result<Standing> {
    let tables = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name AS value FROM sqlite_master WHERE type = 'table' \
             AND name NOT LIKE 'sqlite%' ORDER BY name"
        }
        _ => {
            "SELECT tablename AS value FROM pg_tables WHERE schemaname = current_schema() \
             ORDER BY 1"
        }
    };
    let backend = connection.get_database_backend();
    let mut rows = BTreeMap::new();
    for row in connection
        .query_all_raw(Statement::from_string(backend, tables))
        .await?
    {
        let table: String = row.try_get("", "value")?;
        let question = format!("SELECT COUNT(*) AS value FROM {table}");
        let count = one(connection, &question).await?;
        rows.insert(table, count);
    }
    let (seq, hash) = chain::last(connection).await?;
    let question = "SELECT COALESCE(MAX(version), 0) AS value FROM schema_version";
    let feed = "SELECT COALESCE(MAX(seq), 0) AS value FROM changes";
    Ok(Standing {
        schema: one(connection, question).await?,
        feed_position: one(connection, feed).await?,
        audit: Anchor { at: now, seq, hash },
        rows,
    })
}

async fn one<T: sea_orm::TryGetable>(
    connection: &impl ConnectionTrait,
    question: &str,
) -> Result<T> {
    let statement = Statement::from_string(connection.get_database_backend(), question);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| anyhow!("an aggregate always answers one row"))?;
    Ok(row.try_get("", "value")?)
}

fn parsed(url: &str) -> Result<Url> {
    Ok(Url::parse(url).context("the database URL is not a PostgreSQL one")?)
}

fn database(url: &Url) -> String {
    plain(url.path().trim_start_matches('/'))
}

fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// One of PostgreSQL's own tools, told of the database by its environment: what stands on
/// a command line, every user of the machine can read.
fn tool(name: &str, url: &str) -> Result<Command> {
    let url = parsed(url)?;
    let mut command = Command::new(name);
    command
        .env("PGUSER", plain(url.username()))
        .env("PGDATABASE", database(&url))
        .env("PGAPPNAME", "clientele");
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", plain(password));
    }
    if let Some(host) = url.host_str() {
        command.env("PGHOST", plain(host));
    }
    if let Some(port) = url.port() {
        command.env("PGPORT", port.to_string());
    }
    for (key, value) in url.query_pairs() {
        let variable = match key.as_ref() {
            "host" => "PGHOST",
            "options" => "PGOPTIONS",
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            _ => continue,
        };
        command.env(variable, value.as_ref());
    }
    Ok(command)
}

async fn run(mut command: Command) -> Result<()> {
    let name = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| {
        let detail = format!(
            "A book in PostgreSQL is copied by PostgreSQL's own tools, and {name} cannot be \
             started: {error}. Install PostgreSQL's client programs."
        );
        Error::conflict("postgres_tools_missing", detail).with("tool", name.clone())
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(anyhow!("{name} failed: {}", said.trim()).into())
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| {
        let path = path.display();
        format!("the path {path} is not UTF-8; use another folder")
    })?;
    Ok(text.to_owned())
}

fn other_database(of: &str, option: &str) -> Error {
    let detail = format!("This backup is of {of}. Restore it with {option}.");
    Error::conflict("backup_of_other_database", detail)
}
