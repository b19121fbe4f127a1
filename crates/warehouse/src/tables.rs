//! The five tables together.
//!
//! `orders` is always committed last, also when a batch brings it no rows, so
//! its position is the position of the whole warehouse: whatever a kill leaves
//! behind, every other table is at least as far.
//!
//! Where that cannot be said, because a rebuild was cut short or a table was
//! lost or emptied, `orders` stands at [`UNFINISHED`] until a rebuild is done.

use std::path::Path;

use crate::Result;
use crate::rows::{CustomerRow, LineRow, OrderRow, ProductRow, StoreRow};
use crate::table::{Commit, Table};

/// The position of a warehouse whose tables do not belong together.
pub(crate) const UNFINISHED: i64 = -1;

/// Every table as of one moment.
#[derive(Clone)]
pub(crate) struct Tables {
    pub(crate) customers: Table,
    pub(crate) stores: Table,
    pub(crate) products: Table,
    pub(crate) order_lines: Table,
    pub(crate) orders: Table,
}

impl Tables {
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let (customers, new_customers) = Table::open::<CustomerRow>(folder).await?;
        let (stores, new_stores) = Table::open::<StoreRow>(folder).await?;
        let (products, new_products) = Table::open::<ProductRow>(folder).await?;
        let (order_lines, new_lines) = Table::open::<LineRow>(folder).await?;
        let (orders, new_orders) = Table::open::<OrderRow>(folder).await?;
        let mut tables = Self {
            customers,
            stores,
            products,
            order_lines,
            orders,
        };
        let is_one_new = new_customers || new_stores || new_products || new_lines || new_orders;
        if is_one_new && tables.all().iter().any(|table| table.position != 0) {
            tables.mark_unfinished().await?;
        }
        Ok(tables)
    }

    /// All tables, in the order of commits.
    pub(crate) fn all(&self) -> [&Table; 5] {
        [
            &self.customers,
            &self.stores,
            &self.products,
            &self.order_lines,
            &self.orders,
        ]
    }

    /// The same, to change.
    pub(crate) fn all_mut(&mut self) -> [&mut Table; 5] {
        [
            &mut self.customers,
            &mut self.stores,
            &mut self.products,
            &mut self.order_lines,
            &mut self.orders,
        ]
    }

    pub(crate) async fn refresh(&mut self) -> Result<()> {
        for table in self.all_mut() {
            table.refresh().await?;
        }
        Ok(())
    }

    /// The last change of the feed that the whole warehouse has seen.
    pub(crate) fn position(&self) -> i64 {
        self.orders.position
    }

    /// Moves `orders` without touching its rows.
    pub(crate) async fn move_to(&mut self, position: i64) -> Result<()> {
        let commit = Commit {
            adds: Vec::new(),
            removes: Vec::new(),
            position: Some(position),
        };
        self.orders.commit(commit).await
    }

    /// Says that the tables do not belong together until a rebuild is done.
    pub(crate) async fn mark_unfinished(&mut self) -> Result<()> {
        match self.position() == UNFINISHED {
            true => Ok(()),
            false => self.move_to(UNFINISHED).await,
        }
    }
}
