//! Everything that can go wrong in the warehouse.

use deltalake::DeltaTableError;
use deltalake::arrow::error::ArrowError;
use deltalake::datafusion::error::DataFusionError;

/// The result of warehouse work.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong; the library errors inside are causes for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A batch starts after changes that never arrived.
    #[error(
        "the batch starts after change {from_seq}, but the warehouse stands at {position}: \
         send the changes in between, or rebuild the warehouse"
    )]
    Gap {
        /// Where the batch starts.
        from_seq: i64,
        /// Where the warehouse stands.
        position: i64,
    },
    /// A batch ends before it starts.
    #[error("a batch cannot go from change {from_seq} back to {to_seq}")]
    Backwards {
        /// Where the batch starts.
        from_seq: i64,
        /// Where the batch ends.
        to_seq: i64,
    },
    /// A rebuild was cut short, or a table was lost or emptied.
    #[error("the tables of the warehouse do not belong together: rebuild it")]
    Unfinished,
    /// A table holds a word that this version does not know.
    #[error("the warehouse holds {value:?}, which is no {what}: rebuild the warehouse")]
    UnknownWord {
        /// What was expected.
        what: &'static str,
        /// What was found.
        value: String,
    },
    /// The folder of the warehouse cannot be made or used.
    #[error("the warehouse folder cannot be used")]
    Folder(#[from] std::io::Error),
    /// Delta Lake refused; another process may have committed first.
    #[error("the warehouse's tables cannot be read or written")]
    Delta(#[from] DeltaTableError),
    /// The engine refused a question.
    #[error("the warehouse cannot answer the question")]
    Query(#[from] DataFusionError),
    /// Columns do not have the expected shape.
    #[error("the warehouse's columns do not have the expected shape")]
    Columns(#[from] ArrowError),
    /// The engine was shut down while it worked.
    #[error("the warehouse was stopped")]
    Stopped,
}
