//! The CDNOW sample, whose figures are published.

use std::path::PathBuf;

use clientele_warehouse::metrics::MetricsQuery;
use clientele_warehouse::rows::OrderRow;
use jiff::civil::{Date, date};
use tempfile::TempDir;

use crate::book::{Book, sale};
use crate::open;

/// The folder of real data, or none where this checkout has it not.
fn data() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var_os("CLIENTELE_TEST_DATA").unwrap_or_else(|| beside.into());
    Some(PathBuf::from(folder)).filter(|folder| folder.is_dir())
}

/// One purchase: `master_id,sample_id,date,cds,amount`.
fn purchase(line: &str, id: i64) -> OrderRow {
    let cells: Vec<&str> = line.split(',').collect();
    let net: i64 = match cells[4].split_once('.') {
        Some((whole, cents)) => format!("{whole}{cents:0<2}").parse().unwrap(),
        None => cells[4].parse::<i64>().unwrap() * 100,
    };
    OrderRow {
        business_date: Date::strptime("%Y%m%d", cells[2]).unwrap(),
        currency: "USD".to_owned(),
        units: cells[3].parse().unwrap(),
        gross: net,
        net,
        reporting_net: net,
        ..sale(id, Some(cells[1].parse().unwrap()))
    }
}

#[tokio::test]
async fn cdnow_gives_its_published_figures() {
    let Some(data) = data() else {
        println!("skipped: no test data beside the project");
        return;
    };
    let text = std::fs::read_to_string(data.join("cdnow/cdnow_sample.csv")).unwrap();
    let mut book = Book::default();
    for (id, line) in text.lines().skip(1).enumerate() {
        book.put_order(purchase(line, id as i64 + 1), Vec::new());
    }
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();

    let query = MetricsQuery {
        as_of: date(1998, 6, 30),
        window_days: 730,
        lapse_days: 365,
    };
    let metrics = warehouse.metrics(query).await.unwrap();
    let sum = |of: fn(&clientele_warehouse::metrics::CustomerMetrics) -> i64| -> i64 {
        metrics.customers.iter().map(of).sum()
    };
    assert_eq!(metrics.customers.len(), 2357);
    assert_eq!(sum(|customer| customer.lifetime_orders), 6919);
    assert_eq!(sum(|customer| customer.frequency), 6696);
    assert_eq!(sum(|customer| customer.monetary), 24_409_194);
    assert_eq!(sum(|customer| i64::from(customer.occasions >= 2)), 1139);
    assert_eq!(
        sum(|customer| i64::from(customer.lifetime_orders >= 2)),
        1152
    );
}
