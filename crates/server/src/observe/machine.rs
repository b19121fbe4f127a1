//! What the process and its folder take of the machine.

use std::{fs, io, path::Path};

/// Free and total bytes of the disk that holds a folder.
///
/// # Errors
/// When the folder cannot be asked.
pub fn disk(folder: &Path) -> io::Result<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder)?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Ok((bytes(disk.f_bavail), bytes(disk.f_blocks)))
}

/// Bytes of a file, or of everything in a folder; what vanishes meanwhile counts
/// nothing.
pub fn folder_bytes(path: &Path) -> u64 {
    let Ok(about) = fs::symlink_metadata(path) else {
        return 0;
    };
    let Ok(entries) = fs::read_dir(path) else {
        return about.len();
    };
    entries
        .flatten()
        .map(|entry| folder_bytes(&entry.path()))
        .sum()
}

/// Memory the process holds, in bytes; none where the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}
