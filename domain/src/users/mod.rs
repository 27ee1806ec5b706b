//! People: what they may choose as a password, and how long a session lasts.

use crate::error::DomainError;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

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

/// What somebody typed into a form without script that was refused: nothing typed is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// The page that shows it again.
    pub path: String,
    pub fields: Vec<(String, String)>,
}

impl KeptForm {
    /// A form's fields, without what must not be written down.
    pub fn new(path: &str, fields: impl IntoIterator<Item = (String, String)>) -> KeptForm {
        let open = |(name, _): &(String, String)| !name.contains("password") && !name.contains("token");
        KeptForm { path: path.to_owned(), fields: fields.into_iter().filter(open).collect() }
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

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
    /// Keeps what a refused form held, so that its page can show it again. Passwords are left out.
    async fn keep_form(&self, cookie: &str, form: KeptForm) -> Result<(), DomainError>;
    /// The kept form of a path, once; of any other path there is none.
    async fn take_form(&self, cookie: &str, path: &str) -> Result<Option<KeptForm>, DomainError>;
    /// Mails come in this language from now on.
    async fn speaks(&self, user: crate::ids::UserId, language: &str) -> Result<(), DomainError>;
    async fn sign_out(&self, cookie: &str) -> Result<(), DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_form_holds_no_secret() {
        let field = |name: &str| (name.to_owned(), "x".to_owned());
        let kept = KeptForm::new("/a", ["comment", "password", "new_password", "token", "id"].map(field));
        assert_eq!(kept.field("comment"), Some("x"));
        assert_eq!(kept.fields.len(), 2, "{kept:?}");
    }
}
