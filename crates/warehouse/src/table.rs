//! One Delta table: opening, the feed position and commits.
//!
//! Every commit that brings rows also carries a Delta application transaction
//! (`txn`) with the feed position those rows stand for, so that rows and
//! position can never disagree, whenever the process is killed.

use std::path::Path;

use deltalake::arrow::datatypes::Schema;
use deltalake::kernel::engine::arrow_conversion::{TryIntoArrow, TryIntoKernel};
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{Action, Add, Remove, StructType, Transaction};
use deltalake::protocol::{DeltaOperation, OutputMode, SaveMode};
use deltalake::{DeltaTable, ensure_table_uri};

use crate::Result;
use crate::rows::Row;

/// The application id of the feed in every table's log.
const FEED: &str = "clientele-feed";

/// Table properties that keep the log short and removed files around for as
/// long as a reader may still be busy with them.
const PROPERTIES: [(&str, &str); 3] = [
    ("delta.checkpointInterval", "50"),
    ("delta.logRetentionDuration", "interval 7 days"),
    ("delta.deletedFileRetentionDuration", "interval 30 minutes"),
];

/// A table as of its latest commit known here.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) delta: DeltaTable,
    /// The last change of the feed that touched this table.
    pub(crate) position: i64,
}

/// What a commit does to the files of a table.
pub(crate) struct Commit {
    pub(crate) adds: Vec<Add>,
    pub(crate) removes: Vec<Remove>,
    /// The feed position reached; none for mere tidying.
    pub(crate) position: Option<i64>,
}

impl Table {
    /// Opens the table, made new when missing, and tells whether it was.
    ///
    /// A table whose columns are not those of this version is emptied and its
    /// position set back, in one commit: the copy is rebuilt, not migrated.
    pub(crate) async fn open<R: Row>(folder: &Path) -> Result<(Self, bool)> {
        let path = folder.join(R::TABLE);
        let url = ensure_table_uri(path.to_string_lossy())?;
        let mut delta = DeltaTable::try_from_url(url).await?;
        let current = match delta.snapshot() {
            Ok(state) => {
                let schema: Schema = state.schema().as_ref().try_into_arrow()?;
                schema.fields() == R::schema().fields()
            }
            Err(_) => false,
        };
        if !current {
            let schema: StructType = R::schema().as_ref().try_into_kernel()?;
            let start =
                CommitProperties::default().with_application_transaction(Transaction::new(FEED, 0));
            delta = delta
                .create()
                .with_table_name(R::TABLE)
                .with_columns(schema.fields().cloned())
                .with_configuration(PROPERTIES.map(|(key, value)| (key, Some(value))))
                .with_save_mode(SaveMode::Overwrite)
                .with_commit_properties(start)
                .await?;
        }
        let mut table = Self { delta, position: 0 };
        table.read_position().await?;
        Ok((table, !current))
    }

    /// Takes in what other processes have committed.
    pub(crate) async fn refresh(&mut self) -> Result<()> {
        let before = self.delta.version();
        self.delta.update_state().await?;
        if self.delta.version() != before {
            self.read_position().await?;
        }
        Ok(())
    }

    async fn read_position(&mut self) -> Result<()> {
        let log_store = self.delta.log_store();
        let state = self.delta.snapshot()?;
        let position = state.transaction_version(log_store.as_ref(), FEED).await?;
        self.position = position.unwrap_or(0);
        Ok(())
    }

    /// Live files.
    pub(crate) fn file_count(&self) -> usize {
        self.delta
            .snapshot()
            .map_or(0, |state| state.log_data().num_files())
    }

    /// Commits once, or fails if anybody else committed since the last refresh.
    pub(crate) async fn commit(&mut self, commit: Commit) -> Result<()> {
        let Commit {
            adds,
            removes,
            position,
        } = commit;
        let operation = match position {
            Some(seq) => DeltaOperation::StreamingUpdate {
                output_mode: match removes.is_empty() {
                    true => OutputMode::Append,
                    false => OutputMode::Update,
                },
                query_id: FEED.to_owned(),
                epoch_id: seq,
            },
            None => DeltaOperation::Optimize {
                predicate: None,
                target_size: 0,
            },
        };
        let mut properties = CommitProperties::default()
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false));
        if let Some(seq) = position {
            properties = properties.with_application_transaction(Transaction::new(FEED, seq));
        }
        let actions = (removes.into_iter().map(Action::Remove))
            .chain(adds.into_iter().map(Action::Add))
            .collect();
        let committed = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(
                Some(self.delta.snapshot()?),
                self.delta.log_store(),
                operation,
            )
            .await?;
        self.delta.state = Some(committed.snapshot());
        self.position = position.unwrap_or(self.position);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;
    use crate::rows::{ProductRow, table};

    mod older {
        use super::table;

        table! {
            /// Products as an older version kept them.
            pub struct OldProductRow in "products", keyed by id, sorted by ["id"];
            /// The product.
            id: i64,
            /// The stock-keeping unit.
            sku: String,
        }
    }

    #[tokio::test]
    async fn a_table_of_another_version_is_emptied_and_starts_over() {
        let folder = tempfile::TempDir::new().unwrap();
        let (mut old, _) = Table::open::<older::OldProductRow>(folder.path())
            .await
            .unwrap();
        let row = older::OldProductRow {
            id: 1,
            sku: "A".to_owned(),
        };
        let digest = row.digest();
        let batch = older::OldProductRow::batch(&[row]).unwrap();
        assert_eq!(
            older::OldProductRow::rows(&batch).unwrap()[0].digest(),
            digest
        );
        let adds = files::write::<older::OldProductRow>(&old, &[batch])
            .await
            .unwrap();
        let commit = Commit {
            adds,
            removes: Vec::new(),
            position: Some(12),
        };
        old.commit(commit).await.unwrap();
        assert_eq!((old.position, old.file_count()), (12, 1));

        let again = Table::open::<older::OldProductRow>(folder.path()).await;
        let (again, is_new) = again.unwrap();
        assert_eq!((again.position, again.file_count(), is_new), (12, 1, false));
        let (new, is_new) = Table::open::<ProductRow>(folder.path()).await.unwrap();
        assert_eq!((new.position, new.file_count(), is_new), (0, 0, true));
    }
}
