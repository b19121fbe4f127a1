//! Who may do what, and with which rows.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use clientele::http;
use serde_json::{Value, json};

use crate::{
    imports::import_with,
    support::{Answer, TestApp},
};

const PASSWORD: &str = "another long one";

/// The built-in roles but for the one that may do everything.
const ROLES: [&str; 8] = [
    "head_of_crm",
    "analyst",
    "marketer",
    "store_manager",
    "clerk",
    "service_agent",
    "sales_rep",
    "auditor",
];

/// Adds a person; answers their row.
async fn add(app: &TestApp, name: &str, roles: &[&str], place: Value) -> Value {
    let mut new = json!({
        "email": format!("{name}@example.com"), "name": name, "password": PASSWORD,
        "language": "en", "roles": roles,
    });
    for (field, id) in place.as_object().unwrap() {
        new[field] = id.clone();
    }
    app.post("/api/users", new).await.ok()
}

/// Signs in as somebody; answers the cookie that was there before.
async fn become_(app: &mut TestApp, name: &str) -> Option<String> {
    let before = app.cookie.take();
    let who = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    let answer = app.post("/api/session", who).await;
    answer.ok();
    app.keep_cookie(&answer);
    before
}

/// One documented operation with a path that could be, and its rule.
struct Operation {
    method: Method,
    path: String,
    rule: String,
    name: String,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&http::openapi_json()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut path = path.clone();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] != "path" {
                    continue;
                }
                let pattern = parameter["schema"]["pattern"].as_str().unwrap_or_default();
                let prefix = pattern.trim_start_matches('^').split('_').next().unwrap();
                let value = match prefix {
                    "" => "pause".to_owned(),
                    prefix => format!("{prefix}_0000000000000"),
                };
                let name = parameter["name"].as_str().unwrap();
                path = path.replace(&format!("{{{name}}}"), &value);
            }
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path,
                rule: operation["x-permission"].as_str().unwrap().to_owned(),
                name: operation["operationId"].as_str().unwrap().to_owned(),
            });
        }
    }
    operations
}

/// Calls an operation with nothing that it could do.
async fn call(app: &TestApp, operation: &Operation) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", "\"v0\"")];
    let method = operation.method.clone();
    app.send(method, &operation.path, &headers, Body::from("[]"))
        .await
}

both!(every_operation_is_refused_to_whoever_may_not);
async fn every_operation_is_refused_to_whoever_may_not(mut app: TestApp) {
    app = app.signed_in().await;
    for role in ROLES {
        add(&app, role, &[role], json!({})).await;
    }
    let gone = add(&app, "gone", &["administrator"], json!({})).await;
    let gone_id = gone["id"].as_str().unwrap().to_owned();
    let administrator = become_(&mut app, "gone").await;
    let cookie_of_gone = app.cookie.take();
    app.cookie = administrator;
    let path = format!("/api/users/{gone_id}");
    app.patch(&path, "\"v1\"", json!({ "active": false }))
        .await
        .ok();
    let administrator = app.cookie.take();
    let operations = operations();

    // Nobody, a made-up cookie, and somebody who was deactivated.
    let made_up = Some("clientele_session=0123456789abcdef".to_owned());
    for cookie in [None, made_up, cookie_of_gone] {
        app.cookie = cookie;
        let before = app.dump().await;
        for operation in operations.iter().filter(|one| one.rule != "anyone") {
            let answer = call(&app, operation).await;
            assert_eq!(answer.status, 401, "{}", operation.name);
        }
        assert_eq!(app.dump().await, before);
    }

    let mut refused_to_all = operations.len();
    for role in ROLES {
        app.cookie = None;
        become_(&mut app, role).await;
        let session = app.get("/api/session").await.ok();
        let held = session["permissions"].as_array().unwrap().clone();
        let before = app.dump().await;
        let may = |rule: &str| {
            ["anyone", "signed_in"].contains(&rule) || held.contains(&Value::from(rule))
        };
        let (allowed, refused): (Vec<_>, Vec<_>) =
            operations.iter().partition(|one| may(&one.rule));
        for operation in &refused {
            let answer = call(&app, operation).await;
            answer.refused(403, "forbidden");
        }
        assert_eq!(app.dump().await, before, "what was refused to {role}");
        refused_to_all = refused_to_all.min(refused.len());
        for operation in allowed {
            // A stream has no end, and signing out is one.
            if ["stream_events", "delete_session"].contains(&operation.name.as_str()) {
                continue;
            }
            let status = call(&app, operation).await.status.as_u16();
            let kept_out = operation.rule != "anyone" && [401, 403].contains(&status);
            assert!(
                !kept_out && status < 500,
                "{role} {}: {status}",
                operation.name
            );
        }
    }
    assert!(refused_to_all > 5, "no role may do everything");
    app.cookie = administrator;
    assert_eq!(app.get("/api/users").await.ok()["total"]["count"], 10);
}

/// Two stores with customers of their own. What the second one knows is `theirs`.
async fn two_stores(app: TestApp, theirs: &str) -> TestApp {
    let app = app.signed_in().await;
    // Ids that come later would tell how many rows the others made.
    add(&app, "manager", &["store_manager", "clerk"], json!({})).await;
    let mut file = "Order ID,Order Date,Customer ID,Customer Name,Phone,E-mail,Store,SKU,Product,\
                    Quantity,Unit Price\n"
        .to_owned();
    for person in 0..12 {
        let (store, word) = match person % 3 {
            0 => ("Alpha", "Ann"),
            _ => ("Beta", theirs),
        };
        for order in 0..=person % 4 {
            let (cents, thing) = match store {
                "Alpha" => (0, "Cup"),
                _ => (theirs.len() % 7, theirs),
            };
            file.push_str(&format!(
                "{person}-{order},2026-0{}-1{order},C{person},{word} Lee{person},+658123{}{person:03},\
                 {word}{person}@example.com,{store},S{person},{thing},1,{}.0{cents}\n",
                order % 2 + 1,
                theirs.len() % 7 * usize::from(store == "Beta"),
                40 + person * 10,
            ));
        }
    }
    import_with(
        &app,
        "orders",
        "shop",
        file.as_bytes(),
        json!({ "options": { "currency": "SGD" } }),
    )
    .await;
    app.post("/api/grades/run", json!({})).await.ok();
    app.settle().await;
    app
}

async fn stores(app: &TestApp) -> BTreeMap<String, String> {
    let stores = app.get("/api/stores").await.ok();
    let rows = stores["items"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["name"]), text(&row["id"])))
        .collect()
}

async fn ids_of(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.get(&format!("/api/customers?{query}")).await.ok();
    let rows = list["items"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn orders_of(app: &TestApp, customer: &str) -> Vec<String> {
    let path = format!("/api/customers/{customer}/timeline?kind=order");
    let list = app.get(&path).await.ok();
    let rows = list["items"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Everything that somebody of the first store can ask, with its answer.
async fn everything_asked(app: TestApp, theirs: &str) -> Vec<(String, String)> {
    let mut app = two_stores(app, theirs).await;
    let stores = stores(&app).await;
    let of = |store: &str| format!("store_id={}", stores[store]);
    let (own, others) = (
        ids_of(&app, &of("Alpha")).await,
        ids_of(&app, &of("Beta")).await,
    );
    assert_eq!((own.len(), others.len()), (4, 8));
    let mut orders = orders_of(&app, &own[0]).await;
    orders.extend(orders_of(&app, &others[0]).await);
    let people = app.get("/api/users").await.ok();
    let path = format!("/api/users/{}", people["items"][1]["id"].as_str().unwrap());
    app.patch(&path, "\"v1\"", json!({ "store_id": stores["Alpha"] }))
        .await
        .ok();
    become_(&mut app, "manager").await;
    let mut paths: Vec<String> = [
        "/api/session",
        "/api/customers",
        "/api/customers?sort=name&limit=2",
        "/api/customers?sort=-number",
        "/api/customers?q=lee",
        "/api/customers?q=zoe",
        "/api/customers?q=8123",
        "/api/customers?q=example",
        "/api/customers?lifecycle=active",
        "/api/customers?tier=none&r=1,2,3,4,5",
        "/api/customers/export?format=csv",
        "/api/lookup?q=lee",
        "/api/lookup?q=zoe",
        "/api/lookup?q=3000",
        "/api/lookup?q=3001",
        "/api/lookup?q=ann0%40example.com",
        "/api/reports/home",
        "/api/reports/monthly",
        "/api/reports/rfm",
        "/api/reports/distribution",
        "/api/reports/stores",
        "/api/stores",
        "/api/users",
        "/api/audit",
        "/api/duplicates",
        "/api/jobs",
        "/api/views",
        "/api/tier-scheme",
        "/api/settings",
        "/api/status",
    ]
    .map(str::to_owned)
    .to_vec();
    for store in stores.values() {
        paths.push(format!("/api/customers?store_id={store}"));
        paths.push(format!("/api/reports/monthly?store_id={store}"));
        paths.push(format!("/api/stores/{store}"));
    }
    for id in own.iter().chain(&others) {
        for part in ["", "/timeline", "/identities", "/grade-history"] {
            paths.push(format!("/api/customers/{id}{part}"));
        }
    }
    paths.extend(orders.iter().map(|id| format!("/api/orders/{id}")));
    let mut answers = Vec::new();
    for path in paths {
        let answer = app.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        answers.push((path, format!("{} {}", answer.status, answer.text())));
    }
    // A key that somebody of the other store has, in one of the twins, is told of to nobody.
    for key in ["+6581230000", "+6581233001"] {
        let body = json!({ "name": "New", "identifiers": [{ "kind": "phone", "value": key }] });
        let answer = app.post("/api/customers", body).await;
        answers.push((format!("new {key}"), answer.status.to_string()));
    }
    answers
}

both!(a_store_learns_nothing_of_another);
async fn a_store_learns_nothing_of_another(app: TestApp) {
    let twin = match app.app.db.backend() {
        sea_orm::DbBackend::Postgres => TestApp::postgres().await.unwrap(),
        _ => TestApp::sqlite().await,
    };
    let one = everything_asked(app, "Zoe").await;
    let other = everything_asked(twin, "Bartholomew").await;
    assert_eq!(one.len(), other.len());
    let mut told = 0;
    for ((path, left), (_, right)) in one.iter().zip(&other) {
        assert_eq!(left, right, "{path}");
        assert!(
            !left.contains("Zoe") && !left.contains("Beta"),
            "{path}: {left}"
        );
        told += usize::from(left.contains("Ann Lee0"));
    }
    assert!(told > 5, "one's own is told");
}

both!(what_is_out_of_reach_is_as_if_it_were_not_there);
async fn what_is_out_of_reach_is_as_if_it_were_not_there(app: TestApp) {
    let mut app = two_stores(app, "Zoe").await;
    let stores = stores(&app).await;
    let own = ids_of(&app, &format!("store_id={}", stores["Alpha"])).await;
    let others = ids_of(&app, &format!("store_id={}", stores["Beta"])).await;
    let order = orders_of(&app, &others[0]).await.remove(0);
    let version = app.get(&format!("/api/customers/{}", others[0])).await;
    let version = version.version();
    add(
        &app,
        "clerk",
        &["clerk"],
        json!({ "store_id": stores["Alpha"] }),
    )
    .await;
    become_(&mut app, "clerk").await;
    let before = app.dump().await;
    let missing = "cus_0000000000000";
    for part in ["", "/timeline", "/identities", "/grade-history"] {
        let foreign = app
            .get(&format!("/api/customers/{}{part}", others[0]))
            .await;
        let nobody = app.get(&format!("/api/customers/{missing}{part}")).await;
        foreign.refused(404, "not_found");
        assert_eq!(foreign.json(), nobody.json());
    }
    app.get(&format!("/api/orders/{order}"))
        .await
        .refused(404, "not_found");
    for id in [others[0].as_str(), missing] {
        app.patch(
            &format!("/api/customers/{id}"),
            &version,
            json!({ "note": "mine now" }),
        )
        .await
        .refused(404, "not_found");
    }
    for store in [stores["Beta"].as_str(), "sto_0000000000000"] {
        let body = json!({ "name": "New", "home_store_id": store });
        app.post("/api/customers", body)
            .await
            .refused(422, "store_unknown");
        let mine = format!("/api/customers/{}", own[0]);
        let version = app.get(&mine).await.version();
        app.patch(&mine, &version, json!({ "home_store_id": store }))
            .await
            .refused(422, "store_unknown");
    }
    // What nobody may say of a customer is refused too.
    let body = json!({ "name": "New", "owner_id": "usr_0000000000000" });
    app.post("/api/customers", body)
        .await
        .refused(422, "body_invalid");
    assert_eq!(app.dump().await, before);

    let made = app.post("/api/customers", json!({ "name": "New" })).await;
    let made = made.ok();
    assert_eq!(made["home_store_id"].as_str(), Some(&*stores["Alpha"]));
    app.settle().await;
    assert_eq!(ids_of(&app, "").await.len(), own.len() + 1);
}

both!(a_place_in_the_tree_decides_at_once);
async fn a_place_in_the_tree_decides_at_once(app: TestApp) {
    let mut app = two_stores(app, "Zoe").await;
    let stores = stores(&app).await;
    let unit = async |app: &TestApp, name: &str, parent: Option<&Value>| {
        let body = json!({ "name": name, "kind": "region", "parent_id": parent });
        app.post("/api/units", body).await.ok()
    };
    let asia = unit(&app, "Asia", None).await;
    let south = unit(&app, "South", Some(&asia["id"])).await;
    let north = unit(&app, "North", None).await;
    for (store, unit) in [("Alpha", &south), ("Beta", &north)] {
        let path = format!("/api/stores/{}", stores[store]);
        let version = app.get(&path).await.version();
        app.patch(&path, &version, json!({ "unit_id": unit["id"] }))
            .await
            .ok();
    }
    let circle = json!({ "name": "Asia", "kind": "region", "parent_id": south["id"] });
    let asia_path = format!("/api/units/{}", asia["id"].as_str().unwrap());
    app.put(&asia_path, "\"v1\"", circle)
        .await
        .refused(422, "unit_circle");
    app.delete(&asia_path).await.refused(409, "unit_in_use");

    add(
        &app,
        "area",
        &["store_manager"],
        json!({ "unit_id": asia["id"] }),
    )
    .await;
    let administrator = become_(&mut app, "area").await;
    assert_eq!(ids_of(&app, "").await.len(), 4);
    let area = std::mem::replace(&mut app.cookie, administrator);

    // The other region comes below theirs: nobody signs in anew to see it.
    let path = format!("/api/units/{}", north["id"].as_str().unwrap());
    let below = json!({ "name": "North", "kind": "region", "parent_id": asia["id"] });
    app.put(&path, "\"v1\"", below).await.ok();
    let administrator = std::mem::replace(&mut app.cookie, area);
    assert_eq!(ids_of(&app, "").await.len(), 12);
    let stores_sold = app.get("/api/reports/stores").await.ok();
    assert_eq!(stores_sold["rows"].as_array().unwrap().len(), 2);

    // Another role ends their session.
    let people = {
        let area = std::mem::replace(&mut app.cookie, administrator);
        let people = app.get("/api/users").await.ok();
        let row = people["items"].as_array().unwrap().last().unwrap().clone();
        let path = format!("/api/users/{}", row["id"].as_str().unwrap());
        app.patch(&path, "\"v1\"", json!({ "roles": ["clerk"] }))
            .await
            .ok();
        app.cookie = area;
        path
    };
    app.get("/api/session").await.refused(401, "not_signed_in");
    app.cookie = None;
    become_(&mut app, "area").await;
    // A clerk reaches their store, and this one has none.
    assert_eq!(ids_of(&app, "").await.len(), 0);
    app.get(&people).await.refused(405, "method_not_allowed");
}

both!(nobody_gives_or_takes_more_than_they_have);
async fn nobody_gives_or_takes_more_than_they_have(app: TestApp) {
    let mut app = app.signed_in().await;
    let grants = json!({
        "people": { "actions": ["see", "create", "edit"], "reach": "all" },
        "roles": { "actions": ["edit"], "reach": "all" },
        "customers": { "actions": ["see"], "reach": "all" },
    });
    let role = json!({ "name": "Front office", "grants": grants });
    let role = app.post("/api/roles", role).await.ok();
    let key = role["key"].as_str().unwrap().to_owned();
    add(&app, "front", &[&key], json!({})).await;
    let session = app.get("/api/session").await.ok();
    let me = session["user"]["id"].as_str().unwrap().to_owned();
    app.patch(
        &format!("/api/users/{me}"),
        "\"v1\"",
        json!({ "roles": ["clerk"] }),
    )
    .await
    .refused(409, "last_administrator");
    app.delete(&format!("/api/roles/{key}"))
        .await
        .refused(409, "role_in_use");

    become_(&mut app, "front").await;
    let before = app.dump().await;
    let boss = json!({
        "email": "boss@example.com", "name": "Boss", "password": PASSWORD, "language": "en",
        "roles": ["administrator"],
    });
    app.post("/api/users", boss)
        .await
        .refused(403, "beyond_own_rights");
    let path = format!("/api/users/{me}");
    app.patch(&path, "\"v1\"", json!({ "password": "mine from now on" }))
        .await
        .refused(403, "beyond_own_rights");
    let more = json!({
        "name": "More",
        "grants": { "settings": { "actions": ["see"], "reach": "all" } },
    });
    app.post("/api/roles", more)
        .await
        .refused(403, "beyond_own_rights");
    for (grants, code) in [
        (
            json!({ "customers": { "actions": ["burn"], "reach": "all" } }),
            "grant_unknown",
        ),
        (
            json!({ "people": { "actions": ["see"], "reach": "own" } }),
            "reach_unknown",
        ),
        (
            json!({ "people": { "actions": ["edit"], "reach": "all" } }),
            "see_missing",
        ),
    ] {
        app.post("/api/roles", json!({ "name": "Odd", "grants": grants }))
            .await
            .refused(422, code);
    }
    assert_eq!(app.dump().await, before);
    let less = json!({
        "name": "Less",
        "grants": { "customers": { "actions": ["see"], "reach": "own" } },
    });
    app.post("/api/roles", less).await.ok();
}

both!(a_rep_sees_whom_they_look_after);
async fn a_rep_sees_whom_they_look_after(app: TestApp) {
    let mut app = two_stores(app, "Zoe").await;
    let stores = stores(&app).await;
    let own = ids_of(&app, &format!("store_id={}", stores["Alpha"])).await;
    let others = ids_of(&app, &format!("store_id={}", stores["Beta"])).await;
    let rep = add(&app, "rep", &["sales_rep"], json!({})).await;
    let boss = json!({ "store_id": stores["Alpha"] });
    let colleague = add(&app, "colleague", &["clerk"], boss.clone()).await;
    let lead = json!({ "name": "Lead", "grants": {
        "customers": { "actions": ["see"], "reach": "reports" },
    } });
    let lead = app.post("/api/roles", lead).await.ok();
    add(&app, "lead", &[lead["key"].as_str().unwrap()], json!({})).await;
    let people = app.get("/api/users").await.ok();
    let lead = people["items"].as_array().unwrap().last().unwrap()["id"].clone();
    let path = format!("/api/users/{}", rep["id"].as_str().unwrap());
    app.patch(&path, "\"v1\"", json!({ "manager_id": lead }))
        .await
        .ok();
    let circle = format!("/api/users/{}", lead.as_str().unwrap());
    app.patch(&circle, "\"v1\"", json!({ "manager_id": rep["id"] }))
        .await
        .refused(422, "manager_circle");

    let path = format!("/api/customers/{}/owner", others[0]);
    let to_rep = json!({ "owner_id": rep["id"] });
    app.put(&path, "\"v9\"", to_rep.clone())
        .await
        .refused(412, "stale");
    let version = app.get(&format!("/api/customers/{}", others[0])).await;
    let assigned = app
        .put(&path, &version.version(), to_rep.clone())
        .await
        .ok();
    assert_eq!(assigned["owner"]["name"], "rep");
    let administrator = become_(&mut app, "rep").await;
    assert_eq!(ids_of(&app, "").await, [others[0].clone()]);
    app.put(&path, "\"v1\"", to_rep.clone())
        .await
        .refused(403, "forbidden");
    let mine = app.post("/api/customers", json!({ "name": "Mine" })).await;
    assert_eq!(mine.ok()["owner"]["name"], "rep");
    become_(&mut app, "lead").await;
    assert_eq!(ids_of(&app, "").await.len(), 2);

    // A manager assigns customers of theirs to people of theirs.
    become_(&mut app, "manager").await;
    app.cookie = administrator;
    let manager = people["items"][1]["id"].as_str().unwrap();
    app.patch(&format!("/api/users/{manager}"), "\"v1\"", boss)
        .await
        .ok();
    become_(&mut app, "manager").await;
    let colleagues = app.get("/api/colleagues").await.ok();
    let names = colleagues["items"].as_array().unwrap().iter();
    let names: Vec<&Value> = names.map(|one| &one["name"]).collect();
    assert_eq!(names, ["colleague", "manager"]);
    app.put(&path, "\"v1\"", to_rep.clone())
        .await
        .refused(404, "not_found");
    let mine = format!("/api/customers/{}", own[0]);
    let version = app.get(&mine).await.version();
    let path = format!("{mine}/owner");
    app.put(&path, &version, to_rep)
        .await
        .refused(422, "owner_unknown");
    app.put(&path, &version, json!({ "owner_id": colleague["id"] }))
        .await
        .ok();
}

both!(a_token_may_less_and_ends);
async fn a_token_may_less_and_ends(app: TestApp) {
    let app = app.signed_in().await;
    let narrow = json!({ "name": "reader", "days": 30, "permissions": ["customers.see"] });
    let token = app.post("/api/tokens", narrow).await.ok();
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let ask = async |path: &str| {
        let headers = [("authorization", bearer.as_str())];
        app.send_bare(Method::GET, path, &headers, Body::empty())
            .await
    };
    ask("/api/customers").await.ok();
    ask("/api/users").await.refused(403, "forbidden");
    let shown = app.get("/api/tokens").await.ok();
    assert_eq!(shown["items"][0]["permissions"], json!(["customers.see"]));
    for (body, code) in [
        (json!({ "name": "x", "days": 0 }), "number_out_of_range"),
        (
            json!({ "name": "x", "permissions": ["customers.burn"] }),
            "grant_unknown",
        ),
    ] {
        app.post("/api/tokens", body).await.refused(422, code);
    }
    // It makes no token for more than it may itself.
    let maker = json!({ "name": "maker", "permissions": ["tokens.create", "customers.see"] });
    let maker = app.post("/api/tokens", maker).await.ok();
    let maker = format!("Bearer {}", maker["secret"].as_str().unwrap());
    for (permissions, status) in [
        (Value::Null, 403),
        (json!(["people.edit"]), 403),
        (json!(["customers.see"]), 201),
    ] {
        let body = json!({ "name": "child", "permissions": permissions });
        let headers = [
            ("authorization", maker.as_str()),
            ("content-type", "application/json"),
        ];
        let body = Body::from(body.to_string());
        let answer = app
            .send_bare(Method::POST, "/api/tokens", &headers, body)
            .await;
        assert_eq!(answer.status, status);
    }
    let days = |days: u64| std::time::Duration::from_secs(days * 24 * 3600);
    app.app.env.advance(days(29));
    ask("/api/customers").await.ok();
    app.app.env.advance(days(1));
    ask("/api/customers").await.refused(401, "not_signed_in");
}

both!(sessions_are_told_apart_and_ended_one_by_one);
async fn sessions_are_told_apart_and_ended_one_by_one(app: TestApp) {
    let mut app = app.signed_in().await;
    add(&app, "clerk", &["clerk"], json!({})).await;
    let administrator = become_(&mut app, "clerk").await;
    let second = app.cookie.clone();
    app.cookie = None;
    become_(&mut app, "clerk").await;
    let sessions = app.get("/api/sessions").await.ok();
    let rows = sessions["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let other = rows.iter().find(|row| row["current"] == false).unwrap();
    let path = format!("/api/sessions/{}", other["id"].as_str().unwrap());
    let own = std::mem::replace(&mut app.cookie, administrator);
    // Not even an administrator ends what is somebody else's.
    app.delete(&path).await.refused(404, "not_found");
    app.cookie = own;
    app.delete(&path).await.ok();
    app.get("/api/session").await.ok();
    app.cookie = second;
    app.get("/api/session").await.refused(401, "not_signed_in");
}
