//! What follows the book: the warehouse's copy, and grades.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use clientele::{
    db::{What, insert_all},
    features::{self, orders::entity::order},
    jobs,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use serde_json::{Value, json};

use super::{count, house::House, per_second, rows, say, time};

pub async fn measure(house: &House, rows: usize, customers: usize) {
    measure_sync(house, rows).await;
    measure_grading(house, customers).await;
    measure_day(house).await;
}

async fn measure_sync(house: &House, all: usize) {
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
            count(house.book(), &["SELECT * FROM ", table].concat()).await;
        }
    })
    .await;
    say(
        "sync, all rows",
        ours,
        raw,
        &per_second(all, ours),
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
        .filter(order::Column::Kind.eq("sale"))
        .filter(order::Column::OriginalId.is_null())
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
    let runs = house.get("/api/grades/runs?limit=1").await;
    let everybody = grade(house, "asked").await;
    say(
        "grading, a day's 10,000 orders",
        day,
        everybody,
        &format!("{} customers changed", runs["items"][0]["changed"]),
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
