//! Exports over HTTP: streamed, and written into the audit log with their size.

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    export::{Format, write_customers},
    list::{CustomerQuery, Filter, Sort},
};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    http::UrlQuery,
};

#[derive(Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `csv`, `xlsx`, `jsonl` or `parquet`.
    #[param(inline)]
    format: Format,
    /// Leave texts that begin like a formula as they are.
    #[serde(default)]
    lossless: bool,
}

/// Writes the customers of a filter as a file, with every figure and grade.
#[utoipa::path(get, path = "/customers/export", tag = "customers",
    extensions(("x-permission" = json!("customers.export"))),
    params(ExportQuery, CustomerQuery),
    responses((status = 200, description = "The file.", content(
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"),
            (String = "application/vnd.apache.parquet"))),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn export_customers(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(wanted): UrlQuery<ExportQuery>,
    UrlQuery(query): UrlQuery<CustomerQuery>,
) -> Result<Response> {
    let filter = query.filter()?;
    let sort = match &query.sort {
        Some(sort) => Sort::parse(Some(sort))?,
        None => Sort::by_number(),
    };
    let name = format!(
        "customers-{}.{}",
        ctx.now().strftime("%Y-%m-%d"),
        wanted.format.extension()
    );
    let headers = [
        (header::CONTENT_TYPE, wanted.format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = match wanted.format {
        // A workbook is complete before its first byte is known.
        Format::Xlsx => Body::from(whole(&app, &ctx, &filter, sort, wanted).await?),
        _ => streamed(app, ctx, filter, sort, wanted),
    };
    Ok((headers, body).into_response())
}

async fn whole(
    app: &App,
    ctx: &Ctx,
    filter: &Filter,
    sort: Sort,
    wanted: ExportQuery,
) -> Result<Vec<u8>> {
    let (sender, mut receiver) = mpsc::unbounded_channel::<Vec<u8>>();
    let mut sink = move |bytes: Vec<u8>| {
        let taken = sender.send(bytes).is_ok();
        async move { Ok(taken) }.boxed()
    };
    let options = (wanted.format, wanted.lossless);
    let count = write_customers(
        app,
        ctx.scope(Permission::CustomersExport),
        filter,
        sort,
        options,
        &mut sink,
    )
    .await?;
    drop(sink);
    let mut all = Vec::new();
    while let Some(bytes) = receiver.recv().await {
        all.extend(bytes);
    }
    note(app, ctx, wanted, count, true).await?;
    Ok(all)
}

/// Sends the file while it is written; a failure on the way cuts the stream, so
/// that nobody takes half a file for a whole one.
fn streamed(app: App, ctx: Ctx, filter: Filter, sort: Sort, wanted: ExportQuery) -> Body {
    let (sender, receiver) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(4);
    tokio::spawn(async move {
        let bytes_to = sender.clone();
        let mut sink = move |bytes: Vec<u8>| {
            let sender = bytes_to.clone();
            async move { Ok(bytes.is_empty() || sender.send(Ok(bytes)).await.is_ok()) }.boxed()
        };
        let options = (wanted.format, wanted.lossless);
        let scope = ctx.scope(Permission::CustomersExport);
        let written = write_customers(&app, scope, &filter, sort, options, &mut sink).await;
        let outcome = match written {
            Ok(count) => note(&app, &ctx, wanted, count, !sender.is_closed()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "an export failed");
            // The reader may have gone.
            let _ = sender
                .send(Err(std::io::Error::other("the export failed")))
                .await;
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}

async fn note(app: &App, ctx: &Ctx, wanted: ExportQuery, rows: u64, complete: bool) -> Result<()> {
    app.db
        .write(ctx, move |tx| {
            let detail = json!({
                "format": wanted.format.extension(),
                "lossless": wanted.lossless,
                "rows": rows,
                "complete": complete,
            });
            Box::pin(async move {
                tx.audit("export", "customer", 0, detail);
                Ok::<(), Error>(())
            })
        })
        .await
}

/// Routes of exports.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export_customers))
}
