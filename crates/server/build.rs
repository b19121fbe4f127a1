//! Puts the built web app where the program embeds it; an empty folder stands in
//! for it where nothing was built, so that `cargo build` needs no Node.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let built = Path::new("../../web/dist");
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    // Cargo would run this script at every build for a folder that is not there.
    fs::create_dir_all(built)?;
    println!("cargo::rerun-if-changed={}", built.display());
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(&target)?;
    if built.join("index.html").exists() {
        copy(built, &target)
    } else {
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
