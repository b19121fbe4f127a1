//! Any bytes as a data file: plain, gzip, zip or workbook, in any encoding. It is refused
//! or read to its end, twice to the same rows.
#![no_main]

use std::io::Write;

use clientele_domain::mapping::known_headers;
use clientele_files::{FileError, FileOptions, Row, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("the machine has a temporary folder");
    file.write_all(bytes).expect("a small file fits");
    let Ok(source) = Source::open(file.path(), &FileOptions::default(), &known_headers) else {
        return;
    };
    assert_eq!(read(&source).ok(), read(&source).ok());
});

/// Rows, cells and the line of the last one.
fn read(source: &Source) -> Result<(u64, u64, u64), FileError> {
    let mut rows = source.rows()?;
    let (mut row, mut count, mut cells) = (Row::default(), 0, 0);
    while rows.read(&mut row)? {
        count += 1;
        cells += row.cells().map(|cell| cell.len() as u64 + 1).sum::<u64>();
    }
    Ok((count, cells, row.line()))
}
