//! What a sentence speaks of, told by its nouns: whether two sentences are about the same thing.

use super::text::Part;
use crate::prose::Folded;
use std::collections::BTreeSet;

/// The words of a sentence that name things (written with a capital, five letters or more), folded; units and what every rule of this
/// kind speaks of are left out.
pub(super) fn nouns(part: &Part) -> BTreeSet<String> {
    const COMMON: [&str; 40] = [
        "sitzung",
        "sitzungen",
        "session",
        "sessions",
        "minuten",
        "stunden",
        "sekunden",
        "tagen",
        "monaten",
        "wochen",
        "jahre",
        "zeichen",
        "eingabe",
        "passwoerter",
        "passwort",
        "kennwoerter",
        "kennwort",
        "benutzername",
        "benutzernamen",
        "verfuegbarkeit",
        "jahresmittel",
        "generationen",
        "bildschirm",
        "prozent",
        "passwords",
        "password",
        "minutes",
        "hours",
        "years",
        "availability",
        "personen",
        "zugriff",
        "zugang",
        "zutritt",
        "fuer",
        "diese",
        "jeder",
        "alle",
        "garantierte",
        "passwords",
    ];
    part.source
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|w| w.starts_with(char::is_uppercase))
        .map(|w| Folded::of(w).text)
        .filter(|w| w.len() >= 5 && !COMMON.contains(&w.as_str()))
        .collect()
}

/// Whether two sentences speak of the same thing: they share one, or neither names any.
pub(super) fn same_subject(a: &Part, b: &Part) -> bool {
    let (a, b) = (nouns(a), nouns(b));
    a.is_empty() && b.is_empty() || a.intersection(&b).next().is_some()
}

/// Whether two sentences speak of related things: one's noun ends in the other's ("Kundendaten" and "Daten").
pub(super) fn related(a: &Part, b: &Part) -> bool {
    let (a, b) = (nouns(a), nouns(b));
    a.iter().any(|x| b.iter().any(|y| x.ends_with(y.as_str()) || y.ends_with(x.as_str())))
}
