//! The program `clientele`.

use std::process::ExitCode;

/// A tenth less work than with the C library's: rows are made of many small texts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    clientele::cli::main()
}
