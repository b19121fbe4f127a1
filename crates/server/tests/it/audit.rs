//! The audit log shows tampering.

use clientele::{
    db::chain::{Anchor, Tampering, Verdict, last, verify},
    features::audit,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::TestApp;

/// A book with a handful of deeds.
async fn deeds(app: TestApp) -> TestApp {
    let app = app.signed_in().await;
    for name in ["Ann", "Bob", "Cem", "Dao", "Eve"] {
        let person = json!({ "name": name, "identifiers": [] });
        app.post("/api/customers", person).await.ok();
    }
    app
}

/// Writes to the book behind the program's back.
async fn tamper(app: &TestApp, sql: &str) {
    app.app
        .db
        .write(&app.app.system_ctx(), {
            let sql = sql.to_owned();
            move |tx| {
                let sql = sql.clone();
                Box::pin(async move {
                    tx.conn().execute_unprepared(&sql).await?;
                    Ok(())
                })
            }
        })
        .await
        .unwrap();
}

async fn found(app: &TestApp, anchors: &[Anchor]) -> Vec<Tampering> {
    let Verdict { tampering, .. } = verify(app.app.db.read(), anchors).await.unwrap();
    tampering
}

both!(every_kind_of_tampering_shows);
async fn every_kind_of_tampering_shows(app: TestApp) {
    let app = deeds(app).await;
    let (end, _) = last(app.app.db.read()).await.unwrap();
    assert!(end > 6, "{end} entries");
    assert_eq!(found(&app, &[]).await, []);
    let swap = "UPDATE audit_entries SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END \
                WHERE seq IN (4, 5); UPDATE audit_entries SET seq = -seq WHERE seq < 0";
    for (what, there, back, expected) in [
        (
            "edited",
            "UPDATE audit_entries SET actor = actor + 1 WHERE seq = 3",
            "UPDATE audit_entries SET actor = actor - 1 WHERE seq = 3",
            vec![Tampering::Changed { seq: 3 }],
        ),
        (
            "moved",
            swap,
            swap,
            vec![
                Tampering::Changed { seq: 4 },
                Tampering::Changed { seq: 5 },
                Tampering::Changed { seq: 6 },
            ],
        ),
    ] {
        tamper(&app, there).await;
        assert_eq!(found(&app, &[]).await, expected, "{what}");
        tamper(&app, back).await;
        assert_eq!(found(&app, &[]).await, [], "{what}, put back");
    }

    let deleted = "DELETE FROM audit_entries WHERE seq = 4";
    tamper(&app, deleted).await;
    assert_eq!(
        found(&app, &[]).await,
        [
            Tampering::Missing { from: 4, to: 4 },
            Tampering::Changed { seq: 5 }
        ]
    );
}

both!(a_log_that_began_after_its_first_anchor_is_whole);
async fn a_log_that_began_after_its_first_anchor_is_whole(app: TestApp) {
    let anchors = || audit::read_anchors(&app.app, None).unwrap();
    audit::anchor(&app.app).await.unwrap();
    assert_eq!(anchors(), [], "nothing to hold fast yet");
    let app = deeds(app).await;
    audit::anchor(&app.app).await.unwrap();
    let mut anchors = audit::read_anchors(&app.app, None).unwrap();
    assert_eq!(anchors.len(), 1);
    // What a program wrote that anchored an empty log.
    anchors.insert(
        0,
        Anchor {
            at: "2026-03-14T08:30:00Z".to_owned(),
            seq: 0,
            hash: String::new(),
        },
    );
    assert_eq!(found(&app, &anchors).await, []);
}

both!(a_log_that_was_cut_shows);
async fn a_log_that_was_cut_shows(app: TestApp) {
    let app = deeds(app).await;
    let (end, hash) = last(app.app.db.read()).await.unwrap();
    let anchor = Anchor {
        at: "2026-03-15T08:30:00Z".to_owned(),
        seq: end,
        hash,
    };
    assert_eq!(found(&app, std::slice::from_ref(&anchor)).await, []);
    tamper(
        &app,
        &format!("DELETE FROM audit_entries WHERE seq > {}", end - 2),
    )
    .await;
    let (from, to) = (end - 1, end);
    assert_eq!(found(&app, &[]).await, [Tampering::Missing { from, to }]);

    // Who also sets the counter back, and lets new entries follow, leaves a whole chain.
    let back = format!(
        "UPDATE counters SET value = {} WHERE name = 'audit'",
        end - 2
    );
    tamper(&app, &back).await;
    assert_eq!(found(&app, &[]).await, []);
    for name in ["Fay", "Gus", "Hal"] {
        let person = json!({ "name": name, "identifiers": [] });
        app.post("/api/customers", person).await.ok();
    }
    assert_eq!(found(&app, &[]).await, []);
    // But what was anchored outside the book is another.
    assert_eq!(
        found(&app, &[anchor]).await,
        [Tampering::Anchor { seq: end }]
    );
}

both!(the_log_is_anchored_once_a_day);
async fn the_log_is_anchored_once_a_day(app: TestApp) {
    let app = deeds(app).await;
    assert_eq!(audit::read_anchors(&app.app, None).unwrap(), []);
    audit::anchor(&app.app).await.unwrap();
    audit::anchor(&app.app).await.unwrap();
    let day = std::time::Duration::from_secs(24 * 3600);
    app.app.env.advance(day);
    let person = json!({ "name": "Ida", "identifiers": [] });
    app.app.env.advance(std::time::Duration::from_secs(1));
    app.post("/api/customers", person).await.ok();
    audit::anchor(&app.app).await.unwrap();
    let anchors = audit::read_anchors(&app.app, None).unwrap();
    assert_eq!(anchors.len(), 2);
    assert!(anchors[0].seq < anchors[1].seq);
    assert_eq!(found(&app, &anchors).await, []);
}

both!(entries_of_some_days_are_taken_away_as_a_file);
async fn entries_of_some_days_are_taken_away_as_a_file(app: TestApp) {
    let app = deeds(app).await;
    // In Singapore the next day has begun eight hours earlier.
    app.app
        .env
        .turn_clock_to("2026-03-15T16:30:00Z".parse().unwrap());
    let formula = json!({ "name": "=cmd|' /C calc'!A0", "kind": "country" });
    app.post("/api/units", formula).await.ok();
    let seen = async |days: &str| {
        let list = app.get(&format!("/api/audit?{days}")).await.ok();
        list["total"]["count"].as_u64().unwrap()
    };
    assert_eq!(seen("from=2026-03-16&until=2026-03-16").await, 1);
    assert_eq!(seen("noun=customer&until=2026-03-15").await, 5);
    assert_eq!(seen("until=2026-03-14").await, 0);
    let refused = app.get("/api/audit?from=yesterday").await;
    assert!(refused.status.is_client_error());
    app.get("/api/audit?until=9999-12-31")
        .await
        .refused(422, "date_out_of_range");

    let file = async |query: &str| {
        let answer = app.get(&format!("/api/audit/export?{query}")).await;
        assert!(answer.status.is_success());
        answer.text().to_owned()
    };
    let lines = file("format=jsonl&noun=customer").await;
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 5);
    assert_eq!(
        (&rows[0]["action"], &rows[0]["actor"]),
        (&json!("create"), &json!("Wei Chen"))
    );
    let list = app.get("/api/audit?noun=customer").await.ok();
    assert_eq!(rows[4]["hash"], list["items"][0]["hash"]);
    assert_eq!(rows[4]["noun_id"], list["items"][0]["noun_id"]);
    let table = file("format=csv&from=2026-03-16").await;
    assert!(
        table.starts_with("seq,at,actor_id,actor,address,action,"),
        "{table}"
    );

    // The taking away stands in the log too, with what was asked for.
    let exports = app.get("/api/audit?action=export").await.ok();
    let detail = &exports["items"][1]["detail"];
    assert_eq!(
        detail,
        &json!({
            "format": "jsonl", "lossless": false, "filter": { "noun": "customer" },
            "rows": 5, "complete": true,
        })
    );
}
