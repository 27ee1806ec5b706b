//! The rule: what a baseline's change means for a document that was made from it, and what taking it makes of a measure.

use super::{Answer, Offer, What};
use crate::catalogues::GoalKey;
use crate::diff;
use crate::error::DomainError;
use crate::ids::MeasureId;
use crate::measures::{Content, Further, MeasureKind, Record, Status, heading};
use crate::merge::{self, merge};

/// What a baseline gives of a measure. Owner, status and scope are a client's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub label: String,
    pub text: String,
    pub goals: Vec<GoalKey>,
    pub kind: MeasureKind,
    /// For whom it is told, for what else it holds, and the law: never the house's internal part, plan or sub-processors.
    pub outward: Further,
}

impl From<&Record> for Version {
    fn from(r: &Record) -> Version {
        Version {
            label: r.content.label.clone(),
            text: r.content.text.clone(),
            goals: r.goals.clone(),
            kind: r.kind,
            outward: outward(&r.further),
        }
    }
}

/// What a client gets of what else is said.
pub fn outward(f: &Further) -> Further {
    Further { audience: f.audience, also: f.also.clone(), law: f.law.clone(), ..Further::default() }
}

/// A measure of the baseline, and what became of it in the document.
#[derive(Clone, Debug)]
pub struct Twin {
    pub origin: MeasureId,
    /// The baseline's revision now, and why it was made.
    pub revision: i64,
    pub reason: String,
    pub now: Version,
    pub retired: bool,
    /// What the baseline said when this document last looked; `None`: it has never had it.
    pub base: Option<Version>,
    /// The document's own measure; `None` where it never took it.
    pub own: Option<(MeasureId, Record)>,
    /// Where it stands: here, or in the baseline.
    pub code: String,
}

/// What is offered; `None` where nothing is to be decided.
pub fn offer(twin: &Twin) -> Option<Offer> {
    let make = |words: &Version, what| Offer {
        origin: twin.origin,
        revision: twin.revision,
        code: twin.code.clone(),
        heading: heading(&words.label, &words.text),
        audience: twin.now.outward.audience,
        reason: twin.reason.clone(),
        what,
    };
    let Some((measure, own)) = &twin.own else {
        // Declined before and unchanged since, or gone again before anybody took it.
        let seen = twin.base.as_ref() == Some(&twin.now);
        let what = What::New { label: twin.now.label.clone(), text: twin.now.text.clone() };
        return (!seen && !twin.retired).then(|| make(&twin.now, what));
    };
    if own.status == Status::Retired {
        return None;
    }
    let mine = Version::from(own);
    if twin.retired {
        return Some(make(&mine, What::Gone { measure: *measure }));
    }
    let base = twin.base.as_ref().unwrap_or(&twin.now);
    if *base == twin.now || mine == twin.now {
        return None;
    }
    let label = merge(&base.label, &mine.label, &twin.now.label);
    let text = merge(&base.text, &mine.text, &twin.now.text);
    let words = match (merge::settle(&label, &[]), merge::settle(&text, &[])) {
        (Ok(label), Ok(text)) => diff::words(&joined(&mine.label, &mine.text), &joined(&label, &text)),
        _ => Vec::new(),
    };
    Some(make(&mine, What::Changed { measure: *measure, label, text, words }))
}

fn joined(label: &str, text: &str) -> String {
    if label.is_empty() { text.to_owned() } else { format!("{label}: {text}") }
}

/// What taking a change makes of a measure. What was confirmed here has to be confirmed again: a baseline says what should be,
/// only this house knows what is.
pub fn taken(own: &Record, base: &Version, now: &Version, answer: &Answer) -> Result<Record, DomainError> {
    let mine = Version::from(own);
    let label = merge(&base.label, &mine.label, &now.label);
    let text = merge(&base.text, &mine.text, &now.text);
    let of_label = merge::conflicts(&label).min(answer.sides.len());
    let (first, rest) = answer.sides.split_at(of_label);
    let content = Content {
        label: merge::settle(&label, first)?,
        text: merge::settle(&text, rest)?,
        owner: own.content.owner.clone(),
    };
    let content = crate::measures::checked(&content)?;
    let said = content != own.content;
    let status = match own.status {
        Status::Implemented | Status::PartiallyImplemented if said => Status::ToConfirm,
        other => other,
    };
    Ok(Record {
        content,
        status,
        goals: merge::value(&base.goals, &mine.goals, &now.goals),
        kind: merge::value(&base.kind, &mine.kind, &now.kind),
        further: Further {
            audience: merge::value(&base.outward.audience, &mine.outward.audience, &now.outward.audience),
            also: merge::value(&base.outward.also, &mine.outward.also, &now.outward.also),
            law: merge::value(&base.outward.law, &mine.outward.law, &now.outward.law),
            ..own.further.clone()
        },
        revision: own.revision + 1,
        ..own.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Scope;
    use crate::merge::Side;

    fn version(text: &str) -> Version {
        Version {
            label: "Sicherung".into(),
            text: text.into(),
            goals: vec![GoalKey::Input],
            kind: MeasureKind::Technical,
            outward: Further::default(),
        }
    }

    fn id(n: u128) -> MeasureId {
        MeasureId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn own(text: &str, status: Status) -> Record {
        let v = version(text);
        Record {
            content: Content { label: v.label, text: v.text, owner: "IT".into() },
            status,
            status_reason: String::new(),
            gap: None,
            scope: Scope::Own,
            goals: v.goals,
            kind: v.kind,
            further: Further::default(),
            revision: 4,
        }
    }

    fn twin(base: Option<&str>, now: &str, mine: Option<Record>) -> Twin {
        Twin {
            origin: id(1),
            revision: 7,
            reason: "Stand der Technik".into(),
            now: version(now),
            retired: false,
            base: base.map(version),
            own: mine.map(|m| (id(2), m)),
            code: "A.1.X1".into(),
        }
    }

    #[test]
    fn only_what_changed_since_is_offered() {
        let here = |text: &str| Some(own(text, Status::Implemented));
        assert_eq!(offer(&twin(Some("Alt."), "Alt.", here("Eigen."))), None, "the baseline is as it was");
        assert_eq!(offer(&twin(Some("Alt."), "Neu.", here("Neu."))), None, "here it says so already");
        let changed = offer(&twin(Some("Alt."), "Neu.", here("Alt."))).unwrap();
        assert!(changed.in_bulk() && matches!(changed.what, What::Changed { .. }));
        let both = offer(&twin(Some("Alt."), "Neu.", here("Eigen."))).unwrap();
        assert_eq!((both.questions(), both.in_bulk()), (1, false));
        let new = offer(&twin(None, "Neu.", None)).unwrap();
        assert!(matches!(new.what, What::New { .. }) && new.in_bulk());
        assert_eq!(offer(&twin(Some("Neu."), "Neu.", None)), None, "declined, and unchanged since");
        let retired = Some(own("Alt.", Status::Retired));
        assert_eq!(offer(&twin(Some("Alt."), "Neu.", retired)), None, "out of force here");
        let gone = Twin { retired: true, ..twin(Some("Alt."), "Alt.", here("Alt.")) };
        assert!(!offer(&gone).unwrap().in_bulk(), "an end is decided one by one");
    }

    #[test]
    fn what_is_taken_has_to_be_confirmed_again_and_keeps_its_owner() {
        let answer = |sides: &[Side]| Answer {
            document: crate::ids::DocumentId::from_uuid(uuid::Uuid::nil()),
            origin: id(1),
            revision: 7,
            take: true,
            sides: sides.to_vec(),
        };
        let now = Version { goals: vec![GoalKey::Review], ..version("Neu.") };
        let got = taken(&own("Alt.", Status::Implemented), &version("Alt."), &now, &answer(&[])).unwrap();
        assert_eq!((got.content.text.as_str(), got.status, got.revision), ("Neu.", Status::ToConfirm, 5));
        assert_eq!((got.content.owner.as_str(), got.goals), ("IT", vec![GoalKey::Review]));
        // What the baseline keeps to the house is kept there as well, and the client's own internal part stays.
        let kept = Further { audience: crate::measures::Audience::Internal, ..Further::default() };
        let secret = Version { outward: kept, ..version("Alt.") };
        let mut here = own("Alt.", Status::Implemented);
        here.further.internal = "Eigenes.".into();
        let twin = Twin { now: secret.clone(), ..twin(Some("Alt."), "Alt.", Some(here.clone())) };
        assert!(offer(&twin).is_some_and(|o| o.audience == crate::measures::Audience::Internal));
        let got = taken(&here, &version("Alt."), &secret, &answer(&[])).unwrap().further;
        assert_eq!((got.audience, got.internal.as_str()), (crate::measures::Audience::Internal, "Eigenes."));
        let mine = own("Eigen.", Status::Planned);
        assert_eq!(taken(&mine, &version("Alt."), &now, &answer(&[])), Err(DomainError::missing("sides")));
        let got = taken(&mine, &version("Alt."), &now, &answer(&[Side::Mine])).unwrap();
        assert_eq!((got.content.text.as_str(), got.status), ("Eigen.", Status::Planned));
    }
}
