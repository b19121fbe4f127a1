//! Keeping tables in few large files and throwing away what nobody needs.

use deltalake::operations::vacuum::VacuumMode;
use deltalake::protocol::checkpoints::cleanup_metadata;

use crate::Result;
use crate::files::{self, FILE_ROWS, File};
use crate::rows::{CustomerRow, LineRow, OrderRow, ProductRow, Row, StoreRow};
use crate::table::{Commit, Table};
use crate::tables::Tables;

/// A file with fewer rows is worth merging with its neighbours.
const SMALL_ROWS: usize = FILE_ROWS / 4;

/// Small files are left alone until there are this many.
const SMALL_FILES: usize = 16;

/// Merges small files where they have become many.
pub(crate) async fn compact(tables: &mut Tables) -> Result<()> {
    compact_table::<CustomerRow>(&mut tables.customers).await?;
    compact_table::<StoreRow>(&mut tables.stores).await?;
    compact_table::<ProductRow>(&mut tables.products).await?;
    compact_table::<LineRow>(&mut tables.order_lines).await?;
    compact_table::<OrderRow>(&mut tables.orders).await
}

async fn compact_table<R: Row>(table: &mut Table) -> Result<()> {
    let mut small = files::list::<R>(table)?;
    small.retain(|file| file.rows < SMALL_ROWS);
    if small.len() < SMALL_FILES {
        return Ok(());
    }
    let (mut adds, mut removes) = (Vec::new(), Vec::new());
    for group in groups(small) {
        let mut batches = Vec::new();
        for file in &group {
            batches.extend(files::read(table, file, None).await?);
        }
        adds.extend(files::write::<R>(table, &[files::sorted::<R>(&batches)?]).await?);
        removes.extend(group.iter().map(|file| file.view.remove_action(false)));
    }
    for add in &mut adds {
        add.data_change = false;
    }
    table
        .commit(Commit {
            adds,
            removes,
            position: None,
        })
        .await
}

/// Neighbouring files in groups of up to one full file.
fn groups(files: Vec<File>) -> Vec<Vec<File>> {
    let mut groups: Vec<Vec<File>> = Vec::new();
    let mut rows = usize::MAX;
    for file in files {
        rows = rows.saturating_add(file.rows);
        if rows > FILE_ROWS {
            rows = file.rows;
            groups.push(Vec::new());
        }
        groups
            .last_mut()
            .expect("the first file always starts a group")
            .push(file);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Deletes files that no version within the retention time refers to, whatever
/// a killed process left behind, and old log entries.
pub(crate) async fn vacuum(tables: &mut Tables) -> Result<usize> {
    let mut deleted = 0;
    for table in [
        &mut tables.customers,
        &mut tables.stores,
        &mut tables.products,
        &mut tables.order_lines,
        &mut tables.orders,
    ] {
        let (delta, outcome) = table
            .delta
            .clone()
            .vacuum()
            .with_mode(VacuumMode::Full)
            .await?;
        table.delta = delta;
        deleted += outcome.files_deleted.len();
        cleanup_metadata(&table.delta, None).await?;
    }
    Ok(deleted)
}
