//! Grading: equal to a naive fold, repeatable, with reasons, on a schedule.

use std::{collections::BTreeMap, time::Duration};

use clientele::{
    db::What,
    features::{
        grades::{self, entity::grade},
        orders::entity::{line, order},
        settings,
    },
};
use jiff::civil::date;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    chain::{Chain, LAST, person, sale, write},
    naive::{self, Naive},
    support::TestApp,
};

/// Everybody's row.
pub async fn rows(app: &TestApp) -> BTreeMap<i64, grade::Model> {
    let rows = grade::Entity::find().all(app.app.db.read()).await.unwrap();
    rows.into_iter().map(|row| (row.customer_id, row)).collect()
}

/// Grades as of a date and answers what the job says.
pub async fn run(app: &TestApp, as_of: &str) -> Value {
    let job = app
        .post("/api/grades/run", json!({ "as_of": as_of }))
        .await
        .ok();
    app.settle().await;
    let job = app
        .get(&format!("/api/jobs/{}", job["id"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!(job["state"], "done", "{job}");
    job["output"].clone()
}

pub fn id(number: i64) -> String {
    clientele_domain::id::CustomerId(number).to_string()
}

both!(grading_equals_a_naive_fold);
async fn grading_equals_a_naive_fold(app: TestApp) {
    let app = app.signed_in().await;
    let mut chain = Chain::random(1, 90, 0);
    chain.put(&app).await;
    for (seed, as_of) in [
        (0, LAST),
        (2, LAST),
        (0, date(2025, 2, 28)),
        (3, date(2024, 2, 29)),
    ] {
        if seed > 0 {
            let more = Chain::random(seed, 60, seed as i64 * 1_000_000);
            more.put(&app).await;
            chain.join(more);
        }
        forget_grades(&app).await;
        let output = run(&app, &as_of.to_string()).await;
        let expected = naive::grade(&chain, as_of);
        assert_eq!(output["customers"], expected.len());
        let rows = rows(&app).await;
        for (id, naive) in &expected {
            assert_eq!(
                Naive::of(&rows[id], as_of),
                *naive,
                "customer {id} as of {as_of}"
            );
        }
        let stages: Vec<&str> = expected
            .values()
            .map(|one| one.lifecycle.as_str())
            .collect();
        for stage in ["prospect", "active", "slowing"] {
            assert!(stages.contains(&stage), "nobody is {stage} as of {as_of}");
        }
    }
}

/// Sets everybody back to before the first grading.
async fn forget_grades(app: &TestApp) {
    write(app, |tx| {
        Box::pin(async move {
            use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
            grade::Entity::update_many()
                .col_expr(grade::Column::Lifecycle, Expr::value(""))
                .col_expr(grade::Column::Tier, Expr::value(""))
                .col_expr(grade::Column::TierSince, Expr::value(""))
                .col_expr(grade::Column::Why, Expr::value(""))
                .filter(grade::Column::CustomerId.gt(0))
                .exec(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await;
}

both!(a_second_grading_as_of_the_same_date_changes_nothing);
async fn a_second_grading_as_of_the_same_date_changes_nothing(app: TestApp) {
    let app = app.signed_in().await;
    Chain::random(5, 40, 0).put(&app).await;
    let first = run(&app, "2026-03-14").await;
    let before = rows(&app).await;
    assert_eq!(first["changed"], first["customers"]);
    assert_eq!(first["data_until"], "2026-03-14");
    let again = run(&app, "2026-03-14").await;
    assert_eq!((&again["changed"], &again["moved"]), (&json!(0), &json!(0)));
    assert_eq!(rows(&app).await, before);

    // Merged records are nobody's business.
    let merged = Chain::random(5, 40, 0)
        .customers
        .into_iter()
        .find(|c| c.golden_id != c.id);
    assert_eq!(before[&merged.unwrap().id].lifecycle, "");
    let runs = app.get("/api/grades/runs").await.ok();
    assert_eq!(runs["total"]["count"], 2);
    assert_eq!(runs["items"][1]["changed"], first["changed"]);
}

/// One customer with a sale of 400.00 on the given date, enough for silver.
async fn one_silver(app: &TestApp, date: &str) {
    let (order, line) = sale(1, 1, date, 40_000);
    let chain = Chain {
        customers: vec![person(1, 1)],
        orders: vec![order],
        lines: vec![line],
        ..Chain::default()
    };
    chain.put(app).await;
}

async fn tier_as_of(app: &TestApp, as_of: &str) -> (String, String, String) {
    run(app, as_of).await;
    let row = rows(app).await.remove(&1).unwrap();
    (row.tier, row.tier_cause, row.tier_review)
}

both!(a_tier_is_held_until_its_review_and_through_grace);
async fn a_tier_is_held_until_its_review_and_through_grace(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2024-01-10").await;
    let check = async |as_of: &str, tier: &str, cause: &str, review: &str| {
        let found = tier_as_of(&app, as_of).await;
        assert_eq!(
            found,
            (tier.to_owned(), cause.to_owned(), review.to_owned()),
            "{as_of}"
        );
    };
    check("2024-01-10", "silver", "rule", "2025-01-10").await;
    // The purchase leaves the window of 365 days on the 9th.
    check("2025-01-09", "silver", "held", "2025-01-10").await;
    check("2025-01-10", "silver", "grace", "2025-01-10").await;
    check("2025-02-08", "silver", "grace", "2025-01-10").await;
    check("2025-02-09", "member", "rule", "").await;

    let history = app
        .get(&format!("/api/customers/{}/grade-history", id(1)))
        .await
        .ok();
    let moves: Vec<(&Value, &Value)> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (&item["from"], &item["to"]))
        .collect();
    assert_eq!(
        moves,
        [
            (&json!("silver"), &json!("member")),
            (&Value::Null, &json!("silver"))
        ]
    );
    let why = &history["items"][1]["why"];
    assert_eq!(
        why["rule"],
        json!({ "kind": "qualified", "params": { "level": "silver", "mode": "any_of" } })
    );
    assert_eq!(why["criteria"][0]["figure"], 40_000);
    assert_eq!(
        why["window"],
        json!({ "from": "2023-01-11", "to": "2024-01-10" })
    );
}

both!(a_decision_by_hand_shows_at_once_and_ends);
async fn a_decision_by_hand_shows_at_once_and_ends(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2026-03-01").await;
    run(&app, "2026-03-15").await;
    let path = format!("/api/customers/{}/override", id(1));
    let manual = json!({
        "manual_tier": "platinum", "manual_reason": "Opened our first shop", "manual_until": "2026-03-20",
    });
    let answer = app.put(&path, "\"v1\"", manual.clone()).await;
    let grade = answer.ok();
    assert_eq!(answer.version(), "\"v2\"");
    assert_eq!(
        (&grade["tier"]["code"], &grade["tier_cause"]),
        (&json!("platinum"), &json!("manual"))
    );
    assert_eq!(grade["tier_review"], "2026-03-21");
    assert_eq!(
        grade["why"]["rule"]["params"]["reason"],
        "Opened our first shop"
    );
    assert_eq!(grade["why"]["rule"]["params"]["earned"], "silver");
    assert_eq!(grade["override"]["manual_tier"], "platinum");

    app.put(&path, "\"v1\"", manual.clone())
        .await
        .refused(412, "stale");
    assert_eq!(tier_as_of(&app, "2026-03-20").await.0, "platinum");
    assert_eq!(tier_as_of(&app, "2026-03-21").await.0, "silver");

    let floor = json!({ "floor_tier": "gold" });
    let grade = app.put(&path, "\"v2\"", floor).await.ok();
    assert_eq!(
        (&grade["tier"]["code"], &grade["tier_cause"]),
        (&json!("gold"), &json!("floor"))
    );
    assert_eq!(tier_as_of(&app, "2026-03-22").await.1, "floor");
    let grade = app.put(&path, "\"v3\"", json!({})).await.ok();
    assert_eq!(
        (&grade["tier"]["code"], &grade["tier_cause"]),
        (&json!("silver"), &json!("rule"))
    );
    assert_eq!(grade["override"], Value::Null);
    let history = app
        .get(&format!("/api/customers/{}/grade-history", id(1)))
        .await
        .ok();
    assert_eq!(history["total"]["count"], 5);
}

both!(decisions_are_refused_where_they_do_not_fit);
async fn decisions_are_refused_where_they_do_not_fit(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2026-03-01").await;
    let path = format!("/api/customers/{}/override", id(1));
    let check = async |body: Value, code: &str| {
        app.put(&path, "\"v1\"", body).await.refused(422, code);
    };
    check(
        json!({ "manual_tier": "emperor", "manual_reason": "x" }),
        "tier_unknown",
    )
    .await;
    check(json!({ "floor_tier": "emperor" }), "tier_unknown").await;
    check(json!({ "manual_tier": "gold" }), "reason_missing").await;
    check(
        json!({ "manual_tier": "gold", "manual_reason": "x", "manual_until": "soon" }),
        "date_invalid",
    )
    .await;
    check(
        json!({ "manual_tier": "gold", "manual_reason": "x", "manual_until": "2026-03-14" }),
        "date_in_past",
    )
    .await;
    let nobody = format!("/api/customers/{}/override", id(77));
    app.put(&nobody, "\"v1\"", json!({}))
        .await
        .refused(404, "not_found");
    app.post("/api/grades/run", json!({ "as_of": "tomorrow" }))
        .await
        .refused(422, "date_invalid");

    let mut stranger = app;
    stranger.cookie = None;
    stranger
        .put(&path, "\"v1\"", json!({}))
        .await
        .refused(401, "not_signed_in");
    stranger
        .post("/api/grades/run", json!({}))
        .await
        .refused(401, "not_signed_in");
}

both!(a_grading_is_asked_for_once);
async fn a_grading_is_asked_for_once(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2026-03-01").await;
    let body = json!({ "as_of": "2026-03-15" });
    let first = app
        .post_once("/api/grades/run", "k1", body.clone())
        .await
        .ok();
    let second = app.post_once("/api/grades/run", "k1", body).await.ok();
    assert_eq!(first["id"], second["id"]);
    app.post_once("/api/grades/run", "k1", json!({}))
        .await
        .refused(422, "idempotency_key_reused");
    app.settle().await;
    assert_eq!(app.get("/api/grades/runs").await.ok()["total"]["count"], 1);
}

both!(today_is_the_chains_own);
async fn today_is_the_chains_own(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2026-03-01").await;
    // 20:30 in UTC is half past four of the next day in Singapore.
    app.app.env.advance(Duration::from_secs(12 * 3600));
    app.post("/api/grades/run", json!({})).await.ok();
    app.settle().await;
    assert_eq!(
        app.get("/api/grades/runs").await.ok()["items"][0]["as_of"],
        "2026-03-16"
    );
}

both!(every_night_has_one_grading);
async fn every_night_has_one_grading(app: TestApp) {
    let app = app.signed_in().await;
    let due = async || grades::enqueue_if_due(&app.app).await.unwrap().is_some();
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    assert!(!due().await, "nobody is there to be graded");
    one_silver(&app, "2026-03-01").await;
    // It is 16:30 in Singapore: four in the morning has passed without a grading.
    assert!(due().await);
    assert!(!due().await, "one waits already");
    app.settle().await;
    assert!(!due().await, "tonight's is done");
    app.app.env.advance(hours(11));
    assert!(!due().await, "it is half past three");
    app.app.env.advance(hours(1));
    assert!(due().await, "it is half past four");
    app.settle().await;
    assert!(!due().await);

    // A grading that somebody asked for tonight is left alone.
    app.app.env.advance(hours(24));
    run(&app, "2026-03-02").await;
    assert!(!due().await);
    app.app.env.advance(hours(24));
    let (settings, version) = settings::load_versioned(app.app.db.read()).await.unwrap();
    assert_eq!(settings.grade_hour, 4);
    let none = settings::Settings {
        grade_hour: -1,
        ..settings
    };
    write(&app, move |tx| {
        let none = none.clone();
        Box::pin(async move { settings::save(tx, none, version).await })
    })
    .await;
    assert!(!due().await, "there is no nightly grading any more");
}

both!(new_data_is_graded_once);
async fn new_data_is_graded_once(app: TestApp) {
    let app = app.signed_in().await;
    one_silver(&app, "2026-03-01").await;
    let enqueue = async || {
        write(&app, |tx| {
            Box::pin(async move { grades::enqueue_if_idle(tx).await })
        })
        .await
        .is_some()
    };
    assert!(enqueue().await);
    assert!(!enqueue().await, "the waiting one sees the same data");
    app.settle().await;
    assert!(enqueue().await);
    app.settle().await;
    assert_eq!(rows(&app).await[&1].tier, "silver");
}

both!(nightly_scores_move_only_with_the_customer);
async fn nightly_scores_move_only_with_the_customer(app: TestApp) {
    let app = app.signed_in().await;
    let chain = Chain::random(9, 60, 0);
    chain.put(&app).await;
    run(&app, "2026-03-15").await;
    let before = rows(&app).await;
    // A few people spend enough to push everybody else down a score.
    let mut more = Chain::default();
    for number in 0..3 {
        let (order, line) = sale(900_000 + number, 900_000 + number, "2026-03-15", 9_000_000);
        more.customers
            .push(person(900_000 + number, 900_000 + number));
        more.orders.push(order);
        more.lines.push(line);
    }
    more.put(&app).await;
    app.app.env.advance(Duration::from_secs(24 * 3600));
    assert!(grades::enqueue_if_due(&app.app).await.unwrap().is_some());
    app.settle().await;
    let after = rows(&app).await;
    for (id, row) in before.iter().filter(|(_, row)| row.r > 0) {
        let now = &after[id];
        if now.monetary == row.monetary {
            assert_eq!(now.m, row.m, "customer {id} did not move");
        }
    }
    // A grading that somebody asks for takes the limits anew.
    run(&app, "2026-03-16").await;
    let fresh = rows(&app).await;
    let pushed = before
        .iter()
        .filter(|(id, row)| fresh[id].m < after[id].m && row.r > 0);
    assert!(pushed.count() > 0, "three big spenders push somebody down");
}

both!(an_undone_import_leaves_no_tier_behind);
async fn an_undone_import_leaves_no_tier_behind(app: TestApp) {
    let app = app.signed_in().await;
    let (order, line) = sale(1, 1, "2026-03-01", 5_000);
    let chain = Chain {
        customers: vec![person(1, 1)],
        orders: vec![order],
        lines: vec![line],
        ..Chain::default()
    };
    chain.put(&app).await;
    assert_eq!(tier_as_of(&app, "2026-03-14").await.0, "member");
    app.app.env.advance(Duration::from_secs(3600));
    let began = app.app.env.now().as_microsecond();
    let (order, line) = sale(2, 1, "2026-03-02", 40_000);
    let import = Chain {
        orders: vec![order],
        lines: vec![line],
        ..Chain::default()
    };
    import.put(&app).await;
    assert_eq!(tier_as_of(&app, "2026-03-14").await.0, "silver");

    write(&app, |tx| {
        Box::pin(async move {
            line::Entity::delete_by_id((2, 1)).exec(tx.conn()).await?;
            order::Entity::delete_by_id(2).exec(tx.conn()).await?;
            tx.changed("order", 2, What::Deleted);
            Ok(())
        })
    })
    .await;
    let (tier, cause, _) = tier_as_of(&app, "2026-03-14").await;
    assert_eq!(
        (tier.as_str(), cause.as_str()),
        ("silver", "held"),
        "nobody said why the order went"
    );
    write(&app, move |tx| {
        Box::pin(async move { grades::enqueue_after_undo(tx, began).await })
    })
    .await;
    app.settle().await;
    assert_eq!(rows(&app).await[&1].tier, "member");
}
