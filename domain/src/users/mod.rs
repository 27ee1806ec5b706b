//! People: what they may choose as a password, and how long a session lasts.

use crate::error::DomainError;
use jiff::SignedDuration;

/// A session ends after 30 minutes without an action (the products' own documents promise that).
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends after 12 hours at most.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// A one-time link is good for 72 hours.
pub const LINK: SignedDuration = SignedDuration::from_hours(72);

/// At least 12 characters, at most 256; no other rule (NIST SP 800-63B: length, not composition).
pub fn password(text: &str) -> Result<(), DomainError> {
    match text.chars().count() {
        0..12 => Err(DomainError::invalid("password")),
        12..=256 => Ok(()),
        _ => Err(DomainError::TooLong { field: "password".into(), max: 256 }),
    }
}

use crate::actor::Actor;

/// A secret for a cookie or a link. Has no `Debug` on purpose.
pub struct Token(pub String);

/// Who a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub name: String,
    pub email: String,
    pub organisation: String,
}

/// Use cases of signing in. They are open to everybody, so they take no permit.
#[async_trait::async_trait]
pub trait SessionService: Send + Sync {
    /// The actor of a cookie; extends the idle time only when `active`.
    async fn actor(&self, cookie: &str, active: bool) -> Result<Option<Actor>, DomainError>;
    async fn sign_in(&self, email: String, password: String, client: String) -> Result<Token, DomainError>;
    async fn invited(&self, link: &str) -> Result<Invited, DomainError>;
    /// Uses a one-time link up, sets the password, signs in.
    async fn accept(&self, link: String, password: String) -> Result<Token, DomainError>;
    /// Gives the password again for a sign-off.
    async fn prove(&self, cookie: &str, password: String, client: String) -> Result<(), DomainError>;
    async fn switch(&self, cookie: &str, organisation: crate::ids::OrganisationId)
    -> Result<(), DomainError>;
    /// Mails come in this language from now on.
    async fn speaks(&self, user: crate::ids::UserId, language: &str) -> Result<(), DomainError>;
    async fn sign_out(&self, cookie: &str) -> Result<(), DomainError>;
}
