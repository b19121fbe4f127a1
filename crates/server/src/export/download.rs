//! Files over HTTP: streamed, and written into the audit log with their filter and size.

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use futures::{FutureExt, future::BoxFuture};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Format, Sink};
use crate::{app::App, ctx::Ctx, error::Result};

/// Which file somebody wants.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// `csv`, `xlsx`, `jsonl` or `parquet`.
    #[param(inline)]
    pub format: Format,
    /// Leave texts that begin like a formula as they are.
    #[serde(default)]
    pub lossless: bool,
}

/// Writes a table into a sink; answers how many rows it has.
pub type Written = Box<dyn for<'a> FnOnce(Sink<'a>) -> BoxFuture<'a, Result<u64>> + Send>;

/// Answers a table as a file. The audit log is told of it: what of (`noun`), which rows
/// (`filter`), how many, and whether all of them were taken.
///
/// # Errors
/// When a workbook cannot be written; any other file is cut off then.
pub async fn download(
    app: App,
    ctx: Ctx,
    wanted: FileQuery,
    (noun, name, filter): (&'static str, &str, Value),
    write: Written,
) -> Result<Response> {
    let day = ctx.now().strftime("%Y-%m-%d");
    let file = format!("{name}-{day}.{}", wanted.format.extension());
    let headers = [
        (header::CONTENT_TYPE, wanted.format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let told = Told {
        app,
        ctx,
        noun,
        detail: json!({
            "format": wanted.format.extension(),
            "lossless": wanted.lossless,
            "filter": filter,
        }),
    };
    let body = match wanted.format {
        // A workbook is complete before its first byte is known.
        Format::Xlsx => Body::from(whole(told, write).await?),
        _ => streamed(told, write),
    };
    Ok((headers, body).into_response())
}

/// What the audit log is told of a file.
struct Told {
    app: App,
    ctx: Ctx,
    noun: &'static str,
    detail: Value,
}

impl Told {
    async fn note(mut self, rows: u64, complete: bool) -> Result<()> {
        self.detail["rows"] = rows.into();
        self.detail["complete"] = complete.into();
        let (noun, detail) = (self.noun, self.detail);
        self.app
            .db
            .write(&self.ctx, move |tx| {
                let detail = detail.clone();
                Box::pin(async move {
                    tx.audit("export", noun, 0, detail);
                    Ok(())
                })
            })
            .await
    }
}

async fn whole(told: Told, write: Written) -> Result<Vec<u8>> {
    let (sender, mut receiver) = mpsc::unbounded_channel::<Vec<u8>>();
    let mut sink = move |bytes: Vec<u8>| {
        let taken = sender.send(bytes).is_ok();
        async move { Ok(taken) }.boxed()
    };
    let rows = write(&mut sink).await?;
    drop(sink);
    let mut all = Vec::new();
    while let Some(bytes) = receiver.recv().await {
        all.extend(bytes);
    }
    told.note(rows, true).await?;
    Ok(all)
}

/// Sends the file while it is written; a failure on the way cuts the stream, so
/// that nobody takes half a file for a whole one.
fn streamed(told: Told, write: Written) -> Body {
    let (sender, receiver) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(4);
    tokio::spawn(async move {
        let bytes_to = sender.clone();
        let mut sink = move |bytes: Vec<u8>| {
            let sender = bytes_to.clone();
            async move { Ok(bytes.is_empty() || sender.send(Ok(bytes)).await.is_ok()) }.boxed()
        };
        let outcome = match write(&mut sink).await {
            Ok(rows) => told.note(rows, !sender.is_closed()).await,
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
