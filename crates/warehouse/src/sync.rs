//! Bringing a stretch of the change feed into the tables.

use std::collections::HashSet;

use crate::files;
use crate::replace::replace;
use crate::rows::{CustomerRow, LineRow, OrderRow, ProductRow, Row, StoreRow};
use crate::table::{Commit, Table};
use crate::tables::{Tables, UNFINISHED};
use crate::{Error, Result};

/// What a stretch of the feed did to one table, as the rows stand in the book
/// when the batch is made.
///
/// An id belongs to one list only, whatever happened to it on the way: an id
/// both created and changed in the stretch is created, and one that is gone is
/// deleted.
#[derive(Debug, Clone)]
pub struct Rows<R> {
    /// Rows that the warehouse cannot have yet.
    pub created: Vec<R>,
    /// Rows that replace those with the same id, or join when there are none.
    pub changed: Vec<R>,
    /// Ids whose rows are gone.
    pub deleted: Vec<i64>,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self {
            created: Vec::new(),
            changed: Vec::new(),
            deleted: Vec::new(),
        }
    }
}

impl<R> Rows<R> {
    fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.deleted.is_empty()
    }
}

/// A stretch of the change feed: everything after `from_seq` up to `to_seq`.
///
/// Order lines are replaced by order: a changed order brings all its lines as
/// `changed`; an order that is gone, or has lost its last line, is in
/// `order_lines.deleted`.
#[derive(Debug, Clone, Default)]
pub struct TableBatch {
    /// The last change that is not in the batch.
    pub from_seq: i64,
    /// The last change that is.
    pub to_seq: i64,
    /// Customer records.
    pub customers: Rows<CustomerRow>,
    /// Stores.
    pub stores: Rows<StoreRow>,
    /// Products.
    pub products: Rows<ProductRow>,
    /// Orders.
    pub orders: Rows<OrderRow>,
    /// Order lines, by order.
    pub order_lines: Rows<LineRow>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synced {
    /// The tables now stand at the end of the batch.
    Applied,
    /// They already did; nothing was written.
    AlreadyThere,
}

/// Applies a batch, one commit per touched table, `orders` last.
///
/// A kill in between leaves some tables ahead of the position. The same or a
/// longer stretch then comes again; a table that is ahead of its start takes
/// the rows by id instead of appending them, so nothing doubles.
pub(crate) async fn sync(tables: &mut Tables, batch: TableBatch) -> Result<Synced> {
    let TableBatch {
        from_seq, to_seq, ..
    } = batch;
    if to_seq < from_seq {
        return Err(Error::Backwards { from_seq, to_seq });
    }
    tables.refresh().await?;
    let position = tables.position();
    if position == UNFINISHED {
        return Err(Error::Unfinished);
    }
    if to_seq <= position {
        return Ok(Synced::AlreadyThere);
    }
    if from_seq > position {
        return Err(Error::Gap { from_seq, position });
    }
    let span = (from_seq, to_seq);
    apply(&mut tables.customers, batch.customers, span).await?;
    apply(&mut tables.stores, batch.stores, span).await?;
    apply(&mut tables.products, batch.products, span).await?;
    let mut order_lines = batch.order_lines;
    if tables.order_lines.position > from_seq {
        // What is here may be older than the batch: a new order that has lost
        // all its lines since then is in no list of lines.
        order_lines
            .deleted
            .extend(batch.orders.created.iter().map(Row::key));
    }
    apply(&mut tables.order_lines, order_lines, span).await?;
    apply(&mut tables.orders, batch.orders, span).await?;
    if tables.position() < to_seq {
        tables.move_to(to_seq).await?;
    }
    Ok(Synced::Applied)
}

async fn apply<R: Row>(table: &mut Table, rows: Rows<R>, span: (i64, i64)) -> Result<()> {
    let (from_seq, to_seq) = span;
    if rows.is_empty() || table.position >= to_seq {
        return Ok(());
    }
    let may_repeat = table.position > from_seq;
    if !may_repeat && rows.changed.is_empty() && rows.deleted.is_empty() {
        let batch = files::sorted::<R>(&[R::batch(&rows.created)?])?;
        let adds = files::write::<R>(table, &[batch]).await?;
        let commit = Commit {
            adds,
            removes: Vec::new(),
            position: Some(to_seq),
        };
        return table.commit(commit).await;
    }
    let mut gone: HashSet<i64> = rows.deleted.into_iter().collect();
    gone.extend(rows.changed.iter().map(Row::key));
    if may_repeat {
        gone.extend(rows.created.iter().map(Row::key));
    }
    let mut arrived = rows.created;
    arrived.extend(rows.changed);
    replace(table, &gone, arrived, to_seq).await
}
