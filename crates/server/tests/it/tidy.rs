//! The rules of the house that no compiler knows. Each test names the files that
//! break a rule and says what to do about it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Which feature may call which. An edge that nobody uses any more is removed,
/// and the edges never form a cycle.
const FEATURE_EDGES: &[(&str, &[&str])] = &[
    ("audit", &["settings"]),
    ("backups", &["audit", "settings", "warehouse"]),
    (
        "customers",
        &["grades", "settings", "stores", "tiers", "users"],
    ),
    ("demo", &["customers", "grades", "settings", "status"]),
    ("duplicates", &["customers", "grades"]),
    ("grades", &["settings", "tiers", "warehouse"]),
    ("imports", &["customers", "grades", "settings"]),
    ("leaving", &["customers", "users", "views"]),
    ("orders", &["stores"]),
    ("stores", &["organisation"]),
    ("users", &["organisation", "roles"]),
    ("reports", &["customers", "grades", "settings", "tiers"]),
    ("session", &["roles", "settings", "tiers", "users"]),
    ("tiers", &["settings"]),
    ("tokens", &["users"]),
];

/// What `crates/domain` must never depend on: it is pure, so it needs none.
const IMPURE: &[&str] = &[
    "anyhow",
    "axum",
    "clap",
    "datafusion",
    "deltalake",
    "futures",
    "hyper",
    "reqwest",
    "sea-orm",
    "sqlx",
    "tempfile",
    "tokio",
    "tower",
    "tracing",
];

/// What `crates/warehouse` must never depend on: HTTP and the SQL book.
const NOT_OF_THE_WAREHOUSE: &[&str] = &[
    "axum",
    "clap",
    "clientele",
    "hyper",
    "sea-orm",
    "sqlx",
    "tower",
];

const LONGEST_FILE: usize = 800;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies two folders below the root")
        .to_owned()
}

/// One file of ours as text, with its path from the root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_typescript(&self) -> bool {
        (self.path.ends_with(".ts") || self.path.ends_with(".tsx")) && !self.is_generated()
    }

    fn is_generated(&self) -> bool {
        self.path == "web/src/api/schema.ts"
    }
}

/// Every text file of the project that people write.
fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let skipped = ["target", "node_modules", "dist", "data", "results", ".git"];
            if entry.file_type().unwrap().is_dir() {
                if !skipped.contains(&name.as_str()) {
                    folders.push(entry.path());
                }
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                let path = entry
                    .path()
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        found.len() > 50,
        "the walk found too little to mean anything"
    );
    found
}

fn assert_none(broken: &[String], advice: &str) {
    assert!(broken.is_empty(), "{advice}:\n  {}\n", broken.join("\n  "));
}

/// Names in the `[dependencies]` of one crate.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim() == "[dependencies]";
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn crates_point_one_way() {
    let of = |name: &str| {
        let path = root().join("crates").join(name).join("Cargo.toml");
        dependencies(&fs::read_to_string(path).unwrap())
    };
    let forbidden = |name: &str, list: &[&str]| -> Vec<String> {
        let own = of(name);
        let hits = list.iter().filter(|dependency| own.contains(**dependency));
        hits.map(|dependency| format!("crates/{name} depends on {dependency}"))
            .collect()
    };
    let mut broken = forbidden("domain", IMPURE);
    broken.extend(forbidden("domain", &["clientele", "clientele-warehouse"]));
    broken.extend(forbidden("warehouse", NOT_OF_THE_WAREHOUSE));
    assert!(
        of("warehouse").contains("clientele-domain"),
        "the manifests are not read as they should be"
    );
    assert_none(&broken, "crates point server → warehouse → domain");
}

#[test]
fn the_domain_is_pure() {
    let impure = [
        "async fn",
        ".await",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
    ];
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.starts_with("crates/domain/src/") && source.is_rust())
        .flat_map(|source| hits(source, &impure))
        .collect();
    assert_none(
        &broken,
        "rules are pure functions; do this in crates/server",
    );
}

/// The lines of `source` that contain one of `marks`.
fn hits(source: &Source, marks: &[&str]) -> Vec<String> {
    let lines = source.text.lines().enumerate();
    let marked = lines.filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
    marked
        .map(|(at, line)| format!("{}:{} {}", source.path, at + 1, line.trim()))
        .collect()
}

/// The paths of one tree of imports without blanks: `a::{b,c::d}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let end = tree.find(|c| !is_path(c)).unwrap_or(tree.len());
    let (path, rest) = tree.split_at(end);
    let Some(group) = rest.strip_prefix('{') else {
        return vec![path.to_owned()];
    };
    let tails = members(group).into_iter().flat_map(paths);
    tails.map(|tail| format!("{path}{tail}")).collect()
}

/// What stands between commas up to the brace that closes the group.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                found.push(&group[start..at]);
                break;
            }
            ',' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The features whose code this text names. Their tables do not count: the schema
/// of the book is known to every reader.
fn features_called(text: &str) -> BTreeSet<String> {
    let dense: String = text.split_whitespace().collect();
    dense
        .match_indices("features::")
        .flat_map(|(at, found)| paths(&dense[at + found.len()..]))
        .filter(|path| {
            !path
                .split("::")
                .nth(1)
                .is_some_and(|part| part.starts_with("entity"))
        })
        .filter_map(|path| path.split("::").next().map(str::to_owned))
        .filter(|feature| !feature.is_empty())
        .collect()
}

/// Calls from feature to feature, each with one file that makes it.
fn feature_calls() -> BTreeMap<(String, String), String> {
    let folder = "crates/server/src/features/";
    let mut calls = BTreeMap::new();
    for source in sources().iter().filter(|source| source.is_rust()) {
        let Some((from, _)) = source
            .path
            .strip_prefix(folder)
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        for to in features_called(&source.text) {
            if to != from {
                calls.insert((from.to_owned(), to), source.path.clone());
            }
        }
    }
    calls
}

#[test]
fn features_call_along_listed_edges() {
    let calls = feature_calls();
    let listed: BTreeSet<(String, String)> = FEATURE_EDGES
        .iter()
        .flat_map(|(from, all)| all.iter().map(|to| ((*from).to_owned(), (*to).to_owned())))
        .collect();
    let unlisted: Vec<String> = calls
        .iter()
        .filter(|(edge, _)| !listed.contains(edge))
        .map(|((from, to), path)| format!("{from} → {to} in {path}"))
        .collect();
    assert_none(
        &unlisted,
        "a new edge between features is a decision: list it in tidy.rs or do without",
    );
    let unused: Vec<String> = listed
        .iter()
        .filter(|edge| !calls.contains_key(edge))
        .map(|(from, to)| format!("{from} → {to}"))
        .collect();
    assert_none(
        &unused,
        "nobody uses these edges any more: remove them from tidy.rs",
    );
}

#[test]
fn features_form_no_cycle() {
    let mut open: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in feature_calls().into_keys() {
        open.entry(from).or_default().insert(to);
    }
    // What calls nobody still open cannot be part of a cycle.
    loop {
        let closed: Vec<String> = open
            .iter()
            .filter(|(_, callees)| callees.iter().all(|callee| !open.contains_key(callee)))
            .map(|(from, _)| from.clone())
            .collect();
        if closed.is_empty() {
            break;
        }
        open.retain(|from, _| !closed.contains(from));
    }
    let broken: Vec<String> = open
        .iter()
        .map(|(from, all)| format!("{from} → {all:?}"))
        .collect();
    assert_none(
        &broken,
        "these features call each other in a circle: turn one call round",
    );
}

#[test]
fn groups_of_imports_are_read() {
    let text = "use crate::features::{
        session, stores::entity::store, tokens::{entity::token, revoke}, users,
    };
    crate::features::orders::store::find(tx)";
    let expected = ["orders", "session", "tokens", "users"].map(str::to_owned);
    assert_eq!(features_called(text), BTreeSet::from(expected));
}

#[test]
fn files_stay_readable() {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| source.is_rust() || source.is_typescript())
        .filter(|source| source.text.lines().count() > LONGEST_FILE)
        .map(|source| format!("{} has {} lines", source.path, source.text.lines().count()))
        .collect();
    assert_none(&broken, "split these by verb");
}

#[test]
fn nothing_is_left_for_later() {
    let rust = [
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("dbg", "!("),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[all", "ow("),
        concat!("#[ign", "ore"),
    ];
    let typescript = [
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("XX", "X"),
        concat!("@ts-", "ignore"),
        concat!("@ts-", "nocheck"),
        concat!(".on", "ly("),
        concat!(".sk", "ip("),
        concat!("console", ".log("),
    ];
    let broken: Vec<String> = sources()
        .iter()
        .flat_map(|source| match source {
            source if source.is_rust() => hits(source, &rust),
            source if source.is_typescript() && !source.path.starts_with("web/dev/") => {
                hits(source, &typescript)
            }
            _ => Vec::new(),
        })
        .collect();
    assert_none(&broken, "do it now, or write it down in docs/ROADMAP.md");
}

#[test]
fn no_machine_is_named() {
    let beside = root()
        .parent()
        .map(|parent| format!("{}/", parent.display()))
        .unwrap_or_default();
    let mut marks = vec![concat!("/ro", "ot/"), concat!("/Use", "rs/")];
    if beside.len() > 2 {
        marks.push(&beside);
    }
    let mut broken: Vec<String> = sources()
        .iter()
        .flat_map(|source| hits(source, &marks))
        .collect();
    let locks = sources()
        .into_iter()
        .filter(|source| source.path.ends_with("package-lock.json"));
    broken.extend(locks.flat_map(|source| hits(&source, &["\"resolved\": \"http"])));
    assert_none(&broken, "paths and hosts of one machine help nobody else");
}

/// What a TypeScript file of the web app imports, as `layer/rest` from `web/src`.
fn web_imports(source: &Source) -> Vec<String> {
    let folder = source
        .path
        .rsplit_once('/')
        .expect("a file lies in a folder")
        .0;
    let quoted = source.text.split(['\'', '"']);
    let mut imports = Vec::new();
    let mut before = "";
    for (at, part) in quoted.enumerate() {
        let is_import = before.trim_end().ends_with("from")
            || before.ends_with("import(")
            || before.trim_end().ends_with("import");
        if at % 2 == 1 && is_import {
            if let Some(rest) = part.strip_prefix("@/") {
                imports.push(rest.to_owned());
            } else if part.starts_with('.') {
                imports.push(resolved(folder, part));
            }
        }
        before = part;
    }
    imports
}

/// `../lib/x` seen from `web/src/ui` is `lib/x`.
fn resolved(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/").trim_start_matches("web/src/").to_owned()
}

/// Which layer of the web app may import which; a layer may always import itself,
/// except `features`, whose members do not know each other.
const WEB_LAYERS: &[(&str, &[&str])] = &[
    ("api", &["lib"]),
    ("lib", &["api", "locales"]),
    ("locales", &[]),
    ("ui", &["lib", "api"]),
    ("features", &["ui", "lib", "api"]),
    ("shell", &["features", "ui", "lib", "api"]),
    ("routes", &["shell", "features", "ui", "lib", "api"]),
];

#[test]
fn the_web_app_points_one_way() {
    let layer = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let feature = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    let mut broken = Vec::new();
    let mut read = 0;
    for source in sources().iter().filter(|source| source.is_typescript()) {
        let Some(place) = source.path.strip_prefix("web/src/") else {
            continue;
        };
        let Some((from, allowed)) = WEB_LAYERS.iter().find(|(name, _)| *name == layer(place))
        else {
            continue;
        };
        for import in web_imports(source) {
            read += 1;
            let to = layer(&import);
            let known = WEB_LAYERS.iter().any(|(name, _)| *name == to);
            let same = to == *from && (*from != "features" || feature(&import) == feature(place));
            if known && !same && !allowed.contains(&to.as_str()) && !is_test(place) {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert!(read > 50, "the imports are not read as they should be");
    assert_none(
        &broken,
        "web: routes → features → ui, lib, api, and no feature knows another",
    );
}

fn is_test(path: &str) -> bool {
    path.contains(".test.")
}

/// Every text of one language: key to the placeholders in it.
fn texts(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("web/src/locales").join(language);
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let value: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        collect(&name, &value, &mut all);
    }
    all
}

fn collect(key: &str, value: &serde_json::Value, all: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                collect(&format!("{key}.{name}"), value, all);
            }
        }
        serde_json::Value::String(text) => {
            let inner = text
                .split("{{")
                .skip(1)
                .filter_map(|rest| rest.split("}}").next());
            let names = inner.map(|name| name.split(',').next().unwrap_or(name).trim().to_owned());
            // English has a singular that Chinese does without.
            let key = key
                .strip_suffix("_one")
                .or_else(|| key.strip_suffix("_other"))
                .unwrap_or(key);
            all.entry(key.to_owned()).or_default().extend(names);
        }
        other => panic!("{key} is not text: {other}"),
    }
}

#[test]
fn both_languages_say_the_same() {
    let (english, chinese) = (texts("en"), texts("zh"));
    assert!(!english.is_empty(), "no English texts were found");
    let keys: BTreeSet<&String> = english.keys().chain(chinese.keys()).collect();
    let broken: Vec<String> = keys
        .into_iter()
        .filter(|key| english.get(*key) != chinese.get(*key))
        .map(|key| {
            format!(
                "{key}: en {:?}, zh {:?}",
                english.get(key),
                chinese.get(key)
            )
        })
        .collect();
    assert_none(
        &broken,
        "web/src/locales: every text and placeholder exists in both languages",
    );
}
