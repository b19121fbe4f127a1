//! Trying a restore: a backup counts as proven when it was brought back whole in a folder
//! of its own and everything in it is as it must be.

use std::time::Duration;

use clientele_domain::id::BackupId;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    book::Scratch,
    entity::backup,
    find,
    gently::gently,
    keeping,
    make::Cleared,
    restore::{Findings, restore},
};
use crate::{
    app::{App, Config},
    db::{BookUrl, Tx, What},
    error::{Error, Problem, Result},
    jobs::{JobRun, Outcome},
};

/// How long a proof is fresh enough.
pub(super) const FRESH: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a job is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DrillInput {
    /// The backup to try.
    pub id: BackupId,
}

/// What the last try of a backup found.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Proof {
    /// Whether everything was as it must be.
    pub ok: bool,
    /// How long it took until the restored program could have answered.
    pub seconds: f64,
    /// How many rows were brought back.
    pub rows: i64,
    /// What was not as it must be: names of the things looked at.
    pub differences: Vec<String>,
    /// Why it could not be brought back at all.
    pub problem: Option<Problem>,
}

/// Runs the job `backup_drill`. That a backup cannot be restored is a result, not a
/// failure of the job.
///
/// # Errors
/// `backups_not_kept`, `not_found`, or when the book fails.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let app = &run.app;
    let DrillInput { id } = run.input()?;
    run.progress("restoring", 0, 0).await?;
    let row = find(app, id).await?;
    let begun = app.env.now().as_microsecond();
    let tried = attempt(app, &row).await;
    let seconds = (app.env.now().as_microsecond() - begun) as f64 / 1e6;
    let proof = match tried {
        Ok(findings) => Proof {
            ok: findings.ok,
            seconds,
            rows: findings.rows,
            differences: findings.differences(),
            problem: None,
        },
        Err(error) => {
            tracing::warn!(%error, file = row.file, "a backup cannot be restored");
            Proof {
                ok: false,
                seconds,
                rows: 0,
                differences: Vec::new(),
                problem: Some(error.to_problem()),
            }
        }
    };
    let output = serde_json::to_value(&proof)?;
    note(run, id, proof).await?;
    Ok(Outcome::Done(output))
}

/// Whether it is time to try one again.
pub(super) async fn is_due(tx: &Tx) -> Result<bool> {
    let since = tx.ctx().now_micros() - i64::try_from(FRESH.as_micros()).unwrap_or(i64::MAX);
    let proven = backup::Entity::find()
        .filter(backup::Column::ProvenAt.between(since, tx.ctx().now_micros()))
        .count(tx.conn())
        .await?;
    Ok(proven == 0)
}

async fn attempt(app: &App, row: &backup::Model) -> Result<Findings> {
    let keeping = keeping(app)?.clone();
    let file = keeping.path(&row.file);
    if !file.exists() {
        let detail = "The file of this backup is not in the folder any more.";
        return Err(Error::conflict("backup_gone", detail));
    }
    let folder = app.config.data.join("drill");
    let scratch = match &app.config.book {
        BookUrl::Sqlite(_) => None,
        BookUrl::Postgres(url) => Some(Scratch::make(url, &scratch_name(app)).await?),
    };
    let mut config = Config::new(&folder, None);
    config.warehouse_options = app.config.warehouse_options;
    if let Some(scratch) = &scratch {
        config.book = scratch.book()?;
    }
    let env = app.env.clone();
    let outcome = gently(move || async move {
        let _cleared = Cleared::new(&folder)?;
        let restored = restore(&file, &keeping, config, env).await?;
        restored.app.db.clone().close().await;
        Ok(restored.findings)
    })
    .await;
    if let Some(scratch) = scratch {
        scratch.remove().await?;
    }
    outcome
}

/// A name that no other program on the server uses.
fn scratch_name(app: &App) -> String {
    format!("clientele_drill_{}", app.env.secret(4))
}

async fn note(run: &JobRun, id: BackupId, proof: Proof) -> Result<()> {
    let this = run.clone();
    let proof = std::sync::Arc::new(proof);
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let (run, proof) = (this.clone(), proof.clone());
            Box::pin(async move {
                run.advance(tx, "restoring", proof.rows, proof.rows).await?;
                let now = tx.ctx().now_micros();
                let mut change = backup::ActiveModel {
                    tried_at: Set(Some(now)),
                    proof: Set(serde_json::to_string(&*proof)?),
                    ..Default::default()
                };
                if proof.ok {
                    change.proven_at = Set(Some(now));
                }
                backup::Entity::update_many()
                    .set(change)
                    .filter(backup::Column::Id.eq(id.0))
                    .exec(tx.conn())
                    .await?;
                tx.changed("backup", id.0, What::Updated);
                tx.audit("drill", "backup", id.0, json!({ "ok": proof.ok }));
                Ok(())
            })
        })
        .await
}
