//! One program per test, on either database, with a clock that stands still.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use clientele::{
    app::{App, Config},
    ctx::Env,
    features, http, jobs,
};
use http_body_util::BodyExt;
use sea_orm::{ConnectionTrait, Database, DbBackend, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// Runs an `async fn name(app: TestApp)` as `name::sqlite` and `name::postgres`.
macro_rules! both {
    ($name:ident) => {
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::TestApp::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(app) = $crate::support::TestApp::postgres().await {
                    super::$name(app).await;
                }
            }
        }
    };
}

/// The instant at which every test begins.
pub const NOW: &str = "2026-03-15T08:30:00Z";

/// A program with a folder and a database of its own.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    /// The cookie of whoever is signed in.
    pub cookie: Option<String>,
    pub _dir: TempDir,
}

/// An answer over HTTP.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON, null when it is empty.
    pub fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes).expect("the answer is JSON")
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("the answer is UTF-8")
    }

    /// The body of an answer that must have gone well.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }

    /// Asserts a refusal with a status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status.as_u16(), self.json()["code"].as_str()),
            (status, Some(code))
        );
    }

    /// The row version in the `ETag`.
    pub fn version(&self) -> String {
        self.headers[header::ETAG]
            .to_str()
            .expect("an ETag is ASCII")
            .to_owned()
    }
}

impl TestApp {
    /// On a SQLite book.
    pub async fn sqlite() -> Self {
        Self::open(None).await
    }

    /// On PostgreSQL in a schema of its own; nothing where no server was given.
    pub async fn postgres() -> Option<Self> {
        let Ok(base) = std::env::var("CLIENTELE_TEST_POSTGRES") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI needs CLIENTELE_TEST_POSTGRES"
            );
            eprintln!("skipped: CLIENTELE_TEST_POSTGRES names no server (make test starts one)");
            return None;
        };
        static SCHEMAS: AtomicU32 = AtomicU32::new(0);
        let number = SCHEMAS.fetch_add(1, Ordering::SeqCst);
        let schema = format!("t{}_{number}", std::process::id());
        let admin = Database::connect(&base).await.unwrap();
        admin
            .execute_unprepared(&format!("CREATE SCHEMA {schema}"))
            .await
            .unwrap();
        admin.close().await.unwrap();
        let glue = if base.contains('?') { '&' } else { '?' };
        let url = format!("{base}{glue}options=-csearch_path%3D{schema}");
        Some(Self::open(Some(url)).await)
    }

    async fn open(database_url: Option<String>) -> Self {
        let dir = TempDir::new().unwrap();
        let config = Config::new(dir.path(), database_url.as_deref());
        let app = App::open(config, Env::pinned(NOW.parse().unwrap(), 7))
            .await
            .unwrap();
        let router = http::router(app.clone());
        TestApp {
            app,
            router,
            cookie: None,
            _dir: dir,
        }
    }

    /// Creates the administrator and signs in.
    pub async fn signed_in(mut self) -> Self {
        let answer = self
            .post(
                "/api/setup",
                json!({
                    "name": "Wei Chen",
                    "email": "wei@example.com",
                    "password": "correct horse battery",
                    "language": "en",
                    "chain_name": "Harbour & Hill",
                    "reporting_currency": "SGD",
                    "time_zone": "Asia/Singapore",
                }),
            )
            .await;
        answer.ok();
        self.keep_cookie(&answer);
        self
    }

    /// Signs in with the cookie of an answer from now on.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        let header = answer.headers[header::SET_COOKIE].to_str().unwrap();
        self.cookie = Some(header.split(';').next().unwrap().to_owned());
    }

    /// Sends any request.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut all = vec![("x-clientele", "1")];
        all.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        all.extend_from_slice(headers);
        self.send_bare(method, path, &all, body).await
    }

    /// Sends a request with these headers and no others.
    pub async fn send_bare(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    async fn send_json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, Body::from(body.to_string()))
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &[], body).await
    }

    /// A POST that happens at most once.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &[("idempotency-key", key)], body)
            .await
    }

    /// A POST over the version something was read at.
    pub async fn post_over(&self, path: &str, version: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &[("if-match", version)], body)
            .await
    }

    pub async fn patch(&self, path: &str, version: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, &[("if-match", version)], body)
            .await
    }

    pub async fn put(&self, path: &str, version: &str, body: Value) -> Answer {
        self.send_json(Method::PUT, path, &[("if-match", version)], body)
            .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    /// Ends the program, so that nothing is left in memory; what is left opens it again.
    pub async fn closed(self) -> (TempDir, Config, Env) {
        let TestApp {
            app, router, _dir, ..
        } = self;
        drop(router);
        let (config, env) = (app.config.clone(), app.env.clone());
        app.db.clone().close().await;
        (_dir, config, env)
    }

    /// Ends the program, lets something happen to what is left, and starts it again.
    pub async fn again(self, meanwhile: impl AsyncFnOnce(&Config)) -> Self {
        let cookie = self.cookie.clone();
        let (_dir, config, env) = self.closed().await;
        meanwhile(&config).await;
        TestApp::on(_dir, config, env, cookie).await
    }

    /// Opens what is left of a program.
    pub async fn on(_dir: TempDir, config: Config, env: Env, cookie: Option<String>) -> Self {
        let app = App::open(config, env).await.unwrap();
        TestApp {
            router: http::router(app.clone()),
            app,
            cookie,
            _dir,
        }
    }

    /// Every row of every table, in a fixed order.
    pub async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let book = self.app.db.read();
        let backend = book.get_database_backend();
        let tables = match backend {
            DbBackend::Postgres => {
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
            }
            _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        };
        let mut all = BTreeMap::new();
        for table in rows(book, tables).await {
            let name = table["name"].as_str().unwrap();
            let mut found: Vec<String> = rows(book, &format!("SELECT * FROM {name}"))
                .await
                .iter()
                .map(Value::to_string)
                .collect();
            found.sort_unstable();
            all.insert(name.to_owned(), found);
        }
        assert!(
            all.len() > 10,
            "the book has more tables than {}",
            all.len()
        );
        all
    }

    /// Runs every job that waits, and lets the warehouse catch up.
    pub async fn settle(&self) {
        jobs::drain(&self.app).await.unwrap();
        features::warehouse::sync_now(&self.app).await.unwrap();
    }
}

async fn rows(book: &impl ConnectionTrait, sql: &str) -> Vec<Value> {
    let statement = Statement::from_string(book.get_database_backend(), sql);
    JsonValue::find_by_statement(statement)
        .all(book)
        .await
        .unwrap()
}

/// The folder of real data, or nothing where it is not there.
pub fn real_data() -> Option<PathBuf> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLIENTELE_TEST_DATA").map_or_else(default, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "CI needs the real data");
    eprintln!("skipped: no real data at {}", folder.display());
    None
}
