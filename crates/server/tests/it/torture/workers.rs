//! Two workers on one book: who was silent too long has lost the job, and what
//! they still try has no effect.

use axum::http::Method;
use clientele::{entities::job, jobs};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::{
    imports::{accounted, rows},
    support::TestApp,
};

const ORDERS: usize = 12_000;

both!(a_stale_worker_is_fenced);
async fn a_stale_worker_is_fenced(app: TestApp) {
    let app = app.signed_in().await;
    let mut text = "Order number,Date,Customer ID,SKU,Quantity,Unit price\n".to_owned();
    for number in 0..ORDERS {
        text.push_str(&format!("{number},2026-01-05,c{},A,1,9.90\n", number % 500));
    }
    let path = "/api/uploads?name=orders.csv";
    let upload = app.send(Method::POST, path, &[], text.into()).await.ok();
    let import = json!({ "upload_id": upload["id"], "kind": "orders", "source": "shop" });
    let begun = app.post("/api/imports", import).await.ok();

    let mut news = app.app.job_news.subscribe();
    let first = app.app.clone();
    let stale = tokio::spawn(async move { jobs::drain(&first).await });
    // The first of several chunks is written: the worker is in the middle.
    loop {
        news.recv().await.unwrap();
        let job = job::Entity::find()
            .one(app.app.db.read())
            .await
            .unwrap()
            .unwrap();
        if job.phase == "importing" {
            break;
        }
    }
    app.app.env.advance(std::time::Duration::from_secs(120));
    jobs::drain(&app.app).await.unwrap();
    stale.await.unwrap().unwrap();

    let path = format!("/api/imports/{}", begun["id"].as_str().unwrap());
    let import = app.get(&path).await.ok();
    accounted(&import);
    assert_eq!(rows(&import), [ORDERS as i64, ORDERS as i64, 0, 0, 0]);
    let status = app.get("/api/status").await.ok();
    assert_eq!(
        (&status["orders"], &status["customers"]),
        (&json!(ORDERS), &json!(500))
    );
    let jobs = job::Entity::find().all(app.app.db.read()).await.unwrap();
    let import = jobs.iter().find(|job| job.kind == "import").unwrap();
    assert_eq!(
        (import.attempt, import.fence),
        (2, 2),
        "two workers had it, one after the other"
    );
}
