//! The command line. Exit codes: 0 fine, 1 could not (file, database, configuration), 2 wrong use, 3 the check failed.

use crate::commands::{check, export, import, render, serve, verify, worker};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "tomfolio",
    version,
    about = "Technical and organisational measures under Art. 32 GDPR, documented and sealed"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read an old TOM document (Markdown or plain text)
    Import(import::Args),
    /// Write a document as Markdown
    Export(export::Args),
    /// Lay a document out as PDF, without a database
    Render(render::Args),
    /// Check a sealed PDF
    Verify(verify::Args),
    /// Start the portal
    Serve(serve::Args),
    /// Work off jobs beside a portal that serves
    Worker(worker::Args),
    /// Bring the database up to date
    Migrate(check::Data),
    /// Check blobs, hashes, chain, seals and states
    Fsck(check::Data),
    /// The audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Jobs
    #[command(subcommand)]
    Jobs(Jobs),
    /// Seal keys
    #[command(subcommand)]
    Key(Key),
    /// People
    #[command(subcommand)]
    User(User),
    /// The text of a PDF from standard input: what the portal starts for each one, behind limits
    #[command(hide = true)]
    Extract,
}

#[derive(Subcommand)]
enum Audit {
    /// Check every organisation's chain
    Verify(check::Data),
}

#[derive(Subcommand)]
enum Jobs {
    /// Let jobs that were given up begin anew (`fsck` names them)
    Retry(check::Data),
}

#[derive(Subcommand)]
enum Key {
    /// Seal with an organisation's own PKCS#12 key from now on
    Take(check::Key),
}

#[derive(Subcommand)]
enum User {
    /// Make a member and print a one-time link
    Invite(check::Invite),
    /// Forget a person's identities at the OpenID provider, end the sessions, and print a one-time link
    Untie(check::Untie),
}

/// Why a command ended badly.
pub enum Failure {
    /// Exit code 1, with a sentence.
    CouldNot(String),
    /// Exit code 2, with a sentence.
    WrongUse(String),
    /// Exit code 3: the command did its work, and the answer is no.
    CheckFailed,
}

pub type Outcome = Result<(), Failure>;

impl Failure {
    pub fn could_not(what: impl std::fmt::Display) -> Failure {
        Failure::CouldNot(what.to_string())
    }
}

/// Reads a file, or says which one cannot be read.
pub fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::CouldNot(format!("cannot read {}: {e}", path.display())))
}

/// Parses the arguments and runs the command.
pub fn run() -> ExitCode {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("TOMFOLIO_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = match Cli::parse().command {
        Command::Import(args) => import::run(args),
        Command::Export(args) => export::run(args),
        Command::Render(args) => render::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Worker(args) => worker::run(args),
        Command::Migrate(args) => check::migrate(args),
        Command::Fsck(args) => check::fsck(args),
        Command::Audit(Audit::Verify(args)) => check::audit(args),
        Command::Key(Key::Take(args)) => check::take_key(args),
        Command::Jobs(Jobs::Retry(args)) => check::retry(args),
        Command::User(User::Invite(args)) => check::invite(args),
        Command::User(User::Untie(args)) => check::untie(args),
        Command::Extract => return ExitCode::from(tomfolio_backend::adapters::extract::child() as u8),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::CouldNot(why)) => {
            eprintln!("tomfolio: {why}");
            ExitCode::from(1)
        }
        Err(Failure::WrongUse(why)) => {
            eprintln!("tomfolio: {why}");
            ExitCode::from(2)
        }
        Err(Failure::CheckFailed) => ExitCode::from(3),
    }
}
