//! Files on their way in: streamed to the uploads folder under a name of ours.

use std::{path::Path, time::Duration};

use axum::body::{Body, BodyDataStream};
use clientele_domain::id::UploadId;
use futures::StreamExt;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::store;
use crate::{
    app::App,
    ctx::hex,
    error::{Error, Result},
};

/// A file that lies in the uploads folder.
#[derive(Debug, Clone)]
pub struct Received {
    pub id: UploadId,
    pub size_bytes: i64,
    pub sha256: String,
}

/// The largest file taken over HTTP.
const LIMIT_BYTES: u64 = 4 << 30;
/// What is read of a body after it was refused.
const DRAINED_BYTES: usize = 256 << 20;
/// How long its next part may take.
const DRAIN_PAUSE: Duration = Duration::from_secs(5);

/// Writes a request's body to the uploads folder.
///
/// # Errors
/// `upload_too_large`, `upload_broken`, or when the disk refuses.
pub async fn receive(app: &App, body: Body) -> Result<Received> {
    let id = UploadId(app.env.next_id());
    let path = store::path_of(app, id);
    let mut parts = body.into_data_stream();
    let outcome = stream_to(&path, &mut parts).await;
    if outcome.is_err() {
        // Half a file is worth nothing; one that cannot be removed is swept with the folder.
        let _ = tokio::fs::remove_file(&path).await;
        drain(&mut parts).await;
    }
    let (size_bytes, sha256) = outcome?;
    Ok(Received {
        id,
        size_bytes,
        sha256,
    })
}

/// Takes what is left of a refused body, within bounds: a client that is still
/// sending does not look for the answer.
async fn drain(parts: &mut BodyDataStream) {
    let mut left = DRAINED_BYTES;
    while let Ok(Some(Ok(part))) = tokio::time::timeout(DRAIN_PAUSE, parts.next()).await
        && left > part.len()
    {
        left -= part.len();
    }
}

async fn stream_to(path: &Path, parts: &mut BodyDataStream) -> Result<(i64, String)> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| {
            Error::bad_request("upload_broken", "The upload broke off. Send it again.")
        })?;
        size += part.len() as u64;
        if size > LIMIT_BYTES {
            let status = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Error::problem(
                status,
                "upload_too_large",
                "A file may have at most 4 GB. Compress or split it.",
            ));
        }
        hash.update(&part);
        file.write_all(&part).await?;
    }
    file.sync_all().await?;
    Ok((size.cast_signed(), hex(&hash.finalize())))
}

/// Copies a local file to the uploads folder, so that the import can go on
/// after a restart whatever happens to the original.
///
/// # Errors
/// `file_unreadable`, or when the disk refuses.
pub fn copy_in(app: &App, from: &Path) -> Result<Received> {
    use std::io::{Read, Write};
    let id = UploadId(app.env.next_id());
    let unreadable = |error: std::io::Error| {
        Error::invalid(
            "file",
            "file_unreadable",
            format!("{} cannot be read: {error}", from.display()),
        )
    };
    let mut source = std::fs::File::open(from).map_err(unreadable)?;
    let mut target = std::fs::File::create(store::path_of(app, id))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 20];
    let mut size = 0_u64;
    loop {
        let count = source.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        hash.update(&buffer[..count]);
        target.write_all(&buffer[..count])?;
    }
    target.sync_all()?;
    Ok(Received {
        id,
        size_bytes: size.cast_signed(),
        sha256: hex(&hash.finalize()),
    })
}
