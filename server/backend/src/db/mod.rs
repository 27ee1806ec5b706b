//! The database: View reads, Work writes. Both carry the organisation, so that no query can forget it.

pub mod connect;
pub(crate) mod entity;
pub mod work;

pub use connect::{connect, migrate};
pub use work::{Fact, NewJob, NewMail, View, Work};

use tomfolio_domain::error::DomainError;

/// A database failure, logged once with a reference; the caller learns the reference only.
pub fn internal(error: impl std::fmt::Display) -> DomainError {
    let reference = crate::ids::reference();
    tracing::error!(reference, %error, "internal error");
    DomainError::Internal { reference }
}
