//! The process: one binary, `tomfolio`. Here only the command line is read; every command has a file in `commands/`.

mod cli;
mod commands;

fn main() -> std::process::ExitCode {
    cli::run()
}
