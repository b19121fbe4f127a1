//! The job that imports a file.
//!
//! A thread reads and parses ahead; here every chunk is compared and written in
//! one transaction together with the place to go on from, under the job's
//! fence. What was committed is what the import's row says, at any instant.

use std::sync::Arc;

use clientele_domain::{id::ImportId, mapping::Kind, money::Currency};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    catalog,
    chunk::{Chunk, Counts, Reject},
    customers_write,
    entity::{import, reject},
    finish,
    identify::People,
    options::{self, Reading, Stored},
    orders_write::{self, Target},
    places::Places,
    produce, store, units,
};
use crate::{
    db::{Tx, insert_all},
    error::Result,
    features::settings::{self, Settings, load_rates},
    jobs::{JobRun, Outcome},
};

/// What the job is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JobInput {
    /// Which import.
    pub import: ImportId,
}

/// Where to go on after a kill.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Resume {
    /// Units whose outcome is committed.
    pub units: u64,
    /// What the first pass learnt, for the rows people mend.
    pub facts: units::Facts,
}

/// Runs an import to its end, or to where somebody stops it.
///
/// # Errors
/// When the file cannot be read or the book fails.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let input: JobInput = run.input()?;
    let outcome = work(run, input.import).await;
    match &outcome {
        Err(error) if error.code() != "job_taken_over" => {
            store::set_state(&run.app, &run.ctx, input.import, "failed").await?
        }
        Ok(Outcome::Cancelled) => {
            store::set_state(&run.app, &run.ctx, input.import, "cancelled").await?
        }
        _ => {}
    }
    outcome
}

/// Everything a running import carries.
struct Work {
    run: JobRun,
    row: import::Model,
    target: Target,
    kind: Kind,
    rows_total: u64,
    facts: units::Facts,
}

async fn work(run: &JobRun, id: ImportId) -> Result<Outcome> {
    let row = store::find(run.app.db.read(), id).await?;
    let kind = Kind::parse(&row.kind)
        .ok_or_else(|| anyhow::anyhow!("unknown kind of import {}", row.kind))?;
    let stored: Stored = serde_json::from_str(&row.options)?;
    if row.state == "done" {
        return finish::close(run, &row, &stored).await;
    }
    store::set_state(&run.app, &run.ctx, id, "running").await?;
    let path = store::upload_path(&run.app, &stored)?;
    let resume: Resume = serde_json::from_str(&row.resume).unwrap_or_default();
    let settings = settings::load(run.app.db.read()).await?;
    let reading = read(kind, path, stored.clone(), settings.clone()).await?;
    reading.check()?;
    let settings = if row.dry_run {
        settings
    } else {
        settle_currency(run, &reading, settings).await?
    };
    let (facts, scattered) = scan(run, Arc::clone(&reading)).await?;
    let reporting =
        Currency::parse(&settings.reporting_currency).unwrap_or_else(|_| reading.currency());
    let places = Places::load(run.app.db.read(), &row.source).await?;
    let house = (
        options::parse_zone(&settings.time_zone)?,
        settings.day_cut_minutes,
    );
    let line_of = stored.lines.iter().copied().collect();
    let producer = produce::Producer {
        reading: Arc::clone(&reading),
        rows_total: facts.rows,
        facts: facts.clone(),
        source: row.source.clone(),
        house,
        rates: load_rates(run.app.db.read()).await?,
        reporting,
        places: places.clone(),
        skip: resume.units,
        line_of,
        line_column: stored.parent.and(reading.mends()).map(|(_, column)| column),
        book: (tokio::runtime::Handle::current(), run.app.db.read().clone()),
    };
    let rows_total = producer.rows_total;
    let target = Target {
        source: row.source.clone(),
        import_id: id.0,
        reporting,
    };
    let work = Work {
        run: run.clone(),
        row,
        target,
        kind,
        rows_total,
        facts,
    };
    let (sender, receiver) = mpsc::channel(2);
    let thread = tokio::task::spawn_blocking(move || producer.run(scattered, &sender));
    let outcome = if work.row.dry_run {
        work.rehearse(receiver, places).await?
    } else {
        work.write_all(receiver, places).await?
    };
    // Dropping the receiver ends the thread; its own error counts only if it ended by itself.
    let read = thread
        .await
        .map_err(|error| anyhow::anyhow!("reading the file failed: {error}"))?;
    match outcome {
        Some(stopped) => Ok(stopped),
        None => finish::finish(&work.run, id, &stored, &reading, read?).await,
    }
}

async fn read(
    kind: Kind,
    path: std::path::PathBuf,
    stored: Stored,
    settings: Settings,
) -> Result<Arc<Reading>> {
    let reading = tokio::task::spawn_blocking(move || {
        options::resolve(&path, kind, &stored.options, None, &settings)
    });
    Ok(Arc::new(reading.await.map_err(|error| {
        anyhow::anyhow!("reading the file failed: {error}")
    })??))
}

/// The first orders of a book decide its reporting currency, if nobody has.
async fn settle_currency(run: &JobRun, reading: &Reading, settings: Settings) -> Result<Settings> {
    if !settings.reporting_currency.is_empty() || reading.kind != Kind::Orders {
        return Ok(settings);
    }
    let code = reading.currency().code().to_owned();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let code = code.clone();
            Box::pin(async move {
                let (mut settings, version) = settings::load_versioned(tx.conn()).await?;
                if settings.reporting_currency.is_empty() {
                    settings.reporting_currency = code;
                    settings::save(tx, settings.clone(), version).await?;
                }
                Ok(settings)
            })
        })
        .await
}

/// The first pass, in a thread, with its progress told from here.
async fn scan(run: &JobRun, reading: Arc<Reading>) -> Result<(units::Facts, units::Scattered)> {
    use std::sync::atomic::{AtomicU64, Ordering};
    let seen = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    let told = Arc::clone(&seen);
    let mut thread = tokio::task::spawn_blocking(move || {
        units::scan(&reading, &mut |done, total| {
            told.0.store(done, Ordering::Relaxed);
            told.1.store(total, Ordering::Relaxed);
        })
    });
    loop {
        let pause = tokio::time::sleep(std::time::Duration::from_millis(500));
        tokio::select! {
            found = &mut thread => {
                return found.map_err(|error| anyhow::anyhow!("reading the file failed: {error}"))?;
            }
            () = pause => {
                let (done, total) = (seen.0.load(Ordering::Relaxed), seen.1.load(Ordering::Relaxed));
                run.progress("reading", done.cast_signed(), total.cast_signed()).await?;
            }
        }
    }
}

type Receiver = mpsc::Receiver<Arc<Chunk>>;

impl Work {
    /// Writes chunk after chunk; the outcome if somebody stops it.
    async fn write_all(&self, mut chunks: Receiver, mut places: Places) -> Result<Option<Outcome>> {
        while let Some(chunk) = chunks.recv().await {
            if let Some(stopped) = self.run.stop_here().await? {
                return Ok(Some(stopped));
            }
            let shared = Arc::new(places);
            let (run, target, kind, total) = (
                self.run.clone(),
                self.target.clone(),
                self.kind,
                self.rows_total,
            );
            let resume = Resume {
                units: chunk.units_until,
                facts: self.facts.clone(),
            };
            let before = Arc::clone(&shared);
            places = self
                .run
                .app
                .db
                .write(&self.run.ctx, move |tx| {
                    let (run, target, chunk) = (run.clone(), target.clone(), Arc::clone(&chunk));
                    let resume = resume.clone();
                    let mut places = Places::clone(&before);
                    Box::pin(async move {
                        let counts = write_chunk(tx, &chunk, kind, &target, &mut places).await?;
                        let done =
                            commit_progress(tx, &chunk, &counts, &resume, target.import_id, total)
                                .await?;
                        run.advance(tx, "importing", done, total.cast_signed())
                            .await?;
                        Ok(places)
                    })
                })
                .await?;
            drop(shared);
            self.run.announce();
        }
        Ok(None)
    }

    /// Does everything but write; what it would have written it remembers.
    async fn rehearse(&self, mut chunks: Receiver, mut places: Places) -> Result<Option<Outcome>> {
        let (mut people, mut counts) = (People::default(), Counts::default());
        let connection = self.run.app.db.read();
        self.forget_progress().await?;
        while let Some(chunk) = chunks.recv().await {
            if let Some(stopped) = self.run.stop_here().await? {
                return Ok(Some(stopped));
            }
            let (joins, reviews, records) = (
                people.joins.len(),
                people.reviews.len(),
                people.records.len(),
            );
            let mut found = chunk.counts();
            let context = catalog::Context {
                source: &self.target.source,
                import_id: self.target.import_id,
                now: self.run.ctx.now_micros(),
                next_id: &|| self.run.ctx.next_id(),
            };
            match self.kind {
                Kind::Orders => {
                    orders_write::plan(
                        connection,
                        &self.run.ctx,
                        &chunk,
                        &self.target,
                        &mut people,
                        &mut places,
                        &mut found,
                    )
                    .await?;
                    found.customers_new += (people.records.len() - records) as u64;
                }
                Kind::Customers => {
                    customers_write::plan(
                        connection,
                        &self.run.ctx,
                        &chunk,
                        &mut people,
                        &mut places,
                        &mut found,
                    )
                    .await?;
                }
                Kind::Products => {
                    drop(catalog::plan_products(connection, &chunk, &context, &mut found).await?)
                }
                Kind::Stores => {
                    drop(catalog::plan_stores(connection, &chunk, &context, &mut found).await?)
                }
            }
            found.joined += (people.joins.len() - joins) as u64;
            found.review_pairs += (people.reviews.len() - reviews) as u64;
            counts.add(&found);
            self.tell(&chunk, &counts).await?;
        }
        Ok(None)
    }

    /// A rehearsal begins anew after a kill: it has written nothing but its report.
    async fn forget_progress(&self) -> Result<()> {
        let id = self.target.import_id;
        self.run
            .app
            .db
            .write(&self.run.ctx, move |tx| {
                Box::pin(async move { store::reset(tx, id).await })
            })
            .await
    }

    async fn tell(&self, chunk: &Arc<Chunk>, counts: &Counts) -> Result<()> {
        let (run, chunk, counts) = (self.run.clone(), Arc::clone(chunk), counts.clone());
        let (id, total) = (self.target.import_id, self.rows_total);
        self.run
            .app
            .db
            .write(&self.run.ctx, move |tx| {
                let (run, chunk, counts) = (run.clone(), Arc::clone(&chunk), counts.clone());
                Box::pin(async move {
                    keep_rejects(tx, id, &chunk.rejects).await?;
                    set_counts(tx, id, &counts, None, total).await?;
                    run.advance(
                        tx,
                        "rehearsing",
                        counts.rows().cast_signed(),
                        total.cast_signed(),
                    )
                    .await
                })
            })
            .await?;
        self.run.announce();
        Ok(())
    }
}

async fn write_chunk(
    tx: &Tx,
    chunk: &Chunk,
    kind: Kind,
    target: &Target,
    places: &mut Places,
) -> Result<Counts> {
    let mut counts = chunk.counts();
    let mut people = People::default();
    let next_id = || tx.ctx().next_id();
    let context = catalog::Context {
        source: &target.source,
        import_id: target.import_id,
        now: tx.ctx().now_micros(),
        next_id: &next_id,
    };
    match kind {
        Kind::Orders => {
            let plan = orders_write::plan(
                tx.conn(),
                tx.ctx(),
                chunk,
                target,
                &mut people,
                places,
                &mut counts,
            )
            .await?;
            orders_write::write(tx, plan, target, &people, places, &mut counts).await?;
        }
        Kind::Customers => {
            let plan =
                customers_write::plan(tx.conn(), tx.ctx(), chunk, &mut people, places, &mut counts)
                    .await?;
            customers_write::write(
                tx,
                plan,
                &target.source,
                target.import_id,
                &people,
                places,
                &mut counts,
            )
            .await?;
        }
        Kind::Products => {
            let plan = catalog::plan_products(tx.conn(), chunk, &context, &mut counts).await?;
            catalog::write_products(tx, plan, target.import_id).await?;
        }
        Kind::Stores => {
            let plan = catalog::plan_stores(tx.conn(), chunk, &context, &mut counts).await?;
            catalog::write_stores(tx, plan, target.import_id).await?;
        }
    }
    Ok(counts)
}

/// Writes the outcome of a chunk beside its effects; answers the rows done.
async fn commit_progress(
    tx: &Tx,
    chunk: &Chunk,
    counts: &Counts,
    resume: &Resume,
    id: i64,
    total: u64,
) -> Result<i64> {
    keep_rejects(tx, id, &chunk.rejects).await?;
    let row = store::find(tx.conn(), ImportId(id)).await?;
    let mut all: Counts = serde_json::from_str(&row.summary).unwrap_or_default();
    all.add(counts);
    set_counts(tx, id, &all, Some(resume), total).await?;
    Ok(all.rows().cast_signed())
}

async fn set_counts(
    tx: &Tx,
    id: i64,
    counts: &Counts,
    resume: Option<&Resume>,
    total: u64,
) -> Result<()> {
    let mut change = import::ActiveModel {
        rows_total: Set(total.cast_signed()),
        rows_done: Set(counts.rows().cast_signed()),
        rows_new: Set(counts.rows_new.cast_signed()),
        rows_updated: Set(counts.rows_updated.cast_signed()),
        rows_unchanged: Set(counts.rows_unchanged.cast_signed()),
        rows_rejected: Set(counts.rows_rejected.cast_signed()),
        summary: Set(serde_json::to_string(counts)?),
        ..Default::default()
    };
    if let Some(resume) = resume {
        change.resume = Set(serde_json::to_string(resume)?);
    }
    import::Entity::update_many()
        .set(change)
        .filter(import::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn keep_rejects(tx: &Tx, id: i64, rejects: &[Reject]) -> Result<()> {
    let rows = rejects.iter().map(|one| reject::ActiveModel {
        import_id: Set(id),
        line: Set(one.line.cast_signed()),
        field: Set(one.problem.field.to_owned()),
        code: Set(one.problem.code.to_owned()),
        params: Set(json!(one.problem.params).to_string()),
        cells: Set(json!(one.cells).to_string()),
        resolved: Set(false),
    });
    insert_all::<reject::Entity, _>(tx.conn(), rows).await
}
