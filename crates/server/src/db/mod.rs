//! The book: one SQL database, SQLite by default or PostgreSQL by URL.
//!
//! Reads use [`Db::read`]; there is one way to write, [`Db::write`] and its
//! sibling [`Db::post`] for requests that must happen at most once. See
//! `door.rs` for how writes are grouped into commits.

mod bulk;
pub mod chain;
mod connect;
mod door;
mod feed;
mod held;
mod idempotency;
mod migrations;
mod tx;

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DbBackend};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;

use self::door::Door;
pub use self::{
    bulk::{among, insert_all, upsert_all},
    feed::{
        Change, change, changed_since, changes_after, feed_head, feed_position, set_feed_position,
    },
    held::{Held, Readers},
    tx::{Tx, What},
};
use crate::{
    ctx::Ctx,
    error::{Error, Result},
};

/// The future an action returns.
pub type ActionFuture<'a, T> = futures::future::BoxFuture<'a, Result<T>>;

/// Where the book is kept.
#[derive(Clone, Debug)]
pub enum BookUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, `postgres://…`.
    Postgres(String),
}

/// The book, cheap to clone.
#[derive(Clone)]
pub struct Db {
    read: Readers,
    door: Door,
    committed: watch::Sender<u64>,
}

impl Db {
    /// Opens the book and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or was written by a newer program.
    pub async fn open(url: &BookUrl) -> Result<Self> {
        let connections = connect::connect(url).await?;
        migrations::run(&connections.write).await?;
        let (committed, _) = watch::channel(0);
        Ok(Db {
            read: Readers(connections.read),
            door: Door::open(connections.write, committed.clone()),
            committed,
        })
    }

    /// The connections for finders; on SQLite they cannot write.
    pub fn read(&self) -> &Readers {
        &self.read
    }

    /// One connection for finders that belong together: taking one for each statement
    /// costs more than most statements do. It is given back when it is dropped; who holds
    /// one must not wait for another, for there are few.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn reader(&self) -> Result<Held> {
        Ok(Held::of(&self.read.0).await?)
    }

    /// The kind of database behind the book.
    pub fn backend(&self) -> DbBackend {
        self.read.0.backend()
    }

    /// Gives back the memory of pages that somebody who read everything has left behind.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn forget_pages(&self) -> Result<()> {
        // PostgreSQL keeps pages for everybody.
        if self.backend() == DbBackend::Sqlite {
            self.read.execute_unprepared("PRAGMA shrink_memory").await?;
        }
        Ok(())
    }

    /// The greatest id of any row, 0 in an empty book.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn greatest_id(&self) -> Result<i64> {
        migrations::greatest_id(&self.read).await
    }

    /// Whether the book takes writes; not where the last commit failed, until one
    /// succeeds. Where PostgreSQL fails, reading fails too.
    pub fn takes_writes(&self) -> bool {
        !self.door.is_failing()
    }

    /// Wakes up after every commit; the value only ever grows.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Runs one action in a write transaction and answers after its commit.
    ///
    /// The action may run more than once (PostgreSQL retries serialization
    /// failures), so it takes its input by reference or clone.
    ///
    /// # Errors
    /// What the action answers; nothing of it is kept then.
    pub async fn write<T, F>(&self, ctx: &Ctx, action: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync + 'static,
    {
        self.door.pass(ctx, action).await
    }

    /// Like [`Db::write`], and at most once per `Idempotency-Key` of the request:
    /// a repeated key gets the answer of the first time, whatever has become of
    /// the row since; the same key with another body is refused with 422. So an
    /// action answers what the client is to read, and not an id to look it up by.
    ///
    /// # Errors
    /// What the action answers, `idempotency_key_reused`, or `answer_unreadable`
    /// where another version of the program kept the answer.
    pub async fn post<T, F>(&self, ctx: &Ctx, action: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'a> Fn(&'a Tx) -> ActionFuture<'a, T> + Send + Sync + 'static,
    {
        let Some(key) = ctx.idempotency.clone() else {
            return self.write(ctx, action).await;
        };
        let action = std::sync::Arc::new(action);
        self.write(ctx, move |tx| {
            let (key, action) = (key.clone(), action.clone());
            Box::pin(async move {
                if let Some(stored) = idempotency::find(tx, &key).await? {
                    return serde_json::from_str(&stored).map_err(|_| {
                        let detail = "An earlier version of the program has carried out this \
                                      request. Look at what it made before sending a new one.";
                        Error::conflict("answer_unreadable", detail)
                    });
                }
                let answer = action(tx).await?;
                idempotency::keep(tx, &key, &serde_json::to_string(&answer)?).await?;
                Ok(answer)
            })
        })
        .await
    }

    /// Waits for running writes and closes the connections.
    pub async fn close(self) {
        self.door.close().await;
        self.read.0.close().await;
    }
}
