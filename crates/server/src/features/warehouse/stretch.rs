//! A stretch of the change feed as one batch for the copy: every touched row
//! once, as the book has it now. A row that changes again later comes again.

use std::collections::{BTreeSet, HashSet};

use clientele_warehouse::{
    Rows, TableBatch,
    rows::{LineRow, OrderRow},
};

use super::book::{
    Copied, CustomerRecord, OrderRecord, ProductRecord, StoreRecord, lines_of, pick,
};
use crate::{
    db::{Change, Db},
    error::Result,
};

/// Ids of one noun: those the copy cannot have yet, and all others.
#[derive(Default)]
struct Touched {
    created: BTreeSet<i64>,
    changed: BTreeSet<i64>,
}

impl Touched {
    fn take(&mut self, change: &Change) {
        let id = change.noun_id;
        if change.what == "created" && !self.changed.contains(&id) {
            self.created.insert(id);
        } else if !self.created.contains(&id) {
            self.changed.insert(id);
        }
    }

    /// The rows as they stand; ids without a row are gone.
    async fn load<T: Copied>(self, db: &Db) -> Result<Rows<T::Row>> {
        let created: Vec<i64> = self.created.into_iter().collect();
        let changed: Vec<i64> = self.changed.into_iter().collect();
        let rows = Rows {
            created: pick::<T>(db, &created).await?,
            changed: pick::<T>(db, &changed).await?,
            deleted: Vec::new(),
        };
        let there: HashSet<i64> = rows
            .created
            .iter()
            .chain(&rows.changed)
            .map(T::id)
            .collect();
        let gone = created
            .into_iter()
            .chain(changed)
            .filter(|id| !there.contains(id))
            .collect();
        Ok(Rows {
            deleted: gone,
            ..rows
        })
    }
}

/// Makes the batch of the changes after `from_seq`.
pub(super) async fn batch(db: &Db, from_seq: i64, changes: &[Change]) -> Result<TableBatch> {
    let to_seq = changes.last().map_or(from_seq, |change| change.seq);
    let (mut customers, mut stores) = (Touched::default(), Touched::default());
    let (mut products, mut orders) = (Touched::default(), Touched::default());
    for change in changes {
        match change.noun.as_str() {
            "customer" => customers.take(change),
            "store" => stores.take(change),
            "product" => products.take(change),
            "order" => orders.take(change),
            _ => {}
        }
    }
    let orders = orders.load::<OrderRecord>(db).await?;
    Ok(TableBatch {
        from_seq,
        to_seq,
        customers: customers.load::<CustomerRecord>(db).await?,
        stores: stores.load::<StoreRecord>(db).await?,
        products: products.load::<ProductRecord>(db).await?,
        order_lines: lines(db, &orders).await?,
        orders,
    })
}

/// Lines follow their order: all of them come anew with it.
async fn lines(db: &Db, orders: &Rows<OrderRow>) -> Result<Rows<LineRow>> {
    let ids = |rows: &[OrderRow]| rows.iter().map(|row| row.id).collect::<Vec<i64>>();
    let changed_orders = ids(&orders.changed);
    let changed = lines_of(db, &changed_orders).await?;
    let with_lines: HashSet<i64> = changed.iter().map(|line| line.order_id).collect();
    let emptied = changed_orders
        .into_iter()
        .filter(|id| !with_lines.contains(id));
    Ok(Rows {
        created: lines_of(db, &ids(&orders.created)).await?,
        changed,
        deleted: orders.deleted.iter().copied().chain(emptied).collect(),
    })
}
