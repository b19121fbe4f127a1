//! What was put aside comes back: whole, byte for byte, for whoever has the key, and
//! never as something else.

use std::{fs, path::PathBuf, sync::Arc};

use age::x25519::{Identity, Recipient};
use axum::http::Method;
use clientele::{
    app::Config,
    ctx::Env,
    db::BookUrl,
    features::backups::{self, Keeping},
    http,
};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::reading::{every_path, lived_in, look};
use crate::support::{Answer, NOW, TestApp};

/// What a restored book may answer differently: who is signed in, what happened since,
/// and how the process fares.
const OF_ITS_OWN: [&str; 6] = [
    "/api/audit",
    "/api/backups",
    "/api/jobs",
    "/api/session",
    "/api/status",
    "/api/system",
];

both!(a_backup_answers_as_the_book_did);
async fn a_backup_answers_as_the_book_did(app: TestApp) {
    let app = lived_in(app.keeping_backups(None).await).await;
    let mei = json!({ "email": "mei@example.com", "name": "Mei", "language": "zh", "roles": [] });
    let mei = app.post("/api/users", mei).await.ok();
    let invite = format!("/api/users/{}/invitation", mei["id"].as_str().unwrap());
    let paths = every_path(&app).await;
    let before = look(&app, paths.clone()).await;
    app.post(&invite, json!({})).await.ok();
    let rows = app.dump().await;
    let file = back_up(&app).await;

    let (restored, differences) = restored(&app, &file, None).await;
    assert_eq!(differences, Vec::<String>::new());
    let rows_after = restored.dump().await;
    for (table, rows) in rows {
        // What the backup's own job wrote before the copy was taken.
        let own = [
            "audit_entries",
            "changes",
            "counters",
            "jobs",
            "sessions",
            "invitations",
        ];
        if !own.contains(&table.as_str()) {
            assert!(rows_after[&table] == rows, "{table} came back differently");
        }
    }
    // One that was used up since must not lead in again.
    assert_eq!(rows_after["invitations"], Vec::<String>::new());
    let restored = signed_in_again(restored).await;
    for ((path, then), (_, now)) in before.iter().zip(look(&restored, paths).await) {
        if OF_ITS_OWN.iter().any(|own| path.starts_with(own)) {
            continue;
        }
        assert_eq!(then.text(), now.text(), "{path}");
    }
}

both!(a_backup_made_while_people_write_is_of_one_moment);
async fn a_backup_made_while_people_write_is_of_one_moment(app: TestApp) {
    let app = Arc::new(app.keeping_backups(None).await.signed_in().await);
    for at in 0..40 {
        app.post("/api/customers", person(at)).await.ok();
    }
    app.post("/api/backups", json!(null)).await.ok();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let app = app.clone();
            tokio::spawn(async move {
                for at in 0..60 {
                    let person = person(1_000 * (writer + 1) + at);
                    app.post("/api/customers", person).await.ok();
                }
            })
        })
        .collect();
    app.settle().await;
    for writer in writers {
        writer.await.unwrap();
    }
    let file = newest(&app).await;

    let (restored, differences) = restored(&app, &file, None).await;
    assert_eq!(differences, Vec::<String>::new());
    let chain = "SELECT seq || ' ' || hash AS line FROM audit_entries ORDER BY seq";
    let (ours, theirs) = (lines(&app, chain).await, lines(&restored, chain).await);
    // The last entry tells of the restoring.
    let kept = &theirs[..theirs.len() - 1];
    assert_eq!(kept, &ours[..kept.len()], "the log is a part of the other");
    assert!(kept.len() >= 41);
    let customers = |seqs: usize| {
        format!(
            "SELECT c.id || ' ' || c.name || ' ' || c.version AS line FROM customers c \
             JOIN audit_entries a ON a.noun = 'customer' AND a.noun_id = c.id \
             WHERE a.seq <= {seqs} ORDER BY c.id"
        )
    };
    let of_that_time = lines(&app, &customers(kept.len())).await;
    let all = "SELECT id || ' ' || name || ' ' || version AS line FROM customers ORDER BY id";
    assert_eq!(lines(&restored, all).await, of_that_time);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let app = TestApp::sqlite()
        .await
        .keeping_backups(None)
        .await
        .signed_in()
        .await;
    app.post("/api/customers", person(1)).await.ok();
    let open = back_up(&app).await;
    let key = Identity::generate();
    let app = app.keeping_backups(Some(&key)).await;
    let sealed = back_up(&app).await;
    for (file, key) in [(open, None), (sealed, Some(&key))] {
        let whole = fs::read(&file).unwrap();
        let mut damaged = Vec::new();
        for part in 0..24 {
            let at = whole.len() * part / 24;
            damaged.push(whole[..at].to_vec());
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            damaged.push(flipped);
        }
        damaged.push(whole[..whole.len() - 1].to_vec());
        damaged.push([whole.as_slice(), b"x"].concat());
        damaged.push(b"Order number,Date\n1,2026-01-01\n".to_vec());
        for (at, bytes) in damaged.iter().enumerate() {
            let place = TempDir::new().unwrap();
            let bad = place.path().join("backup");
            fs::write(&bad, bytes).unwrap();
            let config = Config::new(&place.path().join("data"), None);
            let book = config.data.join("book.sqlite");
            let outcome = backups::restore(&bad, &keeping(key), config, env()).await;
            let error = outcome
                .err()
                .unwrap_or_else(|| panic!("case {at} was believed"));
            assert!(
                ["backup_damaged", "backup_key_wrong", "backup_encrypted"].contains(&error.code()),
                "case {at}: {error}"
            );
            assert!(!book.exists(), "case {at} left a book");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_whoever_has_the_key_reads_a_backup() {
    let key = Identity::generate();
    let app = TestApp::sqlite().await.keeping_backups(Some(&key)).await;
    let app = app.signed_in().await;
    app.post("/api/customers", person(1)).await.ok();
    let file = back_up(&app).await;
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    for (given, code) in [
        (None, "backup_encrypted"),
        (Some(Identity::generate()), "backup_key_wrong"),
    ] {
        let place = TempDir::new().unwrap();
        let config = Config::new(place.path(), None);
        let outcome = backups::restore(&file, &keeping(given.as_ref()), config, env()).await;
        assert_eq!(outcome.err().unwrap().code(), code);
    }
    let (_restored, differences) = restored(&app, &file, Some(&key)).await;
    assert_eq!(differences, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_not_restored_over_a_book() {
    let app = TestApp::sqlite()
        .await
        .keeping_backups(None)
        .await
        .signed_in()
        .await;
    let file = back_up(&app).await;
    let (_dir, config, env) = app.closed().await;
    let outcome = backups::restore(&file, &keeping(None), config, env).await;
    assert_eq!(outcome.err().unwrap().code(), "book_exists");
}

both!(a_restore_is_tried_and_what_it_finds_is_told);
async fn a_restore_is_tried_and_what_it_finds_is_told(app: TestApp) {
    let app = lived_in(app.keeping_backups(None).await).await;
    let file = back_up(&app).await;
    let proven = drilled(&app).await;
    assert_eq!(proven["proof"]["problem"], Value::Null, "{proven}");
    assert_eq!(proven["proof"]["ok"], true, "{proven}");
    assert!(proven["proof"]["rows"].as_i64().unwrap() > 1_000);
    assert!(proven["proven_at"].is_string());
    assert!(!app.app.config.data.join("drill").exists());

    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let damaged = drilled(&app).await;
    assert_eq!(damaged["proof"]["ok"], false);
    assert_eq!(damaged["proof"]["problem"]["code"], "backup_damaged");

    fs::remove_file(&file).unwrap();
    let gone = drilled(&app).await;
    assert_eq!(gone["is_there"], false);
    assert_eq!(gone["proof"]["problem"]["code"], "backup_gone");
}

/// Nights pass: there is one backup each, as many are kept as was said, and the only one
/// that was proven outlives them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_night_has_its_backup_and_the_proven_one_is_kept() {
    let app = TestApp::sqlite().await.keeping_backups(None).await;
    let asked = backups::enqueue_if_due(&app.app).await.unwrap();
    assert_eq!(asked, None, "nothing to keep yet");
    let app = app.signed_in().await;
    let settings = app.get("/api/settings").await;
    let change = json!({ "backup_hour": 3, "backups_kept": 3 });
    app.patch("/api/settings", &settings.version(), change)
        .await
        .ok();
    let mut folders = Vec::new();
    for day in 16..23 {
        let at = format!("2026-03-{day}T02:59:00+08:00").parse().unwrap();
        app.app.env.turn_clock_to(at);
        assert_eq!(backups::enqueue_if_due(&app.app).await.unwrap(), None);
        let at = format!("2026-03-{day}T03:00:00+08:00").parse().unwrap();
        app.app.env.turn_clock_to(at);
        assert!(backups::enqueue_if_due(&app.app).await.unwrap().is_some());
        assert_eq!(backups::enqueue_if_due(&app.app).await.unwrap(), None);
        app.settle().await;
        if day > 16 {
            // From the second night on, none can be proven.
            fs::write(newest(&app).await, b"").unwrap();
        }
        let folder = app.app.config.backups.as_ref().unwrap().folder.clone();
        folders.push(fs::read_dir(folder).unwrap().count());
    }
    assert_eq!(folders, [1, 2, 3, 4, 4, 4, 4]);
    let listed = app.get("/api/backups").await.ok();
    let proven = |item: &&Value| item["proven_at"].is_string();
    assert_eq!(
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(proven)
            .count(),
        1
    );
    assert_eq!(listed["hour"], 3);
}

/// The folder belongs to whoever keeps things in it, and its files to nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_shared_and_its_backups_are_not() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::sqlite()
        .await
        .keeping_backups(None)
        .await
        .signed_in()
        .await;
    let folder = app.app.config.backups.as_ref().unwrap().folder.clone();
    fs::create_dir_all(&folder).unwrap();
    let others = folder.join("clientele-2026-03-15-bak_0000000000000.tar.part");
    fs::write(&others, b"at work").unwrap();
    let file = back_up(&app).await;
    assert!(others.exists(), "another chain's backup was removed");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_written_is_named() {
    let app = TestApp::sqlite()
        .await
        .keeping_backups(None)
        .await
        .signed_in()
        .await;
    let folder = app.app.config.backups.as_ref().unwrap().folder.clone();
    fs::write(&folder, b"a file").unwrap();
    app.post("/api/backups", json!(null)).await.ok();
    app.settle().await;
    let jobs = app.get("/api/jobs").await.ok();
    assert_eq!(
        jobs["items"][0]["error"]["code"], "backups_not_writable",
        "{jobs}"
    );
}

/// Folders are called all kinds of things.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_name_of_a_folder_will_do() {
    let app = TestApp::sqlite()
        .await
        .keeping_backups(None)
        .await
        .signed_in()
        .await;
    app.post("/api/customers", person(1)).await.ok();
    let (dir, mut config, env) = app.closed().await;
    let odd = dir.path().join("客户 a?b");
    fs::create_dir(&odd).unwrap();
    fs::rename(config.data.join("book.sqlite"), odd.join("book.sqlite")).unwrap();
    let kept = config.backups.take();
    config = Config::new(&odd, None);
    config.backups = kept;
    let app = signed_in_again(TestApp::on(dir, config, env, None).await).await;
    back_up(&app).await;
    assert_eq!(drilled(&app).await["proof"]["ok"], true);
}

both!(without_a_folder_nothing_is_promised);
async fn without_a_folder_nothing_is_promised(app: TestApp) {
    let app = app.signed_in().await;
    let listed = app.get("/api/backups").await.ok();
    assert_eq!(
        (&listed["folder"], &listed["proven_at"]),
        (&json!(null), &json!(null))
    );
    app.send(Method::POST, "/api/backups", &[], "".into())
        .await
        .refused(409, "backups_not_kept");
}

impl TestApp {
    /// The same program, told where to keep backups and for whom.
    async fn keeping_backups(self, key: Option<&Identity>) -> Self {
        let cookie = self.cookie.clone();
        let (_dir, mut config, env) = self.closed().await;
        let path = _dir.path().join("key");
        config.backups = Some(Keeping {
            folder: _dir.path().join("elsewhere"),
            recipients: key.iter().map(|key| key.to_public()).collect(),
            identity: key.map(|key| written(&path, key)),
        });
        TestApp::on(_dir, config, env, cookie).await
    }
}

fn written(path: &std::path::Path, key: &Identity) -> PathBuf {
    use age::secrecy::ExposeSecret;
    let text = format!("# made for a test\n{}\n", key.to_string().expose_secret());
    fs::write(path, text).unwrap();
    path.to_owned()
}

fn keeping(key: Option<&Identity>) -> Keeping {
    let folder = std::env::temp_dir();
    let name = format!("clientele-key-{}", std::process::id());
    let recipients: Vec<Recipient> = Vec::new();
    Keeping {
        identity: key.map(|key| written(&folder.join(name), key)),
        folder,
        recipients,
    }
}

fn env() -> Env {
    Env::pinned(NOW.parse().unwrap(), 9)
}

fn person(at: usize) -> Value {
    json!({ "name": format!("Person {at} 欧阳娜娜"), "identifiers": [] })
}

async fn back_up(app: &TestApp) -> PathBuf {
    app.post("/api/backups", json!(null)).await.ok();
    app.settle().await;
    newest(app).await
}

async fn newest(app: &TestApp) -> PathBuf {
    let listed = app.get("/api/backups").await.ok();
    let jobs = app.get("/api/jobs").await.ok();
    let file = listed["items"][0]["file"]
        .as_str()
        .unwrap_or_else(|| panic!("no backup was made: {jobs}"));
    PathBuf::from(listed["folder"].as_str().unwrap()).join(file)
}

async fn drilled(app: &TestApp) -> Value {
    let listed = app.get("/api/backups").await.ok();
    let id = listed["items"][0]["id"].as_str().unwrap();
    app.post(&format!("/api/backups/{id}/drill"), json!(null))
        .await
        .ok();
    app.settle().await;
    app.get("/api/backups").await.ok()["items"][0].clone()
}

/// A program on what a backup holds, and what looking at all of it found amiss.
async fn restored(
    app: &TestApp,
    file: &std::path::Path,
    key: Option<&Identity>,
) -> (TestApp, Vec<String>) {
    let dir = TempDir::new().unwrap();
    let mut config = Config::new(dir.path(), None);
    if let BookUrl::Postgres(url) = &app.app.config.book {
        config.book = BookUrl::Postgres(empty_database(url).await);
    }
    let restored = backups::restore(file, &keeping(key), config, env())
        .await
        .unwrap();
    let differences = restored.findings.differences();
    let restored = TestApp {
        router: http::router(restored.app.clone()),
        app: restored.app,
        cookie: None,
        _dir: dir,
    };
    (restored, differences)
}

/// Another database on the same server, with the schema that tests have to themselves.
async fn empty_database(url: &str) -> String {
    let mut other = url::Url::parse(url).unwrap();
    let schema = url.rsplit("%3D").next().unwrap();
    let name = format!(
        "restored_{schema}_{}",
        Identity::generate().to_public().to_string()[4..12].to_owned()
    );
    let admin = Database::connect(url).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    other.set_path(&name);
    let new = Database::connect(other.as_str()).await.unwrap();
    new.execute_unprepared(&format!("CREATE SCHEMA {schema}"))
        .await
        .unwrap();
    new.close().await.unwrap();
    other.to_string()
}

async fn signed_in_again(mut app: TestApp) -> TestApp {
    let who = json!({ "email": "wei@example.com", "password": "correct horse battery" });
    let answer: Answer = app.post("/api/session", who).await;
    answer.ok();
    app.keep_cookie(&answer);
    app
}

async fn lines(app: &TestApp, sql: &str) -> Vec<String> {
    let book = app.app.db.read();
    let statement = sea_orm::Statement::from_string(book.get_database_backend(), sql);
    let rows = book.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "line").unwrap())
        .collect()
}

/// PostgreSQL's own archiving brings the book back to any moment, as the guide says.
#[test]
fn postgres_comes_back_to_a_moment() {
    if std::env::var_os("CLIENTELE_TEST_POSTGRES").is_none() {
        return;
    }
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/try-point-in-time"
    );
    let output = std::process::Command::new(script)
        .arg(env!("CARGO_BIN_EXE_clientele"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
