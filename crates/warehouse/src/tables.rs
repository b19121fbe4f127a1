//! The five tables together.
//!
//! `orders` is always committed last, also when a batch brings it no rows, so
//! its position is the position of the whole warehouse: whatever a kill leaves
//! behind, every other table is at least as far.

use std::path::Path;

use crate::Result;
use crate::rows::{CustomerRow, LineRow, OrderRow, ProductRow, StoreRow};
use crate::table::Table;

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
        Ok(Self {
            customers: Table::open::<CustomerRow>(folder).await?,
            stores: Table::open::<StoreRow>(folder).await?,
            products: Table::open::<ProductRow>(folder).await?,
            order_lines: Table::open::<LineRow>(folder).await?,
            orders: Table::open::<OrderRow>(folder).await?,
        })
    }

    pub(crate) async fn refresh(&mut self) -> Result<()> {
        for table in [
            &mut self.customers,
            &mut self.stores,
            &mut self.products,
            &mut self.order_lines,
            &mut self.orders,
        ] {
            table.refresh().await?;
        }
        Ok(())
    }

    /// The last change of the feed that the whole warehouse has seen.
    pub(crate) fn position(&self) -> i64 {
        self.orders.position
    }
}
