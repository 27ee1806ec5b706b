//! Releases (Fassungen): a snapshot that never changes, released by management, rendered and sealed by a job.

mod changes;
mod snapshot;

pub(crate) use changes::leaves;
pub use changes::{ChangeLine, What, compare};
pub use snapshot::{
    Replaced, SCHEMA, Snapshot, SnapshotEvidence, SnapshotNode, Words, import_nodes, nodes_of, register,
};

use crate::error::DomainError;
use crate::ids::{DocumentId, ReleaseId};
use crate::policy::Permit;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// draft → ready → released → superseded; ready goes back to draft when its document changes.
    ReleaseState {
        Draft = "draft",
        Ready = "ready",
        Released = "released",
        Superseded = "superseded",
    }
}

crate::import::words! {
    /// How far the job is that renders and seals.
    Stage {
        None = "none",
        Queued = "queued",
        Rendering = "rendering",
        Sealing = "sealing",
        Done = "done",
        Failed = "failed",
    }
}

/// A release as a line, and as the head of its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseRow {
    pub id: ReleaseId,
    pub document: DocumentId,
    pub document_title: String,
    pub number: u32,
    pub state: ReleaseState,
    pub stage: Stage,
    pub snapshot_sha256: Option<String>,
    pub pdf_sha256: Option<String>,
    pub released_at: Option<String>,
    pub released_by: Option<String>,
}

/// A release with what changed since the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseSheet {
    pub row: ReleaseRow,
    pub previous: Option<u32>,
    pub changes: Vec<ChangeLine>,
}

/// A file to hand out.
pub struct PdfFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Use cases of releases.
#[async_trait::async_trait]
pub trait ReleaseService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<Vec<ReleaseRow>, DomainError>;
    async fn find(&self, permit: Permit, id: ReleaseId) -> Result<ReleaseSheet, DomainError>;
    /// Freezes the snapshot of a draft without blockers and asks management to release it.
    async fn prepare(&self, permit: Permit, document: DocumentId) -> Result<ReleaseId, DomainError>;
    /// Management's release; `seen` is the hash of what was shown.
    async fn release(&self, permit: Permit, id: ReleaseId, seen: String) -> Result<(), DomainError>;
    async fn pdf(&self, permit: Permit, id: ReleaseId) -> Result<PdfFile, DomainError>;
    /// The certificate that this organisation seals with, as PEM.
    async fn certificate(&self, permit: Permit) -> Result<String, DomainError>;
}
