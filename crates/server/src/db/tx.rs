//! A write transaction: a connection that also remembers what changed.

use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, ExprTrait, IntoActiveModel, Set,
    sea_query::{Expr, Query},
};
use serde_json::Value;

use super::{Held, bulk::insert_all, chain, feed::change};
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
    connection: Arc<Held>,
    ctx: Ctx,
    changes: Mutex<Vec<ChangedRow>>,
    audit: Mutex<Vec<Entry>>,
}

/// Noun, id, and what happened.
type ChangedRow = (&'static str, i64, What);
/// Action, noun, id, and details.
type Entry = (&'static str, &'static str, i64, Value);

impl Tx {
    pub(super) fn new(connection: Arc<Held>, ctx: Ctx) -> Self {
        Tx {
            connection,
            ctx,
            changes: Mutex::default(),
            audit: Mutex::default(),
        }
    }

    /// The connection for statements of this transaction.
    pub fn conn(&self) -> &Held {
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
        let taken = Query::update()
            .table(counter::Entity)
            .value(
                counter::Column::Value,
                Expr::col(counter::Column::Value).add(count),
            )
            .and_where(counter::Column::Name.eq(name))
            .returning_col(counter::Column::Value)
            .take();
        let row = self.connection.query_one(&taken).await?;
        let row = row.ok_or_else(|| anyhow::anyhow!("the counter {name} is missing"))?;
        let last: i64 = row.try_get_by_index(0)?;
        Ok(last - count + 1)
    }

    /// Says that what people may do has changed, or where they belong: everybody's
    /// rights are worked out anew.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn access_changed(&self) -> Result<()> {
        self.take_numbers("access", 1).await?;
        Ok(())
    }

    /// Writes down what changed and who did what.
    pub(super) async fn append(&self) -> Result<()> {
        let changes = take(&self.changes);
        let audit = take(&self.audit);
        let numbers = async {
            tokio::try_join!(
                self.numbers_for("changes", changes.len()),
                self.numbers_for("audit", audit.len()),
                // Whoever has the counter is the only one who writes entries.
                self.head_for(audit.len()),
            )
        };
        let (first_change, first_entry, head) = self.connection.together(numbers).await?;
        self.append_changes(first_change, changes).await?;
        self.append_audit(first_entry, head, audit).await
    }

    async fn numbers_for(&self, name: &str, rows: usize) -> Result<i64> {
        match rows {
            0 => Ok(0),
            rows => self.take_numbers(name, rows as i64).await,
        }
    }

    async fn head_for(&self, entries: usize) -> Result<String> {
        match entries {
            0 => Ok(String::new()),
            _ => Ok(chain::last(self.conn()).await?.1),
        }
    }

    async fn append_changes(&self, first: i64, changes: Vec<ChangedRow>) -> Result<()> {
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
        insert_all::<change::Entity, _>(self.conn(), rows).await
    }

    async fn append_audit(&self, first: i64, head: String, entries: Vec<Entry>) -> Result<()> {
        let (at, actor) = (self.ctx.now_micros(), self.ctx.actor_id());
        let mut before = head;
        let rows = (first..)
            .zip(entries)
            .map(|(seq, (action, noun, noun_id, detail))| {
                let mut entry = audit_entry::Model {
                    seq,
                    at,
                    actor,
                    action: action.to_owned(),
                    noun: noun.to_owned(),
                    noun_id,
                    detail: detail.to_string(),
                    address: self.ctx.address.clone(),
                    hash: String::new(),
                };
                entry.hash = chain::link(&before, &entry);
                before.clone_from(&entry.hash);
                entry.into_active_model().reset_all()
            });
        insert_all::<audit_entry::Entity, _>(self.conn(), rows).await
    }
}

fn take<T>(kept: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner))
}
