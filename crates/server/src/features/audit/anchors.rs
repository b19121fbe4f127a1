//! Anchors of the audit log: its last hash, written down once a day outside the book, so
//! that whoever can rewrite the whole book still leaves a trace.

use std::{fs, io::Write, path::PathBuf, time::Duration};

use anyhow::Context;

use crate::{
    app::App,
    db::chain::{self, Anchor},
    error::Result,
};

/// How often it is asked whether a new day has begun.
const PAUSE: Duration = Duration::from_secs(3600);

/// Where the program keeps anchors.
fn file(app: &App) -> PathBuf {
    app.config.data.join("audit-anchors.jsonl")
}

/// The anchors in a file of lines, the program's own unless another is named; none when
/// there is no such file of its own yet.
///
/// # Errors
/// When a named file cannot be read, or a line is no anchor.
pub fn read(app: &App, named: Option<PathBuf>) -> Result<Vec<Anchor>> {
    let own = file(app);
    let path = match named {
        None if !own.exists() => return Ok(Vec::new()),
        None => own,
        Some(path) => path,
    };
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let anchor = |line: &str| {
        serde_json::from_str(line)
            .with_context(|| format!("{} holds a line that is no anchor", path.display()))
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(anchor).collect::<Result<_, _>>()?)
}

/// Writes down the head of the log, unless that was done today already.
///
/// # Errors
/// When the book or the disk fails.
pub async fn anchor(app: &App) -> Result<()> {
    let now = app.env.now().to_string();
    let day = |at: &str| at.get(..10).map(str::to_owned);
    if read(app, None)?.last().and_then(|last| day(&last.at)) == day(&now) {
        return Ok(());
    }
    let (seq, hash) = chain::last(app.db.read()).await?;
    if seq == 0 {
        return Ok(());
    }
    let anchor = Anchor { at: now, seq, hash };
    let path = file(app);
    let writing = || format!("writing {}", path.display());
    let mut options = fs::File::options();
    let mut out = options
        .create(true)
        .append(true)
        .open(&path)
        .with_context(writing)?;
    let line = format!("{}\n", serde_json::to_string(&anchor)?);
    out.write_all(line.as_bytes()).with_context(writing)?;
    out.sync_all().with_context(writing)?;
    // Logs are often kept elsewhere.
    tracing::info!(
        seq = anchor.seq,
        hash = anchor.hash,
        "the audit log is anchored"
    );
    Ok(())
}

/// Anchors the log every day until the program ends.
pub async fn keep_anchoring(app: App) {
    loop {
        if let Err(error) = anchor(&app).await {
            tracing::warn!(%error, "the audit log could not be anchored");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
