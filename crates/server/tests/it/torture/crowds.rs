//! Many at once: keys that repeat, edits that collide, clients that dawdle.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::program::{Person, Program, kills};

#[test]
fn a_repeated_key_has_one_effect() {
    let mut program = Program::new(8);
    let (clients, keys) = if kills() > 10 { (64, 200) } else { (16, 20) };
    let answers: Vec<Mutex<Vec<Value>>> = (0..keys).map(|_| Mutex::default()).collect();
    program.kill_during(kills(), |person| {
        thread::scope(|scope| {
            for client in 0..clients {
                let (person, answers) = (person.clone(), &answers);
                scope.spawn(move || {
                    for step in 0..keys {
                        // Everybody begins elsewhere, so that keys meet at any moment.
                        let key = (client * 7 + step) % keys;
                        let body = json!({ "name": format!("Person {key}"), "identifiers": [] });
                        let answer = person.post("/api/customers", &format!("key {key}"), &body);
                        // Meanwhile somebody edits what the key has made.
                        let id = answer.body["id"].as_str().unwrap();
                        let path = format!("/api/customers/{id}");
                        let (_, etag) = person.read(&path);
                        person.patch(&path, &etag, &json!({ "note": format!("{client}") }));
                        answers[key].lock().unwrap().push(answer.body);
                    }
                });
            }
        });
    });
    let person = program.person();
    for (key, answers) in answers.into_iter().enumerate() {
        let mut answers = answers.into_inner().unwrap();
        assert_eq!(answers.len(), clients);
        answers.dedup();
        assert_eq!(answers.len(), 1, "one key had several answers");
        let other = json!({ "name": "Somebody else", "identifiers": [] });
        let refused = person.try_post("/api/customers", &format!("key {key}"), &other);
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
    assert_eq!(person.get("/api/status")["customers"], keys);
    program.must_be_sound();
}

#[test]
fn no_edit_is_lost() {
    let mut program = Program::new(9);
    let person = program.person();
    let body = json!({ "name": "Mei Lin", "identifiers": [] });
    let customer = person.post("/api/customers", "mei", &body).body["id"].clone();
    let path = format!("/api/customers/{}", customer.as_str().unwrap());
    let rounds = if kills() > 10 { 50 } else { 10 };
    let accepted = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for client in 0..16 {
            let (person, path, accepted) = (person.clone(), &path, &accepted);
            scope.spawn(move || {
                for round in 0..rounds {
                    let (_, etag) = person.read(path);
                    let note = format!("{client}-{round}");
                    let answer = person.patch(path, &etag, &json!({ "note": note }));
                    match answer.status {
                        200 => accepted.lock().unwrap().push((answer.etag, note)),
                        412 => {}
                        status => panic!("{status}: {}", answer.body),
                    }
                }
            });
        }
    });
    let mut accepted = accepted.into_inner().unwrap();
    accepted.sort_by_key(|(etag, _)| etag.trim_matches(['"', 'v']).parse::<u64>().unwrap());
    let versions: Vec<String> = accepted.iter().map(|(etag, _)| etag.clone()).collect();
    let wanted: Vec<String> = (2..2 + versions.len())
        .map(|v| format!("\"v{v}\""))
        .collect();
    assert_eq!(
        versions, wanted,
        "every accepted edit is a version of its own"
    );
    let (now, etag) = person.read(&path);
    let (last_etag, last_note) = accepted.last().unwrap();
    assert_eq!(
        (&etag, now["note"].as_str()),
        (last_etag, Some(last_note.as_str()))
    );
    assert_eq!(person.patch(&path, "", &json!({ "note": "" })).status, 428);
    program.must_be_sound();
}

#[test]
fn who_dawdles_is_shown_out_and_keeps_nobody_waiting() {
    let mut program = Program::new(10);
    let person = program.person();
    let alone = ninety_ninth(&person, "alone");
    let mut half_open: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(person.address()).unwrap();
            stream
                .write_all(b"GET /api/status HTTP/1.1\r\nhost: x\r\n")
                .unwrap();
            stream
        })
        .collect();
    let beside = ninety_ninth(&person, "meanwhile");
    println!(
        "99 of 100 answers within {alone:?} alone, {beside:?} beside 300 half-open connections"
    );
    for stream in &mut half_open {
        // Fifteen seconds from the first are fifteen seconds for all.
        stream
            .set_read_timeout(Some(Duration::from_secs(15)))
            .unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        let text = String::from_utf8_lossy(&rest).into_owned();
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 408"),
            "{text}"
        );
    }
    program.must_be_sound();
}

/// Writes and reads by turns; answers within how long 99 of 100 were answered.
#[expect(clippy::disallowed_methods, reason = "it times answers, to print them")]
fn ninety_ninth(person: &Person, which: &str) -> Duration {
    let body = json!({ "name": "Mei Lin", "identifiers": [] });
    let mut times = Vec::new();
    for number in 0..150 {
        let start = Instant::now();
        person.post("/api/customers", &format!("{which} {number}"), &body);
        times.push(start.elapsed());
        let start = Instant::now();
        person.get("/api/customers?limit=50");
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
