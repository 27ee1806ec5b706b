//! The overview (Übersicht): what has to be done next, across all organisations of a person, and what falls due in the next
//! twelve months.

use crate::actor::Role;
use crate::catalogues::Protection;
use crate::error::DomainError;
use crate::evidence::ENDING;
use crate::ids::{DocumentId, EvidenceId, FindingId, OrganisationId, ReleaseId, ReviewId};
use crate::policy::{Action, Permit, allowed};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Duty {
    /// A review that is due or under way: how many measures have their verdict.
    Review {
        id: ReviewId,
        judged: u32,
        of: u32,
    },
    ReviewApproval {
        id: ReviewId,
    },
    /// Evidence that ends, or has ended; it proves so many measures.
    Evidence {
        id: EvidenceId,
        measures: u32,
    },
    /// Whoever mends it.
    Finding {
        id: FindingId,
        owner: String,
    },
    Retest {
        id: FindingId,
    },
    /// Proof of confirmed promises of a document falls due: of how many.
    Promises {
        id: DocumentId,
        count: u32,
    },
    /// Measures with a review plan of their own are to be tested: so many of a document.
    Tests {
        id: DocumentId,
        count: u32,
    },
    /// The baseline of a document changed: so many offers wait for an answer.
    Baseline {
        id: DocumentId,
        count: u32,
    },
    Opinion {
        id: ReleaseId,
        number: u32,
    },
    Approval {
        id: ReleaseId,
        number: u32,
    },
    InForce {
        id: ReleaseId,
        number: u32,
    },
}

impl Duty {
    /// What somebody must be allowed to do for it.
    pub fn action(&self) -> Action {
        match self {
            Duty::Review { .. } | Duty::Tests { .. } => Action::Review,
            Duty::ReviewApproval { .. } => Action::ApproveReview,
            Duty::Evidence { .. } => Action::EditEvidence,
            Duty::Finding { .. } => Action::MendFinding,
            Duty::Retest { .. } => Action::VerifyFinding,
            Duty::Promises { .. } | Duty::Baseline { .. } => Action::EditMeasure,
            Duty::Opinion { .. } => Action::Opine,
            Duty::Approval { .. } => Action::Approve,
            Duty::InForce { .. } => Action::Release,
        }
    }

    /// Whether it is for somebody with these roles. The data protection officer monitors all of it (Art. 39(1)(b) GDPR).
    pub fn is_for(&self, roles: &[Role]) -> bool {
        roles.iter().any(|r| *r == Role::Dpo || allowed(*r, self.action()))
    }
}

/// A line of "Als Nächstes".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub organisation: OrganisationId,
    pub organisation_name: String,
    /// What it is about: a document, an evidence, a finding.
    pub about: String,
    pub duty: Duty,
    pub due: Option<Date>,
    /// It is for this person; else somebody else has to do it.
    pub mine: bool,
}

/// What falls due in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    pub reviews: u32,
    /// Of the reviews: those that are overdue already (only in the first month).
    pub overdue: u32,
    pub evidence: u32,
}

/// How the measures of one protection goal stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub goal: Protection,
    pub implemented: u32,
    pub partly: u32,
    pub planned: u32,
    pub not_applicable: u32,
}

impl Share {
    pub fn of(goal: Protection) -> Share {
        Share { goal, implemented: 0, partly: 0, planned: 0, not_applicable: 0 }
    }

    pub fn all(&self) -> u32 {
        self.implemented + self.partly + self.planned + self.not_applicable
    }
}

/// An organisation as a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: OrganisationId,
    pub name: String,
    /// Its document that was released last: title, number, when.
    pub released: Option<(DocumentId, String, u32, String)>,
    pub overdue: u32,
    /// Evidence that ends within 60 days, or has ended.
    pub ending: u32,
    pub next_review: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub today: Date,
    /// What is due first above.
    pub tasks: Vec<Task>,
    /// Twelve, from this one.
    pub months: Vec<Month>,
    /// Of the organisation that the person works in now; goals without a measure are left out.
    pub shares: Vec<Share>,
    pub clients: Vec<Client>,
}

/// Sorts what is overdue first, then by day; what has no day comes last.
pub fn sort(tasks: &mut [Task]) {
    tasks.sort_by(|a, b| {
        let key = |t: &Task| (t.due.is_none(), t.due, t.organisation_name.clone(), t.about.clone());
        key(a).cmp(&key(b))
    });
}

/// Whether a task's day is over.
pub fn overdue(t: &Task, today: Date) -> bool {
    t.due.is_some_and(|d| d < today)
}

/// Whether evidence that ends on a day is a task already.
pub fn ends_soon(until: Date, today: Date) -> bool {
    until <= today.saturating_add(ENDING.days())
}

/// Twelve months from a day's own: what is overdue counts into the first.
pub fn months(today: Date, reviews: &[Date], evidence: &[Date]) -> Vec<Month> {
    let start = today.first_of_month();
    (0..12i64)
        .map(|n| {
            let first = start.saturating_add(n.months());
            let end = first.last_of_month();
            let within = |d: &&Date| (n == 0 || **d >= first) && **d <= end;
            Month {
                first,
                reviews: reviews.iter().filter(within).count() as u32,
                overdue: if n == 0 { reviews.iter().filter(|d| **d < today).count() as u32 } else { 0 },
                evidence: evidence.iter().filter(within).count() as u32,
            }
        })
        .collect()
}

/// Use case of the overview. `permits` holds leave to read for each of the person's organisations.
#[async_trait::async_trait]
pub trait OverviewService: Send + Sync {
    async fn overview(&self, permits: Vec<Permit>, here: OrganisationId) -> Result<Overview, DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_overdue_counts_into_this_month_and_the_last_one_is_eleven_ahead() {
        let today = date(2026, 11, 22);
        let reviews = [date(2026, 9, 1), date(2026, 11, 30), date(2027, 10, 31), date(2027, 11, 1)];
        let m = months(today, &reviews, &[date(2027, 1, 31)]);
        assert_eq!(m.len(), 12);
        assert_eq!((m[0].reviews, m[0].overdue, m[11].first, m[11].reviews), (2, 1, date(2027, 10, 1), 1));
        assert_eq!(m.iter().map(|m| m.evidence).collect::<Vec<_>>(), [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn overdue_comes_first_and_what_has_no_day_last() {
        let task = |due: Option<Date>, about: &str| Task {
            organisation: OrganisationId::from_uuid(uuid::Uuid::nil()),
            organisation_name: "A".into(),
            about: about.into(),
            duty: Duty::Retest { id: FindingId::from_uuid(uuid::Uuid::nil()) },
            due,
            mine: true,
        };
        let mut all = [task(None, "c"), task(Some(date(2027, 1, 1)), "b"), task(Some(date(2026, 1, 1)), "a")];
        sort(&mut all);
        assert_eq!(all.iter().map(|t| t.about.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(overdue(&all[0], date(2026, 11, 22)) && !overdue(&all[2], date(2026, 11, 22)));
    }

    #[test]
    fn a_duty_is_for_whoever_may_do_it_and_for_the_dpo() {
        let approval = Duty::Approval { id: ReleaseId::from_uuid(uuid::Uuid::nil()), number: 1 };
        let retest = Duty::Retest { id: FindingId::from_uuid(uuid::Uuid::nil()) };
        let of = |d: &Duty| Role::ALL.into_iter().filter(|r| d.is_for(&[*r])).collect::<Vec<_>>();
        assert_eq!(of(&approval), [Role::Dpo, Role::Approver]);
        assert_eq!(of(&retest), [Role::Dpo, Role::Reviewer]);
        assert!(!retest.is_for(&[]));
    }
}
