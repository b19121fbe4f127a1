use std::collections::HashMap;
use std::io::{BufReader, Read, Seek, Write};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use quick_xml::events::Event;
use tempfile::NamedTempFile;

use crate::FileError;

/// What a workbook offers and what was taken from it.
pub struct Workbook {
    pub sheet: String,
    pub sheets: Vec<String>,
}

/// Everything inside a workbook together, unpacked.
const UNPACKED_LIMIT: u64 = 2 << 30;
/// Shared strings are the one part that stays in memory.
const STRINGS_LIMIT: u64 = 192 << 20;
/// From one mark-up to the next; a cell of Excel's holds 32,767 characters.
const ELEMENT_LIMIT: u64 = 1 << 20;
const COLUMN_LIMIT: u32 = 2048;
const TEXT_LIMIT: u64 = 4 << 30;
/// Digits that a number of a spreadsheet cannot hold.
const LONG: usize = 16;
/// So many of them are kept.
const LONG_LIMIT: usize = 2_000_000;

/// Whole numbers too long for a spreadsheet, by row and column, as the file spells
/// them. Sheets are not told apart: where they differ at one place, none is kept.
type LongNumbers = HashMap<(u32, u32), Option<String>>;

/// Writes one worksheet as comma-separated text, each record beginning with its row number.
pub fn unpack<R: Read + Seek>(
    mut reader: R,
    wanted: Option<&str>,
) -> Result<(NamedTempFile, u64, Workbook), FileError> {
    let long = match check_parts(&mut reader)? {
        true => long_numbers(&mut reader)?,
        false => LongNumbers::new(),
    };
    let mut book =
        Xlsx::new(reader).map_err(|error| FileError::WorkbookBroken(error.to_string()))?;
    let sheets = book.sheet_names();
    let candidates: Vec<String> = match wanted {
        Some(name) if sheets.iter().any(|sheet| sheet == name) => vec![name.to_owned()],
        Some(name) => return Err(FileError::SheetMissing(name.to_owned())),
        None => sheets.clone(),
    };
    for name in candidates {
        let mut text = NamedTempFile::new().map_err(FileError::Io)?;
        let bytes = write_sheet(&mut book, &name, &long, &mut text)?;
        if bytes > 0 || wanted.is_some() {
            return Ok((
                text,
                bytes,
                Workbook {
                    sheet: name,
                    sheets,
                },
            ));
        }
    }
    Err(FileError::Empty)
}

/// Unpacks every part once before anybody believes it: what a part says of its
/// size may be a lie, and an element without end would have to fit in memory.
/// Answers whether a sheet may hold numbers too long for a spreadsheet.
fn check_parts<R: Read + Seek>(reader: &mut R) -> Result<bool, FileError> {
    let broken = |error: zip::result::ZipError| FileError::WorkbookBroken(error.to_string());
    let mut archive = zip::ZipArchive::new(&mut *reader).map_err(broken)?;
    let (mut all, mut kept) = (0_u64, 0_u64);
    let (mut digits, mut has_long) = (0_usize, false);
    let mut buffer = vec![0_u8; 64 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(broken)?;
        let name = entry.name_raw();
        let stays = name.ends_with(b"sharedStrings.xml") || name.ends_with(b"styles.xml");
        let is_sheet = is_sheet(name);
        if !name.ends_with(b".xml") && !name.ends_with(b".rels") {
            continue;
        }
        let mut element = 0_u64;
        loop {
            let count = entry
                .read(&mut buffer)
                .map_err(|error| FileError::WorkbookBroken(error.to_string()))?;
            let part = &buffer[..count];
            all += count as u64;
            kept += if stays { count as u64 } else { 0 };
            let begins = |byte: &u8| *byte == b'<';
            element += part.iter().position(begins).unwrap_or(count) as u64;
            if is_sheet && !has_long {
                for byte in part {
                    digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
                    has_long |= digits >= LONG;
                }
            }
            if all > UNPACKED_LIMIT || kept > STRINGS_LIMIT || element > ELEMENT_LIMIT {
                return Err(FileError::TooLarge);
            }
            if let Some(last) = part.iter().rposition(begins) {
                element = (count - last) as u64;
            }
            if count == 0 {
                break;
            }
        }
    }
    drop(archive);
    reader.rewind().map_err(FileError::Io)?;
    Ok(has_long)
}

fn is_sheet(name: &[u8]) -> bool {
    name.starts_with(b"xl/worksheets/") && name.ends_with(b".xml")
}

/// Reads what number cells say in so many digits: as numbers they would be rounded,
/// and different order numbers fall together.
fn long_numbers<R: Read + Seek>(reader: &mut R) -> Result<LongNumbers, FileError> {
    let broken = |error: String| FileError::WorkbookBroken(error);
    let mut archive =
        zip::ZipArchive::new(&mut *reader).map_err(|error| broken(error.to_string()))?;
    let mut found = LongNumbers::new();
    for index in 0..archive.len() {
        let entry = archive
            .by_index(index)
            .map_err(|error| broken(error.to_string()))?;
        if !is_sheet(entry.name_raw()) {
            continue;
        }
        let mut xml = quick_xml::Reader::from_reader(BufReader::new(entry));
        let mut buffer = Vec::new();
        let (mut place, mut in_value) = (None, false);
        loop {
            buffer.clear();
            match xml
                .read_event_into(&mut buffer)
                .map_err(|error| broken(error.to_string()))?
            {
                Event::Start(element) => match element.local_name().as_ref() {
                    "c" => {
                        let of = |name: &str| {
                            let attribute = element.try_get_attribute(name).ok().flatten();
                            attribute.map(|attribute| attribute.value.into_owned())
                        };
                        let is_number = of("t").is_none_or(|kind| kind == "n");
                        place = of("r")
                            .filter(|_| is_number)
                            .and_then(|text| place_of(&text));
                    }
                    "v" => in_value = true,
                    _ => {}
                },
                Event::Text(text) if in_value => {
                    let digits: &str = text.as_ref();
                    if let Some(place) = place
                        && digits.len() >= LONG
                        && digits.bytes().all(|byte| byte.is_ascii_digit())
                        && found.len() < LONG_LIMIT
                    {
                        found
                            .entry(place)
                            .and_modify(|known| {
                                known.take_if(|known| known.as_str() != digits);
                            })
                            .or_insert_with(|| Some(digits.to_owned()));
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "v" => in_value = false,
                Event::Eof => break,
                _ => {}
            }
        }
    }
    drop(archive);
    reader.rewind().map_err(FileError::Io)?;
    Ok(found)
}

/// Row and column, from zero, of a reference such as `AB12`.
fn place_of(reference: &str) -> Option<(u32, u32)> {
    let letters = reference.find(|c: char| c.is_ascii_digit())?;
    let column = reference[..letters].bytes().try_fold(0_u32, |sum, byte| {
        let letter = byte
            .is_ascii_uppercase()
            .then(|| u32::from(byte - b'A') + 1)?;
        sum.checked_mul(26)?.checked_add(letter)
    })?;
    let row: u32 = reference[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

fn write_sheet<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    long: &LongNumbers,
    text: &mut NamedTempFile,
) -> Result<u64, FileError> {
    let broken = |error: calamine::XlsxError| FileError::WorkbookBroken(error.to_string());
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A chart sheet has no cells; the next sheet may.
        Err(calamine::XlsxError::WorksheetNotFound(_) | calamine::XlsxError::NotAWorksheet(_)) => {
            return Ok(0);
        }
        Err(error) => return Err(broken(error)),
    };
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(std::io::BufWriter::new(text.as_file_mut()));
    let mut record: Vec<String> = Vec::new();
    let mut current: Option<u32> = None;
    let mut bytes = 0_u64;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let value = match (cell.get_value(), long.get(&(row, column))) {
            (DataRef::Float(_), Some(Some(digits))) => digits.clone(),
            (value, _) => cell_text(value),
        };
        if value.is_empty() {
            continue;
        }
        if column >= COLUMN_LIMIT {
            return Err(FileError::TooLarge);
        }
        if current != Some(row) {
            bytes += flush(&mut writer, current, &mut record)?;
            if bytes > TEXT_LIMIT {
                return Err(FileError::TooLarge);
            }
            current = Some(row);
        }
        while record.len() <= column as usize {
            record.push(String::new());
        }
        record[column as usize] = value;
    }
    bytes += flush(&mut writer, current, &mut record)?;
    writer.flush().map_err(FileError::Io)?;
    drop(writer);
    text.flush().map_err(FileError::Io)?;
    Ok(bytes)
}

fn flush<W: Write>(
    writer: &mut csv::Writer<W>,
    row: Option<u32>,
    record: &mut Vec<String>,
) -> Result<u64, FileError> {
    let Some(row) = row else { return Ok(0) };
    let number = (row + 1).to_string();
    let bytes = record.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>() + number.len() as u64;
    let failed = |error: csv::Error| FileError::Io(std::io::Error::other(error));
    writer.write_field(&number).map_err(failed)?;
    writer.write_record(record.iter()).map_err(failed)?;
    record.clear();
    Ok(bytes)
}

/// A cell as the text a CSV export of it would hold.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(instant) => date_text(instant),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Numbers without exponent, because order numbers are often stored as numbers, and
/// with the fifteen digits a spreadsheet shows. A longer one has lost digits, and
/// its exponent says so.
fn number_text(number: f64) -> String {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if !shown.is_finite() {
        String::new()
    } else if shown.abs() >= 1e15 {
        format!("{shown:E}").replace('E', "E+")
    } else {
        format!("{shown}")
    }
}

fn date_text(instant: &ExcelDateTime) -> String {
    if !instant.is_datetime() {
        return number_text(instant.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    if instant.as_f64() < 1.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}
