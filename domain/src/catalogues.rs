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
