//! Files and requests made to hurt: each gets a clear refusal or is read, within
//! little memory, and the program goes on.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::program::{Person, Program};

const MEBIBYTE: usize = 1 << 20;
/// What one file may cost at most.
const MEMORY: u64 = 256 << 20;

/// A file that means harm, and how the program may answer it: a problem's code,
/// or nothing where it can be read all the same.
struct Hostile {
    name: &'static str,
    bytes: Vec<u8>,
    refusal: &'static str,
}

fn hostile(name: &'static str, bytes: impl Into<Vec<u8>>, refusal: &'static str) -> Hostile {
    Hostile {
        name,
        bytes: bytes.into(),
        refusal,
    }
}

const HEADER: &str = "Order number,Date,SKU,Quantity,Unit price\n";

fn files() -> Vec<Hostile> {
    let rows = |row: &str, count: usize| format!("{HEADER}{}", row.repeat(count));
    vec![
        hostile(
            "an open quote",
            rows("1,2026-01-01,\"A,1,9.90\n", 50_000),
            "",
        ),
        hostile(
            "quotes everywhere",
            rows("\"\"\",\"\"\"\"\",\",\"\"\n", 50_000),
            "",
        ),
        hostile(
            "NUL in cells",
            rows("1\0,2026-01-01,A\0,1,9.90\n", 1_000),
            "file_binary",
        ),
        hostile("one endless line", rows("x", 32 * MEBIBYTE), "row_too_long"),
        hostile("an endless header", "a,".repeat(MEBIBYTE), "row_too_long"),
        hostile(
            "a million columns",
            format!("{}\n1\n", "c,".repeat(1_000_000)),
            "row_too_long",
        ),
        hostile("deep quotes", rows(&"\"".repeat(9_999), 100), ""),
        hostile(
            "numbers beyond numbers",
            rows("1,2026-01-01,A,1e400,9e999\n", 100),
            "",
        ),
        hostile(
            "dates beyond time",
            rows("1,9999999-99-99,A,1,9.90\n", 100),
            "",
        ),
        hostile(
            "formulas",
            rows("=1+1,2026-01-01,=cmd|'/C calc'!A0,1,9.90\n", 10),
            "",
        ),
        hostile("noise", noise(MEBIBYTE), "file_binary"),
        hostile(
            "half a UTF-16",
            "O\0r\0d\0e\0r".repeat(1_001),
            "file_binary",
        ),
        hostile("a bomb in gzip", bomb_in_gzip(), "rows_blank"),
        hostile("a bomb in zip", bomb_in_zip(), "rows_blank"),
        hostile(
            "a workbook of one giant cell",
            giant_cell(),
            "file_too_large",
        ),
        hostile(
            "a path out of the folder",
            zip_of(&[("../../etc/orders.csv", HEADER)]),
            "",
        ),
        hostile("a zip of many", many_entries(), "archive_many"),
        hostile(
            "a cut zip",
            cut(zip_of(&[("orders.csv", HEADER)])),
            "archive_broken",
        ),
        hostile("a zip in a zip", nested(), "file_unsupported"),
    ]
}

/// Bytes without any pattern, always the same.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

fn bomb_in_gzip() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(HEADER.as_bytes()).unwrap();
    for _ in 0..512 {
        packed.write_all(&[b'\n'; MEBIBYTE]).unwrap();
    }
    packed.finish().unwrap()
}

fn bomb_in_zip() -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("orders.csv", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(HEADER.as_bytes()).unwrap();
    for _ in 0..512 {
        zip.write_all(&[b'\n'; MEBIBYTE]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn zip_of(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn many_entries() -> Vec<u8> {
    let names: Vec<String> = (0..20_000).map(|number| format!("{number}.csv")).collect();
    let entries: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    zip_of(&entries)
}

fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 30);
    bytes
}

fn nested() -> Vec<u8> {
    let inner = zip_of(&[("orders.csv", HEADER)]);
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("inner.zip", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&inner).unwrap();
    zip.finish().unwrap().into_inner()
}

/// A workbook whose only cell holds half a gigabyte of text, which packs well.
fn giant_cell() -> Vec<u8> {
    let mut whole = rust_xlsxwriter::Workbook::new();
    whole
        .add_worksheet()
        .write_string(0, 0, "Order number")
        .unwrap();
    let plain = whole.save_to_buffer().unwrap();
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let entry = old.by_index_raw(index).unwrap();
        if entry.name_raw() != b"xl/worksheets/sheet1.xml" {
            zip.raw_copy_file(entry).unwrap();
        }
    }
    let options = SimpleFileOptions::default();
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let start = "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/\
                 spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>";
    zip.write_all(start.as_bytes()).unwrap();
    for _ in 0..512 {
        zip.write_all(&[b'a'; MEBIBYTE]).unwrap();
    }
    zip.write_all(b"</t></is></c></row></sheetData></worksheet>")
        .unwrap();
    zip.finish().unwrap().into_inner()
}

/// Tries a file as people would; answers the refusal's code, or nothing.
fn try_file(person: &Person, file: &Hostile) -> String {
    let upload = person.upload(&format!("upload {}", file.name), &file.bytes);
    let body = json!({ "upload_id": upload, "kind": "orders", "source": "hostile" });
    let looked = person.try_post("/api/imports/preview", "", &body);
    assert!(looked.status < 500, "{}: {}", file.name, looked.body);
    let begun = person.try_post("/api/imports", file.name, &body);
    assert!(begun.status < 500, "{}: {}", file.name, begun.body);
    if begun.status >= 300 {
        return begun.body["code"].as_str().unwrap().to_owned();
    }
    let path = format!("/api/imports/{}", begun.body["id"].as_str().unwrap());
    let end = person.end_of(&path);
    if end["state"] == "failed" {
        end["error"]["code"].as_str().unwrap_or("failed").to_owned()
    } else {
        String::new()
    }
}

#[test]
fn hostile_files_are_read_or_refused_in_little_memory() {
    let program = Program::new(5);
    let person = program.person();
    for file in files() {
        let before = program.memory("VmRSS:");
        program.forget_peak();
        let refusal = try_file(&person, &file);
        let cost = program.memory("VmHWM:").saturating_sub(before);
        assert!(cost <= MEMORY, "{} cost {} MiB", file.name, cost >> 20);
        assert_eq!(refusal, file.refusal, "{}", file.name);
    }
    // It still works, and nothing came of what was refused.
    let body = json!({ "name": "Mei Lin", "identifiers": [] });
    person.post("/api/customers", "after", &body);
}

#[test]
fn hostile_requests_are_refused() {
    let program = Program::new(6);
    let person = program.person();
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let bodies = [
        deep(100_000),
        format!("{{\"name\":{}}}", deep(100_000)),
        "{".to_owned(),
        "\u{feff}".repeat(1_000),
        format!("{{\"name\":\"{}\"}}", "n".repeat(3 * MEBIBYTE)),
        json!({ "name": "a\u{0}b", "identifiers": [] }).to_string(),
        json!({ "name": 1e308, "identifiers": {} }).to_string(),
        json!({ "name": "x", "identifiers": [], "id": "cus_0000000000001" }).to_string(),
        json!({ "name": "x", "identifiers": [], "version": 99 }).to_string(),
    ];
    for body in bodies {
        let answer = person.try_post_text("/api/customers", &body);
        let shown = &body[..body.len().min(60)];
        assert!(
            (400..500).contains(&answer.status),
            "{shown}: {}",
            answer.status
        );
        assert_eq!(answer.body["status"], answer.status, "{shown}");
    }
    assert_eq!(person.get("/api/status")["customers"], 0);
}

/// Text that other programs have lost.
const NAUGHTY: &[&str] = &[
    "O'Brien; DROP TABLE customers;--",
    "𠮷野家 𩸽",
    "محمد علي‎ بن",
    "👩‍👩‍👧‍👦 family",
    "Zoë e\u{301}",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x\")",
    "null",
    "%00%0a",
    "\u{202e}gnirts",
];

#[test]
fn names_come_back_as_they_were_given() {
    let program = Program::new(7);
    let person = program.person();
    let long = "长".repeat(3_400);
    for name in NAUGHTY.iter().copied().chain([long.as_str()]) {
        let body = json!({ "name": name, "identifiers": [] });
        let answer = person.try_post("/api/customers", "", &body);
        if answer.status == 422 {
            // Too long to be anybody's name: said, not cut.
            assert_eq!(name, long, "{}", answer.body);
            continue;
        }
        let path = format!("/api/customers/{}", answer.body["id"].as_str().unwrap());
        // Accents are composed, so that one name is one text whoever typed it.
        let composed = clientele_domain::text::nfc(name);
        assert_eq!(person.get(&path)["name"], composed);
    }
}
