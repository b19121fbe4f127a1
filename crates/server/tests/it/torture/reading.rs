//! Looking changes nothing, whatever is looked at, and both databases show the same.

use std::collections::BTreeMap;

use axum::http::Method;
use clientele::{features::orders::entity::order, http};
use clientele_domain::id::OrderId;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

both!(no_get_changes_the_book);
async fn no_get_changes_the_book(app: TestApp) {
    let app = lived_in(app).await;
    let before = app.dump().await;
    let answers = look(&app, every_path(&app).await).await;
    let good = answers
        .iter()
        .filter(|(_, answer)| answer.status.is_success());
    assert!(good.count() > 25, "too few answers were good");
    let after = app.dump().await;
    for (table, rows) in before {
        assert_eq!(after[&table], rows, "{table} changed by looking");
    }
}

/// What happened to both books is the same, so whatever is asked is answered alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_actions_give_the_same_json_on_both_databases() {
    let Some(postgres) = TestApp::postgres().await else {
        return;
    };
    let postgres = look_and_export(postgres).await;
    let sqlite = look_and_export(TestApp::sqlite().await).await;
    assert_eq!(postgres.len(), sqlite.len());
    for ((path, theirs), (_, ours)) in postgres.iter().zip(&sqlite) {
        // How a process fares is its own affair.
        if path.starts_with("/api/system") {
            continue;
        }
        let text = theirs.text().replace("\"postgres\"", "\"sqlite\"");
        assert_eq!(text, ours.text(), "{path}");
    }
}

/// An export is a GET that leaves an audit entry, which is wanted.
async fn look_and_export(app: TestApp) -> Vec<(String, Answer)> {
    let app = lived_in(app).await;
    let mut paths = every_path(&app).await;
    for format in ["csv", "jsonl"] {
        paths.push(format!("/api/customers/export?format={format}"));
    }
    look(&app, paths).await
}

/// A chain to which all kinds of things have happened.
pub(super) async fn lived_in(app: TestApp) -> TestApp {
    let app = app.signed_in().await;
    let demo = json!({ "customers": 120, "seed": 7 });
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
    let customers = app.get("/api/customers?sort=number").await.ok();
    let id = |at: usize| customers["items"][at]["id"].clone();
    let merge = json!({ "winner_id": id(0), "loser_id": id(1) });
    app.post("/api/merges", merge).await.ok();
    let person = json!({ "name": "Élodie Ångström 欧阳娜娜", "identifiers": [] });
    app.post("/api/customers", person).await.ok();
    app.settle().await;
    app
}

/// Every documented GET with an id that exists, and lists in every order.
pub(super) async fn every_path(app: &TestApp) -> Vec<String> {
    let first = async |path: &str| -> String {
        let rows = app.get(path).await.ok();
        rows["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let order = order::Entity::find()
        .order_by_asc(order::Column::Id)
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
    let document: Value = serde_json::from_str(&http::openapi_json()).unwrap();
    let mut paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // The stream of events has no end to wait for.
        if item.get("get").is_none() || path == "/api/events" {
            continue;
        }
        let noun = path.split('/').nth(2).unwrap();
        paths.push(
            ids.get(noun)
                .map_or(path.clone(), |id| path.replace("{id}", id)),
        );
    }
    for sort in [
        "name",
        "-name",
        "number",
        "-monetary",
        "-frequency",
        "-last_order",
        "last_order",
    ] {
        paths.push(format!("/api/customers?sort={sort}"));
    }
    for query in [
        "q=chen",
        "q=%C3%89",
        "q=oy",
        "country=SG",
        "tier=member",
        "lifecycle=lapsed",
    ] {
        paths.push(format!("/api/customers?{query}"));
    }
    paths
}

/// What is answered at each of these addresses.
pub(super) async fn look(app: &TestApp, paths: Vec<String>) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for path in paths {
        let answer = app.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        answers.push((path, answer));
    }
    answers
}
