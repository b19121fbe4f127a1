//! `make bench`: what the house costs, as ratios to the plainest way of doing the
//! same, measured in one run on one machine. `CLIENTELE_BENCH_CUSTOMERS` sets the
//! size of the sample chain (default 100,000); `cargo bench --workspace --bench ratios -- upkeep
//! writes` measures these parts alone.
#![expect(clippy::print_stdout, reason = "a benchmark talks on standard output")]

mod house;
mod import;
mod raw;
mod requests;
mod upkeep;
mod writes;

use std::time::{Duration, Instant};

use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, StreamTrait};
use serde_json::json;

use self::house::House;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What can be measured alone.
const PARTS: [&str; 5] = ["import", "upkeep", "requests", "writes", "lists"];

/// Measures one piece of work.
async fn time<T>(work: impl Future<Output = T>) -> (Duration, T) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    let start = Instant::now();
    let answer = work.await;
    (start.elapsed(), answer)
}

/// Processor time of this process so far, all threads together.
fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32)
}

async fn rows(book: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(book.get_database_backend(), sql);
    book.query_all_raw(statement)
        .await
        .expect("plain SQL is understood")
}

/// Reads rows one after the other and keeps none.
async fn count(book: &DatabaseConnection, sql: &str) -> usize {
    let statement = Statement::from_string(book.get_database_backend(), sql);
    let rows = book
        .stream_raw(statement)
        .await
        .expect("plain SQL is understood");
    let one = |count, _| async move { Ok(count + 1) };
    rows.try_fold(0, one).await.expect("rows come")
}

fn say(what: &str, house: Duration, raw: Duration, rate: &str, counterpart: &str) {
    let ratio = house.as_secs_f64() / raw.as_secs_f64().max(1e-9);
    println!(
        "| {what} | {} | {} | **{ratio:.1}×** | {rate} | {counterpart} |",
        ms(house),
        ms(raw),
    );
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn per_second(count: usize, time: Duration) -> String {
    format!("{:.0}/s", count as f64 / time.as_secs_f64().max(1e-9))
}

#[tokio::main]
async fn main() {
    let customers: u64 = std::env::var("CLIENTELE_BENCH_CUSTOMERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    // Cargo adds a flag of its own.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if let Some(unknown) = wanted.iter().find(|word| !PARTS.contains(&word.as_str())) {
        panic!("{unknown} is none of {PARTS:?}");
    }
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    let house = House::open(None).await;
    house
        .post("/api/demo", json!({ "customers": customers, "seed": 7 }))
        .await;
    let made = house.drain("demo").await;
    let orders = count(house.book(), "SELECT id FROM orders").await;
    let lines = count(house.book(), "SELECT order_id FROM order_lines").await;
    println!(
        "{customers} customers, {orders} orders, {lines} lines made in {:.1} s\n",
        made.as_secs_f64()
    );
    println!("| what | here | raw | ratio | rate | raw counterpart |\n|---|---|---|---|---|---|");

    if is_wanted("import") {
        import::measure(&house).await;
    }
    if is_wanted("upkeep") {
        upkeep::measure(&house, orders + lines, customers as usize).await;
    }
    if is_wanted("requests") {
        requests::measure(&house).await;
    }
    if is_wanted("writes") {
        writes::measure().await;
    }
    if is_wanted("lists") {
        requests::measure_lists(&house).await;
    }
}
