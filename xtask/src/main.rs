//! `cargo xtask serve | build | test`: sets up what is missing, builds the front end, starts the demo, runs all checks.

mod front;
mod setup;
mod steps;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("serve") => steps::serve(&args[1..]),
        Some("build") => steps::build(args.iter().any(|a| a == "--release")),
        Some("test") => steps::test(),
        _ => Err("usage: cargo xtask serve [--demo] | build [--release] | test".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
