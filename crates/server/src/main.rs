//! The program `clientele`.

use std::process::ExitCode;

fn main() -> ExitCode {
    clientele::cli::main()
}
