//! The one door for writes: grouped commits, refusals, request keys, the feed.

use std::sync::Arc;

use clientele::{
    ctx::{Ctx, IdempotencyKey},
    db::{self, What},
    error::Error,
};
use futures::future::join_all;
use serde_json::json;

use crate::support::TestApp;

both!(a_refusal_in_a_group_spoils_nobody_else);
async fn a_refusal_in_a_group_spoils_nobody_else(app: TestApp) {
    let ctx = app.app.system_ctx();
    let writes = (0..40_i64).map(|number| {
        let (db, ctx) = (app.app.db.clone(), ctx.clone());
        async move {
            db.write(&ctx, move |tx| {
                Box::pin(async move {
                    tx.changed("thing", number, What::Created);
                    if number % 3 == 0 {
                        Err(Error::conflict("no", "No."))
                    } else {
                        Ok(number)
                    }
                })
            })
            .await
        }
    });
    let outcomes = join_all(writes).await;
    for (number, outcome) in (0_i64..).zip(&outcomes) {
        match outcome {
            Ok(answer) => assert!(number % 3 != 0 && *answer == number),
            Err(error) => assert!(number % 3 == 0 && error.code() == "no"),
        }
    }
    let mut seen: Vec<i64> = db::changes_after(&app.app.db, 0, 100)
        .await
        .unwrap()
        .iter()
        .map(|change| change.noun_id)
        .collect();
    seen.sort_unstable();
    let expected: Vec<i64> = (0..40).filter(|number| number % 3 != 0).collect();
    assert_eq!(seen, expected);
}

both!(feed_positions_have_no_gaps);
async fn feed_positions_have_no_gaps(app: TestApp) {
    let ctx = app.app.system_ctx();
    let writes = (0..30_i64).map(|number| {
        let (db, ctx) = (app.app.db.clone(), ctx.clone());
        async move {
            db.write(&ctx, move |tx| {
                Box::pin(async move {
                    for _ in 0..=(number % 4) {
                        tx.changed("thing", number, What::Updated);
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
    });
    join_all(writes).await;
    let changes = db::changes_after(&app.app.db, 0, 1000).await.unwrap();
    let sequence: Vec<i64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(sequence, (1..=sequence.len() as i64).collect::<Vec<_>>());
    assert_eq!(
        db::feed_head(&app.app.db).await.unwrap(),
        sequence.len() as i64
    );
}

both!(a_repeated_key_has_one_effect);
async fn a_repeated_key_has_one_effect(app: TestApp) {
    let ran = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let ctx = |hash: &str| Ctx {
        idempotency: Some(IdempotencyKey {
            key: "k".into(),
            request_hash: hash.into(),
        }),
        ..app.app.system_ctx()
    };
    let post = |ctx: Ctx| {
        let (db, ran) = (app.app.db.clone(), ran.clone());
        async move {
            db.post(&ctx, move |tx| {
                let ran = ran.clone();
                Box::pin(async move {
                    ran.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    tx.changed("thing", 1, What::Created);
                    Ok(json!({ "id": tx.ctx().next_id() }))
                })
            })
            .await
        }
    };
    let answers = join_all((0..16).map(|_| post(ctx("same")))).await;
    let first = answers[0].as_ref().unwrap();
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().unwrap() == first)
    );
    assert_eq!(
        db::changes_after(&app.app.db, 0, 100).await.unwrap().len(),
        1
    );
    assert_eq!(
        post(ctx("other")).await.unwrap_err().code(),
        "idempotency_key_reused"
    );
}

both!(an_idle_program_commits_nothing);
async fn an_idle_program_commits_nothing(app: TestApp) {
    let app = app.signed_in().await;
    app.settle().await;
    let commits = app.app.db.commits();
    let before = *commits.borrow();
    app.settle().await;
    assert_eq!(*commits.borrow(), before, "looking for work is no work");
}
