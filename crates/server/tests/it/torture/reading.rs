//! Looking changes nothing, whatever is looked at.

use std::collections::BTreeMap;

use axum::http::Method;
use clientele::{features::orders::entity::order, http};
use clientele_domain::id::OrderId;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};

use crate::support::TestApp;

both!(no_get_changes_the_book);
async fn no_get_changes_the_book(app: TestApp) {
    let app = app.signed_in().await;
    let demo = json!({ "customers": 50, "seed": 7 });
    app.post("/api/demo", demo).await.ok();
    app.settle().await;
    let file = "Order number,Date,SKU,Quantity,Unit price\n1,2026-01-01,A,1,9\n2,never,A,1,9\n";
    let uploaded = app
        .send(Method::POST, "/api/uploads?name=a.csv", &[], file.into())
        .await
        .ok();
    let import = json!({ "upload_id": uploaded["id"], "kind": "orders", "source": "shop" });
    app.post("/api/imports", import).await.ok();
    app.settle().await;

    let first = async |path: &str| -> String {
        let rows = app.get(path).await.ok();
        rows["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let order = order::Entity::find()
        .one(app.app.db.read())
        .await
        .unwrap()
        .unwrap();
    let ids: BTreeMap<&str, String> = [
        ("customers", first("/api/customers").await),
        ("imports", first("/api/imports").await),
        ("jobs", first("/api/jobs").await),
        ("stores", first("/api/stores").await),
        ("orders", OrderId(order.id).to_string()),
    ]
    .into();

    let before = dump(&app).await;
    let document: Value = serde_json::from_str(&http::openapi_json()).unwrap();
    let mut looked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        // The stream of events has no end to wait for.
        if item.get("get").is_none() || path == "/api/events" {
            continue;
        }
        let noun = path.split('/').nth(2).unwrap();
        let path = ids
            .get(noun)
            .map_or(path.clone(), |id| path.replace("{id}", id));
        let answer = app.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
        looked += usize::from(answer.status.is_success());
    }
    assert!(looked > 25, "only {looked} answers were good");
    let after = dump(&app).await;
    for (table, rows) in before {
        assert_eq!(after[&table], rows, "{table} changed by looking");
    }
}

/// Every row of every table, in a fixed order.
async fn dump(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let book = app.app.db.read();
    let backend = book.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut all = BTreeMap::new();
    for table in rows(book, tables).await {
        let name = table["name"].as_str().unwrap();
        let mut found: Vec<String> = rows(book, &format!("SELECT * FROM {name}"))
            .await
            .iter()
            .map(Value::to_string)
            .collect();
        found.sort_unstable();
        all.insert(name.to_owned(), found);
    }
    assert!(
        all.len() > 10,
        "the book has more tables than {}",
        all.len()
    );
    all
}

async fn rows(book: &impl ConnectionTrait, sql: &str) -> Vec<Value> {
    let statement = Statement::from_string(book.get_database_backend(), sql);
    JsonValue::find_by_statement(statement)
        .all(book)
        .await
        .unwrap()
}
