//! How people come and go.

use axum::{body::Body, http::Method};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Answer, NOW, TestApp};

const PASSWORD: &str = "another long one";

async fn added(app: &TestApp, name: &str, more: Value) -> Value {
    let mut new = json!({
        "email": format!("{name}@example.com"), "name": name, "language": "en",
        "roles": ["store_manager"],
    });
    for (field, value) in more.as_object().unwrap() {
        new[field] = value.clone();
    }
    app.post("/api/users", new).await.ok()
}

async fn link_of(app: &TestApp, user: &Value) -> String {
    let path = format!("/api/users/{}/invitation", user["id"].as_str().unwrap());
    let link = app.post(&path, json!({})).await.ok();
    link["secret"].as_str().unwrap().to_owned()
}

async fn join(app: &TestApp, secret: &str, password: &str) -> Answer {
    let body = json!({ "secret": secret, "password": password });
    app.post("/api/join", body).await
}

async fn sign_in(app: &TestApp, name: &str, password: &str) -> Answer {
    let who = json!({ "email": format!("{name}@example.com"), "password": password });
    app.post("/api/session", who).await
}

both!(somebody_joins_over_a_link_once);
async fn somebody_joins_over_a_link_once(app: TestApp) {
    let mut app = app.signed_in().await;
    let mei = added(&app, "mei", json!({})).await;
    assert_eq!(
        (&mei["joined"], &mei["invited_until"]),
        (&json!(false), &json!(null))
    );
    for guess in ["", "another long one"] {
        sign_in(&app, "mei", guess)
            .await
            .refused(401, "sign_in_failed");
    }
    let first = link_of(&app, &mei).await;
    let second = link_of(&app, &mei).await;
    let people = app.get("/api/users").await.ok();
    assert_eq!(people["items"][1]["invited_until"], "2026-03-22T08:30:00Z");
    let admin = app.cookie.take();

    let over = "invitation_over";
    join(&app, &first, PASSWORD).await.refused(409, over);
    join(&app, "", PASSWORD).await.refused(409, over);
    let short = join(&app, &second, "short").await;
    short.refused(422, "password_too_short");
    let look = json!({ "secret": second });
    let seen = app.post("/api/join/look", look.clone()).await.ok();
    let expected =
        json!({ "name": "mei", "email": "mei@example.com", "chain_name": "Harbour & Hill" });
    assert_eq!(seen, expected);
    let joined = join(&app, &second, PASSWORD).await;
    assert_eq!(joined.ok()["user"]["name"], "mei");
    app.keep_cookie(&joined);
    assert_eq!(app.get("/api/session").await.ok()["user"]["name"], "mei");
    join(&app, &second, "a third long one")
        .await
        .refused(409, over);
    app.post("/api/join/look", look).await.refused(409, over);
    sign_in(&app, "mei", PASSWORD).await.ok();

    // A new link leads whoever forgot the password in again, and ends what was open.
    let theirs = std::mem::replace(&mut app.cookie, admin);
    let third = link_of(&app, &mei).await;
    join(&app, &third, "a third long one").await.ok();
    let ours = std::mem::replace(&mut app.cookie, theirs);
    app.get("/api/session").await.refused(401, "not_signed_in");
    sign_in(&app, "mei", PASSWORD)
        .await
        .refused(401, "sign_in_failed");

    app.cookie = ours;
    // Whoever made the link may not come in by it with rights that were given later.
    let before = link_of(&app, &mei).await;
    let path = format!("/api/users/{}", mei["id"].as_str().unwrap());
    let rows = app.get("/api/users").await.ok();
    let version = format!("\"v{}\"", rows["items"][1]["version"]);
    let more = json!({ "roles": ["administrator"] });
    app.patch(&path, &version, more).await.ok();
    join(&app, &before, PASSWORD).await.refused(409, over);
    let late = link_of(&app, &mei).await;
    let now: Timestamp = NOW.parse().unwrap();
    app.app
        .env
        .turn_clock_to(now + SignedDuration::from_hours(7 * 24));
    join(&app, &late, PASSWORD).await.refused(409, over);
}

both!(nobody_invites_somebody_above_them_or_outside);
async fn nobody_invites_somebody_above_them_or_outside(app: TestApp) {
    let mut app = app.signed_in().await;
    let grants = json!({ "people": { "actions": ["see", "create", "edit"], "reach": "all" } });
    let role = json!({ "name": "Personnel", "description": "", "grants": grants });
    let role = app.post("/api/roles", role).await.ok()["id"].clone();
    added(
        &app,
        "kim",
        json!({ "roles": [role], "password": PASSWORD }),
    )
    .await;
    let gone = added(&app, "gone", json!({ "roles": [] })).await;
    let path = format!("/api/users/{}", gone["id"].as_str().unwrap());
    app.patch(&path, "\"v1\"", json!({ "active": false }))
        .await
        .ok();
    let people = app.get("/api/users").await.ok();
    let boss = people["items"][0]["id"].as_str().unwrap().to_owned();
    let signed_in = sign_in(&app, "kim", PASSWORD).await;
    app.keep_cookie(&signed_in);
    let invite = |id: &str| format!("/api/users/{id}/invitation");
    app.post(&invite(&boss), json!({}))
        .await
        .refused(403, "beyond_own_rights");
    let inactive = app
        .post(&invite(gone["id"].as_str().unwrap()), json!({}))
        .await;
    inactive.refused(409, "user_inactive");
    app.post(&invite("usr_0000000000000"), json!({}))
        .await
        .refused(404, "not_found");
    let leave = format!("/api/users/{boss}/leave");
    let left = app
        .post_over(&leave, "\"v1\"", json!({ "successor_id": null }))
        .await;
    left.refused(403, "beyond_own_rights");
}

both!(who_leaves_hands_everything_over_in_one_step);
async fn who_leaves_hands_everything_over_in_one_step(app: TestApp) {
    let mut app = app.signed_in().await;
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    let top = added(&app, "top", json!({ "password": PASSWORD })).await;
    let lee = json!({ "password": PASSWORD, "manager_id": top["id"], "roles": ["head_of_crm"] });
    let lee = added(&app, "lee", lee).await;
    let under = json!({ "manager_id": lee["id"] });
    let (ann, bob) = (
        added(&app, "ann", under.clone()).await,
        added(&app, "bob", under).await,
    );
    let mut customers = Vec::new();
    for name in ["One", "Two", "Three"] {
        let person = json!({ "name": name, "identifiers": [] });
        let customer = app.post("/api/customers", person).await.ok();
        let path = format!("/api/customers/{}", id(&customer));
        let owner = json!({ "owner_id": lee["id"] });
        app.put(&format!("{path}/owner"), "\"v1\"", owner)
            .await
            .ok();
        customers.push(path);
    }
    let signed_in = sign_in(&app, "lee", PASSWORD).await;
    let admin = std::mem::take(&mut app.cookie);
    app.keep_cookie(&signed_in);
    for (name, shared) in [("ours", true), ("mine", false)] {
        let view = json!({ "screen": "customers", "name": name, "query": "", "shared": shared });
        app.post("/api/views", view).await.ok();
    }
    let token = app
        .post("/api/tokens", json!({ "name": "till" }))
        .await
        .ok();
    let theirs = std::mem::replace(&mut app.cookie, admin);

    let path = format!("/api/users/{}", id(&lee));
    let belongings = app.get(&format!("{path}/belongings")).await.ok();
    let counted = json!({ "customers": 3, "reports": 2, "shared_views": 1, "tokens": 1 });
    assert_eq!(belongings, counted);
    let leave = format!("{path}/leave");
    let before = app.dump().await;
    for (version, successor, refusal) in [
        ("\"v9\"", &ann["id"], (412, "stale")),
        ("\"v1\"", &lee["id"], (422, "successor_unknown")),
        (
            "\"v1\"",
            &json!("usr_0000000000000"),
            (422, "successor_unknown"),
        ),
    ] {
        let body = json!({ "successor_id": successor });
        app.post_over(&leave, version, body)
            .await
            .refused(refusal.0, refusal.1);
    }
    assert!(app.dump().await == before, "a refusal changed something");

    let left = app
        .post_over(&leave, "\"v1\"", json!({ "successor_id": ann["id"] }))
        .await
        .ok();
    assert_eq!(left["active"], false);
    for path in &customers {
        let customer = app.get(path).await.ok();
        assert_eq!(
            (&customer["owner"]["id"], &customer["version"]),
            (&ann["id"], &json!(3))
        );
    }
    let people = app.get("/api/users").await.ok();
    let manager = |of: &Value| {
        let mut all = people["items"].as_array().unwrap().iter();
        all.find(|one| one["id"] == of["id"]).unwrap()["manager_id"].clone()
    };
    assert_eq!(
        (manager(&ann), manager(&bob)),
        (top["id"].clone(), ann["id"].clone())
    );
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let asked = app
        .send_bare(Method::GET, "/api/session", &headers, Body::empty())
        .await;
    assert_eq!(asked.status, 401);
    app.cookie = theirs;
    app.get("/api/session").await.refused(401, "not_signed_in");
    sign_in(&app, "lee", PASSWORD)
        .await
        .refused(401, "sign_in_failed");
}

both!(nobody_gets_customers_from_somebody_who_does_not_reach_them);
async fn nobody_gets_customers_from_somebody_who_does_not_reach_them(app: TestApp) {
    let mut app = app.signed_in().await;
    let grants = json!({ "people": { "actions": ["see", "edit"], "reach": "all" } });
    let role = json!({ "name": "Personnel", "description": "", "grants": grants });
    let role = app.post("/api/roles", role).await.ok()["id"].clone();
    let kim = json!({ "roles": [role, "sales_rep"], "password": PASSWORD });
    let kim = added(&app, "kim", kim).await;
    let old = added(&app, "old", json!({ "roles": [] })).await;
    let person = json!({ "name": "One", "identifiers": [] });
    let customer = app.post("/api/customers", person).await.ok();
    let owner = format!("/api/customers/{}/owner", customer["id"].as_str().unwrap());
    app.put(&owner, "\"v1\"", json!({ "owner_id": old["id"] }))
        .await
        .ok();
    let signed_in = sign_in(&app, "kim", PASSWORD).await;
    app.keep_cookie(&signed_in);
    let leave = format!("/api/users/{}/leave", old["id"].as_str().unwrap());
    let to = |id: &Value| json!({ "successor_id": id });
    app.post_over(&leave, "\"v1\"", to(&kim["id"]))
        .await
        .refused(403, "beyond_own_rights");
    app.post_over(&leave, "\"v1\"", to(&Value::Null)).await.ok();
}

both!(somebody_always_stays);
async fn somebody_always_stays(app: TestApp) {
    let app = app.signed_in().await;
    let people = app.get("/api/users").await.ok();
    let leave = format!(
        "/api/users/{}/leave",
        people["items"][0]["id"].as_str().unwrap()
    );
    let left = app
        .post_over(&leave, "\"v1\"", json!({ "successor_id": null }))
        .await;
    left.refused(409, "cannot_deactivate_self");
}
