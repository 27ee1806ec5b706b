//! Import drafts: an uploaded document waits, nothing of it is stored as measures, until a person takes it over.

mod compare;

pub use compare::{Line, Standing, compare};

use crate::error::DomainError;
use crate::ids::{DocumentId, ImportId};
use crate::import::changes::{Change, NodeKey};
use crate::import::{Account, Imported, RepairKey};
use crate::policy::Permit;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A draft is kept seven days at most.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A draft as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportSheet {
    pub id: ImportId,
    pub file_name: String,
    /// The source's lines.
    pub source: Vec<String>,
    pub found: Imported,
    pub scheme: crate::codes::Scheme,
    pub confirmed: Vec<RepairKey>,
    pub undone: Vec<RepairKey>,
    /// What was changed by hand, oldest first.
    pub changes: Vec<Change>,
    /// Positions of changes whose place is gone since a repair was judged otherwise.
    pub left_out: Vec<usize>,
    /// Where the characters of the source went.
    pub account: Account,
    /// Documents that this may be a newer file of.
    pub documents: Vec<(DocumentId, String)>,
    pub against: Option<Against>,
}

/// The file beside a document that is here already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Against {
    pub document: DocumentId,
    pub title: String,
    pub lines: Vec<Line>,
}

/// What a person says of one repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Confirm,
    Undo,
}

/// Use cases of import drafts.
#[async_trait::async_trait]
pub trait ImportService: Send + Sync {
    async fn create(
        &self,
        permit: Permit,
        file_name: String,
        bytes: Vec<u8>,
    ) -> Result<ImportId, ImportRefusal>;
    async fn find(&self, permit: Permit, id: ImportId) -> Result<ImportSheet, DomainError>;
    async fn judge(
        &self,
        permit: Permit,
        id: ImportId,
        repair: Option<RepairKey>,
        verdict: Verdict,
    ) -> Result<(), DomainError>;
    /// One more change by hand.
    async fn change(&self, permit: Permit, id: ImportId, change: Change) -> Result<(), DomainError>;
    /// Takes the last change by hand back; gives its place.
    async fn take_back(&self, permit: Permit, id: ImportId) -> Result<NodeKey, DomainError>;
    /// Takes the file for a newer one of a document; of none with `None`.
    async fn against(
        &self,
        permit: Permit,
        id: ImportId,
        document: Option<DocumentId>,
    ) -> Result<(), DomainError>;
    /// Takes chosen lines over into the document: changed ones as the next step of their measure, new ones to be confirmed.
    async fn merge(
        &self,
        permit: Permit,
        id: ImportId,
        marks: Vec<NodeKey>,
    ) -> Result<DocumentId, DomainError>;
    async fn take(&self, permit: Permit, id: ImportId, title: String) -> Result<DocumentId, DomainError>;
    async fn discard(&self, permit: Permit, id: ImportId) -> Result<(), DomainError>;
}

/// Why an upload became no draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    #[error(transparent)]
    Unreadable(#[from] crate::import::ImportError),
    #[error(transparent)]
    Refused(#[from] DomainError),
}
