//! Customers: typed in, edited, listed, looked up, exported.

use clientele::features::{
    customers::{NewCustomer, NewIdentifier, insert_customers},
    grades::entity::grade,
};
use clientele_domain::{id::CustomerId, identity::KeyKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};

use crate::support::TestApp;

async fn create(app: &TestApp, body: Value) -> Value {
    app.post("/api/customers", body).await.ok()
}

fn keyed(name: &str, kind: &str, value: &str) -> Value {
    json!({ "name": name, "identifiers": [{ "kind": kind, "value": value }] })
}

both!(a_customer_is_typed_in_and_edited);
async fn a_customer_is_typed_in_and_edited(app: TestApp) {
    let app = app.signed_in().await;
    let body = json!({
        "given_name": "雷", "family_name": "李", "gender": "male", "birth_date": "--08-08",
        "country": "sg", "city": " Singapore ", "note": null,
        "identifiers": [{ "kind": "phone", "value": "9123 4567", "verified": true },
            { "kind": "email", "value": "Li.Lei@Example.CN" }],
    });
    let made = app.post_once("/api/customers", "c1", body.clone()).await;
    let customer = made.ok();
    assert_eq!(made.status, 201);
    assert_eq!(customer["number"], "1001");
    assert_eq!(
        (&customer["name"], &customer["country"]),
        (&json!("李雷"), &json!("SG"))
    );
    assert_eq!(
        (&customer["city"], &customer["note"]),
        (&json!("Singapore"), &Value::Null)
    );
    assert_eq!(customer["phone_masked"], "+65******67");
    assert_eq!(customer["email_masked"], "l***@example.cn");
    assert_eq!(customer["identifiers"][0]["value"], "+6591234567");
    assert_eq!(customer["grade"], Value::Null);
    assert_eq!(
        app.post_once("/api/customers", "c1", body).await.ok()["id"],
        customer["id"]
    );

    let path = format!("/api/customers/{}", customer["id"].as_str().unwrap());
    let version = app.get(&path).await.version();
    assert_eq!(version, "\"v1\"");
    let change = json!({ "city": null, "family_name": "王", "identifiers": [
        { "kind": "phone", "value": "+65 9123 4567" }, { "kind": "card", "value": "vip-1" }] });
    let changed = app.patch(&path, &version, change).await;
    let row = changed.ok();
    assert_eq!((&row["name"], &row["city"]), (&json!("王雷"), &Value::Null));
    let keys: Vec<&str> = row["identifiers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["value"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["+6591234567", "VIP1"]);
    assert_eq!(row["identifiers"][0]["verified"], false);
    app.patch(&path, &version, json!({ "city": "x" }))
        .await
        .refused(412, "stale");
    let edits = app.get(&format!("{path}/timeline?kind=edit")).await.ok();
    assert_eq!(
        edits["items"][0]["fields"],
        json!(["name", "family_name", "city", "identifiers"])
    );
    assert_eq!(edits["items"][0]["actor"], "Wei Chen");
    let audit = app.get("/api/audit?noun=customer").await.ok();
    assert!(
        !audit.to_string().contains("王"),
        "the audit log holds no personal data"
    );
}

both!(what_does_not_fit_is_refused);
async fn what_does_not_fit_is_refused(app: TestApp) {
    let app = app.signed_in().await;
    let check = async |field: &str, value: Value, code: &str| {
        let mut body = json!({ "name": "Li Lei" });
        body[field] = value;
        let answer = app.post("/api/customers", body).await;
        answer.refused(422, code);
        assert_eq!(answer.json()["field"], field);
    };
    check("gender", json!("m"), "gender_unknown").await;
    check("birth_date", json!("1990-02-29"), "date_invalid").await;
    check("birth_date", json!("2026-03-16"), "date_invalid").await;
    check("country", json!("Singapore"), "country_unknown").await;
    check("language", json!("chinese"), "language_unknown").await;
    check("home_store_id", json!("sto_0000000000001"), "store_unknown").await;
    check("city", json!("x".repeat(501)), "text_too_long").await;
    let key = |kind: &str, value: &str| json!([{ "kind": kind, "value": value }]);
    check(
        "identifiers",
        key("phone", "138****8000"),
        "identifier_invalid",
    )
    .await;
    check("identifiers", key("email", "nobody"), "identifier_invalid").await;
    check("identifiers", key("card", "0000"), "identifier_invalid").await;
    check(
        "identifiers",
        key("external", "x:1"),
        "identifier_kind_unknown",
    )
    .await;
    app.post("/api/customers", json!({ "name": " " }))
        .await
        .refused(422, "customer_empty");
    app.post("/api/customers", json!({ "age": 3 }))
        .await
        .refused(422, "body_invalid");
    assert_eq!(app.get("/api/customers").await.ok()["total"]["count"], 0);
    app.get("/api/customers/cus_0000000000001")
        .await
        .refused(404, "not_found");
}

both!(a_key_names_one_person);
async fn a_key_names_one_person(app: TestApp) {
    let app = app.signed_in().await;
    let shop = json!({ "name": "Orchard", "country": "SG", "phone": "6734 5678" });
    app.post("/api/stores", shop).await.ok();
    let lei = create(&app, keyed("Li Lei", "phone", "+6591234567")).await;
    let card = create(&app, keyed("Han Mei", "card", "VIP-1")).await;

    // The same name on the same phone is the same person; a relative is not.
    let again = app
        .post("/api/customers", keyed("li lei", "phone", "+65 9123 4567"))
        .await;
    again.refused(409, "customer_exists");
    assert_eq!(again.json()["params"]["customer_id"], lei["id"]);
    create(&app, keyed("Wang Fang", "phone", "+6591234567")).await;

    let other = app
        .post("/api/customers", keyed("Wang Fang", "card", "vip1"))
        .await;
    other.refused(409, "customer_exists");
    assert_eq!(other.json()["params"]["customer_id"], card["id"]);
    app.post("/api/customers", keyed("Wang Fang", "phone", "+6567345678"))
        .await
        .refused(422, "identifier_of_store");
    let path = format!("/api/customers/{}", lei["id"].as_str().unwrap());
    let steal = json!({ "identifiers": [{ "kind": "card", "value": "VIP 1" }] });
    app.patch(&path, "\"v1\"", steal)
        .await
        .refused(409, "customer_exists");
    assert_eq!(app.get(&path).await.version(), "\"v1\"");
}

/// Seven customers with figures as a grading would leave them.
async fn graded(app: &TestApp) -> Vec<CustomerId> {
    let names = [
        "Li Lei",
        "李雷",
        "Zoë Müller",
        "100% Cotton_Fan",
        "Ann Lee",
        "王芳",
        "Bo",
    ];
    let key = |kind, value: &str| NewIdentifier {
        kind,
        value: value.to_owned(),
        raw: value.to_owned(),
        verified: false,
    };
    let people: Vec<NewCustomer> = names
        .iter()
        .enumerate()
        .map(|(at, name)| NewCustomer {
            source: "shop".to_owned(),
            name: (*name).to_owned(),
            country: ["SG", "CN"][at % 2].to_owned(),
            note: if at == 6 {
                "=HYPERLINK(\"http://x\")".to_owned()
            } else {
                String::new()
            },
            identifiers: vec![
                key(KeyKind::Phone, &format!("+6591230{at:03}")),
                key(KeyKind::Email, &format!("p{at}@example.com")),
                key(KeyKind::External, &format!("shop:17{at}")),
            ],
            ..NewCustomer::default()
        })
        .collect();
    let ctx = app.app.system_ctx();
    let written = app.app.db.write(&ctx, move |tx| {
        let people = people.clone();
        Box::pin(async move {
            let ids = insert_customers(tx, people).await?;
            for (at, id) in ids.iter().enumerate() {
                grade::Entity::update_many()
                    .set(grade::ActiveModel {
                        monetary: Set([500, 500, 100, 900, 500, 0, 100][at]),
                        frequency: Set([1, 2, 2, 3, 1, 0, 1][at]),
                        last_order: Set([
                            "2026-01-01",
                            "2026-02-01",
                            "",
                            "2026-01-01",
                            "2025-01-01",
                            "",
                            "2026-03-01",
                        ][at]
                            .to_owned()),
                        r: Set(at as i64 % 5 + 1),
                        f: Set(at as i64 % 2 + 1),
                        tier: Set(["gold", "", "silver", "gold", "", "", "silver"][at].to_owned()),
                        rfm_group: Set(["champions", "lost"][at % 2].to_owned()),
                        lifecycle: Set("active".to_owned()),
                        abc: Set("A".to_owned()),
                        ..Default::default()
                    })
                    .filter(grade::Column::CustomerId.eq(id.0))
                    .exec(tx.conn())
                    .await?;
            }
            Ok(ids)
        })
    });
    written.await.unwrap()
}

/// Places of the found customers in the order they were made.
async fn found(app: &TestApp, ids: &[CustomerId], query: &str) -> Vec<usize> {
    let list = app.get(&format!("/api/customers?{query}")).await.ok();
    let place = |row: &Value| {
        ids.iter()
            .position(|id| row["id"] == id.to_string())
            .unwrap()
    };
    let places: Vec<usize> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(place)
        .collect();
    assert_eq!(
        list["total"],
        json!({ "count": places.len(), "exact": true }),
        "{query}"
    );
    places
}

both!(the_search_box_finds_people);
async fn the_search_box_finds_people(app: TestApp) {
    let app = app.signed_in().await;
    let ids = graded(&app).await;
    let check = async |text: &str, expected: &[usize]| {
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let query = format!("sort=number&q={escaped}");
        assert_eq!(found(&app, &ids, &query).await, expected, "{text}");
    };
    check("li", &[0, 1]).await;
    check("lei li", &[0, 1]).await;
    check("雷", &[1]).await;
    check("lilei", &[1]).await;
    check("wf", &[5]).await;
    check("LEE", &[4]).await;
    check("muller", &[2]).await;
    check("100%", &[3]).await;
    check("n_f", &[3]).await;
    check("%", &[3]).await;
    check("\\", &[]).await;
    check("0003", &[3]).await;
    check("+65 9123 0004", &[4]).await;
    check("p5@", &[5]).await;
    check("@example.com", &[0, 1, 2, 3, 4, 5, 6]).await;
    check("1003", &[2]).await;
    check("172", &[2]).await;
    check("  ", &[0, 1, 2, 3, 4, 5, 6]).await;
    check("nobody", &[]).await;
}

both!(blanks_between_chinese_characters_do_not_matter);
async fn blanks_between_chinese_characters_do_not_matter(app: TestApp) {
    let app = app.signed_in().await;
    let nana = create(&app, json!({ "name": "欧阳 娜娜" })).await;
    let xiu = create(&app, json!({ "name": "欧阳修" })).await;
    let check = async |text: &str, expected: &[&Value]| {
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let list = format!("/api/customers?sort=number&q={escaped}");
        let list = app.get(&list).await.ok();
        let ids: Vec<&Value> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row["id"])
            .collect();
        assert_eq!(ids, expected, "{text}");
    };
    check("欧阳娜娜", &[&nana["id"]]).await;
    check("欧阳 娜娜", &[&nana["id"]]).await;
    check("欧 阳", &[&nana["id"], &xiu["id"]]).await;
    check("娜娜", &[&nana["id"]]).await;
    check("欧阳 修", &[&xiu["id"]]).await;
    check("ouyangnana", &[&nana["id"]]).await;
    let till = "%E6%AC%A7%E9%98%B3%20%E5%A8%9C";
    let found = app.get(&format!("/api/lookup?q={till}")).await.ok();
    assert_eq!(found["items"][0]["id"], nana["id"]);
}

both!(phone_numbers_are_completed_by_the_chains_zone);
async fn phone_numbers_are_completed_by_the_chains_zone(app: TestApp) {
    let app = app.signed_in().await;
    let made = create(&app, keyed("Li Lei", "phone", "(65) 9123 4567")).await;
    assert_eq!(made["identifiers"][0]["value"], "+6591234567");
    app.post("/api/customers", keyed("Li Lei", "phone", "9123 4567"))
        .await
        .refused(409, "customer_exists");
}

both!(every_order_and_filter_of_the_list);
async fn every_order_and_filter_of_the_list(app: TestApp) {
    let app = app.signed_in().await;
    let ids = graded(&app).await;
    for (sort, expected) in [
        ("", [3, 4, 1, 0, 6, 2, 5]),
        ("-monetary", [3, 4, 1, 0, 6, 2, 5]),
        ("monetary", [5, 2, 6, 0, 1, 4, 3]),
        ("-last_order", [6, 1, 3, 0, 4, 5, 2]),
        ("last_order", [2, 5, 4, 0, 3, 1, 6]),
        ("-frequency", [3, 2, 1, 6, 4, 0, 5]),
        ("frequency", [5, 0, 4, 6, 1, 2, 3]),
        ("name", [3, 4, 6, 0, 2, 1, 5]),
        ("-name", [5, 1, 2, 0, 6, 4, 3]),
        ("number", [0, 1, 2, 3, 4, 5, 6]),
        ("-number", [6, 5, 4, 3, 2, 1, 0]),
    ] {
        assert_eq!(
            found(&app, &ids, &format!("sort={sort}")).await,
            expected,
            "{sort}"
        );
        assert_eq!(paged(&app, &ids, sort).await, expected, "{sort} by pages");
    }
    for (query, expected) in [
        ("tier=gold", vec![3, 0]),
        ("tier=gold,silver", vec![3, 0, 6, 2]),
        ("tier=none", vec![4, 1, 5]),
        ("country=CN", vec![3, 1, 5]),
        ("rfm_group=lost&tier=gold", vec![3]),
        ("lifecycle=active&abc=A&r=1,2", vec![1, 0, 6, 5]),
        ("f=2", vec![3, 1, 5]),
        ("store_id=sto_0000000000001", vec![]),
    ] {
        assert_eq!(found(&app, &ids, query).await, expected, "{query}");
    }
    app.get("/api/customers?sort=age")
        .await
        .refused(400, "sort_unknown");
    app.get("/api/customers?r=x")
        .await
        .refused(400, "filter_invalid");
    app.get("/api/customers?cursor=x")
        .await
        .refused(422, "cursor_invalid");
}

async fn paged(app: &TestApp, ids: &[CustomerId], sort: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut path = format!("/api/customers?limit=2&sort={sort}");
    loop {
        let page = app.get(&path).await.ok();
        assert_eq!(page["total"]["count"], 7);
        for row in page["items"].as_array().unwrap() {
            places.push(
                ids.iter()
                    .position(|id| row["id"] == id.to_string())
                    .unwrap(),
            );
        }
        let Some(next) = page["next"].as_str() else {
            return places;
        };
        let escaped: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
        path = format!("/api/customers?limit=2&sort={sort}&cursor={escaped}");
    }
}

both!(the_till_looks_up_who_it_is);
async fn the_till_looks_up_who_it_is(app: TestApp) {
    let app = app.signed_in().await;
    let ids = graded(&app).await;
    let check = async |query: &str, expected: &[usize]| {
        let answer = app.get(&format!("/api/lookup?q={query}")).await.ok();
        let place = |row: &Value| {
            ids.iter()
                .position(|id| row["id"] == id.to_string())
                .unwrap()
        };
        let places: Vec<usize> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(place)
            .collect();
        assert_eq!(places, expected, "{query}");
    };
    check("0005", &[5]).await;
    check("li", &[0]).await;
    check("lilei", &[1]).await;
    check("p6@example.com", &[6]).await;
    check("1001", &[0]).await;
    check("", &[]).await;
}

both!(exports_are_whole_and_harmless);
async fn exports_are_whole_and_harmless(app: TestApp) {
    let app = app.signed_in().await;
    graded(&app).await;
    let answer = app.get("/api/customers/export?format=csv").await;
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(answer.bytes.as_slice())
        .records()
        .map(|row| row.unwrap())
        .collect();
    assert_eq!(rows.len(), 7);
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"customers-2026-03-15.csv\""
    );
    assert_eq!(rows[6].get(19), Some("'=HYPERLINK(\"http://x\")"));
    assert_eq!(
        (rows[3].get(2), rows[3].get(26)),
        (Some("100% Cotton_Fan"), Some("9.00"))
    );
    let lossless = app
        .get("/api/customers/export?format=csv&lossless=true&q=Bo")
        .await;
    assert!(
        lossless.text().contains("\"=HYPERLINK(\"\"http://x\"\")\""),
        "{}",
        lossless.text()
    );
    let lines = app
        .get("/api/customers/export?format=jsonl&tier=gold&sort=-monetary")
        .await;
    let lines: Vec<Value> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (lines.len(), &lines[0]["monetary"], &lines[0]["tier"]),
        (2, &json!("9.00"), &json!("gold"))
    );
    assert_eq!(
        &app.get("/api/customers/export?format=xlsx").await.bytes[..2],
        b"PK"
    );
    assert_eq!(
        &app.get("/api/customers/export?format=parquet").await.bytes[..4],
        b"PAR1"
    );
    app.get("/api/customers/export?format=pdf")
        .await
        .refused(400, "query_invalid");
    let audit = app.get("/api/audit?noun=customer").await.ok();
    let sizes: Vec<i64> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "export")
        .map(|entry| entry["detail"]["rows"].as_i64().unwrap())
        .collect();
    assert_eq!(sizes, [7, 7, 2, 1, 7]);
}

both!(stores_and_views);
async fn stores_and_views(app: TestApp) {
    let app = app.signed_in().await;
    let body = json!({ "code": "S1", "name": "Orchard", "country": "sg", "currency": "SGD",
        "time_zone": "Asia/Singapore", "phone": "6734 5678" });
    let made = app.post("/api/stores", body.clone()).await;
    let store = made.ok();
    assert_eq!(
        (&store["country"], &store["phone"]),
        (&json!("SG"), &json!("+6567345678"))
    );
    app.post("/api/stores", body)
        .await
        .refused(422, "code_taken");
    for (field, value, code) in [
        ("name", json!(" "), "name_missing"),
        ("currency", json!("XXY"), "currency_unknown"),
        ("time_zone", json!("Mars/Olympus"), "time_zone_unknown"),
        ("channel", json!("pigeon"), "channel_unknown"),
        ("day_cut_minutes", json!(-1), "number_out_of_range"),
        ("phone", json!("12"), "phone_invalid"),
    ] {
        let mut body = json!({ "name": "Bugis" });
        body[field] = value;
        app.post("/api/stores", body).await.refused(422, code);
    }
    let path = format!("/api/stores/{}", store["id"].as_str().unwrap());
    app.patch(&path, &made.version(), json!({ "name": "Orchard 2" }))
        .await
        .ok();
    app.patch(&path, &made.version(), json!({ "name": "Orchard 3" }))
        .await
        .refused(412, "stale");
    assert_eq!(app.get(&path).await.ok()["name"], "Orchard 2");
    assert_eq!(app.get("/api/stores").await.ok()["total"]["count"], 1);
    assert_eq!(app.get("/api/products?q=x").await.ok()["items"], json!([]));

    let view =
        json!({ "screen": "customers", "name": "Gold", "query": "tier=gold", "shared": true });
    let view = app.post("/api/views", view).await.ok();
    let empty = json!({ "screen": "customers", "name": "", "query": "" });
    app.post("/api/views", empty)
        .await
        .refused(422, "name_missing");
    assert_eq!(
        app.get("/api/views?screen=customers").await.ok()["items"],
        json!([view])
    );
    assert_eq!(
        app.get("/api/views?screen=orders").await.ok()["items"],
        json!([])
    );
    let path = format!("/api/views/{}", view["id"].as_str().unwrap());
    app.delete(&path).await.ok();
    app.delete(&path).await.refused(404, "not_found");
}
