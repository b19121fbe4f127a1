//! Live updates: one stream of server-sent events per open screen.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt};
use tokio_stream::wrappers::{BroadcastStream, WatchStream};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    db,
    error::Result,
    jobs::{self, Job},
};

/// What wakes the stream.
enum Wake {
    Job(clientele_domain::id::JobId),
    Commit,
}

/// Streams `job` events (a job moved; for those who may see jobs) and `change` events (rows changed; the
/// data is the list of nouns) until the client leaves.
#[utoipa::path(get, path = "/events", tag = "jobs",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, description = "text/event-stream", content_type = "text/event-stream")))]
async fn stream_events(
    State(app): State<App>,
    ctx: Ctx,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let mut seen = db::feed_head(&app.db).await?;
    let moved = BroadcastStream::new(app.job_news.subscribe())
        .filter_map(|news| async move { news.ok().map(|news| Wake::Job(news.id)) });
    let commits = WatchStream::from_changes(app.db.commits()).map(|_| Wake::Commit);
    let mut wakes = futures::stream::select(moved.boxed(), commits.boxed());
    let stream = fed_stream(move |sender| async move {
        while let Some(wake) = wakes.next().await {
            let events = match wake {
                Wake::Job(id) => job_event(&app, &ctx, id).await.into_iter().collect(),
                Wake::Commit => change_events(&app, &ctx, &mut seen).await,
            };
            for event in events {
                if sender.send(Ok(event)).await.is_err() {
                    return;
                }
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// A stream fed by a task that ends when nobody listens.
fn fed_stream<T, F, Fut>(feed: F) -> impl Stream<Item = T>
where
    T: Send + 'static,
    F: FnOnce(tokio::sync::mpsc::Sender<T>) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    let closed = sender.clone();
    let work = feed(sender);
    tokio::spawn(async move {
        tokio::select! {
            () = work => {}
            () = closed.closed() => {}
        }
    });
    tokio_stream::wrappers::ReceiverStream::new(receiver)
}

async fn job_event(app: &App, ctx: &Ctx, id: clientele_domain::id::JobId) -> Option<Event> {
    if !ctx.access.holds(Permission::JobsSee) {
        return None;
    }
    let row = jobs::find(app.db.read(), id).await.ok()?;
    let job = Job::from_row(&row, ctx.now_micros()).ok()?;
    Event::default().event("job").json_data(job).ok()
}

async fn change_events(app: &App, ctx: &Ctx, seen: &mut i64) -> Vec<Event> {
    let Ok(changes) = db::changes_after(&app.db, *seen, 1000).await else {
        return Vec::new();
    };
    let Some(last) = changes.last() else {
        return Vec::new();
    };
    *seen = last.seq;
    let mut events = Vec::new();
    for change in changes.iter().filter(|change| change.noun == "job") {
        let id = clientele_domain::id::JobId(change.noun_id);
        events.extend(job_event(app, ctx, id).await);
    }
    let mut nouns: Vec<&str> = changes.iter().map(|change| change.noun.as_str()).collect();
    nouns.sort_unstable();
    nouns.dedup();
    let data = serde_json::json!({ "nouns": nouns });
    events.extend(Event::default().event("change").json_data(data).ok());
    events
}

/// Routes of live updates.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream_events))
}
