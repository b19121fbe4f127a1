//! The disk: an answer comes after it has the write, and a full one is no end.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::json;

use super::program::{Answer, Person, Program, kills};

/// How many writes are watched.
fn writes() -> usize {
    if kills() > 10 { 200 } else { 20 }
}

fn create(person: &Person, number: usize, note: &str) -> Answer {
    let body = json!({ "name": format!("Person {number}"), "note": note, "identifiers": [] });
    let key = format!("person {number}");
    person.try_post("/api/customers", &key, &body)
}

#[test]
fn an_answer_comes_after_the_disk_has_the_write() {
    let may_trace = Command::new("strace")
        .arg("true")
        .stderr(Stdio::null())
        .status();
    if !may_trace.is_ok_and(|status| status.success()) {
        eprintln!("skipped: strace is missing, or may not trace here");
        return;
    }
    let mut program = Program::new(11);
    let trace =
        program.start_traced(&["strace", "-D", "-f", "-qq", "-s", "32", "-e", TRACED, "-o"]);
    let person = program.person();
    for number in 0..writes() {
        assert_eq!(create(&person, number, "").status, 201);
    }
    program.must_be_sound();
    let (mut on_disk, mut answered) = (false, 0);
    for line in fs::read_to_string(trace).unwrap().lines() {
        let synced = line.contains("fdatasync(") || line.contains("fsync(");
        // A call that another thread interrupts is written in two lines.
        if (synced || line.contains("sync resumed>")) && line.ends_with("= 0") {
            on_disk = true;
        }
        if line.contains("HTTP/1.1 201") {
            assert!(on_disk, "answered before the disk had it: {line}");
            (on_disk, answered) = (false, answered + 1);
        }
    }
    assert_eq!(answered, writes());
}

const TRACED: &str = "trace=fsync,fdatasync,write,writev,sendto,sendmsg";

#[test]
fn a_full_disk_refuses_writes_and_goes_on_when_there_is_room() {
    let may = Command::new("unshare")
        .args(["-rm", "true"])
        .stderr(Stdio::null())
        .status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine gives no mount namespaces");
        return;
    }
    let mut program = Program::new(12);
    program.stop();
    let small: PathBuf = program.start_on_small_disk(40);
    let filler = small.join("filler");
    fs::write(&filler, vec![0_u8; 30 << 20]).unwrap();
    let person = program.person();
    let note = "n".repeat(1_900);
    let mut made = 0;
    let refused = loop {
        let answer = create(&person, made, &note);
        if answer.status != 201 {
            break answer;
        }
        made += 1;
        assert!(made < 100_000, "the disk never got full");
    };
    // One refusal: the next may find room that the warehouse has just given back.
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (507, &json!("disk_full"))
    );
    let upload = person.try_upload(&vec![b'a'; 24 << 20]);
    assert_eq!(
        (upload.status, &upload.body["code"]),
        (507, &json!("disk_full"))
    );
    assert_eq!(
        person.get("/api/status")["customers"],
        made,
        "reading goes on"
    );

    fs::remove_file(filler).unwrap();
    assert_eq!(
        create(&person, made, &note).status,
        201,
        "the key that was refused"
    );
    assert_eq!(person.get("/api/status")["customers"], made + 1);
    // The warehouse catches up too.
    person.finish_all();
    person.wait_until(|| person.get("/api/status")["feed_lag"] == 0);
    program.stop();
}
