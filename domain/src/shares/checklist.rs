//! What a controller checks before relying on a processor (Art. 28(1), 28(3)(h) GDPR; domain.md 5.3), answered from data only.
//! Where there is no data, there is no answer.

use crate::evidence::{Audience, EvidenceKind, Freshness, freshness, worst};
use crate::import::Scope;
use crate::measures::Status;
use crate::releases::{Snapshot, leaves};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// The questions, in the order in which customers ask them.
    Item {
        Scope = "scope",
        Recent = "recent",
        Implemented = "implemented",
        Deviations = "deviations",
        Certificates = "certificates",
        Reviewed = "reviewed",
        Processors = "processors",
        ThirdCountries = "third_countries",
        Incidents = "incidents",
        Findings = "findings",
    }
}

/// An answer, as data; the words are made where it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Answer {
    /// There is no data for this yet.
    Unsaid,
    Scopes {
        scopes: Vec<Scope>,
    },
    /// Released on a day; old when that is more than twelve months ago.
    AsOf {
        date: Date,
        old: bool,
    },
    Implemented {
        done: u32,
        of: u32,
    },
    /// How many measures do not apply, and how many deviate deliberately.
    Deviations {
        not_applicable: u32,
        gaps: u32,
    },
    /// When the last review was, when the next one is due; old when that day is over.
    Reviewed {
        on: Date,
        next: Option<Date>,
        old: bool,
    },
    /// Findings that are not closed.
    Findings {
        major: u32,
        other: u32,
    },
    /// Title and end of each certificate or attestation; and how fresh the worst is.
    Certificates {
        all: Vec<(String, Option<Date>)>,
        worst: Freshness,
    },
}

/// Answers the questions from a frozen document, as of a day.
pub fn checklist(s: &Snapshot, today: Date) -> Vec<(Item, Answer)> {
    let mut all = Vec::new();
    leaves(&s.nodes, &mut all);
    let count = |status: Status| all.iter().filter(|n| n.status == Some(status)).count() as u32;
    let date: Option<Date> = s.as_of.parse().ok();
    let reviewed = s.reviewed.as_ref().and_then(|r| r.last_on.map(|on| (on, r)));
    let certificates: Vec<(String, Option<Date>)> = s
        .evidence
        .iter()
        .filter(|e| matches!(e.kind, EvidenceKind::Certificate | EvidenceKind::Attestation))
        .filter(|e| e.audience != Audience::Internal)
        .map(|e| (e.title.clone(), e.valid_until))
        .collect();
    Item::ALL
        .into_iter()
        .map(|item| {
            let answer = match item {
                Item::Scope => Answer::Scopes { scopes: s.scopes.iter().map(|s| s.scope).collect() },
                Item::Recent => date.map_or(Answer::Unsaid, |date| Answer::AsOf {
                    date,
                    old: date.saturating_add(jiff::Span::new().months(12)) < today,
                }),
                Item::Implemented => Answer::Implemented {
                    done: count(Status::Implemented),
                    of: all.len() as u32 - count(Status::NotApplicable),
                },
                Item::Deviations => Answer::Deviations {
                    not_applicable: count(Status::NotApplicable),
                    gaps: count(Status::AcceptedGap),
                },
                Item::Certificates if certificates.is_empty() => Answer::Unsaid,
                Item::Certificates => Answer::Certificates {
                    worst: worst(certificates.iter().map(|(_, until)| freshness(None, *until, today)))
                        .unwrap_or(Freshness::Undated),
                    all: certificates.clone(),
                },
                Item::Reviewed => reviewed.map_or(Answer::Unsaid, |(on, r)| Answer::Reviewed {
                    on,
                    next: r.next_on,
                    old: r.next_on.is_some_and(|next| next < today),
                }),
                Item::Findings => reviewed.map_or(Answer::Unsaid, |(_, r)| Answer::Findings {
                    major: r.open_major,
                    other: r.open_other,
                }),
                Item::Processors | Item::ThirdCountries | Item::Incidents => Answer::Unsaid,
            };
            (item, answer)
        })
        .collect()
}
