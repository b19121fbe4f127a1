//! Following random books, and answering like plain loops over them.

use clientele_warehouse::metrics::MetricsQuery;
use clientele_warehouse::reports::{MonthlyQuery, Place, StorePeriod};
use clientele_warehouse::{Error, Options, Synced, TableBatch, Warehouse};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use tempfile::TempDir;

use crate::book::{Book, sale};
use crate::random::{Random, live};
use crate::{assert_equal, naive, open};

pub async fn assert_answers(warehouse: &Warehouse, book: &Book, as_of: Date, window_days: i64) {
    let query = MetricsQuery {
        as_of,
        window_days,
        lapse_days: 120,
    };
    let metrics = warehouse.metrics(query).await.unwrap();
    assert_eq!(metrics.customers, naive::metrics(book, query));

    let singapore = Place {
        country: Some("SG".to_owned()),
        ..Place::default()
    };
    let nowhere = Place {
        country: Some("FR".to_owned()),
        ..Place::default()
    };
    let store = Place {
        store_id: Some(2),
        ..Place::default()
    };
    for place in [Place::default(), singapore, nowhere, store] {
        let expected = naive::monthly(book, as_of, &place);
        let months = warehouse
            .monthly(MonthlyQuery { as_of, place })
            .await
            .unwrap();
        assert_eq!(months, expected);
    }

    let period = StorePeriod {
        from: as_of.saturating_sub(100.days()),
        to: as_of,
    };
    assert_eq!(
        warehouse.stores(period).await.unwrap(),
        naive::stores(book, period)
    );
    let cohorts = warehouse.cohorts(as_of).await.unwrap();
    assert_eq!(cohorts.cohorts, naive::cohorts(book, as_of));

    let home = warehouse.home(as_of, Place::default()).await.unwrap();
    for (point, end) in home.ends.iter().enumerate() {
        let (net, orders, identified) = naive::booked(book, *end, 30);
        assert_eq!(
            (home.net_sales[point], home.orders[point]),
            (net, orders),
            "{end}"
        );
        assert_eq!(home.identification_rate[point].numerator, identified);
        assert_eq!(home.average_order[point].denominator, orders);
        assert_eq!(
            home.customers_active[point],
            naive::buyers(book, as_of, *end, 90).0
        );
        let (once, twice) = naive::buyers(book, as_of, *end, 365);
        let repeat = home.repeat_rate[point];
        assert_eq!((repeat.numerator, repeat.denominator), (twice, once));
    }
}

async fn assert_store_months(warehouse: &Warehouse, book: &Book, as_of: Date) {
    for month in warehouse.store_months(as_of).await.unwrap() {
        let to = month.month.last_of_month().min(as_of);
        let expected = naive::stores(
            book,
            StorePeriod {
                from: month.month,
                to,
            },
        );
        assert!(expected.contains(&month.figures), "{month:?}");
    }
}

#[tokio::test]
async fn random_chains_are_followed_and_answered_like_plain_loops() {
    for seed in 0..6 {
        let mut random = Random(seed);
        let mut book = Book::with_stores();
        let folder = TempDir::new().unwrap();
        let mut warehouse = open(&folder).await;
        for stretch in 0..5 {
            live(&mut book, &mut random, 120);
            let batch = book.take_batch();
            assert_eq!(
                warehouse.sync(batch.clone()).await.unwrap(),
                Synced::Applied
            );
            assert_eq!(warehouse.sync(batch).await.unwrap(), Synced::AlreadyThere);
            assert_equal(&warehouse, &book).await;
            assert_eq!(warehouse.position(), book.seq);
            if stretch == 2 {
                drop(warehouse);
                warehouse = open(&folder).await;
            }
        }
        assert_answers(&warehouse, &book, date(2025, 9, 30), 730).await;
        assert_answers(&warehouse, &book, date(2024, 2, 29), 365).await;
        assert_store_months(&warehouse, &book, date(2024, 6, 15)).await;
        // With little memory it takes more stretches and rounds to the same answers.
        drop(warehouse);
        let little = Options {
            memory_limit_bytes: 4_000,
            threads: 3,
        };
        let warehouse = Warehouse::open(folder.path(), little).await.unwrap();
        assert_answers(&warehouse, &book, date(2025, 9, 30), 730).await;
    }
}

#[tokio::test]
async fn many_small_syncs_end_in_few_files() {
    let mut book = Book::with_stores();
    let mut random = Random(11);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    for _ in 0..40 {
        live(&mut book, &mut random, 6);
        warehouse.sync(book.take_batch()).await.unwrap();
    }
    assert_equal(&warehouse, &book).await;
    drop(warehouse);
    let warehouse = open(&folder).await;
    assert_equal(&warehouse, &book).await;
    assert!(
        warehouse.live_files() < 5 * 16,
        "{} files",
        warehouse.live_files()
    );
}

#[tokio::test]
async fn a_stretch_must_join_on() {
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    let batch = |from_seq, to_seq| TableBatch {
        from_seq,
        to_seq,
        ..TableBatch::default()
    };
    assert_eq!(warehouse.sync(batch(0, 5)).await.unwrap(), Synced::Applied);
    assert_eq!(
        warehouse.position(),
        5,
        "a stretch without rows moves on too"
    );
    assert_eq!(
        warehouse.sync(batch(2, 5)).await.unwrap(),
        Synced::AlreadyThere
    );
    let gap = warehouse.sync(batch(6, 7)).await;
    assert!(
        matches!(
            gap,
            Err(Error::Gap {
                from_seq: 6,
                position: 5
            })
        ),
        "{gap:?}"
    );
    let backwards = warehouse.sync(batch(5, 3)).await;
    assert!(
        matches!(backwards, Err(Error::Backwards { .. })),
        "{backwards:?}"
    );
    assert_eq!(warehouse.sync(batch(5, 7)).await.unwrap(), Synced::Applied);
}

#[tokio::test]
async fn an_overlapping_stretch_doubles_nothing() {
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(3), 80);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.batch()).await.unwrap();
    // The reader lost its place and starts from the beginning again.
    live(&mut book, &mut Random(4), 30);
    warehouse.sync(book.take_batch()).await.unwrap();
    assert_equal(&warehouse, &book).await;
}

#[tokio::test]
async fn two_processes_do_not_apply_the_same_stretch_twice() {
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(8), 80);
    let folder = TempDir::new().unwrap();
    let (first, second) = (open(&folder).await, open(&folder).await);
    let batch = book.take_batch();
    assert_eq!(first.sync(batch.clone()).await.unwrap(), Synced::Applied);
    assert_eq!(second.sync(batch).await.unwrap(), Synced::AlreadyThere);
    assert_equal(&second, &book).await;
}

#[tokio::test]
async fn a_rebuild_replaces_everything_in_place() {
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(21), 100);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    let mut wrong = book.take_batch();
    wrong.orders.created.push(sale(1, None));
    warehouse.sync(wrong).await.unwrap();

    // The book was restored from a backup: its feed is behind the warehouse.
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(22), 70);
    let mut rebuild = warehouse.rebuild(book.seq);
    for piece in book.pieces() {
        rebuild.push(piece).await.unwrap();
    }
    rebuild.finish().await.unwrap();
    book.take_batch();
    assert_equal(&warehouse, &book).await;
    assert_eq!(warehouse.position(), book.seq);

    live(&mut book, &mut Random(23), 30);
    warehouse.sync(book.take_batch()).await.unwrap();
    drop(warehouse);
    assert_equal(&open(&folder).await, &book).await;
}

#[tokio::test]
async fn questions_during_a_sync_see_a_finished_one() {
    let mut book = Book::with_stores();
    let mut random = Random(51);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    let mut last = (0, 0);
    for _ in 0..12 {
        live(&mut book, &mut random, 25);
        let batch = book.take_batch();
        let (synced, totals) = tokio::join!(warehouse.sync(batch), warehouse.totals());
        assert_eq!(synced.unwrap(), Synced::Applied);
        let totals = totals.unwrap();
        let found = (totals.customers, totals.order_lines);
        let now = counts(&book);
        assert!(
            found == last || found == now,
            "{found:?} is neither {last:?} nor {now:?}"
        );
        last = now;
    }
}

/// Golden customers and order lines.
fn counts(book: &Book) -> (i64, i64) {
    let golden = book
        .customers
        .values()
        .filter(|row| row.id == row.golden_id);
    (
        golden.count() as i64,
        book.lines.values().flatten().count() as i64,
    )
}
