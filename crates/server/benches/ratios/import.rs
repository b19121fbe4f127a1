//! Order lines from a file.

use axum::{body::Body, http::Method};
use sea_orm::{ConnectionTrait, Database, Statement, TransactionTrait};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    house::{self, House},
    per_second, rows, say, time,
};

/// The sample chain's order lines as a shop would export them.
async fn export_lines(house: &House) -> (Vec<u8>, usize) {
    let sql = "SELECT o.external_id, o.business_date, COALESCE(c.number, 0) AS number, l.sku, l.name, \
               l.quantity, l.unit_price, o.currency FROM order_lines l JOIN orders o ON o.id = l.order_id \
               LEFT JOIN customers c ON c.id = o.record_id WHERE o.kind = 'sale' LIMIT 500000";
    let found = rows(house.book(), sql).await;
    let mut file = csv::Writer::from_writer(Vec::new());
    let header = [
        "Order ID",
        "Order Date",
        "Customer ID",
        "SKU",
        "Product",
        "Quantity",
        "Unit Price",
        "Currency",
    ];
    file.write_record(header).expect("memory takes it");
    for row in &found {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text column");
        let number = |name: &str| row.try_get::<i64>("", name).expect("a number column");
        let customer = match number("number") {
            0 => String::new(),
            known => format!("M{known}"),
        };
        let quantity = (number("quantity") / 1000).to_string();
        let cells = [
            text("external_id"),
            text("business_date"),
            customer,
            text("sku"),
            text("name"),
            quantity,
            text("unit_price"),
            text("currency"),
        ];
        file.write_record(&cells).expect("memory takes it");
    }
    (file.into_inner().expect("memory takes it"), found.len())
}

pub async fn measure(house: &House) {
    let (file, count) = export_lines(house).await;
    let rates = house.get("/api/exchange-rates").await;
    let lines = (file.as_slice(), count);
    measure_on(&House::open(None).await, &rates, lines, "").await;
    if let Some(url) = house::postgres("bench_import").await {
        let fresh = House::open(Some(&url)).await;
        measure_on(&fresh, &rates, lines, ", PostgreSQL").await;
    }
}

async fn measure_on(fresh: &House, rates: &Value, (file, count): (&[u8], usize), on: &str) {
    fresh.put("/api/exchange-rates", rates).await;
    let import = async |name: &str| {
        let path = ["/api/uploads?name=", name].concat();
        let upload = fresh
            .send(Method::POST, &path, Body::from(file.to_vec()))
            .await;
        let import = json!({
            "upload_id": upload["id"], "kind": "orders", "source": "bench", "options": {},
            "dry_run": false,
        });
        let import = fresh.post("/api/imports", import).await;
        let took = fresh.drain("import").await;
        let id = import["id"].as_str().expect("an import has an id");
        (took, fresh.get(&["/api/imports/", id].concat()).await)
    };
    let (ours, done) = import("orders.csv").await;
    assert_eq!(done["rows"]["new"], count, "every line is new");
    let (raw, ()) = time(insert_plainly(file)).await;
    say(
        &format!("import, lines{on}"),
        ours,
        raw,
        &per_second(count, ours),
        "read the CSV and insert every line into one table of SQLite",
    );
    let (again, done) = import("again.csv").await;
    assert_eq!(done["rows"]["unchanged"], count, "every line is known");
    let (raw, _) = time(read_plainly(file)).await;
    say(
        &format!("import, nothing new{on}"),
        again,
        raw,
        &per_second(count, again),
        "read the CSV",
    );
}

async fn read_plainly(file: &[u8]) -> usize {
    let mut reader = csv::Reader::from_reader(file);
    reader
        .records()
        .map(|record| record.expect("we wrote it").len())
        .sum()
}

/// Reads the file and puts every line into one table, one commit in all.
async fn insert_plainly(file: &[u8]) {
    let folder = TempDir::new().expect("the machine has a temporary folder");
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("raw.sqlite").display()
    );
    let book = Database::connect(url).await.expect("SQLite opens");
    for sql in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE lines (number TEXT, day TEXT, customer TEXT, sku TEXT, name TEXT, quantity TEXT, price TEXT, currency TEXT)",
    ] {
        book.execute_unprepared(sql)
            .await
            .expect("plain SQL is understood");
    }
    let tx = book.begin().await.expect("SQLite begins");
    let mut reader = csv::Reader::from_reader(file);
    let mut values: Vec<sea_orm::Value> = Vec::new();
    let mut count = 0;
    let mut records = reader.records();
    loop {
        let record = records.next().map(|record| record.expect("we wrote it"));
        if let Some(record) = &record {
            values.extend(record.iter().map(sea_orm::Value::from));
            count += 1;
        }
        if count == 100 || (record.is_none() && count > 0) {
            let places = vec!["(?,?,?,?,?,?,?,?)"; count].join(",");
            let sql = ["INSERT INTO lines VALUES ", &places].concat();
            let statement = Statement::from_sql_and_values(
                tx.get_database_backend(),
                sql,
                std::mem::take(&mut values),
            );
            tx.execute_raw(statement).await.expect("the rows fit");
            count = 0;
        }
        if record.is_none() {
            break;
        }
    }
    tx.commit().await.expect("SQLite commits");
}
