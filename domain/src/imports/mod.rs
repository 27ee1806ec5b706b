//! Import drafts: an uploaded document waits, nothing of it is stored as measures, until a person takes it over.

use crate::error::DomainError;
use crate::ids::{DocumentId, ImportId};
use crate::import::{Imported, RepairKey};
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
