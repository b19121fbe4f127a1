//! For monitors: is the program ready, and a few figures in Prometheus' words.

use std::fmt::{Display, Write};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::system;
use crate::{
    app::App,
    db,
    error::Result,
    observe::{BUCKETS_MILLIS, Route},
};

/// Answers 200 while the book answers, 503 otherwise; `degraded` while it can be
/// read and takes no writes.
pub async fn ready(State(app): State<App>) -> impl IntoResponse {
    match db::feed_head(&app.db).await {
        Ok(_) if app.db.takes_writes() => (StatusCode::OK, "ready"),
        Ok(_) => (StatusCode::OK, "degraded: the book takes no writes"),
        Err(error) => {
            tracing::error!(%error, "the book does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the book does not answer")
        }
    }
}

/// Figures in the Prometheus text format; nothing in them is personal.
///
/// # Errors
/// When the book fails.
pub async fn metrics(State(app): State<App>) -> Result<impl IntoResponse> {
    let mut page = Page::default();
    page.figure(
        "clientele_feed_head",
        "Newest position of the change feed.",
        db::feed_head(&app.db).await?,
    );
    let system = system::look(&app).await?;
    page.figure(
        "clientele_feed_lag",
        "Changes the warehouse has not seen.",
        system.warehouse.feed_lag,
    );
    page.figure(
        "clientele_feed_behind_seconds",
        "How long the oldest of them has waited.",
        system.warehouse.behind_seconds,
    );
    page.figure(
        "clientele_warehouse_bytes",
        "Size of the columnar copy.",
        system.warehouse.bytes,
    );
    page.figure(
        "clientele_book_bytes",
        "Size of the book.",
        system.book.bytes,
    );
    page.figure(
        "clientele_book_takes_writes",
        "1 unless the last commit failed.",
        u8::from(system.book.takes_writes),
    );
    if let Some(bytes) = system.disk_free_bytes {
        page.figure(
            "clientele_disk_free_bytes",
            "Room left beside the data folder.",
            bytes,
        );
    }
    if let Some(bytes) = system.memory_bytes {
        page.figure(
            "process_resident_memory_bytes",
            "Memory the process holds.",
            bytes,
        );
    }
    page.head("clientele_jobs", "Jobs by state.", "gauge");
    let jobs = &system.jobs;
    for (state, count) in [
        ("queued", jobs.queued),
        ("running", jobs.running),
        ("failed", jobs.failed),
    ] {
        page.line("clientele_jobs", &format!("state=\"{state}\""), count);
    }
    requests(&mut page, &app);
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        page.0,
    ))
}

/// A histogram of every route, and its failures.
fn requests(page: &mut Page, app: &App) {
    let routes = app.requests.all();
    let name = "clientele_request_seconds";
    page.head(name, "Duration of requests by route.", "histogram");
    for (route, timing) in &routes {
        let labels = labels(route);
        let mut within = 0;
        for (millis, count) in BUCKETS_MILLIS.iter().zip(timing.buckets) {
            within += count;
            let bound = *millis as f64 / 1_000.0;
            let labels = format!("{labels},le=\"{bound}\"");
            page.line(&format!("{name}_bucket"), &labels, within);
        }
        page.line(
            &format!("{name}_bucket"),
            &format!("{labels},le=\"+Inf\""),
            timing.count,
        );
        page.line(&format!("{name}_sum"), &labels, timing.micros as f64 / 1e6);
        page.line(&format!("{name}_count"), &labels, timing.count);
    }
    let name = "clientele_request_failures_total";
    page.head(name, "Requests that failed on our side.", "counter");
    for (route, timing) in &routes {
        page.line(name, &labels(route), timing.failed);
    }
}

fn labels(route: &Route) -> String {
    format!("method=\"{}\",route=\"{}\"", route.method, route.path)
}

/// A page in the making.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        self.write(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &str, value: impl Display) {
        self.write(format_args!("{name}{{{labels}}} {value}\n"));
    }

    fn figure(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, help, "gauge");
        self.write(format_args!("{name} {value}\n"));
    }

    fn write(&mut self, words: std::fmt::Arguments<'_>) {
        self.0
            .write_fmt(words)
            .expect("writing to a string never fails");
    }
}
