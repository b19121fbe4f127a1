//! Running a job from the command line: here when nobody else works on the data
//! folder, else by the running server, watched from here.

use std::time::Duration;

use clientele_domain::id::JobId;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::Value;

use super::Global;
use crate::{
    app::App,
    entities::job,
    error::{Error, Problem, Result},
    features::warehouse,
    jobs::{self, JobKind},
};

/// Enqueues a job and follows it to its end; answers its output.
///
/// # Errors
/// The job's own error, or `job_cancelled`.
pub async fn submit(
    app: &App,
    global: &Global,
    kind: JobKind,
    input: impl Serialize,
) -> Result<Value> {
    let input = serde_json::to_value(input)?;
    let id = app
        .db
        .write(&app.system_ctx(), move |tx| {
            let input = input.clone();
            Box::pin(async move { jobs::enqueue(tx, kind, &input).await })
        })
        .await?;
    follow(app, global, id).await
}

/// Follows a job to its end with a progress bar on a terminal.
///
/// # Errors
/// The job's own error, or `job_cancelled`.
pub async fn follow(app: &App, global: &Global, id: JobId) -> Result<Value> {
    let bar = progress_bar(global);
    if app.is_worker() {
        jobs::recover(app).await?;
        tokio::select! {
            outcome = jobs::drain(app) => outcome?,
            () = draw(app, id, &bar) => {}
        }
        // What the jobs wrote is in the copy too before anybody looks.
        warehouse::sync_now(app).await?;
    } else {
        draw(app, id, &bar).await;
    }
    bar.finish_and_clear();
    ended(&jobs::find(app.db.read(), id).await?)
}

/// Draws until the job has ended.
async fn draw(app: &App, id: JobId, bar: &ProgressBar) {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    loop {
        tick.tick().await;
        let Ok(row) = jobs::find(app.db.read(), id).await else {
            continue;
        };
        bar.set_length(row.total as u64);
        bar.set_position(row.done as u64);
        bar.set_message(row.phase.clone());
        // The worker itself ends `follow` in this process; only a watcher ends here.
        if !app.is_worker() && !matches!(row.state.as_str(), "queued" | "running") {
            return;
        }
    }
}

fn progress_bar(global: &Global) -> ProgressBar {
    let target = match global.json {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    };
    let style = ProgressStyle::with_template("{msg:18} {bar:32} {pos}/{len} {per_sec} {eta} left")
        .expect("the template is well formed");
    ProgressBar::with_draw_target(None, target).with_style(style)
}

fn ended(row: &job::Model) -> Result<Value> {
    match row.state.as_str() {
        "done" => Ok(serde_json::from_str(&row.output)?),
        "failed" => {
            let problem: Problem = serde_json::from_str(&row.error)?;
            Err(Error::Problem(Box::new(problem)))
        }
        _ => Err(Error::conflict(
            "job_cancelled",
            "The job was stopped before its end.",
        )),
    }
}
