//! Two workers on one book: who was silent too long has lost the job, and what
//! they still try has no effect.

use axum::http::Method;
use clientele::{entities::job, jobs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
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

both!(a_worker_killed_after_the_end_only_says_so_again);
async fn a_worker_killed_after_the_end_only_says_so_again(app: TestApp) {
    let app = app.signed_in().await;
    let path = "/api/uploads?name=orders.csv";
    let text = "Order number,Date,Customer ID,SKU,Quantity,Unit price\n1,2026-01-05,c1,A,1,9.90\n";
    let upload = app.send(Method::POST, path, &[], text.into()).await.ok();
    let import = json!({ "upload_id": upload["id"], "kind": "orders", "source": "shop" });
    let begun = app.post("/api/imports", import).await.ok();
    let path = format!("/api/imports/{}", begun["id"].as_str().unwrap());
    jobs::drain(&app.app).await.unwrap();
    let done = app.get(&path).await.ok();

    the_end_is_lost(&app, "import").await;
    let again = app.get(&path).await.ok();
    assert_eq!(again["state"], "done", "{again}");
    assert_eq!(again["job"]["output"], done["job"]["output"]);
    assert_eq!(again["finished_at"], done["finished_at"]);

    // Somebody's edit keeps the customer, which the import's end has told of.
    let customers = app.get("/api/customers").await.ok();
    let id = customers["items"][0]["id"].as_str().unwrap();
    let customer = format!("/api/customers/{id}");
    let version = app.get(&customer).await.version();
    let body = json!({ "name": "Wang Fang" });
    app.patch(&customer, &version, body).await.ok();
    app.post(&format!("{path}/undo"), json!({})).await.ok();
    jobs::drain(&app.app).await.unwrap();
    let undone = app.get(&path).await.ok();
    assert_eq!(
        undone["summary"]["kept_after_undo"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    the_end_is_lost(&app, "undo_import").await;
    assert_eq!(app.get(&path).await.ok()["summary"], undone["summary"]);
}

/// As after a kill between a job's last effect and the row that tells of its end.
async fn the_end_is_lost(app: &TestApp, kind: &str) {
    let kind = kind.to_owned();
    app.app
        .db
        .write(&app.app.system_ctx(), move |tx| {
            let running = job::Entity::update_many()
                .col_expr(job::Column::State, Expr::value("running"))
                .filter(job::Column::Kind.eq(&kind));
            Box::pin(async move {
                assert_eq!(running.exec(tx.conn()).await?.rows_affected, 1);
                Ok(())
            })
        })
        .await
        .unwrap();
    jobs::recover(&app.app).await.unwrap();
    jobs::drain(&app.app).await.unwrap();
    let states: Vec<String> = job::Entity::find()
        .all(app.app.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|job| job.state)
        .collect();
    assert!(states.iter().all(|state| state == "done"), "{states:?}");
}
