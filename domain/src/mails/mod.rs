//! Mails: a person is told that something waits, and where. Never what it says: content stays behind the sign-in.

use crate::evidence::{Freshness, freshness};
use crate::reviews::{Due, due};
use jiff::civil::Date;

crate::import::words! {
    /// What a mail is about.
    MailKind {
        Invitation = "invitation",
        /// Has an account already, and is a member of one more organisation.
        Added = "added",
        ReviewDue = "review_due",
        ReviewOverdue = "review_overdue",
        ReviewSubmitted = "review_submitted",
        EvidenceEnding = "evidence_ending",
        EvidenceExpired = "evidence_expired",
        /// Proof of confirmed promises of a document is due.
        PromisesDue = "promises_due",
        OpinionWanted = "opinion_wanted",
        ApprovalWanted = "approval_wanted",
    }
}

impl MailKind {
    /// Where the thing can be seen. An invitation leads to a link of its own.
    pub fn path(self, object: &str) -> String {
        match self {
            MailKind::Invitation => format!("/welcome/{object}"),
            MailKind::Added => "/".to_owned(),
            MailKind::ReviewDue | MailKind::ReviewOverdue | MailKind::ReviewSubmitted => {
                format!("/reviews/{object}")
            }
            MailKind::EvidenceEnding | MailKind::EvidenceExpired => format!("/evidence/{object}"),
            MailKind::PromisesDue => format!("/documents/{object}/promises"),
            MailKind::OpinionWanted | MailKind::ApprovalWanted => format!("/releases/{object}"),
        }
    }
}

/// What the reviewer of an open review is told today, if anything: once when its time begins, once when it is over.
pub fn of_review(due_on: Date, lead_days: u16, today: Date) -> Option<MailKind> {
    match due(due_on, lead_days, today) {
        Due::Later | Due::Done => None,
        Due::Soon => Some(MailKind::ReviewDue),
        Due::Overdue => Some(MailKind::ReviewOverdue),
    }
}

/// What is told today of an evidence that ends on a day: once some weeks before, once when it no longer holds.
pub fn of_evidence(until: Date, today: Date) -> Option<MailKind> {
    match freshness(None, Some(until), today) {
        Freshness::Expired => Some(MailKind::EvidenceExpired),
        Freshness::Ending => Some(MailKind::EvidenceEnding),
        Freshness::Valid | Freshness::Undated | Freshness::NotYetValid => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn each_is_told_when_its_time_has_come_and_when_it_is_over() {
        let due = date(2026, 12, 31);
        let table = [
            (date(2026, 11, 1), None),
            (date(2026, 11, 19), Some(MailKind::ReviewDue)),
            (date(2026, 12, 31), Some(MailKind::ReviewDue)),
            (date(2027, 1, 1), Some(MailKind::ReviewOverdue)),
        ];
        for (today, want) in table {
            assert_eq!(of_review(due, 42, today), want, "{today}");
        }
        assert_eq!(of_evidence(due, date(2026, 10, 1)), None);
        assert_eq!(of_evidence(due, date(2026, 12, 31)), Some(MailKind::EvidenceEnding));
        assert_eq!(of_evidence(due, date(2027, 1, 1)), Some(MailKind::EvidenceExpired));
    }
}
