//! The door of the warehouse.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use deltalake::datafusion::execution::runtime_env::RuntimeEnv;
use jiff::civil::Date;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;
use tokio::task::JoinError;

use crate::metrics::{Metrics, MetricsQuery};
use crate::rebuild::{FreshTables, Piece};
use crate::reports::{
    Cohorts, Home, Month, MonthlyQuery, Place, StoreFigures, StoreMonth, StorePeriod, Totals,
};
use crate::rows::{CustomerRow, Fingerprint, LineRow, OrderRow, ProductRow, Row, StoreRow};
use crate::snapshot::Snapshot;
use crate::sync::{Synced, TableBatch};
use crate::tables::Tables;
use crate::{Error, Result, files, metrics, projection, reports, session, sync, table, tidy};

/// How much of the machine the warehouse may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Memory for the groups of all running questions together, which else spill to
    /// disk, and for the orders that are looked at together. The process needs about
    /// twice as much.
    pub memory_limit_bytes: usize,
    /// Threads for all warehouse work.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        Self {
            memory_limit_bytes: 1 << 30,
            threads,
        }
    }
}

/// The name of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Customer records.
    Customers,
    /// Stores.
    Stores,
    /// Products.
    Products,
    /// Order lines.
    OrderLines,
    /// Orders.
    Orders,
}

impl Table {
    /// Every table, in the order in which a sync commits them.
    pub const ALL: [Table; 5] = [
        Table::Customers,
        Table::Stores,
        Table::Products,
        Table::OrderLines,
        Table::Orders,
    ];

    /// The name, which is also that of the folder.
    pub fn name(self) -> &'static str {
        match self {
            Table::Customers => CustomerRow::TABLE,
            Table::Stores => StoreRow::TABLE,
            Table::Products => ProductRow::TABLE,
            Table::OrderLines => LineRow::TABLE,
            Table::Orders => OrderRow::TABLE,
        }
    }
}

/// How far each table has followed the feed.
///
/// A table that few changes touch lags without missing anything; a table ahead
/// of `warehouse` tells of a sync that was cut short and will be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Positions {
    /// The last change the whole warehouse has seen.
    pub warehouse: i64,
    /// The last change that touched each table.
    pub tables: Vec<(Table, i64)>,
}

/// The warehouse in one folder; cheap to share, safe to drop anywhere.
pub struct Warehouse {
    inner: Arc<Inner>,
    /// Taken out when dropped.
    engine: Option<Runtime>,
}

struct Inner {
    folder: PathBuf,
    options: Options,
    memory: Arc<RuntimeEnv>,
    /// The tables as the single writer has them.
    writer: Mutex<Tables>,
    /// The tables as questions see them: as of the last finished work.
    current: RwLock<Arc<Tables>>,
}

impl Inner {
    fn current(&self) -> Arc<Tables> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn publish(&self, tables: &Tables) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(tables.clone());
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            tables: self.current(),
            options: self.options,
            runtime: Arc::clone(&self.memory),
            projections: projection::folder(&self.folder),
        }
    }

    /// Lets questions see the tables, and makes what they need.
    async fn finish(&self, tables: &Tables) -> Result<()> {
        projection::follow(&projection::folder(&self.folder), tables).await?;
        self.publish(tables);
        Ok(())
    }
}

impl Warehouse {
    /// Opens the warehouse in a folder, made new when missing.
    ///
    /// A warehouse at position 0 is empty: rebuild it, or sync from the start.
    /// One below 0 must be rebuilt: its tables do not belong together.
    pub async fn open(folder: &Path, options: Options) -> Result<Self> {
        let engine = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_name("warehouse")
            .enable_all()
            .build()?;
        let memory = session::runtime(&options)?;
        let owned = folder.to_owned();
        let tables = run(&engine, async move { Tables::open(&owned).await }).await;
        let tables = match tables {
            Ok(tables) => tables,
            Err(error) => {
                engine.shutdown_background();
                return Err(error);
            }
        };
        let inner = Inner {
            folder: folder.to_owned(),
            options,
            memory,
            current: RwLock::new(Arc::new(tables.clone())),
            writer: Mutex::new(tables),
        };
        Ok(Self {
            inner: Arc::new(inner),
            engine: Some(engine),
        })
    }

    /// The folder that holds the tables.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The last change of the feed that the whole warehouse has seen; below 0
    /// when the tables do not belong together and must be rebuilt.
    pub fn position(&self) -> i64 {
        self.inner.current().position()
    }

    /// How far each table has followed the feed.
    pub fn positions(&self) -> Positions {
        let tables = self.inner.current();
        let positions = tables.all().map(|table| table.position);
        Positions {
            warehouse: tables.position(),
            tables: Table::ALL.into_iter().zip(positions).collect(),
        }
    }

    /// Live data files of all tables.
    pub fn live_files(&self) -> usize {
        self.inner
            .current()
            .all()
            .map(table::Table::file_count)
            .iter()
            .sum()
    }

    /// Applies a stretch of the change feed.
    ///
    /// A stretch already seen changes nothing; one that starts after the
    /// warehouse's position is refused. After an error the same stretch, or a
    /// longer one, can be sent again.
    pub async fn sync(&self, batch: TableBatch) -> Result<Synced> {
        let inner = Arc::clone(&self.inner);
        self.run(async move {
            let mut tables = inner.writer.lock().await;
            let synced = sync::sync(&mut tables, batch).await?;
            tidy::compact(&mut tables).await?;
            tidy::vacuum_sometimes(&mut tables).await?;
            inner.finish(&tables).await?;
            Ok(synced)
        })
        .await
    }

    /// Deletes files that no reader needs any more and returns how many.
    ///
    /// Syncs do this by themselves now and then. Files removed less than half
    /// an hour ago stay for those still reading.
    pub async fn tidy(&self) -> Result<usize> {
        let inner = Arc::clone(&self.inner);
        self.run(async move {
            let mut tables = inner.writer.lock().await;
            tables.refresh().await?;
            let deleted = tidy::vacuum(&mut tables).await?;
            inner.publish(&tables);
            Ok(deleted)
        })
        .await
    }

    /// Starts over from the book as it stands at `position` of the feed.
    pub fn rebuild(&self, position: i64) -> Rebuild<'_> {
        Rebuild {
            warehouse: self,
            fresh: FreshTables::default(),
            position,
        }
    }

    /// Number and digest of a table's rows, to compare with the book's.
    pub async fn fingerprint(&self, table: Table) -> Result<Fingerprint> {
        let inner = Arc::clone(&self.inner);
        self.run(async move {
            let tables = inner.current();
            match table {
                Table::Customers => fingerprint::<CustomerRow>(&tables.customers).await,
                Table::Stores => fingerprint::<StoreRow>(&tables.stores).await,
                Table::Products => fingerprint::<ProductRow>(&tables.products).await,
                Table::OrderLines => fingerprint::<LineRow>(&tables.order_lines).await,
                Table::Orders => fingerprint::<OrderRow>(&tables.orders).await,
            }
        })
        .await
    }

    /// How many of the projections are not what follows from the orders.
    pub async fn wrong_projections(&self) -> Result<usize> {
        self.ask(|snapshot| async move {
            projection::wrong(&snapshot.projections, &snapshot.tables).await
        })
        .await
    }

    /// The figures of every customer as of a date.
    pub async fn metrics(&self, query: MetricsQuery) -> Result<Metrics> {
        self.ask(|snapshot| async move { metrics::metrics(&snapshot, query).await })
            .await
    }

    /// Sales by month.
    pub async fn monthly(&self, query: MonthlyQuery) -> Result<Vec<Month>> {
        self.ask(|snapshot| async move { reports::monthly::monthly(&snapshot, query).await })
            .await
    }

    /// The figures of the home screen for a place; `as_of` is the last date that counts.
    pub async fn home(&self, as_of: Date, place: Place) -> Result<Home> {
        self.ask(|snapshot| async move { reports::home::home(&snapshot, as_of, &place).await })
            .await
    }

    /// The cohort matrix; `as_of` is the last date that counts.
    pub async fn cohorts(&self, as_of: Date) -> Result<Cohorts> {
        self.ask(|snapshot| async move { reports::cohorts::cohorts(&snapshot, as_of).await })
            .await
    }

    /// Sales by store over a period.
    pub async fn stores(&self, period: StorePeriod) -> Result<Vec<StoreFigures>> {
        self.ask(|snapshot| async move { reports::stores::stores(&snapshot, period).await })
            .await
    }

    /// Sales by store and month; `as_of` is the last date that counts.
    pub async fn store_months(&self, as_of: Date) -> Result<Vec<StoreMonth>> {
        self.ask(|snapshot| async move { reports::stores::store_months(&snapshot, as_of).await })
            .await
    }

    /// Counts and exact net sales by currency.
    pub async fn totals(&self) -> Result<Totals> {
        self.ask(
            |snapshot| async move { reports::totals::totals(&snapshot.session().await?).await },
        )
        .await
    }

    async fn ask<T, F>(&self, question: impl FnOnce(Snapshot) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.run(question(self.inner.snapshot())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let engine = self
            .engine
            .as_ref()
            .expect("the engine is only taken when dropped");
        run(engine, work).await
    }
}

impl Drop for Warehouse {
    fn drop(&mut self) {
        // A runtime must not be dropped where code may not block.
        if let Some(engine) = self.engine.take() {
            engine.shutdown_background();
        }
    }
}

async fn run<T: Send + 'static>(
    engine: &Runtime,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    joined(engine.spawn(work).await)?
}

/// What a task made, or its panic.
pub(crate) fn joined<T>(outcome: std::result::Result<T, JoinError>) -> Result<T> {
    outcome.map_err(|failure| match failure.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Error::Stopped,
    })
}

/// Reads the files themselves, so that what other Delta readers see is proved.
async fn fingerprint<R: Row>(table: &table::Table) -> Result<Fingerprint> {
    let mut fingerprint = Fingerprint::default();
    for file in files::list::<R>(table)? {
        for batch in files::read(table, &file, None).await? {
            for row in R::rows(&batch)? {
                fingerprint.add(row.row_digest());
            }
        }
    }
    Ok(fingerprint)
}

/// A rebuild under way; nothing changes until it is finished.
pub struct Rebuild<'a> {
    warehouse: &'a Warehouse,
    fresh: FreshTables,
    position: i64,
}

impl Rebuild<'_> {
    /// Takes a piece of the book, rows best in the order of their ids.
    pub async fn push(&mut self, piece: Piece) -> Result<()> {
        let inner = Arc::clone(&self.warehouse.inner);
        let mut fresh = std::mem::take(&mut self.fresh);
        self.fresh = self
            .warehouse
            .run(async move {
                fresh.push(&inner.current(), piece).await?;
                Ok(fresh)
            })
            .await?;
        Ok(())
    }

    /// Puts the new contents in place of the old, table by table.
    pub async fn finish(self) -> Result<()> {
        let Self {
            warehouse,
            fresh,
            position,
        } = self;
        let inner = Arc::clone(&warehouse.inner);
        warehouse
            .run(async move {
                let mut tables = inner.writer.lock().await;
                fresh.publish(&mut tables, position).await?;
                inner.finish(&tables).await
            })
            .await
    }
}
