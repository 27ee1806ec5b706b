//! Finds the parameters of a text: every number with a unit, every interval, every named technique.
//!
//! A sentence is cut into clauses; the words of the clause, then of the sentence, then of the label tell what a value measures.
//! What is found is a proposal: a person confirms it.

use super::patterns::*;
use super::quantity::{duration, number, often};
use super::{Key, Op, Parameter, Unit};
use crate::pattern::{Captures, Regex};
use crate::prose::{Folded, sentences};
use std::ops::Range;

/// The parameters of a text, in order. `label` stands before the text and counts as context only.
pub fn find(label: &str, text: &str) -> Vec<Parameter> {
    let label = Folded::of(label).text;
    let of = |source: &str| {
        let folded = Folded::of(source);
        Sentence { source, folded: &folded, label: &label, taken: Vec::new(), found: Vec::new() }.read()
    };
    sentences(text).into_iter().flat_map(|s| of(text.get(s).unwrap_or_default())).collect()
}

/// A sentence while it is read: what was taken is not read twice.
struct Sentence<'a> {
    source: &'a str,
    folded: &'a Folded,
    label: &'a str,
    taken: Vec<Range<usize>>,
    found: Vec<(usize, Parameter)>,
}

impl Sentence<'_> {
    fn read(mut self) -> Vec<Parameter> {
        // Most sentences hold neither a number nor a word of time: a look is much cheaper than twenty patterns.
        const NUMBERS: [&str; 24] = [
            "ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
            "zwoelf", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "twelve", "doppelt",
        ];
        const TIMES: [&str; 24] = [
            "lich", "weise", "regelm", "laufend", "turnus", "period", "abstaend", "regular", "interval",
            "time", "ly", "mehrere", "several", "umgehend", "undue", "taeg", "taetig", "moeglich", "rund um",
            "around", "round", "twice", "once", "dreifach",
        ];
        let text = self.folded.text.as_str();
        let holds = |list: &[&str]| list.iter().any(|w| text.contains(w));
        let digit = text.bytes().any(|b| b.is_ascii_digit());
        let (number, time) = (digit || holds(&NUMBERS), holds(&TIMES));
        const NAMES: [&str; 18] = [
            "iso",
            "c5",
            "soc",
            "tisax",
            "pci",
            "it-grund",
            "ssl",
            "tls",
            "sec",
            "mime",
            "pgp",
            "wireguard",
            "ftp",
            "http",
            "aes",
            "rsa",
            "mta-sts",
            "dane",
        ];
        if holds(&NAMES) || text.contains("24") || time {
            self.named();
        }
        if number || time {
            self.cadences();
        }
        if number {
            self.quantities();
        }
        if number || time || text.contains('(') {
            self.words();
        }
        self.found.sort_by_key(|(at, _)| *at);
        self.found.into_iter().map(|(_, p)| p).collect()
    }

    /// Runs a pattern over what is left; `make` gives the parameter of a match.
    fn each(&mut self, re: &Regex, mut make: impl FnMut(&Self, &Captures) -> Vec<(Key, Op, String, Unit)>) {
        for c in re.captures_iter(&self.folded.text) {
            let Some(all) = c.get(0) else { continue };
            let range = all.range();
            if self.taken.iter().any(|t| t.start < range.end && range.start < t.end) {
                continue;
            }
            let made = make(self, &c);
            if made.is_empty() {
                continue;
            }
            let quote = self
                .source
                .get(self.folded.source(range.clone()))
                .unwrap_or_default()
                .trim()
                .replace("**", "");
            for (key, op, value, unit) in made {
                self.found.push((range.start, Parameter { key, op, value, unit, quote: quote.clone() }));
            }
            self.taken.push(range);
        }
    }

    /// The clause around a place: what stands between commas, semicolons and "und".
    fn clause(&self, at: usize) -> &str {
        let text = &self.folded.text;
        // A comma between digits is a decimal sign.
        let cuts = || {
            text.match_indices([',', ';', '(', ')']).map(|(i, _)| i).filter(|i| {
                let digit = |s: Option<&str>, end: bool| {
                    s.is_some_and(|s| {
                        if end {
                            s.ends_with(|c: char| c.is_ascii_digit())
                        } else {
                            s.starts_with(|c: char| c.is_ascii_digit())
                        }
                    })
                };
                !(digit(text.get(..*i), true) && digit(text.get(i + 1..), false))
            })
        };
        let start = cuts().take_while(|i| *i < at).fold(0, |_, i| i + 1);
        let end = cuts().find(|i| *i >= at).unwrap_or(text.len());
        text.get(start..end).unwrap_or_default()
    }

    fn named(&mut self) {
        self.each(&CERTIFICATE, |s, c| match c.get(1) {
            Some(m) => vec![(Key::Certificate, Op::Eq, s.said(m.range()), Unit::Text)],
            None => Vec::new(),
        });
        self.each(&PROTOCOL, |s, c| match c.get(1) {
            Some(m) => vec![(
                Key::CryptoProtocol,
                if m.as_str().contains("hoeher") || m.as_str().contains("higher") { Op::Min } else { Op::Eq },
                s.said(m.range()),
                Unit::Text,
            )],
            None => Vec::new(),
        });
        self.each(&AROUND, |_, _| vec![(Key::Coverage, Op::Eq, "24x7".into(), Unit::Text)]);
    }

    fn cadences(&mut self) {
        let at_least = |c: &Captures| match c.get(1).map(|m| m.as_str()) {
            // At least weekly: at most a week lies between two.
            Some("maximal" | "hoechstens") => Op::Min,
            Some(_) => Op::Max,
            None => Op::Eq,
        };
        self.each(&TIMES, |_, c| {
            let iso = often(times(text(c, 2)).unwrap_or(0), text(c, 3));
            iso.map(|v| (Key::Interval, at_least(c), v, Unit::Duration)).into_iter().collect()
        });
        self.each(&ADVERB_TIMES, |_, c| {
            let iso = often(times(text(c, 2)).unwrap_or(0), span_of(text(c, 1)));
            iso.map(|v| (Key::Interval, Op::Eq, v, Unit::Duration)).into_iter().collect()
        });
        self.each(&TIMES_ADVERB, |_, c| {
            let iso = often(times(text(c, 2)).unwrap_or(0), span_of(text(c, 3)));
            iso.map(|v| (Key::Interval, at_least(c), v, Unit::Duration)).into_iter().collect()
        });
        self.each(&ADVERB, |_, c| {
            adverb(text(c, 2))
                .map(|v| (Key::Interval, at_least(c), v.to_owned(), Unit::Duration))
                .into_iter()
                .collect()
        });
    }

    fn quantities(&mut self) {
        self.each(&FAILED, |_, c| {
            number(text(c, 1)).map(|n| (Key::FailedAttempts, Op::Max, n, Unit::Count)).into_iter().collect()
        });
        self.each(&LEVELS, |_, c| {
            vec![(Key::DestructionLevel, Op::Min, text(c, 2).to_owned(), Unit::Levels)]
        });
        self.each(&HARD, |_, _| vec![(Key::Switchover, Op::Max, "PT1M".into(), Unit::Duration)]);
        self.each(&BETWEEN, |s, c| {
            let (Some(low), Some(high)) = (number(text(c, 1)), number(text(c, 2))) else { return Vec::new() };
            let unit = text(c, 3);
            if unit.starts_with("zeichen") || unit.starts_with("char") {
                let (min, max) = if s.speaks_of(c, &["passw", "kennw"]) {
                    (Key::PasswordMin, Key::PasswordMax)
                } else {
                    (Key::Count, Key::Count)
                };
                return vec![(min, Op::Min, low, Unit::Characters), (max, Op::Max, high, Unit::Characters)];
            }
            let both = |n: &str| duration(n, unit);
            match (both(&low), both(&high)) {
                (Some(low), Some(high)) => {
                    let key = s.key_of_duration(c, None);
                    vec![(key, Op::Min, low, Unit::Duration), (key, Op::Max, high, Unit::Duration)]
                }
                _ => Vec::new(),
            }
        });
        self.each(&PAIR, |_, c| {
            let rate = |i| number(text(c, i)).map(|n| (Key::Capacity, Op::Eq, n, Unit::Gbit));
            [rate(1), rate(2)].into_iter().flatten().collect()
        });
        self.each(&QUANTITY, |s, c| s.quantity(c).into_iter().collect());
    }

    fn words(&mut self) {
        self.each(&COPIES, |s, c| {
            let saved = s.speaks_of(c, &["sicher", "backup", "gespeichert", "kopie", "copies", "stored"]);
            let op = if c.get(1).is_some() { Op::Min } else { Op::Eq };
            saved
                .then(|| number(text(c, 2)).map(|n| (Key::BackupCopies, op, n, Unit::Copies)))
                .flatten()
                .into_iter()
                .collect()
        });
        self.each(&SEVERAL, |s, c| {
            let key = s.key_of_duration(c, None);
            c.get(1).map(|m| (key, Op::Approx, s.said(m.range()), Unit::Text)).into_iter().collect()
        });
        self.each(&VAGUE, |s, c| {
            c.get(1).map(|m| (Key::Interval, Op::Approx, s.said(m.range()), Unit::Text)).into_iter().collect()
        });
        self.each(&SOON, |s, c| {
            c.get(1).map(|m| (Key::Deadline, Op::Approx, s.said(m.range()), Unit::Text)).into_iter().collect()
        });
        self.each(&CLASSES, |s, c| {
            let graded = s.speaks_of(c, &["klassifizier", "stufe", "klasse", "level", "class"]);
            if graded { vec![(Key::Classification, Op::Eq, "3".into(), Unit::Levels)] } else { Vec::new() }
        });
        self.each(&COUNTED, |s, c| {
            let Some(n) = number(text(c, 2)) else { return Vec::new() };
            let (adjective, noun) = (text(c, 3), text(c, 4));
            // "ein" is an article, and what follows must be a thing, written with a capital.
            let thing = c.get(4).is_some_and(|m| s.said(m.range()).starts_with(char::is_uppercase));
            let bare = text(c, 2).starts_with("ein") || text(c, 2) == "one" || n.contains('.');
            if bare || !thing || ["abs", "art", "satz", "teil", "uhr"].contains(&noun) || s.cites(c) {
                return Vec::new();
            }
            let key = if !adjective.is_empty() { Key::Redundancy } else { Key::Count };
            vec![(key, bound(c, 1), n, Unit::Count)]
        });
        self.each(&AT_LEAST, |_, c| {
            number(text(c, 2)).map(|n| (Key::Redundancy, Op::Min, n, Unit::Count)).into_iter().collect()
        });
    }

    /// Whether a number is part of a citation (`Art. 32`, `§ 88`, `ISO 27001`).
    fn cites(&self, c: &Captures) -> bool {
        let Some(m) = c.get(2) else { return false };
        let before = self.folded.text.get(..m.start()).unwrap_or_default().trim_end();
        [
            "art.", "abs.", "nr.", "par", "iso", "din", "kap.", "satz", "lit.", "ziff.", "no.", "(", "-",
            "stufe", "klasse", "version", "tls",
        ]
        .iter()
        .any(|w| before.ends_with(w))
    }

    fn said(&self, range: Range<usize>) -> String {
        self.source.get(self.folded.source(range)).unwrap_or_default().trim().to_owned()
    }

    /// Whether the clause, the sentence or the label holds one of these word beginnings.
    fn speaks_of(&self, c: &Captures, words: &[&str]) -> bool {
        let at = c.get(0).map_or(0, |m| m.start());
        [self.clause(at), self.folded.text.as_str(), self.label]
            .iter()
            .any(|t| words.iter().any(|w| t.contains(w)))
    }

    fn quantity(&self, c: &Captures) -> Option<(Key, Op, String, Unit)> {
        let n = number(text(c, 2))?;
        let unit = text(c, 3);
        let op = bound(c, 1);
        let at = c.get(2).map_or(0, |m| m.start());
        if unit.starts_with("zeichen") || unit.starts_with("char") {
            // The nearer word before the number says whose length it is.
            let key = self.nearest(
                at,
                &[
                    "passw",
                    "kennw",
                    "benutzername",
                    "user name",
                    "username",
                    "uuid",
                    "kennung",
                    "identifier",
                    "pin",
                ],
            );
            return Some(match key {
                Some("benutzername" | "user name" | "username") => {
                    (Key::UsernameMax, op, n, Unit::Characters)
                }
                Some("uuid" | "kennung" | "identifier") => (Key::IdentifierLength, op, n, Unit::Characters),
                Some(_) if op == Op::Max => (Key::PasswordMax, op, n, Unit::Characters),
                Some(_) => (Key::PasswordMin, op, n, Unit::Characters),
                None => (Key::Count, op, n, Unit::Characters),
            });
        }
        if unit.starts_with("generation") {
            return Some((Key::BackupGenerations, op, n, Unit::Generations));
        }
        if unit == "kopien" || unit == "copies" {
            return Some((Key::BackupCopies, op, n, Unit::Copies));
        }
        if unit == "%" || unit.starts_with("pro") || unit == "percent" {
            let key = if self.clause(at).contains("verfuegbar") || self.clause(at).contains("availab") {
                Key::Availability
            } else if matches!(text(c, 1), "unter" | "below") {
                Key::Threshold
            } else {
                Key::Share
            };
            return Some((key, op, n, Unit::Percent));
        }
        if unit.ends_with("bit/s") {
            return Some((
                Key::Capacity,
                op,
                if unit.starts_with('m') { thousandth(&n)? } else { n },
                Unit::Gbit,
            ));
        }
        if unit == "bit" {
            return Some((Key::KeyLength, op, n, Unit::Bit));
        }
        if unit.starts_with("mega") || unit == "mw" {
            return Some((Key::Capacity, op, n, Unit::Megawatt));
        }
        // "eine Woche" may be an article; with "alle" it is an interval.
        let iso = duration(&n, unit)?;
        let every = matches!(text(c, 1), "alle" | "every" | "each" | "je");
        if every {
            return Some((Key::Interval, Op::Eq, iso, Unit::Duration));
        }
        if text(c, 2).starts_with("ein") && text(c, 1).is_empty() {
            return None;
        }
        Some((self.key_of_duration(c, Some(text(c, 1))), op, iso, Unit::Duration))
    }

    /// The word of a list that stands nearest before a place, else nearest after it.
    fn nearest<'w>(&self, at: usize, words: &[&'w str]) -> Option<&'w str> {
        let before = self.folded.text.get(..at).unwrap_or_default();
        let last = words.iter().filter_map(|w| before.rfind(w).map(|i| (i, *w))).max_by_key(|(i, _)| *i);
        let rest = self.folded.text.get(at..).unwrap_or_default();
        let first = || words.iter().filter_map(|w| rest.find(w).map(|i| (i, *w))).min_by_key(|(i, _)| *i);
        let label = || words.iter().find(|w| self.label.contains(**w)).map(|w| (0, *w));
        last.or_else(first).or_else(label).map(|(_, w)| w)
    }

    fn key_of_duration(&self, c: &Captures, said: Option<&str>) -> Key {
        const TABLE: [(&[&str], Key); 15] = [
            (&["kamera", "video", "cctv", "camera"], Key::CctvRetention),
            (&["bildschirm", "screen lock", "screensaver", "screen saver"], Key::ScreenLock),
            (&["session", "sitzung", "inaktiv", "inactiv", "idle"], Key::SessionIdleTimeout),
            (&["gesperrt", "kontosperr", "locked out", "lockout", "lock-out"], Key::LockoutDuration),
            (
                &["im voraus", "vorher", "ankuendig", "vorlauf", "in advance", "beforehand", "notice"],
                Key::NoticePeriod,
            ),
            (&["loesch", "geloescht", "delet", "erased"], Key::DeletionPeriod),
            (
                &["ausgetauscht", "austausch", "ersetzt", "erneuert", "replaced", "replacement"],
                Key::ReplacementCycle,
            ),
            (&["rpo", "datenverlust", "data loss"], Key::RecoveryPoint),
            (
                &[
                    "stoerung",
                    "beheb",
                    "behoben",
                    "wiederherstell",
                    "wiederanlauf",
                    "rto",
                    "restored",
                    "recover",
                ],
                Key::RecoveryTime,
            ),
            (&["treibstoff", "notstrom", "ueberbrueck", "fuel", "autonom", "betrieb bei"], Key::Autonomy),
            (
                &[
                    "aufbewahr",
                    "speicher",
                    "gespeichert",
                    "vorgehalten",
                    "retention",
                    "retained",
                    "stored",
                    "kept",
                    "protokoll",
                ],
                Key::Retention,
            ),
            (
                &[
                    "gemeldet",
                    "meldung",
                    "melden",
                    "benachrichtig",
                    "reported",
                    "notified",
                    "bearbeitet",
                    "eingespielt",
                    "entzogen",
                    "installed",
                    "revoked",
                ],
                Key::Deadline,
            ),
            (&["passwortwechsel", "passwort", "password"], Key::Interval),
            (&["geprueft", "pruefung", "ueberpruef", "getestet", "test", "review", "checked"], Key::Interval),
            (&["unterbrech", "umschalt", "switch"], Key::Switchover),
        ];
        let at = c.get(0).map_or(0, |m| m.start());
        let of =
            |t: &str| TABLE.iter().find(|(words, _)| words.iter().any(|w| t.contains(w))).map(|(_, k)| *k);
        let limit = matches!(
            said,
            Some("innerhalb von" | "innerhalb" | "binnen" | "within" | "spaetestens" | "no later than")
        );
        let fallback = if limit { Key::Deadline } else { Key::Duration };
        // Under the label "Videoüberwachung" what is kept or deleted is video, whatever the sentence calls it.
        let found = of(self.clause(at)).or_else(|| of(&self.folded.text));
        let kept = matches!(found, Some(Key::Retention | Key::DeletionPeriod));
        if kept && ["kamera", "video", "cctv"].iter().any(|w| self.label.contains(w)) {
            return Key::CctvRetention;
        }
        found.or_else(|| of(self.label)).unwrap_or(fallback)
    }
}

fn text<'c>(c: &'c Captures, i: usize) -> &'c str {
    c.get(i).map_or("", |m| m.as_str())
}

/// How the word before a number binds it.
fn bound(c: &Captures, i: usize) -> Op {
    match text(c, i) {
        "mindestens" | "wenigstens" | "mind." | "minimum" | "minimal" | "at least" | "nicht weniger als" => {
            Op::Min
        }
        "maximal" | "max." | "hoechstens" | "bis zu" | "spaetestens" | "innerhalb von" | "innerhalb"
        | "innert" | "binnen" | "at most" | "within" | "up to" | "no later than" | "laengstens" => Op::Max,
        "ca." | "circa" | "etwa" | "rund" | "approximately" | "approx." | "about" => Op::Approx,
        _ => Op::Eq,
    }
}

fn times(said: &str) -> Option<u32> {
    let word = said
        .trim_end_matches("mal")
        .trim_end_matches("times")
        .trim_end_matches('x')
        .trim_end_matches([' ', '-']);
    number(if word.is_empty() { said } else { word })?.parse().ok()
}

fn span_of(adverb: &str) -> &'static str {
    match adverb {
        a if a.starts_with("jaehr") || a.starts_with("year") => "jahr",
        a if a.starts_with("mon") => "monat",
        a if a.starts_with("woech") || a.starts_with("week") => "woche",
        _ => "tag",
    }
}

fn adverb(said: &str) -> Option<&'static str> {
    const TABLE: [(&str, &str); 26] = [
        ("halbstuendlich", "PT30M"),
        ("stuendlich", "PT1H"),
        ("hourly", "PT1H"),
        ("arbeitstaeglich", "P1D"),
        ("werktaeglich", "P1D"),
        ("taeglich", "P1D"),
        ("naechtlich", "P1D"),
        ("daily", "P1D"),
        ("nightly", "P1D"),
        ("vierzehntaegig", "P14D"),
        ("zweiwoechentlich", "P2W"),
        ("fortnightly", "P2W"),
        ("woechentlich", "P1W"),
        ("weekly", "P1W"),
        ("vierteljaehrlich", "P3M"),
        ("quartals", "P3M"),
        ("quarterly", "P3M"),
        ("halbjaehrlich", "P6M"),
        ("half-yearly", "P6M"),
        ("semi-annual", "P6M"),
        ("monatlich", "P1M"),
        ("monthly", "P1M"),
        ("zweijaehrlich", "P2Y"),
        ("jaehrlich", "P1Y"),
        ("yearly", "P1Y"),
        ("annual", "P1Y"),
    ];
    TABLE.iter().find(|(w, _)| said.starts_with(w)).map(|(_, iso)| *iso)
}

fn thousandth(n: &str) -> Option<String> {
    Some((n.parse::<f64>().ok()? / 1000.0).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(label: &str, text: &str) -> Vec<String> {
        find(label, text).iter().map(|p| format!("{} {} {}", p.key, p.op, p.value)).collect()
    }

    #[test]
    fn values_are_found_with_what_they_measure() {
        let table: [(&str, &str, &[&str]); 25] = [
            ("", "Der Bildschirm sperrt nach 600 Sekunden ohne Eingabe.", &["screen_lock eq PT600S"]),
            ("", "Inaktive Sitzungen enden nach 20 Minuten.", &["session_idle_timeout eq PT20M"]),
            ("", "Passwörter haben mindestens zwölf Zeichen.", &["password_min min 12"]),
            (
                "",
                "Kennwörter sind zwischen 12 und 64 Zeichen lang.",
                &["password_min min 12", "password_max max 64"],
            ),
            ("", "Die Wiederherstellung wird zweimal im Jahr getestet.", &["interval eq P6M"]),
            ("", "Mindestens einmal wöchentlich wird das Protokoll gesichtet.", &["interval max P1W"]),
            ("", "Alle drei Monate werden die Rechte geprüft.", &["interval eq P3M"]),
            (
                "Videoüberwachung",
                "Die Aufnahmen werden nach 48 Stunden gelöscht.",
                &["cctv_retention eq PT48H"],
            ),
            ("", "Die Anlage wird jährlich gewartet.", &["interval eq P1Y"]),
            ("", "Die Verfügbarkeit beträgt 99,9 % im Jahresmittel.", &["availability eq 99.9"]),
            ("", "Gesichert wird in mindestens 30 Generationen.", &["backup_generations min 30"]),
            ("", "Videoaufnahmen werden nach 72 Stunden gelöscht.", &["cctv_retention eq PT72H"]),
            (
                "",
                "Zutrittsdaten werden 90 Tage gespeichert, Kamerabilder 48 Stunden.",
                &["retention eq P90D", "cctv_retention eq PT48H"],
            ),
            (
                "",
                "Nach fünf Fehlversuchen wird das Konto 30 Minuten gesperrt.",
                &["failed_attempts max 5", "lockout_duration eq PT30M"],
            ),
            ("", "Kritische Updates werden innerhalb von 72 Stunden eingespielt.", &["deadline max PT72H"]),
            ("", "Wartungen werden vier Wochen im Voraus angekündigt.", &["notice_period eq P4W"]),
            ("", "Die Leitstelle ist rund um die Uhr besetzt.", &["coverage eq 24x7"]),
            (
                "",
                "Übertragen wird mit TLS 1.3, gespeichert mit AES-256.",
                &["crypto_protocol eq TLS 1.3", "crypto_protocol eq AES-256"],
            ),
            (
                "",
                "Das Rechenzentrum ist nach ISO/IEC 27001:2022 zertifiziert.",
                &["certificate eq ISO/IEC 27001:2022"],
            ),
            ("", "Rechte werden regelmäßig geprüft.", &["interval approx regelmäßig"]),
            ("", "Zwei unabhängige Leitungen versorgen das Gebäude.", &["redundancy eq 2"]),
            ("", "Nach Art. 32 Abs. 1 DSGVO und § 203 StGB.", &[]),
            ("", "Ein Jahr und eine Woche sind nichts.", &[]),
            (
                "",
                "Backups are kept for 30 days and tested twice a year.",
                &["retention eq P30D", "interval eq P6M"],
            ),
            ("", "Access rights are reviewed at least once per quarter.", &["interval max P3M"]),
        ];
        for (label, text, want) in table {
            assert_eq!(short(label, text), want, "{text}");
        }
    }

    #[test]
    fn quotes_are_the_texts_own_words() {
        let p = find("", "Die **Verfügbarkeit** beträgt mindestens 99,95 % im Jahr.");
        assert_eq!(p[0].quote, "mindestens 99,95 %");
    }
}
