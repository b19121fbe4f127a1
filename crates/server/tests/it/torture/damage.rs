//! Planted damage, behind the program's back: `clientele check` finds each kind,
//! says what is wrong and what to do, and where the program can mend it, it does.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use clientele::{
    app::App,
    db::BookUrl,
    features::warehouse::check::{Finding, check},
    jobs::{self, JobKind},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;

use crate::{
    chain::{Chain, write},
    support::TestApp,
};

/// What mends a kind of damage.
enum Mender {
    /// Only going back to a backup.
    Backup,
    /// This job.
    Job(JobKind),
}

/// Statements that damage a sound book, and what must be found then.
const IN_THE_BOOK: [(&str, &[&str], Mender); 10] = [
    (
        "UPDATE order_lines SET net = net + 1 WHERE order_id = 1 AND line_no = 1",
        &[
            "orders whose lines do not add up",
            "warehouse table order_lines",
        ],
        Mender::Backup,
    ),
    (
        "DELETE FROM orders WHERE id = 1",
        &["orders of lines", "warehouse table orders"],
        Mender::Backup,
    ),
    (
        "UPDATE orders SET customer_id = 2 WHERE id = 1",
        &[
            "orders of another customer than their record's",
            "warehouse table orders",
        ],
        Mender::Backup,
    ),
    (
        "UPDATE customers SET golden_id = id + 1 WHERE id IN (5, 6)",
        &[
            "chains of golden customers",
            "orders of another customer than their record's",
            "warehouse table customers",
        ],
        Mender::Backup,
    ),
    (
        "UPDATE customers SET home_store_id = 99 WHERE id = 3",
        &["home stores", "warehouse table customers"],
        Mender::Backup,
    ),
    (
        "INSERT INTO identifiers VALUES (1, 'card', 'A1', '1A', 'A1', TRUE, 3, 4, NULL, 0)",
        &["identifiers of another customer than their record's"],
        Mender::Backup,
    ),
    (
        "DELETE FROM changes WHERE seq = 7",
        &["gaps in the feed"],
        Mender::Backup,
    ),
    (
        "UPDATE counters SET value = 1000 WHERE name = 'customers'",
        &["counters"],
        Mender::Backup,
    ),
    (
        "DELETE FROM grades WHERE customer_id = 3",
        &["customers without a row of grades"],
        Mender::Job(JobKind::Grade),
    ),
    (
        "UPDATE customers SET country = 'JP' WHERE id = 3",
        &["warehouse table customers"],
        Mender::Job(JobKind::RebuildWarehouse),
    ),
];

/// A sound book and its copy; every customer is their own, and nothing was returned.
async fn sound(app: &TestApp) {
    let mut chain = Chain::random(31, 20, 0);
    for customer in &mut chain.customers {
        customer.golden_id = customer.id;
    }
    for order in &mut chain.orders {
        order.original_id = None;
        order.customer_id = order.record_id;
    }
    chain.put(app).await;
    assert_eq!(found(&app.app).await, []);
}

/// What a check finds to be wrong.
async fn found(app: &App) -> Vec<Finding> {
    let mut findings = check(app).await.unwrap().findings;
    findings.retain(|finding| !finding.ok);
    findings
}

/// Changes the book as no program does that keeps to its rules.
async fn plant(app: &App, statement: &str) {
    let (url, unbound) = match &app.config.book {
        BookUrl::Sqlite(path) => {
            let url = format!("sqlite://{}", path.display());
            (url, "PRAGMA foreign_keys = OFF")
        }
        BookUrl::Postgres(url) => (
            url.clone(),
            "ALTER TABLE order_lines DROP CONSTRAINT order_lines_order_id_fkey",
        ),
    };
    let mut options = ConnectOptions::new(url);
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared(unbound).await.unwrap();
    let done = connection.execute_unprepared(statement).await.unwrap();
    assert!(done.rows_affected() > 0, "{statement}");
    connection.close().await.unwrap();
}

async fn run(app: &TestApp, kind: JobKind) {
    write(app, move |tx| {
        Box::pin(async move { jobs::enqueue(tx, kind, &json!({})).await })
    })
    .await;
    app.settle().await;
}

async fn damage_to_the_book(open: impl AsyncFn() -> TestApp) {
    for (statement, names, mender) in IN_THE_BOOK {
        let app = open().await;
        sound(&app).await;
        plant(&app.app, statement).await;
        let found = self::found(&app.app).await;
        let said: Vec<&str> = found.iter().map(|finding| finding.name.as_str()).collect();
        assert_eq!(said, names, "{statement}");
        let remedy = found[0].remedy.unwrap();
        match mender {
            Mender::Backup => assert!(remedy.contains("backup"), "{remedy}"),
            Mender::Job(kind) => {
                run(&app, kind).await;
                assert_eq!(self::found(&app.app).await, [], "{statement}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_to_a_sqlite_book_is_found() {
    damage_to_the_book(TestApp::sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_to_a_postgres_book_is_found() {
    if TestApp::postgres().await.is_some() {
        damage_to_the_book(async || TestApp::postgres().await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_at_fault_is_named() {
    let app = TestApp::sqlite().await;
    sound(&app).await;
    plant(&app.app, "DELETE FROM grades WHERE customer_id <= 5").await;
    let found = found(&app.app).await;
    assert_eq!(
        found[0].detail,
        "5 rows: cus_0000000000001, cus_0000000000002, cus_0000000000003, …"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_page_of_the_book_is_found() {
    let app = TestApp::sqlite().await;
    sound(&app).await;
    let row = app
        .app
        .db
        .read()
        .query_one_raw(Statement::from_string(
            DbBackend::Sqlite,
            "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size() \
             WHERE name = 'orders_customer'",
        ))
        .await
        .unwrap()
        .unwrap();
    let page: i64 = row.try_get_by_index(0).unwrap();
    let size: i64 = row.try_get_by_index(1).unwrap();
    let (_dir, config, env) = app.closed().await;
    let book = File::options()
        .write(true)
        .open(config.data.join("book.sqlite"))
        .unwrap();
    book.write_all_at(&[0xAA; 512], ((page - 1) * size) as u64)
        .unwrap();

    let app = App::open(config, env).await.unwrap();
    let found = found(&app).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "pages of the book");
    assert!(found[0].remedy.unwrap().contains("backup"));
}

/// The live files of a table of the copy.
fn data_files(app: &App, table: &str) -> Vec<PathBuf> {
    let folder = app.config.warehouse().join(table);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|kind| kind == "parquet"))
        .collect()
}

async fn damage_to_a_file_of_the_copy(hurt: fn(&Path)) {
    let app = TestApp::sqlite().await;
    sound(&app).await;
    let files = data_files(&app.app, "orders");
    assert!(!files.is_empty());
    files.iter().for_each(|path| hurt(path));
    let found = self::found(&app.app).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "warehouse table orders");
    assert!(found[0].remedy.unwrap().contains("rebuild"));
    run(&app, JobKind::RebuildWarehouse).await;
    assert_eq!(self::found(&app.app).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_file_of_the_copy_is_found_and_made_anew() {
    damage_to_a_file_of_the_copy(|path| fs::remove_file(path).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_garbled_file_of_the_copy_is_found_and_made_anew() {
    damage_to_a_file_of_the_copy(|path| {
        let file = File::options().write(true).open(path).unwrap();
        file.write_all_at(&[0xAA; 200], 4).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_garbled_projection_is_found_and_made_anew() {
    let app = TestApp::sqlite().await;
    sound(&app).await;
    for file in fs::read_dir(app.app.config.warehouse().join("projections")).unwrap() {
        let path = file.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        // The last byte is of the numbers.
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let found = self::found(&app.app).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "warehouse projections of orders");
    run(&app, JobKind::RebuildWarehouse).await;
    assert_eq!(self::found(&app.app).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_cannot_be_opened_says_how_to_go_on() {
    let app = TestApp::sqlite().await;
    sound(&app).await;
    let (_dir, config, env) = app.closed().await;
    let log = config.warehouse().join("orders/_delta_log");
    for file in fs::read_dir(log).unwrap() {
        fs::write(file.unwrap().path(), "not a log").unwrap();
    }
    let Err(error) = App::open(config.clone(), env.clone()).await else {
        panic!("a log of nonsense was believed");
    };
    let text = error.to_string();
    assert!(text.contains("move the folder away"), "{text}");

    fs::rename(config.warehouse(), config.data.join("aside")).unwrap();
    let app = App::open(config, env).await.unwrap();
    assert_eq!(found(&app).await, []);
}
