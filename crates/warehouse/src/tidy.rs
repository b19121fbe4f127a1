//! Keeping tables in few large files and throwing away what nobody needs.

use deltalake::arrow::temporal_conversions::try_duration_s_to_duration;
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

/// Syncs between two clean-ups.
const SYNCS: u64 = 128;

/// Files without any commit may belong to a rebuild that is still going on.
const ABANDONED_SECONDS: i64 = 86_400;

/// Cleans up now and then, told by the log itself when it is time.
pub(crate) async fn vacuum_sometimes(tables: &mut Tables) -> Result<()> {
    if tables
        .orders
        .delta
        .version()
        .is_some_and(|version| version % SYNCS == SYNCS - 1)
    {
        vacuum(tables).await?;
    }
    Ok(())
}

/// Deletes removed files that no reader can still be busy with, files that a
/// killed process left behind, and old log entries.
pub(crate) async fn vacuum(tables: &mut Tables) -> Result<usize> {
    let mut deleted = 0;
    for table in tables.all_mut() {
        let (delta, removed) = table
            .delta
            .clone()
            .vacuum()
            .with_mode(VacuumMode::Lite)
            .await?;
        let day = try_duration_s_to_duration(ABANDONED_SECONDS).expect("a day is a duration");
        let abandoned = delta
            .vacuum()
            .with_mode(VacuumMode::Full)
            .with_retention_period(day);
        let (delta, abandoned) = abandoned.await?;
        table.delta = delta;
        deleted += removed.files_deleted.len() + abandoned.files_deleted.len();
        cleanup_metadata(&table.delta, None).await?;
    }
    Ok(deleted)
}
