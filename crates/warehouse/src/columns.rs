//! Reading the answers of the engine.

use deltalake::arrow::array::{Array, AsArray, Date32Array, Int64Array, StringViewArray};
use deltalake::arrow::compute::cast;
use deltalake::arrow::datatypes::{DataType, Date32Type, Int64Type};
use deltalake::arrow::record_batch::RecordBatch;
use deltalake::datafusion::common::ScalarValue;
use deltalake::datafusion::prelude::SessionContext;
use futures::TryStreamExt;

use crate::Result;

/// A named value for a question.
pub(crate) type Parameter = (&'static str, ScalarValue);

/// Answers a question batch by batch.
pub(crate) async fn each(
    session: &SessionContext,
    sql: &str,
    parameters: Vec<Parameter>,
    mut take: impl FnMut(&RecordBatch) -> Result<()>,
) -> Result<()> {
    let question = session.sql(sql).await?.with_param_values(parameters)?;
    let mut stream = question.execute_stream().await?;
    while let Some(batch) = stream.try_next().await? {
        take(&batch)?;
    }
    Ok(())
}

/// The named column as whole numbers.
pub(crate) fn integers(batch: &RecordBatch, name: &str) -> Result<Int64Array> {
    let column = cast(
        batch.column(batch.schema().index_of(name)?),
        &DataType::Int64,
    )?;
    Ok(column.as_primitive::<Int64Type>().clone())
}

/// The named column as days since 1970-01-01.
pub(crate) fn days(batch: &RecordBatch, name: &str) -> Result<Date32Array> {
    let column = cast(
        batch.column(batch.schema().index_of(name)?),
        &DataType::Date32,
    )?;
    Ok(column.as_primitive::<Date32Type>().clone())
}

/// The named column as text.
pub(crate) fn texts(batch: &RecordBatch, name: &str) -> Result<StringViewArray> {
    let column = cast(
        batch.column(batch.schema().index_of(name)?),
        &DataType::Utf8View,
    )?;
    Ok(column.as_string_view().clone())
}

/// The value of a row, or none for a null.
pub(crate) fn optional(column: &Int64Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}
