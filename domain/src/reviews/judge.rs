//! One measure's verdict: how it was tested, on which sample, whether it fits the risk, whether it works.

use crate::documents::NodeView;
use crate::error::DomainError;
use crate::ids::MeasureId;
use crate::measures::{Record, Status, heading};
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

crate::import::words! {
    /// How a measure was tested.
    Method {
        Document = "document",
        Sample = "sample",
        Watched = "watched",
        Interview = "interview",
        Test = "test",
    }
}

crate::import::words! {
    /// Whether it fits the risk and the state of the art (Art. 32(1) GDPR).
    Adequacy {
        Adequate = "adequate",
        ToAdapt = "to_adapt",
        Inadequate = "inadequate",
    }
}

crate::import::words! {
    /// Whether it works (Wirksamkeit).
    Effectiveness {
        Effective = "effective",
        Partial = "partial",
        Ineffective = "ineffective",
        Untestable = "untestable",
    }
}

crate::import::words! {
    /// How grave a finding is (Feststellung).
    Grade {
        Observation = "observation",
        Minor = "minor",
        Major = "major",
        Critical = "critical",
    }
}

/// What is judged: a measure as it stood when the review began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub measure: MeasureId,
    pub revision: i64,
    pub code: String,
    /// Titles from the section down.
    pub path: Vec<String>,
    /// The label, or the text's first words.
    pub heading: String,
    pub label: String,
    pub text: String,
    pub owner: String,
}

/// What a reviewer says about one measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Judged {
    Verdict(Verdict),
    /// Left out this time, with the reason.
    Skipped {
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub method: Method,
    /// How many were looked at, of how many there are.
    pub drawn: u32,
    pub population: u32,
    /// Of what: "administrative Konten"; may be empty.
    pub of_what: String,
    pub adequacy: Adequacy,
    pub effectiveness: Effectiveness,
    pub comment: String,
    pub finding: Option<NewFinding>,
}

/// A finding with its corrective action (Abhilfemaßnahme).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFinding {
    pub grade: Grade,
    pub text: String,
    /// Who mends it.
    pub owner: String,
    pub due: Date,
}

/// Whether somebody answers for what is to be judged: the owner is written as a name, sometimes with a function beside it.
pub fn owns(person: &str, owner: &str) -> bool {
    let words = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let (person, owner) = (words(person), words(owner));
    !person.is_empty() && person.iter().all(|w| owner.contains(w))
}

/// Checks a verdict. "Everything fine" without method and sample does not come through, nor does a reviewer's own measure.
pub fn check(asked: &Judged, subject: &Subject, reviewer: &str, today: Date) -> Result<Judged, DomainError> {
    if owns(reviewer, &subject.owner) {
        return Err(DomainError::OwnWork);
    }
    let v = match asked {
        Judged::Skipped { reason } => {
            return Ok(Judged::Skipped { reason: text::reason(reason, "reason", 2_000)? });
        }
        Judged::Verdict(v) => v,
    };
    // What could not be tested has no sample; the comment says why.
    if v.effectiveness != Effectiveness::Untestable && (v.drawn == 0 || v.population == 0) {
        return Err(DomainError::missing("sample"));
    }
    if v.drawn > v.population {
        return Err(DomainError::invalid("sample"));
    }
    let comment = text::prose(&v.comment, "comment", 8_000)?;
    let fine = v.adequacy == Adequacy::Adequate && v.effectiveness == Effectiveness::Effective;
    if !fine && text::visible(&comment) == 0 {
        return Err(DomainError::missing("comment"));
    }
    // What does not work, or does not fit the risk, is somebody's to mend.
    let bad = v.adequacy == Adequacy::Inadequate || v.effectiveness == Effectiveness::Ineffective;
    if bad && v.finding.is_none() {
        return Err(DomainError::missing("finding"));
    }
    let finding = v.finding.as_ref().map(|f| finding(f, today)).transpose()?;
    Ok(Judged::Verdict(Verdict {
        of_what: text::optional_name(&v.of_what, "of_what", 120)?,
        comment,
        finding,
        ..v.clone()
    }))
}

fn finding(f: &NewFinding, today: Date) -> Result<NewFinding, DomainError> {
    // A mend that may take more than five years is none.
    if f.due < today || f.due > today.saturating_add(jiff::Span::new().years(5)) {
        return Err(DomainError::invalid("due"));
    }
    Ok(NewFinding {
        text: text::name(&f.text, "finding", 300)?,
        owner: text::name(&f.owner, "owner", 160)?,
        ..f.clone()
    })
}

/// The measures of a document as a review judges them: those in force, in reading order.
pub fn subjects(nodes: &[NodeView], whole: &dyn Fn(MeasureId) -> Option<Record>) -> Vec<Subject> {
    fn under(
        nodes: &[NodeView],
        path: &mut Vec<String>,
        whole: &dyn Fn(MeasureId) -> Option<Record>,
        out: &mut Vec<Subject>,
    ) {
        for n in nodes {
            let found = n.measure.as_ref().filter(|m| m.status != Status::Retired);
            if let Some((m, r)) = found.and_then(|m| whole(m.id).map(|r| (m, r))) {
                out.push(Subject {
                    measure: m.id,
                    revision: m.revision,
                    code: n.code.clone().unwrap_or_default(),
                    path: path.clone(),
                    heading: heading(&r.content.label, &r.content.text),
                    label: r.content.label,
                    text: r.content.text,
                    owner: r.content.owner,
                });
            }
            let named = !n.kind.is_leaf() && !n.title.is_empty();
            if named {
                path.push(crate::outline::split_law(&n.title).0);
            }
            under(&n.children, path, whole, out);
            if named {
                path.pop();
            }
        }
    }
    let mut out = Vec::new();
    under(nodes, &mut Vec::new(), whole, &mut out);
    out
}

/// The first measure without a verdict, after one if possible, else from the start.
pub fn unjudged(
    subjects: &[Subject],
    judged: &HashSet<MeasureId>,
    after: Option<MeasureId>,
) -> Option<MeasureId> {
    let at = after.and_then(|id| subjects.iter().position(|s| s.measure == id)).map_or(0, |i| i + 1);
    let (before, behind) = subjects.split_at(at.min(subjects.len()));
    behind.iter().chain(before).map(|s| s.measure).find(|id| !judged.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn id(n: u128) -> MeasureId {
        MeasureId::from_uuid(Uuid::from_u128(n))
    }

    fn subject(owner: &str) -> Subject {
        Subject {
            measure: id(1),
            revision: 1,
            code: "A.1.K1".into(),
            path: vec!["Zutrittskontrolle".into()],
            heading: "Türen".into(),
            label: "Türen".into(),
            text: "Die Türen sind verschlossen.".into(),
            owner: owner.into(),
        }
    }

    fn verdict() -> Verdict {
        Verdict {
            method: Method::Sample,
            drawn: 5,
            population: 34,
            of_what: "Konten".into(),
            adequacy: Adequacy::Adequate,
            effectiveness: Effectiveness::Effective,
            comment: String::new(),
            finding: None,
        }
    }

    fn checked(v: Verdict) -> Result<Judged, DomainError> {
        check(&Judged::Verdict(v), &subject("Leitung IT"), "Karin Vogt", date(2026, 11, 22))
    }

    #[test]
    fn everything_fine_without_a_sample_does_not_come_through() {
        assert!(checked(verdict()).is_ok());
        assert_eq!(checked(Verdict { drawn: 0, ..verdict() }), Err(DomainError::missing("sample")));
        assert_eq!(checked(Verdict { drawn: 35, ..verdict() }), Err(DomainError::invalid("sample")));
        let untestable = Verdict { effectiveness: Effectiveness::Untestable, drawn: 0, ..verdict() };
        assert_eq!(checked(untestable.clone()), Err(DomainError::missing("comment")));
        assert!(checked(Verdict { comment: "erst nach dem Umzug".into(), ..untestable }).is_ok());
        let weak = Verdict { effectiveness: Effectiveness::Partial, ..verdict() };
        assert_eq!(checked(weak), Err(DomainError::missing("comment")));
        let broken =
            Verdict { effectiveness: Effectiveness::Ineffective, comment: "steht offen".into(), ..verdict() };
        assert_eq!(checked(broken), Err(DomainError::missing("finding")));
        let skipped = Judged::Skipped { reason: "keine Zeit".into() };
        let today = date(2026, 11, 22);
        assert_eq!(check(&skipped, &subject(""), "K", today), Err(DomainError::ReasonTooShort));
    }

    #[test]
    fn nobody_judges_what_is_theirs() {
        let own = check(
            &Judged::Verdict(verdict()),
            &subject("Vogt, Karin (Leitung IT)"),
            "Karin Vogt",
            date(2026, 11, 22),
        );
        assert_eq!(own, Err(DomainError::OwnWork));
        assert!(owns("karin vogt", "Karin Vogt"));
        assert!(!owns("Karin Vogt", "Karin Berg") && !owns("", "IT") && !owns("Karin Vogt", ""));
    }

    #[test]
    fn a_finding_has_a_grade_an_owner_and_a_day_ahead() {
        let f = NewFinding {
            grade: Grade::Minor,
            text: "Konto ohne zweiten Faktor".into(),
            owner: "Leitung IT".into(),
            due: date(2026, 12, 10),
        };
        let with = |f: NewFinding| checked(Verdict { finding: Some(f), ..verdict() });
        assert!(with(f.clone()).is_ok());
        assert_eq!(with(NewFinding { owner: " ".into(), ..f.clone() }), Err(DomainError::missing("owner")));
        assert_eq!(with(NewFinding { due: date(9999, 1, 1), ..f.clone() }), Err(DomainError::invalid("due")));
        assert_eq!(with(NewFinding { due: date(2026, 11, 21), ..f }), Err(DomainError::invalid("due")));
    }

    #[test]
    fn the_next_one_is_the_next_without_a_verdict_wherever_it_stands() {
        let list: Vec<Subject> = (1..=4).map(|n| Subject { measure: id(n), ..subject("") }).collect();
        let done = |ids: &[u128]| ids.iter().map(|n| id(*n)).collect::<HashSet<_>>();
        assert_eq!(unjudged(&list, &done(&[]), None), Some(id(1)));
        assert_eq!(unjudged(&list, &done(&[1, 3]), Some(id(3))), Some(id(4)));
        assert_eq!(unjudged(&list, &done(&[1, 3, 4]), Some(id(4))), Some(id(2)));
        assert_eq!(unjudged(&list, &done(&[1, 2, 3, 4]), Some(id(4))), None);
    }
}
