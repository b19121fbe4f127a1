//! One table as a file in any of the offered formats.

use std::borrow::Cow;

use anyhow::Context;
use clientele_domain::export::defuse;
use clientele_warehouse::parquet::{Kind, ParquetFile, Value};
use rust_decimal::Decimal;
use rust_xlsxwriter::Workbook;
use serde::Deserialize;

use crate::error::{Error, Result};

/// More rows than this make a workbook nobody can open comfortably.
const WORKBOOK_ROWS: u32 = 200_000;

/// The offered formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text in UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
    /// Columns for other engines.
    Parquet,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Jsonl => "jsonl",
            Format::Parquet => "parquet",
        }
    }

    /// What browsers call it.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Jsonl => "application/x-ndjson",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A table being written.
pub struct Sheet {
    columns: Vec<&'static str>,
    body: Body,
}

enum Body {
    Csv {
        writer: Box<csv::Writer<Vec<u8>>>,
        lossless: bool,
    },
    Jsonl(Vec<u8>),
    Xlsx {
        workbook: Box<Workbook>,
        next_row: u32,
    },
    Parquet(Box<ParquetFile>),
}

impl Sheet {
    /// Begins a table.
    ///
    /// # Errors
    /// When the format refuses the columns.
    pub fn new(format: Format, columns: &[(&'static str, Kind)], lossless: bool) -> Result<Self> {
        let names: Vec<&'static str> = columns.iter().map(|(name, _)| *name).collect();
        let body = match format {
            Format::Csv => {
                let mut writer = Box::new(csv::Writer::from_writer(Vec::new()));
                writer
                    .write_record(&names)
                    .context("a header always fits")?;
                Body::Csv { writer, lossless }
            }
            Format::Jsonl => Body::Jsonl(Vec::new()),
            Format::Xlsx => {
                let mut workbook = Box::new(Workbook::new());
                let sheet = workbook.add_worksheet();
                for (at, name) in names.iter().enumerate() {
                    sheet
                        .write_string(0, at as u16, *name)
                        .context("a header always fits")?;
                }
                Body::Xlsx {
                    workbook,
                    next_row: 1,
                }
            }
            Format::Parquet => Body::Parquet(Box::new(ParquetFile::new(columns)?)),
        };
        Ok(Sheet {
            columns: names,
            body,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `export_too_large` where a workbook would have too many, or when the format
    /// refuses a cell.
    pub fn push(&mut self, row: Vec<Value>) -> Result<()> {
        match &mut self.body {
            Body::Csv { writer, lossless } => {
                let cells = row.iter().map(|value| csv_cell(value, *lossless));
                writer
                    .write_record(cells.map(Cow::into_owned))
                    .context("writing to memory never fails")?;
            }
            Body::Jsonl(bytes) => {
                let object: serde_json::Map<String, serde_json::Value> = self
                    .columns
                    .iter()
                    .map(|name| (*name).to_owned())
                    .zip(row.into_iter().map(json))
                    .collect();
                serde_json::to_writer(&mut *bytes, &object)?;
                bytes.push(b'\n');
            }
            Body::Xlsx { workbook, next_row } => {
                if *next_row > WORKBOOK_ROWS {
                    let detail = "A workbook holds at most 200,000 rows here. Use CSV.";
                    return Err(Error::invalid("format", "export_too_large", detail)
                        .with("most", WORKBOOK_ROWS));
                }
                let sheet = workbook
                    .worksheet_from_index(0)
                    .context("the first sheet is there")?;
                for (at, value) in row.iter().enumerate() {
                    let at = at as u16;
                    // Text cells of a workbook are never read as formulas.
                    let written = match value {
                        Value::Nothing => continue,
                        Value::Text(text) => sheet.write_string(*next_row, at, text),
                        Value::Whole(number) => sheet.write_number(*next_row, at, *number as f64),
                        Value::Amount(..) | Value::Quantity(_) => {
                            let number: f64 =
                                plain(value).parse().context("decimals are numbers")?;
                            sheet.write_number(*next_row, at, number)
                        }
                    };
                    written.context("a cell does not fit into a workbook")?;
                }
                *next_row += 1;
            }
            Body::Parquet(file) => file.push(row)?,
        }
        Ok(())
    }

    /// The bytes that are ready.
    ///
    /// # Errors
    /// When the format fails.
    pub fn take(&mut self) -> Result<Vec<u8>> {
        Ok(match &mut self.body {
            Body::Csv { writer, .. } => {
                let fresh = csv::Writer::from_writer(Vec::new());
                let full = std::mem::replace(&mut **writer, fresh);
                full.into_inner()
                    .map_err(|error| anyhow::anyhow!("{error}"))?
            }
            Body::Jsonl(bytes) => std::mem::take(bytes),
            Body::Xlsx { .. } => Vec::new(),
            Body::Parquet(file) => file.take(),
        })
    }

    /// Ends the table and gives its last bytes.
    ///
    /// # Errors
    /// When the format fails.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        match self.body {
            Body::Csv { .. } | Body::Jsonl(_) => self.take(),
            Body::Xlsx { mut workbook, .. } => Ok(workbook
                .save_to_buffer()
                .context("the workbook cannot be written")?),
            Body::Parquet(file) => Ok(file.finish()?),
        }
    }
}

/// A number without needless marks, text as it is.
fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Nothing => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Whole(number) => Cow::Owned(number.to_string()),
        Value::Amount(minor, digits) => Cow::Owned(Decimal::new(*minor, *digits).to_string()),
        Value::Quantity(thousandths) => {
            Cow::Owned(Decimal::new(*thousandths, 3).normalize().to_string())
        }
    }
}

fn csv_cell(value: &Value, lossless: bool) -> Cow<'_, str> {
    match value {
        Value::Text(text) if !lossless => defuse(text),
        other => plain(other),
    }
}

fn json(value: Value) -> serde_json::Value {
    match value {
        Value::Nothing => serde_json::Value::Null,
        Value::Text(text) => text.into(),
        Value::Whole(number) => number.into(),
        Value::Amount(..) | Value::Quantity(_) => plain(&value).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, lossless: bool) -> Vec<u8> {
        let columns = [
            ("name", Kind::Text),
            ("orders", Kind::Whole),
            ("net", Kind::Amount),
            ("units", Kind::Quantity),
        ];
        let mut sheet = Sheet::new(format, &columns, lossless).unwrap();
        let name = Value::Text("=cmd|' /C calc'!A0".to_owned());
        sheet
            .push(vec![
                name,
                Value::Whole(-3),
                Value::Amount(-1250, 2),
                Value::Quantity(-1500),
            ])
            .unwrap();
        let mut bytes = sheet.take().unwrap();
        sheet
            .push(vec![
                Value::Nothing,
                Value::Whole(0),
                Value::Amount(7, 0),
                Value::Quantity(20_000),
            ])
            .unwrap();
        bytes.extend(sheet.finish().unwrap());
        bytes
    }

    #[test]
    fn text_formats() {
        let text = |format, lossless| String::from_utf8(written(format, lossless)).unwrap();
        assert_eq!(
            text(Format::Csv, false),
            "name,orders,net,units\n'=cmd|' /C calc'!A0,-3,-12.50,-1.5\n,0,7,20\n"
        );
        assert_eq!(
            text(Format::Csv, true),
            "name,orders,net,units\n=cmd|' /C calc'!A0,-3,-12.50,-1.5\n,0,7,20\n"
        );
        assert_eq!(
            text(Format::Jsonl, false),
            "{\"name\":\"=cmd|' /C calc'!A0\",\"orders\":-3,\"net\":\"-12.50\",\"units\":\"-1.5\"}\n\
             {\"name\":null,\"orders\":0,\"net\":\"7\",\"units\":\"20\"}\n"
        );
    }

    #[test]
    fn binary_formats_begin_as_they_should() {
        assert_eq!(&written(Format::Xlsx, false)[..2], b"PK");
        assert_eq!(&written(Format::Parquet, false)[..4], b"PAR1");
    }
}
