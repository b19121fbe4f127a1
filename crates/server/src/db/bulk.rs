//! Rows by the thousand.
//!
//! The text of the statement is put together once for all rows of a call, and values
//! go beside it as they are; a query builder's tree of every value would cost more
//! than the database needs to insert it.

use anyhow::anyhow;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait,
    Iterable, Statement, Value,
    sea_query::{ArrayType, Expr, Iden, OnConflict, Query, extension::postgres::PgFunc},
};

use super::{ActionFuture, Held};
use crate::error::Result;

/// How many rows one INSERT carries: few enough that their values can be bound
/// (32,766 on SQLite, for tables of 60 columns) and that the statements overlap.
const ROWS_PER_INSERT: usize = 500;
/// PostgreSQL takes a column of many rows as one value, and plans the statement once.
const ROWS_OF_COLUMNS: usize = 2_000;
/// How many rows go along with the next statement on SQLite.
const FEW_ROWS: usize = 8;

/// What stands for no value in a column that PostgreSQL takes: its arrays come without
/// nulls. No amount, time or id is that small, and no cell keeps such a character.
const NO_NUMBER: i64 = i64::MIN;
const NO_TEXT: &str = "\u{1}";

/// That a column holds one of some values. PostgreSQL takes them as one array, because it
/// would plan a list of thousands anew each time.
pub fn among<V: Into<Value>>(
    connection: &impl ConnectionTrait,
    column: impl ColumnTrait,
    values: impl IntoIterator<Item = V>,
) -> Expr {
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    let kind = match (connection.get_database_backend(), values.first()) {
        (DbBackend::Postgres, Some(Value::BigInt(_))) => ArrayType::BigInt,
        (DbBackend::Postgres, Some(Value::String(_))) => ArrayType::String,
        _ => return column.is_in(values),
    };
    let array = Value::Array(kind, Some(Box::new(values)));
    Expr::col(column.as_column_ref()).eq(PgFunc::any(array))
}

/// Inserts any number of rows, some hundred with each statement.
///
/// # Errors
/// When the book refuses a row, or a row lacks a column.
pub fn insert_all<'c, E, A>(
    connection: &'c Held,
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
    connection: &'c Held,
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
    connection: &'c Held,
    rows: Vec<A>,
    conflict: Option<OnConflict>,
) -> ActionFuture<'c, ()>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send + 'c,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let backend = connection.get_database_backend();
    let mut text = InsertText::new::<E>(backend, &columns, conflict);
    let most = match backend {
        DbBackend::Postgres => ROWS_OF_COLUMNS,
        _ => ROWS_PER_INSERT,
    };
    let few = rows.len() <= FEW_ROWS;
    let mut rows = rows.into_iter();
    let mut next_statement = move || -> Result<Option<Statement>> {
        let count = rows.len().min(most);
        let mut values = Vec::with_capacity(count * columns.len());
        for mut row in rows.by_ref().take(count) {
            for &column in &columns {
                values.push(value(&mut row, column)?);
            }
        }
        (count > 0).then(|| text.with(count, values)).transpose()
    };
    Box::pin(async move {
        let mut statement = next_statement()?;
        if few {
            return match statement {
                Some(statement) => Ok(connection.put(statement).await?),
                None => Ok(()),
            };
        }
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
    columns: Vec<String>,
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
            head: head.to_owned(),
            columns: columns.iter().map(|one| one.to_string()).collect(),
            tail: tail.to_owned(),
            last: (0, String::new()),
        }
    }

    /// The statement for so many rows and their values, row after row.
    fn with(&mut self, rows: usize, values: Vec<Value>) -> Result<Statement> {
        if self.backend == DbBackend::Postgres && rows > FEW_ROWS {
            return self.by_columns(rows, values);
        }
        if self.last.0 != rows {
            self.last = (rows, self.by_rows(rows));
        }
        Ok(Statement::from_sql_and_values(
            self.backend,
            &self.last.1,
            values,
        ))
    }

    fn by_rows(&self, rows: usize) -> String {
        let columns = self.columns.len();
        let place = |at: usize| match self.backend {
            DbBackend::Postgres => format!("${}", at + 1),
            _ => "?".to_owned(),
        };
        let row = |row: usize| {
            let places: Vec<String> = (row * columns..(row + 1) * columns).map(place).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{} VALUES {}{}", self.head, rows.join(", "), self.tail)
    }

    fn by_columns(&self, rows: usize, values: Vec<Value>) -> Result<Statement> {
        let mut columns: Vec<Vec<Value>> = Vec::new();
        columns.resize_with(self.columns.len(), || Vec::with_capacity(rows));
        for (at, value) in values.into_iter().enumerate() {
            columns[at % self.columns.len()].push(value);
        }
        let (mut taken, mut arrays, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        for (name, column) in self.columns.iter().zip(columns) {
            let (kind, word) = match column.first() {
                Some(Value::BigInt(_)) => (ArrayType::BigInt, "bigint"),
                Some(Value::String(_)) => (ArrayType::String, "text"),
                Some(Value::Bool(_)) => (ArrayType::Bool, "boolean"),
                Some(Value::Double(_)) => (ArrayType::Double, "double precision"),
                other => return Err(anyhow!("{name} holds {other:?}, which no column does").into()),
            };
            taken.push(match kind {
                ArrayType::BigInt => format!("NULLIF(\"{name}\", {NO_NUMBER})"),
                ArrayType::String => format!("NULLIF(\"{name}\", '{NO_TEXT}')"),
                _ => format!("\"{name}\""),
            });
            let filled = column.into_iter().map(|value| match value {
                Value::BigInt(None) => NO_NUMBER.into(),
                Value::String(None) => NO_TEXT.into(),
                known => known,
            });
            bound.push(Value::Array(kind, Some(Box::new(filled.collect()))));
            arrays.push(format!("${}::{word}[]", bound.len()));
        }
        let names = self.columns.iter().map(|name| format!("\"{name}\""));
        let text = format!(
            "{} SELECT {} FROM UNNEST({}) AS rows ({}){}",
            self.head,
            taken.join(", "),
            arrays.join(", "),
            names.collect::<Vec<_>>().join(", "),
            self.tail
        );
        Ok(Statement::from_sql_and_values(self.backend, text, bound))
    }
}
