//! The one door for writes: grouped commits, refusals, request keys, the feed.

use std::{sync::Arc, time::Duration};

use clientele::{
    ctx::{Ctx, IdempotencyKey},
    db::{self, Tx, What},
    entities::feed_position,
    error::{Error, Result},
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, Set, Statement};
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

both!(what_is_asked_together_is_answered_apart);
async fn what_is_asked_together_is_answered_apart(app: TestApp) {
    let reader = app.app.db.reader().await.unwrap();
    let sum = async |left: i64, right: i64| {
        let text = "SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT)";
        let values = [left.into(), right.into()];
        let asked = Statement::from_sql_and_values(app.app.db.backend(), on(&app, text), values);
        let row = reader.query_one_raw(asked).await?.expect("one row");
        row.try_get_by_index::<i64>(0)
    };
    // One of them asks once more when it knows the answer.
    let twice = async { sum(sum(1, 2).await?, 30).await };
    let asked = async { tokio::try_join!(sum(3, 4), twice, sum(-5, -6)) };
    assert_eq!(reader.together(asked).await.unwrap(), (7, 33, -11));

    let nonsense = Statement::from_string(app.app.db.backend(), "SELECT name FROM nowhere");
    let asked = async { tokio::join!(sum(1, 1), reader.query_one_raw(nonsense), sum(2, 2)) };
    let (before, failing, _) = reader.together(asked).await;
    assert_eq!(before.unwrap(), 2);
    let failure = failing.unwrap_err().to_string();
    assert!(failure.contains("nowhere"), "{failure}");
    assert_eq!(sum(3, 3).await.unwrap(), 6, "the connection goes on");
}

/// Placeholders as the database of the program spells them.
fn on(app: &TestApp, text: &str) -> String {
    match app.app.db.backend() {
        DbBackend::Sqlite => text.replace("$1", "?").replace("$2", "?"),
        _ => text.to_owned(),
    }
}

/// Writes down that a reader of the feed is at its beginning; on SQLite the statement
/// waits for the next one.
async fn put(tx: &Tx, reader: String) -> Result<()> {
    let row = feed_position::ActiveModel {
        reader: Set(reader),
        seq: Set(0),
    };
    db::insert_all::<feed_position::Entity, _>(tx.conn(), [row]).await
}

both!(a_statement_that_was_put_off_and_fails_undoes_its_action);
async fn a_statement_that_was_put_off_and_fails_undoes_its_action(app: TestApp) {
    let ctx = app.app.system_ctx();
    let before = feed_position::Entity::find().count(app.app.db.read()).await;
    let write = |number: i64, times: i64| {
        let (db, ctx) = (app.app.db.clone(), ctx.clone());
        async move {
            db.write(&ctx, move |tx| {
                Box::pin(async move {
                    for _ in 0..times {
                        put(tx, format!("reader {number}")).await?;
                    }
                    tx.changed("thing", number, What::Created);
                    Ok(())
                })
            })
            .await
        }
    };
    assert!(write(0, 2).await.is_err(), "alone");
    let outcomes = join_all((0..20).map(|number| write(number, 1 + number % 2))).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), number % 2 == 0, "{number} among others");
    }
    let quiet = |number: i64, times: i64| {
        let (db, ctx) = (app.app.db.clone(), ctx.clone());
        async move {
            db.write(&ctx, move |tx| {
                Box::pin(async move {
                    for _ in 0..times {
                        put(tx, format!("quiet {number}")).await?;
                    }
                    Ok(())
                })
            })
            .await
        }
    };
    assert!(
        quiet(0, 2).await.is_err(),
        "alone, and found out at its end"
    );
    let outcomes = join_all((0..20).map(|number| quiet(number, 1 + number % 2))).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), number % 2 == 0, "{number} at its end");
    }
    let after = feed_position::Entity::find().count(app.app.db.read()).await;
    assert_eq!(after.unwrap(), before.unwrap() + 20);
    assert_eq!(db::feed_head(&app.app.db).await.unwrap(), 10);
    assert!(app.app.db.takes_writes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_given_up_leaves_nothing_open() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ctx = app.app.system_ctx();
    let (written, waiting) = tokio::sync::oneshot::channel();
    let written = Arc::new(std::sync::Mutex::new(Some(written)));
    let (db, given_up) = (app.app.db.clone(), ctx.clone());
    let request = tokio::spawn(async move {
        db.write(&given_up, move |tx| {
            let written = written.clone();
            Box::pin(async move {
                put(tx, "given up".to_owned()).await?;
                if let Some(written) = written.lock().unwrap().take() {
                    written.send(()).unwrap();
                }
                std::future::pending::<Result<()>>().await
            })
        })
        .await
    });
    waiting.await.unwrap();
    request.abort();
    // It held the book's lock.
    let next = app
        .app
        .db
        .write(&ctx, |tx| Box::pin(put(tx, "next".to_owned())));
    // Were it still held, this would wait until the connection is thrown away.
    let next = tokio::time::timeout(Duration::from_secs(20), next).await;
    next.expect("nothing is held").unwrap();
    let readers = feed_position::Entity::find().all(app.app.db.read()).await;
    assert!(readers.unwrap().iter().all(|row| row.reader != "given up"));
}
