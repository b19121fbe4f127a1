//! Brings the book's tables up to date: plain SQL files shared by both
//! databases, applied in order, each in one transaction (docs/adr/0003).

use anyhow::anyhow;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{chain, connect::Pool, held::Held};
use crate::error::Result;

const FILES: [&str; 12] = [
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_golden_customers.sql"),
    include_str!("../migrations/0003_grades_without_today.sql"),
    include_str!("../migrations/0004_rows_as_received.sql"),
    include_str!("../migrations/0005_no_golden_counter.sql"),
    include_str!("../migrations/0006_indexes_that_are_asked.sql"),
    include_str!("../migrations/0007_people_and_places.sql"),
    include_str!("../migrations/0008_audit_chain.sql"),
    include_str!("../migrations/0009_sessions_and_tokens.sql"),
    include_str!("../migrations/0010_backups.sql"),
    include_str!("../migrations/0011_invitations.sql"),
    include_str!("../migrations/0012_second_factors.sql"),
];

/// The version from which on entries of the audit log are hashed as they are written.
const AUDIT_CHAIN: i64 = 8;

/// Applies what is missing.
pub(super) async fn run(pool: &Pool) -> Result<()> {
    let backend = pool.backend();
    let tx = Held::of(pool).await?;
    tx.execute_unprepared("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
        .await?;
    tx.begin("BEGIN").await?;
    if backend == DbBackend::Postgres {
        // Two programs starting on one database wait for each other here.
        tx.execute_unprepared("LOCK TABLE schema_version IN EXCLUSIVE MODE")
            .await?;
    }
    let row = tx
        .query_one_raw(Statement::from_string(
            backend,
            "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version",
        ))
        .await?
        .ok_or_else(|| anyhow!("an aggregate always answers one row"))?;
    let current: i64 = row.try_get("", "version")?;
    if current > FILES.len() as i64 {
        return Err(anyhow!(
            "this book was written by a newer program (schema {current}, this one knows {}); \
             start the newer one",
            FILES.len()
        )
        .into());
    }
    let has_chain = current >= AUDIT_CHAIN;
    for (index, file) in FILES.iter().enumerate().skip(current as usize) {
        for statement in statements(file, backend) {
            tx.execute_unprepared(&statement).await?;
        }
        tx.execute_raw(Statement::from_sql_and_values(
            backend,
            "INSERT INTO schema_version (version) VALUES ($1)",
            [(index as i64 + 1).into()],
        ))
        .await?;
    }
    if !has_chain {
        chain::seal(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The greatest id of any row.
pub(super) async fn greatest_id(db: &impl ConnectionTrait) -> Result<i64> {
    let mut greatest = 0;
    for table in tables_with_ids() {
        let question = format!("SELECT COALESCE(MAX(id), 0) AS id FROM {table}");
        let statement = Statement::from_string(db.get_database_backend(), question);
        let row = db.query_one_raw(statement).await?;
        let id = row.map_or(Ok(0), |row| row.try_get("", "id"))?;
        greatest = Ord::max(greatest, id);
    }
    Ok(greatest)
}

fn tables_with_ids() -> impl Iterator<Item = &'static str> {
    FILES
        .iter()
        .flat_map(|file| file.split("CREATE TABLE ").skip(1))
        .filter_map(|table| table.split_once(" (\n  id BIGINT PRIMARY KEY"))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(char::is_whitespace))
}

/// Splits a file into statements and spells the types of one database.
fn statements(file: &str, backend: DbBackend) -> Vec<String> {
    let text: String = file
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    text.split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .map(|statement| match backend {
            DbBackend::Sqlite => {
                let spelled = statement
                    .replace(" BIGINT", " INTEGER")
                    .replace(" BOOL", " INTEGER")
                    .replace(" REAL8", " REAL");
                match spelled.starts_with("CREATE TABLE") {
                    true => format!("{spelled} STRICT"),
                    false => spelled,
                }
            }
            // Byte order, as in SQLite: a page of names is the same on both, and
            // a prefix search can use the index.
            _ => statement
                .replace(" REAL8", " DOUBLE PRECISION")
                .replace(" TEXT", " TEXT COLLATE \"C\""),
        })
        .collect()
}
