//! Merging and taking apart: exact, in any order, whatever arrives in between.

use std::collections::BTreeMap;

use clientele::{
    db::{self, Tx},
    error::Result,
    features::{
        customers::{
            Cause, NewCustomer, NewIdentifier,
            entity::{customer, identifier, merge},
            insert_customers, kept_apart, merge as join, take_back, unmerge,
        },
        grades::entity::grade,
        orders::entity::order,
        tiers::entity::tier_override,
    },
};
use clientele_domain::{
    id::{CustomerId, MergeId},
    identity::KeyKind,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use serde_json::json;

use crate::support::TestApp;

/// Everything merges touch, row by row.
#[derive(Debug, PartialEq)]
struct Book {
    customers: Vec<customer::Model>,
    identifiers: Vec<identifier::Model>,
    orders: Vec<order::Model>,
    grades: Vec<grade::Model>,
    overrides: Vec<tier_override::Model>,
}

impl Book {
    async fn read(app: &TestApp) -> Self {
        let connection = app.app.db.read();
        let by_id = customer::Entity::find().order_by_asc(customer::Column::Id);
        let keys = identifier::Entity::find().order_by_asc(identifier::Column::Id);
        let orders = order::Entity::find().order_by_asc(order::Column::Id);
        let grades = grade::Entity::find().order_by_asc(grade::Column::CustomerId);
        let decided = tier_override::Entity::find().order_by_asc(tier_override::Column::CustomerId);
        Book {
            customers: by_id.all(connection).await.unwrap(),
            identifiers: keys.all(connection).await.unwrap(),
            orders: orders.all(connection).await.unwrap(),
            grades: grades.all(connection).await.unwrap(),
            overrides: decided.all(connection).await.unwrap(),
        }
    }
}

/// Runs one action in a write transaction of the program itself.
async fn write<T, F>(app: &TestApp, action: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a Tx) -> db::ActionFuture<'a, T> + Send + Sync + 'static,
{
    app.app.db.write(&app.app.system_ctx(), action).await
}

fn person(name: &str, city: &str, phone: &str) -> NewCustomer {
    let key = |value: &str| NewIdentifier {
        kind: KeyKind::Phone,
        value: value.to_owned(),
        raw: value.to_owned(),
        verified: false,
    };
    NewCustomer {
        source: "test".to_owned(),
        name: name.to_owned(),
        city: city.to_owned(),
        identifiers: if phone.is_empty() {
            Vec::new()
        } else {
            vec![key(phone)]
        },
        ..NewCustomer::default()
    }
}

async fn insert(app: &TestApp, people: Vec<NewCustomer>) -> Vec<i64> {
    let ids = write(app, move |tx| {
        let people = people.clone();
        Box::pin(async move { insert_customers(tx, people).await })
    });
    ids.await.unwrap().into_iter().map(|id| id.0).collect()
}

pub async fn merge_two(app: &TestApp, winner: i64, loser: i64) -> Result<MergeId> {
    write(app, move |tx| {
        Box::pin(async move {
            let (winner, loser) = (CustomerId(winner), CustomerId(loser));
            join(
                tx,
                winner,
                loser,
                Cause::Key,
                &json!({ "keys": ["phone"] }),
                None,
            )
            .await
        })
    })
    .await
}

pub async fn part(app: &TestApp, id: MergeId) -> Result<()> {
    write(app, move |tx| {
        Box::pin(async move { unmerge(tx, id).await })
    })
    .await
}

/// An order that arrives with a record's key, as an import would write it.
async fn order_arrives(app: &TestApp, number: usize, record: i64) {
    write(app, move |tx| {
        Box::pin(async move {
            let row = customer::Entity::find_by_id(record)
                .one(tx.conn())
                .await?
                .unwrap();
            let order = order::ActiveModel {
                id: Set(tx.ctx().next_id()),
                source: Set("test".to_owned()),
                external_id: Set(format!("O{number}")),
                kind: Set("sale".to_owned()),
                status: Set("paid".to_owned()),
                customer_id: Set(Some(row.golden_id)),
                record_id: Set(Some(record)),
                store_id: Set(None),
                channel: Set("store".to_owned()),
                ordered_at: Set(1_773_563_400_000_000 + number as i64),
                business_date: Set("2026-03-15".to_owned()),
                currency: Set("SGD".to_owned()),
                gross: Set(1_000),
                discount: Set(0),
                net: Set(1_000),
                net_residue: Set(0),
                tax: Set(0),
                shipping: Set(0),
                units: Set(1),
                rate: Set("1".to_owned()),
                reporting_net: Set(1_000),
                original_id: Set(None),
                recipient: Set(None),
                content_hash: Set(String::new()),
                rows_hash: Set(0),
                import_id: Set(None),
                created_at: Set(tx.ctx().now_micros()),
                version: Set(1),
            };
            order::Entity::insert(order)
                .exec_without_returning(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

both!(a_merge_taken_apart_leaves_no_trace);
async fn a_merge_taken_apart_leaves_no_trace(app: TestApp) {
    let bare = NewCustomer {
        given_name: "Lei".to_owned(),
        ..person("", "", "+6591230001")
    };
    let full = NewCustomer {
        given_name: "Lei".to_owned(),
        family_name: "Li".to_owned(),
        gender: "male".to_owned(),
        home_store_id: Some(5),
        note: "left-handed".to_owned(),
        ..person("Li Lei", "Singapore", "+6591230002")
    };
    let ids = insert(&app, vec![bare, full]).await;
    order_arrives(&app, 1, ids[0]).await;
    order_arrives(&app, 2, ids[1]).await;
    let given = tier_override::Model {
        customer_id: ids[1],
        manual_tier: "gold".to_owned(),
        manual_reason: "friend of the house".to_owned(),
        manual_until: String::new(),
        floor_tier: String::new(),
        actor: 0,
        at: 1,
        version: 3,
    };
    write(&app, move |tx| {
        let row = given.clone().into_active_model();
        Box::pin(async move {
            row.insert(tx.conn()).await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    let before = Book::read(&app).await;
    let head = db::feed_head(&app.app.db).await.unwrap();

    let merge = merge_two(&app, ids[0], ids[1]).await.unwrap();
    let merged = Book::read(&app).await;
    let winner = &merged.customers[0];
    assert_eq!(
        (
            winner.name.as_str(),
            winner.family_name.as_str(),
            winner.city.as_str()
        ),
        ("Li Lei", "Li", "Singapore")
    );
    assert_eq!(
        (winner.home_store_id, winner.note.as_str()),
        (Some(5), "left-handed")
    );
    assert_eq!(winner.search_text, before.customers[1].search_text);
    assert_eq!(winner.version, before.customers[0].version);
    assert_eq!(merged.customers[1].golden_id, ids[0]);
    assert!(
        merged
            .identifiers
            .iter()
            .all(|key| key.customer_id == ids[0])
    );
    assert!(
        merged
            .orders
            .iter()
            .all(|order| order.customer_id == Some(ids[0]))
    );
    assert_eq!(merged.overrides.len(), 2);
    assert_eq!(merged.grades, before.grades);
    let fed = db::changes_after(&app.app.db, head, 100).await.unwrap();
    let told = |noun: &str, id: i64| fed.iter().any(|row| row.noun == noun && row.noun_id == id);
    assert!(told("customer", ids[0]) && told("customer", ids[1]));
    assert!(told("order", before.orders[1].id));

    order_arrives(&app, 3, ids[1]).await;
    part(&app, merge).await.unwrap();
    let mut after = Book::read(&app).await;
    let late = after.orders.pop().unwrap();
    assert_eq!(
        (late.customer_id, late.record_id),
        (Some(ids[1]), Some(ids[1]))
    );
    assert_eq!(after, before);

    assert_eq!(
        part(&app, merge).await.unwrap_err().code(),
        "merge_already_undone"
    );
    let (one, other) = (CustomerId(ids[1]), CustomerId(ids[0]));
    assert!(kept_apart(app.app.db.read(), one, other).await.unwrap());
}

both!(what_people_edit_in_between_stays);
async fn what_people_edit_in_between_stays(app: TestApp) {
    let app = app.signed_in().await;
    let ids = insert(
        &app,
        vec![person("Li Lei", "", ""), person("Li Lei", "Rome", "")],
    )
    .await;
    let merge = merge_two(&app, ids[0], ids[1]).await.unwrap();
    let path = format!("/api/customers/{}", CustomerId(ids[0]));
    let shown = app.get(&path).await;
    assert_eq!(shown.ok()["city"], "Rome");
    app.patch(&path, &shown.version(), json!({ "city": "Paris" }))
        .await
        .ok();
    part(&app, merge).await.unwrap();
    assert_eq!(app.get(&path).await.ok()["city"], "Paris");
}

both!(a_value_passed_on_goes_back_too);
async fn a_value_passed_on_goes_back_too(app: TestApp) {
    let people = ["", "Rome", "", "Oslo"].map(|city| person("Li Lei", city, ""));
    let ids = insert(&app, people.to_vec()).await;
    let city = async |at: usize| Book::read(&app).await.customers[at].city.clone();
    // 0 ← 1 fills Rome; 2 ← 0 passes it on; 2 ← 3 finds it filled.
    let first = merge_two(&app, ids[0], ids[1]).await.unwrap();
    let second = merge_two(&app, ids[2], ids[0]).await.unwrap();
    let third = merge_two(&app, ids[2], ids[3]).await.unwrap();
    assert_eq!(city(2).await, "Rome");
    part(&app, first).await.unwrap();
    // Nobody who brought Rome is left, so the other record's town shows.
    assert_eq!(
        (city(0).await.as_str(), city(2).await.as_str()),
        ("", "Oslo")
    );
    part(&app, third).await.unwrap();
    assert_eq!(city(2).await, "");
    part(&app, second).await.unwrap();
    let cities: Vec<String> = Book::read(&app)
        .await
        .customers
        .into_iter()
        .map(|row| row.city)
        .collect();
    assert_eq!(cities, ["", "Rome", "", "Oslo"]);
}

both!(what_an_import_takes_back_was_never_there);
async fn what_an_import_takes_back_was_never_there(app: TestApp) {
    let ids = insert(
        &app,
        vec![person("Li Lei", "", ""), person("Li Lei", "Rome", "")],
    )
    .await;
    let before = Book::read(&app).await;
    let merge = merge_two(&app, ids[0], ids[1]).await.unwrap();
    write(&app, move |tx| {
        Box::pin(async move { take_back(tx, merge).await })
    })
    .await
    .unwrap();
    assert_eq!(Book::read(&app).await, before);
    assert!(
        merge::Entity::find()
            .one(app.app.db.read())
            .await
            .unwrap()
            .is_none()
    );
    let (one, other) = (CustomerId(ids[0]), CustomerId(ids[1]));
    assert!(!kept_apart(app.app.db.read(), one, other).await.unwrap());
}

/// A small generator, so that a failure names its seed and comes again.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// What the book must say, kept beside it in the plainest way.
struct Model {
    ids: Vec<i64>,
    /// Active merges: loser → winner and merge.
    above: BTreeMap<i64, (i64, MergeId)>,
    edits: BTreeMap<i64, (String, i64)>,
}

impl Model {
    fn root(&self, mut id: i64) -> i64 {
        while let Some((winner, _)) = self.above.get(&id) {
            id = *winner;
        }
        id
    }

    async fn check(&self, app: &TestApp, seed: u64) {
        let book = Book::read(app).await;
        for row in &book.customers {
            assert_eq!(row.golden_id, self.root(row.id), "seed {seed}");
        }
        for key in &book.identifiers {
            assert_eq!(key.customer_id, self.root(key.record_id), "seed {seed}");
        }
        for order in &book.orders {
            let record = order.record_id.unwrap();
            assert_eq!(order.customer_id, Some(self.root(record)), "seed {seed}");
        }
    }
}

both!(any_order_of_merges_can_be_taken_apart);
async fn any_order_of_merges_can_be_taken_apart(app: TestApp) {
    let app = app.signed_in().await;
    let mut orders = 0;
    for seed in 0..12 {
        let mut dice = Dice(seed + 1);
        let people = (0..7)
            .map(|at| {
                let pick = |dice: &mut Dice, words: [&str; 3]| words[dice.throw(3)].to_owned();
                let phone = format!("+65912{seed:02}{at:03}");
                NewCustomer {
                    given_name: pick(&mut dice, ["", "Lei", "Mei"]),
                    gender: pick(&mut dice, ["", "", "female"]),
                    country: pick(&mut dice, ["", "SG", "CN"]),
                    birth_date: pick(&mut dice, ["", "1990-02-28", "--08-08"]),
                    note: pick(&mut dice, ["", "", "note"]),
                    ..person(
                        &pick(&mut dice, ["", "Li", "李雷"]),
                        &pick(&mut dice, ["", "", "Rome"]),
                        &phone,
                    )
                }
            })
            .collect();
        let ids = insert(&app, people).await;
        let before = Book::read(&app).await;
        let mut model = Model {
            ids,
            above: BTreeMap::new(),
            edits: BTreeMap::new(),
        };
        for step in 0..30 {
            play(&app, &mut model, &mut dice, &mut orders, (seed, step)).await;
            model.check(&app, seed).await;
        }
        let mut left: Vec<MergeId> = model.above.values().map(|(_, merge)| *merge).collect();
        while !left.is_empty() {
            let merge = left.swap_remove(dice.throw(left.len()));
            part(&app, merge).await.unwrap();
        }
        model.above.clear();
        model.check(&app, seed).await;
        let after = Book::read(&app).await;
        assert_eq!(after.identifiers, before.identifiers, "seed {seed}");
        assert_eq!(after.grades, before.grades, "seed {seed}");
        for (now, then) in after.customers.iter().zip(&before.customers) {
            let mut expected = then.clone();
            if let Some((note, edits)) = model.edits.get(&then.id) {
                expected.note.clone_from(note);
                expected.version += edits;
                expected.edited_at = now.edited_at;
                assert!(now.edited_at.is_some(), "seed {seed}");
            }
            assert_eq!(*now, expected, "seed {seed}");
        }
    }
}

/// One random step: a merge, an undoing, an order or an edit.
async fn play(
    app: &TestApp,
    model: &mut Model,
    dice: &mut Dice,
    orders: &mut usize,
    (seed, step): (u64, usize),
) {
    let any = model.ids[dice.throw(model.ids.len())];
    match dice.throw(6) {
        0 | 1 => {
            let other = model.ids[dice.throw(model.ids.len())];
            let (winner, loser) = (model.root(any), model.root(other));
            match merge_two(app, any, other).await {
                Ok(merge) => {
                    assert_ne!(winner, loser, "seed {seed}");
                    model.above.insert(loser, (winner, merge));
                }
                Err(error) => assert_eq!((error.code(), winner), ("already_one_customer", loser)),
            }
        }
        2 | 3 if !model.above.is_empty() => {
            let at = dice.throw(model.above.len());
            let (loser, (_, merge)) = model.above.iter().nth(at).map(|(a, b)| (*a, *b)).unwrap();
            part(app, merge).await.unwrap();
            model.above.remove(&loser);
        }
        4 => {
            *orders += 1;
            order_arrives(app, *orders, any).await;
        }
        _ => {
            let golden = model.root(any);
            let path = format!("/api/customers/{}", CustomerId(golden));
            let version = app.get(&path).await.version();
            let note = format!("edited {seed}.{step}");
            app.patch(&path, &version, json!({ "note": note }))
                .await
                .ok();
            let edits = model.edits.get(&golden).map_or(0, |(_, edits)| *edits);
            model.edits.insert(golden, (note, edits + 1));
        }
    }
}

both!(merging_over_http);
async fn merging_over_http(app: TestApp) {
    let app = app.signed_in().await;
    let ids = insert(
        &app,
        vec![
            person("Li Lei", "", "+6591230001"),
            person("李雷", "", "+6591230002"),
        ],
    )
    .await;
    order_arrives(&app, 1, ids[1]).await;
    let [winner, loser] = [ids[0], ids[1]].map(|id| CustomerId(id).to_string());
    let body = json!({ "winner_id": winner, "loser_id": loser });
    let merge = app.post_once("/api/merges", "m1", body.clone()).await.ok();
    assert_eq!(merge["winner"], json!({ "id": winner, "name": "Li Lei" }));
    assert_eq!(merge["actor"], "Wei Chen");
    assert_eq!(
        app.post_once("/api/merges", "m1", body.clone()).await.ok()["id"],
        merge["id"]
    );
    app.post("/api/merges", body)
        .await
        .refused(409, "already_one_customer");
    let nobody = json!({ "winner_id": winner, "loser_id": "cus_0000000000001" });
    app.post("/api/merges", nobody)
        .await
        .refused(404, "not_found");

    let record = app.get(&format!("/api/customers/{loser}")).await;
    assert_eq!(record.ok()["merged_into"], winner.as_str());
    app.patch(
        &format!("/api/customers/{loser}"),
        &record.version(),
        json!({ "note": "x" }),
    )
    .await
    .refused(409, "customer_merged");
    let golden = app.get(&format!("/api/customers/{winner}")).await.ok();
    assert_eq!(
        (
            &golden["records_count"],
            golden["identifiers"].as_array().unwrap().len()
        ),
        (&json!(2), 2)
    );
    assert_eq!(app.get("/api/customers").await.ok()["total"]["count"], 1);

    let path = format!("/api/merges/{}/undo", merge["id"].as_str().unwrap());
    assert!(app.post(&path, json!({})).await.ok()["undone_at"].is_string());
    app.post(&path, json!({}))
        .await
        .refused(409, "merge_already_undone");
    assert_eq!(app.get("/api/customers").await.ok()["total"]["count"], 2);
    let identities = app
        .get(&format!("/api/customers/{loser}/identities"))
        .await
        .ok();
    assert_eq!(identities["records"][0]["orders"], 1);
    assert_eq!(identities["merges"].as_array().unwrap().len(), 1);
    let timeline = app
        .get(&format!("/api/customers/{loser}/timeline"))
        .await
        .ok();
    let types: Vec<&str> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["order", "unmerge", "merge", "created"]);
}

both!(grades_follow_a_merge_and_its_undoing);
async fn grades_follow_a_merge_and_its_undoing(app: TestApp) {
    let app = app.signed_in().await;
    let people = vec![
        person("Li Lei", "", "+6591230001"),
        person("李雷", "", "+6591230002"),
    ];
    let ids = insert(&app, people).await;
    order_arrives(&app, 1, ids[0]).await;
    order_arrives(&app, 2, ids[1]).await;
    let [winner, loser] = [ids[0], ids[1]].map(|id| CustomerId(id).to_string());
    app.post("/api/grades/run", json!({})).await;
    app.settle().await;
    let path = format!("/api/customers/{winner}");
    let spent = async || app.get(&path).await.ok()["grade"]["monetary"].clone();
    let alone = spent().await;

    let body = json!({ "winner_id": winner, "loser_id": loser });
    let merge = app.post("/api/merges", body).await.ok();
    app.settle().await;
    assert_ne!(spent().await, alone, "the orders of both count");
    let undo = format!("/api/merges/{}/undo", merge["id"].as_str().unwrap());
    app.post(&undo, json!({})).await.ok();
    app.settle().await;
    assert_eq!(spent().await, alone);
}
