//! One measure becomes two, two become one. No word is lost by either.

use super::{Audience, Content, Further, GOALS, Record, Status, heading};
use crate::error::DomainError;
use crate::merge::sentences;
use crate::text;

/// Most places at which a text can be divided, and bytes that are looked at behind each.
const CUTS: usize = 100;
const GLANCE: usize = 240;

/// Where a text can be divided: the byte at which a further sentence, item or paragraph begins, and its first words.
pub fn cuts(body: &str) -> Vec<(usize, String)> {
    let mut at = 0;
    let mut out = Vec::new();
    for piece in sentences(body) {
        // What begins with a small letter goes on with what stood before, as after "z. B.".
        let begins = piece.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
        if at > 0 && begins && text::visible(piece) > 2 {
            // A glance at what follows is enough to tell it by.
            let end = body.floor_char_boundary((at + GLANCE).min(body.len()));
            out.push((at, heading("", &body[at..end])));
        }
        at += piece.len();
        if out.len() == CUTS {
            break;
        }
    }
    out
}

/// Divides a measure at a byte that [`cuts`] offers: the first part as its next revision, and what the second says.
pub fn split(
    current: &Record,
    based_on: i64,
    at: usize,
    label: &str,
) -> Result<(Record, Content), DomainError> {
    if based_on != current.revision {
        return Err(DomainError::Stale);
    }
    let body = &current.content.text;
    if !cuts(body).iter().any(|(cut, _)| *cut == at) {
        return Err(DomainError::invalid("at"));
    }
    let (head, tail) = body.split_at(at);
    let first = Content { text: head.trim_end().to_owned(), ..current.content.clone() };
    let second = Content {
        label: text::optional_name(label, "label", 200)?,
        text: tail.trim().to_owned(),
        owner: current.content.owner.clone(),
    };
    if text::visible(&first.text) == 0 || text::visible(&second.text) == 0 {
        return Err(DomainError::invalid("at"));
    }
    Ok((Record { content: first, revision: current.revision + 1, ..current.clone() }, second))
}

/// Two measures as one, as the next revision of the first. Where they stood differently somebody has to say how the one stands.
pub fn join(first: &Record, second: &Record) -> Result<Record, DomainError> {
    let (a, b) = (&first.content, &second.content);
    let further = if b.label.is_empty() { b.text.clone() } else { format!("**{}:** {}", b.label, b.text) };
    let content = Content {
        label: a.label.clone(),
        text: format!("{}\n\n{further}", a.text),
        owner: if a.owner.is_empty() { b.owner.clone() } else { a.owner.clone() },
    };
    let mut goals = first.goals.clone();
    goals.extend(second.goals.iter().filter(|g| !first.goals.contains(g)));
    goals.truncate(GOALS);
    let alike = first.status == second.status && a.owner == b.owner && first.gap == second.gap;
    let status = if alike { first.status } else { Status::ToConfirm };
    let keeps = status == first.status;
    Ok(Record {
        content: super::checked(&content)?,
        status,
        status_reason: if keeps { first.status_reason.clone() } else { String::new() },
        gap: first.gap.clone().filter(|_| keeps),
        goals,
        further: together(&first.further, &second.further),
        revision: first.revision + 1,
        ..first.clone()
    })
}

/// What two measures say beside their words, as one: told to nobody whom either kept it from.
fn together(a: &Further, b: &Further) -> Further {
    fn union<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<T> {
        let more = b.iter().filter(|x| !a.contains(x));
        a.iter().chain(more).cloned().collect()
    }
    let order = |x: Audience| Audience::ALL.iter().position(|y| *y == x);
    Further {
        audience: if order(a.audience) >= order(b.audience) { a.audience } else { b.audience },
        internal: [a.internal.as_str(), b.internal.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n"),
        also: union(&a.also, &b.also),
        law: union(&a.law, &b.law),
        subprocessors: union(&a.subprocessors, &b.subprocessors),
        // The shorter of two intervals keeps both.
        months: a.months.into_iter().chain(b.months).min(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogues::GoalKey;
    use crate::import::Scope;
    use crate::measures::MeasureKind;
    use proptest::prelude::*;

    fn record(label: &str, text: &str, owner: &str, status: Status) -> Record {
        Record {
            content: Content { label: label.into(), text: text.into(), owner: owner.into() },
            status,
            status_reason: String::new(),
            gap: None,
            scope: Scope::Own,
            goals: vec![GoalKey::Input],
            kind: MeasureKind::Technical,
            further: Further::default(),
            revision: 3,
        }
    }

    #[test]
    fn a_text_is_divided_between_sentences_only() {
        let m = record(
            "Türen",
            "Türen sind zu. Es gibt z. B. einen Empfang.\n- Besucher warten.",
            "IT",
            Status::Planned,
        );
        let offered = cuts(&m.content.text);
        assert_eq!(offered[0].1, "Es gibt z. B. einen Empfang. Besucher…");
        let (first, second) = split(&m, 3, offered[0].0, " Empfang ").unwrap();
        assert_eq!((first.content.text.as_str(), first.revision), ("Türen sind zu.", 4));
        assert_eq!((second.label.as_str(), second.owner.as_str()), ("Empfang", "IT"));
        assert_eq!(split(&m, 3, 3, ""), Err(DomainError::invalid("at")));
        assert_eq!(split(&m, 2, offered[0].0, ""), Err(DomainError::Stale));
        assert!(cuts("Ein Satz.").is_empty());
    }

    #[test]
    fn two_become_one_with_every_word_and_differing_states_are_to_be_confirmed() {
        let (a, b) = (
            record("", "Türen sind zu.", "", Status::Implemented),
            record("Empfang", "Es gibt einen.", "IT", Status::Planned),
        );
        let one = join(&a, &b).unwrap();
        assert_eq!(one.content.text, "Türen sind zu.\n\n**Empfang:** Es gibt einen.");
        assert_eq!((one.content.owner.as_str(), one.status, one.revision), ("IT", Status::ToConfirm, 4));
        let same = record("", "Fenster sind zu.", "", Status::Implemented);
        assert_eq!(join(&a, &same).unwrap().status, Status::Implemented);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(body in "[a-cä. \n-]{1,60}") {
            let m = record("", &body, "", Status::Planned);
            let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            for (at, _) in cuts(&body) {
                if let Ok((first, second)) = split(&m, 3, at, "") {
                    let both = [words(&first.content.text), words(&second.text)].concat();
                    prop_assert_eq!(both, words(&body));
                }
            }
        }
    }
}
