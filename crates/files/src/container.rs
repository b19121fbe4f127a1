use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use tempfile::NamedTempFile;

use crate::FileError;
use crate::encoding::Window;
use crate::workbook::{self, Workbook};

/// What packs the table, and where it lies inside.
pub enum Container {
    Plain,
    Gzip,
    Zip(Entry),
    /// A workbook that lies directly in the file.
    Workbook,
    /// A workbook inside a zip.
    ZippedWorkbook(Entry),
    /// A workbook already unpacked to text.
    Unpacked {
        text: NamedTempFile,
        bytes: u64,
    },
}

/// The one data file of a zip.
pub struct Entry {
    start: u64,
    packed: u64,
    deflated: bool,
}

/// Marker inside an `io::Error`: the archive unpacks to too much.
#[derive(Debug, thiserror::Error)]
#[error("the archive unpacks to more than is allowed")]
pub struct Bomb;

/// How much text a packed byte may become, beyond a free allowance.
const RATIO_LIMIT: u64 = 100;
const FREE_BYTES: u64 = 64 << 20;
const WORKBOOK_BYTES: u64 = 256 << 20;
const HEAD_BYTES: u64 = 256 << 10;
const SEARCH_BYTES: u64 = 64 << 20;

impl Container {
    /// Recognises a file by its first bytes, never by its name.
    pub fn detect(path: &Path) -> Result<Self, FileError> {
        let mut head = [0_u8; 8];
        let mut file = File::open(path).map_err(FileError::Io)?;
        let length = read_up_to(&mut file, &mut head)?;
        match &head[..length] {
            [b'P', b'K', 3, 4, ..] => zip_kind(file),
            [b'P', b'K', 5, 6, ..] => Err(FileError::ArchiveEmpty),
            [0x1f, 0x8b, ..] => Ok(Self::Gzip),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(FileError::Unsupported("XLS")),
            [b'%', b'P', b'D', b'F', ..] => Err(FileError::Unsupported("PDF")),
            [b'R', b'a', b'r', b'!', ..] => Err(FileError::Unsupported("RAR")),
            [b'7', b'z', 0xbc, 0xaf, ..] => Err(FileError::Unsupported("7z")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Err(FileError::Unsupported("Zstandard")),
            [b'P', b'A', b'R', b'1', ..] => Err(FileError::Unsupported("Parquet")),
            [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
                Err(FileError::Unsupported("image"))
            }
            _ => Ok(Self::Plain),
        }
    }

    /// Turns a workbook into numbered text once, so that it streams like every other file.
    pub fn unpack_workbook(
        &mut self,
        path: &Path,
        sheet: Option<&str>,
    ) -> Result<Option<Workbook>, FileError> {
        let opened = match self {
            Self::Workbook => workbook::unpack(
                BufReader::new(File::open(path).map_err(FileError::Io)?),
                sheet,
            )?,
            Self::ZippedWorkbook(entry) => {
                let mut copy = tempfile::tempfile().map_err(FileError::Io)?;
                let mut packed = entry.reader(path, Arc::default())?.take(WORKBOOK_BYTES + 1);
                if std::io::copy(&mut packed, &mut copy)? > WORKBOOK_BYTES {
                    return Err(FileError::TooLarge);
                }
                copy.seek(SeekFrom::Start(0)).map_err(FileError::Io)?;
                workbook::unpack(BufReader::new(copy), sheet)?
            }
            _ => return Ok(None),
        };
        let (text, bytes, book) = opened;
        *self = Self::Unpacked { text, bytes };
        Ok(Some(book))
    }

    /// Whether rows begin with the row number a workbook gave them.
    pub const fn is_workbook(&self) -> bool {
        matches!(self, Self::Unpacked { .. })
    }

    /// Length of the text a workbook became.
    pub const fn workbook_bytes(&self) -> u64 {
        match self {
            Self::Unpacked { bytes, .. } => *bytes,
            _ => 0,
        }
    }

    /// The table's bytes, unpacked; `read` counts the bytes taken from the file itself.
    pub fn reader(
        &self,
        path: &Path,
        read: Arc<AtomicU64>,
    ) -> Result<Box<dyn Read + Send>, FileError> {
        match self {
            Self::Plain | Self::Workbook => Ok(Box::new(Counted {
                inner: File::open(path).map_err(FileError::Io)?,
                read,
            })),
            Self::Gzip => {
                let file = File::open(path).map_err(FileError::Io)?;
                let packed = file.metadata().map_err(FileError::Io)?.len();
                let counted = BufReader::with_capacity(64 << 10, Counted { inner: file, read });
                Ok(Box::new(Bounded::new(MultiGzDecoder::new(counted), packed)))
            }
            Self::Zip(entry) | Self::ZippedWorkbook(entry) => entry.reader(path, read),
            Self::Unpacked { text, .. } => Ok(Box::new(Counted {
                inner: text.reopen().map_err(FileError::Io)?,
                read,
            })),
        }
    }

    /// The beginning of the table, and the first place that is not ASCII if
    /// the beginning is: an encoding shows only there.
    pub fn sample(&self, path: &Path) -> Result<Window, FileError> {
        let mut reader = self.reader(path, Arc::default())?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        if matches!(self, Self::Gzip | Self::Zip(_)) && head.starts_with(b"PK\x03\x04") {
            return Err(FileError::Unsupported("nested archive"));
        }
        let whole = (head.len() as u64) < HEAD_BYTES;
        let mut later = Vec::new();
        if !whole && head.is_ascii() && !head.contains(&0) {
            later = find_beyond_ascii(&mut reader)?;
        }
        Ok(Window { head, whole, later })
    }
}

impl Entry {
    fn reader(&self, path: &Path, read: Arc<AtomicU64>) -> Result<Box<dyn Read + Send>, FileError> {
        let mut file = File::open(path).map_err(FileError::Io)?;
        file.seek(SeekFrom::Start(self.start))
            .map_err(FileError::Io)?;
        let packed =
            BufReader::with_capacity(64 << 10, Counted { inner: file, read }).take(self.packed);
        Ok(if self.deflated {
            Box::new(Bounded::new(DeflateDecoder::new(packed), self.packed))
        } else {
            Box::new(packed)
        })
    }
}

fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize, FileError> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]).map_err(FileError::Io)? {
            0 => break,
            count => length += count,
        }
    }
    Ok(length)
}

fn find_beyond_ascii(reader: &mut dyn Read) -> Result<Vec<u8>, FileError> {
    let mut chunk = vec![0_u8; 64 << 10];
    let mut searched = 0;
    while searched < SEARCH_BYTES {
        let count = reader.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        searched += count as u64;
        if let Some(at) = chunk[..count].iter().position(|byte| !byte.is_ascii()) {
            let mut found = chunk[at..count].to_vec();
            reader.take(64 << 10).read_to_end(&mut found)?;
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn zip_kind(file: File) -> Result<Container, FileError> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        is_workbook |= name == "xl/workbook.xml";
        if entry.is_file() && is_data_name(&name) {
            found.push((name, index));
        }
    }
    if is_workbook {
        return Ok(Container::Workbook);
    }
    let index = match found.as_slice() {
        [] => return Err(FileError::ArchiveEmpty),
        [(_, index)] => *index,
        many => {
            return Err(FileError::ArchiveMany(
                many.iter().take(10).map(|(name, _)| name.clone()).collect(),
            ));
        }
    };
    let entry = archive.by_index_raw(index).map_err(broken)?;
    if entry.encrypted() {
        return Err(FileError::ArchiveEncrypted);
    }
    let deflated = match entry.compression() {
        zip::CompressionMethod::Stored => false,
        zip::CompressionMethod::Deflated => true,
        _ => return Err(FileError::Unsupported("zip with unusual compression")),
    };
    let start = entry
        .data_start()
        .ok_or_else(|| FileError::ArchiveBroken("no data".to_owned()))?;
    let packed = entry.compressed_size();
    let entry = Entry {
        start,
        packed,
        deflated,
    };
    Ok(if found[0].0.to_lowercase().ends_with(".xlsx") {
        Container::ZippedWorkbook(entry)
    } else {
        Container::Zip(entry)
    })
}

/// Leaves out folders of the operating system and notes beside the data.
fn is_data_name(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let lower = base.to_lowercase();
    !name.starts_with("__MACOSX/")
        && !base.starts_with('.')
        && !lower.starts_with("readme")
        && !lower.ends_with(".pdf")
        && !lower.ends_with(".html")
}

#[expect(clippy::needless_pass_by_value, reason = "used as a map_err function")]
fn broken(error: zip::result::ZipError) -> FileError {
    FileError::ArchiveBroken(error.to_string())
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R> Bounded<R> {
    fn new(inner: R, packed: u64) -> Self {
        Self {
            inner,
            left: FREE_BYTES.saturating_add(packed.saturating_mul(RATIO_LIMIT)),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| std::io::Error::other(Bomb))?;
        Ok(count)
    }
}
