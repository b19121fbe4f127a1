//! Work that nobody waits for, beside work that somebody waits for.

use std::thread;

use anyhow::Context;
use tokio::{runtime::Builder, sync::oneshot};

use crate::error::Result;

/// Runs work on a thread of its own that yields the processor to every other; what it
/// starts does so too.
///
/// # Errors
/// What the work answers.
pub async fn gently<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>>,
{
    let (done, outcome) = oneshot::channel();
    thread::Builder::new()
        .name("gently".to_owned())
        .spawn(move || {
            yield_to_others();
            let runtime = Builder::new_current_thread().enable_all().build();
            let answer = match runtime {
                Ok(runtime) => runtime.block_on(work()),
                Err(error) => Err(error.into()),
            };
            // Who asked may have gone.
            let _ = done.send(answer);
        })?;
    outcome.await.context("the work ended before its answer")?
}

/// On Linux every thread has a priority of its own, which those it starts inherit.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        tracing::debug!(%error, "a backup runs at the usual priority");
    }
}
