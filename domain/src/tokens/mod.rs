//! Tokens of the programming interface: read-only, of one organisation, with an end.

use crate::error::DomainError;
use crate::ids::TokenId;
use crate::policy::Permit;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a token begins, so that a scanner for leaked secrets finds it.
pub const PREFIX: &str = "tomp_";

/// A token as a line; its secret is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    pub id: TokenId,
    pub name: String,
    pub created_by: String,
    pub until: Date,
    pub last_used: Option<String>,
    /// Neither revoked nor over.
    pub active: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    pub rows: Vec<TokenRow>,
    pub today: Date,
}

/// Checks a new token: a name, and an end within a year.
pub fn new_token(name: &str, until: Date, today: Date) -> Result<String, DomainError> {
    if until < today || until > today.saturating_add(jiff::Span::new().years(1)) {
        return Err(DomainError::invalid("until"));
    }
    text::name(name, "name", 120)
}

/// Use cases of tokens.
#[async_trait::async_trait]
pub trait TokenService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<TokenList, DomainError>;
    /// Makes a token; its secret is told once.
    async fn create(&self, permit: Permit, name: String, until: Date) -> Result<String, DomainError>;
    async fn revoke(&self, permit: Permit, id: TokenId) -> Result<(), DomainError>;
    /// Leave to read for whoever holds a secret; `SignedOut` where it is unknown, revoked, over, or its maker has left.
    async fn leave(&self, secret: &str) -> Result<Permit, DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_token_has_a_name_and_an_end_within_a_year() {
        let today = date(2026, 11, 22);
        assert_eq!(new_token(" Bericht ", date(2027, 11, 22), today), Ok("Bericht".into()));
        for end in [date(2026, 11, 21), date(2027, 11, 23)] {
            assert_eq!(new_token("x", end, today), Err(DomainError::invalid("until")), "{end}");
        }
        assert!(new_token("", today, today).is_err());
    }
}
