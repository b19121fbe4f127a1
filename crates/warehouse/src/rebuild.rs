//! Starting over from the book.
//!
//! New files are written beside the live ones and become the table in one
//! commit, which also removes every old file: readers see the old table or the
//! new one, under the same path. `orders` comes last, as in a sync; before the
//! first table changes it is marked, so that a rebuild killed in between cannot
//! be taken for a finished one.

use deltalake::arrow::record_batch::RecordBatch;
use deltalake::kernel::Add;

use crate::Result;
use crate::files::{self, FILE_ROWS};
use crate::rows::{CustomerRow, LineRow, OrderRow, ProductRow, Row, StoreRow};
use crate::table::{Commit, Table};
use crate::tables::Tables;

/// The new contents of one table, collected file by file.
#[derive(Default)]
pub(crate) struct Fresh {
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    adds: Vec<Add>,
}

impl Fresh {
    /// Takes rows; best in the order of their keys, for narrow spans.
    async fn push<R: Row>(&mut self, table: &Table, rows: &[R]) -> Result<()> {
        self.waiting.push(R::batch(rows)?);
        self.waiting_rows += rows.len();
        if self.waiting_rows >= FILE_ROWS {
            self.flush::<R>(table).await?;
        }
        Ok(())
    }

    async fn flush<R: Row>(&mut self, table: &Table) -> Result<()> {
        let batches = std::mem::take(&mut self.waiting);
        self.waiting_rows = 0;
        let file = files::sorted::<R>(&batches)?;
        self.adds.extend(files::write::<R>(table, &[file]).await?);
        Ok(())
    }

    async fn publish<R: Row>(mut self, table: &mut Table, position: i64) -> Result<()> {
        self.flush::<R>(table).await?;
        let old = files::list::<R>(table)?;
        let removes = old
            .iter()
            .map(|file| file.view.remove_action(true))
            .collect();
        table
            .commit(Commit {
                adds: self.adds,
                removes,
                position: Some(position),
            })
            .await
    }
}

/// A piece of the book for a rebuild, whole orders together with their lines.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Customer records.
    pub customers: Vec<CustomerRow>,
    /// Stores.
    pub stores: Vec<StoreRow>,
    /// Products.
    pub products: Vec<ProductRow>,
    /// Orders.
    pub orders: Vec<OrderRow>,
    /// Order lines.
    pub order_lines: Vec<LineRow>,
}

/// The new contents of all tables.
#[derive(Default)]
pub(crate) struct FreshTables {
    customers: Fresh,
    stores: Fresh,
    products: Fresh,
    order_lines: Fresh,
    orders: Fresh,
}

impl FreshTables {
    pub(crate) async fn push(&mut self, tables: &Tables, piece: Piece) -> Result<()> {
        self.customers
            .push(&tables.customers, &piece.customers)
            .await?;
        self.stores.push(&tables.stores, &piece.stores).await?;
        self.products
            .push(&tables.products, &piece.products)
            .await?;
        self.order_lines
            .push(&tables.order_lines, &piece.order_lines)
            .await?;
        self.orders.push(&tables.orders, &piece.orders).await
    }

    pub(crate) async fn publish(self, tables: &mut Tables, position: i64) -> Result<()> {
        tables.refresh().await?;
        tables.mark_unfinished().await?;
        self.customers
            .publish::<CustomerRow>(&mut tables.customers, position)
            .await?;
        self.stores
            .publish::<StoreRow>(&mut tables.stores, position)
            .await?;
        self.products
            .publish::<ProductRow>(&mut tables.products, position)
            .await?;
        self.order_lines
            .publish::<LineRow>(&mut tables.order_lines, position)
            .await?;
        self.orders
            .publish::<OrderRow>(&mut tables.orders, position)
            .await
    }
}
