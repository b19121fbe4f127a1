//! Reads people's data files as streams of rows, whatever wrote them.
//!
//! [`Source::open`] finds out what a file is (plain, gzip, zip, workbook), its
//! encoding, delimiter and header row; [`Source::rows`] streams the data rows
//! and may be called as often as wanted. Nothing here knows the database or
//! what the columns mean. Invariants: memory does not grow with the file
//! (workbooks are unpacked to a temporary file), a row's line is the physical
//! line at which it starts, and no input makes it panic.

mod container;
mod decode;
mod encoding;
mod error;
mod layout;
mod row;
mod workbook;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

pub use encoding::{CHOICES as ENCODINGS, EncodingGuess};
pub use error::FileError;
pub use row::{Row, RowFault};

use container::Container;
use row::RecordReader;

/// So many blank rows on end are no table, but a few bytes made to unpack for ever.
const BLANK_ROWS: u64 = 1_000_000;

/// What a person fixed by hand about a file; everything else is found out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileOptions {
    /// Label of the encoding.
    pub encoding: Option<String>,
    /// One character, or `tab`.
    pub delimiter: Option<String>,
    /// Name of the worksheet.
    pub sheet: Option<String>,
    /// Line of the header; 0 says that there is none.
    pub header_row: Option<u64>,
}

/// What was found out about a file.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Encoding with the confidence of the guess.
    pub encoding: EncodingGuess,
    /// Byte between the cells.
    pub delimiter: u8,
    /// Chosen worksheet of a workbook.
    pub sheet: Option<String>,
    /// All worksheets of a workbook.
    pub sheets: Vec<String>,
    /// Line of the header; 0 if there is none.
    pub header_row: u64,
    /// Column names as written; letters where the file has no header.
    pub columns: Vec<String>,
}

/// An opened file: what it is and how to read it.
pub struct Source {
    path: PathBuf,
    container: Container,
    layout: Layout,
    bytes_total: u64,
}

impl Source {
    /// Opens a file and finds out its layout; `known_header` says how many of
    /// some cells are column names the caller knows. Of a workbook it takes the
    /// first sheet that has any, because notes often come first.
    ///
    /// # Errors
    /// If the file cannot be read or is no table.
    pub fn open(
        path: &Path,
        options: &FileOptions,
        known_header: &dyn Fn(&[&str]) -> usize,
    ) -> Result<Self, FileError> {
        let first = Self::open_sheet(path, options, options.sheet.as_deref(), known_header)?;
        let is_known = |source: &Self| {
            let columns: Vec<&str> = source.layout.columns.iter().map(String::as_str).collect();
            known_header(&columns) > 0
        };
        if options.sheet.is_some() || first.layout.sheets.len() < 2 || is_known(&first) {
            return Ok(first);
        }
        for sheet in &first.layout.sheets {
            if let Ok(other) = Self::open_sheet(path, options, Some(sheet), known_header)
                && is_known(&other)
            {
                return Ok(other);
            }
        }
        Ok(first)
    }

    fn open_sheet(
        path: &Path,
        options: &FileOptions,
        sheet: Option<&str>,
        known_header: &dyn Fn(&[&str]) -> usize,
    ) -> Result<Self, FileError> {
        let bytes_total = std::fs::metadata(path).map_err(FileError::Io)?.len();
        if bytes_total == 0 {
            return Err(FileError::Empty);
        }
        let mut container = Container::detect(path)?;
        let workbook = container.unpack_workbook(path, sheet)?;
        let window = container.sample(path)?;
        if window.head.is_empty() {
            return Err(FileError::Empty);
        }
        let encoding = match (&workbook, options.encoding.as_deref()) {
            (Some(_), _) => EncodingGuess::certain(encoding_rs::UTF_8),
            (None, Some(label)) => EncodingGuess::by_label(label)?,
            (None, None) => encoding::sniff(&window)?,
        };
        let text = encoding.decode(&window.head);
        let numbered = workbook.is_some();
        let found = layout::find(&text, numbered, options, known_header)?;
        let (sheet, sheets) =
            workbook.map_or((None, Vec::new()), |book| (Some(book.sheet), book.sheets));
        Ok(Self {
            path: path.to_owned(),
            container,
            layout: Layout {
                encoding,
                delimiter: found.delimiter,
                sheet,
                sheets,
                header_row: found.header_row,
                columns: found.columns,
            },
            bytes_total,
        })
    }

    /// What was found out about the file.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Streams the data rows after the header.
    ///
    /// # Errors
    /// If the file cannot be opened again.
    pub fn rows(&self) -> Result<Rows, FileError> {
        let read = Arc::new(AtomicU64::new(0));
        let raw = self.container.reader(&self.path, Arc::clone(&read))?;
        let text = decode::Utf8Reader::new(raw, self.layout.encoding.encoding());
        let numbered = self.container.is_workbook();
        let mut records = RecordReader::new(text, self.layout.delimiter, numbered);
        if self.layout.header_row > 0 {
            let mut row = Row::default();
            while row.line() < self.layout.header_row && records.read(&mut row)? {}
        } else {
            records.skip_hint();
        }
        let bytes_total = if numbered {
            self.container.workbook_bytes()
        } else {
            self.bytes_total
        };
        Ok(Rows {
            records,
            read,
            bytes_total,
        })
    }
}

/// The data rows of a file, one after the other.
pub struct Rows {
    records: RecordReader,
    read: Arc<AtomicU64>,
    bytes_total: u64,
}

impl Rows {
    /// Reads the next row that is not blank; false at the end.
    ///
    /// # Errors
    /// If the file breaks off or cannot be read.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, FileError> {
        for _ in 0..=BLANK_ROWS {
            if !self.records.read(row)? {
                return Ok(false);
            }
            if !row.is_blank() {
                return Ok(true);
            }
        }
        Err(FileError::RowsBlank(row.line() - BLANK_ROWS))
    }

    /// Bytes of the file consumed so far and in all.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (
            self.read.load(Ordering::Relaxed).min(self.bytes_total),
            self.bytes_total,
        )
    }

    /// How many byte sequences did not fit the encoding so far.
    #[must_use]
    pub const fn malformed(&self) -> u64 {
        self.records.malformed()
    }
}

#[cfg(test)]
mod tests;
