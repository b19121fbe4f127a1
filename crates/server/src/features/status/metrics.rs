//! For monitors: is the program ready, and a few figures in Prometheus' words.

use std::fmt::Write;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QuerySelect};

use crate::{app::App, db, entities::job, error::Result};

/// Answers 200 while the book answers, 503 otherwise.
pub async fn ready(State(app): State<App>) -> impl IntoResponse {
    match db::feed_head(&app.db).await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "the book does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the book does not answer")
        }
    }
}

#[derive(FromQueryResult)]
struct States {
    state: String,
    jobs: i64,
}

/// Figures in the Prometheus text format; nothing in them is personal.
///
/// # Errors
/// When the book fails.
pub async fn metrics(State(app): State<App>) -> Result<impl IntoResponse> {
    let head = db::feed_head(&app.db).await?;
    let synced = app.warehouse.position();
    let states: Vec<States> = job::Entity::find()
        .select_only()
        .column(job::Column::State)
        .column_as(job::Column::Id.count(), "jobs")
        .group_by(job::Column::State)
        .into_model()
        .all(app.db.read())
        .await?;
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| {
        text.write_fmt(words)
            .expect("writing to a string never fails");
    };
    line(format_args!(
        "# HELP clientele_feed_head Newest position of the change feed.\n"
    ));
    line(format_args!(
        "# TYPE clientele_feed_head counter\nclientele_feed_head {head}\n"
    ));
    line(format_args!(
        "# HELP clientele_feed_lag Changes the warehouse has not seen.\n"
    ));
    line(format_args!("# TYPE clientele_feed_lag gauge\n"));
    line(format_args!(
        "clientele_feed_lag {}\n",
        (head - synced).max(0)
    ));
    line(format_args!(
        "# HELP clientele_jobs Jobs by state.\n# TYPE clientele_jobs gauge\n"
    ));
    for States { state, jobs } in states {
        line(format_args!("clientele_jobs{{state=\"{state}\"}} {jobs}\n"));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
