//! Rows by the thousand.
//!
//! The text of the statement is put together once for all rows of a call, and values
//! go beside it as they are; a query builder's tree of every value would cost more
//! than the database needs to insert it.

use anyhow::anyhow;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityTrait, Iterable, Statement,
    Value,
    sea_query::{OnConflict, Query},
};

use super::ActionFuture;
use crate::error::Result;

/// How many rows one INSERT carries: few enough that their values can be bound
/// (32,766 on SQLite, for tables of 60 columns) and that the statements overlap.
const ROWS_PER_INSERT: usize = 500;

/// Inserts any number of rows, some hundred with each statement.
///
/// # Errors
/// When the book refuses a row, or a row lacks a column.
pub fn insert_all<'c, E, A>(
    connection: &'c impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
) -> ActionFuture<'c, ()>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send + 'c,
{
    write_all(connection, rows.into_iter().collect(), None)
}

/// Inserts any number of rows, or does what `conflict` says with those that are there.
///
/// # Errors
/// When the book refuses a row, or a row lacks a column.
pub fn upsert_all<'c, E, A>(
    connection: &'c impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
    conflict: OnConflict,
) -> ActionFuture<'c, ()>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send + 'c,
{
    write_all(connection, rows.into_iter().collect(), Some(conflict))
}

/// The rows come as a vector, so that no borrowing iterator lives across the statements.
fn write_all<'c, E, A>(
    connection: &'c impl ConnectionTrait,
    rows: Vec<A>,
    conflict: Option<OnConflict>,
) -> ActionFuture<'c, ()>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send + 'c,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let mut text = InsertText::new::<E>(connection.get_database_backend(), &columns, conflict);
    let mut rows = rows.into_iter();
    let mut next_statement = move || -> Result<Option<Statement>> {
        let count = rows.len().min(ROWS_PER_INSERT);
        let mut values = Vec::with_capacity(count * columns.len());
        for mut row in rows.by_ref().take(count) {
            for &column in &columns {
                values.push(value(&mut row, column)?);
            }
        }
        Ok((count > 0).then(|| text.with(count, values)))
    };
    Box::pin(async move {
        let mut statement = next_statement()?;
        while let Some(ready) = statement {
            // The next statement is put together while the book works on this one.
            let build = async { next_statement() };
            let (written, next) = tokio::join!(connection.execute_raw(ready), build);
            written?;
            statement = next?;
        }
        Ok(())
    })
}

fn value<A: ActiveModelTrait>(
    row: &mut A,
    column: <A::Entity as EntityTrait>::Column,
) -> Result<Value> {
    match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Ok(value),
        ActiveValue::NotSet => Err(anyhow!("a new row lacks its {column:?}").into()),
    }
}

/// The text of an INSERT of some rows.
struct InsertText {
    backend: DbBackend,
    /// Up to the first row.
    head: String,
    columns: usize,
    /// What follows the last row.
    tail: String,
    /// The text for so many rows.
    last: (usize, String),
}

impl InsertText {
    fn new<E: EntityTrait>(
        backend: DbBackend,
        columns: &[E::Column],
        conflict: Option<OnConflict>,
    ) -> Self {
        let mut insert = Query::insert();
        insert
            .into_table(E::default().table_ref())
            .columns(columns.iter().copied())
            .values_panic(columns.iter().map(|_| 0.into()));
        if let Some(conflict) = conflict {
            insert.on_conflict(conflict);
        }
        let one = backend.build(&insert).sql;
        let (head, row) = one.split_once(" VALUES (").expect("an INSERT has a row");
        let (_, tail) = row.split_once(')').expect("a row has an end");
        InsertText {
            backend,
            head: format!("{head} VALUES "),
            columns: columns.len(),
            tail: tail.to_owned(),
            last: (0, String::new()),
        }
    }

    /// The statement for so many rows and their values, row after row.
    fn with(&mut self, rows: usize, values: Vec<Value>) -> Statement {
        if self.last.0 != rows {
            self.last = (rows, self.write(rows));
        }
        Statement::from_sql_and_values(self.backend, &self.last.1, values)
    }

    fn write(&self, rows: usize) -> String {
        let mut text = self.head.clone();
        let mut number = 0;
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                text.push_str(if column == 0 { "" } else { ", " });
                number += 1;
                match self.backend {
                    DbBackend::Postgres => text.push_str(&format!("${number}")),
                    _ => text.push('?'),
                }
            }
            text.push(')');
        }
        text + &self.tail
    }
}
