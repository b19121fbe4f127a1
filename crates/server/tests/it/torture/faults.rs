//! A disk that fails now and then: what was answered is there, what was refused can be
//! sent again, reading goes on, and nobody has to start anything anew.

use std::{fs::File, io::Write, path::PathBuf, process::Command, thread};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Person, Program, kills};

/// The library that lets calls fail, and the file that says how many.
struct Faults {
    folder: TempDir,
}

impl Faults {
    /// Compiles the library; none where there is no C compiler.
    fn build() -> Option<Self> {
        let faults = Faults {
            folder: TempDir::new().unwrap(),
        };
        faults.of_thousand(0, 0);
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/torture/faults.c");
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", source, "-ldl", "-o"])
            .arg(faults.library())
            .status();
        if built.is_ok_and(|status| status.success()) {
            return Some(faults);
        }
        eprintln!("skipped: no C compiler that makes libraries");
        None
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("faults.so")
    }

    /// From now on, so many of a thousand writes fail, and so many syncs.
    fn of_thousand(&self, writes: u16, syncs: u16) {
        // The program has the file in its memory, so it is never cut to nothing.
        let mut options = File::options();
        let path = self.folder.path().join("rate");
        let mut file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .unwrap();
        let rates = [writes.to_le_bytes(), syncs.to_le_bytes()];
        file.write_all(rates.as_flattened()).unwrap();
    }

    /// Starts the program again on the disk that may fail.
    fn start(&self, program: &mut Program) {
        let words = [
            "env".to_owned(),
            format!("LD_PRELOAD={}", self.library().display()),
            format!("FAULTS_FOLDER={}", program.data().display()),
            format!("FAULTS_RATE={}/rate", self.folder.path().display()),
        ];
        program.stop();
        program.start_inside(&words.each_ref().map(String::as_str));
    }
}

/// Tries to create somebody so often; answers how often that was refused.
fn try_to_create(person: &Person, number: usize, tries: usize) -> usize {
    let body = json!({ "name": format!("Person {number}"), "identifiers": [] });
    let key = format!("person {number}");
    for refused in 0..tries {
        let answer = person.try_post("/api/customers", &key, &body);
        match answer.status {
            201 => return refused,
            503 => assert_eq!(answer.body["code"], "disk_failed"),
            status => panic!("{status}: {}", answer.body),
        }
    }
    tries
}

/// How often somebody tries while the disk fails.
const TRIES: usize = 4;

#[test]
fn what_a_failing_disk_took_is_there() {
    let Some(faults) = Faults::build() else {
        return;
    };
    let each = if kills() > 10 { 250 } else { 15 };
    // A commit is many writes, so that at a fifth nearly none succeeds; it is one sync.
    for (writes, syncs) in [(10, 10), (50, 50), (200, 200), (0, 200)] {
        let mut program = Program::new(13);
        faults.start(&mut program);
        let person = program.person();
        faults.of_thousand(writes, syncs);
        let refused: Vec<usize> = thread::scope(|scope| {
            let clients = [0, 1, 2, 3].map(|client| {
                let person = person.clone();
                scope.spawn(move || {
                    let numbers = client * each..(client + 1) * each;
                    let tries = numbers.map(|number| try_to_create(&person, number, TRIES));
                    tries.collect::<Vec<_>>()
                })
            });
            let outcomes = clients.map(|client| client.join().unwrap());
            outcomes.into_iter().flatten().collect()
        });
        assert!(
            refused.iter().any(|times| *times > 0),
            "nothing ever failed"
        );
        faults.of_thousand(0, 0);
        let taken = refused.iter().filter(|times| **times < TRIES).count();
        let found = person.get("/api/status")["customers"].as_u64().unwrap();
        assert_eq!(
            found, taken as u64,
            "what was answered is there, and no more"
        );
        for number in 0..4 * each {
            let refused = try_to_create(&person, number, 1);
            assert_eq!(refused, 0, "with a sound disk again");
        }
        assert_eq!(person.get("/api/status")["customers"], 4 * each);
        person.wait_until(|| person.get("/api/status")["feed_lag"] == 0);
        program.must_be_sound();
        assert_eq!(panics(&program.log()), Vec::<&str>::new());
    }
}

/// The panics a log tells of. Delta Lake stops a file whose end could not be written in
/// a way of which `object_store` thinks that it panics; Delta Lake catches that.
fn panics(log: &str) -> Vec<&str> {
    let is_caught = |line: &&str| line.contains("/object_store-") && line.contains("buffered.rs");
    let panics = log.lines().filter(|line| line.contains("panicked at"));
    panics.filter(|line| !is_caught(line)).collect()
}

#[test]
fn a_dead_disk_is_read_and_says_so() {
    let Some(faults) = Faults::build() else {
        return;
    };
    let mut program = Program::new(14);
    faults.start(&mut program);
    let person = program.person();
    assert_eq!(try_to_create(&person, 0, 1), 0);
    assert_eq!(person.text("/readyz"), "ready");

    faults.of_thousand(1000, 1000);
    let body = json!({ "name": "Person 1", "identifiers": [] });
    for _ in 0..3 {
        let refused = person.try_post("/api/customers", "person 1", &body);
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (503, &json!("disk_failed"))
        );
    }
    let upload = person.try_upload(b"Order ID,Date\nA1,2026-01-01\n");
    assert_eq!(
        (upload.status, &upload.body["code"]),
        (503, &json!("disk_failed"))
    );
    assert!(person.text("/readyz").starts_with("degraded"));
    assert_eq!(person.get("/api/system")["book"]["takes_writes"], false);
    assert_eq!(person.get("/api/status")["customers"], 1, "reading goes on");

    faults.of_thousand(0, 0);
    assert_eq!(try_to_create(&person, 1, 1), 0, "without a restart");
    assert_eq!(person.text("/readyz"), "ready");
    assert_eq!(person.get("/api/status")["customers"], 2);
    program.must_be_sound();
}

#[test]
fn an_import_that_the_disk_broke_off_goes_on() {
    let Some(faults) = Faults::build() else {
        return;
    };
    let mut program = Program::new(15);
    faults.start(&mut program);
    let person = program.person();
    let mut text = "Order ID,Date,Customer ID,Total\n".to_owned();
    for number in 0..4_000 {
        text += &format!("A{number},2026-01-01,c{},10\n", number % 700);
    }
    let upload = person.upload("file", text.as_bytes());
    faults.of_thousand(10, 50);
    let begun = loop {
        let body = json!({ "upload_id": upload, "kind": "orders", "source": "shop" });
        let answer = person.try_post("/api/imports", "import", &body);
        match answer.status {
            200 => break answer.body["id"].clone(),
            503 => {}
            status => panic!("{status}: {}", answer.body),
        }
    };
    let path = format!("/api/imports/{}", begun.as_str().unwrap());
    let state = || -> Value { person.get(&path)["job"]["state"].clone() };
    person.wait_until(|| ["failed", "done"].iter().any(|end| state() == *end));
    faults.of_thousand(0, 0);
    assert_eq!(state(), "failed", "it was too lucky");
    person.post(&format!("{path}/resume"), "go on", &json!({}));
    let done = person.end_of(&path);
    assert_eq!(
        (&done["state"], &done["rows"]["new"]),
        (&json!("done"), &json!(4_000))
    );
    person.finish_all();
    assert_eq!(person.get("/api/status")["orders"], 4_000);
    person.wait_until(|| person.get("/api/status")["feed_lag"] == 0);
    program.must_be_sound();
}
