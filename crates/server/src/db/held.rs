//! One connection of the book, held for several statements.
//!
//! On SQLite a command wakes the thread of its connection and is woken by it, which costs
//! more than most statements do. So statements that wait at the same time go there as one
//! command, and one of which nothing is asked goes along with the next
//! ([0010](../../../../docs/adr/0010-statements-together.md)). On PostgreSQL they follow
//! one another.

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use async_trait::async_trait;
use futures::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, Values,
    sqlx::{
        self, AssertSqlSafe, Database, Either, Executor, IntoArguments, Postgres, Sqlite,
        pool::PoolConnection,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

/// Marks the place in a transaction to which a part of it is undone.
pub(super) const SAVEPOINT: &str = "SAVEPOINT part";

/// One connection of the book. It goes back to its pool when it is dropped; one whose
/// transaction has not ended is closed, which rolls it back.
pub struct Held {
    backend: DbBackend,
    line: AsyncMutex<Line>,
    waiting: Mutex<Vec<Waiting>>,
    gathering: AtomicBool,
}

/// A statement that has not gone to the database yet, and who waits for its answer.
struct Waiting {
    statement: Statement,
    answer: Option<oneshot::Sender<Result<Answer, DbErr>>>,
}

/// What the database says to one statement.
struct Answer {
    rows: Vec<QueryResult>,
    done: ExecResult,
}

struct Line {
    connection: Connection,
    in_transaction: bool,
}

enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Held {
    /// Takes a connection out of a pool.
    pub(super) async fn of(pool: &DatabaseConnection) -> Result<Self, DbErr> {
        let backend = pool.get_database_backend();
        let connection = match backend {
            DbBackend::Postgres => {
                let pool = pool.get_postgres_connection_pool();
                Connection::Postgres(pool.acquire().await.map_err(lost)?)
            }
            _ => {
                let pool = pool.get_sqlite_connection_pool();
                Connection::Sqlite(pool.acquire().await.map_err(lost)?)
            }
        };
        Ok(Held {
            backend,
            line: AsyncMutex::new(Line {
                connection,
                in_transaction: false,
            }),
            waiting: Mutex::default(),
            gathering: AtomicBool::new(false),
        })
    }

    /// Begins a transaction. A connection dropped before its end has succeeded is closed.
    pub(super) async fn begin(&self, sql: &str) -> Result<(), DbErr> {
        self.line.lock().await.in_transaction = true;
        self.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Commits the transaction, after all that waits.
    pub(super) async fn commit(&self) -> Result<(), DbErr> {
        self.ask_plain("COMMIT").await?;
        self.line.lock().await.in_transaction = false;
        Ok(())
    }

    /// Undoes the transaction.
    pub(super) async fn roll_back(&self) -> Result<(), DbErr> {
        self.waiting().clear();
        self.ask_plain("ROLLBACK").await?;
        self.line.lock().await.in_transaction = false;
        Ok(())
    }

    /// Keeps what was written since [`SAVEPOINT`], after all that waits, and marks the
    /// place anew.
    pub(super) async fn keep_part(&self) -> Result<(), DbErr> {
        let release = Statement::from_string(self.backend, "RELEASE part");
        self.put(release).await?;
        self.ask_plain(SAVEPOINT).await
    }

    /// Undoes what was written since [`SAVEPOINT`].
    pub(super) async fn undo_part(&self) -> Result<(), DbErr> {
        self.waiting().clear();
        self.ask_plain("ROLLBACK TO part").await
    }

    async fn ask_plain(&self, sql: &str) -> Result<(), DbErr> {
        self.ask(Statement::from_string(self.backend, sql)).await?;
        Ok(())
    }

    /// Runs a statement of which nothing is asked: on SQLite together with the next one,
    /// which then also says if this one failed.
    pub(super) async fn put(&self, statement: Statement) -> Result<(), DbErr> {
        if self.backend == DbBackend::Sqlite {
            self.wait_with(statement, None);
        } else {
            self.ask(statement).await?;
        }
        Ok(())
    }

    /// Awaits futures that ask this connection, such as a `try_join!` of finders: on
    /// SQLite what they ask at the same time is one command.
    pub async fn together<T>(&self, asking: impl Future<Output = T>) -> T {
        // Inside another such call it is that one that gathers.
        if self.backend != DbBackend::Sqlite || self.gathering.load(Ordering::Relaxed) {
            return asking.await;
        }
        let mut asking = Box::pin(asking);
        loop {
            self.gathering.store(true, Ordering::Relaxed);
            let polled = poll_fn(|context| Poll::Ready(asking.as_mut().poll(context))).await;
            self.gathering.store(false, Ordering::Relaxed);
            match polled {
                Poll::Ready(answer) => return answer,
                Poll::Pending if self.waiting().is_empty() => return asking.await,
                // Who asks hears of a failure.
                Poll::Pending => drop(self.run_waiting().await),
            }
        }
    }

    async fn ask(&self, statement: Statement) -> Result<Answer, DbErr> {
        let (answer, answered) = oneshot::channel();
        self.wait_with(statement, Some(answer));
        if !self.gathering.load(Ordering::Relaxed) {
            self.run_waiting().await?;
        }
        let failed = |_| DbErr::Custom("a statement before this one failed".to_owned());
        answered.await.map_err(failed)?
    }

    fn wait_with(
        &self,
        statement: Statement,
        answer: Option<oneshot::Sender<Result<Answer, DbErr>>>,
    ) {
        self.waiting().push(Waiting { statement, answer });
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what waits, up to the first statement that fails. The failure goes to the
    /// first who would hear nothing else, or is answered where nobody waits.
    async fn run_waiting(&self) -> Result<(), DbErr> {
        let mut line = self.line.lock().await;
        let waiting = std::mem::take(&mut *self.waiting());
        if waiting.is_empty() {
            return Ok(());
        }
        let (statements, mut callers): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .map(|one| (one.statement, one.answer))
            .unzip();
        let mut answers = Vec::with_capacity(statements.len());
        let outcome = line.connection.run(statements, &mut answers).await;
        let unanswered = callers.split_off(answers.len());
        for (caller, answer) in callers.into_iter().zip(answers) {
            if let Some(caller) = caller {
                // A caller that has gone does not ask any more.
                let _ = caller.send(Ok(answer));
            }
        }
        match (outcome, unanswered.into_iter().flatten().next()) {
            (Err(error), Some(caller)) => {
                let _ = caller.send(Err(error));
                Ok(())
            }
            (outcome, _) => outcome,
        }
    }
}

impl Connection {
    async fn run(
        &mut self,
        statements: Vec<Statement>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), DbErr> {
        match self {
            Connection::Sqlite(connection) => {
                run::<Sqlite>(connection, as_one(statements), answers).await
            }
            Connection::Postgres(connection) => {
                for statement in statements {
                    let values = statement.values.unwrap_or(Values(Vec::new()));
                    run::<Postgres>(connection, (statement.sql, values), answers).await?;
                }
                Ok(())
            }
        }
    }
}

/// Statements as one text, with the values of all.
fn as_one(statements: Vec<Statement>) -> (String, Values) {
    let mut statements = statements.into_iter();
    let first = statements.next();
    let (mut text, mut values) = first.map_or_else(Default::default, |first| {
        (
            first.sql,
            first.values.map_or_else(Vec::new, |values| values.0),
        )
    });
    for statement in statements {
        text.push_str(";\n");
        text.push_str(&statement.sql);
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
    }
    (text, Values(values))
}

/// Runs a text of one or several statements and adds what each answers.
async fn run<DB: Database>(
    connection: &mut DB::Connection,
    (text, values): (String, Values),
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    SqlxValues: IntoArguments<DB>,
    QueryResult: From<DB::Row>,
    ExecResult: From<DB::QueryResult>,
{
    let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(values));
    let mut steps = connection.fetch_many(query);
    let mut rows = Vec::new();
    while let Some(step) = steps.try_next().await.map_err(refused)? {
        match step {
            Either::Right(row) => rows.push(row.into()),
            Either::Left(done) => answers.push(Answer {
                rows: std::mem::take(&mut rows),
                done: done.into(),
            }),
        }
    }
    Ok(())
}

fn refused(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn lost(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

#[async_trait]
impl ConnectionTrait for Held {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.ask(statement).await?.done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run_waiting().await?;
        let mut line = self.line.lock().await;
        let text = sqlx::raw_sql(AssertSqlSafe(sql));
        let done = match &mut line.connection {
            Connection::Sqlite(connection) => connection.execute(text).await.map(Into::into),
            Connection::Postgres(connection) => connection.execute(text).await.map(Into::into),
        };
        done.map_err(refused)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.ask(statement).await?.rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.ask(statement).await?.rows)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.in_transaction {
            match &mut self.connection {
                Connection::Sqlite(connection) => connection.close_on_drop(),
                Connection::Postgres(connection) => connection.close_on_drop(),
            }
        }
    }
}
