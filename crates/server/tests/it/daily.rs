//! A day's changes graded alone come to the rows that grading everybody gives.

use clientele::{
    db::What,
    features::{
        customers::entity::merge,
        grades::{self, Summary, entity::history},
        orders::entity::{line, order},
    },
    jobs::{self, JobKind},
};
use clientele_domain::id::MergeId;
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::{
    chain::{Chain, sale, write},
    grades::{id, rows},
    merges::{merge_two, part},
    support::TestApp,
};

/// Grades as new data asks for it, and answers what the job says.
async fn grade(app: &TestApp, as_of: Date, is_whole: bool) -> Value {
    if is_whole {
        let seen = app.app.config.data.join("grades.seen");
        let _ = std::fs::remove_file(seen);
    }
    let input = json!({ "as_of": as_of, "reason": "data" });
    let job = write(app, move |tx| {
        let input = input.clone();
        Box::pin(async move { jobs::enqueue(tx, JobKind::Grade, &input).await })
    })
    .await;
    app.settle().await;
    let job = app.get(&format!("/api/jobs/{job}")).await.ok();
    assert_eq!(job["state"], "done", "{job}");
    job["output"].clone()
}

async fn moves(app: &TestApp) -> Vec<history::Model> {
    let mut moves = history::Entity::find()
        .order_by_asc(history::Column::CustomerId)
        .order_by_asc(history::Column::Seq)
        .all(app.app.db.read())
        .await
        .unwrap();
    // Runs of the two are named by different ids.
    moves.iter_mut().for_each(|row| row.run_id = 0);
    moves
}

/// How many the last run counted as at risk.
async fn at_risk(app: &TestApp) -> u64 {
    let run = grades::last_run(app.app.db.read()).await.unwrap().unwrap();
    let summary: Summary = serde_json::from_str(&run.summary).unwrap();
    summary.at_risk
}

/// A golden customer, by their place among the first.
fn golden(chain: &Chain, place: usize) -> i64 {
    let mut golden = chain.customers.iter().filter(|row| row.id == row.golden_id);
    golden.nth(place).unwrap().id
}

/// What happens before a grading, in the same way to both.
async fn happen(app: &TestApp, chain: &Chain, turn: usize) {
    let (winner, loser) = (golden(chain, 4), golden(chain, 5));
    match turn {
        1 => Chain::random(77, 12, 5_000_000).put(app).await,
        2 => {
            let manual = json!({
                "manual_tier": "gold", "manual_reason": "A friend", "manual_until": "2026-04-30",
            });
            let path = format!("/api/customers/{}/override", id(golden(chain, 0)));
            app.put(&path, "\"v1\"", manual).await.ok();
            let path = format!("/api/customers/{}/override", id(golden(chain, 1)));
            app.put(&path, "\"v1\"", json!({ "floor_tier": "silver" }))
                .await
                .ok();
        }
        4 => {
            let (order, line) = sale(9_000_001, golden(chain, 2), "2025-03-01", 90_000);
            let late = Chain {
                orders: vec![order],
                lines: vec![line],
                ..Chain::default()
            };
            late.put(app).await;
        }
        5 => {
            write(app, |tx| {
                Box::pin(async move {
                    line::Entity::delete_by_id((9_000_001, 1))
                        .exec(tx.conn())
                        .await?;
                    order::Entity::delete_by_id(9_000_001)
                        .exec(tx.conn())
                        .await?;
                    tx.changed("order", 9_000_001, What::Deleted);
                    Ok(())
                })
            })
            .await;
        }
        6 => drop(merge_two(app, winner, loser).await.unwrap()),
        8 => {
            let merges = merge::Entity::find().all(app.app.db.read()).await.unwrap();
            part(app, MergeId(merges[0].id)).await.unwrap();
        }
        _ => {}
    }
}

both!(a_days_changes_graded_alone_are_the_grading_of_everybody);
async fn a_days_changes_graded_alone_are_the_grading_of_everybody(daily: TestApp) {
    let daily = daily.signed_in().await;
    let whole = TestApp::sqlite().await.signed_in().await;
    let chain = Chain::random(9, 60, 0);
    for app in [&daily, &whole] {
        chain.clone().put(app).await;
    }
    let mut as_of = date(2025, 1, 10);
    let mut few = 0;
    // The last day of a manual grade and the first one after it are among them.
    let all_days = [
        0, 0, 1, 1, 30, 1, 1, 100, 1, 120, 61, 1, 90, 31, 1, 36, 1, 9, 0,
    ];
    for (turn, days) in all_days.into_iter().enumerate() {
        as_of = as_of.saturating_add(days.days());
        for app in [&daily, &whole] {
            happen(app, &chain, turn).await;
        }
        let alone = grade(&daily, as_of, false).await;
        let everybody = grade(&whole, as_of, true).await;
        assert_eq!(
            rows(&daily).await,
            rows(&whole).await,
            "turn {turn}, as of {as_of}"
        );
        assert_eq!(
            moves(&daily).await,
            moves(&whole).await,
            "turn {turn}, as of {as_of}"
        );
        for key in ["customers", "changed", "moved", "promoted", "demoted"] {
            assert_eq!(alone[key], everybody[key], "{key} of turn {turn}");
        }
        assert_eq!(everybody["looked_at"], everybody["customers"]);
        few += i64::from(alone["looked_at"].as_i64() < alone["customers"].as_i64());
        assert_eq!(at_risk(&daily).await, at_risk(&whole).await);
    }
    assert!(few > 12, "only {few} gradings left somebody out");
    assert_eq!(grade(&daily, as_of, false).await["looked_at"], 0);

    // Going back in time, or another scheme, is a matter of everybody.
    let before = grade(&daily, as_of.saturating_sub(1.day()), false).await;
    assert_eq!(before["looked_at"], before["customers"]);
}
