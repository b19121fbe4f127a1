//! The rules measured on public data with known answers.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and says what it measured"
)]

mod any_text;
mod cdnow;
mod linkage;

use std::path::PathBuf;

/// A file of the test data; none, and a word about it, where it is missing.
fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLIENTELE_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "the test data are missing: {file}");
    println!("skipped: the test data are missing ({file})");
    None
}
