//! `make bench`: what the house costs, as ratios to the plainest way of doing the
//! same, measured in one run on one machine. `CLIENTELE_BENCH_CUSTOMERS` sets the
//! size of the sample chain (default 100,000).
#![expect(clippy::print_stdout, reason = "a benchmark talks on standard output")]

use std::{
    collections::{BTreeSet, HashMap},
    hint::black_box,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use clientele::{
    app::{App, Config},
    ctx::Env,
    db::{What, insert_all},
    entities::job,
    features::{self, orders::entity::order},
    http, jobs,
};
use http_body_util::BodyExt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, Statement, TransactionTrait,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// Requests measured for each kind, alternately with their raw counterpart.
const REQUESTS: usize = 200;

/// A program on a folder of its own, and somebody signed in.
struct House {
    app: App,
    router: Router,
    cookie: String,
    _folder: TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = TempDir::new().expect("the machine has a temporary folder");
        let config = Config::new(folder.path(), None);
        let app = App::open(config, Env::system())
            .await
            .expect("an empty folder opens");
        let router = http::router(app.clone());
        let mut house = House {
            app,
            router,
            cookie: String::new(),
            _folder: folder,
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

    async fn send(&self, method: Method, path: &str, body: Body) -> Value {
        let request = self.request(method, path, body);
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers");
        let status = response.status();
        let bytes = response
            .into_body()
            .collect()
            .await
            .expect("a body ends")
            .to_bytes();
        assert!(
            status.is_success(),
            "{path}: {status} {}",
            String::from_utf8_lossy(&bytes)
        );
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Body::empty()).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.send(Method::POST, path, Body::from(body.to_string()))
            .await
    }

    /// Runs all jobs and answers how long the last one of a kind took.
    async fn drain(&self, kind: &str) -> Duration {
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

    fn book(&self) -> &DatabaseConnection {
        self.app.db.read()
    }
}

/// Measures one piece of work.
async fn time<T>(work: impl Future<Output = T>) -> (Duration, T) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    let start = Instant::now();
    let answer = work.await;
    (start.elapsed(), answer)
}

async fn rows(book: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(book.get_database_backend(), sql);
    book.query_all_raw(statement)
        .await
        .expect("plain SQL is understood")
}

fn say(what: &str, house: Duration, raw: Duration, rate: &str, counterpart: &str) {
    let ratio = house.as_secs_f64() / raw.as_secs_f64().max(1e-9);
    println!(
        "| {what} | {:.1} ms | {:.1} ms | **{ratio:.1}×** | {rate} | {counterpart} |",
        house.as_secs_f64() * 1e3,
        raw.as_secs_f64() * 1e3,
    );
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
    let house = House::open().await;
    house
        .post("/api/demo", json!({ "customers": customers, "seed": 7 }))
        .await;
    let made = house.drain("demo").await;
    let orders = rows(house.book(), "SELECT id FROM orders").await.len();
    let lines = rows(house.book(), "SELECT order_id FROM order_lines")
        .await
        .len();
    println!(
        "{customers} customers, {orders} orders, {lines} lines made in {:.1} s\n",
        made.as_secs_f64()
    );
    println!("| what | here | raw | ratio | rate | raw counterpart |\n|---|---|---|---|---|---|");

    measure_import(&house).await;
    measure_sync(&house, orders + lines).await;
    measure_grading(&house, customers as usize).await;
    measure_day(&house).await;
    measure_requests(&house).await;
}

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

async fn measure_import(house: &House) {
    let (file, count) = export_lines(house).await;
    let fresh = House::open().await;
    let upload = fresh
        .send(
            Method::POST,
            "/api/uploads?name=orders.csv",
            Body::from(file.clone()),
        )
        .await;
    let import = json!({
        "upload_id": upload["id"], "kind": "orders", "source": "bench", "options": {}, "dry_run": false,
    });
    fresh.post("/api/imports", import).await;
    let ours = fresh.drain("import").await;
    let (raw, ()) = time(insert_plainly(&file)).await;
    say(
        "import, lines",
        ours,
        raw,
        &per_second(count, ours),
        "read the CSV and insert every line into one table",
    );

    // The same file once more, under another name of the upload.
    let upload = fresh
        .send(
            Method::POST,
            "/api/uploads?name=again.csv",
            Body::from(file.clone()),
        )
        .await;
    let import = json!({
        "upload_id": upload["id"], "kind": "orders", "source": "bench", "options": {}, "dry_run": false,
    });
    fresh.post("/api/imports", import).await;
    let again = fresh.drain("import").await;
    let (raw, _) = time(read_plainly(&file)).await;
    say(
        "import, nothing new",
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

async fn measure_sync(house: &House, count: usize) {
    features::warehouse::sync_now(&house.app)
        .await
        .expect("the warehouse follows");
    let app = &house.app;
    app.db
        .write(&app.system_ctx(), |tx| {
            Box::pin(jobs::enqueue(
                tx,
                jobs::JobKind::RebuildWarehouse,
                &Value::Null,
            ))
        })
        .await
        .expect("the job is enqueued");
    let ours = house.drain("rebuild_warehouse").await;
    let (raw, _) = time(async {
        for table in ["stores", "products", "customers", "orders", "order_lines"] {
            black_box(rows(house.book(), &["SELECT * FROM ", table].concat()).await);
        }
    })
    .await;
    say(
        "sync, all rows",
        ours,
        raw,
        &per_second(count, ours),
        "read the same rows from the book",
    );

    // The first sync after everything was brought in also merges what came in pieces.
    let mut ours = Duration::ZERO;
    for name in ["Merge Probe", "Sync Probe"] {
        let body = json!({ "name": name, "identifiers": [] });
        house.post("/api/customers", body).await;
        (ours, _) = time(features::warehouse::sync_now(&house.app)).await;
    }
    let (raw, _) = time(rows(
        house.book(),
        "SELECT * FROM customers ORDER BY id DESC LIMIT 1",
    ))
    .await;
    say(
        "sync, one change",
        ours,
        raw,
        "",
        "read the same row from the book",
    );
}

async fn measure_grading(house: &House, customers: usize) {
    house.post("/api/grades/run", json!({})).await;
    let ours = house.drain("grade").await;
    let (raw, _) = time(fold_plainly(house.book())).await;
    say(
        "grading, customers",
        ours,
        raw,
        &per_second(customers, ours),
        "fold the orders in memory into R, F and M",
    );
}

/// Orders of one day.
const DAY: usize = 10_000;

/// What a day's orders change, found from the feed; beside a grading of everybody.
async fn measure_day(house: &House) {
    grade(house, "asked").await;
    let sql = "SELECT customer_id, MAX(id) AS id FROM orders WHERE customer_id IS NOT NULL \
               GROUP BY customer_id ORDER BY id LIMIT 10000";
    let buyers: Vec<i64> = rows(house.book(), sql)
        .await
        .iter()
        .map(|row| row.try_get("", "customer_id").expect("not null"))
        .collect();
    let last = order::Entity::find()
        .filter(order::Column::Status.eq("paid"))
        .order_by_desc(order::Column::BusinessDate)
        .one(house.book())
        .await
        .expect("the book answers")
        .expect("there is an order");
    let app = &house.app;
    for some in buyers.chunks(DAY / 10) {
        let (some, last) = (some.to_vec(), last.clone());
        let ctx = app.system_ctx();
        let put = app.db.write(&ctx, move |tx| {
            let (some, last) = (some.clone(), last.clone());
            Box::pin(async move {
                let mut orders: Vec<order::ActiveModel> = Vec::new();
                for customer in &some {
                    let id = tx.ctx().next_id();
                    let order = order::Model {
                        id,
                        external_id: format!("day {id}"),
                        customer_id: Some(*customer),
                        record_id: Some(*customer),
                        ..last.clone()
                    };
                    orders.push(order.into_active_model().reset_all());
                    tx.changed("order", id, What::Created);
                }
                insert_all::<order::Entity, _>(tx.conn(), orders).await
            })
        });
        put.await.expect("the orders fit");
    }
    features::warehouse::sync_now(app)
        .await
        .expect("the warehouse follows");
    let day = grade(house, "data").await;
    let everybody = grade(house, "asked").await;
    say(
        "grading, a day's 10,000 orders",
        day,
        everybody,
        &per_second(DAY, day),
        "look at everybody, of whom nobody changed",
    );
}

/// How long a grading takes that somebody asked for, or new data.
async fn grade(house: &House, reason: &'static str) -> Duration {
    let app = &house.app;
    app.db
        .write(&app.system_ctx(), move |tx| {
            Box::pin(async move {
                jobs::enqueue(tx, jobs::JobKind::Grade, &json!({ "reason": reason })).await
            })
        })
        .await
        .expect("the job is enqueued");
    house.drain("grade").await
}

/// Recency, frequency and money of every customer, and nothing else.
async fn fold_plainly(book: &DatabaseConnection) -> usize {
    let mut figures: HashMap<i64, (BTreeSet<String>, i64)> = HashMap::new();
    let sql = "SELECT customer_id, business_date, reporting_net FROM orders WHERE customer_id IS NOT NULL";
    for row in rows(book, sql).await {
        let customer: i64 = row.try_get("", "customer_id").expect("not null");
        let figure = figures.entry(customer).or_default();
        figure
            .0
            .insert(row.try_get("", "business_date").expect("a date"));
        figure.1 += row.try_get::<i64>("", "reporting_net").expect("an amount");
    }
    figures.len()
}

/// One request against the SQL that it cannot do without, taken in turn.
async fn alternate(
    house: &House,
    what: &str,
    paths: &[String],
    sql: impl Fn(usize) -> String,
    counterpart: &str,
) {
    let (mut ours, mut raw) = (Duration::ZERO, Duration::ZERO);
    for (at, path) in paths.iter().cycle().take(REQUESTS).enumerate() {
        ours += time(house.get(path)).await.0;
        raw += time(rows(house.book(), &sql(at % paths.len()))).await.0;
    }
    let each = REQUESTS as u32;
    say(
        what,
        ours / each,
        raw / each,
        &per_second(REQUESTS, ours),
        counterpart,
    );
}

async fn measure_requests(house: &House) {
    let known = rows(
        house.book(),
        "SELECT customer_id AS id, value FROM identifiers WHERE kind = 'phone' ORDER BY record_id LIMIT 50",
    )
    .await;
    let people: Vec<(i64, String)> = known
        .iter()
        .map(|row| {
            (
                row.try_get("", "id").expect("an id"),
                row.try_get("", "value").expect("a phone"),
            )
        })
        .collect();
    let tails: Vec<String> = people
        .iter()
        .map(|(_, phone)| phone[phone.len().saturating_sub(6)..].to_owned())
        .collect();
    let prefixed = |id: i64| clientele_domain::id::CustomerId(id).to_string();

    alternate(
        house,
        "list, first page",
        &["/api/customers?limit=100".to_owned()],
        |_| "SELECT * FROM grades g JOIN customers c ON c.id = g.customer_id ORDER BY g.monetary DESC, g.customer_id DESC LIMIT 100".to_owned(),
        "the same 100 rows by SQL",
    )
    .await;
    alternate(
        house,
        "list, filtered",
        &["/api/customers?rfm_group=at_risk&sort=-last_order&limit=100".to_owned()],
        |_| "SELECT * FROM grades g JOIN customers c ON c.id = g.customer_id WHERE g.rfm_group = 'at_risk' ORDER BY g.last_order DESC, g.customer_id DESC LIMIT 100".to_owned(),
        "the same 100 rows by SQL",
    )
    .await;
    let lookups: Vec<String> = tails
        .iter()
        .map(|tail| format!("/api/lookup?q={tail}"))
        .collect();
    alternate(
        house,
        "lookup by phone tail",
        &lookups,
        |at| {
            let reversed: String = tails[at].chars().rev().collect();
            format!("SELECT * FROM identifiers WHERE kind = 'phone' AND reversed >= '{reversed}' AND reversed < '{reversed}~' LIMIT 10")
        },
        "one index probe",
    )
    .await;
    let pages: Vec<String> = people
        .iter()
        .map(|(id, _)| format!("/api/customers/{}", prefixed(*id)))
        .collect();
    alternate(
        house,
        "customer page",
        &pages,
        |at| {
            format!(
                "SELECT * FROM customers c JOIN grades g ON g.customer_id = c.id WHERE c.id = {}",
                people[at].0
            )
        },
        "customer and grade by SQL",
    )
    .await;
    let timelines: Vec<String> = pages
        .iter()
        .map(|page| format!("{page}/timeline"))
        .collect();
    alternate(
        house,
        "timeline, first page",
        &timelines,
        |at| {
            format!(
                "SELECT * FROM orders WHERE customer_id = {} ORDER BY ordered_at DESC LIMIT 100",
                people[at].0
            )
        },
        "the customer's orders by SQL",
    )
    .await;
}
