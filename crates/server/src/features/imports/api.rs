//! Imports over HTTP.

use axum::{Json, body::Body, extract::State, http::header, response::IntoResponse};
use clientele_domain::{
    id::{ImportId, UploadId},
    mapping::Kind,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewImport},
    options::{self, ImportOptions, Reading, Stored},
    preview::{Preview, preview},
    rejects::{self, MendedRow, RejectView},
    store, uploads,
    view::{Import, views},
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::settings,
    http::{JsonBody, List, PageQuery, UrlPath, UrlQuery},
};

/// A file waiting for its import.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct Upload {
    /// Its id.
    id: UploadId,
    /// The file's name.
    name: String,
    /// Its length.
    size_bytes: i64,
    /// Its hash.
    sha256: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadQuery {
    /// The file's name.
    name: String,
}

/// Takes a file in; the body is the file itself.
#[utoipa::path(post, path = "/uploads", tag = "imports",
    extensions(("x-permission" = json!("imports.create"))), params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload), (status = 413, body = Problem)))]
async fn create_upload(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<UploadQuery>,
    body: Body,
) -> Result<Json<Upload>> {
    let name: String = query
        .name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .replace('\0', "")
        .chars()
        .take(200)
        .collect();
    let received = uploads::receive(&app, body).await?;
    let mut ctx = ctx;
    if let Some(key) = &mut ctx.idempotency {
        // The body is told by its hash only now.
        key.request_hash.push_str(&received.sha256);
    }
    let path = store::path_of(&app, received.id);
    let upload = Upload {
        id: received.id,
        name,
        size_bytes: received.size_bytes,
        sha256: received.sha256,
    };
    let kept = app.db.post(&ctx, move |tx| {
        let file = upload.clone();
        Box::pin(async move {
            actions::keep_upload(tx, file.id, &file.name, file.size_bytes, &file.sha256).await?;
            Ok(file)
        })
    });
    let kept = kept.await;
    if !kept.as_ref().is_ok_and(|file| file.id == received.id) {
        // A repeated request brought the file again; the first copy counts.
        let _ = tokio::fs::remove_file(path).await;
    }
    Ok(Json(kept?))
}

/// How a file is to be read.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadRequest {
    /// The file.
    upload_id: UploadId,
    /// `orders`, `customers`, `products` or `stores`.
    kind: String,
    /// Where the file comes from; `main` where empty.
    #[serde(default)]
    source: String,
    /// What is known about it.
    #[serde(default)]
    options: ImportOptions,
    /// Only tell what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// A file opened for a request.
struct Opened {
    kind: Kind,
    source: String,
    reading: Reading,
    parent: Option<ImportId>,
}

async fn read(app: &App, request: &ReadRequest) -> Result<Opened> {
    let kind = Kind::parse(&request.kind).ok_or_else(|| {
        Error::invalid(
            "kind",
            "kind_unknown",
            "Use orders, customers, products or stores.",
        )
    })?;
    let source = actions::check_source(&request.source)?;
    let stored = Stored {
        upload: Some(request.upload_id),
        ..Stored::default()
    };
    let path = store::upload_path(app, &stored)?;
    let remembered = store::remembered(app.db.read(), &source, kind).await?;
    let settings = settings::load(app.db.read()).await?;
    let (given, file, house) = (request.options.clone(), path.clone(), settings.clone());
    let reading = tokio::task::spawn_blocking(move || {
        options::resolve(&file, kind, &given, remembered.as_ref(), &house)
    })
    .await
    .map_err(|error| anyhow::anyhow!("reading the file failed: {error}"))??;
    let (reading, first) = rejects::adopt(app.db.read(), &path, reading, &settings).await?;
    let parent = first.as_ref().map(|row| ImportId(row.id));
    Ok(Opened {
        kind,
        source: first.map_or(source, |row| row.source),
        reading,
        parent,
    })
}

/// Shows what a file would be read as.
#[utoipa::path(post, path = "/imports/preview", tag = "imports",
    extensions(("x-permission" = json!("imports.create"))), request_body = ReadRequest,
    responses((status = 200, body = Preview), (status = 422, body = Problem)))]
async fn preview_import(
    State(app): State<App>,
    JsonBody(request): JsonBody<ReadRequest>,
) -> Result<Json<Preview>> {
    Ok(Json(preview(&read(&app, &request).await?.reading)))
}

/// Begins an import, or a dry run of it.
#[utoipa::path(post, path = "/imports", tag = "imports",
    extensions(("x-permission" = json!("imports.create"))), request_body = ReadRequest,
    responses((status = 200, body = Import), (status = 422, body = Problem)))]
async fn create_import(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(request): JsonBody<ReadRequest>,
) -> Result<Json<Import>> {
    let Opened {
        kind,
        source,
        reading,
        parent,
    } = read(&app, &request).await?;
    reading.check()?;
    let upload = store::find_upload(app.db.read(), request.upload_id).await?;
    let new = NewImport {
        kind,
        source,
        file_name: upload.name,
        file_hash: upload.sha256,
        stored: Stored {
            options: reading.fixed_options(),
            columns: reading.source.layout().columns.clone(),
            upload: Some(request.upload_id),
            parent,
            ..Stored::default()
        },
        dry_run: request.dry_run,
    };
    let import = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::start(tx, &new).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(import.await?))
}

/// Lists imports, newest first.
#[utoipa::path(get, path = "/imports", tag = "imports",
    extensions(("x-permission" = json!("imports.see"))), params(PageQuery),
    responses((status = 200, body = List<Import>)))]
async fn list_imports(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<Import>>> {
    let limit = page.limit();
    let before = page.after::<ImportId>()?.map(|id| id.0);
    let (rows, count) = store::list(&app.db, before, limit + 1).await?;
    let items = views(app.db.read(), rows, ctx.now_micros()).await?;
    Ok(Json(List::of(items, limit, count, |import| {
        import.id.to_string()
    })))
}

/// Shows one import.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports",
    extensions(("x-permission" = json!("imports.see"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = Import), (status = 404, body = Problem)))]
async fn get_import(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<Json<Import>> {
    let row = store::find(app.db.read(), id).await?;
    let mut found = views(app.db.read(), vec![row], ctx.now_micros()).await?;
    Ok(Json(found.remove(0)))
}

/// Stops an import; what was committed stays until it is undone.
#[utoipa::path(post, path = "/imports/{id}/cancel", tag = "imports",
    extensions(("x-permission" = json!("imports.edit"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = Import), (status = 409, body = Problem)))]
async fn cancel_import(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<Json<Import>> {
    let import = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            actions::cancel(tx, id).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(import.await?))
}

/// Lets a stopped import go on where it was.
#[utoipa::path(post, path = "/imports/{id}/resume", tag = "imports",
    extensions(("x-permission" = json!("imports.edit"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = Import), (status = 409, body = Problem)))]
async fn resume_import(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<Json<Import>> {
    let import = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            actions::resume(tx, id).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(import.await?))
}

/// Takes an import back as a whole.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "imports",
    extensions(("x-permission" = json!("imports.delete"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = Import), (status = 409, body = Problem)))]
async fn undo_import(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<Json<Import>> {
    let import = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            actions::undo(tx, id).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(import.await?))
}

/// Lets a rehearsed import happen.
#[utoipa::path(post, path = "/imports/{id}/run", tag = "imports",
    extensions(("x-permission" = json!("imports.create"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = Import), (status = 409, body = Problem)))]
async fn run_import(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<Json<Import>> {
    let import = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            actions::run_for_real(tx, id).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(import.await?))
}

/// Rejected rows with the columns they are in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct Rejects {
    /// The file's columns.
    columns: Vec<String>,
    /// The rows of this page.
    #[serde(flatten)]
    page: List<RejectView>,
}

/// Lists the rows an import could not use, in the order of the file.
#[utoipa::path(get, path = "/imports/{id}/rejects", tag = "imports",
    extensions(("x-permission" = json!("imports.see"))), params(("id" = ImportId, Path), PageQuery),
    responses((status = 200, body = Rejects), (status = 404, body = Problem)))]
async fn list_rejects(
    State(app): State<App>,
    UrlPath(id): UrlPath<ImportId>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<Rejects>> {
    let row = store::find(app.db.read(), id).await?;
    let limit = page.limit();
    let after = page.after::<i64>()?.unwrap_or(0);
    let (rows, count) = store::rejects(app.db.read(), id, after, limit + 1).await?;
    let resolved = rows.iter().filter(|reject| reject.resolved);
    let lines = resolved.map(|reject| reject.line);
    let elsewhere = rejects::waiting_elsewhere(app.db.read(), &row, lines).await?;
    let mut items = rows
        .into_iter()
        .map(RejectView::of)
        .collect::<Result<Vec<_>>>()?;
    for item in items.iter_mut().filter(|item| item.resolved) {
        item.waits_in = elsewhere.get(&item.line).copied();
    }
    let page = List::of(items, limit, count, |reject| reject.line.to_string());
    Ok(Json(Rejects {
        columns: rejects::columns(&row)?,
        page,
    }))
}

/// The rows that wait to be mended as a CSV file: the original columns, then
/// line, reason, field, value and import. Mended, it may be uploaded again as it is.
#[utoipa::path(get, path = "/imports/{id}/rejects.csv", tag = "imports",
    extensions(("x-permission" = json!("imports.see"))), params(("id" = ImportId, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Problem)))]
async fn download_rejects(
    State(app): State<App>,
    UrlPath(id): UrlPath<ImportId>,
) -> Result<impl IntoResponse> {
    let bytes = rejects::csv(app.db.read(), id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"rejects-{id}.csv\""),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes))
}

/// Rows a person mended.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RetryRequest {
    /// The rows, by their line in the first file.
    rows: Vec<MendedRow>,
}

/// Gives mended rows again, as an import of their own.
#[utoipa::path(post, path = "/imports/{id}/rejects/retry", tag = "imports",
    extensions(("x-permission" = json!("imports.edit"))), params(("id" = ImportId, Path)),
    request_body = RetryRequest,
    responses((status = 200, body = Import), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn retry_rejects(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ImportId>,
    JsonBody(request): JsonBody<RetryRequest>,
) -> Result<Json<Import>> {
    let (new, upload, size) = rejects::prepare_retry(&app, id, &request.rows).await?;
    let child = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            actions::keep_upload(tx, upload, &new.file_name, size, &new.file_hash).await?;
            let id = actions::start(tx, &new).await?;
            Import::of(tx, id).await
        })
    });
    Ok(Json(child.await?))
}

/// Routes of imports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_upload))
        .routes(routes!(preview_import))
        .routes(routes!(list_imports, create_import))
        .routes(routes!(get_import))
        .routes(routes!(cancel_import))
        .routes(routes!(resume_import))
        .routes(routes!(undo_import))
        .routes(routes!(run_import))
        .routes(routes!(list_rejects))
        .routes(routes!(download_rejects))
        .routes(routes!(retry_rejects))
}
