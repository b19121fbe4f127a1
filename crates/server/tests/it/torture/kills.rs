//! SIGKILL at moments nobody can foresee: nothing answered is lost, nothing is
//! there twice, nothing stays half done.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Mutex,
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Person, Program, kills};

/// Everybody in the book by name, with how often.
fn names(person: &Person) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for customer in everybody(person) {
        let name = customer["name"].as_str().unwrap().to_owned();
        *names.entry(name).or_default() += 1;
    }
    names
}

/// Every row of the customer list, in the order of their numbers.
pub fn everybody(person: &Person) -> Vec<Value> {
    let (mut rows, mut page) = (
        Vec::new(),
        "/api/customers?sort=number&limit=200".to_owned(),
    );
    loop {
        let answer = person.get(&page);
        rows.extend(answer["items"].as_array().unwrap().iter().cloned());
        match answer["next"].as_str() {
            Some(next) => page = format!("/api/customers?sort=number&limit=200&cursor={next}"),
            None => return rows,
        }
    }
}

/// What the book holds, without how far the warehouse is behind.
fn status(person: &Person) -> Value {
    let mut status = person.get("/api/status");
    status["feed_lag"] = json!(0);
    status
}

#[test]
fn an_answered_write_survives() {
    let mut program = Program::new(1);
    let (mut killed, mut made) = (0, BTreeMap::new());
    while killed < kills() {
        let round = killed;
        let names: Mutex<Vec<String>> = Mutex::default();
        killed += program.kill_during(kills() - killed, |person| {
            thread::scope(|scope| {
                for client in 0..8 {
                    let (person, names) = (person.clone(), &names);
                    scope.spawn(move || {
                        for number in 0..60 {
                            let name = format!("Client {client} number {number} of {round}");
                            let body = json!({ "name": name, "identifiers": [] });
                            person.post("/api/customers", &name, &body);
                            names.lock().unwrap().push(name);
                        }
                    });
                }
            });
        });
        made.extend(
            names
                .into_inner()
                .unwrap()
                .into_iter()
                .map(|name| (name, 1)),
        );
    }
    assert_eq!(names(&program.person()), made);
    program.must_be_sound();
}

/// Orders of one source as a file, one in a hundred with an impossible date.
fn orders(orders: usize) -> (String, usize) {
    let mut text = "Order number,Date,Customer ID,SKU,Quantity,Unit price\n".to_owned();
    let mut wrong = 0;
    for number in 0..orders {
        let day = 1 + number % 28;
        let month = if number % 100 == 7 {
            13
        } else {
            1 + number % 12
        };
        let customer = number % (orders / 4 + 1);
        for (sku, price) in [("A", "9.90"), ("B", "35.50"), ("C", "120.00")] {
            let date = format!("2025-{month:02}-{day:02}");
            text.push_str(&format!("{number},{date},c{customer},{sku},1,{price}\n"));
            wrong += usize::from(month == 13);
        }
    }
    (text, wrong)
}

/// Imports a file while the program is killed; answers the import and the kills.
fn import_killed(program: &mut Program, source: &str, text: &str, most: usize) -> (Value, usize) {
    let import = Mutex::new(Value::Null);
    let killed = program.kill_during(most, |person| {
        let upload = person.upload(&format!("upload {source}"), text.as_bytes());
        let body = json!({ "upload_id": upload, "kind": "orders", "source": source });
        let begun = person.post("/api/imports", &format!("import {source}"), &body);
        let path = format!("/api/imports/{}", begun.body["id"].as_str().unwrap());
        *import.lock().unwrap() = person.end_of(&path);
    });
    (import.into_inner().unwrap(), killed)
}

#[test]
fn an_import_goes_on_and_is_undone_whole() {
    let mut program = Program::new(2);
    let (text, wrong) = orders(3_000);
    let (mut killed, mut round) = (0, 0);
    let nobody = status(&program.person());
    while killed < 2 * kills() {
        let source = format!("shop {round}");
        let (import, during) = import_killed(&mut program, &source, &text, kills());
        killed += during;
        let person = program.person();
        assert_eq!(import["state"], "done", "{import}");
        let rows = ["total", "new", "updated", "unchanged", "rejected"];
        let counts = rows.map(|key| import["rows"][key].as_u64().unwrap() as usize);
        assert_eq!(counts, [9_000, 9_000 - wrong, 0, 0, wrong]);
        let book = person.get("/api/status");
        assert_eq!(book["orders"], 3_000 - wrong / 3);
        assert_eq!(book["order_lines"], 9_000 - wrong);
        assert_eq!(book["rejected_rows"], wrong);
        let path = format!(
            "/api/imports/{}/rejects?limit=200",
            import["id"].as_str().unwrap()
        );
        let rejects = person.get(&path);
        let lines: BTreeSet<u64> = rejects["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reject| reject["line"].as_u64().unwrap())
            .collect();
        assert_eq!(lines.len(), wrong);
        person.finish_all();

        killed += program.kill_during(kills(), |person| {
            let path = format!("/api/imports/{}/undo", import["id"].as_str().unwrap());
            person.post(&path, &format!("undo {source}"), &json!({}));
            person.finish_all();
        });
        assert_eq!(status(&program.person()), nobody);
        round += 1;
    }
    program.must_be_sound();
}

#[test]
fn merges_are_whole_and_come_apart_again() {
    let mut program = Program::new(3);
    let person = program.person();
    for number in 0..40 {
        let body = json!({ "name": format!("Person {number}"), "identifiers": [] });
        person.post("/api/customers", &format!("person {number}"), &body);
    }
    person.post("/api/grades/run", "grade", &json!({}));
    person.finish_all();
    let before = everybody(&person);
    let id = |at: usize| before[at]["id"].clone();
    let (mut killed, mut round) = (0, 0);
    while killed < kills() {
        killed += program.kill_during(kills() - killed, |person| {
            for pair in 0..20 {
                let body = json!({ "winner_id": id(2 * pair), "loser_id": id(2 * pair + 1) });
                let merge = person.post("/api/merges", &format!("merge {round} {pair}"), &body);
                let path = format!("/api/merges/{}/undo", merge.body["id"].as_str().unwrap());
                person.post(&path, &format!("undo {round} {pair}"), &json!({}));
            }
        });
        round += 1;
    }
    program.person().finish_all();
    assert_eq!(everybody(&program.person()), before);
    program.must_be_sound();
}

#[test]
fn a_grading_comes_to_the_same_end() {
    let mut program = Program::new(4);
    let demo = json!({ "customers": 2_000, "seed": 7 });
    program.person().post("/api/demo", "demo", &demo);
    program.person().finish_all();
    program.stop();
    let calm = Program::over(TempDir::new().unwrap(), 4);
    copy(&program.data(), &calm.data());
    program.start();
    let (mut killed, mut round) = (0, 0);
    while killed < kills() {
        killed += program.kill_during(kills() - killed, |person| {
            let body = json!({ "as_of": "2025-06-30" });
            person.post("/api/grades/run", &format!("grade {round}"), &body);
            person.finish_all();
        });
        round += 1;
    }
    program.must_be_sound();
    assert!(
        calm.command(&["grade", "--as-of", "2025-06-30"])
            .status
            .success()
    );
    let export = ["export", "customers", "--format", "jsonl"];
    let wanted = String::from_utf8(calm.command(&export).stdout).unwrap();
    let found = String::from_utf8(program.command(&export).stdout).unwrap();
    assert_eq!(found.lines().count(), wanted.lines().count());
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        assert_eq!(found, wanted);
    }
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_first_start_makes_the_whole_book_or_none() {
    for round in 0..kills() as u64 {
        let mut program = Program::over(TempDir::new().unwrap(), 100 + round);
        program.start_and_kill(250);
        program.start_and_kill(250);
        program.begin();
        program.must_be_sound();
    }
}

/// How often small files of a table of the copy have been merged.
fn compactions(data: &Path, table: &str) -> usize {
    let log = data.join("warehouse").join(table).join("_delta_log");
    let entries = fs::read_dir(log)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .filter(|path| fs::read_to_string(path).unwrap().contains("OPTIMIZE"))
        .count()
}

#[test]
fn the_copy_is_whole_however_often_its_upkeep_is_cut_short() {
    let mut program = Program::new(6);
    let (mut killed, mut round) = (0, 0);
    while killed < kills() || compactions(&program.data(), "customers") == 0 {
        killed += program.kill_during(kills() - killed, |person| {
            // Each comes over alone, in a file of its own, until there are many.
            for number in 0..24 {
                let name = format!("Number {number} of {round}");
                let body = json!({ "name": name, "identifiers": [] });
                person.post("/api/customers", &name, &body);
                while person.get("/api/status")["feed_lag"] != 0 {}
            }
        });
        round += 1;
    }
    program.must_be_sound();
}

#[test]
fn backups_and_their_drills_survive() {
    let folder = TempDir::new().unwrap();
    let mut program = Program::over(TempDir::new().unwrap(), 8);
    program.command(&["demo", "--customers", "300", "--seed", "8"]);
    program.command(&["settings", "set", "backup_hour", "-1"]);
    program.backups = Some(folder.path().to_owned());
    program.begin();
    let (mut killed, mut round) = (0, 0);
    while killed < kills() {
        round += 1;
        killed += program.kill_during(kills() - killed, |person| {
            let key = format!("backup {round}");
            let job = person.post("/api/backups", &key, &Value::Null).body;
            let made = person.end_of(&format!("/api/jobs/{}", job["id"].as_str().unwrap()));
            assert_eq!(made["state"], "done", "{made}");
            let id = made["output"]["id"].as_str().unwrap();
            let path = format!("/api/backups/{id}/drill");
            let drill = person
                .post(&path, &format!("drill {round}"), &Value::Null)
                .body;
            person.end_of(&format!("/api/jobs/{}", drill["id"].as_str().unwrap()));
        });
    }
    let person = program.person();
    person.finish_all();
    let listed = person.get("/api/backups");
    let backups = listed["items"].as_array().unwrap();
    for backup in backups {
        assert_eq!(backup["proof"]["ok"], true, "{backup}");
    }
    let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(
        files(folder.path()),
        backups.len(),
        "files that no backup has"
    );
    for left in ["backup-staging", "drill"] {
        assert!(!program.data().join(left).exists(), "{left} is left");
    }
    program.must_be_sound();
}
