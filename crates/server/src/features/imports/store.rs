//! Rows of imports.

use std::path::PathBuf;

use clientele_domain::{
    id::{ImportId, UploadId},
    mapping::Kind,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::{
    entity::{import, reject, source_mapping, upload},
    options::{ImportOptions, Stored},
};
use crate::{
    app::App,
    ctx::Ctx,
    db::{Db, Tx, What},
    error::{Error, Result},
};

/// One import.
///
/// # Errors
/// `not_found`.
pub async fn find(connection: &impl ConnectionTrait, id: ImportId) -> Result<import::Model> {
    import::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("import"))
}

/// One uploaded file.
///
/// # Errors
/// `not_found`.
pub async fn find_upload(connection: &impl ConnectionTrait, id: UploadId) -> Result<upload::Model> {
    upload::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("upload"))
}

/// Imports, newest first, and how many there are.
///
/// # Errors
/// When the book fails.
pub async fn list(db: &Db, before: Option<i64>, limit: u64) -> Result<(Vec<import::Model>, u64)> {
    let mut query = import::Entity::find().order_by_desc(import::Column::Id);
    let count = query.clone().count(db.read()).await?;
    if let Some(before) = before {
        query = query.filter(import::Column::Id.lt(before));
    }
    Ok((query.limit(limit).all(db.read()).await?, count))
}

/// Every import of the same file that was meant and still stands.
///
/// # Errors
/// When the book fails.
pub async fn of_same_file(
    connection: &impl ConnectionTrait,
    row: &import::Model,
) -> Result<Vec<i64>> {
    Ok(import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(import::Column::Kind.eq(&row.kind))
        .filter(import::Column::Source.eq(&row.source))
        .filter(import::Column::FileHash.eq(&row.file_hash))
        .filter(import::Column::DryRun.eq(false))
        .filter(import::Column::State.ne("undone"))
        .into_tuple()
        .all(connection)
        .await?)
}

/// Where an uploaded file lies; its name is made of its id alone.
pub fn path_of(app: &App, id: UploadId) -> PathBuf {
    app.config.uploads().join(id.to_string())
}

/// Where the file of an import lies.
///
/// # Errors
/// `upload_gone`.
pub fn upload_path(app: &App, stored: &Stored) -> Result<PathBuf> {
    let path = stored
        .upload
        .map(|id| path_of(app, id))
        .filter(|path| path.is_file());
    path.ok_or_else(|| {
        Error::conflict(
            "upload_gone",
            "The uploaded file is no longer there. Upload it again.",
        )
    })
}

/// How the last file of a source was read.
///
/// # Errors
/// When the book fails.
pub async fn remembered(
    connection: &impl ConnectionTrait,
    source: &str,
    kind: Kind,
) -> Result<Option<ImportOptions>> {
    let row = source_mapping::Entity::find_by_id((source.to_owned(), kind.as_str().to_owned()))
        .one(connection)
        .await?;
    Ok(row.and_then(|row| serde_json::from_str(&row.options).ok()))
}

/// Moves an import to a state.
///
/// # Errors
/// When the book fails.
pub async fn set_state(app: &App, ctx: &Ctx, id: ImportId, state: &'static str) -> Result<()> {
    app.db
        .write(ctx, move |tx| {
            Box::pin(async move { move_to(tx, id, state).await })
        })
        .await
}

/// Moves an import to a state in a transaction.
///
/// # Errors
/// When the book fails.
pub async fn move_to(tx: &Tx, id: ImportId, state: &'static str) -> Result<()> {
    let ended = !matches!(state, "queued" | "running" | "undoing");
    import::Entity::update_many()
        .set(import::ActiveModel {
            state: Set(state.to_owned()),
            finished_at: Set(ended.then(|| tx.ctx().now_micros())),
            ..Default::default()
        })
        .filter(import::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.changed("import", id.0, What::Updated);
    Ok(())
}

/// Forgets what an import counted and refused, before it runs again from the start.
///
/// # Errors
/// When the book fails.
pub async fn reset(tx: &Tx, id: i64) -> Result<()> {
    reject::Entity::delete_many()
        .filter(reject::Column::ImportId.eq(id))
        .exec(tx.conn())
        .await?;
    import::Entity::update_many()
        .set(import::ActiveModel {
            rows_done: Set(0),
            rows_new: Set(0),
            rows_updated: Set(0),
            rows_unchanged: Set(0),
            rows_rejected: Set(0),
            resume: Set("{}".to_owned()),
            summary: Set("{}".to_owned()),
            ..Default::default()
        })
        .filter(import::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Rejected rows of an import in the order of the file, and how many there are.
///
/// # Errors
/// When the book fails.
pub async fn rejects(
    connection: &impl ConnectionTrait,
    id: ImportId,
    after: i64,
    limit: u64,
) -> Result<(Vec<reject::Model>, u64)> {
    let query = reject::Entity::find()
        .filter(reject::Column::ImportId.eq(id.0))
        .order_by_asc(reject::Column::Line);
    let count = query.clone().count(connection).await?;
    let rows = query
        .filter(reject::Column::Line.gt(after))
        .limit(limit)
        .all(connection)
        .await?;
    Ok((rows, count))
}
