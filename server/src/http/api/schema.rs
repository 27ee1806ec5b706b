//! What the interface says. Words of lists are those of the domain; dates are ISO 8601; hashes are SHA-256, hexadecimal.

use serde::Serialize;
use tomfolio_domain::documents::{DocumentRow, NodeView};
use tomfolio_domain::{evidence, measures, releases};
use utoipa::ToSchema;

/// Why something was refused.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// One word: `not_found`, `signed_out`, `wrong_state`.
    pub error: String,
}

/// A TOM document.
#[derive(Serialize, ToSchema)]
pub struct Document {
    id: String,
    title: String,
    /// Measures in force.
    measures: u32,
    /// Brought by an import and confirmed by nobody yet.
    to_confirm: u32,
    /// Number of the release in force.
    released: Option<u32>,
}

impl From<&DocumentRow> for Document {
    fn from(d: &DocumentRow) -> Document {
        Document {
            id: d.id.to_string(),
            title: d.title.clone(),
            measures: d.measures,
            to_confirm: d.to_confirm,
            released: d.released,
        }
    }
}

/// A measure as a line of its document.
#[derive(Serialize, ToSchema)]
pub struct Measure {
    id: String,
    /// Its place: `A.1.K2`, `2.a.i`.
    code: Option<String>,
    label: String,
    /// planned, in_progress, implemented, …
    status: String,
    /// own, customer, hosting, internal or unspecified.
    scope: String,
    owner: String,
    revision: i64,
    /// public, customer or internal: what is internal is in no release, and not for passing on.
    audience: String,
    /// How many pieces of evidence prove it.
    evidence: u32,
}

impl Measure {
    pub fn of(n: &NodeView) -> Option<Measure> {
        let m = n.measure.as_ref()?;
        Some(Measure {
            id: m.id.to_string(),
            code: n.code.clone(),
            label: m.heading(),
            status: m.status.to_string(),
            scope: n.scope.to_string(),
            owner: m.owner.clone(),
            revision: m.revision,
            audience: m.audience.to_string(),
            evidence: m.evidence,
        })
    }
}

/// A measure with its whole text.
#[derive(Serialize, ToSchema)]
pub struct MeasureSheet {
    id: String,
    document: String,
    code: Option<String>,
    /// Titles from the section down.
    path: Vec<String>,
    label: String,
    /// Markdown.
    text: String,
    status: String,
    scope: String,
    owner: String,
    revision: i64,
    /// public, customer or internal: what is internal is in no release, and not for passing on.
    audience: String,
    evidence: Vec<Evidence>,
}

impl From<measures::MeasureSheet> for MeasureSheet {
    fn from(m: measures::MeasureSheet) -> MeasureSheet {
        MeasureSheet {
            id: m.id.to_string(),
            document: m.document.to_string(),
            code: m.code,
            path: m.path,
            label: m.content.label,
            text: m.content.text,
            status: m.status.to_string(),
            scope: m.scope.to_string(),
            owner: m.content.owner,
            revision: m.revision,
            audience: m.further.audience.to_string(),
            evidence: m.evidence.iter().map(Evidence::from).collect(),
        }
    }
}

/// An evidence by its newest version.
#[derive(Serialize, ToSchema)]
pub struct Evidence {
    id: String,
    title: String,
    kind: String,
    issuer: String,
    valid_until: Option<String>,
    /// valid, undated, not_yet_valid, ending or expired, as of today.
    freshness: String,
    sha256: String,
    version: u32,
    /// How many measures it proves.
    measures: u32,
}

impl From<&evidence::EvidenceRow> for Evidence {
    fn from(e: &evidence::EvidenceRow) -> Evidence {
        Evidence {
            id: e.id.to_string(),
            title: e.title.clone(),
            kind: e.kind.to_string(),
            issuer: e.issuer.clone(),
            valid_until: e.valid_until.map(|d| d.to_string()),
            freshness: e.freshness.to_string(),
            sha256: e.sha256.clone(),
            version: e.version,
            measures: e.measures,
        }
    }
}

/// An evidence with all versions and what it proves.
#[derive(Serialize, ToSchema)]
pub struct EvidenceSheet {
    id: String,
    title: String,
    kind: String,
    /// What it proves, in one sentence.
    proves: String,
    freshness: String,
    versions: Vec<EvidenceVersion>,
    /// Measures that it proves.
    measures: Vec<String>,
}

/// One version of an evidence.
#[derive(Serialize, ToSchema)]
pub struct EvidenceVersion {
    number: u32,
    sha256: String,
    /// Bytes.
    size: u64,
    mime: String,
    issuer: String,
    valid_from: Option<String>,
    valid_until: Option<String>,
}

impl From<evidence::EvidenceSheet> for EvidenceSheet {
    fn from(e: evidence::EvidenceSheet) -> EvidenceSheet {
        let version = |v: evidence::Version| EvidenceVersion {
            number: v.number,
            sha256: v.sha256,
            size: v.size,
            mime: v.mime,
            issuer: v.issuer,
            valid_from: v.valid_from.map(|d| d.to_string()),
            valid_until: v.valid_until.map(|d| d.to_string()),
        };
        EvidenceSheet {
            id: e.id.to_string(),
            title: e.facts.title,
            kind: e.facts.kind.to_string(),
            proves: e.facts.proves,
            freshness: e.freshness.to_string(),
            versions: e.versions.into_iter().map(version).collect(),
            measures: e.proves.iter().map(|p| p.measure.to_string()).collect(),
        }
    }
}

/// A release of a document.
#[derive(Serialize, ToSchema)]
pub struct Release {
    id: String,
    document: String,
    document_title: String,
    number: u32,
    /// draft, in_review, approved, released, superseded or withdrawn.
    state: String,
    /// Of the canonical content.
    snapshot_sha256: Option<String>,
    /// Of the sealed PDF, once it is there.
    pdf_sha256: Option<String>,
}

impl From<&releases::ReleaseRow> for Release {
    fn from(r: &releases::ReleaseRow) -> Release {
        Release {
            id: r.id.to_string(),
            document: r.document.to_string(),
            document_title: r.document_title.clone(),
            number: r.number,
            state: r.state.to_string(),
            snapshot_sha256: r.snapshot_sha256.clone(),
            pdf_sha256: r.pdf_sha256.clone(),
        }
    }
}
