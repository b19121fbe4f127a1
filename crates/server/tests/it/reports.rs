//! Reports: equal to a naive fold, adding up, refusing strangers.

use serde_json::{Value, json};

use crate::{
    chain::{Chain, LAST},
    grades::{rows, run},
    naive::{self, NaiveMonth},
    support::TestApp,
};

async fn chain_with_grades(app: &TestApp) -> Chain {
    let chain = Chain::random(11, 120, 0);
    chain.put(app).await;
    run(app, "2026-03-14").await;
    chain
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

both!(months_equal_a_naive_fold);
async fn months_equal_a_naive_fold(app: TestApp) {
    let app = app.signed_in().await;
    let chain = chain_with_grades(&app).await;
    let report = app.get("/api/reports/monthly").await.ok();
    let rows = report["rows"].as_array().unwrap();
    let found: Vec<NaiveMonth> = rows
        .iter()
        .map(|row| {
            let figure = |key: &str| number(&row[key]);
            (
                row["month"].as_str().unwrap().to_owned(),
                figure("net"),
                figure("orders"),
                figure("customers"),
                figure("new_customers"),
                figure("new_net"),
                figure("guest_net"),
            )
        })
        .collect();
    assert_eq!(found, naive::months(&chain, LAST));
    for row in rows {
        let parts =
            number(&row["new_net"]) + number(&row["returning_net"]) + number(&row["guest_net"]);
        assert_eq!(parts, number(&row["net"]));
    }
    assert_eq!(rows.last().unwrap()["complete"], false);
    assert_eq!(report["currency"], "SGD");

    // The months of the two countries and of no country are the whole.
    let net = async |query: &str| -> i64 {
        let report = app.get(&format!("/api/reports/monthly?{query}")).await.ok();
        report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| number(&row["net"]))
            .sum()
    };
    let nowhere: i64 = chain
        .orders
        .iter()
        .filter(|order| order.status == "paid" && order.store_id.is_none())
        .map(|order| order.reporting_net)
        .sum();
    assert_eq!(
        net("country=SG").await + net("country=JP").await + nowhere,
        net("").await
    );
    app.get("/api/reports/monthly?continent=Asia")
        .await
        .refused(400, "query_invalid");
}

both!(shares_add_up_to_everybody);
async fn shares_add_up_to_everybody(app: TestApp) {
    let app = app.signed_in().await;
    chain_with_grades(&app).await;
    let rows = rows(&app).await;
    let graded = rows
        .values()
        .filter(|row| !row.lifecycle.is_empty())
        .count() as i64;
    let scored = rows.values().filter(|row| row.r > 0).count() as i64;
    let net: i64 = rows
        .values()
        .filter(|row| row.r > 0)
        .map(|row| row.monetary)
        .sum();
    let sum = |list: &Value, key: &str| -> i64 {
        list.as_array()
            .unwrap()
            .iter()
            .map(|part| number(&part[key]))
            .sum()
    };
    let rfm = app.get("/api/reports/rfm").await.ok();
    assert_eq!(
        (number(&rfm["n"]), &rfm["as_of"]),
        (scored, &json!("2026-03-14"))
    );
    assert_eq!(
        (
            sum(&rfm["cells"], "customers"),
            sum(&rfm["groups"], "customers")
        ),
        (scored, scored)
    );
    assert_eq!(rfm["cells"].as_array().unwrap().len(), 25);
    let cells: i64 = rfm["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| number(&cell["net"]["amount"]))
        .sum();
    assert_eq!(cells, net);

    let spread = app.get("/api/reports/distribution").await.ok();
    assert_eq!(sum(&spread["tiers"], "customers"), graded);
    assert_eq!(sum(&spread["lifecycle"], "customers"), graded);
    let classed = rows.values().filter(|row| !row.abc.is_empty()).count() as i64;
    assert_eq!(sum(&spread["abc"], "customers"), classed);
    assert_eq!(spread["tiers"][2]["name"]["en"], "Gold");
}

both!(home_and_stores_tell_of_the_same_sales);
async fn home_and_stores_tell_of_the_same_sales(app: TestApp) {
    let app = app.signed_in().await;
    let chain = chain_with_grades(&app).await;
    let home = app.get("/api/reports/home").await.ok();
    let paid = chain.orders.iter().filter(|order| order.status == "paid");
    let last = paid
        .map(|order| order.business_date.as_str())
        .max()
        .unwrap();
    assert_eq!(
        (&home["as_of"], &home["data_until"]),
        (&json!("2026-03-15"), &json!(last))
    );
    let keys: Vec<&str> = home["kpis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kpi| kpi["key"].as_str().unwrap())
        .collect();
    let expected = [
        "net_sales",
        "customers_active",
        "repeat_rate",
        "average_order",
        "identification_rate",
        "at_risk",
    ];
    assert_eq!(keys, expected);
    let since = "2026-02-14";
    let lately: i64 = chain
        .orders
        .iter()
        .filter(|order| order.status == "paid" && order.business_date.as_str() >= since)
        .map(|order| order.reporting_net)
        .sum();
    let net = &home["kpis"][0];
    assert_eq!(
        (net["value"].as_f64(), &net["unit"]),
        (Some(lately as f64), &json!("money"))
    );
    assert_eq!(net["series"].as_array().unwrap().len(), 12);
    let at_risk = rows(&app).await;
    let at_risk = at_risk
        .values()
        .filter(|row| ["at_risk", "cannot_lose"].contains(&row.rfm_group.as_str()))
        .count();
    assert_eq!(home["kpis"][5]["value"].as_f64(), Some(at_risk as f64));

    let stores = app.get("/api/reports/stores").await.ok();
    let year = stores["from"].as_str().unwrap();
    let sold: i64 = chain
        .orders
        .iter()
        .filter(|order| order.status == "paid" && order.business_date.as_str() >= year)
        .map(|order| order.reporting_net)
        .sum();
    let rows = stores["rows"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(|row| number(&row["net"])).sum::<i64>(),
        sold
    );
    assert!(rows.iter().any(|row| row["store"] == Value::Null));
}

both!(an_empty_book_has_reports);
async fn an_empty_book_has_reports(app: TestApp) {
    let app = app.signed_in().await;
    assert_eq!(
        app.get("/api/reports/monthly").await.ok()["rows"],
        json!([])
    );
    assert_eq!(app.get("/api/reports/rfm").await.ok()["n"], 0);
    assert_eq!(
        app.get("/api/reports/home").await.ok()["data_until"],
        Value::Null
    );
    assert_eq!(app.get("/api/reports/stores").await.ok()["rows"], json!([]));
    let spread = app.get("/api/reports/distribution").await.ok();
    assert_eq!(
        spread["tiers"][0]["share"],
        Value::Null,
        "nothing divided by nobody"
    );
    let mut stranger = app;
    stranger.cookie = None;
    for report in ["home", "monthly", "rfm", "distribution", "stores"] {
        stranger
            .get(&format!("/api/reports/{report}"))
            .await
            .refused(401, "not_signed_in");
    }
}
