//! Somebody else was faster: what was typed and what stands there now, merged over what both began with.

use super::{Content, EditMeasure, Further, Gap, Record};
use crate::error::DomainError;
use crate::merge::{self, Part, Side};
use serde::{Deserialize, Serialize};

/// Label and text, merged by sentences; what both changed is a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    pub label: Vec<Part>,
    pub text: Vec<Part>,
}

/// What would become of both.
pub fn merge(base: &Content, mine: &Content, theirs: &Content) -> Merge {
    Merge {
        label: merge::merge(&base.label, &mine.label, &theirs.label),
        text: merge::merge(&base.text, &mine.text, &theirs.text),
    }
}

/// The form as it goes on: both texts merged, and of every other field the side that changed it. Where both did, what was typed
/// stands, for its author is looking at it.
pub fn settle(
    base: &Record,
    mine: &EditMeasure,
    theirs: &Record,
    sides: &[Side],
) -> Result<EditMeasure, DomainError> {
    let merged = merge(&base.content, &mine.content, &theirs.content);
    let (first, rest) = sides.split_at(merge::conflicts(&merged.label).min(sides.len()));
    let decided =
        |g: &Option<Gap>| g.as_ref().map_or((String::new(), None), |g| (g.decided_by.clone(), Some(g.until)));
    let typed = (mine.decided_by.clone(), mine.until);
    let (decided_by, until) = merge::value(&decided(&base.gap), &typed, &decided(&theirs.gap));
    let (b, m, t) = (&base.further, &mine.further, &theirs.further);
    Ok(EditMeasure {
        id: mine.id,
        based_on: theirs.revision,
        content: Content {
            label: merge::settle(&merged.label, first)?,
            text: merge::settle(&merged.text, rest)?,
            owner: merge::value(&base.content.owner, &mine.content.owner, &theirs.content.owner),
        },
        status: merge::value(&base.status, &mine.status, &theirs.status),
        status_reason: merge::value(&base.status_reason, &mine.status_reason, &theirs.status_reason),
        decided_by,
        until,
        scope: merge::value(&base.scope, &mine.scope, &theirs.scope),
        goals: merge::value(&base.goals, &mine.goals, &theirs.goals),
        kind: merge::value(&base.kind, &mine.kind, &theirs.kind),
        further: Further {
            audience: merge::value(&b.audience, &m.audience, &t.audience),
            internal: merge::value(&b.internal, &m.internal, &t.internal),
            also: merge::value(&b.also, &m.also, &t.also),
            law: merge::value(&b.law, &m.law, &t.law),
            subprocessors: merge::value(&b.subprocessors, &m.subprocessors, &t.subprocessors),
            months: merge::value(&b.months, &m.months, &t.months),
        },
        reason: mine.reason.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Scope;
    use crate::measures::{MeasureKind, Status};

    #[test]
    fn both_texts_go_together_and_each_field_follows_who_changed_it() {
        let base = Record {
            content: Content { label: "Türen".into(), text: "Eins. Zwei.".into(), owner: "IT".into() },
            status: Status::Planned,
            status_reason: String::new(),
            gap: None,
            scope: Scope::Own,
            goals: vec![],
            kind: MeasureKind::Technical,
            further: Further::default(),
            revision: 3,
        };
        let content = |text: &str, owner: &str| Content {
            text: text.into(),
            owner: owner.into(),
            ..base.content.clone()
        };
        let theirs = Record { content: content("Eins. Zwei neu.", "Empfang"), revision: 4, ..base.clone() };
        let mut mine = EditMeasure {
            id: crate::ids::MeasureId::from_uuid(uuid::Uuid::nil()),
            based_on: 3,
            content: content("Eins neu. Zwei.", "IT"),
            status: Status::InProgress,
            status_reason: String::new(),
            decided_by: String::new(),
            until: None,
            scope: Scope::Own,
            goals: vec![],
            kind: MeasureKind::Technical,
            further: Further::default(),
            reason: "weil".into(),
        };
        let one = settle(&base, &mine, &theirs, &[]).unwrap();
        assert_eq!(one.content, content("Eins neu. Zwei neu.", "Empfang"));
        assert_eq!((one.status, one.based_on, one.reason.as_str()), (Status::InProgress, 4, "weil"));
        mine.content.text = "Eins. Zwei anders.".into();
        assert_eq!(settle(&base, &mine, &theirs, &[]), Err(DomainError::missing("sides")));
        let mine_wins = settle(&base, &mine, &theirs, &[Side::Mine]).unwrap();
        assert_eq!(mine_wins.content.text, "Eins. Zwei anders.");
    }
}
