//! Tier schemes: drafts, simulation, publishing.

use serde_json::{Value, json};

use crate::{
    chain::Chain,
    grades::{rows, run},
    support::TestApp,
};

/// The scheme in force with other thresholds.
async fn changed_scheme(app: &TestApp) -> Value {
    let mut scheme = app.get("/api/tier-scheme").await.ok()["published"].clone();
    scheme.as_object_mut().unwrap().shift_remove("version");
    scheme["window_days"] = json!(730);
    scheme["review_months"] = json!(0);
    scheme["grace_days"] = json!(0);
    scheme["levels"][1]["thresholds"] = json!({ "spend": 20_000 });
    scheme["levels"][2]["thresholds"] = json!({ "spend": 60_000, "frequency": 12 });
    scheme
}

both!(a_new_chain_begins_with_the_default_scheme);
async fn a_new_chain_begins_with_the_default_scheme(app: TestApp) {
    let app = app.signed_in().await;
    let answer = app.get("/api/tier-scheme").await;
    let schemes = answer.ok();
    assert_eq!(answer.version(), "\"v0\"");
    assert_eq!(schemes["draft"], Value::Null);
    let published = &schemes["published"];
    assert_eq!(
        (&published["version"], &published["currency"]),
        (&json!(1), &json!("SGD"))
    );
    let codes: Vec<&str> = published["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["member", "silver", "gold", "platinum"]);
    assert_eq!(
        published["levels"][2]["name"],
        json!({ "en": "Gold", "zh": "金卡会员" })
    );
}

both!(drafts_are_saved_over_the_edit_that_was_read);
async fn drafts_are_saved_over_the_edit_that_was_read(app: TestApp) {
    let app = app.signed_in().await;
    let path = "/api/tier-scheme/draft";
    let scheme = changed_scheme(&app).await;
    app.post("/api/tier-scheme/draft/simulate", json!({}))
        .await
        .refused(404, "not_found");
    let answer = app.put(path, "\"v0\"", scheme.clone()).await;
    assert_eq!(answer.ok()["draft"]["edit"], 1);
    assert_eq!(answer.version(), "\"v1\"");
    app.put(path, "\"v0\"", scheme.clone())
        .await
        .refused(412, "stale");
    assert_eq!(
        app.put(path, "\"v1\"", scheme.clone()).await.ok()["draft"]["edit"],
        2
    );
    assert_eq!(
        app.get("/api/tier-scheme").await.ok()["published"]["window_days"],
        365
    );
    app.delete(path).await.ok();
    app.delete(path).await.refused(404, "not_found");
    assert_eq!(app.get("/api/tier-scheme").await.ok()["draft"], Value::Null);
}

both!(a_scheme_is_refused_with_everything_wrong_with_it);
async fn a_scheme_is_refused_with_everything_wrong_with_it(app: TestApp) {
    let app = app.signed_in().await;
    let mut scheme = changed_scheme(&app).await;
    scheme["currency"] = json!("EUR");
    scheme["levels"][3]["thresholds"] = json!({ "spend": 10 });
    scheme["levels"][1]["color"] = json!("red");
    let answer = app.put("/api/tier-scheme/draft", "\"v0\"", scheme).await;
    answer.refused(422, "scheme_invalid");
    let problem = answer.json();
    assert_eq!(problem["field"], "levels.1.color");
    assert_eq!(
        problem["params"]["problems"],
        json!([
            { "path": "levels.1.color", "kind": "bad_color" },
            { "path": "levels.3.thresholds.spend", "kind": "not_higher" },
            { "path": "currency", "kind": "wrong_currency" },
        ])
    );
}

both!(publishing_does_what_the_simulation_said);
async fn publishing_does_what_the_simulation_said(app: TestApp) {
    let app = app.signed_in().await;
    Chain::random(4, 150, 0).put(&app).await;
    run(&app, "2026-03-10").await;
    let before = rows(&app).await;
    let scheme = changed_scheme(&app).await;
    app.put("/api/tier-scheme/draft", "\"v0\"", scheme)
        .await
        .ok();
    let simulation = app
        .post("/api/tier-scheme/draft/simulate", json!({}))
        .await
        .ok();
    assert_eq!(rows(&app).await, before, "a simulation writes nothing");
    // The date that was asked for stays the date.
    assert_eq!(simulation["as_of"], "2026-03-10");

    let job = app
        .post("/api/tier-scheme/draft/publish", json!({}))
        .await
        .ok();
    app.settle().await;
    let job = app
        .get(&format!("/api/jobs/{}", job["id"].as_str().unwrap()))
        .await
        .ok();
    let output = &job["output"];
    assert_eq!(
        (&output["as_of"], &output["scheme_version"]),
        (&json!("2026-03-10"), &json!(2))
    );
    let count = |value: &Value| value.as_u64().unwrap();
    let moved = count(&simulation["promoted"]) + count(&simulation["demoted"]);
    assert!(
        count(&simulation["promoted"]) > 3 && moved > 5,
        "{simulation}"
    );
    assert_eq!(output["promoted"], simulation["promoted"]);
    assert_eq!(output["demoted"], simulation["demoted"]);

    let after = rows(&app).await;
    let graded = || after.values().filter(|row| !row.lifecycle.is_empty());
    for level in simulation["levels"].as_array().unwrap() {
        let code = level["code"].as_str().unwrap();
        let had = before
            .values()
            .filter(|row| !row.lifecycle.is_empty() && row.tier == code)
            .count();
        let has = graded().filter(|row| row.tier == code).count();
        let said = (
            count(&level["before"]["customers"]),
            count(&level["after"]["customers"]),
        );
        assert_eq!(said, (had as u64, has as u64), "level {code}");
    }
    for way in simulation["moves"].as_array().unwrap() {
        let went = graded()
            .filter(|row| row.tier == way["to"] && before[&row.customer_id].tier == way["from"]);
        assert_eq!(went.count() as u64, count(&way["customers"]), "{way}");
    }
    let sample = simulation["sample"].as_array().unwrap();
    assert!(!sample.is_empty() && sample[0]["name"].as_str().unwrap().starts_with("Person"));
    let schemes = app.get("/api/tier-scheme").await.ok();
    assert_eq!(
        (&schemes["published"]["version"], &schemes["draft"]),
        (&json!(2), &Value::Null)
    );
}
