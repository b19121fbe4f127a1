//! Imports: reading, matching, refusing, repeating, resuming, undoing.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use clientele::{
    features::{
        customers::entity::{customer, identifier, merge},
        imports::entity::import,
        orders::entity::{line, order},
        products::entity::product,
        settings::{Rate, put_rates},
        stores::entity::store,
    },
    jobs,
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};

use crate::support::TestApp;

async fn upload(app: &TestApp, name: &str, bytes: &[u8]) -> String {
    let path = format!("/api/uploads?name={name}");
    let answer = app
        .send(Method::POST, &path, &[], Body::from(bytes.to_vec()))
        .await;
    answer.ok()["id"].as_str().unwrap().to_owned()
}

async fn begin(app: &TestApp, kind: &str, source: &str, bytes: &[u8], more: Value) -> Value {
    let mut body = json!({ "upload_id": upload(app, "file.csv", bytes).await, "kind": kind, "source": source });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    app.post("/api/imports", body).await.ok()
}

/// Uploads, imports to the end, and answers the import.
pub async fn import_with(
    app: &TestApp,
    kind: &str,
    source: &str,
    bytes: &[u8],
    more: Value,
) -> Value {
    let begun = begin(app, kind, source, bytes, more).await;
    jobs::drain(&app.app).await.unwrap();
    show(app, &begun).await
}

async fn import_file(app: &TestApp, kind: &str, bytes: &[u8]) -> Value {
    import_with(app, kind, "shop", bytes, json!({})).await
}

async fn show(app: &TestApp, import: &Value) -> Value {
    app.get(&format!("/api/imports/{}", import["id"].as_str().unwrap()))
        .await
        .ok()
}

pub fn rows(import: &Value) -> [i64; 5] {
    ["total", "new", "updated", "unchanged", "rejected"]
        .map(|key| import["rows"][key].as_i64().unwrap())
}

#[track_caller]
pub fn accounted(import: &Value) {
    let [total, new, updated, unchanged, rejected] = rows(import);
    assert_eq!(import["state"], "done", "{import}");
    assert_eq!(new + updated + unchanged + rejected, total, "{import}");
}

async fn orders(app: &TestApp) -> BTreeMap<String, order::Model> {
    let all = order::Entity::find().all(app.app.db.read()).await.unwrap();
    all.into_iter()
        .map(|row| (row.external_id.clone(), row))
        .collect()
}

/// Everything imports write, as text to compare.
async fn state(app: &TestApp) -> String {
    let read = app.app.db.read();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        order::Entity::find()
            .order_by_asc(order::Column::Id)
            .all(read)
            .await
            .unwrap(),
        line::Entity::find()
            .order_by_asc(line::Column::OrderId)
            .order_by_asc(line::Column::LineNo)
            .all(read)
            .await
            .unwrap(),
        customer::Entity::find()
            .order_by_asc(customer::Column::Id)
            .all(read)
            .await
            .unwrap(),
        identifier::Entity::find()
            .order_by_asc(identifier::Column::Id)
            .all(read)
            .await
            .unwrap(),
        product::Entity::find()
            .order_by_asc(product::Column::Id)
            .all(read)
            .await
            .unwrap(),
        store::Entity::find()
            .order_by_asc(store::Column::Id)
            .all(read)
            .await
            .unwrap(),
        merge::Entity::find()
            .order_by_asc(merge::Column::Id)
            .all(read)
            .await
            .unwrap(),
    )
}

const PLATFORM: &str = "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,联系手机,订单创建时间,宝贝标题 ,宝贝总数量,店铺名称\r\n\
\"=\"\"3871234567890123456\"\"\",青青草,138****8000,199.00,0.00,199.00,189.05,买家已付款，等待卖家发货,李雷,'13800138000,2026-01-11 00:00:03,\"绿茶 250g, 礼盒\",1,旗舰店\r\n\
\"=\"\"3871234567890123457\"\"\",小溪,null,58.50,6.00,64.50,64.50,交易成功,\"韩\r\n梅梅\",'13900139000,2026/1/10 9:05,红茶,2,旗舰店\r\n\
\"=\"\"3871234567890123458\"\"\",王小二,wang@shop.example,20.00,0.00,20.00,0.00,交易关闭,王小二,'+86 137 0013 7000,2026-01-09 12:00:00,补差价,1,旗舰店\r\n";

both!(a_platform_export_is_read_as_it_is);
async fn a_platform_export_is_read_as_it_is(app: TestApp) {
    let app = app.signed_in().await;
    put_cny_rate(&app).await;
    let (bytes, _, lossy) = encoding_rs::GBK.encode(PLATFORM);
    assert!(!lossy);
    let preview = app
        .post(
            "/api/imports/preview",
            json!({ "upload_id": upload(&app, "t.csv", &bytes).await, "kind": "orders" }),
        )
        .await
        .ok();
    assert_eq!(preview["options"]["encoding"], "GB18030");
    assert_eq!(
        preview["options"]["mapping"]["order_paid"],
        "买家实际支付金额"
    );
    assert_eq!(preview["rows"][0][0], "3871234567890123456");

    let more = json!({ "options": { "currency": "CNY", "time_zone": "Asia/Shanghai" } });
    let done = import_with(&app, "orders", "tmall", &bytes, more.clone()).await;
    accounted(&done);
    assert_eq!(rows(&done), [3, 3, 0, 0, 0]);
    let orders = orders(&app).await;
    let first = &orders["3871234567890123456"];
    assert_eq!(
        (first.net, first.gross, first.discount, first.shipping),
        (18_905, 19_900, 995, 0)
    );
    assert_eq!(
        (first.status.as_str(), first.business_date.as_str()),
        ("paid", "2026-01-11")
    );
    assert_eq!(
        (first.currency.as_str(), first.reporting_net),
        ("CNY", 3_592)
    );
    let second = &orders["3871234567890123457"];
    assert_eq!((second.net, second.shipping, second.units), (5_850, 600, 2));
    assert_eq!(second.recipient.as_deref(), Some("韩\r\n梅梅"));
    assert_eq!(orders["3871234567890123458"].status, "cancelled");
    // A recipient's phone and a masked one are nobody's keys.
    let keys = identifier::Entity::find()
        .all(app.app.db.read())
        .await
        .unwrap();
    let mut kinds: Vec<&str> = keys.iter().map(|row| row.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["email", "external", "external", "external"]);

    let (utf8, before) = (format!("\u{feff}{PLATFORM}"), state(&app).await);
    let again = import_with(&app, "orders", "tmall", utf8.as_bytes(), more).await;
    assert_eq!(rows(&again), [3, 0, 0, 3, 0]);
    assert_eq!(state(&app).await, before);
}

async fn put_cny_rate(app: &TestApp) {
    let rate = |currency: &str, rate: &str| Rate {
        currency: currency.to_owned(),
        valid_from: "2000-01-01".to_owned(),
        rate: rate.to_owned(),
    };
    let rates = vec![rate("CNY", "0.19"), rate("GBP", "1.7")];
    app.app
        .db
        .write(&app.app.system_ctx(), move |tx| {
            let rates = rates.clone();
            Box::pin(async move { put_rates(tx, &rates).await })
        })
        .await
        .unwrap();
}

const TILL: &str = "Receipt,Date,Store,Member card,Phone,SKU,Item,Qty,Unit price,Discount\n\
1001,2026-02-01 10:00,Orchard,C1,+6581234567,A,Tea,2,4.50,0\n\
1001,2026-02-01 10:00,Orchard,C1,+6581234567,B,Cup,1,12.00,2.00\n\
1002,2026-02-01 11:30,Orchard,,,A,Tea,1,4.50,0\n\
1003,2026-02-02 09:15,Tampines,C2,+6591234567,A,Tea,3,4.50,0\n\
1001,2026-02-01 10:00,Orchard,C1,+6581234567,C,Spoon,1,0.333,0\n";

both!(lines_become_orders_wherever_they_stand);
async fn lines_become_orders_wherever_they_stand(app: TestApp) {
    let app = app.signed_in().await;
    let done = import_file(&app, "orders", TILL.as_bytes()).await;
    accounted(&done);
    assert_eq!(rows(&done), [5, 5, 0, 0, 0]);
    assert_eq!(done["summary"]["orders_new"], 3);
    let orders = orders(&app).await;
    let first = &orders["1001"];
    assert_eq!(
        (first.net, first.net_residue, first.discount, first.units),
        (1_933, 300_000, 200, 4)
    );
    let lines = line::Entity::find()
        .filter(line::Column::OrderId.eq(first.id))
        .all(app.app.db.read())
        .await
        .unwrap();
    assert_eq!(lines.iter().map(|row| row.net).sum::<i64>(), first.net);
    assert_eq!(orders["1002"].customer_id, None);
    assert_ne!(first.store_id, orders["1003"].store_id);
    assert_eq!(
        first.ordered_at,
        "2026-02-01T02:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_microsecond()
    );

    // A changed order is an update; the others stay.
    let changed = TILL.replace(
        "Tampines,C2,+6591234567,A,Tea,3",
        "Tampines,C2,+6591234567,A,Tea,4",
    );
    let again = import_file(&app, "orders", changed.as_bytes()).await;
    assert_eq!(rows(&again), [5, 0, 1, 4, 0]);
    app.post(
        &format!("/api/imports/{}/undo", again["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(show(&app, &again).await["state"], "undone");
    let restored = order::Entity::find()
        .filter(order::Column::ExternalId.eq("1003"))
        .one(app.app.db.read())
        .await;
    assert_eq!(restored.unwrap().unwrap().net, 1_350);
}

both!(a_rehearsal_writes_nothing_and_then_happens);
async fn a_rehearsal_writes_nothing_and_then_happens(app: TestApp) {
    let app = app.signed_in().await;
    let before = state(&app).await;
    let rehearsed = import_with(
        &app,
        "orders",
        "shop",
        TILL.as_bytes(),
        json!({ "dry_run": true }),
    )
    .await;
    accounted(&rehearsed);
    assert_eq!(state(&app).await, before);
    assert_eq!(rehearsed["summary"]["customers_new"], 2);
    assert_eq!(rehearsed["can"], json!(["run"]));
    app.post(
        &format!("/api/imports/{}/run", rehearsed["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    jobs::drain(&app.app).await.unwrap();
    let done = show(&app, &rehearsed).await;
    accounted(&done);
    assert_eq!(done["summary"], rehearsed["summary"]);
    assert_eq!(orders(&app).await.len(), 3);
}

both!(rejected_rows_are_mended);
async fn rejected_rows_are_mended(app: TestApp) {
    let app = app.signed_in().await;
    let text = TILL
        .replace("1,4.50,0\n1003", "1,many,0\n1003")
        .replace("2,4.50", "two,4.50")
        .replace("2026-02-02 09:15", "2026-02-30 09:15");
    let done = import_file(&app, "orders", text.as_bytes()).await;
    accounted(&done);
    assert_eq!(rows(&done), [5, 0, 0, 0, 5]);
    let id = done["id"].as_str().unwrap();
    let rejects = app.get(&format!("/api/imports/{id}/rejects")).await.ok();
    let told: Vec<(i64, &str, &str)> = rejects["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["line"].as_i64().unwrap(),
                row["code"].as_str().unwrap(),
                row["field"].as_str().unwrap(),
            )
        })
        .collect();
    let wanted = [
        (2, "quantity_invalid", "quantity"),
        (3, "order_incomplete", ""),
        (4, "amount_invalid", "unit_price"),
        (5, "date_invalid", "ordered_at"),
        (6, "order_incomplete", ""),
    ];
    assert_eq!(told, wanted);
    assert_eq!(rejects["columns"][0], "Receipt");
    let csv = app.get(&format!("/api/imports/{id}/rejects.csv")).await;
    assert!(
        csv.text()
            .contains("two,4.50,0,2,quantity_invalid,quantity,two"),
        "{}",
        csv.text()
    );

    // Mending the row at fault brings the whole order; a row still wrong waits with its new text.
    let mended = json!({ "rows": [
        { "line": 2, "cells": ["1001", "2026-02-01 10:00", "Orchard", "C1", "+6581234567", "A", "Tea", "2", "4.50", "0"] },
        { "line": 4, "cells": ["1002", "2026-02-01 11:30", "Orchard", "", "", "A", "Tea", "1", "few", "0"] },
    ] });
    let child = app
        .post(&format!("/api/imports/{id}/rejects/retry"), mended)
        .await
        .ok();
    jobs::drain(&app.app).await.unwrap();
    let child = show(&app, &child).await;
    accounted(&child);
    assert_eq!(rows(&child), [4, 3, 0, 0, 1]);
    assert_eq!(orders(&app).await["1001"].net, 1_933);
    let rejects = app.get(&format!("/api/imports/{id}/rejects")).await.ok();
    let open: Vec<i64> = rejects["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["resolved"] == false)
        .map(|row| row["line"].as_i64().unwrap())
        .collect();
    assert_eq!(open, [4, 5]);
    assert_eq!(rejects["items"][2]["cells"][8], "few");
    assert_eq!(app.get("/api/status").await.ok()["rejected_rows"], 2);
}

both!(what_cannot_be_converted_is_refused);
async fn what_cannot_be_converted_is_refused(app: TestApp) {
    let app = app.signed_in().await;
    let text = "Order number,Date,Customer ID,Total,Currency\n1,2026-01-01,a,10,SGD\n2,2026-01-01,a,10,GBP\n3,2026-01-01,a,10,XXX\n";
    let done = import_file(&app, "orders", text.as_bytes()).await;
    assert_eq!(rows(&done), [3, 1, 0, 0, 2]);
    let rejects = app
        .get(&format!(
            "/api/imports/{}/rejects",
            done["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(rejects["items"][0]["code"], "rate_missing");
    assert_eq!(rejects["items"][0]["params"]["currency"], "GBP");
    assert_eq!(rejects["items"][1]["code"], "currency_unknown");
}

const MEMBERS: &str = "会员卡号,姓名,手机号,生日,性别,门店\n\
0062000001,李雷,13800138000,1990-02-28,男,南京西路店\n\
0062000002,韩梅梅,+86-139 0013 9000,1988/8/8,女,万象城店\n\
0062000003,欧阳 娜娜,８６１３７００１３７０００,08-08,未知,\n\
0062000004,王芳,138****8000,,女,\n";

both!(members_and_their_orders_are_one_person);
async fn members_and_their_orders_are_one_person(app: TestApp) {
    let app = app.signed_in().await;
    put_cny_rate(&app).await;
    let (bytes, _, _) = encoding_rs::GB18030.encode(MEMBERS);
    let members = import_with(&app, "customers", "crm", &bytes, json!({})).await;
    accounted(&members);
    assert_eq!(rows(&members), [4, 4, 0, 0, 0]);
    let again = import_with(&app, "customers", "crm", MEMBERS.as_bytes(), json!({})).await;
    assert_eq!(rows(&again), [4, 0, 0, 4, 0]);

    let till = "小票号,销售日期,会员卡号,手机号,姓名,金额(元)\n1,2026-01-05 10:00,62-000,13800138000,李雷,20.00\n\
                2,2026-01-05 11:00,0062000002,,,30.00\n3,2026-01-06,,13800138000,张三丰,5.00\n";
    let options = json!({ "options": { "currency": "CNY" } });
    accounted(&import_with(&app, "orders", "pos", till.as_bytes(), options).await);
    let orders = orders(&app).await;
    let named: BTreeMap<i64, String> = customer::Entity::find()
        .all(app.app.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    assert_eq!(named[&orders["1"].customer_id.unwrap()], "李雷");
    assert_eq!(named[&orders["2"].customer_id.unwrap()], "韩梅梅");
    // Somebody else on the same phone is somebody else.
    assert_eq!(named[&orders["3"].customer_id.unwrap()], "张三丰");
}

both!(undoing_gives_back_the_state_before);
async fn undoing_gives_back_the_state_before(app: TestApp) {
    let app = app.signed_in().await;
    import_file(&app, "orders", TILL.as_bytes()).await;
    let before = state(&app).await;
    let second = TILL
        .replace(
            "1003,2026-02-02 09:15,Tampines,C2",
            "1004,2026-02-03 09:15,Bugis,C3",
        )
        .replace("B,Cup,1", "B,Cup,2")
        .replace(
            "1002,2026-02-01 11:30,Orchard,,,A",
            "1005,2026-02-05 11:30,Orchard,C1,+6581112222,D",
        );
    let done = import_file(&app, "orders", second.as_bytes()).await;
    accounted(&done);
    assert_ne!(state(&app).await, before);
    app.post(
        &format!("/api/imports/{}/undo", done["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    jobs::drain(&app.app).await.unwrap();
    let undone = show(&app, &done).await;
    assert_eq!(
        (&undone["state"], &undone["summary"]["kept_after_undo"]),
        (&json!("undone"), &json!([]))
    );
    assert_eq!(state(&app).await, before);
    app.post(
        &format!("/api/imports/{}/undo", done["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .refused(409, "import_not_undoable");
}

both!(undoing_keeps_what_somebody_edited);
async fn undoing_keeps_what_somebody_edited(app: TestApp) {
    let app = app.signed_in().await;
    let done = import_file(
        &app,
        "customers",
        "id,name,email\n1,Ann,ann@mail.example\n2,Bob,bob@mail.example\n".as_bytes(),
    )
    .await;
    let now = app.app.env.now().as_microsecond();
    app.app
        .db
        .write(&app.app.system_ctx(), move |tx| {
            Box::pin(async move {
                let edit = customer::ActiveModel {
                    version: Set(2),
                    edited_at: Set(Some(now)),
                    ..Default::default()
                };
                customer::Entity::update_many()
                    .set(edit)
                    .filter(customer::Column::Name.eq("Ann"))
                    .exec(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    app.post(
        &format!("/api/imports/{}/undo", done["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    jobs::drain(&app.app).await.unwrap();
    let undone = show(&app, &done).await;
    let kept = undone["summary"]["kept_after_undo"].as_array().unwrap();
    assert_eq!(
        (kept.len(), &kept[0]["name"], &kept[0]["noun"]),
        (1, &json!("Ann"), &json!("customer"))
    );
    assert_eq!(
        customer::Entity::find()
            .all(app.app.db.read())
            .await
            .unwrap()
            .len(),
        1
    );
}

fn many_orders(count: usize) -> String {
    let mut text = "Order number,Date,Customer ID,SKU,Quantity,Unit price\n".to_owned();
    for number in 0..count {
        let customer = number % 700;
        text.push_str(&format!(
            "{number},2026-01-0{},c{customer},A,1,1.25\n",
            number % 9 + 1
        ));
        text.push_str(&format!(
            "{number},2026-01-0{},c{customer},B,2,{}\n",
            number % 9 + 1,
            if number % 1000 == 999 { "x" } else { "0.5" }
        ));
    }
    text
}

both!(a_killed_import_goes_on_where_it_was);
async fn a_killed_import_goes_on_where_it_was(app: TestApp) {
    let app = app.signed_in().await;
    let text = many_orders(9_000);
    let begun = begin(&app, "orders", "shop", text.as_bytes(), json!({})).await;
    let mut commits = app.app.db.commits();
    let worker = tokio::spawn({
        let app = app.app.clone();
        async move { jobs::drain(&app).await }
    });
    // The worker goes the moment some of its work is on disk.
    let mut rows_done = 0;
    while rows_done == 0 {
        commits.changed().await.unwrap();
        rows_done = import::Entity::find()
            .one(app.app.db.read())
            .await
            .unwrap()
            .unwrap()
            .rows_done;
    }
    worker.abort();
    let _ = worker.await;
    jobs::recover(&app.app).await.unwrap();
    jobs::drain(&app.app).await.unwrap();
    let done = show(&app, &begun).await;
    accounted(&done);
    assert_eq!(rows(&done), [18_000, 17_982, 0, 0, 18]);
    assert_eq!(orders(&app).await.len(), 8_991);
    assert_eq!(
        customer::Entity::find()
            .all(app.app.db.read())
            .await
            .unwrap()
            .len(),
        700
    );
}

both!(a_cancelled_import_can_go_on);
async fn a_cancelled_import_can_go_on(app: TestApp) {
    let app = app.signed_in().await;
    let begun = begin(
        &app,
        "orders",
        "shop",
        many_orders(100).as_bytes(),
        json!({}),
    )
    .await;
    let path = format!("/api/imports/{}", begun["id"].as_str().unwrap());
    let cancelled = app.post(&format!("{path}/cancel"), json!({})).await.ok();
    assert_eq!(cancelled["state"], "cancelled");
    jobs::drain(&app.app).await.unwrap();
    assert!(orders(&app).await.is_empty());
    app.post(&format!("{path}/resume"), json!({})).await.ok();
    jobs::drain(&app.app).await.unwrap();
    accounted(&show(&app, &begun).await);
    assert_eq!(orders(&app).await.len(), 100);
}

both!(products_and_stores_come_as_lists);
async fn products_and_stores_come_as_lists(app: TestApp) {
    let app = app.signed_in().await;
    let stores = "门店编码,门店名称,国家,币种,时区,日结时间\nS1,南京西路店,中国,CNY,Asia/Shanghai,240\nS2,Orchard,SG,SGD,Mars/One,\n";
    let done = import_file(&app, "stores", stores.as_bytes()).await;
    assert_eq!(rows(&done), [2, 1, 0, 0, 1]);
    let products = "SKU,Name,Category\nA,Tea,Drinks\nB,Cup,Ware\n";
    assert_eq!(
        rows(&import_file(&app, "products", products.as_bytes()).await),
        [2, 2, 0, 0, 0]
    );
    let changed = products.replace("Tea", "Green tea");
    assert_eq!(
        rows(&import_file(&app, "products", changed.as_bytes()).await),
        [2, 0, 1, 1, 0]
    );
    put_cny_rate(&app).await;
    // Two in the morning belongs to the day before where the day ends at four.
    let night = "Order number,Date,Store,SKU,Quantity,Unit price\n1,2026-01-02 02:00,S1,A,1,9.9\n";
    let options = json!({ "options": { "currency": "CNY" } });
    accounted(&import_with(&app, "orders", "shop", night.as_bytes(), options).await);
    let orders = orders(&app).await;
    assert_eq!(orders["1"].business_date, "2026-01-01");
    assert_eq!(
        orders["1"].ordered_at,
        "2026-01-01T18:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_microsecond()
    );
    assert_eq!(
        store::Entity::find()
            .all(app.app.db.read())
            .await
            .unwrap()
            .len(),
        1
    );
}

both!(refusals_tell_what_to_do);
async fn refusals_tell_what_to_do(app: TestApp) {
    let mut app = app.signed_in().await;
    let check = async |bytes: &[u8], more: Value, code: &str| {
        let mut body = json!({ "upload_id": upload(&app, "x", bytes).await, "kind": "orders" });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        app.post("/api/imports", body).await.refused(422, code);
    };
    check(b"", json!({}), "file_empty").await;
    check(b"\x00\x01\x02\x03\x00\xff\x00", json!({}), "file_binary").await;
    check(b"foo,bar\n1,2\n", json!({}), "field_missing").await;
    check(TILL.as_bytes(), json!({ "kind": "pets" }), "kind_unknown").await;
    check(
        TILL.as_bytes(),
        json!({ "source": "a:b" }),
        "source_invalid",
    )
    .await;
    check(
        TILL.as_bytes(),
        json!({ "options": { "currency": "ABC" } }),
        "currency_unknown",
    )
    .await;
    check(
        TILL.as_bytes(),
        json!({ "options": { "country": "ZZ" } }),
        "country_unknown",
    )
    .await;
    check(
        TILL.as_bytes(),
        json!({ "options": { "mapping": { "nonsense": "Qty" } } }),
        "field_unknown",
    )
    .await;
    check(
        TILL.as_bytes(),
        json!({ "options": { "mapping": { "sku": "Nowhere" } } }),
        "column_unknown",
    )
    .await;
    app.cookie = None;
    app.get("/api/imports").await.refused(401, "not_signed_in");
}

both!(every_row_has_an_outcome);
async fn every_row_has_an_outcome(app: TestApp) {
    let app = app.signed_in().await;
    let cell = |words: &'static str| proptest::sample::select(words.split('|').collect::<Vec<_>>());
    let row = (
        cell("1|2|3|4|C5|A6|"),
        cell("2026-01-01|2026-13-01|01/02/2026 10:00|"),
        cell("a|b||null"),
        cell("1|-2|0.5|x|1e99"),
        cell("9.99|0|-3|abc|"),
    );
    let table = proptest::collection::vec(row, 0..60);
    let mut runner = TestRunner::deterministic();
    for round in 0..12 {
        let drawn = table.new_tree(&mut runner).unwrap().current();
        let mut text =
            "Order number,Date,Customer ID,Quantity,Unit price\n9,2026-01-01,z,1,1\n".to_owned();
        let mut expected = 1;
        for (number, date, customer, quantity, price) in drawn {
            text.push_str(&format!("{number},{date},{customer},{quantity},{price}\n"));
            expected += 1;
        }
        let source = format!("s{}", round / 2);
        let done = import_with(&app, "orders", &source, text.as_bytes(), json!({})).await;
        accounted(&done);
        assert_eq!(rows(&done)[0], expected);
        let again = import_with(&app, "orders", &source, text.as_bytes(), json!({})).await;
        let [_, new, updated, _, rejected] = rows(&again);
        assert_eq!(
            (new, updated, rejected),
            (0, 0, rows(&done)[4]),
            "the same file twice changes nothing"
        );
    }
}
