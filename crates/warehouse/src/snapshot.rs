//! What a question sees: the warehouse as of one moment.

use std::path::PathBuf;
use std::sync::Arc;

use deltalake::datafusion::execution::runtime_env::RuntimeEnv;
use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::projection::{Detail, Orders};
use crate::tables::Tables;
use crate::{Options, Result, session};

/// The tables as of the last finished work.
pub(crate) struct Snapshot {
    pub(crate) tables: Arc<Tables>,
    pub(crate) options: Options,
    /// The memory of all running questions.
    pub(crate) runtime: Arc<RuntimeEnv>,
    /// Where the projections are.
    pub(crate) projections: PathBuf,
}

impl Snapshot {
    /// For questions in SQL.
    pub(crate) async fn session(&self) -> Result<SessionContext> {
        let runtime = Arc::clone(&self.runtime);
        session::session(&self.tables, runtime, self.options.threads).await
    }

    /// For questions that walk through the orders up to a date.
    pub(crate) async fn orders(&self, as_of: Date, detail: Detail) -> Result<Arc<Orders>> {
        let orders = Orders::open(&self.projections, &self.tables, as_of, detail).await?;
        Ok(Arc::new(orders))
    }

    /// Bytes that one of the threads may use.
    pub(crate) fn memory_of_a_thread(&self) -> usize {
        self.options.memory_limit_bytes / self.options.threads.max(1)
    }
}
