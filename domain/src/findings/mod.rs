//! Findings (Feststellungen) of approved reviews: mended by their owner, tested again by somebody else.

use crate::error::DomainError;
use crate::ids::{DocumentId, FindingId, MeasureId, ReviewId};
use crate::policy::Permit;
use crate::reviews::Grade;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// open → mended → closed; a mend that does not hold opens it again.
    FindingState {
        Open = "open",
        Mended = "mended",
        Closed = "closed",
    }
}

/// A finding with its corrective action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    pub id: FindingId,
    pub document: DocumentId,
    pub document_title: String,
    pub review: ReviewId,
    pub measure: MeasureId,
    /// The measure's code and name when it was judged.
    pub subject: String,
    pub grade: Grade,
    pub text: String,
    pub owner: String,
    pub due: Date,
    pub state: FindingState,
    pub overdue: bool,
    /// What was done, by whom and when.
    pub note: String,
    pub mended_by: Option<String>,
    pub mended_at: Option<String>,
    /// What the test of the mend said.
    pub verdict: String,
    pub verified_by: Option<String>,
    pub verified_at: Option<String>,
    /// The signed-in person said that it was mended, so somebody else has to test it.
    pub own: bool,
}

/// What was done or seen, in words.
pub fn note(asked: &str) -> Result<String, DomainError> {
    let note = text::prose(asked, "note", 4_000)?;
    if text::visible(&note) < 10 { Err(DomainError::missing("note")) } else { Ok(note) }
}

/// Whether a finding holds a release back.
pub fn blocks(grade: Grade, state: FindingState) -> bool {
    grade == Grade::Critical && state != FindingState::Closed
}

/// Use cases of findings.
#[async_trait::async_trait]
pub trait FindingService: Send + Sync {
    /// Open ones first, by day.
    async fn list(&self, permit: Permit) -> Result<Vec<FindingRow>, DomainError>;
    /// Says that it is mended, and how.
    async fn mend(&self, permit: Permit, id: FindingId, note: String) -> Result<(), DomainError>;
    /// Tests the mend: it holds, or the finding is open again. Never by who mended it.
    async fn verify(
        &self,
        permit: Permit,
        id: FindingId,
        holds: bool,
        note: String,
    ) -> Result<(), DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_critical_and_not_closed_holds_a_release_back() {
        assert!(blocks(Grade::Critical, FindingState::Open));
        assert!(blocks(Grade::Critical, FindingState::Mended));
        assert!(!blocks(Grade::Critical, FindingState::Closed));
        assert!(!blocks(Grade::Major, FindingState::Open));
    }
}
