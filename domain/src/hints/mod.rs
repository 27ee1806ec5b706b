//! Quality hints as people meet them: where each stands, what was dismissed and why. The rules are in `lint`.

use crate::canonical::sha256_hex;
use crate::error::DomainError;
use crate::ids::{DocumentId, MeasureId};
use crate::lint::{Hint, Rule, Severity};
use crate::policy::Permit;
use crate::text;
use serde::{Deserialize, Serialize};

/// Most dismissals of one request.
const AT_ONCE: usize = 500;

/// A hint with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintLine {
    pub rule: Rule,
    pub severity: Severity,
    /// Names this hint: it changes when the words that it is about change.
    pub mark: String,
    /// `None`: it is about a goal or the document.
    pub measure: Option<MeasureId>,
    /// The measure's or goal's code; empty for the document.
    pub code: String,
    pub quote: String,
    pub about: String,
    pub dismissed: Option<Dismissal>,
}

impl HintLine {
    /// Whether it stands between the document and its release.
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && self.dismissed.is_none()
    }
}

/// The name of a hint at a measure (its id) or goal (its code): the same sentence at two places is two hints.
pub fn mark(at: &str, hint: &Hint) -> String {
    sha256_hex(format!("{at} {}", hint.mark()).as_bytes()).chars().take(16).collect()
}

/// Why somebody set a hint aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissal {
    pub reason: String,
    pub by: String,
    pub at: String,
}

/// All hints of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HintSheet {
    pub document: DocumentId,
    pub document_title: String,
    pub hints: Vec<HintLine>,
    pub headings: Vec<crate::documents::Heading>,
}

/// Asks to set hints aside, or to take that back where `reason` is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DismissHints {
    pub document: DocumentId,
    pub marks: Vec<String>,
    pub reason: Option<String>,
}

/// The checked marks and reason.
pub fn dismiss(asked: &DismissHints) -> Result<(Vec<String>, Option<String>), DomainError> {
    if asked.marks.is_empty() {
        return Err(DomainError::missing("hints"));
    }
    if asked.marks.len() > AT_ONCE {
        return Err(DomainError::TooLong { field: "hints".into(), max: AT_ONCE });
    }
    let reason = asked.reason.as_deref().map(|r| text::reason(r, "reason", 4_000)).transpose()?;
    Ok((asked.marks.clone(), reason))
}

/// Use cases of hints.
#[async_trait::async_trait]
pub trait HintService: Send + Sync {
    async fn list(&self, permit: Permit, document: DocumentId) -> Result<HintSheet, DomainError>;
    /// Sets hints aside with a reason, or takes that back; answers how many there were.
    async fn dismiss(&self, permit: Permit, cmd: DismissHints) -> Result<u32, DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissal_names_hints_and_says_why() {
        let ask = |marks: &[&str], reason: Option<&str>| {
            dismiss(&DismissHints {
                document: DocumentId::from_uuid(uuid::Uuid::nil()),
                marks: marks.iter().map(|m| (*m).to_owned()).collect(),
                reason: reason.map(str::to_owned),
            })
        };
        assert_eq!(ask(&[], None), Err(DomainError::missing("hints")));
        assert_eq!(ask(&["a"], Some("passt")), Err(DomainError::ReasonTooShort));
        assert!(ask(&["a"], Some("Der Vertrag verlangt genau diese Worte.")).is_ok());
        assert_eq!(ask(&["a"], None), Ok((vec!["a".into()], None)));
    }
}
