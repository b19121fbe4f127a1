//! How the program itself is doing, for those who run it.

use axum::{Json, extract::State};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    db,
    entities::job,
    error::{Problem, Result},
    http::instant,
    observe::{self, Route, Timing},
};

/// How the program is doing. Sizes are bytes.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct System {
    /// Version of the program.
    pub version: &'static str,
    /// When it was started.
    pub started_at: String,
    /// Memory the process holds, where the system tells.
    pub memory_bytes: Option<u64>,
    /// Room left on the disk of the data folder.
    pub disk_free_bytes: Option<u64>,
    /// The whole disk.
    pub disk_bytes: Option<u64>,
    /// The book.
    pub book: BookSize,
    /// The columnar copy.
    pub warehouse: WarehouseState,
    /// The queue of jobs.
    pub jobs: Queue,
    /// Routes since the start, those that took most time first.
    pub requests: Vec<RouteFigures>,
    /// Statements of the book that took longer than a second, the latest first.
    pub slow_statements: Vec<Slow>,
}

/// The book's kind and size.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BookSize {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// What it takes on its disk.
    pub bytes: u64,
    /// Whether it takes writes; not where the last commit failed.
    pub takes_writes: bool,
}

/// The copy's size and age.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WarehouseState {
    /// What its folder takes on the disk.
    pub bytes: u64,
    /// Live data files.
    pub files: usize,
    /// Changes it has not seen yet.
    pub feed_lag: i64,
    /// For how many seconds the oldest of them has waited.
    pub behind_seconds: i64,
}

/// Jobs by what they do now.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Queue {
    /// Waiting for their turn.
    pub queued: u64,
    /// At work.
    pub running: u64,
    /// Stopped by an error, and not tried again since.
    pub failed: u64,
    /// For how many seconds the oldest has waited.
    pub waiting_seconds: i64,
}

/// The requests of one route.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RouteFigures {
    /// `GET`.
    pub method: String,
    /// The pattern of the address.
    pub path: String,
    /// How many.
    pub count: u64,
    /// How many of them failed on our side.
    pub failed: u64,
    /// Mean duration in milliseconds.
    pub mean_ms: f64,
    /// What 99 of 100 did not exceed, in milliseconds; absent beyond 5,000.
    pub p99_ms: Option<u64>,
}

/// A slow statement.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Slow {
    /// How long it took.
    pub seconds: f64,
    /// Its beginning, with placeholders for the values.
    pub statement: String,
}

/// Looks at everything.
///
/// # Errors
/// When the book fails.
pub async fn look(app: &App) -> Result<System> {
    let disk = observe::disk(&app.config.data).ok();
    let mut routes = app.requests.all();
    routes.sort_by_key(|(_, timing)| std::cmp::Reverse(timing.micros));
    let slow = observe::slow_statements().into_iter().map(|slow| Slow {
        seconds: slow.seconds,
        statement: slow.text,
    });
    Ok(System {
        version: env!("CARGO_PKG_VERSION"),
        started_at: instant(app.started_at),
        memory_bytes: observe::resident_bytes(),
        disk_free_bytes: disk.map(|(free, _)| free),
        disk_bytes: disk.map(|(_, all)| all),
        book: book(app).await?,
        warehouse: warehouse(app).await?,
        jobs: queue(app).await?,
        requests: routes.into_iter().map(figures).collect(),
        slow_statements: slow.collect(),
    })
}

fn figures((route, timing): (Route, Timing)) -> RouteFigures {
    RouteFigures {
        method: route.method,
        path: route.path,
        count: timing.count,
        failed: timing.failed,
        mean_ms: timing.micros as f64 / 1_000.0 / timing.count.max(1) as f64,
        p99_ms: timing.ninety_ninth_millis(),
    }
}

async fn book(app: &App) -> Result<BookSize> {
    #[derive(FromQueryResult)]
    struct Size {
        bytes: i64,
    }
    let backend = app.db.backend();
    let (kind, question) = match backend {
        DbBackend::Sqlite => (
            "sqlite",
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
        ),
        _ => (
            "postgres",
            "SELECT pg_database_size(current_database()) AS bytes",
        ),
    };
    let statement = Statement::from_string(backend, question);
    let row = app.db.read().query_one_raw(statement).await?;
    let size = row
        .map(|row| Size::from_query_result(&row, ""))
        .transpose()?;
    Ok(BookSize {
        kind,
        bytes: size.map_or(0, |size| size.bytes.max(0).cast_unsigned()),
        takes_writes: app.db.takes_writes(),
    })
}

async fn warehouse(app: &App) -> Result<WarehouseState> {
    let position = app.warehouse.position();
    let head = db::feed_head(&app.db).await?;
    let waiting = db::changes_after(&app.db, position, 1).await?;
    Ok(WarehouseState {
        bytes: observe::folder_bytes(app.warehouse.folder()),
        files: app.warehouse.live_files(),
        feed_lag: (head - position).max(0),
        behind_seconds: waiting
            .first()
            .map_or(0, |change| seconds_since(app, change.at)),
    })
}

async fn queue(app: &App) -> Result<Queue> {
    let count = async |state: &str| {
        let of_state = job::Entity::find().filter(job::Column::State.eq(state));
        of_state.count(app.db.read()).await
    };
    let oldest = job::Entity::find()
        .filter(job::Column::State.eq("queued"))
        .order_by_asc(job::Column::CreatedAt)
        .limit(1)
        .one(app.db.read())
        .await?;
    Ok(Queue {
        queued: count("queued").await?,
        running: count("running").await?,
        failed: count("failed").await?,
        waiting_seconds: oldest.map_or(0, |job| seconds_since(app, job.created_at)),
    })
}

fn seconds_since(app: &App, micros: i64) -> i64 {
    (app.env.now().as_microsecond() - micros).max(0) / 1_000_000
}

/// Shows how the program is doing.
#[utoipa::path(get, path = "/system", tag = "status",
    extensions(("x-permission" = json!("system.see"))),
    responses((status = 200, body = System), (status = 403, body = Problem)))]
async fn get_system(State(app): State<App>) -> Result<Json<System>> {
    Ok(Json(look(&app).await?))
}

/// Routes of the system page.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_system))
}
