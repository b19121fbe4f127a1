//! What all tables have in common, and the macro that describes one.

use deltalake::arrow::datatypes::SchemaRef;
use deltalake::arrow::record_batch::RecordBatch;

use crate::Result;

/// A row of one of the tables.
pub(crate) trait Row: Sized + Send + 'static {
    /// The table's name and folder.
    const TABLE: &'static str;
    /// The column by which rows are replaced and deleted.
    const KEY: &'static str;
    /// The columns by which rows are sorted inside a file.
    const SORT: &'static [&'static str];

    fn key(&self) -> i64;
    fn schema() -> SchemaRef;
    fn batch(rows: &[Self]) -> Result<RecordBatch>;
    fn rows(batch: &RecordBatch) -> Result<Vec<Self>>;
    fn row_digest(&self) -> u64;
}

/// Describes a table: the struct of its rows and everything that follows from
/// the list of its columns.
macro_rules! table {
    (
        $(#[$about:meta])*
        pub struct $row:ident in $table:literal, keyed by $key:ident, sorted by $sort:expr;
        $( $(#[$doc:meta])* $column:ident: $type:ty, )+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $row {
            $( $(#[$doc])* pub $column: $type, )+
        }

        impl $row {
            /// The digest of this row, for a [`Fingerprint`](crate::rows::Fingerprint).
            pub fn digest(&self) -> u64 {
                $crate::rows::Row::row_digest(self)
            }
        }

        impl $crate::rows::Row for $row {
            const TABLE: &'static str = $table;
            const KEY: &'static str = stringify!($key);
            const SORT: &'static [&'static str] = &$sort;

            fn key(&self) -> i64 {
                self.$key
            }

            fn schema() -> deltalake::arrow::datatypes::SchemaRef {
                use $crate::rows::column::Column;
                std::sync::Arc::new(deltalake::arrow::datatypes::Schema::new(vec![$(
                    deltalake::arrow::datatypes::Field::new(
                        stringify!($column),
                        <$type>::data_type(),
                        <$type as Column>::NULLABLE,
                    ),
                )+]))
            }

            fn batch(rows: &[Self]) -> $crate::Result<deltalake::arrow::record_batch::RecordBatch> {
                use $crate::rows::column::Column;
                let columns = vec![$( <$type>::array(rows.iter().map(|row| &row.$column)), )+];
                Ok(deltalake::arrow::record_batch::RecordBatch::try_new(Self::schema(), columns)?)
            }

            fn rows(
                batch: &deltalake::arrow::record_batch::RecordBatch,
            ) -> $crate::Result<Vec<Self>> {
                use $crate::rows::column::Column;
                $( let $column = batch.column(batch.schema().index_of(stringify!($column))?); )+
                (0..batch.num_rows())
                    .map(|row| Ok(Self { $( $column: <$type>::value($column, row)?, )+ }))
                    .collect()
            }

            fn row_digest(&self) -> u64 {
                use $crate::rows::column::Column;
                let mut digest = $crate::rows::Digest::default();
                $( self.$column.digest(&mut digest); )+
                digest.finish()
            }
        }
    };
}

pub(crate) use table;
