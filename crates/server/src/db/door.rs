//! The one door for writes.
//!
//! On SQLite a single task owns the writing connection: it takes the actions
//! that are waiting, runs each in a savepoint of one transaction (one that waits alone
//! needs none), commits once (one fsync for all of them) and only then lets every caller
//! have its answer. Where the database fails at that, as on a full disk, nobody can say
//! what the connection believes to be open: it is closed, which rolls everything back,
//! and the next group has a new one.
//! On PostgreSQL each action is a transaction of its own that holds the book's
//! lock, so that what it has checked still stands when it writes, whoever else
//! writes; it runs again when the database reports a serialization failure.

use std::{
    borrow::Cow,
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::anyhow;
use futures::future::BoxFuture;
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::{
    ActionFuture,
    connect::Pool,
    held::{Held, SAVEPOINT},
    tx::Tx,
};
use crate::{
    ctx::Ctx,
    error::{Error, Result},
};

/// How many waiting actions share one commit at most.
const GROUP: usize = 64;
/// How often PostgreSQL may ask for another try.
const TRIES: usize = 8;
/// How many of one program stand before PostgreSQL's lock.
const TURNS: usize = 2;
/// One writer of a book at a time, as on SQLite; a book is a schema.
const BEGIN_LOCKED: &str =
    "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 0))";

/// Tells a caller the outcome once the group's commit is known.
type Finish = Box<dyn FnOnce(Result<(), DbErr>) + Send>;
/// An action waiting at the door, with its caller's answer inside; its future
/// also tells whether the transaction around it is still sound.
type Waiting = Box<dyn FnOnce(Arc<Held>, Place) -> BoxFuture<'static, (Finish, bool)> + Send>;

/// Where an action runs.
#[derive(Clone, Copy)]
enum Place {
    /// In a transaction of its own, which ends with it.
    Alone,
    /// In a savepoint, others before and after it.
    Among,
}

#[derive(Clone)]
pub(super) struct Door {
    pool: Pool,
    queue: Option<mpsc::Sender<Waiting>>,
    /// On PostgreSQL one may write and another wait for it; others hold no connection.
    turns: Arc<Semaphore>,
    committed: watch::Sender<u64>,
    failing: Arc<AtomicBool>,
}

impl Door {
    pub(super) fn open(pool: Pool, committed: watch::Sender<u64>) -> Self {
        let (sender, receiver) = mpsc::channel(1024);
        let mut door = Door {
            pool,
            queue: None,
            turns: Arc::new(Semaphore::new(TURNS)),
            committed,
            failing: Arc::default(),
        };
        if door.pool.backend() == DbBackend::Sqlite {
            tokio::spawn(door.clone().serve(receiver));
            door.queue = Some(sender);
        }
        door
    }

    /// Whether the last commit failed.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    pub(super) async fn pass<T, F>(&self, ctx: &Ctx, action: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync + 'static,
    {
        match &self.queue {
            Some(queue) => pass_grouped(queue, ctx.clone(), action).await,
            None => self.pass_alone(ctx, action).await,
        }
    }

    async fn pass_alone<T, F>(&self, ctx: &Ctx, action: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync + 'static,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let turn = self.turns.acquire().await;
            let held = Arc::new(Held::of(&self.pool).await?);
            held.begin(BEGIN_LOCKED).await?;
            let run = attempt(&held, Place::Alone, ctx.clone(), &action);
            // On the heap, for callers are deep enough.
            let (outcome, _) = Box::pin(run).await;
            drop(turn);
            match outcome {
                Ok(answer) => {
                    self.committed.send_modify(|count| *count += 1);
                    return Ok(answer);
                }
                Err(Error::Db(error)) if tries < TRIES && may_retry(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The task that owns SQLite's writing connection.
    async fn serve(self, mut queue: mpsc::Receiver<Waiting>) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                let Some(first) = queue.recv().await else {
                    return;
                };
                waiting.push_back(first);
            }
            while waiting.len() < GROUP
                && let Ok(next) = queue.try_recv()
            {
                waiting.push_back(next);
            }
            let mut finishes = Vec::with_capacity(waiting.len());
            let turn = self.turns.acquire().await;
            let outcome = run_group(&self.pool, &mut waiting, &mut finishes).await;
            drop(turn);
            self.failing.store(outcome.is_err(), Ordering::Relaxed);
            match &outcome {
                Ok(()) => self.committed.send_modify(|count| *count += 1),
                Err(error) => tracing::error!(%error, "a commit failed; the book is opened anew"),
            }
            let failure = outcome.err().map(Arc::new);
            for finish in finishes {
                finish(match &failure {
                    None => Ok(()),
                    Some(error) => Err(DbErr::Custom(format!("the commit failed: {error}"))),
                });
            }
        }
    }

    /// Waits for running writes and closes their connections.
    pub(super) async fn close(self) {
        let turns = self.turns.acquire_many(TURNS as u32).await;
        self.pool.close().await;
        drop(turns);
    }
}

/// Runs one action and keeps or undoes what it wrote; also tells whether the database
/// did what it was asked to at the end.
async fn attempt<T, F>(held: &Arc<Held>, place: Place, ctx: Ctx, action: &F) -> (Result<T>, bool)
where
    F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync,
{
    let tx = Tx::new(held.clone(), ctx);
    let outcome = match action(&tx).await {
        Ok(answer) => tx.append().await.map(|()| answer),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(answer) => match keep(held, place).await {
            Ok(()) => (Ok(answer), true),
            // What was put off breaks a rule of the book: no fault of the others.
            Err(error) if breaks_a_rule(&error) => (Err(error.into()), undo(held, place).await),
            Err(error) => (Err(error.into()), false),
        },
        Err(error) => (Err(error), undo(held, place).await),
    }
}

async fn keep(held: &Held, place: Place) -> Result<(), DbErr> {
    match place {
        Place::Alone => held.commit().await,
        Place::Among => held.keep_part().await,
    }
}

/// Answers whether the database did.
async fn undo(held: &Held, place: Place) -> bool {
    let undone = match place {
        Place::Alone => held.roll_back().await,
        Place::Among => held.undo_part().await,
    };
    if let Err(error) = &undone {
        tracing::warn!(%error, "rolling back failed");
    }
    undone.is_ok()
}

async fn pass_grouped<T, F>(queue: &mpsc::Sender<Waiting>, ctx: Ctx, action: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync + 'static,
{
    let (answer, waiting_answer) = oneshot::channel::<Result<T>>();
    let waiting: Waiting = Box::new(move |held, place| {
        Box::pin(async move {
            let (outcome, sound) = attempt(&held, place, ctx, &action).await;
            let finish: Finish = Box::new(move |committed| {
                let outcome = match committed {
                    Ok(()) => outcome,
                    // A refusal stands whether or not the others were committed.
                    Err(error) => outcome.and(Err(error.into())),
                };
                // The caller may have gone; the write stands all the same.
                let _ = answer.send(outcome);
            });
            (finish, sound)
        })
    });
    let gone = || Error::Internal(anyhow!("the book is closed"));
    queue.send(waiting).await.map_err(|_| gone())?;
    waiting_answer.await.map_err(|_| gone())?
}

/// Runs waiting actions in one transaction, up to the first at which the
/// database fails: then none of them has happened, and the others still wait.
async fn run_group(
    pool: &Pool,
    waiting: &mut VecDeque<Waiting>,
    finishes: &mut Vec<Finish>,
) -> Result<(), DbErr> {
    // When this fails the waiting actions are dropped, and their callers hear
    // that the book is closed: nothing of theirs has happened.
    let begun = begin_group(pool, waiting.len()).await;
    let (held, place) = begun.inspect_err(|_| waiting.clear())?;
    while let Some(next) = waiting.pop_front() {
        let (finish, sound) = next(held.clone(), place).await;
        finishes.push(finish);
        if !sound {
            return Err(DbErr::Custom("an action could not be ended".to_owned()));
        }
    }
    match place {
        Place::Alone => Ok(()),
        Place::Among => held.commit().await,
    }
}

async fn begin_group(pool: &Pool, size: usize) -> Result<(Arc<Held>, Place), DbErr> {
    let held = Arc::new(Held::of(pool).await?);
    if size == 1 {
        held.begin("BEGIN IMMEDIATE").await?;
        return Ok((held, Place::Alone));
    }
    held.begin(&format!("BEGIN IMMEDIATE; {SAVEPOINT}")).await?;
    Ok((held, Place::Among))
}

/// Serialization failures and deadlocks, which another try resolves.
fn may_retry(error: &DbErr) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01" | "23505"))
}

/// Whether SQLite refused a row: its codes for that end in the byte 19.
fn breaks_a_rule(error: &DbErr) -> bool {
    let number = code(error).and_then(|code| code.parse::<u32>().ok());
    number.is_some_and(|number| number & 0xff == 19)
}

/// What the database calls an error.
fn code(error: &DbErr) -> Option<Cow<'_, str>> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error()?.code()
        }
        _ => None,
    }
}
