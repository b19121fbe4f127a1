use crate::FileError;
use crate::decode::Utf8Reader;

/// What is wrong with a row before anybody looks at its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// A quotation mark opens a cell and never closes.
    QuoteUnclosed,
    /// The row holds a NUL character, which no database keeps.
    Nul,
}

impl RowFault {
    /// Stable code for the translated message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuoteUnclosed => "quote_unclosed",
            Self::Nul => "nul_character",
        }
    }
}

/// One record; reused from row to row so that reading does not allocate.
#[derive(Debug, Clone, Default)]
pub struct Row {
    text: String,
    ends: Vec<usize>,
    first: usize,
    line: u64,
    fault: Option<RowFault>,
}

impl Row {
    /// Builds a row from cells.
    #[must_use]
    pub fn from_cells<S: AsRef<str>>(line: u64, cells: &[S]) -> Self {
        let mut row = Self {
            line,
            ..Self::default()
        };
        for cell in cells {
            row.text.push_str(cell.as_ref());
            row.ends.push(row.text.len());
        }
        row
    }

    /// Physical line at which the record starts.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() - self.first
    }

    /// Whether there is no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether no cell holds anything but blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let start = if self.first == 0 {
            0
        } else {
            self.ends[self.first - 1]
        };
        self.text[start..].trim().is_empty()
    }

    /// A cell as written; blank beyond the end of a short row.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let index = index + self.first;
        let Some(&end) = self.ends.get(index) else {
            return "";
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..end]
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// What is wrong with the row as a whole.
    #[must_use]
    pub const fn fault(&self) -> Option<RowFault> {
        self.fault
    }

    /// Takes the first cell as the row's own number.
    fn take_number(&mut self) {
        self.line = self.get(0).parse().unwrap_or(self.line);
        self.first = 1;
    }
}

/// A record longer than this is no row of a table.
const RECORD_BYTES: usize = 1 << 20;
const RECORD_LINES: u64 = 1000;
const CELL_LIMIT: usize = 4096;

/// Cuts decoded text into records.
///
/// Quotes follow RFC 4180, leniently: a quote inside an unquoted cell is a
/// character, text after a closing quote is kept. A quote that never closes
/// is found by its length; that record alone is read again without quoting,
/// so that one stray quote costs one row and not the rest of the file.
pub struct RecordReader {
    input: Utf8Reader,
    buffer: Vec<u8>,
    /// Start of the record being read.
    mark: usize,
    at: usize,
    line: u64,
    delimiter: u8,
    numbered: bool,
}

enum Cell {
    /// More cells follow.
    Next,
    /// The record ends here.
    Last,
    /// A quote opened and did not close.
    Unclosed,
}

impl RecordReader {
    pub const fn new(input: Utf8Reader, delimiter: u8, numbered: bool) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            mark: 0,
            at: 0,
            line: 1,
            delimiter,
            numbered,
        }
    }

    pub const fn malformed(&self) -> u64 {
        self.input.malformed()
    }

    /// Passes over the line `sep=;` some spreadsheets write first.
    pub fn skip_hint(&mut self) {
        while self.buffer.len() < 8 && self.fill().unwrap_or(false) {}
        if self.buffer.starts_with(b"sep=")
            && let Some(end) = self.buffer.iter().take(8).position(|byte| *byte == b'\n')
        {
            self.at = end + 1;
            self.line += 1;
        }
    }

    /// Reads the next record into `row`; false at the end.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, FileError> {
        self.mark = self.at;
        if self.peek()?.is_none() {
            return Ok(false);
        }
        let line = self.line;
        if !self.record(row, true)? {
            self.at = self.mark;
            self.line = line;
            self.record(row, false)?;
            row.fault = Some(RowFault::QuoteUnclosed);
        }
        row.line = line;
        if row.text.contains('\0') {
            row.fault = Some(RowFault::Nul);
            let cells: Vec<String> = row
                .cells()
                .map(|cell| cell.replace('\0', "\u{fffd}"))
                .collect();
            *row = Row {
                fault: row.fault,
                ..Row::from_cells(line, &cells)
            };
        }
        if self.numbered {
            row.take_number();
        }
        Ok(true)
    }

    /// Reads one record; false if a quote did not close.
    fn record(&mut self, row: &mut Row, quoting: bool) -> Result<bool, FileError> {
        let mut text = std::mem::take(&mut row.text).into_bytes();
        text.clear();
        row.ends.clear();
        row.first = 0;
        row.fault = None;
        let line = self.line;
        let closed = loop {
            let cell = if quoting && self.peek()? == Some(b'"') {
                self.quoted(&mut text, line)?
            } else {
                self.plain(&mut text)?
            };
            row.ends.push(text.len());
            if text.len() > RECORD_BYTES || row.ends.len() > CELL_LIMIT {
                return Err(FileError::RowTooLong(line));
            }
            match cell {
                Cell::Next => {}
                Cell::Last => break true,
                Cell::Unclosed => break false,
            }
        };
        row.text =
            String::from_utf8(text).expect("the decoder gives UTF-8 and cells end at ASCII bytes");
        Ok(closed)
    }

    fn quoted(&mut self, text: &mut Vec<u8>, line: u64) -> Result<Cell, FileError> {
        self.at += 1;
        loop {
            let rest = &self.buffer[self.at..];
            let length = rest
                .iter()
                .position(|byte| *byte == b'"')
                .unwrap_or(rest.len());
            let inner = &rest[..length];
            self.line += count_lines(inner);
            text.extend_from_slice(inner);
            self.at += length;
            if text.len() > RECORD_BYTES || self.line - line > RECORD_LINES {
                return Ok(Cell::Unclosed);
            }
            match self.peek()? {
                None => return Ok(Cell::Unclosed),
                Some(b'"') => {
                    self.at += 1;
                    if self.peek()? != Some(b'"') {
                        return self.plain(text);
                    }
                    text.push(b'"');
                    self.at += 1;
                }
                Some(_) => {}
            }
        }
    }

    /// Reads up to the next delimiter or line end.
    fn plain(&mut self, text: &mut Vec<u8>) -> Result<Cell, FileError> {
        loop {
            let rest = &self.buffer[self.at..];
            let delimiter = self.delimiter;
            let stop = rest
                .iter()
                .position(|byte| *byte == delimiter || *byte == b'\n' || *byte == b'\r');
            let length = stop.unwrap_or(rest.len());
            text.extend_from_slice(&rest[..length]);
            self.at += length;
            match self.peek()? {
                None => return Ok(Cell::Last),
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    return Ok(Cell::Last);
                }
                Some(b'\r') => {
                    self.at += 1;
                    self.line += 1;
                    if self.peek()? == Some(b'\n') {
                        self.at += 1;
                    }
                    return Ok(Cell::Last);
                }
                Some(byte) if byte == delimiter => {
                    self.at += 1;
                    return Ok(Cell::Next);
                }
                Some(_) => {
                    if text.len() > RECORD_BYTES {
                        return Err(FileError::RowTooLong(self.line));
                    }
                }
            }
        }
    }

    /// The byte at the current place, reading more text where needed.
    fn peek(&mut self) -> Result<Option<u8>, FileError> {
        while self.at >= self.buffer.len() {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer[self.at]))
    }

    fn fill(&mut self) -> Result<bool, FileError> {
        if self.mark > 0 {
            self.buffer.drain(..self.mark);
            self.at -= self.mark;
            self.mark = 0;
        }
        Ok(self.input.append(&mut self.buffer)?)
    }
}

fn count_lines(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}
