//! The rule of an edit: who may, is left to the policy; whether the result is a measure, is decided here.

use super::{Content, EditMany, EditMeasure, Further, GOALS, Gap, MeasureKind, Status};
use crate::catalogues::GoalKey;
use crate::error::DomainError;
use crate::import::Scope;
use crate::{markdown, text};
use jiff::civil::Date;

/// A deliberate deviation stands for a year at most, in months (domain.md, "States and guards").
const GAP_MONTHS: i32 = 12;

/// A measure as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub content: Content,
    pub status: Status,
    pub status_reason: String,
    pub gap: Option<Gap>,
    pub scope: Scope,
    /// Empty: nobody has said; the headings propose some.
    pub goals: Vec<GoalKey>,
    pub kind: MeasureKind,
    pub further: Further,
    pub revision: i64,
}

/// A measure after an edit, ready to be stored as the next revision.
pub type Edited = Record;

/// Decides an edit of `today`. `Stale` where it is based on an older revision.
pub fn edit(current: &Record, cmd: &EditMeasure, today: Date) -> Result<Edited, DomainError> {
    if cmd.based_on != current.revision {
        return Err(DomainError::Stale);
    }
    let next = Record {
        content: content(&cmd.content)?,
        status: cmd.status,
        status_reason: text::prose(&cmd.status_reason, "status_reason", 4_000)?,
        gap: match (cmd.status, cmd.until) {
            (Status::AcceptedGap, Some(until)) => {
                Some(Gap { decided_by: text::optional_name(&cmd.decided_by, "decided_by", 120)?, until })
            }
            _ => None,
        },
        scope: cmd.scope,
        goals: goals(&cmd.goals)?,
        kind: cmd.kind,
        further: super::further(&cmd.further, cmd.scope)?,
        revision: current.revision + 1,
    };
    // "To be confirmed" comes from an import only; nobody sets it.
    if next.status == Status::ToConfirm && current.status != Status::ToConfirm {
        return Err(DomainError::WrongState);
    }
    guard(&next)?;
    // An end that was set before may pass while the text is edited; a new one must lie ahead.
    if let Some(gap) = &next.gap
        && next.gap != current.gap
    {
        let latest = today.saturating_add(jiff::Span::new().months(GAP_MONTHS));
        if gap.until <= today || gap.until > latest {
            return Err(DomainError::GapNeedsDecision);
        }
    }
    Ok(next)
}

/// Whether a form says what is stored already, and no reason to write that down: saved with nothing changed, or sent twice. `next` is
/// what [`edit`] made of it.
pub fn is_idle(current: &Record, cmd: &EditMeasure, next: &Result<Edited, DomainError>, today: Date) -> bool {
    let same = |n: &Edited| Record { revision: current.revision, ..n.clone() } == *current;
    match next {
        Ok(n) => cmd.reason.trim().is_empty() && same(n),
        Err(DomainError::Stale) => {
            let again = EditMeasure { based_on: current.revision, ..cmd.clone() };
            edit(current, &again, today).is_ok_and(|n| same(&n))
        }
        Err(_) => false,
    }
}

/// Checks and normalises what was typed.
pub fn content(typed: &Content) -> Result<Content, DomainError> {
    let body = text::prose(&typed.text, "text", markdown::MAX_BYTES)?;
    if text::visible(&body) == 0 {
        return Err(DomainError::missing("text"));
    }
    markdown::check(&body)?;
    Ok(Content {
        label: text::optional_name(&typed.label, "label", 200)?,
        text: body,
        owner: text::optional_name(&typed.owner, "owner", 120)?,
    })
}

/// Each goal once, at most three.
fn goals(asked: &[GoalKey]) -> Result<Vec<GoalKey>, DomainError> {
    let mut out: Vec<GoalKey> = Vec::new();
    for goal in asked {
        if !out.contains(goal) {
            out.push(*goal);
        }
    }
    if out.len() > GOALS { Err(DomainError::TooLong { field: "goals".into(), max: GOALS }) } else { Ok(out) }
}

/// Guards of the status (domain.md, "States and guards").
fn guard(m: &Record) -> Result<(), DomainError> {
    let long_reason = text::visible(&m.status_reason) >= text::SHORTEST_REASON;
    match m.status {
        Status::Implemented if m.content.owner.is_empty() => Err(DomainError::ImplementedNeedsOwner),
        Status::Implemented if m.goals.is_empty() => Err(DomainError::ImplementedNeedsGoal),
        Status::NotApplicable if !long_reason => Err(DomainError::ReasonTooShort),
        Status::AcceptedGap if !long_reason || m.gap.as_ref().is_none_or(|g| g.decided_by.is_empty()) => {
            Err(DomainError::GapNeedsDecision)
        }
        Status::Retired if text::visible(&m.status_reason) == 0 => Err(DomainError::RetiredNeedsReason),
        Status::Implemented
        | Status::NotApplicable
        | Status::AcceptedGap
        | Status::Retired
        | Status::CustomerDuty
        | Status::ToConfirm
        | Status::Planned
        | Status::InProgress
        | Status::PartiallyImplemented => Ok(()),
    }
}

/// Confirms what an import brought: it becomes implemented, with an owner and the goals that were `proposed` where nobody has said
/// others. One for which nothing could be proposed stays as it is until somebody names its goal.
pub fn confirm(current: &Record, owner: &str, proposed: &[GoalKey]) -> Result<Option<Edited>, DomainError> {
    if current.status != Status::ToConfirm {
        return Ok(None);
    }
    let owner = if current.content.owner.is_empty() {
        text::name(owner, "owner", 120)?
    } else {
        current.content.owner.clone()
    };
    let goals = if current.goals.is_empty() { proposed } else { &current.goals };
    if goals.is_empty() {
        return Ok(None);
    }
    let next = Record {
        content: Content { owner, ..current.content.clone() },
        goals: goals.to_vec(),
        status: Status::Implemented,
        revision: current.revision + 1,
        ..current.clone()
    };
    guard(&next)?;
    Ok(Some(next))
}

/// Brings an earlier step back as the next revision. An imported text that nobody had confirmed then stays confirmed now, and goals
/// that somebody set since stay where the old step had none.
pub fn restore(current: &Record, then: &Record, based_on: i64, today: Date) -> Result<Edited, DomainError> {
    let status = match (then.status, current.status) {
        (Status::ToConfirm, Status::Retired) => Status::Planned,
        (Status::ToConfirm, now) => now,
        (then, _) => then,
    };
    let goals = if then.goals.is_empty() { &current.goals } else { &then.goals };
    let cmd = EditMeasure {
        id: crate::ids::MeasureId::from_uuid(uuid::Uuid::nil()),
        based_on,
        content: then.content.clone(),
        status,
        status_reason: then.status_reason.clone(),
        decided_by: then.gap.as_ref().map(|g| g.decided_by.clone()).unwrap_or_default(),
        until: then.gap.as_ref().map(|g| g.until),
        scope: then.scope,
        goals: goals.clone(),
        kind: then.kind,
        further: then.further.clone(),
        reason: String::new(),
    };
    edit(current, &cmd, today)
}

/// The same change for one of many measures; `None` where it changes nothing. `proposed` are the goals of its place.
pub fn edit_many(
    current: &Record,
    cmd: &EditMany,
    proposed: &[GoalKey],
    today: Date,
) -> Result<Option<Edited>, DomainError> {
    let mut next = current.clone();
    if let Some(owner) = &cmd.owner {
        next.content.owner = text::name(owner, "owner", 120)?;
    }
    next.status = cmd.status.unwrap_or(current.status);
    if next.status != Status::AcceptedGap {
        next.gap = None;
    }
    // A reason that was given for all is the reason of each.
    if next.status != current.status {
        next.status_reason = text::prose(&cmd.reason, "status_reason", 4_000)?;
    }
    next.scope = cmd.scope.unwrap_or(current.scope);
    if let Some(goal) = cmd.goal {
        next.goals = vec![goal];
    } else if next.goals.is_empty() && next.status == Status::Implemented {
        next.goals = proposed.to_vec();
    }
    if let Some(months) = cmd.plan {
        next.further.months = Some(months).filter(|m| *m > 0);
        next.further = super::further(&next.further, next.scope)?;
    }
    if next == *current {
        return Ok(None);
    }
    if next.status == Status::Retired
        || (next.status == Status::ToConfirm && current.status != Status::ToConfirm)
    {
        return Err(DomainError::WrongState);
    }
    if next.gap.as_ref().is_some_and(|g| g.until <= today) {
        return Err(DomainError::GapNeedsDecision);
    }
    guard(&next)?;
    Ok(Some(Record { revision: current.revision + 1, ..next }))
}

/// Takes a measure out of force.
pub fn retire(current: &Record, based_on: i64, reason: &str) -> Result<Edited, DomainError> {
    if based_on != current.revision {
        return Err(DomainError::Stale);
    }
    let next = Record {
        status: Status::Retired,
        status_reason: text::prose(reason, "reason", 4_000)?,
        revision: current.revision + 1,
        ..current.clone()
    };
    guard(&next)?;
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 22);

    fn record() -> Record {
        let content = Content { label: String::new(), text: "Alt".into(), owner: String::new() };
        Record {
            content,
            status: Status::ToConfirm,
            status_reason: String::new(),
            gap: None,
            scope: Scope::Own,
            goals: vec![],
            kind: MeasureKind::Technical,
            further: Further::default(),
            revision: 3,
        }
    }

    fn command(status: Status, owner: &str, reason: &str) -> EditMeasure {
        EditMeasure {
            id: crate::ids::MeasureId::from_uuid(uuid::Uuid::nil()),
            based_on: 3,
            content: Content { label: " Büro ".into(), text: "Neu\r\nText".into(), owner: owner.into() },
            status,
            status_reason: reason.into(),
            decided_by: String::new(),
            until: None,
            scope: Scope::Own,
            goals: vec![GoalKey::Encryption],
            kind: MeasureKind::Technical,
            further: Further::default(),
            reason: String::new(),
        }
    }

    #[test]
    fn guards_hold_and_text_is_normalised() {
        let table = [
            (Status::Implemented, "", "", Err(DomainError::ImplementedNeedsOwner)),
            (Status::Implemented, "Leitung IT", "", Ok(())),
            (Status::NotApplicable, "", "zu kurz", Err(DomainError::ReasonTooShort)),
            (Status::AcceptedGap, "", "", Err(DomainError::GapNeedsDecision)),
            (Status::Retired, "", "", Err(DomainError::RetiredNeedsReason)),
            (Status::Planned, "", "", Ok(())),
        ];
        for (status, owner, reason, want) in table {
            let got = edit(&record(), &command(status, owner, reason), TODAY);
            assert_eq!(got.clone().map(|_| ()), want, "{status}");
            if let Ok(m) = got {
                assert_eq!(
                    (m.content.label.as_str(), m.content.text.as_str(), m.revision),
                    ("Büro", "Neu\nText", 4)
                );
            }
        }
    }

    #[test]
    fn what_is_implemented_serves_a_goal_and_serves_each_once() {
        let cmd = |goals: &[GoalKey]| EditMeasure {
            goals: goals.to_vec(),
            ..command(Status::Implemented, "IT", "")
        };
        assert_eq!(edit(&record(), &cmd(&[]), TODAY), Err(DomainError::ImplementedNeedsGoal));
        let twice = [GoalKey::Input, GoalKey::Review, GoalKey::Input];
        assert_eq!(edit(&record(), &cmd(&twice), TODAY).unwrap().goals, [GoalKey::Input, GoalKey::Review]);
        let many = edit(&record(), &cmd(&GoalKey::ALL), TODAY);
        assert!(matches!(many, Err(DomainError::TooLong { .. })));
        assert_eq!(confirm(&record(), "IT", &[]), Ok(None), "without a goal it waits");
        assert_eq!(confirm(&record(), "IT", &[GoalKey::Input]).unwrap().unwrap().goals, [GoalKey::Input]);
    }

    #[test]
    fn an_earlier_step_comes_back_as_a_new_one_and_a_retired_measure_with_it() {
        let mut then = record();
        then.content.text = "Alter Text".into();
        let mut now =
            Record { status: Status::Retired, status_reason: "ersetzt".into(), revision: 7, ..record() };
        now.goals = vec![GoalKey::Input];
        let back = restore(&now, &then, 7, TODAY).unwrap();
        assert_eq!(
            (back.revision, back.status, back.content.text.as_str()),
            (8, Status::Planned, "Alter Text")
        );
        assert_eq!(back.goals, [GoalKey::Input]);
        assert_eq!(restore(&now, &then, 6, TODAY), Err(DomainError::Stale));
    }

    #[test]
    fn many_measures_change_alike_or_not_at_all() {
        let ask = |status, owner: Option<&str>| EditMany {
            document: crate::ids::DocumentId::from_uuid(uuid::Uuid::nil()),
            measures: vec![],
            status,
            owner: owner.map(str::to_owned),
            scope: None,
            goal: None,
            plan: None,
            reason: String::new(),
        };
        let done = |cmd: &EditMany| edit_many(&record(), cmd, &[GoalKey::Input], TODAY);
        assert_eq!(done(&ask(None, None)), Ok(None), "nothing was asked");
        assert_eq!(done(&ask(Some(Status::Implemented), None)), Err(DomainError::ImplementedNeedsOwner));
        let next = done(&ask(Some(Status::Implemented), Some("IT"))).unwrap().unwrap();
        assert_eq!((next.status, next.revision, next.goals), (Status::Implemented, 4, vec![GoalKey::Input]));
        assert_eq!(done(&ask(Some(Status::NotApplicable), None)), Err(DomainError::ReasonTooShort));
        assert_eq!(
            done(&ask(Some(Status::Retired), None)),
            Err(DomainError::WrongState),
            "that is done one by one"
        );
    }

    #[test]
    fn a_stale_edit_is_refused() {
        let cmd = EditMeasure { based_on: 2, ..command(Status::Planned, "", "") };
        assert_eq!(edit(&record(), &cmd, TODAY), Err(DomainError::Stale));
    }

    #[test]
    fn a_deliberate_deviation_says_who_decided_and_ends_within_a_year() {
        let asked = |by: &str, until: Date| EditMeasure {
            decided_by: by.into(),
            until: Some(until),
            ..command(Status::AcceptedGap, "", "Der Hersteller liefert es erst im Frühjahr.")
        };
        let table = [
            ("Geschäftsleitung", Date::constant(2027, 11, 22), true),
            ("Geschäftsleitung", Date::constant(2027, 11, 23), false),
            ("Geschäftsleitung", TODAY, false),
            (" ", Date::constant(2027, 1, 1), false),
        ];
        for (by, until, want) in table {
            assert_eq!(edit(&record(), &asked(by, until), TODAY).is_ok(), want, "{by} {until}");
        }
        let later = edit(&record(), &asked("GL", Date::constant(2027, 1, 1)), TODAY).unwrap();
        let back = EditMeasure { based_on: later.revision, ..command(Status::Planned, "", "") };
        assert_eq!(edit(&later, &back, TODAY).unwrap().gap, None, "another status ends the deviation");
    }
}
