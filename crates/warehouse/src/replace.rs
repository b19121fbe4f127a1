//! Replacing and deleting rows by key, in one commit.
//!
//! Delta Lake's own `merge` joins the whole table and cannot replace all lines
//! of an order at once. Here only the files that hold a touched key are written
//! anew, each with the new versions of its own rows, so that files keep their
//! narrow spans of keys.

use std::collections::{HashMap, HashSet};

use deltalake::arrow::array::{AsArray, BooleanArray};
use deltalake::arrow::compute::filter_record_batch;
use deltalake::arrow::datatypes::Int64Type;
use deltalake::arrow::record_batch::RecordBatch;

use crate::Result;
use crate::files::{self, File};
use crate::rows::Row;
use crate::table::{Commit, Table};

/// Removes the rows of the keys in `gone` and adds the rows of `arrived`.
pub(crate) async fn replace<R: Row>(
    table: &mut Table,
    gone: &HashSet<i64>,
    arrived: Vec<R>,
    position: i64,
) -> Result<()> {
    let mut keys: Vec<i64> = gone.iter().copied().collect();
    keys.sort_unstable();
    let mut waiting: HashMap<i64, Vec<R>> = HashMap::new();
    for row in arrived {
        waiting.entry(row.key()).or_default().push(row);
    }
    let (mut adds, mut removes) = (Vec::new(), Vec::new());
    for file in files::list::<R>(table)? {
        let found = find(table, &file, &keys, gone, R::KEY).await?;
        if found.is_empty() {
            continue;
        }
        let mut kept: Vec<RecordBatch> = Vec::new();
        for batch in files::read(table, &file, None).await? {
            let mask = keep(&batch, gone, R::KEY)?;
            kept.push(filter_record_batch(&batch, &mask)?);
        }
        let newer: Vec<R> = found
            .iter()
            .filter_map(|key| waiting.remove(key))
            .flatten()
            .collect();
        kept.push(R::batch(&newer)?);
        adds.extend(files::write::<R>(table, &[files::sorted::<R>(&kept)?]).await?);
        removes.push(file.view.remove_action(true));
    }
    let rest: Vec<R> = waiting.into_values().flatten().collect();
    let rest = files::sorted::<R>(&[R::batch(&rest)?])?;
    adds.extend(files::write::<R>(table, &[rest]).await?);
    table
        .commit(Commit {
            adds,
            removes,
            position: Some(position),
        })
        .await
}

/// Which of the sorted `keys` a file holds; reads only the key column, and not
/// even that when the file's span of keys excludes all of them.
async fn find(
    table: &Table,
    file: &File,
    keys: &[i64],
    gone: &HashSet<i64>,
    key: &str,
) -> Result<HashSet<i64>> {
    let (lowest, highest) = file.keys;
    let next = keys.partition_point(|key| *key < lowest);
    if keys.get(next).is_none_or(|key| *key > highest) {
        return Ok(HashSet::new());
    }
    let mut found = HashSet::new();
    for batch in files::read(table, file, Some(&[key])).await? {
        let column = batch.column(0).as_primitive::<Int64Type>();
        found.extend(column.values().iter().filter(|key| gone.contains(key)));
    }
    Ok(found)
}

fn keep(batch: &RecordBatch, gone: &HashSet<i64>, key: &str) -> Result<BooleanArray> {
    let column = batch
        .column(batch.schema().index_of(key)?)
        .as_primitive::<Int64Type>();
    Ok(column
        .values()
        .iter()
        .map(|key| Some(!gone.contains(key)))
        .collect())
}
