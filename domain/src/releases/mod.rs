//! Releases (Fassungen): a snapshot that never changes, released by management, rendered and sealed by a job.

mod changes;
mod snapshot;

pub(crate) use changes::leaves;
pub use changes::{ChangeLine, What, compare};
pub use snapshot::{
    Edition, Replaced, Reviewed, SCHEMA, Snapshot, SnapshotEvidence, SnapshotNode, Words, import_nodes,
    nodes_of, register,
};

use crate::documents::ScopeRole;
use crate::error::DomainError;
use crate::ids::{DocumentId, ReleaseId};
use crate::policy::Permit;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// draft → in review → approved → released → superseded or withdrawn. What is in review or approved goes back to draft when
    /// its document changes, and its sign-offs are void.
    ReleaseState {
        Draft = "draft",
        InReview = "in_review",
        Approved = "approved",
        Released = "released",
        Superseded = "superseded",
        Withdrawn = "withdrawn",
    }
}

impl ReleaseState {
    /// Frozen and waiting for somebody.
    pub fn waits(self) -> bool {
        matches!(self, ReleaseState::InReview | ReleaseState::Approved)
    }
}

crate::import::words! {
    /// What somebody answered for (Zeichnung).
    Statement {
        /// The data protection officer's opinion (Art. 39(1)(a), (b) GDPR).
        Agrees = "agrees",
        Dissents = "dissents",
        /// Management's.
        Approved = "approved",
        Released = "released",
    }
}

/// Somebody answered for what was shown; the hash says what that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOffRow {
    pub statement: Statement,
    pub name: String,
    pub note: String,
    pub at: String,
    pub sha256: String,
    /// When a later change made it void.
    pub voided_at: Option<String>,
}

crate::import::words! {
    /// How far the job is that renders and seals.
    Stage {
        None = "none",
        Queued = "queued",
        Rendering = "rendering",
        Sealing = "sealing",
        /// The authority's time stamp is still missing.
        Stamping = "stamping",
        Done = "done",
        Failed = "failed",
    }
}

impl Stage {
    /// Whether a job works on it, or waits to.
    pub fn under_way(self) -> bool {
        match self {
            Stage::Queued | Stage::Rendering | Stage::Sealing | Stage::Stamping => true,
            Stage::None | Stage::Done | Stage::Failed => false,
        }
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
    /// The time stamp over the seal: when, and by which authority.
    pub stamped: Option<(String, String)>,
    pub released_at: Option<String>,
    pub released_by: Option<String>,
}

/// A release with what changed since the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseSheet {
    pub row: ReleaseRow,
    pub previous: Option<u32>,
    pub changes: Vec<ChangeLine>,
    pub sign_offs: Vec<SignOffRow>,
    /// Who asked for the release.
    pub prepared_by: Option<String>,
    /// The signed-in person asked for it, or wrote something of it since the release before: somebody else has to approve.
    pub own: bool,
    /// What is or was signed, as the PDF prints it; a draft has none.
    pub content: Option<Content>,
    /// Why it was withdrawn.
    pub withdrawn: String,
}

/// What a release freezes, for people to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub scopes: Vec<ScopeRole>,
    pub nodes: Vec<SnapshotNode>,
    pub evidence: Vec<SnapshotEvidence>,
}

/// What the data protection officer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    pub seen: String,
    pub agrees: bool,
    pub note: String,
}

/// Checks an opinion: dissent says why.
pub fn opinion(asked: Opinion) -> Result<Opinion, DomainError> {
    let check = if asked.agrees { crate::text::prose } else { crate::text::reason };
    let note = check(&asked.note, "note", 4_000)?;
    Ok(Opinion { note, ..asked })
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
    /// The data protection officer's opinion on what was shown (`seen`); dissent needs a note, and is printed.
    async fn opine(&self, permit: Permit, id: ReleaseId, opinion: Opinion) -> Result<(), DomainError>;
    /// Management's approval of what was shown (`seen`), never by who prepared it.
    async fn approve(&self, permit: Permit, id: ReleaseId, seen: String) -> Result<(), DomainError>;
    /// Puts an approved release into force.
    async fn release(&self, permit: Permit, id: ReleaseId) -> Result<(), DomainError>;
    /// Takes a release back, with a reason of at least 20 characters; customers are told.
    async fn withdraw(&self, permit: Permit, id: ReleaseId, reason: String) -> Result<(), DomainError>;
    async fn pdf(&self, permit: Permit, id: ReleaseId) -> Result<PdfFile, DomainError>;
    /// The certificate that this organisation seals with, as PEM.
    async fn certificate(&self, permit: Permit) -> Result<String, DomainError>;
}
