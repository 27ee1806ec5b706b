//! Search (Suche) over labels, texts, owners, parameters and titles: terms, results, marks.

mod analyse;

pub use analyse::{MAX_TERM, PART, Stems, Term, finds, fold, query, stems, terms};

use crate::error::DomainError;
use crate::ids::{DocumentId, EvidenceId, MeasureId};
use crate::policy::Permit;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::Range;

/// Most results that are shown; the page says when there are more.
pub const SHOWN: usize = 50;
/// Most hits that are weighed against each other.
pub const WEIGHED: usize = 500;
/// Longest query that is read, in characters.
pub const MAX_QUERY: usize = 300;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "id")]
pub enum Object {
    Document(DocumentId),
    Measure(MeasureId),
    Evidence(EvidenceId),
}

/// One result: its title and an excerpt, each with the hit's places marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub object: Object,
    pub title: Marked,
    pub excerpt: Marked,
    /// Where it stands: document, owner, names of parameters.
    pub place: Marked,
}

/// A text in stretches; `true` where the query hit.
pub type Marked = Vec<(bool, String)>;

/// What a search gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    pub query: String,
    pub hits: Vec<Hit>,
    /// How many there are; [`WEIGHED`] stands for that many or more.
    pub total: usize,
}

/// Use cases of search.
#[async_trait::async_trait]
pub trait SearchService: Send + Sync {
    async fn search(&self, permit: Permit, query: String) -> Result<Results, DomainError>;
}

/// A word of a query, with the words of the index that it finds beside its own prefix.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub word: String,
    pub known: HashSet<String>,
}

impl Asked {
    /// From the words that exist; those that the rule does not hold for are left out.
    pub fn of(word: String, existing: impl IntoIterator<Item = String>) -> Asked {
        let known = existing.into_iter().filter(|t| finds(&word, t)).collect();
        Asked { word, known }
    }

    pub fn finds(&self, term: &str) -> bool {
        term == self.word
            || (self.word.len() >= 2 && term.starts_with(&self.word))
            || self.known.contains(term)
    }
}

/// Where the words of a query stand in a text.
pub fn hits(text: &str, query: &[Asked]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = terms(text)
        .into_iter()
        .filter(|t| query.iter().any(|q| q.finds(&t.folded)))
        .map(|t| t.range)
        .collect();
    out.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
    // A hyphenated word and its parts overlap.
    out.dedup_by(|b, a| b.start < a.end);
    out
}

/// The text in stretches, cut around the first hit where it is long.
pub fn marked(text: &str, query: &[Asked], longest: usize) -> Marked {
    let found = hits(text, query);
    let first = found.first().map_or(0, |r| r.start);
    let start = window(text, first, longest);
    let end = text.char_indices().filter(|(i, _)| *i >= start).nth(longest).map_or(text.len(), |(i, _)| i);
    let mut out = Marked::new();
    let mut at = start;
    if start > 0 {
        out.push((false, "… ".to_owned()));
    }
    for r in found.into_iter().filter(|r| r.start >= start && r.end <= end) {
        if r.start > at {
            out.push((false, text.get(at..r.start).unwrap_or_default().to_owned()));
        }
        at = r.end;
        out.push((true, text.get(r).unwrap_or_default().to_owned()));
    }
    out.push((false, text.get(at..end).unwrap_or_default().to_owned()));
    if end < text.len() {
        out.push((false, " …".to_owned()));
    }
    out.retain(|(_, t)| !t.is_empty());
    out
}

/// Where an excerpt begins: a few words before the first hit.
fn window(text: &str, hit: usize, longest: usize) -> usize {
    if text.chars().count() <= longest {
        return 0;
    }
    let before = text.get(..hit).unwrap_or_default();
    let far: Vec<(usize, char)> = before.char_indices().rev().take(60).collect();
    match far.last() {
        Some((0, _)) | None => 0,
        Some(_) => far.iter().rev().find(|(_, c)| c.is_whitespace()).map_or(hit, |(i, c)| i + c.len_utf8()),
    }
}

/// How well a text answers: every word of the query in the title counts most, whole words more than parts.
pub fn weight(title: &str, text: &str, query: &[Asked]) -> u32 {
    let of = |words: &[Term], exact: u32, other: u32| -> u32 {
        query
            .iter()
            .map(|q| {
                let whole = words.iter().any(|t| t.folded == q.word);
                if whole { exact } else { other * u32::from(words.iter().any(|t| q.finds(&t.folded))) }
            })
            .sum()
    };
    of(&terms(title), 8, 5) + of(&terms(text), 3, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, q: &str) -> Vec<Asked> {
        let existing: Vec<String> = terms(text).into_iter().map(|t| t.folded).collect();
        query(q).into_iter().map(|w| Asked::of(w, existing.clone())).collect()
    }

    #[test]
    fn words_find_each_other_by_fold_stem_prefix_and_part() {
        let yes = [
            ("Karten", "Zutrittskarten"),
            ("Schluessel", "Schlüssel"),
            ("Schlussel", "Schlüssel"),
            ("überprüfen", "Überprüfung"),
            ("Strasse", "Straße"),
            ("encrypt", "encrypted"),
            ("Verschl", "Verschlüsselung"),
            ("1.3", "1.3"),
            ("final", "ﬁnale"),
            ("email", "E-Mail"),
            ("E-Mail", "Emails"),
            ("Faktor", "Zwei-Faktor-Anmeldung"),
        ];
        for (q, text) in yes {
            let q = asked(text, q);
            assert!(!hits(text, &q).is_empty(), "{q:?} finds {text}");
        }
        let no =
            [("Art", "Karten"), ("Gas", "Löschgas"), ("a", "alle"), ("Kartell", "Karte"), ("1.3", "1.2")];
        for (q, text) in no {
            let q = asked(text, q);
            assert!(hits(text, &q).is_empty(), "{q:?} does not find {text}");
        }
        assert!(query("\"*()%_\\';-- 🔒").is_empty());
    }

    #[test]
    fn an_excerpt_is_cut_around_its_hit_and_marks_it() {
        let text =
            format!("{} Zutrittskarten werden quittiert. {}", "Vorher ".repeat(40), "Nachher ".repeat(40));
        let m = marked(&text, &asked(&text, "Karten"), 120);
        assert!(m.contains(&(true, "Zutrittskarten".to_owned())), "{m:?}");
        assert!(m.iter().map(|(_, t)| t.chars().count()).sum::<usize>() <= 124);
        assert_eq!(m.first().map(|f| f.1.as_str()), Some("… "));
        assert_eq!(marked("kurz", &asked("kurz", "Karten"), 120), [(false, "kurz".to_owned())]);
    }
}
