//! `bilik`, the operator's binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    bilik_cli::run(std::env::args_os())
}
