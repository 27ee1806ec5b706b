//! Three-way merge of texts: what two people changed in different sentences goes together, what both changed in one is a question.
//!
//! The unit is the sentence, not the word: "7 Tage" made "14 Tage" by one and "7 Wochen" by the other must never become
//! "14 Wochen", which nobody wrote.

use crate::error::DomainError;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// Whose words are taken where both changed the same sentence.
    Side {
        Mine = "mine",
        Theirs = "theirs",
    }
}

/// A stretch of a merged text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What both have, or only one of them changed.
    Agreed(String),
    /// What both changed, and differently.
    Conflict { base: String, mine: String, theirs: String },
}

/// Sentences above which two texts are not merged, and questions that nobody would answer one by one: then the whole text is one.
const SENTENCES: usize = 1_000;
const QUESTIONS: usize = 30;

/// Merges what became of `base` on two sides.
pub fn merge(base: &str, mine: &str, theirs: &str) -> Vec<Part> {
    let agreed = |text: &str| if text.is_empty() { Vec::new() } else { vec![Part::Agreed(text.to_owned())] };
    if mine == base || mine == theirs {
        return agreed(theirs);
    }
    if theirs == base {
        return agreed(mine);
    }
    // Comparing costs the square of what differs; a long text that both rewrote is a choice between two texts anyway.
    let long = [base, mine, theirs].iter().any(|t| sentences(t).len() > SENTENCES);
    let parts = if long { Vec::new() } else { three_way(base, mine, theirs) };
    if long || conflicts(&parts) > QUESTIONS {
        let whole = |t: &str| t.to_owned();
        return vec![Part::Conflict { base: whole(base), mine: whole(mine), theirs: whole(theirs) }];
    }
    parts
}

fn three_way(base: &str, mine: &str, theirs: &str) -> Vec<Part> {
    let merged = diffy::MergeOptions::new().set_conflict_style(diffy::ConflictStyle::Diff3).merge(
        &lines(base),
        &lines(mine),
        &lines(theirs),
    );
    let marked = merged.unwrap_or_else(|conflicts| conflicts);
    let mut out: Vec<Part> = Vec::new();
    let mut side = None;
    for line in marked.lines() {
        match line.strip_prefix(TOKEN) {
            None => {
                side = match line.as_bytes().first() {
                    Some(b'<') => {
                        let none = String::new;
                        out.push(Part::Conflict { base: none(), mine: none(), theirs: none() });
                        Some(Third::Mine)
                    }
                    Some(b'|') => Some(Third::Base),
                    Some(b'=') => Some(Third::Theirs),
                    _ => None,
                };
            }
            Some(token) => {
                let text = token.replace(BREAK, "\n");
                match (side, out.last_mut()) {
                    (Some(Third::Mine), Some(Part::Conflict { mine, .. })) => mine.push_str(&text),
                    (Some(Third::Base), Some(Part::Conflict { base, .. })) => base.push_str(&text),
                    (Some(Third::Theirs), Some(Part::Conflict { theirs, .. })) => theirs.push_str(&text),
                    (_, Some(Part::Agreed(all))) => all.push_str(&text),
                    (_, _) => out.push(Part::Agreed(text)),
                }
            }
        }
    }
    out
}

/// How many questions are open.
pub fn conflicts(parts: &[Part]) -> usize {
    parts.iter().filter(|p| matches!(p, Part::Conflict { .. })).count()
}

/// The merged text, each question answered in turn; an answer too few is refused.
pub fn settle(parts: &[Part], answers: &[Side]) -> Result<String, DomainError> {
    let mut answers = answers.iter();
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Agreed(text) => out.push_str(text),
            Part::Conflict { mine, theirs, .. } => match answers.next() {
                Some(Side::Mine) => out.push_str(mine),
                Some(Side::Theirs) => out.push_str(theirs),
                None => return Err(DomainError::missing("sides")),
            },
        }
    }
    Ok(out)
}

/// A value that is not a text: the one side that changed it wins; where both did, `mine` stands.
pub fn value<T: PartialEq + Clone>(base: &T, mine: &T, theirs: &T) -> T {
    if mine == base { theirs.clone() } else { mine.clone() }
}

#[derive(Clone, Copy)]
enum Third {
    Mine,
    Base,
    Theirs,
}

/// What a token's line begins with, so that no text can look like a marker of a conflict; and what stands for a line break in it.
const TOKEN: char = 't';
const BREAK: char = '\u{2}';

/// A text as lines of one sentence, or of the blanks between two.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for token in sentences(text) {
        out.push(TOKEN);
        out.push_str(&token.replace('\n', &BREAK.to_string()));
        out.push('\n');
    }
    out
}

/// Sentences, blanks and line breaks; together they are the text again.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut from, mut last) = (0, ' ');
    let mut blank = false;
    for (at, c) in text.char_indices() {
        let ends = matches!(last, '.' | '!' | '?' | ';' | ':') && c.is_whitespace();
        let cut = c == '\n' || last == '\n' || ends || (blank && !c.is_whitespace());
        if cut && at > from {
            out.push(&text[from..at]);
            from = at;
            blank = false;
        }
        // A run of blanks stands alone only where it follows a sentence or a line break.
        blank |= at == from && c.is_whitespace();
        last = c;
    }
    if from < text.len() {
        out.push(&text[from..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE: &str = "Türen sind verschlossen. Es gibt 7 Generationen.\n- Besucher werden begleitet.";

    #[test]
    fn what_two_people_changed_apart_goes_together() {
        let mine = BASE.replace("verschlossen", "immer verschlossen");
        let theirs = BASE.replace("7", "14");
        let parts = merge(BASE, &mine, &theirs);
        assert_eq!(conflicts(&parts), 0);
        assert_eq!(settle(&parts, &[]), Ok(mine.replace("7", "14")));
    }

    #[test]
    fn two_changes_of_one_sentence_are_never_mixed() {
        let (mine, theirs) = ("Es gibt 14 Tage Frist.", "Es gibt 7 Wochen Frist.");
        let parts = merge("Es gibt 7 Tage Frist.", mine, theirs);
        assert_eq!(conflicts(&parts), 1);
        assert_eq!(settle(&parts, &[]), Err(DomainError::missing("sides")));
        assert_eq!(settle(&parts, &[Side::Mine]).as_deref(), Ok(mine));
        assert_eq!(settle(&parts, &[Side::Theirs]).as_deref(), Ok(theirs));
    }

    #[test]
    fn both_change_alike_and_the_text_of_a_marker_is_text() {
        let parts = merge("a", "=======\n<<<<<<< ours", "=======\n<<<<<<< ours");
        assert_eq!(settle(&parts, &[]).as_deref(), Ok("=======\n<<<<<<< ours"));
    }

    #[test]
    fn one_side_that_changed_a_value_wins_and_of_two_the_own() {
        assert_eq!((value(&1, &1, &2), value(&1, &3, &1), value(&1, &3, &2)), (2, 3, 3));
    }

    #[test]
    fn what_is_too_much_to_ask_is_one_question() {
        let text =
            |seed: usize, n: usize| (0..n).map(|i| format!("Satz {i} von {seed}. ")).collect::<String>();
        for n in [60, 3_000] {
            let (base, mine, theirs) = (text(1, n), text(2, n), text(3, n));
            let parts = merge(&base, &mine, &theirs);
            assert_eq!(parts, [Part::Conflict { base, mine, theirs }]);
        }
        let long = text(1, 3_000);
        assert_eq!(merge(&long, &long, "kurz"), [Part::Agreed("kurz".into())]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(base in "[a-c.\n ]{0,40}", mine in "[a-c.\n ]{0,40}", theirs in "[a-c.\n ]{0,40}") {
            prop_assert_eq!(sentences(&base).concat(), base.as_str());
            prop_assert_eq!(settle(&merge(&base, &mine, &base), &[]), Ok(mine.clone()));
            prop_assert_eq!(settle(&merge(&base, &base, &theirs), &[]), Ok(theirs.clone()));
            // The same question has the same sides, whoever asks.
            let (here, there) = (merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
            prop_assert_eq!(conflicts(&here), conflicts(&there));
        }
    }
}
