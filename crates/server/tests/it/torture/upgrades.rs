//! A book of every older schema is brought up to date, with nothing lost.
//!
//! Each is made of a book of today by taking the later steps back, so that it holds
//! what a program of its time would have left.

use clientele::{
    app::Config,
    db::BookUrl,
    features::{
        customers::entity::customer,
        orders::entity::{line, order},
        warehouse::check::check,
    },
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, EntityTrait, QueryOrder};
use serde_json::json;

use crate::{
    grades::{rows, run},
    imports::{accounted, import_with},
    support::TestApp,
};

/// What takes each step back, the newest first.
const BACK: [&[&str]; 11] = [
    &["DROP TABLE recovery_codes", "DROP TABLE second_factors"],
    &["DROP TABLE invitations"],
    &["DROP TABLE backups"],
    &[
        "ALTER TABLE sessions DROP COLUMN id",
        "ALTER TABLE sessions DROP COLUMN address",
        "ALTER TABLE api_tokens DROP COLUMN expires_at",
        "ALTER TABLE api_tokens DROP COLUMN permissions",
    ],
    &[
        "ALTER TABLE audit_entries DROP COLUMN address",
        "ALTER TABLE audit_entries DROP COLUMN hash",
    ],
    &[
        "ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'administrator'",
        "ALTER TABLE users DROP COLUMN unit_id",
        "ALTER TABLE users DROP COLUMN store_id",
        "ALTER TABLE users DROP COLUMN team_id",
        "ALTER TABLE users DROP COLUMN manager_id",
        "ALTER TABLE stores DROP COLUMN unit_id",
        "ALTER TABLE customers DROP COLUMN owner_id",
        "DROP TABLE user_roles",
        "DROP TABLE roles",
        "DROP TABLE teams",
        "DROP TABLE units",
        "DELETE FROM counters WHERE name = 'access'",
    ],
    &[
        "DROP INDEX orders_until",
        "CREATE INDEX grades_monetary ON grades(monetary, customer_id)",
        "CREATE INDEX grades_last_order ON grades(last_order, customer_id)",
        "CREATE INDEX grades_frequency ON grades(frequency, customer_id)",
        "CREATE INDEX grades_tier ON grades(tier, customer_id)",
        "CREATE INDEX grades_group ON grades(rfm_group, customer_id)",
    ],
    &["INSERT INTO counters (name, value) VALUES ('golden_customers', 2)"],
    &[
        "ALTER TABLE orders DROP COLUMN rows_hash",
        // What was noted down for an undo had no such field.
        "UPDATE import_effects SET before = REPLACE(before, '\"rows_hash\":', '\"unknown\":')",
    ],
    &[
        "ALTER TABLE grades ADD COLUMN as_of TEXT NOT NULL DEFAULT '2026-03-14'",
        "ALTER TABLE grades ADD COLUMN recency_days INTEGER NOT NULL DEFAULT 7",
    ],
    &["DELETE FROM counters WHERE name = 'golden_customers'"],
];

const FIRST: &str = "Order ID,Order Date,Customer ID,Customer Name,SKU,Product,Quantity,Unit Price\n\
                     1,2026-03-01,C1,Ann Lee,A,Cup,1,400\n\
                     2,2026-03-02,C2,Bob Tan,B,Bowl,2,5\n";
const SECOND: &str = "Order ID,Order Date,Customer ID,Customer Name,SKU,Product,Quantity,Unit Price\n\
                      2,2026-03-02,C2,Bob Tan,B,Bowl,3,5\n\
                      3,2026-03-03,C1,Ann Lee,A,Cup,1,10\n";

/// Everything that no step may change, as text.
async fn book(app: &TestApp) -> String {
    let read = app.app.db.read();
    let mut orders = order::Entity::find()
        .order_by_asc(order::Column::Id)
        .all(read)
        .await
        .unwrap();
    // Older programs knew no hash of rows.
    orders.iter_mut().for_each(|row| row.rows_hash = 0);
    let lines = line::Entity::find()
        .order_by_asc(line::Column::OrderId)
        .order_by_asc(line::Column::LineNo)
        .all(read)
        .await
        .unwrap();
    let customers = customer::Entity::find()
        .order_by_asc(customer::Column::Id)
        .all(read)
        .await
        .unwrap();
    format!(
        "{orders:?}\n{lines:?}\n{customers:?}\n{:?}",
        rows(app).await
    )
}

/// Makes the closed book one of an older schema.
async fn age(config: &Config, steps: usize) {
    let url = match &config.book {
        BookUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
        BookUrl::Postgres(url) => url.clone(),
    };
    let mut options = ConnectOptions::new(url);
    options.max_connections(1);
    let book = Database::connect(options).await.unwrap();
    for statement in BACK[..steps].iter().copied().flatten() {
        book.execute_unprepared(statement).await.unwrap();
    }
    let version = BACK.len() + 1 - steps;
    let forget = format!("DELETE FROM schema_version WHERE version > {version}");
    book.execute_unprepared(&forget).await.unwrap();
    book.close().await.unwrap();
}

both!(books_of_older_schemas_are_brought_up_to_date);
async fn books_of_older_schemas_are_brought_up_to_date(app: TestApp) {
    let mut app = app.signed_in().await;
    accounted(&import_with(&app, "orders", "shop", FIRST.as_bytes(), json!({})).await);
    run(&app, "2026-03-14").await;
    let first = book(&app).await;
    let second = import_with(&app, "orders", "shop", SECOND.as_bytes(), json!({})).await;
    accounted(&second);
    run(&app, "2026-03-14").await;
    let whole = book(&app).await;
    for steps in 1..=BACK.len() {
        app = app
            .again(async |config: &Config| age(config, steps).await)
            .await;
        assert_eq!(book(&app).await, whole, "{steps} steps back");
        let check = check(&app.app).await.unwrap();
        assert!(check.ok, "{steps} steps back: {:?}", check.findings);
    }
    // What an older program noted down for an undo is understood.
    let path = format!("/api/imports/{}/undo", second["id"].as_str().unwrap());
    app.post(&path, json!({})).await.ok();
    app.settle().await;
    run(&app, "2026-03-14").await;
    assert_eq!(book(&app).await, first);
}
