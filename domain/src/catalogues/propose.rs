//! Which goal a measure serves: proposed from its headings and its words, each time with the reason; a person decides.

use super::GoalKey;
use crate::prose::Folded;
use serde::{Deserialize, Serialize};

/// Why a goal is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "said")]
pub enum Why {
    /// A heading above names it.
    Heading(String),
    /// These words of the text speak of it.
    Words(Vec<String>),
}

/// A proposed goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub goal: GoalKey,
    pub why: Why,
}

use GoalKey as G;

/// Words of headings (folded) that name one goal. The German names are those of the Anlage zu § 9 BDSG a.F. and of the usual outline.
#[rustfmt::skip]
static HEADINGS: [(&str, GoalKey); 59] = [
    ("zutritt", G::PhysicalAccess), ("physical access", G::PhysicalAccess),
    ("physical security", G::PhysicalAccess), ("gebaeude", G::PhysicalAccess),
    ("zugangskontrolle", G::SystemAccess), ("system access", G::SystemAccess),
    ("authentifizier", G::SystemAccess), ("identification and auth", G::SystemAccess),
    ("zugriff", G::DataAccess), ("data access", G::DataAccess), ("berechtigung", G::DataAccess),
    ("authorisation", G::DataAccess), ("trennung", G::Separation), ("trennbarkeit", G::Separation),
    ("mandanten", G::Separation), ("separation", G::Separation), ("pseudonymisierung", G::Pseudonymisation),
    ("anonymisierung", G::Pseudonymisation), ("pseudonymisation", G::Pseudonymisation),
    ("verschluesselung", G::Encryption), ("encryption", G::Encryption), ("kryptograph", G::Encryption),
    ("weitergabe", G::Transfer), ("uebertragung", G::Transfer), ("transport", G::Transfer),
    ("transfer", G::Transfer), ("transmission", G::Transfer), ("eingabe", G::Input),
    ("input control", G::Input), ("protokollierung", G::Input), ("logging", G::Input),
    ("incident", G::Incident), ("vorfall", G::Incident), ("datenpanne", G::Incident), ("breach", G::Incident),
    ("voreinstellung", G::ByDefault), ("by default", G::ByDefault), ("by design", G::ByDefault),
    ("auftragskontrolle", G::Instructions), ("dienstleister", G::Instructions),
    ("unterauftrag", G::Instructions), ("processor", G::Instructions), ("loeschung", G::Deletion),
    ("loeschkonzept", G::Deletion), ("deletion", G::Deletion), ("erasure", G::Deletion),
    ("schulung", G::Personnel), ("personal", G::Personnel), ("training", G::Personnel),
    ("verfuegbarkeitskontrolle", G::Availability), ("availability control", G::Availability),
    ("datensicherung", G::Availability), ("wiederherstell", G::Recovery), ("restor", G::Recovery),
    ("recover", G::Recovery), ("belastbarkeit", G::Resilience), ("resilience", G::Resilience),
    ("ueberpruefung", G::Review), ("datenschutz-management", G::Governance),
];

/// Headings that name a protection goal only; words of the text decide first.
#[rustfmt::skip]
static BROAD: [(&str, GoalKey); 10] = [
    ("vertraulichkeit", G::DataAccess), ("confidential", G::DataAccess), ("integritaet", G::Input),
    ("integrity", G::Input), ("verfuegbarkeit", G::Availability), ("availab", G::Availability),
    ("evaluierung", G::Review), ("evaluation", G::Review), ("anweisung", G::Governance),
    ("dokumentation", G::Governance),
];

/// Word beginnings (folded) that speak of a goal.
#[rustfmt::skip]
static PROFILES: [(GoalKey, &[&str]); 22] = [
    (G::Pseudonymisation, &["pseudonym", "anonym", "aliasnummer"]),
    (G::Encryption, &["verschluessel", "encrypt", "aes", "schluesselverwaltung", "kryptograph", "bitlocker"]),
    (G::PhysicalAccess, &["zutritt", "alarmanlage", "schliessanlage", "tuer", "kamera", "videoueberwach", "raeume", "raeumen", "raeumlichkeiten", "gebaeude", "einbruch", "besucher", "serverraum", "serverschraenke", "ausweis", "pfoertner", "glasbruch", "door", "badge", "visitor", "cctv", "premises"]),
    (G::SystemAccess, &["passwort", "passwoerter", "kennwort", "anmeld", "zugangskennung", "kennungen", "benutzername", "bildschirm", "firewall", "zwei-faktor", "mehr-faktor", "mfa", "authentifi", "log-in", "login", "password", "remote-zugriff", "vpn"]),
    (G::DataAccess, &["berechtigung", "zugriffsrecht", "rollen", "need-to-know", "rechtevergabe", "least privilege", "access right", "authoris", "permission", "administrationszugriff"]),
    (G::Separation, &["mandant", "getrennt", "trennung", "testsystem", "produktivsystem", "produktionsdaten", "entwicklungsdaten", "tenant", "separate"]),
    (G::Transfer, &["uebertrag", "uebermitt", "transport", "weitergabe", "weitergegeben", "tls", "ssl", "ipsec", "ip-sec", "vpn", "sftp", "e-mail", "mailverkehr", "versand", "datentraeger versend", "transmi", "transfer"]),
    (G::Input, &["protokollier", "changelog", "aenderungsprotokoll", "eingegeben", "dateneingabe", "logdatei", "audit-log", "nachvollzieh", "logged", "audit trail"]),
    (G::Availability, &["backup", "datensicherung", "usv", "notstrom", "diesel", "klimatisier", "klimaanlage", "brandmelde", "loeschanlage", "virenschutz", "redundan", "raid", "stromversorgung", "verfuegbar", "updates", "schadsoftware", "malware", "availab"]),
    (G::Resilience, &["belastbar", "lasttest", "leistungsreserve", "kapazitaet", "skalier", "ausgetauscht", "capacity", "load test", "resilien"]),
    (G::Recovery, &["wiederherstell", "wiederanlauf", "ruecksicher", "rueckspiel", "restore", "recovery", "rto", "rpo", "notfallkonzept", "notfallplan"]),
    (G::Review, &["ueberpruef", "evaluier", "wirksamkeit", "jahrespruefung", "internes audit", "interne audits", "bewertet", "penetrationstest", "effectiveness", "evaluat"]),
    (G::Incident, &["vorfall", "vorfaelle", "datenpanne", "datenschutzverletzung", "incident", "72 stunden", "eskaliert", "breach", "aufsichtsbehoerde gemeldet"]),
    (G::ByDefault, &["voreinstell", "vorbelegt", "by default", "opt-in", "privacy by", "standardmaessig deaktiviert", "standardmaessig ausgeschaltet"]),
    (G::Instructions, &["weisung", "auftragsverarbeit", "unterauftrag", "dienstleister", "avv", "erstkontrolle", "auftragsdatenverarbeit", "instruction", "sub-processor"]),
    (G::Personnel, &["verpflichtet", "verpflichtung", "verschwiegenheit", "schulung", "geschult", "unterwiesen", "vertraulichkeitserklaerung", "training", "trained", "commitment"]),
    (G::Governance, &["richtlinie", "datenschutzbeauftragt", "datenschutz-management", "verzeichnis von verarbeitung", "dienstanweisung", "verhaltensregeln", "policy", "policies", "konzept"]),
    (G::Deletion, &["geloescht", "loeschung", "loeschfrist", "loeschkonzept", "loeschprotokoll", "vernicht", "din 66399", "21964", "delet", "erased", "shred", "aufbewahrungsfrist"]),
    (G::Minimisation, &["datenminimierung", "datensparsam", "nur die erforderlichen", "pflichtfelder", "minimis", "statistischen zwecken"]),
    (G::Quality, &["datenqualitaet", "plausibilitaet", "dubletten", "richtigkeit", "accuracy", "plausib", "data quality"]),
    (G::Intervention, &["betroffenenrecht", "auskunft", "berichtigung", "widerspruch", "datenuebertragbarkeit", "data subject", "portability"]),
    (G::Certification, &["zertifiz", "iso 27001", "iso/iec 27001", "testat", "c5", "certifi", "attestation"]),
];

/// The words of a text that speak of each goal, the goal with most of them first.
fn profile(folded: &str) -> Vec<(GoalKey, Vec<String>)> {
    // A word begins at the start or after what is no letter.
    let begins = |w: &str| {
        folded
            .match_indices(w)
            .any(|(i, _)| !folded.get(..i).unwrap_or_default().ends_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let mut out: Vec<(GoalKey, Vec<String>)> = PROFILES
        .iter()
        .map(|(g, words)| {
            (*g, words.iter().filter(|w| begins(w)).map(|w| (*w).to_owned()).collect::<Vec<_>>())
        })
        .filter(|(_, words)| !words.is_empty())
        .collect();
    out.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
    out
}

fn of_heading(heading: &str, table: &[(&str, GoalKey)]) -> Option<GoalKey> {
    let folded = Folded::of(heading).text;
    table.iter().filter_map(|(w, g)| folded.find(w).map(|i| (i, *g))).min_by_key(|(i, _)| *i).map(|(_, g)| g)
}

/// The goals that a measure serves. `headings` stand above it, outermost first. The innermost heading that names a goal wins; under a
/// heading that names a protection goal only ("Vertraulichkeit") the words of the text decide.
pub fn propose<'a>(
    headings: impl DoubleEndedIterator<Item = &'a str> + Clone,
    label: &str,
    text: &str,
) -> Vec<Proposal> {
    let mut out: Vec<Proposal> = Vec::new();
    let named = headings.clone().rev().find_map(|h| of_heading(h, &HEADINGS).map(|g| (g, h)));
    if let Some((goal, h)) = named {
        out.push(Proposal { goal, why: Why::Heading(h.to_owned()) });
    }
    let words = profile(&Folded::of(&format!("{label} {text}")).text);
    let strong = words.into_iter().filter(|(_, w)| named.is_none() || w.len() >= 2).take(2);
    for (goal, said) in strong {
        if out.iter().all(|p| p.goal != goal) {
            out.push(Proposal { goal, why: Why::Words(said) });
        }
    }
    if out.is_empty()
        && let Some((goal, h)) = headings.rev().find_map(|h| of_heading(h, &BROAD).map(|g| (g, h)))
    {
        out.push(Proposal { goal, why: Why::Heading(h.to_owned()) });
    }
    out
}

/// A goal that the text speaks of more clearly than of the one it stands under: by two words, and the other is not named at all or
/// less than half as often.
pub fn misfiled(under: &[GoalKey], label: &str, text: &str) -> Option<Proposal> {
    let words = profile(&Folded::of(&format!("{label} {text}")).text);
    let here = words.iter().filter(|(g, _)| under.contains(g)).map(|(_, w)| w.len()).max().unwrap_or(0);
    let (goal, said) = words.into_iter().find(|(g, _)| !under.contains(g))?;
    let clear = said.len() >= 2 && said.len() > here * 2
        || said.len() == 1 && here == 0 && text.split_whitespace().count() <= 12;
    (clear && !under.is_empty()).then_some(Proposal { goal, why: Why::Words(said) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_words_propose_a_goal_with_the_reason() {
        let goals = |headings: &[&str], text: &str| {
            propose(headings.iter().copied(), "", text).iter().map(|p| p.goal).collect::<Vec<_>>()
        };
        assert_eq!(
            goals(&["A. Vertraulichkeit", "1. Zutrittskontrolle"], "Es gibt Schlüssel."),
            [G::PhysicalAccess]
        );
        assert_eq!(goals(&["A. Vertraulichkeit", "2. Zugangskontrolle"], "Zwei-Faktor"), [G::SystemAccess]);
        assert_eq!(
            goals(&["Gewährleistung der Vertraulichkeit"], "Alle sind zur Verschwiegenheit verpflichtet."),
            [G::Personnel]
        );
        assert_eq!(goals(&["Gewährleistung der Vertraulichkeit"], "Wir achten darauf."), [G::DataAccess]);
        assert_eq!(goals(&["Verschlüsselung"], "Datenträger sind mit AES verschlüsselt."), [G::Encryption]);
        assert_eq!(goals(&["Sonstiges"], "Nichts Bekanntes."), []);
    }

    #[test]
    fn a_text_under_the_wrong_goal_is_noticed_and_one_word_of_another_is_not_enough() {
        let of = |under, text| misfiled(&[under], "", text).map(|p| p.goal);
        assert_eq!(
            of(
                G::SystemAccess,
                "Datenträger werden nach DIN 66399 vernichtet, Daten nach 90 Tagen gelöscht."
            ),
            Some(G::Deletion)
        );
        assert_eq!(
            of(
                G::SystemAccess,
                "Die Anmeldung verlangt Passwort und zweiten Faktor; der Serverraum ist verschlossen."
            ),
            None
        );
        assert_eq!(
            of(G::Encryption, "Zugang zu den Räumen haben nur befugte Personen."),
            Some(G::PhysicalAccess)
        );
        assert_eq!(
            of(G::Instructions, "Die Verarbeitung findet in den Räumlichkeiten statt."),
            Some(G::PhysicalAccess)
        );
    }
}
