use std::borrow::Cow;
use std::io::Cursor;

use crate::decode::Utf8Reader;
use crate::row::{RecordReader, Row};
use crate::{FileError, FileOptions};

/// Delimiter and header of a table.
pub struct Found {
    pub delimiter: u8,
    pub header_row: u64,
    pub columns: Vec<String>,
}

const CANDIDATES: [u8; 4] = [b',', b'\t', b';', b'|'];
const SAMPLE_ROWS: usize = 200;
/// Title lines above a header are few.
const HEADER_SEARCH: usize = 30;

/// Finds delimiter and header from the first rows.
pub fn find(
    text: &str,
    numbered: bool,
    options: &FileOptions,
    known_header: &dyn Fn(&[&str]) -> usize,
) -> Result<Found, FileError> {
    let hint = spreadsheet_hint(text);
    let delimiter = match (numbered, options.delimiter.as_deref()) {
        (true, _) => b',',
        (false, Some(given)) => delimiter_of(given)?,
        (false, None) => hint.unwrap_or_else(|| guess_delimiter(text, known_header)),
    };
    let (mut rows, broken) = first_rows(text, delimiter, numbered);
    if hint.is_some() {
        rows.retain(|row| row.line() > 1);
    }
    if rows.is_empty() {
        return Err(broken.unwrap_or(FileError::Empty));
    }
    let header = match options.header_row {
        Some(0) => None,
        Some(line) => Some(
            rows.iter()
                .find(|row| row.line() == line)
                .ok_or(FileError::HeaderMissing(line))?,
        ),
        None => guess_header(&rows, known_header),
    };
    let columns = match header {
        Some(row) => row
            .cells()
            .map(|cell| clean_name(cell).into_owned())
            .collect(),
        None => (0..usual_width(&rows)).map(letters).collect(),
    };
    Ok(Found {
        delimiter,
        header_row: header.map_or(0, Row::line),
        columns,
    })
}

fn delimiter_of(given: &str) -> Result<u8, FileError> {
    match given {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        one if one.len() == 1 && !one.contains(['"', '\n', '\r']) => Ok(one.as_bytes()[0]),
        _ => Err(FileError::DelimiterInvalid),
    }
}

/// `sep=;` in the first line tells spreadsheets the delimiter.
fn spreadsheet_hint(text: &str) -> Option<u8> {
    let rest = text.strip_prefix("sep=")?;
    let first = *rest.as_bytes().first()?;
    matches!(rest.as_bytes().get(1), Some(b'\r' | b'\n')).then_some(first)
}

/// The first rows, and what ended them before there were enough.
fn first_rows(text: &str, delimiter: u8, numbered: bool) -> (Vec<Row>, Option<FileError>) {
    let raw = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut records = RecordReader::new(
        Utf8Reader::new(raw, encoding_rs::UTF_8),
        delimiter,
        numbered,
    );
    let mut rows = Vec::new();
    let mut row = Row::default();
    while rows.len() < SAMPLE_ROWS {
        match records.read(&mut row) {
            Ok(true) if row.is_blank() => {}
            Ok(true) => rows.push(row.clone()),
            Ok(false) => break,
            Err(error) => return (rows, Some(error)),
        }
    }
    (rows, None)
}

fn usual_width(rows: &[Row]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Row::len).collect();
    widths.sort_unstable();
    let mut best = (0, 0);
    for group in widths.chunk_by(|left, right| left == right) {
        if group.len() >= best.0 {
            best = (group.len(), group[0]);
        }
    }
    best.1
}

/// The delimiter under which most rows have the same number of cells, more
/// than one; a row of known column names decides between close ones.
fn guess_delimiter(text: &str, known_header: &dyn Fn(&[&str]) -> usize) -> u8 {
    let mut best = (0.0_f64, b',');
    for delimiter in CANDIDATES {
        let (rows, _) = first_rows(text, delimiter, false);
        let width = usual_width(&rows);
        if width < 2 {
            continue;
        }
        let regular = rows.iter().filter(|row| row.len() == width).count();
        let known = rows
            .iter()
            .take(HEADER_SEARCH)
            .map(|row| known_cells(row, known_header))
            .max()
            .unwrap_or(0);
        let share = ratio(regular, rows.len());
        let score = share * share * ratio(width.min(40), 1).ln_1p() + ratio(known, 2);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

#[expect(clippy::cast_precision_loss, reason = "counts of a small sample")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn known_cells(row: &Row, known_header: &dyn Fn(&[&str]) -> usize) -> usize {
    let cells: Vec<&str> = row.cells().collect();
    known_header(&cells)
}

/// The row of column names: the one with most known names, else the first
/// wide row without a figure, else none.
fn guess_header<'a>(rows: &'a [Row], known_header: &dyn Fn(&[&str]) -> usize) -> Option<&'a Row> {
    let width = usual_width(rows);
    let search = &rows[..rows.len().min(HEADER_SEARCH)];
    let known: Vec<usize> = search
        .iter()
        .map(|row| known_cells(row, known_header))
        .collect();
    let most = known.iter().copied().max().unwrap_or(0);
    let enough = if width <= 2 { 1 } else { 2 };
    if most >= enough {
        let at = known.iter().position(|count| *count == most)?;
        return Some(&search[at]);
    }
    let first_wide = search.iter().position(|row| filled(row) * 5 >= width * 3)?;
    let row = &search[first_wide];
    (!row.cells().any(looks_like_data)).then_some(row)
}

fn filled(row: &Row) -> usize {
    row.cells().filter(|cell| !cell.trim().is_empty()).count()
}

fn looks_like_data(cell: &str) -> bool {
    let cell = cell.trim().trim_start_matches(['\'', '=', '"']);
    cell.contains('@')
        || cell.starts_with(|c: char| c.is_ascii_digit())
        || (cell.starts_with(['-', '+', '$', '¥', '£', '€'])
            && cell.chars().any(|c| c.is_ascii_digit()))
}

/// Column names keep their spelling, without marks and blanks around them.
fn clean_name(cell: &str) -> Cow<'_, str> {
    let trimmed =
        cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
    if trimmed.contains('\n') {
        Cow::Owned(trimmed.replace(['\r', '\n'], " "))
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// A, B … Z, AA as a spreadsheet names its columns.
fn letters(index: usize) -> String {
    let mut index = index;
    let mut name = String::new();
    loop {
        let letter = u8::try_from(index % 26).expect("a remainder of 26 fits");
        name.insert(0, char::from(b'A' + letter));
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}
