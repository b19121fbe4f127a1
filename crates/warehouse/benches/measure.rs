//! Measures the warehouse on a chain of a given number of customers.
//!
//! `cargo bench --workspace --bench measure -- 100000`

#![expect(
    clippy::print_stdout,
    reason = "printing figures is what the program is for"
)]
#![expect(clippy::disallowed_methods, reason = "it times the program itself")]

use std::time::Instant;

use clientele_warehouse::metrics::MetricsQuery;
use clientele_warehouse::reports::{MonthlyQuery, Place};
use clientele_warehouse::rows::{CustomerRow, Kind, LineRow, OrderRow, ProductRow, Status};
use clientele_warehouse::{Options, Rows, Table, TableBatch, Warehouse};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};

/// Orders that one sync brings.
const STRETCH: i64 = 100_000;
const ORDERS_PER_CUSTOMER: i64 = 10;
const LINES_PER_ORDER: i64 = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = std::env::args().find_map(|argument| argument.parse().ok());
    let customers: i64 = number.unwrap_or(100_000);
    let folder = tempfile::TempDir::new()?;
    let warehouse = Warehouse::open(folder.path(), Options::default()).await?;
    let orders = customers * ORDERS_PER_CUSTOMER;
    let mut seconds = 0.0;
    for first in (0..orders).step_by(STRETCH as usize) {
        let batch = stretch(first, customers);
        let start = Instant::now();
        warehouse.sync(batch).await?;
        seconds += start.elapsed().as_secs_f64();
    }
    println!(
        "{customers} customers, {orders} orders, {} lines",
        orders * LINES_PER_ORDER
    );
    println!("{seconds:8.2} s  sync in stretches of {STRETCH} orders");
    println!("{:8} files", warehouse.live_files());

    ask(&warehouse).await?;
    let start = Instant::now();
    let from_seq = warehouse.position();
    let changed = vec![OrderRow {
        customer_id: Some(1),
        ..order(orders / 2, customers)
    }];
    let mut batch = TableBatch {
        from_seq,
        to_seq: from_seq + 1,
        ..TableBatch::default()
    };
    batch.orders = Rows {
        changed,
        ..Rows::default()
    };
    warehouse.sync(batch).await?;
    println!(
        "{:8.2} s  replacing one order",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn ask(warehouse: &Warehouse) -> Result<(), Box<dyn std::error::Error>> {
    let as_of = date(2026, 6, 30);
    let query = MetricsQuery {
        as_of,
        window_days: 365,
        lapse_days: 365,
    };
    let start = Instant::now();
    let metrics = warehouse.metrics(query).await?;
    println!(
        "{:8.2} s  metrics of {}",
        start.elapsed().as_secs_f64(),
        metrics.customers.len()
    );
    let start = Instant::now();
    let months = warehouse
        .monthly(MonthlyQuery {
            as_of,
            place: Place::default(),
        })
        .await?;
    println!(
        "{:8.2} s  {} months",
        start.elapsed().as_secs_f64(),
        months.len()
    );
    let start = Instant::now();
    warehouse.home(as_of).await?;
    println!("{:8.2} s  home", start.elapsed().as_secs_f64());
    let start = Instant::now();
    warehouse.cohorts(as_of).await?;
    println!("{:8.2} s  cohorts", start.elapsed().as_secs_f64());
    let start = Instant::now();
    warehouse.fingerprint(Table::OrderLines).await?;
    println!(
        "{:8.2} s  fingerprint of the lines",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn stretch(first: i64, customers: i64) -> TableBatch {
    let orders = first..(first + STRETCH).min(customers * ORDERS_PER_CUSTOMER);
    let mut batch = TableBatch {
        from_seq: first,
        to_seq: first + STRETCH,
        ..TableBatch::default()
    };
    if first == 0 {
        batch.customers.created = (0..customers).map(customer).collect();
        batch.products.created = (0..500).map(product).collect();
    }
    batch.order_lines.created = orders
        .clone()
        .flat_map(|id| (1..=LINES_PER_ORDER).map(move |no| line(id, no)))
        .collect();
    batch.orders.created = orders.map(|id| order(id, customers)).collect();
    batch
}

/// Spreads numbers without a random generator.
fn scatter(number: i64, limit: i64) -> i64 {
    let bits = number.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    (bits % limit.cast_unsigned()).cast_signed()
}

fn customer(id: i64) -> CustomerRow {
    CustomerRow {
        id,
        number: id,
        golden_id: id,
        source: "till".to_owned(),
        country: "SG".to_owned(),
        home_store_id: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn product(id: i64) -> ProductRow {
    ProductRow {
        id,
        sku: id.to_string(),
        name: id.to_string(),
        category: format!("category {}", id % 25),
        brand: String::new(),
        size: String::new(),
    }
}

fn order(id: i64, customers: i64) -> OrderRow {
    let net = 500 + scatter(id * 7, 20_000);
    let age = 1000 - id * 1000 / (customers * ORDERS_PER_CUSTOMER);
    let refunds = id > 100 && scatter(id * 11, 100) < 7;
    OrderRow {
        id,
        source: "till".to_owned(),
        kind: if refunds { Kind::Refund } else { Kind::Sale },
        status: Status::Paid,
        customer_id: Some(scatter(id * 3, customers)),
        store_id: Some(scatter(id * 5, 12)),
        channel: ["store", "web"][(id % 2) as usize].to_owned(),
        ordered_at: Timestamp::UNIX_EPOCH,
        business_date: date(2026, 6, 30).saturating_sub(age.days()),
        currency: "SGD".to_owned(),
        gross: net,
        discount: 0,
        net: if refunds { -net } else { net },
        net_residue: 0,
        units: LINES_PER_ORDER,
        reporting_net: if refunds { -net } else { net },
        original_id: refunds.then(|| id - scatter(id * 13, 100)),
    }
}

fn line(order_id: i64, line_no: i64) -> LineRow {
    let product = scatter(order_id * 17 + line_no, 500);
    LineRow {
        order_id,
        line_no,
        product_id: Some(product),
        sku: product.to_string(),
        quantity: 1000,
        net: 700,
    }
}
