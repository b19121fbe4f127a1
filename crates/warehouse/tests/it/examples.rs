//! Single cases, each with the answer worked out by hand.

use clientele_warehouse::metrics::{CustomerMetrics, Metrics, MetricsQuery};
use clientele_warehouse::reports::{MonthlyQuery, NetSales, Place};
use clientele_warehouse::rows::{Kind, OrderRow, Status};
use jiff::civil::{Date, date};
use tempfile::TempDir;

use crate::book::{Book, line, refund_on, sale, sale_on};
use crate::open;

const AS_OF: Date = date(2026, 6, 30);

async fn metrics_of(orders: Vec<OrderRow>) -> Metrics {
    let mut book = Book::with_stores();
    for order in orders {
        let lines = vec![line(
            order.id,
            1,
            Some(order.id % 4 + 1),
            order.units * 1000,
        )];
        book.put_order(order, lines);
    }
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();
    let query = MetricsQuery {
        as_of: AS_OF,
        window_days: 90,
        lapse_days: 60,
    };
    warehouse.metrics(query).await.unwrap()
}

/// The figures of the only customer.
async fn only(orders: Vec<OrderRow>) -> CustomerMetrics {
    let mut metrics = metrics_of(orders).await;
    assert_eq!(metrics.customers.len(), 1);
    metrics.customers.pop().unwrap()
}

#[tokio::test]
async fn orders_of_one_day_are_one_occasion_and_gaps_are_between_occasions() {
    let figures = only(vec![
        sale_on(1, 9, date(2026, 1, 1), 1000),
        sale_on(2, 9, date(2026, 3, 12), 2001),
        sale_on(3, 9, date(2026, 3, 12), 500),
        sale_on(4, 9, date(2026, 6, 20), 700),
    ])
    .await;
    assert_eq!(figures.first_order, Some(date(2026, 1, 1)));
    assert_eq!(figures.last_order, Some(date(2026, 6, 20)));
    assert_eq!(figures.recency_days, Some(10));
    assert_eq!((figures.occasions, figures.lifetime_orders), (3, 4));
    assert_eq!((figures.frequency, figures.monetary), (1, 700));
    assert_eq!(figures.lifetime_net, 4201);
    assert_eq!(figures.average_basket, Some(1050));
    assert_eq!(figures.interval_days, Some(70), "the lower of 70 and 100");
    assert_eq!(
        (figures.last_gap_days, figures.longest_gap_days),
        (Some(100), Some(100))
    );
    assert_eq!(figures.returned, Some(date(2026, 6, 20)));
    assert_eq!(figures.favourite_category.as_deref(), Some("bags"));
    let history = figures.history().unwrap();
    assert_eq!((history.occasions, history.median_gap_days), (3, Some(70)));
}

#[tokio::test]
async fn the_window_holds_its_first_day_and_not_the_day_before() {
    // Recency 89 is the last day inside a window of 90 days.
    let figures = only(vec![
        sale_on(1, 9, date(2026, 4, 2), 10),
        sale_on(2, 9, date(2026, 4, 1), 100),
        sale_on(3, 9, date(2026, 7, 1), 1000),
    ])
    .await;
    assert_eq!((figures.frequency, figures.monetary), (1, 10));
    assert_eq!(
        figures.lifetime_net, 110,
        "what is after the as-of date does not exist yet"
    );
}

#[tokio::test]
async fn a_fully_refunded_order_counts_nowhere_and_a_partly_refunded_one_once() {
    let figures = only(vec![
        sale_on(1, 9, date(2026, 6, 1), 1000),
        refund_on(2, 9, date(2026, 6, 10), 600, Some(1)),
        refund_on(3, 9, date(2026, 6, 11), 400, Some(1)),
        sale_on(4, 9, date(2026, 5, 1), 2000),
        refund_on(5, 9, date(2026, 6, 12), 500, Some(4)),
    ])
    .await;
    assert_eq!((figures.occasions, figures.lifetime_orders), (1, 1));
    assert_eq!(figures.last_order, Some(date(2026, 5, 1)));
    assert_eq!(figures.monetary, 1500);
    assert_eq!(figures.refund_rate_ppm, Some(500_000), "1500 of 3000");
}

#[tokio::test]
async fn a_refund_reduces_its_sale_at_the_date_of_the_sale() {
    let figures = only(vec![
        sale_on(1, 9, date(2026, 1, 1), 1000),
        sale_on(2, 9, date(2026, 6, 1), 700),
        refund_on(3, 9, date(2026, 6, 10), 600, Some(1)),
    ])
    .await;
    assert_eq!(
        figures.monetary, 700,
        "the sale of January is outside the window"
    );
    assert_eq!(figures.lifetime_net, 1100);
}

#[tokio::test]
async fn a_refund_of_nothing_known_reduces_its_own_date_and_is_no_occasion() {
    let figures = only(vec![
        sale_on(1, 9, date(2026, 6, 1), 700),
        refund_on(2, 9, date(2026, 6, 10), 900, None),
        refund_on(3, 9, date(2026, 6, 10), 50, Some(12_345)),
    ])
    .await;
    assert_eq!((figures.frequency, figures.monetary), (1, -250));
    assert_eq!(figures.last_order, Some(date(2026, 6, 1)));
    assert_eq!(figures.average_basket, Some(-250));
}

#[tokio::test]
async fn who_only_gave_back_has_no_order() {
    let figures = only(vec![refund_on(1, 9, date(2026, 6, 10), 900, None)]).await;
    assert_eq!((figures.first_order, figures.recency_days), (None, None));
    assert_eq!((figures.frequency, figures.monetary), (0, -900));
    assert_eq!(
        (figures.average_basket, figures.refund_rate_ppm),
        (None, None)
    );
    assert_eq!(figures.history(), None);
}

#[tokio::test]
async fn a_free_order_is_an_order_and_a_negative_sale_is_none() {
    let figures = only(vec![
        sale_on(1, 9, date(2026, 6, 1), 0),
        sale_on(2, 9, date(2026, 6, 20), -100),
    ])
    .await;
    assert_eq!(
        (figures.lifetime_orders, figures.recency_days),
        (1, Some(29))
    );
    assert_eq!(figures.monetary, -100);
}

#[tokio::test]
async fn an_exchange_keeps_the_first_order_and_its_date() {
    let exchange = OrderRow {
        original_id: Some(1),
        ..sale_on(3, 9, date(2026, 6, 20), 1200)
    };
    let figures = only(vec![
        sale_on(1, 9, date(2026, 5, 1), 1000),
        refund_on(2, 9, date(2026, 6, 20), 1000, Some(1)),
        exchange,
        refund_on(4, 9, date(2026, 6, 25), 200, Some(3)),
    ])
    .await;
    assert_eq!((figures.lifetime_orders, figures.monetary), (1, 1000));
    assert_eq!(figures.last_order, Some(date(2026, 5, 1)));
}

#[tokio::test]
async fn cancelled_and_pending_orders_never_existed_and_neither_do_their_refunds() {
    let metrics = metrics_of(vec![
        OrderRow {
            status: Status::Cancelled,
            ..sale(1, Some(9))
        },
        refund_on(2, 9, date(2026, 6, 1), 1000, Some(1)),
        OrderRow {
            status: Status::Pending,
            ..sale(3, Some(9))
        },
        sale(4, None),
    ])
    .await;
    assert_eq!(metrics.customers, []);
    assert_eq!(metrics.typical_gap_days, None);
}

#[tokio::test]
async fn rounding_leftovers_decide_whether_anything_is_left() {
    let tiny = OrderRow {
        net_residue: 400_000,
        ..sale_on(1, 9, date(2026, 6, 1), 1000)
    };
    let figures = only(vec![tiny, refund_on(2, 9, date(2026, 6, 2), 1000, Some(1))]).await;
    assert_eq!(figures.lifetime_orders, 1, "0.4 minor units are left");
}

#[tokio::test]
async fn yen_do_not_pay_back_dollars() {
    let yen = refund_on(2, 9, date(2026, 6, 2), 1000, Some(1));
    let figures = only(vec![
        sale_on(1, 9, date(2026, 6, 1), 1000),
        OrderRow {
            currency: "JPY".to_owned(),
            reporting_net: -9,
            ..yen
        },
    ])
    .await;
    assert_eq!((figures.lifetime_orders, figures.monetary), (1, 991));
}

#[tokio::test]
async fn closed_months_stay_when_a_refund_comes_later() {
    let mut book = Book::with_stores();
    book.put_order(sale_on(1, 9, date(2026, 1, 10), 1000), Vec::new());
    book.put_order(refund_on(2, 9, date(2026, 3, 5), 1000, Some(1)), Vec::new());
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();
    let query = MonthlyQuery {
        as_of: date(2026, 3, 30),
        place: Place::default(),
    };
    let months = warehouse.monthly(query).await.unwrap();
    let nets: Vec<i64> = months.iter().map(|month| month.net).collect();
    assert_eq!(nets, [1000, 0, -1000], "February is there, and empty");
    assert_eq!((months[0].new_customers, months[0].complete), (1, true));
    assert_eq!(
        (months[2].customers, months[2].refunds, months[2].refunded),
        (0, 1, 1000)
    );
    assert_eq!(
        (months[2].returning_net, months[2].complete),
        (-1000, false)
    );
}

#[tokio::test]
async fn totals_round_once_by_currency() {
    let mut book = Book::with_stores();
    for id in 1..=3 {
        let order = OrderRow {
            net_residue: 400_000,
            ..sale(id, None)
        };
        book.put_order(order, vec![line(id, 1, None, 1000)]);
    }
    let yen = OrderRow {
        currency: "JPY".to_owned(),
        ..sale(4, None)
    };
    book.put_order(
        OrderRow {
            kind: Kind::Adjustment,
            net: -7,
            ..yen.clone()
        },
        Vec::new(),
    );
    book.put_order(
        OrderRow {
            id: 5,
            status: Status::Pending,
            ..yen
        },
        Vec::new(),
    );
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();
    let totals = warehouse.totals().await.unwrap();
    let expected = [("JPY", -7), ("SGD", 3001)];
    let expected = expected.map(|(code, net)| NetSales {
        currency: code.to_owned(),
        net,
    });
    assert_eq!(totals.net_sales, expected);
    assert_eq!(
        (totals.orders, totals.refunds, totals.adjustments),
        (3, 0, 1)
    );
    assert_eq!((totals.customers, totals.order_lines), (0, 3));
}

#[tokio::test]
async fn an_empty_warehouse_answers_everything() {
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    let query = MetricsQuery {
        as_of: AS_OF,
        window_days: 365,
        lapse_days: 365,
    };
    assert_eq!(warehouse.metrics(query).await.unwrap().customers, []);
    let query = MonthlyQuery {
        as_of: AS_OF,
        place: Place::default(),
    };
    assert_eq!(warehouse.monthly(query).await.unwrap(), []);
    assert_eq!(warehouse.cohorts(AS_OF).await.unwrap().cohorts, []);
    assert_eq!(warehouse.store_months(AS_OF).await.unwrap(), []);
    let home = warehouse.home(AS_OF, Place::default()).await.unwrap();
    assert_eq!((home.data_until, home.ends.len()), (None, 12));
    assert_eq!(home.repeat_rate[11].value(), None);
    assert_eq!(warehouse.totals().await.unwrap(), Default::default());
    assert_eq!(warehouse.position(), 0);
}
