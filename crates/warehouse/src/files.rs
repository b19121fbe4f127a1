//! The Parquet files of a table: listing, reading and writing.
//!
//! Files hold spans of keys, so that a change by key touches few of them;
//! inside a file rows are sorted for the questions (orders by customer).

use std::num::NonZeroU64;
use std::sync::Arc;

use deltalake::DeltaTableError;
use deltalake::arrow::compute::{
    SortColumn, SortOptions, concat_batches, lexsort_to_indices, take_record_batch,
};
use deltalake::arrow::record_batch::RecordBatch;
use deltalake::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake::datafusion::object_store::ObjectStoreExt;
use deltalake::kernel::{Add, LogicalFileView};
use deltalake::operations::get_num_idx_cols_and_stats_columns;
use deltalake::parquet::arrow::ProjectionMask;
use deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake::parquet::basic::{Compression, ZstdLevel};
use deltalake::parquet::file::properties::WriterProperties;

use crate::Result;
use crate::rows::Row;
use crate::table::Table;

/// Rows of a file when there is a choice: large enough for fast scans, small
/// enough that replacing one row rewrites it within a second.
pub(crate) const FILE_ROWS: usize = 500_000;

const ROW_GROUP_ROWS: usize = 125_000;
const BATCH_ROWS: usize = 8_192;

/// A live file and what its statistics say.
pub(crate) struct File {
    pub(crate) view: LogicalFileView,
    pub(crate) rows: usize,
    /// Lowest and highest key.
    pub(crate) keys: (i64, i64),
}

/// The live files of a table in the order of their lowest keys.
pub(crate) fn list<R: Row>(table: &Table) -> Result<Vec<File>> {
    let mut files: Vec<File> = table
        .delta
        .snapshot()?
        .log_data()
        .iter()
        .map(|view| {
            let stats: serde_json::Value = view
                .stats()
                .and_then(|stats| serde_json::from_str(&stats).ok())
                .unwrap_or_default();
            // A file without statistics may hold anything.
            let lowest = stats["minValues"][R::KEY].as_i64().unwrap_or(i64::MIN);
            let highest = stats["maxValues"][R::KEY].as_i64().unwrap_or(i64::MAX);
            let rows = stats["numRecords"].as_u64().unwrap_or(0) as usize;
            File {
                view,
                rows,
                keys: (lowest, highest),
            }
        })
        .collect();
    files.sort_by_key(|file| file.keys);
    Ok(files)
}

/// Reads a file, all columns or only the named ones.
pub(crate) async fn read(
    table: &Table,
    file: &File,
    only: Option<&[&str]>,
) -> Result<Vec<RecordBatch>> {
    let bytes = table
        .delta
        .object_store()
        .get(&file.view.object_store_path())
        .await;
    let bytes = bytes.map_err(DeltaTableError::from)?.bytes().await;
    let mut reader =
        ParquetRecordBatchReaderBuilder::try_new(bytes.map_err(DeltaTableError::from)?)
            .map_err(DeltaTableError::from)?
            .with_batch_size(BATCH_ROWS);
    if let Some(columns) = only {
        let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
        reader = reader.with_projection(mask);
    }
    let batches = reader.build().map_err(DeltaTableError::from)?;
    Ok(batches.collect::<std::result::Result<_, _>>()?)
}

/// Writes batches as one file, not yet part of the table; nothing for no rows.
pub(crate) async fn write<R: Row>(table: &Table, batches: &[RecordBatch]) -> Result<Vec<Add>> {
    let state = table.delta.snapshot()?;
    let (indexed_columns, stats_columns) =
        get_num_idx_cols_and_stats_columns(Some(state.table_config()), Default::default());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_created_by(concat!("clientele ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let whole_file: Option<NonZeroU64> = None;
    let config = WriterConfig::new(
        R::schema(),
        Vec::new(),
        Some(properties),
        whole_file,
        Some(BATCH_ROWS),
        indexed_columns,
        stats_columns,
    );
    let mut writer = DeltaWriter::new(table.delta.object_store(), config);
    for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
        if let Err(error) = writer.write(batch).await {
            let _ = writer.abort().await;
            return Err(error.into());
        }
    }
    Ok(writer.close().await?)
}

/// The batches as one, sorted the way the table's files are.
pub(crate) fn sorted<R: Row>(batches: &[RecordBatch]) -> Result<RecordBatch> {
    let all = concat_batches(&R::schema(), batches)?;
    let columns: Vec<SortColumn> = R::SORT
        .iter()
        .map(|name| {
            let values = Arc::clone(all.column(R::schema().index_of(name)?));
            let options = Some(SortOptions {
                descending: false,
                nulls_first: false,
            });
            Ok(SortColumn { values, options })
        })
        .collect::<Result<_>>()?;
    let indices = lexsort_to_indices(&columns, None)?;
    Ok(take_record_batch(&all, &indices)?)
}
