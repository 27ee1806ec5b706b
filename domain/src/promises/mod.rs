//! The promise ledger (Zusagen): every sentence with a cadence or a number is a promise to customers. A person confirms it, and it becomes
//! a duty with a day on which its proof is due; or declines it with a reason.

mod find;

pub use find::{Promise, find};

use crate::error::DomainError;
use crate::evidence::EvidenceRow;
use crate::ids::{DocumentId, MeasureId, PromiseId};
use crate::parameters::Parameter;
use crate::policy::Permit;
use crate::reviews::Due;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// What a promise asks of the one who gave it.
    Duty {
        /// Something is done again and again.
        Repeat = "repeat",
        /// A value holds all the time; that it does is shown again and again.
        Hold = "hold",
        /// Something happens within a time, once there is an occasion.
        React = "react",
    }
}

crate::import::words! {
    /// What a person said about a promise.
    PromiseState {
        Confirmed = "confirmed",
        Declined = "declined",
    }
}

/// Most promises of one request, and days before a proof is due from which it counts as coming up.
const AT_ONCE: usize = 500;
pub const LEAD_DAYS: u16 = 30;

/// What was decided about a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: PromiseId,
    pub state: PromiseState,
    /// Why it was declined; empty for a confirmed one.
    pub reason: String,
    pub by: String,
    pub at: String,
    /// ISO 8601.
    pub interval: String,
    /// When its proof is due next; only a confirmed one has a day.
    pub due_on: Option<Date>,
    pub kept_on: Option<Date>,
    pub due: Option<Due>,
}

/// A promise with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseLine {
    pub mark: String,
    pub measure: MeasureId,
    pub code: String,
    pub heading: String,
    pub promise: Promise,
    pub decision: Option<Decision>,
    /// What proves its measure.
    pub proofs: Vec<EvidenceRow>,
    /// The text does not say so any more.
    pub gone: bool,
}

/// The ledger of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromiseSheet {
    pub document: DocumentId,
    pub document_title: String,
    pub lines: Vec<PromiseLine>,
    pub headings: Vec<crate::documents::Heading>,
}

/// What to do with promises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// `interval`: another than the proposed one.
    Confirm {
        interval: Option<String>,
    },
    Decline {
        reason: String,
    },
    /// Takes a decision back.
    Reopen,
    /// What was promised has been done today.
    Kept,
}

/// Asks to decide about promises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecidePromises {
    pub document: DocumentId,
    pub marks: Vec<String>,
    pub verdict: Verdict,
}

/// The intervals that can be chosen, in ISO 8601.
pub const INTERVALS: [&str; 7] = ["P1D", "P1W", "P1M", "P3M", "P6M", "P1Y", "P2Y"];

/// The checked request.
pub fn decide(asked: &DecidePromises) -> Result<DecidePromises, DomainError> {
    if asked.marks.is_empty() {
        return Err(DomainError::missing("promises"));
    }
    if asked.marks.len() > AT_ONCE {
        return Err(DomainError::TooLong { field: "promises".into(), max: AT_ONCE });
    }
    let verdict = match &asked.verdict {
        Verdict::Confirm { interval: Some(i) } if !INTERVALS.contains(&i.as_str()) => {
            return Err(DomainError::invalid("interval"));
        }
        Verdict::Decline { reason } => Verdict::Decline { reason: text::reason(reason, "reason", 4_000)? },
        other => other.clone(),
    };
    Ok(DecidePromises { verdict, ..asked.clone() })
}

/// The day after `from` on which the proof is due. Intervals under a day are shown once a day.
pub fn next_due(from: Date, interval: &str) -> Date {
    let digits: String = interval.chars().filter(char::is_ascii_digit).collect();
    let n: i64 = digits.parse::<i64>().unwrap_or(1).clamp(1, 1_000);
    let span = match (interval.contains('T'), interval.chars().last()) {
        (true, _) => jiff::Span::new().days(1),
        (_, Some('D')) => jiff::Span::new().days(n),
        (_, Some('W')) => jiff::Span::new().weeks(n),
        (_, Some('M')) => jiff::Span::new().months(n),
        _ => jiff::Span::new().years(n),
    };
    from.saturating_add(span)
}

/// Use cases of promises.
#[async_trait::async_trait]
pub trait PromiseService: Send + Sync {
    async fn list(&self, permit: Permit, document: DocumentId) -> Result<PromiseSheet, DomainError>;
    /// Answers how many there were.
    async fn decide(&self, permit: Permit, cmd: DecidePromises) -> Result<u32, DomainError>;
}

/// A promise's parameter in one short line: `mindestens 14` is for the screen, this is for logs and JSON.
pub fn short(p: &Parameter) -> String {
    format!("{} {} {}", p.key, p.op, p.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_proof_is_due_one_interval_later() {
        let from = date(2026, 1, 31);
        let table = [
            ("P1M", date(2026, 2, 28)),
            ("P1W", date(2026, 2, 7)),
            ("P1Y", date(2027, 1, 31)),
            ("PT1H", date(2026, 2, 1)),
            ("P14D", date(2026, 2, 14)),
        ];
        for (interval, want) in table {
            assert_eq!(next_due(from, interval), want, "{interval}");
        }
    }

    #[test]
    fn a_decision_names_promises_and_declining_says_why() {
        let ask = |verdict| {
            decide(&DecidePromises {
                document: DocumentId::from_uuid(uuid::Uuid::nil()),
                marks: vec!["a".into()],
                verdict,
            })
        };
        assert!(ask(Verdict::Confirm { interval: None }).is_ok());
        assert_eq!(
            ask(Verdict::Confirm { interval: Some("P5Y".into()) }),
            Err(DomainError::invalid("interval"))
        );
        assert_eq!(ask(Verdict::Decline { reason: "nein".into() }), Err(DomainError::ReasonTooShort));
    }
}
