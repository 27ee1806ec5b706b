//! Facts of a text that look like parameters and are none.

use crate::pattern::{Match, Regex, pattern};
use crate::prose::Folded;
use std::sync::LazyLock;

crate::import::words! {
    /// Why something that looks like a fact is no parameter.
    NotParameter {
        /// A place: it belongs to the scope or to the sub-processor.
        Place = "place",
        /// Names a check or paper that was made: evidence to ask for, no value.
        Evidence = "evidence",
        /// A list of roles: they are assigned, not measured.
        Roles = "roles",
    }
}

/// Facts of a text that are no parameters, each with the reason.
pub fn not_parameters(text: &str) -> Vec<(String, NotParameter)> {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bin (?:[a-z]+ )?([A-ZÄÖÜ][^\s.,;:()]+)"));
    static CHECKED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(erstkontrolle|erstpruefung(?:en)?|initial audit)\b"));
    static ROLES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(a\) [^.;]+?b\) [^.;]+)"));
    const CITIES: [&str; 16] = [
        "Berlin",
        "Hamburg",
        "München",
        "Köln",
        "Frankfurt",
        "Stuttgart",
        "Düsseldorf",
        "Leipzig",
        "Dortmund",
        "Essen",
        "Bremen",
        "Dresden",
        "Hannover",
        "Nürnberg",
        "Munich",
        "Vienna",
    ];
    let folded = Folded::of(text);
    let mut out = Vec::new();
    let cities = PLACE
        .captures_iter(text)
        .filter_map(|c| c.get(1))
        .filter(|m| CITIES.iter().any(|city| m.as_str().starts_with(city)));
    out.extend(cities.map(|m| (m.as_str().to_owned(), NotParameter::Place)));
    let mut said = |re: &Regex, why| {
        let quote = |m: Match<'_>| text.get(folded.source(m.range())).unwrap_or_default().trim().to_owned();
        out.extend(re.captures_iter(&folded.text).filter_map(|c| c.get(1)).map(|m| (quote(m), why)));
    };
    said(&CHECKED, NotParameter::Evidence);
    said(&ROLES, NotParameter::Roles);
    out
}
