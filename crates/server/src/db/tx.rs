//! A write transaction: a connection that also remembers what changed.

use std::sync::{Mutex, PoisonError};

use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, Set, sea_query::Expr,
};
use serde_json::Value;

use super::{bulk::insert_all, feed::change};
use crate::{
    ctx::Ctx,
    entities::{audit_entry, counter},
    error::Result,
};

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Created,
    /// It has other values.
    Updated,
    /// It is gone.
    Deleted,
}

impl What {
    /// The word in the change feed.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Created => "created",
            What::Updated => "updated",
            What::Deleted => "deleted",
        }
    }
}

/// One write transaction, its actor, and the changes and audit entries that are
/// written with it.
pub struct Tx {
    connection: DatabaseTransaction,
    ctx: Ctx,
    changes: Mutex<Vec<(&'static str, i64, What)>>,
    audit: Mutex<Vec<(&'static str, &'static str, i64, Value)>>,
}

impl Tx {
    pub(super) fn new(connection: DatabaseTransaction, ctx: Ctx) -> Self {
        Tx {
            connection,
            ctx,
            changes: Mutex::default(),
            audit: Mutex::default(),
        }
    }

    /// The connection for statements of this transaction.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.connection
    }

    /// Clock, ids and actor of the work.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// Puts a row's change on the feed.
    pub fn changed(&self, noun: &'static str, noun_id: i64, what: What) {
        self.changes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((noun, noun_id, what));
    }

    /// Writes an audit entry: who did what to which row, with details that hold
    /// no secrets.
    pub fn audit(&self, action: &'static str, noun: &'static str, noun_id: i64, detail: Value) {
        self.audit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((action, noun, noun_id, detail));
    }

    /// Takes `count` numbers from a counter and returns the first. The row stays
    /// locked until the commit, so numbers come in the order of commits.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn take_numbers(&self, name: &str, count: i64) -> Result<i64> {
        let updated = counter::Entity::update_many()
            .col_expr(
                counter::Column::Value,
                Expr::col(counter::Column::Value).add(count),
            )
            .filter(counter::Column::Name.eq(name))
            .exec_with_returning(&self.connection)
            .await?;
        let row = updated
            .first()
            .ok_or_else(|| anyhow::anyhow!("the counter {name} is missing"))?;
        Ok(row.value - count + 1)
    }

    pub(super) async fn commit(self) -> Result<()> {
        self.append_changes().await?;
        self.append_audit().await?;
        self.connection.commit().await?;
        Ok(())
    }

    /// Undoes everything; answers whether the database did.
    pub(super) async fn roll_back(self) -> bool {
        let undone = self.connection.rollback().await;
        if let Err(error) = &undone {
            tracing::warn!(%error, "rolling back failed");
        }
        undone.is_ok()
    }

    async fn append_changes(&self) -> Result<()> {
        let changes =
            std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner));
        if changes.is_empty() {
            return Ok(());
        }
        let first = self.take_numbers("changes", changes.len() as i64).await?;
        let (at, actor) = (self.ctx.now_micros(), self.ctx.actor_id());
        let rows = (first..)
            .zip(changes)
            .map(|(seq, (noun, noun_id, what))| change::ActiveModel {
                seq: Set(seq),
                at: Set(at),
                noun: Set(noun.to_owned()),
                noun_id: Set(noun_id),
                what: Set(what.as_str().to_owned()),
                actor: Set(actor),
            });
        insert_all::<change::Entity, _>(&self.connection, rows).await
    }

    async fn append_audit(&self) -> Result<()> {
        let entries =
            std::mem::take(&mut *self.audit.lock().unwrap_or_else(PoisonError::into_inner));
        if entries.is_empty() {
            return Ok(());
        }
        let first = self.take_numbers("audit", entries.len() as i64).await?;
        let (at, actor) = (self.ctx.now_micros(), self.ctx.actor_id());
        let rows = (first..)
            .zip(entries)
            .map(
                |(seq, (action, noun, noun_id, detail))| audit_entry::ActiveModel {
                    seq: Set(seq),
                    at: Set(at),
                    actor: Set(actor),
                    action: Set(action.to_owned()),
                    noun: Set(noun.to_owned()),
                    noun_id: Set(noun_id),
                    detail: Set(detail.to_string()),
                },
            );
        insert_all::<audit_entry::Entity, _>(&self.connection, rows).await
    }
}
