//! A suggested wording with its values written out: `nach {screen_lock}` becomes "nach 10 Minuten".

use super::{SuggestedParameter, Suggestion, propose, suggestions};
use serde::{Deserialize, Serialize};

/// A suggested wording as a page shows it, its values written out. The data stay on the server: a browser gets what fits a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub id: String,
    pub label: String,
    pub text: String,
    /// The evidence to ask for, and how often.
    pub evidence: String,
    pub interval: String,
}

/// Wordings for the goals that the headings above a place name, in a language (`de` or `en`).
pub fn offered(headings: &[&str], language: &str) -> Vec<Offered> {
    let goals = propose(headings.iter().copied(), "", "");
    let all = goals.into_iter().flat_map(|p| suggestions(p.goal));
    all.map(|s| Offered {
        id: s.id.clone(),
        label: s.label.of(language).to_owned(),
        text: s.words(language),
        evidence: s.evidence.of(language).to_owned(),
        interval: s.interval.clone(),
    })
    .collect()
}

impl Suggestion {
    /// The text in a language (`de` or `en`), its values as a person writes them.
    pub fn words(&self, language: &str) -> String {
        let mut out = String::new();
        for (i, part) in self.text.of(language).split('{').enumerate() {
            let Some((key, rest)) = part.split_once('}').filter(|_| i > 0) else {
                out.push_str(part);
                continue;
            };
            let before = out.split_whitespace().next_back().unwrap_or_default().to_lowercase();
            if let Some(p) = self.parameters.iter().find(|p| p.key == key) {
                out.push_str(&written(p, language, &before));
            }
            out.push_str(rest);
        }
        out
    }
}

/// A value with its unit; `before` is the word that stands in front of it.
fn written(p: &SuggestedParameter, language: &str, before: &str) -> String {
    let german = language != "en";
    let value = if german { p.value.replace('.', ",") } else { p.value.clone() };
    match p.unit.as_str() {
        "duration" => duration(&p.value, german, before).unwrap_or(value),
        "percent" => {
            if german {
                format!("{value} %")
            } else {
                format!("{value}%")
            }
        }
        "characters" => format!("{value} {}", if german { "Zeichen" } else { "characters" }),
        "generations" => format!("{value} {}", if german { "Generationen" } else { "generations" }),
        "copies" => format!("{value} {}", if german { "Kopien" } else { "copies" }),
        "bit" => format!("{value} {}", if german { "Bit" } else { "bits" }),
        // A name (TLS 1.3) and a bare number stand as they are.
        _ => p.value.clone(),
    }
}

/// ISO 8601 with one part. German prepositions ask for the dative: "nach 30 Tagen", but "alle 30 Tage".
fn duration(iso: &str, german: bool, before: &str) -> Option<String> {
    let (time, rest) = match iso.strip_prefix("PT") {
        Some(r) => (true, r),
        None => (false, iso.strip_prefix('P')?),
    };
    let unit = rest.chars().last()?;
    let number: u32 = rest.strip_suffix(unit)?.parse().ok()?;
    let dative = matches!(before, "nach" | "binnen" | "von" | "seit" | "ab" | "mit" | "innerhalb" | "vor");
    let (one, many, many_dative, english) = match (unit, time) {
        ('S', true) => ("Sekunde", "Sekunden", "Sekunden", "second"),
        ('M', true) => ("Minute", "Minuten", "Minuten", "minute"),
        ('H', true) => ("Stunde", "Stunden", "Stunden", "hour"),
        ('D', false) => ("Tag", "Tage", "Tagen", "day"),
        ('W', false) => ("Woche", "Wochen", "Wochen", "week"),
        ('M', false) => ("Monat", "Monate", "Monaten", "month"),
        ('Y', false) => ("Jahr", "Jahre", "Jahren", "year"),
        _ => return None,
    };
    Some(match (german, number) {
        (true, 1) => format!("1 {one}"),
        (true, n) => format!("{n} {}", if dative { many_dative } else { many }),
        (false, 1) => format!("1 {english}"),
        (false, n) => format!("{n} {english}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogues::{GoalKey, suggestions};

    #[test]
    fn every_suggestion_is_written_out_in_both_languages() {
        let all: Vec<&Suggestion> = GoalKey::ALL.into_iter().flat_map(suggestions).collect();
        assert!(all.len() >= 66, "three for each of the 22 goals");
        for s in all {
            for language in ["de", "en"] {
                let text = s.words(language);
                assert!(
                    !text.contains(['{', '}']) && !text.contains("PT") && text.len() > 40,
                    "{}: {text}",
                    s.id
                );
            }
        }
    }

    #[test]
    fn values_are_declined() {
        let table = [
            ("P30D", "nach", "30 Tagen"),
            ("P30D", "alle", "30 Tage"),
            ("P30D", "spätestens", "30 Tage"),
            ("P6M", "binnen", "6 Monaten"),
            ("P1Y", "nach", "1 Jahr"),
            ("PT15M", "mindestens", "15 Minuten"),
        ];
        for (iso, before, want) in table {
            assert_eq!(duration(iso, true, before).as_deref(), Some(want));
        }
        assert_eq!(duration("P6M", false, "every").as_deref(), Some("6 months"));
    }

    #[test]
    fn what_is_suggested_is_found_again_as_a_parameter() {
        let mut found = 0;
        for s in GoalKey::ALL.into_iter().flat_map(suggestions) {
            let read = crate::parameters::find(s.label.of("de"), &s.words("de"));
            found += usize::from(s.parameters.is_empty() || !read.is_empty());
        }
        let all = GoalKey::ALL.into_iter().flat_map(suggestions).count();
        assert!(found * 10 >= all * 9, "{found} of {all}");
    }
}
