//! First run, signing in and out, users, tokens, settings.

use std::time::Duration;

use axum::{body::Body, http::Method};
use clientele::{access::Permission, features::settings};
use serde_json::json;

use crate::{
    chain::{Chain, write},
    support::TestApp,
};

both!(first_run_happens_once);
async fn first_run_happens_once(app: TestApp) {
    assert_eq!(app.get("/api/setup").await.ok()["needs_setup"], true);
    app.get("/api/session").await.refused(401, "not_signed_in");

    let app = app.signed_in().await;
    assert_eq!(app.get("/api/setup").await.ok()["needs_setup"], false);
    let session = app.get("/api/session").await.ok();
    assert_eq!(session["user"]["name"], "Wei Chen");
    assert_eq!(session["user"]["roles"], json!(["administrator"]));
    let chain = json!({
        "name": "Harbour & Hill",
        "reporting_currency": "SGD",
        "time_zone": "Asia/Singapore",
    });
    assert_eq!(session["chain"], chain);
    assert_eq!(
        session["permissions"].as_array().unwrap().len(),
        Permission::ALL.len()
    );

    let again = json!({
        "name": "Eve", "email": "eve@example.com", "password": "correct horse battery",
        "language": "en", "chain_name": "Mine", "reporting_currency": "EUR", "time_zone": "UTC",
    });
    app.post("/api/setup", again)
        .await
        .refused(409, "already_set_up");
}

both!(setup_tells_what_the_book_has_decided_already);
async fn setup_tells_what_the_book_has_decided_already(app: TestApp) {
    let decided = async || {
        let setup = app.get("/api/setup").await.ok();
        (
            setup["reporting_currency"].clone(),
            setup["currency_is_fixed"].clone(),
        )
    };
    assert_eq!(decided().await, (json!(""), json!(false)));
    write(&app, |tx| {
        Box::pin(async move {
            let (mut now, version) = settings::load_versioned(tx.conn()).await?;
            now.reporting_currency = "JPY".to_owned();
            settings::save(tx, now, version).await
        })
    })
    .await;
    assert_eq!(decided().await, (json!("JPY"), json!(false)));
    Chain::random(51, 5, 0).put(&app).await;
    assert_eq!(decided().await, (json!("JPY"), json!(true)));
}

both!(setup_refuses_what_does_not_fit);
async fn setup_refuses_what_does_not_fit(app: TestApp) {
    let check = async |field: &str, value: &str, code: &str| {
        let mut body = json!({
            "name": "Wei", "email": "wei@example.com", "password": "correct horse battery",
            "language": "en", "chain_name": "H", "reporting_currency": "SGD", "time_zone": "UTC",
        });
        body[field] = json!(value);
        app.post("/api/setup", body).await.refused(422, code);
    };
    check("password", "short", "password_too_short").await;
    check("email", "nobody", "email_invalid").await;
    check("name", "  ", "name_missing").await;
    check("language", "tlh", "language_unknown").await;
    check("reporting_currency", "XXY", "currency_unknown").await;
    check("time_zone", "Mars/Olympus", "time_zone_unknown").await;
    assert_eq!(app.get("/api/setup").await.ok()["needs_setup"], true);
}

both!(signing_in_and_out);
async fn signing_in_and_out(app: TestApp) {
    let mut app = app.signed_in().await;
    app.delete("/api/session").await.ok();
    app.get("/api/session").await.refused(401, "not_signed_in");
    app.cookie = None;

    let right = json!({ "email": "WEI@example.com", "password": "correct horse battery" });
    let wrong = json!({ "email": "wei@example.com", "password": "wrong" });
    let unknown = json!({ "email": "nobody@example.com", "password": "wrong" });
    app.post("/api/session", wrong.clone())
        .await
        .refused(401, "sign_in_failed");
    app.post("/api/session", unknown)
        .await
        .refused(401, "sign_in_failed");
    let answer = app.post("/api/session", right.clone()).await;
    app.keep_cookie(&answer);
    assert_eq!(
        app.get("/api/session").await.ok()["user"]["name"],
        "Wei Chen"
    );

    app.cookie = None;
    for _ in 0..8 {
        app.post("/api/session", wrong.clone())
            .await
            .refused(401, "sign_in_failed");
    }
    app.post("/api/session", right.clone())
        .await
        .refused(429, "too_many_tries");
    app.app.env.advance(Duration::from_secs(15 * 60 + 1));
    app.post("/api/session", right).await.ok();
}

both!(a_session_ends);
async fn a_session_ends(app: TestApp) {
    let app = app.signed_in().await;
    app.app.env.advance(Duration::from_secs(14 * 24 * 3600 + 1));
    app.get("/api/session").await.refused(401, "not_signed_in");
}

both!(a_cookie_alone_changes_nothing);
async fn a_cookie_alone_changes_nothing(app: TestApp) {
    let app = app.signed_in().await;
    let cookie = app.cookie.clone().unwrap();
    let mut stranger = app;
    stranger.cookie = None;
    let answer = stranger
        .send_bare(
            Method::POST,
            "/api/tokens",
            &[("cookie", &cookie)],
            Body::from("{}"),
        )
        .await;
    answer.refused(400, "x_clientele_missing");
}

both!(users_and_their_tokens);
async fn users_and_their_tokens(mut app: TestApp) {
    app = app.signed_in().await;
    let new = json!({
        "email": "lin@example.com", "name": "林小姐", "password": "another long one", "language": "zh",
        "roles": ["clerk"],
    });
    let answer = app.post_once("/api/users", "k1", new.clone()).await;
    let lin = answer.ok();
    assert_eq!(
        app.post_once("/api/users", "k1", new.clone()).await.ok()["id"],
        lin["id"]
    );
    let role = json!({
        "email": "admin@example.com", "name": "Admin", "password": "another long one", "language": "en",
        "roles": ["administrator"],
    });
    app.post("/api/users", role).await.ok();
    app.post("/api/users", new)
        .await
        .refused(422, "email_taken");
    app.post_once("/api/users", "k1", json!({ "other": 1 }))
        .await
        .refused(422, "body_invalid");

    let token = app
        .post("/api/tokens", json!({ "name": "till" }))
        .await
        .ok();
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let with_token = |path: &'static str| {
        let bearer = bearer.clone();
        let app = &app;
        async move {
            app.send_bare(
                Method::GET,
                path,
                &[("authorization", &bearer)],
                Body::empty(),
            )
            .await
        }
    };
    assert_eq!(with_token("/api/users").await.ok()["total"]["count"], 3);

    let me = app.get("/api/session").await.ok()["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/users/{me}");
    app.patch(&path, "\"v9\"", json!({ "name": "W" }))
        .await
        .refused(412, "stale");
    app.send(
        Method::PATCH,
        &path,
        &[("content-type", "application/json")],
        Body::from("{}"),
    )
    .await
    .refused(428, "if_match_required");
    app.patch(&path, "\"v1\"", json!({ "active": false }))
        .await
        .refused(409, "cannot_deactivate_self");
    app.patch(&path, "\"v1\"", json!({ "password": "a brand new one" }))
        .await
        .ok();
    // A new password ends every session and token.
    app.get("/api/session").await.refused(401, "not_signed_in");
    with_token("/api/users").await.refused(401, "not_signed_in");
}

both!(settings_keep_everybodys_edit);
async fn settings_keep_everybodys_edit(app: TestApp) {
    let app = app.signed_in().await;
    let answer = app.get("/api/settings").await;
    let version = answer.version();
    let chosen = json!({
        "chain_name": "Harbour & Hill",
        "reporting_currency": "SGD",
        "time_zone": "Asia/Singapore",
        "day_cut_minutes": 0,
        "country": "",
        "rfm_window_days": 365,
        "lapse_days": 365,
        "grade_hour": 4,
        "backup_hour": 2,
        "backups_kept": 14,
    });
    assert_eq!(answer.ok(), chosen);
    app.patch("/api/settings", &version, json!({ "lapse_days": 180 }))
        .await
        .ok();
    app.patch("/api/settings", &version, json!({ "lapse_days": 90 }))
        .await
        .refused(412, "stale");
    let answer = app.get("/api/settings").await;
    assert_eq!(answer.ok()["lapse_days"], 180);
    app.patch(
        "/api/settings",
        &answer.version(),
        json!({ "lapse_days": 3 }),
    )
    .await
    .refused(422, "number_out_of_range");
    app.patch(
        "/api/settings",
        &answer.version(),
        json!({ "colour": "red" }),
    )
    .await
    .refused(422, "setting_unknown");
    app.patch(
        "/api/settings",
        &answer.version(),
        json!({ "country": "ZZ" }),
    )
    .await
    .refused(422, "country_unknown");

    let rates = json!([{ "currency": "MYR", "valid_from": "2025-01-01", "rate": "0.3" }]);
    let path = "/api/exchange-rates";
    let read = app.get(path).await.version();
    app.put(path, &read, rates.clone()).await.ok();
    assert_eq!(app.get(path).await.ok(), rates);
    app.put(path, &read, json!([])).await.refused(412, "stale");
    let read = app.get(path).await.version();
    let wrong = json!([{ "currency": "MYR", "valid_from": "2025-02-30", "rate": "0.3" }]);
    app.put(path, &read, wrong)
        .await
        .refused(422, "date_invalid");
    assert_eq!(app.get(path).await.ok(), rates);
}

both!(of_edits_at_the_same_time_one_wins);
async fn of_edits_at_the_same_time_one_wins(app: TestApp) {
    let app = app.signed_in().await;
    let path = "/api/settings";
    // The first round opens the connections that the others then race on.
    for round in 0..6 {
        let read = app.get(path).await.version();
        let edits = (1..=8).map(|n| app.patch(path, &read, json!({ "lapse_days": 100 + n })));
        let mut outcomes: Vec<u16> = futures::future::join_all(edits)
            .await
            .iter()
            .map(|answer| answer.status.as_u16())
            .collect();
        outcomes.sort_unstable();
        assert_eq!(
            outcomes,
            [200, 412, 412, 412, 412, 412, 412, 412],
            "{round}"
        );
    }
}

both!(nobody_reads_without_signing_in);
async fn nobody_reads_without_signing_in(app: TestApp) {
    let document: serde_json::Value =
        serde_json::from_str(&clientele::http::openapi_json()).unwrap();
    let mut tried = 0;
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            if operation["security"]
                .as_array()
                .is_some_and(|list| list.iter().any(|one| one == &json!({})))
            {
                continue;
            }
            // Signing out is a wish that is fulfilled already.
            if (verb.as_str(), path.as_str()) == ("delete", "/api/session") {
                continue;
            }
            let path = path
                .replace("{id}", "x_0000000000000")
                .replace("{verb}", "pause");
            let method = verb.to_uppercase().parse().unwrap();
            let headers = [("content-type", "application/json"), ("if-match", "\"v1\"")];
            let answer = app.send(method, &path, &headers, Body::from("{}")).await;
            assert!(
                !answer.status.is_success(),
                "{verb} {path} answered {}",
                answer.status
            );
            tried += 1;
        }
    }
    assert!(tried > 10);
}
