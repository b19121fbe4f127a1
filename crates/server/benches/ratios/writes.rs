//! Small writes by many at once.

use std::{process::Command, sync::Arc, time::Duration};

use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use super::{
    house::{self, House},
    per_second, say, time,
};

const CLIENTS: usize = 16;
/// Of each client.
const WRITES: usize = 200;

/// Customers made by sixteen clients, each waiting for its answer, beside one connection
/// that inserts and commits the same rows one after the other.
pub async fn measure() {
    let house = Arc::new(House::open(None).await);
    let ours = many(&house, "here").await;
    let (raw, ()) = time(async { commit_each() }).await;
    say(
        "writes of 16 clients",
        ours,
        raw,
        &per_second(CLIENTS * WRITES, ours),
        "insert the customer alone, one commit each",
    );
    if let Some(url) = house::postgres("bench_writes").await {
        let house = Arc::new(House::open(Some(&url)).await);
        let ours = many(&house, "there").await;
        match pgbench(&url) {
            Ok(theirs) => say(
                "writes of 16 clients, PostgreSQL",
                ours,
                theirs,
                &per_second(CLIENTS * WRITES, ours),
                "the same statements by pgbench, 16 clients",
            ),
            Err(error) => println!("pgbench does not run: {error}"),
        }
    }
}

/// How long as many customers take that pgbench makes, with the statements of the program.
fn pgbench(url: &str) -> Result<Duration, Box<dyn std::error::Error>> {
    let statements = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/benches/ratios/customer.pgbench"
    );
    let run = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .args([
            format!("--client={CLIENTS}"),
            format!("--transactions={WRITES}"),
        ])
        .args(["--file", statements, url])
        .output()?;
    let said = String::from_utf8(run.stdout)?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate
        .and_then(|rate| rate.split(' ').next())
        .ok_or(said.clone())?;
    let all = (CLIENTS * WRITES) as f64;
    Ok(Duration::from_secs_f64(all / rate.parse::<f64>()?))
}

async fn many(house: &Arc<House>, place: &'static str) -> Duration {
    let work = async {
        let clients = (0..CLIENTS).map(|client| {
            let house = house.clone();
            tokio::spawn(async move {
                for number in 0..WRITES {
                    let name = format!("Client {client} {place} {number}");
                    let body = json!({ "name": name, "identifiers": [] });
                    house.post("/api/customers", body).await;
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.expect("nobody fails");
        }
    };
    time(work).await.0
}

fn commit_each() {
    let folder = TempDir::new().expect("the machine has a temporary folder");
    let book = Connection::open(folder.path().join("raw.sqlite")).expect("SQLite opens");
    book.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE customers (id INTEGER PRIMARY KEY, number INTEGER, name TEXT, at INTEGER)",
    )
    .expect("plain SQL is understood");
    let mut insert = book
        .prepare("INSERT INTO customers VALUES (?1, ?2, ?3, ?4)")
        .expect("plain SQL is understood");
    for number in 0..(CLIENTS * WRITES) as i64 {
        insert
            .execute((number, number + 1_000, format!("Client {number}"), 0))
            .expect("the row fits");
    }
}
