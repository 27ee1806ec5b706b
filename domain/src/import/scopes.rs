//! Which scope (Geltungsbereich) some words name, and where a label ends.

use super::tree::Scope;

/// The scope that a heading or the words before a colon name, if they name one.
pub fn named(words: &str) -> Option<Scope> {
    let w = words.to_lowercase();
    let w = w.trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace());
    let has = |list: &[&str]| list.iter().any(|x| w.contains(x));
    let starts = |list: &[&str]| list.iter().any(|x| w.starts_with(x));
    if w.chars().count() > 100 {
        return None;
    }
    if matches!(w, "hosting" | "webhosting" | "hosting-betrieb")
        || starts(&["geltungsbereich hosting", "bereich hosting", "scope hosting"])
    {
        return Some(Scope::Hosting);
    }
    if starts(&[
        "interne datenverarbeitung",
        "interne verarbeitung",
        "interner bereich",
        "internal processing",
        "internal data processing",
    ]) {
        return Some(Scope::Internal);
    }
    let opens = starts(&[
        "verarbeitung ",
        "umgang mit ",
        "processing of ",
        "geltungsbereich",
        "bereich ",
        "scope",
        "eigene daten",
        "kundendaten",
        "daten unserer kunden",
        "customer data",
        "own data",
        "auftragsdaten",
        "für eigene daten",
        "für kundendaten",
    ]);
    if !opens {
        return None;
    }
    if has(&["eigener daten", "eigene daten", "eigenen daten", "own data", "unserer eigenen"]) {
        Some(Scope::Own)
    } else if has(&[
        "kundendaten",
        "daten unserer kunden",
        "daten der kunden",
        "auftragsdaten",
        "daten im auftrag",
        "customer data",
        "data of customers",
        "on behalf",
    ]) {
        Some(Scope::Customer)
    } else {
        None
    }
}

/// Splits `Label: text`. The label is short, one phrase, and its colon is followed by a blank or the end.
pub fn label(text: &str) -> Option<(&str, &str)> {
    let at = text.find(':')?;
    let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
    let tail_ok = tail.is_empty()
        || tail.starts_with(char::is_whitespace)
        || tail.starts_with("**")
        || tail.starts_with("__");
    let ok = tail_ok
        && !head.contains('\n')
        && !head.starts_with('>')
        && (2..=90).contains(&head.chars().count())
        && head.split_whitespace().count() <= 12
        && !has_sentence_end(head);
    ok.then_some((head, tail))
}

/// A full stop followed by a capital ends a sentence, unless it closes a known abbreviation.
fn has_sentence_end(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 22] = [
        "insb.", "z.B.", "B.", "ggf.", "gem.", "Art.", "Abs.", "Nr.", "ca.", "bzw.", "inkl.", "usw.", "etc.",
        "lit.", "Kap.", "vgl.", "d.h.", "h.", "u.a.", "a.", "incl.", "No.",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| match pair {
        [w, next] => {
            w.ends_with(['.', '!', '?'])
                && next.starts_with(char::is_uppercase)
                && !ABBREVIATIONS.iter().any(|a| w.trim_start_matches('(') == *a)
        }
        _ => false,
    })
}

/// Takes `**…**`, `__…__`, `*…*`, `_…_` off both ends and stray pairs inside.
pub fn plain(text: &str) -> String {
    text.replace("**", "")
        .replace("__", "")
        .trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_named_by_general_words() {
        let table = [
            ("Verarbeitung eigener Daten (insb. Vertrieb)", Some(Scope::Own)),
            ("Verarbeitung von Kundendaten im Rechenzentrum", Some(Scope::Customer)),
            ("Processing of customer data", Some(Scope::Customer)),
            ("Hosting", Some(Scope::Hosting)),
            ("Interne Datenverarbeitung", Some(Scope::Internal)),
            ("Datensicherung", None),
            ("Regelung für den Eingang von Kundendaten", None),
        ];
        for (words, want) in table {
            assert_eq!(named(words), want, "{words}");
        }
    }

    #[test]
    fn a_label_is_one_short_phrase_before_a_colon() {
        assert_eq!(label("Backup: täglich"), Some(("Backup", " täglich")));
        assert_eq!(label("Brand, insb. Schutz: ja").map(|l| l.0), Some("Brand, insb. Schutz"));
        assert_eq!(label("Wir sichern. Dabei gilt: täglich"), None);
        assert_eq!(label("um 14:30 Uhr"), None);
    }
}
