//! Baselines (Stammdokumente): one document from which those of clients are made. What changes in it later is offered to each
//! of them, measure by measure, as a three-way merge; nothing changes by itself.

mod offer;

pub use offer::{Twin, Version, offer, outward, taken};

use crate::codes::Scheme;
use crate::diff::Change;
use crate::documents::Heading;
use crate::error::DomainError;
use crate::ids::{DocumentId, MeasureId, OrganisationId};
use crate::merge::{Part, Side};
use crate::policy::Permit;
use serde::{Deserialize, Serialize};

/// A baseline that somebody can make a document from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineRow {
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub document: DocumentId,
    pub title: String,
    pub scheme: Scheme,
    pub measures: u32,
}

/// A document that was made from a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub document: DocumentId,
    pub title: String,
    /// Offers that wait there for an answer.
    pub open: u32,
}

/// What a change of the baseline means for one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    /// The baseline says it otherwise now.
    Changed {
        measure: MeasureId,
        /// The label and the text, merged; what both sides changed is a question.
        label: Vec<Part>,
        text: Vec<Part>,
        /// What taking it would change here, where nothing is a question.
        words: Vec<Change>,
    },
    /// The baseline has it, this document does not.
    New { label: String, text: String },
    /// The baseline has taken it out of force.
    Gone { measure: MeasureId },
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The baseline's measure, and the revision of it that is offered.
    pub origin: MeasureId,
    pub revision: i64,
    /// Where it stands here; for a new one, where in the baseline.
    pub code: String,
    pub heading: String,
    /// For whom the baseline tells it.
    pub audience: crate::measures::Audience,
    /// Why the baseline was changed, where somebody said.
    pub reason: String,
    pub what: What,
}

impl Offer {
    /// How many questions somebody has to answer before it can be taken.
    pub fn questions(&self) -> usize {
        match &self.what {
            What::Changed { label, text, .. } => {
                crate::merge::conflicts(label) + crate::merge::conflicts(text)
            }
            What::New { .. } | What::Gone { .. } => 0,
        }
    }

    /// Whether it may be taken together with others: what ends a measure is decided one by one.
    pub fn in_bulk(&self) -> bool {
        self.questions() == 0 && !matches!(self.what, What::Gone { .. })
    }
}

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From no baseline.
    None,
    /// From one of an organisation that this person does not belong to.
    Hidden,
    Known {
        organisation: OrganisationId,
        organisation_name: String,
        document: DocumentId,
        title: String,
    },
}

/// A document and its baseline, or a baseline and the documents that were made from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineSheet {
    pub document: DocumentId,
    pub document_title: String,
    /// Documents can be made from it.
    pub offered: bool,
    pub origin: Origin,
    pub offers: Vec<Offer>,
    pub followers: Vec<Follower>,
    pub headings: Vec<Heading>,
}

/// Asks for a document that is made from a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    pub organisation: OrganisationId,
    pub document: DocumentId,
    /// Empty: the baseline's.
    pub title: String,
}

/// An answer to one offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub document: DocumentId,
    pub origin: MeasureId,
    pub revision: i64,
    /// Else it stays here as it is, until the baseline changes again.
    pub take: bool,
    /// One for each question, in their order.
    pub sides: Vec<Side>,
}

/// Use cases of baselines. `readable` are the organisations that the person belongs to: a baseline may stand in any of them.
#[async_trait::async_trait]
pub trait BaselineService: Send + Sync {
    /// The baselines in all organisations of a person.
    async fn list(&self, readable: Vec<Permit>) -> Result<Vec<BaselineRow>, DomainError>;
    async fn find(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        document: DocumentId,
    ) -> Result<BaselineSheet, DomainError>;
    /// Offers a document as a baseline, or no longer; what was made from it stays.
    async fn mark(&self, permit: Permit, document: DocumentId, on: bool) -> Result<(), DomainError>;
    /// Makes a document from a baseline: every measure is to be confirmed there.
    async fn stamp(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        cmd: Stamp,
    ) -> Result<DocumentId, DomainError>;
    async fn answer(&self, permit: Permit, readable: Vec<Permit>, cmd: Answer) -> Result<(), DomainError>;
    /// Takes every offer that asks nothing and ends nothing; answers how many there were.
    async fn take_all(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        document: DocumentId,
    ) -> Result<u32, DomainError>;
}
