//! Job rows.

use clientele_domain::id::{JobId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Serialize;

use super::{JobKind, runner::LEASE_MICROS};
use crate::{
    app::App,
    ctx::{Actor, Ctx},
    db::{Db, Tx, What},
    entities::job,
    error::{Error, Result},
};

/// Enqueues work in the transaction that causes it.
///
/// # Errors
/// When the book fails.
pub async fn enqueue(tx: &Tx, kind: JobKind, input: &impl Serialize) -> Result<JobId> {
    let id = tx.ctx().next_id();
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(kind.as_str().to_owned()),
        input: Set(serde_json::to_string(input)?),
        state: Set("queued".to_owned()),
        phase: Set(String::new()),
        done: Set(0),
        total: Set(0),
        lease_until: Set(0),
        fence: Set(0),
        attempt: Set(0),
        wanted: Set("run".to_owned()),
        output: Set("null".to_owned()),
        error: Set("null".to_owned()),
        created_by: Set(tx.ctx().actor_id()),
        created_at: Set(tx.ctx().now_micros()),
        started_at: Set(None),
        finished_at: Set(None),
    };
    job::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("job", id, What::Created);
    Ok(JobId(id))
}

/// Enqueues work unless the same waits already: what waits will see the data of
/// this transaction too.
///
/// # Errors
/// When the book fails.
pub async fn enqueue_unless_queued(
    tx: &Tx,
    kind: JobKind,
    input: &impl Serialize,
) -> Result<Option<JobId>> {
    let waiting = job::Entity::find()
        .filter(job::Column::Kind.eq(kind.as_str()))
        .filter(job::Column::State.eq("queued"))
        .count(tx.conn())
        .await?;
    match waiting {
        0 => Ok(Some(enqueue(tx, kind, input).await?)),
        _ => Ok(None),
    }
}

/// One job.
///
/// # Errors
/// `not_found`.
pub async fn find(connection: &impl ConnectionTrait, id: JobId) -> Result<job::Model> {
    job::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("job"))
}

/// Jobs, newest first.
pub(super) async fn list(
    db: &Db,
    state: Option<&str>,
    before: Option<i64>,
    limit: u64,
) -> Result<(Vec<job::Model>, u64)> {
    let mut query = job::Entity::find().order_by_desc(job::Column::Id);
    if let Some(state) = state {
        query = query.filter(job::Column::State.is_in(state.split(',')));
    }
    let count = query.clone().count(db.read()).await?;
    if let Some(before) = before {
        query = query.filter(job::Column::Id.lt(before));
    }
    Ok((query.limit(limit).all(db.read()).await?, count))
}

/// Asks a job to `run`, `pause` or `cancel`. Work that has not begun, or waits
/// paused, obeys at once; running work at its next clean point.
///
/// # Errors
/// `not_found`, or `job_not_possible` in the job's present state.
pub async fn request(tx: &Tx, id: JobId, wanted: &'static str) -> Result<()> {
    let row = job::Entity::find_by_id(id.0)
        .one(tx.conn())
        .await?
        .ok_or_else(|| Error::not_found("job"))?;
    let mut change = job::ActiveModel {
        wanted: Set(wanted.to_owned()),
        ..Default::default()
    };
    match (wanted, row.state.as_str()) {
        ("cancel", "queued" | "paused") => {
            change.state = Set("cancelled".to_owned());
            change.finished_at = Set(Some(tx.ctx().now_micros()));
        }
        ("pause", "queued") => change.state = Set("paused".to_owned()),
        ("run", "paused" | "failed" | "cancelled") => {
            change.state = Set("queued".to_owned());
            change.finished_at = Set(None);
        }
        ("cancel" | "pause", "running") => {}
        _ => {
            return Err(Error::conflict(
                "job_not_possible",
                format!("A job that is {} cannot do this.", row.state),
            ));
        }
    }
    job::Entity::update_many()
        .set(change)
        .filter(job::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.changed("job", id.0, What::Updated);
    tx.audit(wanted, "job", id.0, serde_json::json!({ "kind": row.kind }));
    Ok(())
}

/// The oldest job that waits, or runs under a lease that has ended: one that
/// lasts longer than any is given tells that the clock was ahead.
pub(super) async fn oldest_claimable(
    connection: &impl ConnectionTrait,
    now: i64,
) -> Result<Option<job::Model>> {
    let orphaned = Condition::all()
        .add(job::Column::State.eq("running"))
        .add(job::Column::LeaseUntil.not_between(now, now + 2 * LEASE_MICROS));
    Ok(job::Entity::find()
        .filter(
            Condition::any()
                .add(job::Column::State.eq("queued"))
                .add(orphaned),
        )
        .order_by_asc(job::Column::Id)
        .limit(1)
        .one(connection)
        .await?)
}

/// A job acts in the name of whoever started it; whether they might was asked then.
pub(super) fn ctx_of(app: &App, row: &job::Model) -> Ctx {
    let actor = match row.created_by {
        0 => Actor::System,
        id => Actor::User(UserId(id)),
    };
    Ctx {
        actor,
        ..app.system_ctx()
    }
}

/// What is known of an id's job kind.
pub(super) fn kind_of(word: &str) -> Result<JobKind> {
    JobKind::parse(word).ok_or_else(|| anyhow::anyhow!("unknown kind of job {word}").into())
}
