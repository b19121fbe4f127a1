//! The copy: how far it has come, and its tables beside those of the book.

use clientele_warehouse::{
    Table, Warehouse,
    rows::{CustomerRow, Fingerprint, LineRow, OrderRow, ProductRow, StoreRow},
};

use super::{Finding, REBUILD};
use crate::{
    app::App,
    error::Result,
    features::warehouse::book::{
        Copied, CustomerRecord, OrderRecord, ProductRecord, StoreRecord, after, lines_between,
    },
};

/// Rows read at a time.
const PAGE: u64 = 20_000;

/// Whether the copy has seen every change.
pub(super) fn position(feed_head: i64, warehouse: i64) -> Finding {
    let detail = format!("book {feed_head}, warehouse {warehouse}");
    let differences = feed_head.abs_diff(warehouse);
    Finding::new("feed position", differences, detail, REBUILD)
}

/// The five tables, row by row, by their fingerprints.
pub(super) async fn tables(app: &App, warehouse: &Warehouse) -> Result<Vec<Finding>> {
    let orders = orders(app).await?;
    let book = [
        (
            Table::Customers,
            whole::<CustomerRecord>(app, CustomerRow::digest).await?,
        ),
        (
            Table::Stores,
            whole::<StoreRecord>(app, StoreRow::digest).await?,
        ),
        (
            Table::Products,
            whole::<ProductRecord>(app, ProductRow::digest).await?,
        ),
        (Table::Orders, orders.0),
        (Table::OrderLines, orders.1),
    ];
    let mut findings = Vec::with_capacity(book.len());
    for (table, book) in book {
        let (differences, detail) = match warehouse.fingerprint(table).await {
            Ok(copy) if copy == book => (0, format!("{} rows", book.rows)),
            Ok(copy) if copy.rows == book.rows => {
                let detail = format!("{} rows on both sides, but not the same", book.rows);
                (1, detail)
            }
            Ok(copy) => {
                let detail = format!("book {} rows, warehouse {}", book.rows, copy.rows);
                (book.rows.abs_diff(copy.rows), detail)
            }
            // Its causes tell which file it is.
            Err(error) => (1, format!("{:#}", anyhow::Error::from(error))),
        };
        let name = format!("warehouse table {}", table.name());
        findings.push(Finding::new(&name, differences, detail, REBUILD));
    }
    // What follows from damaged files cannot be judged.
    if findings.iter().all(|finding| finding.ok) {
        findings.push(projections(warehouse).await?);
    }
    Ok(findings)
}

/// What questions read of the orders, beside the orders themselves.
async fn projections(warehouse: &Warehouse) -> Result<Finding> {
    let wrong = warehouse.wrong_projections().await? as u64;
    let detail = match wrong {
        0 => "as the orders have it".to_owned(),
        _ => format!("{wrong} files do not say what the orders say"),
    };
    let name = "warehouse projections of orders";
    Ok(Finding::new(name, wrong, detail, REBUILD))
}

async fn whole<T: Copied>(app: &App, digest: fn(&T::Row) -> u64) -> Result<Fingerprint> {
    let mut fingerprint = Fingerprint::default();
    let mut last = i64::MIN;
    loop {
        let rows = after::<T>(&app.db, last, PAGE).await?;
        let Some(end) = rows.last() else {
            return Ok(fingerprint);
        };
        last = T::id(end);
        rows.iter().for_each(|row| fingerprint.add(digest(row)));
    }
}

async fn orders(app: &App) -> Result<(Fingerprint, Fingerprint)> {
    let (mut orders, mut lines) = (Fingerprint::default(), Fingerprint::default());
    let mut last = i64::MIN;
    loop {
        let rows = after::<OrderRecord>(&app.db, last, PAGE).await?;
        let Some(end) = rows.last() else {
            return Ok((orders, lines));
        };
        let first = last.saturating_add(1);
        last = end.id;
        rows.iter()
            .for_each(|row: &OrderRow| orders.add(row.digest()));
        let own = lines_between(&app.db, first, last).await?;
        own.iter().for_each(|row: &LineRow| lines.add(row.digest()));
    }
}
