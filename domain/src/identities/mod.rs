//! Identities: a person as an OpenID provider knows them. The key is issuer and subject, never an email address.

use crate::error::DomainError;
use crate::users::Token;
use jiff::SignedDuration;

/// A sign-in at the provider is given up after ten minutes.
pub const ATTEMPT: SignedDuration = SignedDuration::from_mins(10);

/// What a sign-in at the provider is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// A one-time link: the identity will belong to whom the link is for.
    pub link: Option<String>,
    /// The cookie of an open session: the person only proves to be there.
    pub prove: Option<String>,
    /// Where to go afterwards, a path of this place.
    pub next: String,
}

/// Where the browser goes, and what it must bring back.
pub struct Departure {
    pub url: String,
    pub browser: Token,
}

/// What the browser brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    pub code: String,
    pub state: String,
    pub issuer: Option<String>,
    /// The cookie that was set at departure.
    pub browser: String,
}

/// A sign-in that succeeded: a new session, or none where an open one was proved.
pub struct Arrived {
    pub session: Option<Token>,
    pub next: String,
}

/// Use cases of signing in at an OpenID provider. Open to everybody, so they take no permit.
#[async_trait::async_trait]
pub trait IdentityService: Send + Sync {
    /// What the provider is called; `None` where none is configured.
    fn provider(&self) -> Option<String>;
    async fn depart(&self, purpose: Purpose) -> Result<Departure, DomainError>;
    /// Any doubt is `SignedOut`: whoever tries learns nothing else.
    async fn arrive(&self, arrival: Arrival) -> Result<Arrived, DomainError>;
}
