//! What somebody who helps from afar needs to see, without anything personal.

use std::io::{Cursor, Write};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{summarize, system};
use crate::{
    app::App,
    entities::job,
    error::{Problem, Result},
    http::instant,
};

/// How many of the latest jobs are told.
const JOBS: u64 = 500;

/// Writes the bundle, a zip of JSON files.
///
/// # Errors
/// When the book fails.
pub async fn bundle(app: &App) -> Result<Vec<u8>> {
    let files = [
        ("system.json", json!(system::look(app).await?)),
        ("counts.json", json!(summarize(app).await?)),
        ("jobs.json", jobs(app).await?),
        ("warehouse.json", positions(app)),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, value) in files {
        let text = serde_json::to_vec_pretty(&value)?;
        zip.start_file(name, SimpleFileOptions::default())
            .map_err(anyhow::Error::new)?;
        zip.write_all(&text)?;
    }
    Ok(zip.finish().map_err(anyhow::Error::new)?.into_inner())
}

/// What jobs did and how they ended, without what they were told: that holds
/// names of files.
async fn jobs(app: &App) -> Result<Value> {
    let rows = job::Entity::find()
        .order_by_desc(job::Column::Id)
        .limit(JOBS)
        .all(app.db.read())
        .await?;
    let at = |micros: Option<i64>| micros.map(instant);
    let told = rows.iter().map(|row| {
        let error: Value = serde_json::from_str(&row.error).unwrap_or_default();
        json!({
            "kind": row.kind,
            "state": row.state,
            "phase": row.phase,
            "done": row.done,
            "total": row.total,
            "attempt": row.attempt,
            "error": error["code"],
            "created_at": instant(row.created_at),
            "started_at": at(row.started_at),
            "finished_at": at(row.finished_at),
        })
    });
    Ok(told.collect())
}

fn positions(app: &App) -> Value {
    let positions = app.warehouse.positions();
    let tables = positions.tables.iter();
    let tables: serde_json::Map<String, Value> = tables
        .map(|(table, position)| (table.name().to_owned(), json!(position)))
        .collect();
    json!({ "position": positions.warehouse, "tables": tables })
}

/// Writes a support bundle: figures of the program, counts and jobs as a zip of
/// JSON files, without personal data.
#[utoipa::path(get, path = "/system/bundle", tag = "status",
    extensions(("x-permission" = json!("system.see"))),
    responses((status = 200, body = String, content_type = "application/zip"),
        (status = 403, body = Problem)))]
async fn get_bundle(State(app): State<App>) -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"clientele-support.zip\"",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bundle(&app).await?).into_response())
}

/// Routes of the bundle.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_bundle))
}
