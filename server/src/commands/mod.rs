//! One file a command.

pub mod check;
pub mod import;
pub mod render;
pub mod serve;
pub mod verify;

use crate::cli::Failure;

/// The asynchronous runtime, for commands that need one.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new().map_err(Failure::could_not)
}
