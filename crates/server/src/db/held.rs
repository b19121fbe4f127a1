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
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, Values,
    sqlx::{
        self, AssertSqlSafe, Database, Either, Executor, IntoArguments, PgConnection, Postgres,
        Sqlite,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use super::connect::{Line, Pool, Taken};

/// Marks the place in a transaction to which a part of it is undone.
pub(super) const SAVEPOINT: &str = "SAVEPOINT part";

/// One connection of the book. It goes back to its pool when it is dropped; one whose
/// transaction has not ended is closed, which rolls it back.
pub struct Held {
    backend: DbBackend,
    place: AsyncMutex<Place>,
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

struct Place {
    /// There until the end.
    taken: Option<Taken>,
    in_transaction: bool,
    /// Whether nobody knows what the connection is at: a statement was given up, or the
    /// connection broke.
    lost: bool,
}

impl Held {
    /// Takes a connection out of a pool.
    pub(super) async fn of(pool: &Pool) -> Result<Self, DbErr> {
        let place = Place {
            taken: Some(pool.take().await?),
            in_transaction: false,
            lost: false,
        };
        Ok(Held {
            backend: pool.backend(),
            place: AsyncMutex::new(place),
            waiting: Mutex::default(),
            gathering: AtomicBool::new(false),
        })
    }

    /// Begins a transaction. A connection dropped before its end has succeeded is closed.
    pub(super) async fn begin(&self, sql: &str) -> Result<(), DbErr> {
        self.place.lock().await.in_transaction = true;
        self.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Commits the transaction, after all that waits.
    pub(super) async fn commit(&self) -> Result<(), DbErr> {
        self.ask_plain("COMMIT").await?;
        self.place.lock().await.in_transaction = false;
        Ok(())
    }

    /// Undoes the transaction.
    pub(super) async fn roll_back(&self) -> Result<(), DbErr> {
        self.waiting().clear();
        self.ask_plain("ROLLBACK").await?;
        self.place.lock().await.in_transaction = false;
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
        let mut place = self.place.lock().await;
        let waiting = std::mem::take(&mut *self.waiting());
        if waiting.is_empty() {
            return Ok(());
        }
        let (statements, mut callers): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .map(|one| (one.statement, one.answer))
            .unzip();
        let mut answers = Vec::with_capacity(statements.len());
        let outcome = place.run(statements, &mut answers).await;
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

impl Place {
    async fn run(
        &mut self,
        statements: Vec<Statement>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), DbErr> {
        let done = match self.line()? {
            Line::Sqlite(connection) => {
                run::<Sqlite>(connection, as_one(statements), answers).await
            }
            Line::Postgres(connection, _) => one_by_one(connection, statements, answers).await,
        };
        self.heard(done)
    }

    async fn run_plain(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql));
        let done = match self.line()? {
            Line::Sqlite(connection) => connection.execute(text).await.map(Into::into),
            Line::Postgres(connection, _) => connection.execute(text).await.map(Into::into),
        };
        self.heard(done)
    }

    /// The connection, lost until [`Place::heard`].
    fn line(&mut self) -> Result<&mut Line, DbErr> {
        self.lost = true;
        match &mut self.taken {
            Some(taken) => Ok(taken),
            None => Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
        }
    }

    fn heard<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        self.lost = match &done {
            Ok(_) => false,
            // PostgreSQL says so when it ends a connection.
            Err(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code.starts_with("57P"))
            }
            Err(_) => true,
        };
        done.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(taken) = self.taken.take() else {
            return;
        };
        if self.in_transaction || self.lost {
            Pool::discard(taken);
        }
    }
}

async fn one_by_one(
    connection: &mut PgConnection,
    statements: Vec<Statement>,
    answers: &mut Vec<Answer>,
) -> Result<(), sqlx::Error> {
    for statement in statements {
        let values = statement.values.unwrap_or(Values(Vec::new()));
        run::<Postgres>(connection, (statement.sql, values), answers).await?;
    }
    Ok(())
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
) -> Result<(), sqlx::Error>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    SqlxValues: IntoArguments<DB>,
    QueryResult: From<DB::Row>,
    ExecResult: From<DB::QueryResult>,
{
    let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(values));
    let mut steps = connection.fetch_many(query);
    let mut rows = Vec::new();
    while let Some(step) = steps.try_next().await? {
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
        self.place.lock().await.run_plain(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.ask(statement).await?.rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.ask(statement).await?.rows)
    }
}

/// Connections for finders, one for each statement.
#[derive(Clone)]
pub struct Readers(pub(super) Pool);

#[async_trait]
impl ConnectionTrait for Readers {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Held::of(&self.0).await?.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Held::of(&self.0).await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Held::of(&self.0).await?.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Held::of(&self.0).await?.query_all_raw(statement).await
    }
}
