//! Reviews (Jahresprüfungen, Art. 32(1)(d) GDPR): planned on a document, carried out measure by measure, approved by somebody
//! else, and frozen.

mod judge;
mod plan;
mod record;

pub use judge::{
    Adequacy, Effectiveness, Grade, Judged, Method, NewFinding, Subject, Verdict, check, owns, subjects,
    unjudged,
};
pub use plan::{Due, LEAD_DAYS, Plan, due, next_due, plan};
pub use record::{EarlierFinding, Record, RecordEvidence, RecordResult, RecordWords, SCHEMA};

use crate::diff::Change;
use crate::error::DomainError;
use crate::evidence::EvidenceRow;
use crate::ids::{DocumentId, MeasureId, ReviewId, UserId};
use crate::measures::Status;
use crate::policy::Permit;
use crate::releases::{PdfFile, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// planned → in progress → submitted → approved; submitted goes back when it is returned.
    ReviewState {
        Planned = "planned",
        InProgress = "in_progress",
        Submitted = "submitted",
        Approved = "approved",
    }
}

/// A review as a line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub id: ReviewId,
    pub document: DocumentId,
    pub document_title: String,
    pub due_on: Date,
    pub due: Due,
    pub state: ReviewState,
    pub reviewer: String,
    /// Judged or skipped with a reason, of how many.
    pub judged: u32,
    pub measures: u32,
    pub approved_at: Option<String>,
}

/// All reviews, and what a new plan may be for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewList {
    /// Open ones first, what is due first above.
    pub rows: Vec<ReviewRow>,
    pub plans: Vec<PlanRow>,
    pub reviewers: Vec<(UserId, String)>,
    pub today: Date,
}

/// A document and its plan, if it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    pub document: DocumentId,
    pub title: String,
    pub plan: Option<Plan>,
}

/// A review with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewSheet {
    pub row: ReviewRow,
    /// What is judged against: risk, state of the art, and as of when.
    pub criteria: String,
    pub summary: String,
    /// Why it was returned, if it was.
    pub returned: String,
    pub started_at: Option<String>,
    pub submitted_at: Option<String>,
    pub approved_by: Option<String>,
    /// SHA-256 of the record, from the moment it was submitted.
    pub record_sha256: Option<String>,
    pub stage: Stage,
    pub pdf_sha256: Option<String>,
    /// The time stamp over the report's seal: when, and by which authority.
    pub stamped: Option<(String, String)>,
    pub lines: Vec<ReviewLine>,
    /// The first measure that waits for its verdict.
    pub next: Option<MeasureId>,
    /// The signed-in person is the one who reviews.
    pub own: bool,
}

/// A measure of a review as a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewLine {
    pub measure: MeasureId,
    pub code: String,
    pub heading: String,
    pub judged: Option<Judged>,
}

/// How far a review is, by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub effective: u32,
    pub partial: u32,
    pub ineffective: u32,
    pub untestable: u32,
    pub skipped: u32,
    pub findings: u32,
    pub all: u32,
}

impl Tally {
    /// Counts verdicts; what has none counts only into `all`.
    pub fn of<'a>(lines: impl Iterator<Item = Option<&'a Judged>>) -> Tally {
        let mut t = Tally::default();
        for judged in lines {
            t.all += 1;
            match judged {
                Some(Judged::Verdict(v)) => {
                    match v.effectiveness {
                        Effectiveness::Effective => t.effective += 1,
                        Effectiveness::Partial => t.partial += 1,
                        Effectiveness::Ineffective => t.ineffective += 1,
                        Effectiveness::Untestable => t.untestable += 1,
                    }
                    t.findings += u32::from(v.finding.is_some());
                }
                Some(Judged::Skipped { .. }) => t.skipped += 1,
                None => {}
            }
        }
        t
    }

    pub fn done(&self) -> u32 {
        self.effective + self.partial + self.ineffective + self.untestable + self.skipped
    }
}

/// One measure under review, with what the reviewer needs beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeSheet {
    pub review: ReviewId,
    pub document_title: String,
    pub due_on: Date,
    pub criteria: String,
    pub state: ReviewState,
    pub own: bool,
    pub subject: Subject,
    /// How far the measure is, as it stands today.
    pub status: Status,
    pub judged: Option<Judged>,
    pub evidence: Vec<EvidenceRow>,
    pub last: Option<LastTime>,
    pub tally: Tally,
    /// From 1.
    pub position: u32,
    pub previous: Option<MeasureId>,
    pub next: Option<MeasureId>,
    pub today: Date,
}

/// What was found last time, and what changed in the measure since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTime {
    pub on: Date,
    pub judged: Judged,
    /// Empty: the text is the same.
    pub changed: Vec<Change>,
}

/// What the last approved review says about a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    pub effectiveness: Effectiveness,
    pub on: Date,
    pub review: ReviewId,
    /// The measure was changed after it was judged.
    pub stale: bool,
}

/// Use cases of reviews.
#[async_trait::async_trait]
pub trait ReviewService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<ReviewList, DomainError>;
    async fn find(&self, permit: Permit, id: ReviewId) -> Result<ReviewSheet, DomainError>;
    /// Plans the review of a document, or changes its plan; returns the review that waits.
    async fn plan(&self, permit: Permit, document: DocumentId, plan: Plan) -> Result<ReviewId, DomainError>;
    /// Begins a planned review: what is judged is frozen as it stands. Only the planned reviewer may.
    async fn start(&self, permit: Permit, id: ReviewId, criteria: String) -> Result<(), DomainError>;
    async fn subject(&self, permit: Permit, id: ReviewId, of: MeasureId) -> Result<JudgeSheet, DomainError>;
    /// Keeps a verdict; returns the next measure without one.
    async fn judge(
        &self,
        permit: Permit,
        id: ReviewId,
        of: MeasureId,
        judged: Judged,
    ) -> Result<Option<MeasureId>, DomainError>;
    /// Freezes the record once every measure has its verdict.
    async fn submit(&self, permit: Permit, id: ReviewId, summary: String) -> Result<(), DomainError>;
    /// Gives a submitted review back to its reviewer, with the reason.
    async fn give_back(&self, permit: Permit, id: ReviewId, reason: String) -> Result<(), DomainError>;
    /// Approval by somebody else; `seen` is the hash of the record that was shown.
    async fn approve(&self, permit: Permit, id: ReviewId, seen: String) -> Result<(), DomainError>;
    /// The sealed report (Prüfbericht).
    async fn report(&self, permit: Permit, id: ReviewId) -> Result<PdfFile, DomainError>;
}
