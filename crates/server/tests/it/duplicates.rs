//! The review queue: found, merged, dismissed, and never asked twice.

use clientele::features::customers::{NewCustomer, NewIdentifier, insert_customers};
use clientele_domain::identity::KeyKind;
use serde_json::{Value, json};

use crate::support::TestApp;

fn person(given: &str, family: &str, birth: &str, address: &str) -> NewCustomer {
    NewCustomer {
        source: "test".to_owned(),
        name: format!("{given} {family}"),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        birth_date: birth.to_owned(),
        address: address.to_owned(),
        city: "Singapore".to_owned(),
        postcode: "059413".to_owned(),
        ..NewCustomer::default()
    }
}

async fn insert(app: &TestApp, people: Vec<NewCustomer>) {
    let ctx = app.app.system_ctx();
    let written = app.app.db.write(&ctx, move |tx| {
        let people = people.clone();
        Box::pin(async move { insert_customers(tx, people).await })
    });
    written.await.unwrap();
}

/// A town of people nobody would mistake for each other.
fn town() -> Vec<NewCustomer> {
    let given = [
        "Mei", "Arun", "Siti", "Kenji", "Olga", "Pedro", "Anna", "Tariq",
    ];
    let family = [
        "Tan", "Kumar", "Rahman", "Sato", "Ivanova", "Lopez", "Berg", "Aziz",
    ];
    (0..64)
        .map(|at| {
            let birth = format!(
                "19{:02}-{:02}-{:02}",
                50 + at % 45,
                1 + at % 12,
                1 + (at * 7) % 28
            );
            let street = [
                "Bridge", "Hill", "Station", "Harbour", "Mill", "Garden", "Church",
            ][at % 7];
            let address = format!("{} {street} Road", 3 + at * 11);
            NewCustomer {
                city: ["Ipoh", "Hanoi", "Osaka", "Lyon", "Turin"][at % 5].to_owned(),
                postcode: format!("{}", 10_000 + at * 977),
                ..person(
                    given[at % 8],
                    family[(at * 3 + at / 8) % 8],
                    &birth,
                    &address,
                )
            }
        })
        .collect()
}

async fn scan(app: &TestApp) -> Value {
    let job = app.post("/api/duplicates/scan", json!({})).await.ok();
    let again = app.post("/api/duplicates/scan", json!({})).await.ok();
    assert_eq!(again["id"], job["id"], "one scan at a time");
    clientele::jobs::drain(&app.app).await.unwrap();
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    let job = app.get(&path).await.ok();
    assert_eq!(job["state"], "done", "{job}");
    job["output"].clone()
}

async fn listed(app: &TestApp, state: &str) -> Vec<Value> {
    let list = app
        .get(&format!("/api/duplicates?state={state}"))
        .await
        .ok();
    let items = list["items"].as_array().unwrap().clone();
    assert_eq!(list["total"]["count"], items.len(), "all fit on one page");
    items
}

/// A typing error in name and birth date: likely, not certain.
fn likely() -> [NewCustomer; 2] {
    [
        person(
            "Margarethe",
            "Lindqvist",
            "1984-06-19",
            "17 Orchard Boulevard",
        ),
        person("Margarete", "Lindquist", "1984-06-16", "17 Orchard Blvd"),
    ]
}

both!(a_likely_pair_waits_for_a_person);
async fn a_likely_pair_waits_for_a_person(app: TestApp) {
    let app = app.signed_in().await;
    insert(&app, town().into_iter().chain(likely()).collect()).await;
    let found = scan(&app).await;
    assert_eq!(found["people"], 66);
    let open = listed(&app, "open").await;
    let pair = open
        .iter()
        .find(|pair| pair["left"]["family_name"] == "Lindqvist")
        .unwrap()
        .clone();
    assert_eq!(pair["right"]["family_name"], "Lindquist");
    let birth = pair["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["field"] == "birth_date");
    assert_eq!(birth.unwrap()["left"], "1984-06-19");
    assert_eq!(birth.unwrap()["agreement"], "similar");

    let path = format!("/api/duplicates/{}", pair["id"].as_str().unwrap());
    let stranger = json!({ "winner_id": "cus_0000000000001" });
    app.post(&format!("{path}/merge"), stranger)
        .await
        .refused(422, "winner_unknown");
    let winner = json!({ "winner_id": pair["right"]["id"] });
    let merge = app.post(&format!("{path}/merge"), winner).await.ok();
    assert_eq!(
        (&merge["winner"]["id"], &merge["cause"]),
        (&pair["right"]["id"], &json!("pair"))
    );
    assert_eq!(listed(&app, "open").await.len(), open.len() - 1);
    assert_eq!(listed(&app, "merged").await.len(), 1);
    app.post(&format!("{path}/dismiss"), json!({}))
        .await
        .refused(409, "pair_merged");

    // Taken apart, it waits again, and no scan merges it by itself.
    app.post(
        &format!("/api/merges/{}/undo", merge["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    assert_eq!(listed(&app, "open").await, open);
    assert_eq!(scan(&app).await["merged"], 0);
    assert_eq!(listed(&app, "open").await, open);

    app.post(&format!("{path}/dismiss"), json!({})).await.ok();
    assert_eq!(listed(&app, "dismissed").await.len(), 1);
    assert_eq!(scan(&app).await["queued"], 0);
    assert_eq!(listed(&app, "open").await.len(), open.len() - 1);
}

both!(a_pair_beyond_doubt_is_merged_once);
async fn a_pair_beyond_doubt_is_merged_once(app: TestApp) {
    let app = app.signed_in().await;
    let certain = || NewCustomer {
        identifiers: vec![NewIdentifier {
            kind: KeyKind::NationalId,
            value: "S8412345D".to_owned(),
            raw: "S8412345D".to_owned(),
            verified: false,
        }],
        ..person(
            "Margarethe",
            "Lindqvist",
            "1984-06-19",
            "17 Orchard Boulevard",
        )
    };
    insert(
        &app,
        town().into_iter().chain([certain(), certain()]).collect(),
    )
    .await;
    assert_eq!(scan(&app).await["merged"], 1);
    let found = app.get("/api/customers?q=Lindqvist").await.ok();
    assert_eq!(found["total"]["count"], 1);
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let identities = app
        .get(&format!("/api/customers/{id}/identities"))
        .await
        .ok();
    let merge = identities["merges"][0].clone();
    assert_eq!(
        (&merge["cause"], &merge["evidence"][0]["agreement"]),
        (&json!("pair"), &json!("equal"))
    );

    app.post(
        &format!("/api/merges/{}/undo", merge["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    let again = scan(&app).await;
    assert_eq!((&again["merged"], &again["queued"]), (&json!(0), &json!(1)));
}

both!(the_queue_goes_on_page_by_page);
async fn the_queue_goes_on_page_by_page(app: TestApp) {
    let app = app.signed_in().await;
    let pairs = (0..5).flat_map(|at| {
        likely().map(|one| NewCustomer {
            family_name: format!(
                "{}{}",
                one.family_name,
                ["ski", "ov", "ez", "sen", "idis"][at]
            ),
            birth_date: one.birth_date.replace("84", &format!("{}", 70 + at)),
            ..one
        })
    });
    insert(&app, town().into_iter().chain(pairs).collect()).await;
    scan(&app).await;
    let all = listed(&app, "open").await;
    assert!(all.len() >= 5, "{}", all.len());
    let mut paged = Vec::new();
    let mut path = "/api/duplicates?limit=2".to_owned();
    loop {
        let page = app.get(&path).await.ok();
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/duplicates?limit=2&cursor={next}");
    }
    assert_eq!(paged, all);
    app.get("/api/duplicates?cursor=x")
        .await
        .refused(422, "cursor_invalid");
    app.post("/api/duplicates/dup_0000000000001/dismiss", json!({}))
        .await
        .refused(404, "not_found");
}
