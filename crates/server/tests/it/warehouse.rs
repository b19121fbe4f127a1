//! The copy: equal to the book after every change, and caught when it is not.

use clientele::{
    db::{Tx, What},
    error::Result,
    features::{
        customers::entity::customer,
        orders::entity::{line, order},
        warehouse::{
            check::{Check, check},
            sync_now,
        },
    },
    jobs::{self, JobKind},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    chain::{Chain, write},
    support::TestApp,
};

async fn agreed(app: &TestApp) {
    let check = check(&app.app).await.unwrap();
    assert!(check.ok, "{:?}", bad(&check));
}

/// What a check found to be wrong.
fn bad(check: &Check) -> Vec<&str> {
    check
        .findings
        .iter()
        .filter(|f| !f.ok)
        .map(|f| f.name.as_str())
        .collect()
}

both!(the_copy_follows_every_change);
async fn the_copy_follows_every_change(app: TestApp) {
    let chain = Chain::random(21, 50, 0);
    chain.put(&app).await;
    agreed(&app).await;
    // A merge moves orders, an order changes with its lines, another one goes.
    let ids: Vec<i64> = chain.orders.iter().map(|order| order.id).take(2).collect();
    let (changed, gone) = (ids[0], ids[1]);
    write(&app, move |tx| {
        Box::pin(async move { disturb(tx, changed, gone).await })
    })
    .await;
    agreed(&app).await;
    let more = Chain::random(22, 20, 1_000_000);
    more.put(&app).await;
    write(&app, move |tx| {
        // New in one stretch of the feed, and changed in the same.
        Box::pin(async move { rename(tx, 1_000_001).await })
    })
    .await;
    agreed(&app).await;
    assert_eq!(
        sync_now(&app.app).await.unwrap(),
        app.app.warehouse.position()
    );
}

async fn disturb(tx: &Tx, changed: i64, gone: i64) -> Result<()> {
    customer::Entity::update_many()
        .col_expr(customer::Column::GoldenId, Expr::value(1_i64))
        .filter(customer::Column::GoldenId.eq(4_i64))
        .exec(tx.conn())
        .await?;
    for row in customer::Entity::find().all(tx.conn()).await? {
        tx.changed("customer", row.id, What::Updated);
    }
    let moved = order::Entity::find()
        .filter(order::Column::CustomerId.eq(4_i64))
        .all(tx.conn())
        .await?;
    for row in moved {
        tx.changed("order", row.id, What::Updated);
    }
    order::Entity::update_many()
        .col_expr(order::Column::CustomerId, Expr::value(1_i64))
        .filter(order::Column::CustomerId.eq(4_i64))
        .exec(tx.conn())
        .await?;
    for (column, sum) in [
        (order::Column::Net, 5_i64),
        (order::Column::ReportingNet, 5),
    ] {
        order::Entity::update_many()
            .col_expr(column, Expr::col(column).add(sum))
            .filter(order::Column::Id.eq(changed))
            .exec(tx.conn())
            .await?;
    }
    line::Entity::update_many()
        .col_expr(line::Column::Net, Expr::col(line::Column::Net).add(5_i64))
        .filter(line::Column::OrderId.eq(changed))
        .filter(line::Column::LineNo.eq(1_i64))
        .exec(tx.conn())
        .await?;
    tx.changed("order", changed, What::Updated);
    order::Entity::update_many()
        .col_expr(order::Column::OriginalId, Expr::value(Option::<i64>::None))
        .filter(order::Column::OriginalId.eq(gone))
        .exec(tx.conn())
        .await?;
    for row in order::Entity::find().all(tx.conn()).await? {
        tx.changed("order", row.id, What::Updated);
    }
    line::Entity::delete_many()
        .filter(line::Column::OrderId.eq(gone))
        .exec(tx.conn())
        .await?;
    order::Entity::delete_by_id(gone).exec(tx.conn()).await?;
    tx.changed("order", gone, What::Deleted);
    Ok(())
}

async fn rename(tx: &Tx, id: i64) -> Result<()> {
    customer::Entity::update_many()
        .col_expr(customer::Column::Country, Expr::value("JP"))
        .filter(customer::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    tx.changed("customer", id, What::Updated);
    Ok(())
}

both!(a_check_finds_what_the_feed_did_not_tell);
async fn a_check_finds_what_the_feed_did_not_tell(app: TestApp) {
    let chain = Chain::random(23, 30, 0);
    chain.put(&app).await;
    agreed(&app).await;
    let cents = chain
        .orders
        .iter()
        .find(|order| order.kind == "sale")
        .unwrap()
        .id;
    let found = async || {
        bad(&check(&app.app).await.unwrap())
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };

    // A cent that appeared behind the feed's back.
    write(&app, move |tx| {
        Box::pin(async move {
            order::Entity::update_many()
                .col_expr(order::Column::Net, Expr::col(order::Column::Net).add(1_i64))
                .filter(order::Column::Id.eq(cents))
                .exec(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await;
    assert_eq!(
        found().await,
        ["orders whose lines do not add up", "warehouse table orders"]
    );

    // An order of nobody, and a customer whose golden customer is not golden.
    write(&app, move |tx| {
        Box::pin(async move {
            order::Entity::update_many()
                .col_expr(order::Column::Net, Expr::col(order::Column::Net).sub(1_i64))
                .col_expr(order::Column::CustomerId, Expr::value(Some(999_i64)))
                .filter(order::Column::Id.eq(cents))
                .exec(tx.conn())
                .await?;
            customer::Entity::update_many()
                .col_expr(customer::Column::GoldenId, Expr::value(12_345_i64))
                .filter(customer::Column::Id.eq(30_i64))
                .exec(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await;
    let names = found().await;
    for name in [
        "golden customers",
        "customers of orders",
        "orders of another customer than their record's",
        "warehouse table customers",
        "warehouse table orders",
    ] {
        assert!(
            names.contains(&name.to_owned()),
            "{name} is not among {names:?}"
        );
    }
}

both!(a_rebuild_makes_the_copy_equal_again);
async fn a_rebuild_makes_the_copy_equal_again(app: TestApp) {
    Chain::random(24, 40, 0).put(&app).await;
    agreed(&app).await;
    write(&app, |tx| {
        Box::pin(async move {
            // Behind the feed's back; only a rebuild can see it.
            customer::Entity::update_many()
                .col_expr(customer::Column::Country, Expr::value("JP"))
                .filter(customer::Column::Id.gt(10_i64))
                .exec(tx.conn())
                .await?;
            jobs::enqueue(tx, JobKind::RebuildWarehouse, &json!({})).await
        })
    })
    .await;
    assert_eq!(
        bad(&check(&app.app).await.unwrap()),
        ["warehouse table customers"]
    );
    app.settle().await;
    agreed(&app).await;
    Chain::random(25, 10, 1_000_000).put(&app).await;
    agreed(&app).await;
}
