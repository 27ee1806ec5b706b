//! Goals of the two catalogues as data: nine sections after Art. 32(1) GDPR, and A to D. Definitions of A to D are the
//! statute's own words (Anlage zu § 9 Satz 1 BDSG a.F., free under § 5(1) UrhG).

use crate::codes::Scheme;

/// A goal: its place, canonical key, German title, legal basis, statutory definition.
pub struct Goal {
    pub code: &'static str,
    pub key: &'static str,
    pub title: &'static str,
    pub law: &'static str,
    pub definition: &'static str,
}

const fn goal(
    code: &'static str,
    key: &'static str,
    title: &'static str,
    law: &'static str,
    definition: &'static str,
) -> Goal {
    Goal { code, key, title, law, definition }
}

/// The goals of a scheme, in order.
pub fn goals(scheme: Scheme) -> &'static [Goal] {
    match scheme {
        Scheme::Nine => &NINE,
        Scheme::Abcd => &ABCD,
    }
}

/// The headings of a scheme's sections, each with its legal basis in brackets.
pub fn sections(scheme: Scheme) -> Vec<String> {
    match scheme {
        Scheme::Nine => NINE.iter().map(|g| format!("{} ({})", g.title, g.law)).collect(),
        Scheme::Abcd => ABCD_SECTIONS.iter().map(|s| (*s).to_owned()).collect(),
    }
}

/// A to D after Art. 32(1) lit. b and d GDPR.
static ABCD_SECTIONS: [&str; 4] = [
    "Vertraulichkeit (Art. 32 Abs. 1 lit. b DSGVO)",
    "Integrität (Art. 32 Abs. 1 lit. b DSGVO)",
    "Verfügbarkeit und Belastbarkeit (Art. 32 Abs. 1 lit. b DSGVO)",
    "Verfahren zur regelmäßigen Überprüfung, Bewertung und Evaluierung (Art. 32 Abs. 1 lit. d, Art. 25 Abs. 1 DSGVO)",
];

static NINE: [Goal; 9] = [
    goal("1", "pseudonymisation", "Pseudonymisierung und Anonymisierung", "Art. 32 Abs. 1 lit. a DSGVO", ""),
    goal("2", "encryption", "Verschlüsselung", "Art. 32 Abs. 1 lit. a DSGVO", ""),
    goal("3", "confidentiality", "Gewährleistung der Vertraulichkeit", "Art. 32 Abs. 1 lit. b DSGVO", ""),
    goal("4", "integrity", "Gewährleistung der Integrität", "Art. 32 Abs. 1 lit. b DSGVO", ""),
    goal("5", "availability", "Gewährleistung der Verfügbarkeit", "Art. 32 Abs. 1 lit. b DSGVO", ""),
    goal("6", "resilience", "Gewährleistung der Belastbarkeit", "Art. 32 Abs. 1 lit. b DSGVO", ""),
    goal("7", "recovery", "Wiederherstellung der Verfügbarkeit", "Art. 32 Abs. 1 lit. c DSGVO", ""),
    goal("8", "review", "Überprüfung, Bewertung und Evaluierung", "Art. 32 Abs. 1 lit. d DSGVO", ""),
    goal("9", "governance", "Interne Anweisungen und Dokumentationen", "Art. 24 Abs. 2 DSGVO", ""),
];

static ABCD: [Goal; 11] = [
    goal(
        "A.1",
        "physical_access",
        "Zutrittskontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Unbefugten den Zutritt zu Datenverarbeitungsanlagen, mit denen personenbezogene Daten verarbeitet oder genutzt werden, zu verwehren.",
    ),
    goal(
        "A.2",
        "system_access",
        "Zugangskontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu verhindern, dass Datenverarbeitungssysteme von Unbefugten genutzt werden können.",
    ),
    goal(
        "A.3",
        "data_access",
        "Zugriffskontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu gewährleisten, dass die zur Benutzung eines Datenverarbeitungssystems Berechtigten ausschließlich auf die ihrer Zugriffsberechtigung unterliegenden Daten zugreifen können.",
    ),
    goal(
        "A.4",
        "separation",
        "Trennungskontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu gewährleisten, dass zu unterschiedlichen Zwecken erhobene Daten getrennt verarbeitet werden können.",
    ),
    goal("A.5", "pseudonymisation", "Pseudonymisierung", "Art. 32 Abs. 1 lit. a DSGVO", ""),
    goal(
        "B.1",
        "transfer",
        "Weitergabekontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu gewährleisten, dass personenbezogene Daten bei der elektronischen Übertragung oder während ihres Transports nicht unbefugt gelesen, kopiert, verändert oder entfernt werden können, und dass überprüft und festgestellt werden kann, an welche Stellen eine Übermittlung vorgesehen ist.",
    ),
    goal(
        "B.2",
        "input",
        "Eingabekontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu gewährleisten, dass nachträglich überprüft und festgestellt werden kann, ob und von wem personenbezogene Daten eingegeben, verändert oder entfernt worden sind.",
    ),
    goal(
        "C.1",
        "availability",
        "Verfügbarkeitskontrolle",
        "Art. 32 Abs. 1 lit. b DSGVO",
        "Zu gewährleisten, dass personenbezogene Daten gegen zufällige Zerstörung oder Verlust geschützt sind.",
    ),
    goal("D.1", "incident", "Incident-Response-Management", "Art. 32 Abs. 1 lit. d DSGVO", ""),
    goal("D.2", "by_default", "Datenschutzfreundliche Voreinstellungen", "Art. 25 Abs. 2 DSGVO", ""),
    goal(
        "D.3",
        "instructions",
        "Auftragskontrolle",
        "Art. 28 DSGVO",
        "Zu gewährleisten, dass personenbezogene Daten, die im Auftrag verarbeitet werden, nur entsprechend den Weisungen des Auftraggebers verarbeitet werden können.",
    ),
];

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
        for scheme in [Scheme::Nine, Scheme::Abcd] {
            let all: Vec<Protection> = sections(scheme).iter().map(|s| protection([s.as_str()])).collect();
            let other = all.iter().filter(|p| **p == P::Other).count();
            assert_eq!(
                other,
                usize::from(scheme == Scheme::Nine),
                "only internal rules protect nothing by themselves"
            );
        }
    }
}
