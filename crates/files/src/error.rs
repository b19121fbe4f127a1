use serde_json::{Value, json};

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("the file cannot be read: {0}")]
    Io(#[source] std::io::Error),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Not text and not a known container.
    #[error("the file is not a table; give CSV, TSV or XLSX, plain or in gz or zip")]
    Binary,
    /// A known format that is not a table we read.
    #[error("{0} files cannot be read; save the table as XLSX or CSV")]
    Unsupported(&'static str),
    /// An archive without a data file.
    #[error("the archive holds no data file")]
    ArchiveEmpty,
    /// An archive with several data files.
    #[error("the archive holds several data files ({}); give one of them", .0.join(", "))]
    ArchiveMany(Vec<String>),
    /// An archive that wants a password.
    #[error("the archive is encrypted; unpack it first")]
    ArchiveEncrypted,
    /// An archive that is cut off or damaged.
    #[error("the archive is damaged: {0}")]
    ArchiveBroken(String),
    /// An archive that unpacks to far more than any table does.
    #[error("the file unpacks to more than is allowed")]
    TooLarge,
    /// A workbook that cannot be opened.
    #[error("the workbook is damaged: {0}")]
    WorkbookBroken(String),
    /// A worksheet that is not there.
    #[error("the workbook has no sheet named {0}")]
    SheetMissing(String),
    /// An encoding nobody knows.
    #[error("the encoding {0} is not known")]
    EncodingUnknown(String),
    /// A delimiter that is not one character.
    #[error("the delimiter must be one ASCII character or the word tab")]
    DelimiterInvalid,
    /// A header line beyond the part where headers are looked for.
    #[error("line {0} cannot be the header")]
    HeaderMissing(u64),
    /// Blank lines without end.
    #[error("nothing but blank lines follows from line {0}; remove them")]
    RowsBlank(u64),
    /// A record longer than any row of a table.
    #[error("the row at line {0} is too long")]
    RowTooLong(u64),
}

impl FileError {
    /// Stable code for the translated message.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file_unreadable",
            Self::Empty => "file_empty",
            Self::Binary => "file_binary",
            Self::Unsupported(_) => "file_unsupported",
            Self::ArchiveEmpty => "archive_empty",
            Self::ArchiveMany(_) => "archive_many",
            Self::ArchiveEncrypted => "archive_encrypted",
            Self::ArchiveBroken(_) => "archive_broken",
            Self::TooLarge => "file_too_large",
            Self::WorkbookBroken(_) => "workbook_broken",
            Self::SheetMissing(_) => "sheet_missing",
            Self::EncodingUnknown(_) => "encoding_unknown",
            Self::DelimiterInvalid => "delimiter_invalid",
            Self::HeaderMissing(_) => "header_missing",
            Self::RowsBlank(_) => "rows_blank",
            Self::RowTooLong(_) => "row_too_long",
        }
    }

    /// Values the translated message names.
    #[must_use]
    pub fn params(&self) -> Value {
        match self {
            Self::Unsupported(format) => json!({ "format": format }),
            Self::ArchiveMany(names) => json!({ "names": names.join(", ") }),
            Self::SheetMissing(name) => json!({ "sheet": name }),
            Self::EncodingUnknown(label) => json!({ "encoding": label }),
            Self::HeaderMissing(line) | Self::RowsBlank(line) | Self::RowTooLong(line) => {
                json!({ "line": line })
            }
            _ => json!({}),
        }
    }
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        if error
            .get_ref()
            .is_some_and(|inner| inner.is::<crate::container::Bomb>())
        {
            return Self::TooLarge;
        }
        match error.kind() {
            std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::InvalidInput
            | std::io::ErrorKind::UnexpectedEof => Self::ArchiveBroken(error.to_string()),
            _ => Self::Io(error),
        }
    }
}
