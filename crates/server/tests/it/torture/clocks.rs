//! A clock that jumps, back too: nothing comes to life again, nobody is locked out,
//! nothing waits for a time that is far away, and later ids are greater.

use clientele::{
    app::App,
    ctx::Env,
    entities::job,
    features::grades,
    jobs::{self, JobKind},
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    chain::{Chain, write},
    support::{NOW, TestApp},
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

impl TestApp {
    fn clock_jumps_to(&self, now: Timestamp) {
        self.app.env.turn_clock_to(now);
    }
}

both!(a_session_that_ended_stays_ended);
async fn a_session_that_ended_stays_ended(app: TestApp) {
    let app = app.signed_in().await;
    for jump in [-DAY, -HOUR, HOUR] {
        app.clock_jumps_to(now() + jump);
        app.get("/api/session").await.ok();
    }
    app.clock_jumps_to(now() + 400 * DAY);
    app.get("/api/session").await.refused(401, "not_signed_in");
    app.clock_jumps_to(now());
    app.get("/api/session").await.refused(401, "not_signed_in");
}

both!(wrong_passwords_of_a_wrong_time_lock_nobody_out);
async fn wrong_passwords_of_a_wrong_time_lock_nobody_out(app: TestApp) {
    let app = app.signed_in().await;
    let with = |password: &str| json!({ "email": "wei@example.com", "password": password });
    app.clock_jumps_to(now() + 400 * DAY);
    for _ in 0..10 {
        let answer = app.post("/api/session", with("wrong horse battery")).await;
        answer.refused(401, "sign_in_failed");
    }
    let right = || app.post("/api/session", with("correct horse battery"));
    right().await.refused(429, "too_many_tries");
    app.clock_jumps_to(now());
    right().await.ok();
}

both!(every_night_is_graded_after_a_jump_there_and_back);
async fn every_night_is_graded_after_a_jump_there_and_back(app: TestApp) {
    let app = app.signed_in().await;
    Chain::random(41, 30, 0).put(&app).await;
    let tonight = async || {
        let due = grades::enqueue_if_due(&app.app).await.unwrap();
        app.settle().await;
        due.is_some()
    };
    assert!(tonight().await);
    app.clock_jumps_to(now() + 400 * DAY);
    assert!(tonight().await);
    for night in 1..=3 {
        app.clock_jumps_to(now() + night * DAY);
        assert!(tonight().await, "night {night}");
        assert!(!tonight().await, "night {night}, once more");
    }
    // An hour that comes twice, or a night the clock has seen before.
    app.clock_jumps_to(now() + 3 * DAY - HOUR);
    assert!(!tonight().await);
}

both!(a_job_left_behind_by_a_clock_ahead_runs);
async fn a_job_left_behind_by_a_clock_ahead_runs(app: TestApp) {
    Chain::random(42, 10, 0).put(&app).await;
    write(&app, |tx| {
        Box::pin(async move {
            jobs::enqueue(tx, JobKind::Grade, &json!({})).await?;
            let ahead = tx.ctx().now_micros() + 400 * 86_400_000_000;
            job::Entity::update_many()
                .col_expr(job::Column::State, Expr::value("running"))
                .col_expr(job::Column::LeaseUntil, Expr::value(ahead))
                .exec(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await;
    jobs::drain(&app.app).await.unwrap();
    let undone = job::Entity::find()
        .filter(job::Column::State.ne("done"))
        .one(app.app.db.read())
        .await
        .unwrap();
    assert_eq!(undone, None);
}

both!(what_is_made_later_has_a_greater_id);
async fn what_is_made_later_has_a_greater_id(app: TestApp) {
    Chain::random(43, 10, 0).put(&app).await;
    let graded = async |app: &App| {
        app.db
            .write(&app.system_ctx(), |tx| {
                Box::pin(async move { jobs::enqueue(tx, JobKind::Grade, &json!({})).await })
            })
            .await
            .unwrap();
        jobs::drain(app).await.unwrap();
        grades::last_run(app.db.read()).await.unwrap().unwrap()
    };
    app.clock_jumps_to(now() + 400 * DAY);
    let ahead = graded(&app.app).await;
    app.clock_jumps_to(now() - DAY);
    let back = graded(&app.app).await;
    assert!(back.id > ahead.id);

    // Another process, which never saw the clock ahead.
    let (_dir, config, _) = app.closed().await;
    let again = App::open(config, Env::pinned(now() - DAY, 8))
        .await
        .unwrap();
    let later = graded(&again).await;
    assert!(later.id > back.id);
}
