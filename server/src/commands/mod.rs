//! One file a command.

pub mod check;
pub mod export;
pub mod import;
pub mod render;
pub mod serve;
pub mod verify;
pub mod worker;

use crate::cli::Failure;
use tomfolio_backend::Backend;
use tomfolio_domain::ids::OrganisationId;

/// The organisation that a command names, by name or id.
pub async fn organisation(b: &Backend, called: &str) -> Result<OrganisationId, Failure> {
    let found = b.organisation_called(called).await;
    found.map_err(|_| Failure::CouldNot(format!("there is no organisation “{called}” in this data folder")))
}

/// The asynchronous runtime, for commands that need one.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new().map_err(Failure::could_not)
}
