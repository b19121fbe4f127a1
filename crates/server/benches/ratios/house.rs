//! The program under measurement.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, header},
};
use clientele::{
    app::{App, Config},
    ctx::Env,
    entities::job,
    http, jobs,
};
use http_body_util::BodyExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A program on a folder of its own, and somebody signed in.
pub struct House {
    pub app: App,
    router: Router,
    cookie: String,
    book: DatabaseConnection,
    folder: TempDir,
}

impl House {
    /// On a PostgreSQL database, or on a SQLite file.
    pub async fn open(postgres: Option<&str>) -> Self {
        let folder = TempDir::new().expect("the machine has a temporary folder");
        let config = Config::new(folder.path(), postgres);
        let app = App::open(config, Env::system())
            .await
            .expect("an empty folder opens");
        let router = http::router(app.clone());
        let file = format!("sqlite://{}", folder.path().join("book.sqlite").display());
        let book = Database::connect(postgres.unwrap_or(&file)).await;
        let mut house = House {
            app,
            router,
            cookie: String::new(),
            book: book.expect("the book opens"),
            folder,
        };
        let administrator = json!({
            "name": "Wei Chen", "email": "wei@example.com", "password": "correct horse battery",
            "language": "en", "chain_name": "Harbour & Hill", "reporting_currency": "SGD",
            "time_zone": "Asia/Singapore",
        });
        house.cookie = house.set_up(administrator).await;
        house
    }

    async fn set_up(&self, body: Value) -> String {
        let request = self.request(Method::POST, "/api/setup", Body::from(body.to_string()));
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers");
        let cookie = response.headers()[header::SET_COOKIE]
            .to_str()
            .expect("a cookie is text");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    fn request(&self, method: Method, path: &str, body: Body) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("x-clientele", "1")
            .header("cookie", &self.cookie)
            .body(body)
            .expect("the parts of a request are well formed")
    }

    /// Asks without looking at the answer, which is not the program's work.
    pub async fn ask(&self, path: &str) {
        self.answer(self.request(Method::GET, path, Body::empty()))
            .await;
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> Value {
        let (_, bytes) = self.answer(self.request(method, path, body)).await;
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    /// Replaces what is there now.
    pub async fn put(&self, path: &str, body: &Value) {
        let read = self.request(Method::GET, path, Body::empty());
        let (headers, _) = self.answer(read).await;
        let mut request = self.request(Method::PUT, path, Body::from(body.to_string()));
        let version = headers[header::ETAG].clone();
        request.headers_mut().insert(header::IF_MATCH, version);
        self.answer(request).await;
    }

    async fn answer(&self, request: Request<Body>) -> (HeaderMap, Bytes) {
        let path = request.uri().clone();
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body ends").to_bytes();
        assert!(
            parts.status.is_success(),
            "{path}: {} {}",
            parts.status,
            String::from_utf8_lossy(&bytes)
        );
        (parts.headers, bytes)
    }

    pub async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.send(Method::POST, path, Body::from(body.to_string()))
            .await
    }

    /// Runs all jobs and answers how long the last one of a kind took.
    pub async fn drain(&self, kind: &str) -> Duration {
        jobs::drain(&self.app).await.expect("jobs run");
        let row = job::Entity::find()
            .filter(job::Column::Kind.eq(kind))
            .order_by_desc(job::Column::Id)
            .one(self.app.db.read())
            .await
            .expect("the book answers")
            .expect("the job was enqueued");
        assert_eq!(row.state, "done", "{kind}: {}", row.error);
        let (started, finished) = row.started_at.zip(row.finished_at).expect("it ran");
        Duration::from_micros((finished - started).unsigned_abs())
    }

    /// The book, by a connection of its own.
    pub fn book(&self) -> &DatabaseConnection {
        &self.book
    }

    /// The SQLite file.
    pub fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("book.sqlite")
    }
}

/// A database of its own on the server that `scripts/with-postgres` started, if it did.
pub async fn postgres(name: &str) -> Option<String> {
    let url = std::env::var("CLIENTELE_TEST_POSTGRES").ok()?;
    let server = Database::connect(&url).await.expect("the server answers");
    server
        .execute_unprepared(&["CREATE DATABASE ", name].concat())
        .await
        .expect("the role may create databases");
    let (server, _) = url.rsplit_once('/')?;
    Some([server, "/", name].concat())
}
