//! Files as careless people and programs leave them: the same id twice, strangers of
//! one name, mixed money, numbers that lost their digits, the same file again.

use axum::{body::Body, http::Method};
use clientele::features::{customers::entity::customer, orders::entity::order};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::{
    imports::{accounted, import_with, rows},
    support::TestApp,
};

async fn import(app: &TestApp, kind: &str, text: &str) -> Value {
    let done = import_with(app, kind, "shop", text.as_bytes(), json!({})).await;
    accounted(&done);
    done
}

async fn names(app: &TestApp) -> Vec<String> {
    let rows = customer::Entity::find()
        .order_by_asc(customer::Column::Id)
        .all(app.app.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// Line, code and value of each rejected row.
async fn refusals(app: &TestApp, done: &Value) -> Vec<(i64, String, String)> {
    let path = format!("/api/imports/{}/rejects", done["id"].as_str().unwrap());
    let rejects = app.get(&path).await.ok();
    let of = |row: &Value| {
        (
            row["line"].as_i64().unwrap(),
            row["code"].as_str().unwrap().to_owned(),
            row["params"]["value"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    rejects["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect()
}

both!(rows_of_one_id_are_one_thing_and_change_nothing_again);
async fn rows_of_one_id_are_one_thing_and_change_nothing_again(app: TestApp) {
    let app = app.signed_in().await;
    // The later row says it better, wherever it stands in the file.
    let mut customers = "Customer ID,Name,Email\n1,Ann Lee,\n".to_owned();
    for number in 2..=5_000 {
        customers.push_str(&format!("{number},Somebody {number},\n"));
    }
    customers.push_str("1,,ann@x.com\n1,Ann Lo,ann@x.com\n");
    let done = import(&app, "customers", &customers).await;
    assert_eq!(rows(&done), [5_002, 5_002, 0, 0, 0]);
    assert_eq!(done["summary"]["customers_new"], 5_000);
    assert!(names(&app).await.contains(&"Ann Lo".to_owned()));
    let products = "SKU,Name,Category\nA,Tea,Drinks\nA,Green tea,\nB,Cup,Ware\n";
    let stores = "Code,Name,Region\nS1,One,North\nS1,Two,North\n";
    assert_eq!(
        rows(&import(&app, "products", products).await),
        [3, 3, 0, 0, 0]
    );
    assert_eq!(rows(&import(&app, "stores", stores).await), [2, 2, 0, 0, 0]);
    for (kind, text, count) in [
        ("customers", customers.as_str(), 5_002),
        ("products", products, 3),
        ("stores", stores, 2),
    ] {
        let again = import(&app, kind, text).await;
        assert_eq!(rows(&again), [count, 0, 0, count, 0], "{kind}");
    }
}

both!(strangers_of_one_name_stay_strangers);
async fn strangers_of_one_name_stay_strangers(app: TestApp) {
    let app = app.signed_in().await;
    let text =
        "Name,City,Birthday\nAnn Tan,Ipoh,\nAnn Tan,Paris,\nWei Chen,Ipoh,\nWei Chen,Ipoh,\n";
    let done = import(&app, "customers", text).await;
    assert_eq!(rows(&done), [4, 4, 0, 0, 0]);
    assert_eq!(names(&app).await, ["Ann Tan", "Ann Tan", "Wei Chen"]);
    let again = import(&app, "customers", text).await;
    assert_eq!(rows(&again), [4, 0, 0, 4, 0]);
}

both!(one_order_has_one_currency_and_one_buyer);
async fn one_order_has_one_currency_and_one_buyer(app: TestApp) {
    let app = app.signed_in().await;
    let text = "Order ID,Date,Customer ID,Product,Quantity,Unit price,Currency\n\
        1,2026-01-01,a,Hat,1,10,SGD\n\
        1,2026-01-01,a,Cap,1,10,JPY\n\
        2,2026-01-01,a,Hat,1,10,SGD\n\
        2,2026-01-01,b,Cap,1,10,SGD\n\
        3,2026-01-01,a,Hat,1,€10,SGD\n\
        4,2026-01-01,a,Hat,1,$10,SGD\n\
        5,2026-01-01,a,Hat,1,S$10,\n\
        6,2026-01-01,a,Hat,1,¥10,\n";
    let done = import(&app, "orders", text).await;
    assert_eq!(rows(&done), [8, 2, 0, 0, 6]);
    let found = refusals(&app, &done).await;
    let found: Vec<_> = found
        .iter()
        .map(|(l, c, v)| (*l, c.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (2, "order_incomplete", ""),
            (3, "currency_mixed", "JPY"),
            (4, "order_incomplete", ""),
            (5, "buyer_mixed", "b"),
            (6, "currency_mixed", "€10"),
            (9, "currency_mixed", "¥10"),
        ]
    );
}

both!(order_numbers_that_are_none_are_refused);
async fn order_numbers_that_are_none_are_refused(app: TestApp) {
    let app = app.signed_in().await;
    let text = "Order ID,Date,Customer ID,Product,Quantity,Unit price\n\
        null,2026-01-01,a,Hat,1,10\n\
        1.23457E+18,2026-01-01,a,Hat,1,10\n\
        0,2026-01-01,a,Hat,1,10\n\
        １２３４,2026-01-01,a,Hat,1,10\n\
        1234,2026-01-01,a,Cap,1,10\n";
    let done = import(&app, "orders", text).await;
    assert_eq!(rows(&done), [5, 3, 0, 0, 2]);
    assert_eq!(done["summary"]["orders_new"], 2);
    let codes: Vec<String> = refusals(&app, &done)
        .await
        .into_iter()
        .map(|one| one.1)
        .collect();
    assert_eq!(codes, ["order_number_missing", "digits_lost"]);
}

both!(the_same_rejected_rows_wait_once);
async fn the_same_rejected_rows_wait_once(app: TestApp) {
    let app = app.signed_in().await;
    let waiting = async || app.get("/api/status").await.ok()["rejected_rows"].clone();
    let text =
        "Order ID,Date,Customer ID,Total\n1,2026-01-01,a,10\n2,someday,a,10\n3,2026-01-01,a,much\n";
    let first = import(&app, "orders", text).await;
    assert_eq!(waiting().await, 2);
    let second = import(&app, "orders", text).await;
    assert_eq!(rows(&second), [3, 0, 0, 1, 2]);
    assert_eq!(waiting().await, 2);
    assert_eq!(first["rows"]["rejected"], 2);
    let path = format!("/api/imports/{}/rejects", first["id"].as_str().unwrap());
    let moved = &app.get(&path).await.ok()["items"][0];
    assert_eq!(
        (&moved["resolved"], &moved["waits_in"]),
        (&json!(true), &second["id"])
    );
    // One is mended where it waits now; the whole file once more asks for the other only.
    let path = format!(
        "/api/imports/{}/rejects/retry",
        second["id"].as_str().unwrap()
    );
    let mended = json!({ "rows": [{ "line": 3, "cells": ["2", "2026-01-02", "a", "10"] }] });
    app.post(&path, mended).await.ok();
    clientele::jobs::drain(&app.app).await.unwrap();
    assert_eq!(waiting().await, 1);
    // Mended badly, it waits where it waited.
    let badly = json!({ "rows": [{ "line": 4, "cells": ["3", "2026-01-02", "a", "lots"] }] });
    let child = app.post(&path, badly).await.ok();
    clientele::jobs::drain(&app.app).await.unwrap();
    let path = format!("/api/imports/{}/rejects", child["id"].as_str().unwrap());
    let again = &app.get(&path).await.ok()["items"][0];
    assert_eq!(
        (&again["resolved"], &again["waits_in"]),
        (&json!(true), &second["id"])
    );
    assert_eq!(waiting().await, 1);
    import(&app, "orders", text).await;
    assert_eq!(waiting().await, 1);
}

both!(what_is_left_out_of_a_person_is_counted);
async fn what_is_left_out_of_a_person_is_counted(app: TestApp) {
    let app = app.signed_in().await;
    let text = "Customer ID,Name,Phone,Email,Birthday\n\
        1,Ann,12,ann@x.com,1990-02-29\n\
        2,Bo,138****8000,bo at x,1990-02-28\n\
        3,Cy,13800138000,a@example.com,\n";
    let done = import(&app, "customers", text).await;
    assert_eq!(rows(&done), [3, 3, 0, 0, 0]);
    assert_eq!(
        done["summary"]["unread"],
        json!({ "birth_date": 1, "email": 1, "phone": 1 })
    );
    let found = app.get("/api/lookup?q=a@example.com").await.ok();
    assert_eq!(found["items"][0]["name"], "Cy");
    // A mainland mobile is one in Singapore too.
    let found = app.get("/api/lookup?q=13800138000").await.ok();
    assert_eq!(found["items"][0]["name"], "Cy");
}

both!(only_what_is_paid_is_net_sales);
async fn only_what_is_paid_is_net_sales(app: TestApp) {
    let app = app.signed_in().await;
    let text = "Order ID,Date,Customer ID,Total,Status\n1,2026-01-01,a,10,paid\n\
        2,2026-01-01,a,50,pending\n3,2026-01-01,a,70,unpaid\n4,2026-01-01,a,90,cancelled\n";
    import(&app, "orders", text).await;
    let status = app.get("/api/status").await.ok();
    assert_eq!(status["net_sales"], json!({ "SGD": "10.00" }));
}

both!(an_upload_under_a_known_key_is_the_same_bytes);
async fn an_upload_under_a_known_key_is_the_same_bytes(app: TestApp) {
    let app = app.signed_in().await;
    let send = async |bytes: &'static str| {
        let key = [("idempotency-key", "k1")];
        app.send(
            Method::POST,
            "/api/uploads?name=a.csv",
            &key,
            Body::from(bytes),
        )
        .await
    };
    let first = send("Order ID\nA1\n").await.ok();
    assert_eq!(send("Order ID\nA1\n").await.ok(), first);
    send("Order ID\nB1\n")
        .await
        .refused(422, "idempotency_key_reused");
}

both!(a_repeated_key_has_the_first_answer);
async fn a_repeated_key_has_the_first_answer(app: TestApp) {
    let app = app.signed_in().await;
    let again = async |path: &str, body: Value| app.post_once(path, path, body).await.ok();
    let store = json!({ "code": "S1", "name": "Bugis", "country": "SG" });
    let person = |name: &str| json!({ "name": name, "identifiers": [] });
    let first = again("/api/stores", store.clone()).await;
    let mei = again("/api/customers", person("Mei Lin")).await;
    let other = app.post("/api/customers", person("Mei Lim")).await.ok();
    let pair = json!({ "winner_id": mei["id"], "loser_id": other["id"] });
    let merge = again("/api/merges", pair.clone()).await;
    let graded = again("/api/grades/run", json!({})).await;
    app.settle().await;

    for (noun, id) in [("customers", &mei["id"]), ("stores", &first["id"])] {
        let path = format!("/api/{noun}/{}", id.as_str().unwrap());
        let version = app.get(&path).await.ok()["version"].clone();
        let name = json!({ "name": "Somebody or something else" });
        app.patch(&path, &format!("\"v{version}\""), name)
            .await
            .ok();
    }
    let path = format!("/api/merges/{}/undo", merge["id"].as_str().unwrap());
    app.post(&path, json!({})).await.ok();
    assert_eq!(again("/api/stores", store).await, first);
    assert_eq!(again("/api/customers", person("Mei Lin")).await, mei);
    assert_eq!(again("/api/merges", pair).await, merge);
    assert_eq!(again("/api/grades/run", json!({})).await, graded);
}

/// A workbook whose numbers are spelt out, as libraries write them.
fn workbook_of_long_numbers() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let notes = book.add_worksheet().set_name("Notes").unwrap();
    notes.write(0, 0, "Sales of January").unwrap();
    let sheet = book.add_worksheet().set_name("Orders").unwrap();
    for (column, name) in ["Order ID", "Date", "Customer ID", "Total"]
        .into_iter()
        .enumerate()
    {
        sheet.write(0, column as u16, name).unwrap();
    }
    for (row, customer) in [(1, "a"), (2, "b")] {
        sheet.write(row, 0, f64::from(row) + 111.0).unwrap();
        sheet.write(row, 1, "2026-01-01").unwrap();
        sheet.write(row, 2, customer).unwrap();
        sheet.write(row, 3, 10).unwrap();
    }
    respell(
        &book.save_to_buffer().unwrap(),
        &[
            ("<v>112</v>", "<v>1234567890123456789</v>"),
            ("<v>113</v>", "<v>1234567890123456788</v>"),
        ],
    )
}

/// The same zip with other text in its sheets.
fn respell(bytes: &[u8], words: &[(&str, &str)]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut part = Vec::new();
        entry.read_to_end(&mut part).unwrap();
        if name.starts_with("xl/worksheets/") {
            let mut text = String::from_utf8(part).unwrap();
            for (old, new) in words {
                text = text.replace(old, new);
            }
            part = text.into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&part).unwrap();
    }
    to.finish().unwrap().into_inner()
}

both!(long_numbers_of_a_workbook_keep_their_digits);
async fn long_numbers_of_a_workbook_keep_their_digits(app: TestApp) {
    let app = app.signed_in().await;
    // The notes before the orders are passed over.
    let bytes = workbook_of_long_numbers();
    let done = import_with(&app, "orders", "shop", &bytes, json!({})).await;
    accounted(&done);
    assert_eq!(rows(&done), [2, 2, 0, 0, 0]);
    assert_eq!(done["summary"]["orders_new"], 2);
}

/// The quantity and the date of the one order there is.
async fn the_order(app: &TestApp) -> (i64, String) {
    let rows = order::Entity::find().all(app.app.db.read()).await.unwrap();
    assert_eq!(rows.len(), 1);
    (rows[0].units, rows[0].business_date.clone())
}

both!(a_file_that_comes_again_is_known_by_its_rows);
async fn a_file_that_comes_again_is_known_by_its_rows(app: TestApp) {
    let app = app.signed_in().await;
    let file = |quantity: &str| {
        format!(
            "Order ID,Order Date,SKU,Product,Quantity,Unit Price\n7,05/06/2026,A,Cup,{quantity},2\n"
        )
    };
    let orders = async |text: &str, date_order: &str| {
        let more = json!({ "options": { "date_order": date_order, "currency": "SGD" } });
        let done = import_with(&app, "orders", "shop", text.as_bytes(), more).await;
        accounted(&done);
        done
    };
    let first = orders(&file("1"), "dmy").await;
    assert_eq!(rows(&first), [1, 1, 0, 0, 0]);
    assert_eq!(rows(&orders(&file("1"), "dmy").await), [1, 0, 0, 1, 0]);
    // The same rows read in another way say something else.
    assert_eq!(rows(&orders(&file("1"), "mdy").await), [1, 0, 1, 0, 0]);
    assert_eq!(the_order(&app).await, (1, "2026-05-06".to_owned()));
    assert_eq!(rows(&orders(&file("1"), "dmy").await), [1, 0, 1, 0, 0]);

    // What was taken back is news when it comes again.
    let second = orders(&file("2"), "dmy").await;
    assert_eq!(the_order(&app).await, (2, "2026-06-05".to_owned()));
    let path = format!("/api/imports/{}/undo", second["id"].as_str().unwrap());
    app.post(&path, json!({})).await.ok();
    app.settle().await;
    assert_eq!(the_order(&app).await.0, 1);
    assert_eq!(rows(&orders(&file("1"), "dmy").await), [1, 0, 0, 1, 0]);
    assert_eq!(rows(&orders(&file("2"), "dmy").await), [1, 0, 1, 0, 0]);
    assert_eq!(the_order(&app).await.0, 2);

    // The same content written in another way changes nothing either.
    assert_eq!(rows(&orders(&file("2.0"), "dmy").await), [1, 0, 0, 1, 0]);
    // What cannot be read is told every time.
    let unread = "Order ID,Order Date,Phone,SKU,Product,Quantity,Unit Price\n\
                  8,05/06/2026,n0t a phone,A,Cup,1,2\n";
    for _ in 0..2 {
        let done = orders(unread, "dmy").await;
        assert_eq!(done["summary"]["unread"]["phone"], 1, "{done}");
    }
}
