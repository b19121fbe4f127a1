//! The command line: what scripts rely on.

use std::{path::PathBuf, process::Command};

use clientele::{
    app::{App, Config},
    ctx::Env,
    entities::audit_entry,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where the commands of a test keep their data.
fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// Runs a command; answers its exit code and the JSON it printed, if it did.
fn run(folder: &TempDir, words: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_clientele"))
        .args(words)
        .args(["--json", "--data"])
        .arg(data(folder))
        .output()
        .unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), answer)
}

#[test]
fn settings_are_listed_and_set() {
    let folder = TempDir::new().unwrap();
    let (code, listed) = run(&folder, &["settings"]);
    assert_eq!(code, Some(0));
    assert_eq!(listed["reporting_currency"], "");
    for (key, typed, stored) in [
        ("chain_name", "12 Hills", json!("12 Hills")),
        ("chain_name", "1888", json!("1888")),
        ("reporting_currency", "sgd", json!("SGD")),
        ("time_zone", "Asia/Singapore", json!("Asia/Singapore")),
        ("day_cut_minutes", "240", json!(240)),
        ("grade_hour", "-1", json!(-1)),
    ] {
        let (code, answer) = run(&folder, &["settings", "set", key, typed]);
        assert_eq!((code, &answer[key]), (Some(0), &stored), "{key}");
    }
    for (key, typed, refusal) in [
        ("reporting_currency", "XXY", "currency_unknown"),
        ("time_zone", "Mars/Olympus", "time_zone_unknown"),
        ("country", "Singapore", "country_unknown"),
        ("grade_hour", "24", "number_out_of_range"),
        ("lapse_days", "soon", "setting_unknown"),
        ("colour", "red", "setting_unknown"),
    ] {
        let (code, answer) = run(&folder, &["settings", "set", key, typed]);
        let found = (code, &answer["error"]["code"]);
        assert_eq!(found, (Some(1), &json!(refusal)), "{key}");
    }
    let (_, listed) = run(&folder, &["settings"]);
    assert_eq!(listed["reporting_currency"], "SGD");
    assert_eq!(listed["lapse_days"], 365);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mixed_currencies_come_in_by_commands_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("orders.csv");
    let text = "Order number,Date,Customer ID,Total,Currency\n\
        1,2026-01-01,a,10,SGD\n2,2026-01-01,a,10,GBP\n";
    std::fs::write(&file, text).unwrap();
    let import = ["import", "orders", file.to_str().unwrap()];
    run(&folder, &["settings", "set", "reporting_currency", "SGD"]);
    let (code, done) = run(&folder, &import);
    assert_eq!((code, &done["rows"]["rejected"]), (Some(3), &json!(1)));

    let gbp =
        |from: &str, rate: &str| json!({ "currency": "GBP", "valid_from": from, "rate": rate });
    let set = |currency: &str, rate: &str, from: &str| {
        run(&folder, &["rates", "set", currency, rate, "--from", from])
    };
    let first = gbp("2025-01-01", "1.7");
    assert_eq!(
        set("GBP", "1.7", "2025-01-01"),
        (Some(0), json!([first.clone()]))
    );
    set("gbp", "1.8", "2026-02-01");
    // The same day again takes the place of what was said of it.
    let both = json!([first, gbp("2026-02-01", "1.9")]);
    assert_eq!(set("GBP", "1.9", "2026-02-01"), (Some(0), both.clone()));
    for (currency, rate, refusal) in [
        ("EURO", "1", "currency_unknown"),
        ("EUR", "0", "rate_invalid"),
        ("EUR", "-1", "rate_invalid"),
        ("EUR", "1,5", "rate_invalid"),
    ] {
        let (code, answer) = set(currency, rate, "2026-01-01");
        let found = (code, &answer["error"]["code"]);
        assert_eq!(found, (Some(1), &json!(refusal)), "{currency} {rate}");
    }
    assert_eq!(set("EUR", "1.5", "2026-02-30").0, Some(2));
    assert_eq!(run(&folder, &["rates"]), (Some(0), both));

    let (code, done) = run(&folder, &import);
    assert_eq!(code, Some(0));
    assert_eq!(
        (&done["rows"]["new"], &done["rows"]["unchanged"]),
        (&json!(1), &json!(1))
    );
    let app = App::open(Config::new(&data(&folder), None), Env::system())
        .await
        .unwrap();
    let deeds = audit_entry::Entity::find()
        .filter(audit_entry::Column::Noun.eq("exchange_rates"))
        .all(app.db.read())
        .await
        .unwrap();
    assert_eq!(deeds.len(), 3);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("nowhere/customers.csv");
    let output = Command::new(env!("CARGO_BIN_EXE_clientele"))
        .args(["export", "customers", "--json", "--data"])
        .arg(folder.path().join("data"))
        .arg("--out")
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refusal = &answer["error"];
    assert_eq!(refusal["code"], "file_not_writable");
    assert_eq!(refusal["params"]["path"], file.to_str().unwrap());
    let detail = refusal["detail"].as_str().unwrap();
    assert!(detail.contains("No such file or directory"), "{detail}");
}

#[test]
fn quantities_are_exported_as_they_are() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("orders.csv");
    let text = "Receipt,Date,SKU,Item,Qty,Unit price\n\
        1001,2026-02-01 10:00,A,Silk,1.5,20\n\
        1001,2026-02-01 10:00,B,Cup,1,5\n\
        1002,2026-02-02 10:00,A,Silk,2,20\n\
        1003,2026-02-03 10:00,A,Silk,0.125,20\n";
    std::fs::write(&file, text).unwrap();
    run(&folder, &["import", "orders", file.to_str().unwrap()]);
    let out = folder.path().join("export");
    let exported = |format: &str| {
        let path = out.to_str().unwrap();
        let words = ["export", "orders", "--format", format, "--out", path];
        assert_eq!(run(&folder, &words).0, Some(0));
        std::fs::read_to_string(&out).unwrap()
    };
    let wanted = [("1001", "2.5"), ("1002", "2"), ("1003", "0.125")];

    let text = exported("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (number, units) = (at("external_id"), at("units"));
    let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
    let found: Vec<_> = rows.iter().map(|row| (&row[number], &row[units])).collect();
    assert_eq!(found, wanted);

    let text = exported("jsonl");
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (word(row, "external_id"), word(row, "units")))
        .collect();
    assert_eq!(found, wanted.map(|(n, u)| (n.to_owned(), u.to_owned())));
}
