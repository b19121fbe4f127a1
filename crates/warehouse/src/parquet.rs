//! One Parquet file written row by row, for people who take their data elsewhere.

use std::sync::Arc;

use deltalake::arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use deltalake::arrow::datatypes::{DataType, Field, Schema};
use deltalake::arrow::error::ArrowError;
use deltalake::parquet::arrow::ArrowWriter;

use crate::Result;

/// Digits of an amount, and those after the point: enough for every currency.
const PRECISION: u8 = 24;
const SCALE: u8 = 4;
/// The same of a quantity, which holds every number of thousandths.
const QUANTITY_PRECISION: u8 = 19;
const QUANTITY_SCALE: i8 = 3;
/// Rows that are encoded together.
const GROUP: usize = 10_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Amounts with up to four digits after the point.
    Amount,
    /// Quantities with up to three digits after the point.
    Quantity,
}

/// One cell; nothing is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Not known.
    Nothing,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Minor units and the number of digits they stand behind the point.
    Amount(i64, u32),
    /// Thousandths.
    Quantity(i64),
}

/// A file being written; its bytes can be taken away as they come.
pub struct ParquetFile {
    schema: Arc<Schema>,
    kinds: Vec<Kind>,
    rows: Vec<Vec<Value>>,
    writer: ArrowWriter<Vec<u8>>,
}

impl ParquetFile {
    /// Begins a file with these columns.
    ///
    /// # Errors
    /// When the columns cannot be written.
    pub fn new(columns: &[(&str, Kind)]) -> Result<Self> {
        let field = |(name, kind): &(&str, Kind)| Field::new(*name, data_type(*kind), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let writer =
            ArrowWriter::try_new(Vec::new(), schema.clone(), None).map_err(ArrowError::from)?;
        let kinds = columns.iter().map(|(_, kind)| *kind).collect();
        Ok(Self {
            schema,
            kinds,
            rows: Vec::new(),
            writer,
        })
    }

    /// Adds a row with one value for every column.
    ///
    /// # Errors
    /// When a group of rows cannot be encoded.
    pub fn push(&mut self, row: Vec<Value>) -> Result<()> {
        self.rows.push(row);
        if self.rows.len() >= GROUP {
            self.encode()
        } else {
            Ok(())
        }
    }

    /// The bytes that are ready.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.writer.inner_mut())
    }

    /// Ends the file and gives its last bytes.
    ///
    /// # Errors
    /// When the last rows cannot be encoded.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.encode()?;
        Ok(self.writer.into_inner().map_err(ArrowError::from)?)
    }

    fn encode(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let columns = self
            .kinds
            .iter()
            .enumerate()
            .map(|(at, kind)| column(*kind, &rows, at));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let batch = RecordBatch::try_new(self.schema.clone(), columns)?;
        self.writer.write(&batch).map_err(ArrowError::from)?;
        self.writer.flush().map_err(ArrowError::from)?;
        Ok(())
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Whole => DataType::Int64,
        Kind::Amount => DataType::Decimal128(PRECISION, SCALE as i8),
        Kind::Quantity => DataType::Decimal128(QUANTITY_PRECISION, QUANTITY_SCALE),
    }
}

fn column(kind: Kind, rows: &[Vec<Value>], at: usize) -> Result<ArrayRef> {
    let cells = rows
        .iter()
        .map(|row| row.get(at).unwrap_or(&Value::Nothing));
    Ok(match kind {
        Kind::Text => Arc::new(
            cells
                .map(|cell| match cell {
                    Value::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        Kind::Whole => Arc::new(
            cells
                .map(|cell| match cell {
                    Value::Whole(number) => Some(*number),
                    _ => None,
                })
                .collect::<Int64Array>(),
        ),
        Kind::Amount => Arc::new(
            cells
                .map(|cell| match cell {
                    Value::Amount(minor, digits) => {
                        let missing = u32::from(SCALE).saturating_sub(*digits);
                        Some(i128::from(*minor) * 10_i128.pow(missing))
                    }
                    _ => None,
                })
                .collect::<Decimal128Array>()
                .with_precision_and_scale(PRECISION, SCALE as i8)?,
        ),
        Kind::Quantity => Arc::new(
            cells
                .map(|cell| match cell {
                    Value::Quantity(thousandths) => Some(i128::from(*thousandths)),
                    _ => None,
                })
                .collect::<Decimal128Array>()
                .with_precision_and_scale(QUANTITY_PRECISION, QUANTITY_SCALE)?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use deltalake::parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn a_file_taken_in_pieces_is_whole() {
        let mut file = ParquetFile::new(&[
            ("name", Kind::Text),
            ("n", Kind::Whole),
            ("net", Kind::Amount),
            ("units", Kind::Quantity),
        ])
        .unwrap();
        let mut bytes = Vec::new();
        for n in 0..25_000_i64 {
            let name = if n % 7 == 0 {
                Value::Nothing
            } else {
                Value::Text(format!("李{n}"))
            };
            file.push(vec![
                name,
                Value::Whole(n),
                Value::Amount(-n, 2),
                Value::Quantity(n * 100),
            ])
            .unwrap();
            bytes.extend(file.take());
        }
        bytes.extend(file.finish().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.parquet");
        std::fs::write(&path, bytes).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 25_000);
        let row = reader
            .get_row_iter(None)
            .unwrap()
            .nth(12_345)
            .unwrap()
            .unwrap();
        assert_eq!(
            row.to_string(),
            "{name: \"李12345\", n: 12345, net: -123.4500, units: 1234.500}"
        );
    }
}
