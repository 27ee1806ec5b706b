//! What a section of a document protects (Schutzziel), told by its heading: the rings of the overview.

crate::import::words! {
    /// What a section protects (Schutzziel), in the order of Art. 32(1) GDPR.
    Protection {
        /// Lit. a: pseudonymisation and encryption.
        Pseudonymisation = "pseudonymisation",
        /// Lit. b.
        Confidentiality = "confidentiality",
        Integrity = "integrity",
        Availability = "availability",
        Resilience = "resilience",
        /// Lit. c.
        Recovery = "recovery",
        /// Lit. d.
        Review = "review",
        /// A heading that names none of them.
        Other = "other",
    }
}

/// Words of headings, German and English, and what they stand for. The old controls (Anlage zu § 9 BDSG a.F.) stand where
/// the usual A to D outline has them.
static NAMES: [(&str, Protection); 26] = [
    ("pseudonym", Protection::Pseudonymisation),
    ("anonymi", Protection::Pseudonymisation),
    ("verschlüssel", Protection::Pseudonymisation),
    ("encrypt", Protection::Pseudonymisation),
    ("vertraulichkeit", Protection::Confidentiality),
    ("confidential", Protection::Confidentiality),
    ("zutrittskontrolle", Protection::Confidentiality),
    ("zugangskontrolle", Protection::Confidentiality),
    ("zugriffskontrolle", Protection::Confidentiality),
    ("trennungs", Protection::Confidentiality),
    ("trennbarkeit", Protection::Confidentiality),
    ("integrität", Protection::Integrity),
    ("integrity", Protection::Integrity),
    ("weitergabekontrolle", Protection::Integrity),
    ("eingabekontrolle", Protection::Integrity),
    ("verfügbarkeit", Protection::Availability),
    ("availability", Protection::Availability),
    ("belastbarkeit", Protection::Resilience),
    ("resilience", Protection::Resilience),
    ("wiederherstell", Protection::Recovery),
    ("recovery", Protection::Recovery),
    ("restor", Protection::Recovery),
    ("überprüfung", Protection::Review),
    ("evaluierung", Protection::Review),
    ("auftragskontrolle", Protection::Review),
    ("evaluati", Protection::Review),
];

/// What one heading names, each goal once.
fn named(title: &str) -> Vec<Protection> {
    let title = title.to_lowercase();
    let has = |p: &Protection| NAMES.iter().any(|(word, of)| of == p && title.contains(word));
    let mut out: Vec<Protection> = Protection::ALL.into_iter().filter(has).collect();
    // "Wiederherstellung der Verfügbarkeit" is recovery.
    if out.contains(&Protection::Recovery) {
        out.retain(|p| *p != Protection::Availability);
    }
    out
}

/// What a measure protects, told by the headings above it, outermost first. A heading that names several ("Verfügbarkeit und
/// Belastbarkeit") leaves it to those below to say which; where none does, the first counts.
pub fn protection<'a>(headings: impl IntoIterator<Item = &'a str>) -> Protection {
    let mut open: Vec<Protection> = Vec::new();
    for heading in headings {
        let mut found = named(heading);
        if !open.is_empty() {
            found.retain(|p| open.contains(p));
        }
        match found.as_slice() {
            [one] => return *one,
            [_, ..] => open = found,
            [] => {}
        }
    }
    open.first().copied().unwrap_or(Protection::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_what_is_protected() {
        use Protection as P;
        let table: [(&[&str], Protection); 12] = [
            (
                &["A. Vertraulichkeit (Art. 32 Abs. 1 lit. b DSGVO)", "5. Pseudonymisierung"],
                P::Confidentiality,
            ),
            (&["Gewährleistung der Integrität"], P::Integrity),
            (&["Verfügbarkeit und Belastbarkeit", "Verfügbarkeitskontrolle"], P::Availability),
            (&["Verfügbarkeit und Belastbarkeit", "Belastbarkeit der Systeme"], P::Resilience),
            (&["Verfügbarkeit und Belastbarkeit", "Notfälle"], P::Availability),
            (&["Wiederherstellung der Verfügbarkeit"], P::Recovery),
            (&["Verfahren zur regelmäßigen Überprüfung, Bewertung und Evaluierung"], P::Review),
            (&["Verschlüsselung"], P::Pseudonymisation),
            (&["Maßnahmen", "Zutrittskontrolle"], P::Confidentiality),
            (&["Ensuring confidentiality"], P::Confidentiality),
            (&["Interne Anweisungen"], P::Other),
            (&[], P::Other),
        ];
        for (headings, want) in table {
            assert_eq!(protection(headings.iter().copied()), want, "{headings:?}");
        }
    }
}
