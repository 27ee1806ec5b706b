//! Evidence (Nachweise): what proves a measure, how long it holds, who may see it. Bytes never change; a new file is a new
//! version.

mod edit;
mod freshness;

pub use edit::{EditEvidence, Facts, NewEvidence, VersionFacts, facts, version};
pub use freshness::{ENDING, Freshness, freshness, worst};

use crate::error::DomainError;
use crate::ids::{EvidenceId, MeasureId};
use crate::policy::Permit;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// What kind of proof it is.
    EvidenceKind {
        Certificate = "certificate",
        Attestation = "attestation",
        AuditReport = "audit_report",
        TestReport = "test_report",
        Policy = "policy",
        Contract = "contract",
        Commitment = "commitment",
        TrainingRecord = "training_record",
        LogExtract = "log_extract",
        Screenshot = "screenshot",
        Statement = "statement",
    }
}

crate::import::words! {
    /// Who may see the file itself. Customers always see the register's line of what proves a released measure.
    Audience {
        Internal = "internal",
        CustomerNda = "customer_nda",
        Customer = "customer",
        Public = "public",
    }
}

/// Largest file, in bytes (2 GiB); an operator may set less.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// A file that was received and hashed, before anything knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub sha256: String,
    pub size: u64,
    /// By content, from the allow-list.
    pub mime: String,
    pub file_name: String,
}

/// One version of an evidence: its file and how long that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub number: u32,
    pub sha256: String,
    pub size: u64,
    pub mime: String,
    pub file_name: String,
    pub issuer: String,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    /// Why there is no end.
    pub undated_reason: String,
    pub uploaded_by: String,
    pub uploaded_at: String,
}

/// An evidence as a line: its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRow {
    pub id: EvidenceId,
    pub title: String,
    pub kind: EvidenceKind,
    pub audience: Audience,
    pub issuer: String,
    pub valid_until: Option<Date>,
    pub freshness: Freshness,
    pub sha256: String,
    pub version: u32,
    pub measures: u32,
}

/// A measure that an evidence proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    pub measure: MeasureId,
    pub code: Option<String>,
    pub heading: String,
    pub document_title: String,
}

/// An evidence with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceSheet {
    pub id: EvidenceId,
    pub facts: Facts,
    pub freshness: Freshness,
    /// Newest first.
    pub versions: Vec<Version>,
    pub proves: Vec<Proved>,
    /// Measures of the organisation that it could prove too: id and how they are called.
    pub candidates: Vec<(MeasureId, String)>,
}

/// Use cases of evidence. Files come and go by plain routes.
#[async_trait::async_trait]
pub trait EvidenceService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<Vec<EvidenceRow>, DomainError>;
    async fn find(&self, permit: Permit, id: EvidenceId) -> Result<EvidenceSheet, DomainError>;
    async fn edit(&self, permit: Permit, cmd: EditEvidence) -> Result<(), DomainError>;
    async fn link(&self, permit: Permit, id: EvidenceId, measure: MeasureId) -> Result<(), DomainError>;
    async fn unlink(&self, permit: Permit, id: EvidenceId, measure: MeasureId) -> Result<(), DomainError>;
}
