//! PostgreSQL breaks off in traffic: what was answered is kept, and the program
//! goes on as soon as the database does.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::json;
use tempfile::TempDir;

use super::program::Program;

/// A server of its own, because nobody else's tests may be broken off.
struct Postgres {
    script: Child,
    lines: BufReader<std::process::ChildStdout>,
    url: String,
}

impl Postgres {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/with-postgres");
        let mut script = Command::new(script)
            .args(["sh", "-c", "echo \"$CLIENTELE_TEST_POSTGRES\"; exec cat"])
            .env_remove("CLIENTELE_TEST_POSTGRES")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(script.stdout.take().unwrap());
        let url = line(&mut lines);
        Postgres { script, lines, url }
    }

    /// Breaks it off as a power failure would, and waits until it is back.
    fn break_off(&mut self) {
        let id = self.script.id().to_string();
        let sent = Command::new("kill").args(["-USR1", &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(line(&mut self.lines), "PostgreSQL is back");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The command reads its input to the end, then everything is cleared away.
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

fn line(lines: &mut impl BufRead) -> String {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

#[test]
fn postgres_breaks_off_in_traffic() {
    if std::env::var_os("CLIENTELE_TEST_POSTGRES").is_none() {
        eprintln!("skipped: no PostgreSQL here (make test has one)");
        return;
    }
    let mut postgres = Postgres::start();
    let mut program = Program::over(TempDir::new().unwrap(), 13);
    program.database_url = Some(postgres.url.clone());
    program.begin();
    let (enough, made) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for client in 0..4 {
            let (person, enough, made) = (program.person(), &enough, &made);
            scope.spawn(move || {
                let mut number = 0;
                while !enough.load(Ordering::SeqCst) {
                    let name = format!("Client {client} number {number}");
                    let body = json!({ "name": name, "identifiers": [] });
                    let answer = person.try_post("/api/customers", &name, &body);
                    match answer.status {
                        201 => {
                            made.lock().unwrap().push(name);
                            number += 1;
                        }
                        // The same key again, until the database is back.
                        500 | 503 => {}
                        status => panic!("{status}: {}", answer.body),
                    }
                }
            });
        }
        for _ in 0..3 {
            postgres.break_off();
        }
        enough.store(true, Ordering::SeqCst);
    });
    let person = program.person();
    let body = json!({ "name": "Afterwards", "identifiers": [] });
    person.post("/api/customers", "afterwards", &body);
    let mut made = made.into_inner().unwrap();
    made.push("Afterwards".to_owned());
    made.sort_unstable();
    let mut kept: Vec<String> = super::kills::everybody(&person)
        .iter()
        .map(|customer| customer["name"].as_str().unwrap().to_owned())
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, made, "answered and kept are the same, each once");
    program.must_be_sound();
}
