//! The one place that makes a `SessionContext`.
//!
//! Everything asked of the engine is plain SQL over the five tables, so that another
//! one over the same tables (a distributed one, say) is a change of this function.

use std::sync::Arc;

use deltalake::datafusion::execution::memory_pool::FairSpillPool;
use deltalake::datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use deltalake::datafusion::prelude::{SessionConfig, SessionContext};

use crate::tables::Tables;
use crate::{Options, Result};

/// What sessions share: the memory of all running questions.
pub(crate) fn runtime(options: &Options) -> Result<Arc<RuntimeEnv>> {
    let pool = Arc::new(FairSpillPool::new(options.memory_limit_bytes));
    Ok(RuntimeEnvBuilder::new()
        .with_memory_pool(pool)
        .build_arc()?)
}

/// A session over the tables as of one moment.
pub(crate) async fn session(
    tables: &Tables,
    runtime: Arc<RuntimeEnv>,
    threads: usize,
) -> Result<SessionContext> {
    let config = SessionConfig::new().with_target_partitions(threads);
    let session = SessionContext::new_with_config_rt(config, runtime);
    let state = Arc::new(session.state());
    for (name, table) in [
        ("customers", &tables.customers),
        ("stores", &tables.stores),
        ("products", &tables.products),
        ("order_lines", &tables.order_lines),
        ("orders", &tables.orders),
    ] {
        table.delta.update_datafusion_session(state.as_ref())?;
        let provider = table
            .delta
            .table_provider()
            .with_session(Arc::clone(&state))
            .await?;
        session.register_table(name, provider)?;
    }
    Ok(session)
}
