//! One backup is one file: a tar of its parts, compressed with zstd and, when somebody
//! is named to read it, encrypted with age. Its last part, `manifest.json`, says what the
//! others must be. `age -d FILE | zstd -d | tar -x` opens one without this program.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use age::{
    Decryptor, Encryptor,
    stream::StreamWriter,
    x25519::{Identity, Recipient},
};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ctx::hex,
    db::chain::Anchor,
    error::{Error, Result},
};

/// The form of the file that this program writes, and the newest it reads.
const FORMAT: u32 = 1;
/// The part that speaks of all others, and ends the file.
const MANIFEST: &str = "manifest.json";
/// The book as a SQLite file.
pub const SQLITE: &str = "book.sqlite";
/// The book as PostgreSQL's own tools write it.
pub const POSTGRES: &str = "book.pgdump";
/// The anchors of the audit log.
pub const ANCHORS: &str = "audit-anchors.jsonl";
/// The folder of files that wait for their import.
pub const UPLOADS: &str = "uploads";

/// Where a book stood: enough to tell it from every other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How many steps of the schema it has taken.
    pub schema: i64,
    /// The last change in its feed.
    pub feed_position: i64,
    /// The last entry of its audit log, and when the backup was made.
    pub audit: Anchor,
    /// How many rows each table has.
    pub rows: BTreeMap<String, i64>,
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// Where the book stood.
    pub book: Standing,
    /// The other parts.
    pub parts: Vec<Part>,
}

/// One file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path in the backup.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A finished file and what it has come to.
pub struct Packed {
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of all of it.
    pub sha256: String,
}

/// Writes the parts below `folder` into an empty file, which is on disk when this answers.
/// It stops with an error when `progress`, told how many bytes are done, answers false.
///
/// # Errors
/// When the disk fails.
pub fn pack(
    folder: &Path,
    book: Standing,
    recipients: &[Recipient],
    file: File,
    mut progress: impl FnMut(u64) -> bool,
) -> Result<Packed> {
    let counted = Counting::new(BufWriter::with_capacity(
        1 << 20,
        Gradual { file, unsynced: 0 },
    ));
    let sealed = Sealed::new(counted, recipients)?;
    let mut compressed = zstd::Encoder::new(sealed, 3)?;
    compressed.include_checksum(true)?;
    let mut tar = tar::Builder::new(compressed);
    let mut parts = Vec::new();
    let mut done = 0;
    for name in files_below(folder)? {
        let source = File::open(folder.join(&name)).with_context(|| format!("reading {name}"))?;
        let bytes = source.metadata()?.len();
        let mut reader = Counting::new(BufReader::with_capacity(1 << 20, source.take(bytes)));
        let mut watched = Watched {
            inner: &mut reader,
            step: |read| {
                done += read;
                progress(done)
            },
        };
        tar.append_data(&mut header(bytes), &name, &mut watched)?;
        let sha256 = reader.digest();
        parts.push(Part {
            name,
            bytes,
            sha256,
        });
    }
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        book,
        parts,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
    let mut counted = tar.into_inner()?.finish()?.finish()?;
    counted.flush()?;
    let (bytes, sha256) = (counted.bytes, counted.digest());
    let gradual = counted.inner.into_inner().map_err(io::Error::from)?;
    gradual.file.sync_all()?;
    Ok(Packed { bytes, sha256 })
}

/// Reads a backup, puts its parts into a folder, and believes none before all are proven.
///
/// # Errors
/// `backup_damaged`, `backup_encrypted`, `backup_key_wrong`, `backup_newer`, or when the
/// file cannot be read or the disk fails.
pub fn unpack(file: &Path, identities: &[Identity], into: &Path) -> Result<Manifest> {
    let source = File::open(file).map_err(|error| not_readable(file, &error))?;
    let mut source = BufReader::with_capacity(1 << 20, source);
    let is_sealed = io::BufRead::fill_buf(&mut source)?.starts_with(b"age-encryption.org/");
    let opened: Box<dyn Read> = if is_sealed {
        Box::new(unsealed(source, identities)?)
    } else {
        Box::new(source)
    };
    let compressed = zstd::Decoder::new(opened)?;
    let mut tar = tar::Archive::new(compressed);
    let mut found = Vec::new();
    let mut manifest = None;
    for entry in tar.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path().map_err(damaged)?.display().to_string();
        if manifest.is_some() || !entry.header().entry_type().is_file() {
            return Err(not_as_written());
        }
        if name == MANIFEST {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).map_err(damaged)?;
            manifest = Some(read_manifest(&text)?);
            continue;
        }
        let place = place_of(&name).ok_or_else(not_as_written)?;
        let path = into.join(place);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut out = File::create_new(&path)?;
        let mut reader = Counting::new(&mut entry);
        copy(&mut reader, &mut out)?;
        out.sync_all()?;
        found.push(Part {
            name,
            bytes: reader.bytes,
            sha256: reader.digest(),
        });
    }
    // What follows the tar's own end, so that a cut there shows as well.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(damaged)?;
    match manifest {
        Some(manifest) if manifest.parts == found => Ok(manifest),
        _ => Err(not_as_written()),
    }
}

fn read_manifest(text: &[u8]) -> Result<Manifest> {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    let form: Form = serde_json::from_slice(text).map_err(|_| not_as_written())?;
    if form.format > FORMAT {
        let detail = "A newer program has made this backup. Restore it with that one.";
        return Err(Error::conflict("backup_newer", detail));
    }
    serde_json::from_slice(text).map_err(|_| not_as_written())
}

/// Copies, and tells a source that cannot be read from a disk that cannot be written.
fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<()> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut buffer).map_err(damaged)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..read])?;
    }
}

/// Where a part goes; none for a name that no backup has.
fn place_of(name: &str) -> Option<PathBuf> {
    if [SQLITE, POSTGRES, ANCHORS].contains(&name) {
        return Some(PathBuf::from(name));
    }
    let upload = name.strip_prefix(UPLOADS)?.strip_prefix('/')?;
    let is_plain = upload
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (is_plain && !upload.is_empty() && !upload.starts_with('.')).then(|| PathBuf::from(name))
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header
}

/// The paths of all files, the small ones' folder last.
fn files_below(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for name in [SQLITE, POSTGRES, ANCHORS] {
        if folder.join(name).exists() {
            names.push(name.to_owned());
        }
    }
    let uploads = folder.join(UPLOADS);
    if uploads.exists() {
        let mut found: Vec<String> = Vec::new();
        for entry in fs::read_dir(&uploads)? {
            let name = format!("{UPLOADS}/{}", entry?.file_name().to_string_lossy());
            found.extend(place_of(&name).map(|_| name));
        }
        found.sort();
        names.append(&mut found);
    }
    Ok(names)
}

fn unsealed(
    source: impl io::BufRead + 'static,
    identities: &[Identity],
) -> Result<impl Read + 'static> {
    if identities.is_empty() {
        let detail = "This backup is encrypted. Name the file with the secret key: \
                      --backup-identity FILE.";
        return Err(Error::conflict("backup_encrypted", detail));
    }
    let decryptor = Decryptor::new_buffered(source).map_err(|_| not_as_written())?;
    let keys = identities.iter().map(|key| key as &dyn age::Identity);
    decryptor.decrypt(keys).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => Error::conflict(
            "backup_key_wrong",
            "This secret key does not open the backup. Name the one it was made for.",
        ),
        _ => not_as_written(),
    })
}

fn damaged(_: io::Error) -> Error {
    not_as_written()
}

fn not_as_written() -> Error {
    Error::conflict(
        "backup_damaged",
        "This file is not a whole backup: it was cut, changed, or is something else. Take \
         another one.",
    )
}

fn not_readable(file: &Path, error: &io::Error) -> Error {
    let detail = format!("{} cannot be read: {error}.", file.display());
    Error::bad_request("file_not_readable", &detail)
}

/// Encrypts when there is anybody to read it.
enum Sealed<W: Write> {
    Open(W),
    Closed(Box<StreamWriter<W>>),
}

impl<W: Write> Sealed<W> {
    fn new(out: W, recipients: &[Recipient]) -> Result<Self> {
        if recipients.is_empty() {
            return Ok(Sealed::Open(out));
        }
        let readers = recipients.iter().map(|one| one as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(readers).context("choosing who can read it")?;
        Ok(Sealed::Closed(Box::new(encryptor.wrap_output(out)?)))
    }

    fn finish(self) -> io::Result<W> {
        match self {
            Sealed::Open(out) => Ok(out),
            Sealed::Closed(stream) => stream.finish(),
        }
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sealed::Open(out) => out.write(bytes),
            Sealed::Closed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sealed::Open(out) => out.flush(),
            Sealed::Closed(stream) => stream.flush(),
        }
    }
}

/// After how many bytes the disk is given what it has to write.
const SYNC: usize = 4 << 20;

/// A file that goes to the disk little by little: one great sync would keep everybody
/// waiting who commits meanwhile.
struct Gradual {
    file: File,
    unsynced: usize,
}

impl Write for Gradual {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= SYNC {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Hashes and counts what passes.
struct Counting<T> {
    inner: T,
    hash: Sha256,
    bytes: u64,
}

impl<T> Counting<T> {
    fn new(inner: T) -> Self {
        Counting {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn digest(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

impl<T: Read> Read for Counting<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.pass(&buffer[..read]);
        Ok(read)
    }
}

impl<T: Write> Write for Counting<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Tells how much was read, and hears whether to go on.
struct Watched<'a, R, F> {
    inner: &'a mut R,
    step: F,
}

impl<R: Read, F: FnMut(u64) -> bool> Read for Watched<'_, R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if (self.step)(read as u64) {
            Ok(read)
        } else {
            Err(io::Error::other("somebody asked to stop"))
        }
    }
}
