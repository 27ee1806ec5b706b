//! Measures (Maßnahmen): what is promised, who keeps it, how it stands.

mod conflict;
mod edit;
mod further;
mod parts;

pub use conflict::{Merge, merge, settle};
pub use edit::{Edited, Record, confirm, content as checked, edit, edit_many, is_idle, restore, retire};
pub use further::{Audience, Further, Norm, PLANS, further, next_test};
pub use parts::{cuts, join, split};

use crate::catalogues::{GoalKey, Offered, Proposal};
use crate::diff::Change;
use crate::documents::{Heading, LastStep};
use crate::error::DomainError;
use crate::evidence::{EvidenceRow, Freshness};
use crate::hints::HintLine;
use crate::ids::{DocumentId, MeasureId, NodeId, SubprocessorId};
use crate::import::Scope;
use crate::merge::Side;
use crate::policy::Permit;
use crate::reviews::Tested;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// Implementation status (Umsetzungsstatus).
    Status {
        /// Brought by an import; nobody here has confirmed it yet.
        ToConfirm = "to_confirm",
        Planned = "planned",
        InProgress = "in_progress",
        PartiallyImplemented = "partially_implemented",
        Implemented = "implemented",
        NotApplicable = "not_applicable",
        AcceptedGap = "accepted_gap",
        /// The customer does it (Mitwirkung): told here, promised by nobody in this house.
        CustomerDuty = "customer_duty",
        Retired = "retired",
    }
}

crate::import::words! {
    /// Whether people or technique do it (Art. 32(1) GDPR: technical and organisational measures).
    MeasureKind {
        Technical = "technical",
        Organisational = "organisational",
    }
}

/// What a page of an older version, that knows no kind, sends.
impl Default for MeasureKind {
    fn default() -> MeasureKind {
        MeasureKind::Technical
    }
}

/// Whether a text reads as something that people do (rules, contracts, training) or that technique does.
pub fn propose_kind(label: &str, text: &str) -> MeasureKind {
    const PEOPLE: [&str; 24] = [
        "verpflicht",
        "schul",
        "unterwies",
        "richtlinie",
        "konzept",
        "vertrag",
        "verfahren",
        "anweisung",
        "regel",
        "freigabe",
        "geprueft",
        "pruefung",
        "protokoll unterschr",
        "verantwort",
        "vier-augen",
        "dokumentiert",
        "weisung",
        "audit",
        "policy",
        "training",
        "contract",
        "procedure",
        "instruct",
        "review",
    ];
    const TECHNIQUE: [&str; 16] = [
        "verschluessel",
        "firewall",
        "server",
        "backup",
        "automatisch",
        "passwort",
        "tls",
        "anlage",
        "system",
        "sensor",
        "kamera",
        "software",
        "encrypt",
        "automatic",
        "password",
        "karte",
    ];
    let folded = crate::prose::Folded::of(&format!("{label} {text}")).text;
    let count = |words: &[&str]| words.iter().filter(|w| folded.contains(**w)).count();
    if count(&PEOPLE) > count(&TECHNIQUE) { MeasureKind::Organisational } else { MeasureKind::Technical }
}

/// Most goals that one measure serves; the first is its place, at the others it is referred to.
pub const GOALS: usize = 3;

/// A measure as one line of its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureRow {
    pub id: MeasureId,
    pub label: String,
    /// The text, shortened for the list.
    pub text: String,
    pub status: Status,
    pub owner: String,
    pub revision: i64,
    /// Last day of a deliberate deviation.
    pub gap_until: Option<Date>,
    /// How many pieces of evidence prove it, and the worst freshness among them.
    pub evidence: u32,
    pub freshness: Option<Freshness>,
    /// The goals that it serves; proposed ones while nobody has said.
    pub goals: Vec<GoalKey>,
    /// Open quality hints: errors and others.
    pub hints: (u32, u32),
    pub audience: Audience,
    /// Scopes beside that of its place.
    pub also: Vec<Scope>,
}

impl MeasureRow {
    /// The label, or the text's first words.
    pub fn heading(&self) -> String {
        heading(&self.label, &self.text)
    }
}

/// A measure's name for people: its label, else its first words.
pub fn heading(label: &str, text: &str) -> String {
    if !label.is_empty() {
        return label.to_owned();
    }
    let text = crate::markdown::plain(text);
    let words: Vec<&str> = text.split_whitespace().take(7).collect();
    let short = words.join(" ");
    if short.len() < text.trim().len() { format!("{short}…") } else { short }
}

/// What can be edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Content {
    pub label: String,
    pub text: String,
    pub owner: String,
}

/// A deliberate deviation (bewusste Abweichung): who decided it, and until when it may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub decided_by: String,
    pub until: Date,
}

/// A measure with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureSheet {
    pub id: MeasureId,
    pub document: DocumentId,
    pub document_title: String,
    pub code: Option<String>,
    /// Titles from the section down.
    pub path: Vec<String>,
    pub scope: Scope,
    pub content: Content,
    pub status: Status,
    pub status_reason: String,
    pub gap: Option<Gap>,
    pub goals: Vec<GoalKey>,
    /// What its headings and words propose, with the reason.
    pub proposals: Vec<Proposal>,
    pub kind: MeasureKind,
    pub further: Further,
    /// The sub-processors that can be chosen.
    pub offered: Vec<(SubprocessorId, String)>,
    pub hints: Vec<HintLine>,
    /// The server's day: law and standards are held against it while somebody types.
    pub today: Date,
    pub revision: i64,
    /// What this person typed and did not save.
    pub draft: Option<Draft>,
    /// Where somebody else was faster: the draft and what stands there now as one.
    pub merge: Option<Merge>,
    pub history: Vec<Revision>,
    pub previous: Option<MeasureId>,
    pub next: Option<MeasureId>,
    /// Where it may be moved to: id and heading, in reading order.
    pub targets: Vec<(NodeId, String)>,
    pub evidence: Vec<EvidenceRow>,
    /// What the last approved review said; `None`: untested.
    pub tested: Option<Tested>,
    /// A release of the document waits for somebody: saving makes it a draft again.
    pub waits: bool,
    /// The section tree of its document.
    pub headings: Vec<Heading>,
    /// The next measure under the same heading: what it can be joined with.
    pub beside: Option<(MeasureId, String)>,
    /// What this person did in the document last and can take back.
    pub last: Option<LastStep>,
}

impl MeasureSheet {
    /// The edit form as it begins: what this person typed last, else what is stored.
    pub fn form(&self) -> EditMeasure {
        let stored = || EditMeasure {
            id: self.id,
            based_on: self.revision,
            content: self.content.clone(),
            status: self.status,
            status_reason: self.status_reason.clone(),
            decided_by: self.gap.as_ref().map(|g| g.decided_by.clone()).unwrap_or_default(),
            until: self.gap.as_ref().map(|g| g.until),
            scope: self.scope,
            goals: self.goals.clone(),
            kind: self.kind,
            further: self.further.clone(),
            reason: String::new(),
        };
        let mut form = self.draft.as_ref().map_or_else(stored, |d| d.typed.clone());
        // "To be confirmed" comes from an import only: once somebody has confirmed it, nobody sets it back.
        if form.status == Status::ToConfirm {
            form.status = self.status;
        }
        form
    }
}

/// Typing that is kept on the server, so that neither an error nor an expired session loses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The whole form, as it was typed; nothing of it has been checked.
    pub typed: EditMeasure,
    pub saved_at: String,
    /// Why the last attempt to save was refused.
    pub refusal: Option<DomainError>,
}

/// One step of a measure's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    pub number: i64,
    pub at: String,
    pub author: String,
    pub reason: String,
    pub status: Status,
    /// Words that changed against the revision before.
    pub changes: Vec<Change>,
}

/// Two steps of a measure's history side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub from: i64,
    pub to: i64,
    /// Label and text, word by word.
    pub changes: Vec<Change>,
    /// The other fields that differ, by name: what stood there and what stands there.
    pub fields: Vec<(String, String, String)>,
}

/// Asks for the same change of many measures; what is `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditMany {
    pub document: DocumentId,
    pub measures: Vec<MeasureId>,
    pub status: Option<Status>,
    pub owner: Option<String>,
    pub scope: Option<Scope>,
    pub goal: Option<GoalKey>,
    /// Its own review plan in months (see [`PLANS`]); 0 takes it away.
    #[serde(default)]
    pub plan: Option<u16>,
    pub reason: String,
}

/// Asks for a new text, owner or status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditMeasure {
    pub id: MeasureId,
    pub based_on: i64,
    pub content: Content,
    pub status: Status,
    pub status_reason: String,
    /// Who decided a deliberate deviation, and its last day; both count for that status only.
    pub decided_by: String,
    pub until: Option<Date>,
    pub scope: Scope,
    /// At most [`GOALS`], the first is its place.
    #[serde(default)]
    pub goals: Vec<GoalKey>,
    #[serde(default)]
    pub kind: MeasureKind,
    #[serde(default)]
    pub further: Further,
    pub reason: String,
}

/// What became of an edit. A conflict is a value with both texts, not an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditOutcome {
    Saved { revision: i64 },
    Conflict { revision: i64, theirs: Content, changes: Vec<Change> },
}

/// What the page of a new measure shows: where it goes, and wordings for the goals named there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddSheet {
    pub document: DocumentId,
    pub document_title: String,
    pub offered: Vec<Offered>,
    pub headings: Vec<Heading>,
}

/// Asks for a new measure beside another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddMeasure {
    pub document: DocumentId,
    /// The section, goal, scope or group that it goes under.
    pub parent: NodeId,
    pub label: String,
    pub text: String,
}

/// Asks for a measure to become two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitMeasure {
    pub id: MeasureId,
    pub based_on: i64,
    /// The byte of the text where the second begins (see [`cuts`]).
    pub at: usize,
    /// What the second is called.
    pub label: String,
}

/// Where a measure is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// One place up or down among its neighbours.
    Beside(Direction),
    /// Under a heading, at its end.
    Under(NodeId),
    /// Where another measure stands, before it.
    Before(MeasureId),
}

/// Which measures somebody confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    One(MeasureId),
    /// All under one node.
    Under(NodeId),
    All,
}

/// Up or down among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Up,
    Down,
}

/// Use cases of measures.
#[async_trait::async_trait]
pub trait MeasureService: Send + Sync {
    async fn find(&self, permit: Permit, id: MeasureId) -> Result<MeasureSheet, DomainError>;
    async fn edit(&self, permit: Permit, cmd: EditMeasure) -> Result<EditOutcome, DomainError>;
    /// Keeps a form as it stands; answers with the time.
    async fn keep_draft(&self, permit: Permit, typed: EditMeasure) -> Result<String, DomainError>;
    /// Merges the draft with what somebody else saved meanwhile; the form goes on from there.
    async fn merge_draft(&self, permit: Permit, id: MeasureId, sides: Vec<Side>) -> Result<(), DomainError>;
    async fn discard_draft(&self, permit: Permit, id: MeasureId) -> Result<(), DomainError>;
    /// What a new measure under a heading could say.
    async fn offer(
        &self,
        permit: Permit,
        document: DocumentId,
        under: NodeId,
    ) -> Result<AddSheet, DomainError>;
    async fn add(&self, permit: Permit, cmd: AddMeasure) -> Result<MeasureId, DomainError>;
    async fn retire(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        reason: String,
    ) -> Result<EditOutcome, DomainError>;
    /// What changed between two steps of its history.
    async fn compare(
        &self,
        permit: Permit,
        id: MeasureId,
        from: i64,
        to: i64,
    ) -> Result<Comparison, DomainError>;
    /// Brings an earlier step back as the next revision; a retired measure comes back into force by it.
    async fn restore(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        number: i64,
    ) -> Result<EditOutcome, DomainError>;
    /// All or none; answers how many changed.
    async fn edit_many(&self, permit: Permit, cmd: EditMany) -> Result<u32, DomainError>;
    /// Puts a measure elsewhere in its document.
    async fn place(&self, permit: Permit, id: MeasureId, place: Place) -> Result<(), DomainError>;
    /// Makes two of one; answers with the second, which stands after the first and has its proofs too.
    async fn split(&self, permit: Permit, cmd: SplitMeasure) -> Result<MeasureId, DomainError>;
    /// Takes another measure's words and proofs in; the other goes out of force.
    async fn join(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        other: MeasureId,
    ) -> Result<(), DomainError>;
    /// The same words once more, planned and without proof; answers with the copy.
    async fn duplicate(&self, permit: Permit, id: MeasureId) -> Result<MeasureId, DomainError>;
    async fn confirm(
        &self,
        permit: Permit,
        document: DocumentId,
        what: Selection,
        owner: String,
    ) -> Result<u32, DomainError>;
}
