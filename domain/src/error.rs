//! What a rule says no to. Each variant is one sentence for a person, found in `locales` by [`DomainError::key`].

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A refusal. Holds no personal data, no SQL, no path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum DomainError {
    #[error("not found")]
    NotFound,
    #[error("not signed in")]
    SignedOut,
    #[error("this role may not do that")]
    Forbidden,
    #[error("sign in again to confirm")]
    StepUp,
    #[error("{field} is missing")]
    Missing { field: Name },
    #[error("{field} is invalid")]
    Invalid { field: Name },
    #[error("{field} is longer than {max}")]
    TooLong { field: Name, max: usize },
    #[error("{field} holds a control character")]
    ControlCharacter { field: Name },
    #[error("the text has more than 64 KiB, is nested deeper than 12 levels or has too many parts")]
    MarkdownTooComplex,
    #[error("somebody else changed this meanwhile")]
    Stale,
    #[error("an implemented measure needs an owner, a scope and a goal")]
    ImplementedNeedsOwner,
    #[error("an implemented measure needs a goal that it serves")]
    ImplementedNeedsGoal,
    #[error("a reason of at least 20 characters is needed")]
    ReasonTooShort,
    #[error("a deliberate deviation needs a decision and an end within 12 months")]
    GapNeedsDecision,
    #[error("a retired measure needs a replacement or a reason")]
    RetiredNeedsReason,
    #[error("this release can no longer be changed")]
    Frozen,
    #[error("nobody judges what they answer for themselves")]
    OwnWork,
    #[error("somebody else has to do this step")]
    SamePerson,
    #[error("the last admin of an organisation stays")]
    LastAdmin,
    #[error("this person belongs here already, or was asked already")]
    AlreadyMember,
    #[error("measures still wait for their verdict")]
    Unjudged,
    #[error("the data protection officer has not given an opinion yet")]
    OpinionMissing,
    #[error("the release is still blocked")]
    Blocked,
    #[error("the state does not allow this")]
    WrongState,
    #[error("too many attempts, wait a minute")]
    TooMany,
    #[error("{why}")]
    Change { why: crate::import::changes::Refused },
    #[error("line {line} of the list cannot be read")]
    CsvLine { line: u32 },
    #[error("the service is busy, try again")]
    Busy,
    #[error("something went wrong, reference {reference}")]
    Internal { reference: String },
}

/// A field's name: a literal where it is raised, owned where it came over the wire.
pub type Name = Cow<'static, str>;

impl DomainError {
    pub fn invalid(field: &'static str) -> Self {
        DomainError::Invalid { field: field.into() }
    }

    pub fn missing(field: &'static str) -> Self {
        DomainError::Missing { field: field.into() }
    }

    /// HTTP status that this refusal has everywhere (trust.md 2, "refusal policy").
    pub fn status(&self) -> u16 {
        match self {
            DomainError::SignedOut => 401,
            DomainError::Forbidden | DomainError::StepUp | DomainError::OwnWork | DomainError::SamePerson => {
                403
            }
            DomainError::NotFound => 404,
            DomainError::Stale
            | DomainError::Frozen
            | DomainError::WrongState
            | DomainError::Unjudged
            | DomainError::LastAdmin
            | DomainError::AlreadyMember
            | DomainError::OpinionMissing
            | DomainError::Change { .. }
            | DomainError::Blocked => 409,
            DomainError::Missing { .. }
            | DomainError::Invalid { .. }
            | DomainError::TooLong { .. }
            | DomainError::ControlCharacter { .. }
            | DomainError::MarkdownTooComplex
            | DomainError::CsvLine { .. }
            | DomainError::ImplementedNeedsOwner
            | DomainError::ImplementedNeedsGoal
            | DomainError::ReasonTooShort
            | DomainError::GapNeedsDecision
            | DomainError::RetiredNeedsReason => 422,
            DomainError::TooMany => 429,
            DomainError::Internal { .. } => 500,
            DomainError::Busy => 503,
        }
    }
}
