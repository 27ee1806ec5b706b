//! Rules that one measure's own words decide. The browser runs them while somebody types.

use super::pattern::{ROWS, Reach, Ready};
use super::rules::Rule;
use super::{Hint, Place};
use crate::catalogues::law;
use crate::parameters::{self, Key, Op, Parameter, Unit};
use crate::pattern::{Regex, pattern};
use crate::prose::{Folded, sentences};
use jiff::civil::Date;
use std::sync::LazyLock;

/// Longest text of one measure in characters, and most sentences (S13).
const LONG: usize = 600;
const MANY: usize = 5;
/// Shortest password in characters (BSI ORP.4), and longest storage of video in seconds (72 hours).
const PASSWORD: i64 = 8_000;
const CCTV: i64 = 72 * 3_600;
/// A password maximum from here on is no weakness, in thousandths of a character.
const PASSWORD_CEILING: i64 = 64_000;

static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| ROWS.iter().map(super::pattern::Row::ready).collect());

/// A text made ready for the rules.
pub(super) struct Read<'a> {
    pub label: &'a str,
    pub text: &'a str,
    /// `label: text`, as rules read it.
    pub whole: String,
    pub folded: String,
    pub sentences: Vec<Part>,
    pub parameters: Vec<Parameter>,
}

/// One sentence.
pub(super) struct Part {
    pub source: String,
    pub folded: Folded,
}

impl<'a> Read<'a> {
    pub fn of(label: &'a str, text: &'a str) -> Read<'a> {
        let whole = if label.is_empty() { text.to_owned() } else { format!("{label}: {text}") };
        let parts = sentences(&whole)
            .into_iter()
            .map(|r| {
                let source = whole.get(r).unwrap_or_default().to_owned();
                Part { folded: Folded::of(&source), source }
            })
            .collect();
        let folded = Folded::of(&whole).text;
        Read { label, text, folded, sentences: parts, parameters: parameters::find(label, text), whole }
    }
}

/// The hints that a measure's label and text give by themselves. `today` decides which law is in force.
pub fn of_text(label: &str, text: &str, today: Date) -> Vec<Hint> {
    let mut out = read(&Read::of(label, text), today);
    out.sort_by_key(|h| (h.rule.severity(), h.rule));
    out
}

pub(super) fn read(r: &Read, today: Date) -> Vec<Hint> {
    let mut out = Vec::new();
    for row in READY.iter().filter(|row| row.needs.iter().any(|w| r.folded.contains(w))) {
        let excused = |part: &Part| match (&row.unless, row.reach) {
            (None, _) => false,
            (Some(re), Reach::Sentence) => re.is_match(&part.folded.text),
            (Some(re), Reach::Measure) => re.is_match(&r.folded),
        };
        for part in &r.sentences {
            if let Some(m) = row.hit.find(&part.folded.text)
                && !excused(part)
            {
                out.push(hint(row.rule, quote(part, m.range()), part));
            }
        }
    }
    superseded(r, today, &mut out);
    shape(r, &mut out);
    numbers(r, &mut out);
    once(&mut out);
    out
}

/// Two rows of a rule may find the same sentence.
fn once(hints: &mut Vec<Hint>) {
    let mut seen: Vec<(Rule, String)> = Vec::new();
    hints.retain(|h| {
        let key = (h.rule, h.sentence.clone());
        let new = !seen.contains(&key);
        if new {
            seen.push(key);
        }
        new
    });
}

pub(super) fn quote(part: &Part, range: std::ops::Range<usize>) -> String {
    part.source.get(part.folded.source(range)).unwrap_or_default().trim().to_owned()
}

pub(super) fn hint(rule: Rule, quote: String, part: &Part) -> Hint {
    Hint { rule, place: Place::Measure(0), quote, sentence: part.source.clone(), about: String::new() }
}

/// L02 and L08: law and standards that are out of force, from the dated list.
fn superseded(r: &Read, today: Date, out: &mut Vec<Hint>) {
    static FORMER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(frueher|ehemals|vormals|formerly|previously|bis (zum )?(november|mai|\d+\.))")
    });
    let gone = law().iter().filter(|l| l.valid_to.is_some_and(|end| end < today));
    for l in gone {
        let rule = if l.is_standard() { Rule::L08 } else { Rule::L02 };
        for name in l.names.iter().filter(|n| r.folded.contains(n.as_str())) {
            for part in &r.sentences {
                if let Some(i) = part.folded.text.find(name)
                    && !FORMER.is_match(&part.folded.text)
                {
                    let about = l.successor().to_owned();
                    out.push(Hint { about, ..hint(rule, quote(part, i..i + name.len()), part) });
                }
            }
        }
    }
}

/// S13, S14 and S16: how long, whether anything is done, whether the label is kept.
fn shape(r: &Read, out: &mut Vec<Hint>) {
    let count = sentences(r.text).len();
    if r.text.chars().count() > LONG || count > MANY {
        out.push(Hint {
            rule: Rule::S13,
            place: Place::Measure(0),
            quote: String::new(),
            sentence: r.text.to_owned(),
            about: count.to_string(),
        });
    }
    // With a label before it a name alone may still be a measure's whole text.
    if is_noun_only(r.text) {
        out.push(Hint {
            rule: Rule::S14,
            place: Place::Measure(0),
            quote: r.text.to_owned(),
            sentence: r.text.to_owned(),
            about: String::new(),
        });
    }
    if let Some(missing) = unkept(r) {
        out.push(Hint {
            rule: Rule::S16,
            place: Place::Measure(0),
            quote: missing.clone(),
            sentence: r.whole.clone(),
            about: missing,
        });
    }
}

/// Whether a short text names a thing and says nothing of it: no word that could be a verb.
fn is_noun_only(text: &str) -> bool {
    const VERBS: &str = r"\b(ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|hatte|kann|koennen|darf|duerfen|muss|muessen|soll|sollen|liegt|liegen|steht|stehen|gibt|geben|laeuft|laufen|gilt|gelten|nimmt|nehmen|traegt|tragen|haelt|halten|gehen|geht|sehen|sieht|loesen|schliessen|schliesst|leerraeumen|abschliessen|empfehlen|raten|bestehen|erfolgen|erhalten|verwenden|nutzen|pruefen|sichern|schuetzen|sperren|verfuegen|entsprechen|sorgen|melden|orientieren|is|are|was|were|has|have|had|can|may|must|shall|will|runs?|keeps?|holds?|uses?)\b";
    static VERB: LazyLock<Regex> = LazyLock::new(|| pattern(VERBS));
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > 12 {
        return false;
    }
    let folded = Folded::of(text).text;
    if VERB.is_match(&folded) {
        return false;
    }
    // A small word that ends as German verbs and participles do ("prüft", "gesichert", "versperren" at the end).
    const NO_VERBS: [&str; 34] = [
        "mit",
        "seit",
        "nicht",
        "samt",
        "direkt",
        "fest",
        "gesamt",
        "selbst",
        "und",
        "bereits",
        "erst",
        "laut",
        "statt",
        "bekannt",
        "leicht",
        "dort",
        "sofort",
        "jetzt",
        "zuletzt",
        "insgesamt",
        "gut",
        "oft",
        "fast",
        "gemeinsamt",
        "at",
        "without",
        "not",
        "fit",
        "of",
        "against",
        "recht",
        "echt",
        "sonst",
        "getrennt",
    ];
    let verbal = |w: &str| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric());
        let small = w.starts_with(char::is_lowercase);
        let ends = ["t", "te", "ten"].iter().any(|e| w.ends_with(e)) && w.chars().count() > 3;
        // "geschützte Räume" is an adjective: it goes before its noun.
        small && ends && !NO_VERBS.contains(&w) && w.ends_with('t')
    };
    // "die Fernwartung verlangen": small, right after its noun; an adjective goes before one, a preposition is listed.
    const PREPOSITIONS: [&str; 10] =
        ["gegen", "zwischen", "neben", "wegen", "innen", "außen", "unten", "oben", "hinten", "samt"];
    let plural = words.windows(2).any(|pair| match pair {
        [noun, w] => {
            let w = w.trim_matches(|c: char| !c.is_alphanumeric());
            noun.starts_with(char::is_uppercase)
                && w.starts_with(char::is_lowercase)
                && w.chars().count() > 4
                && w.ends_with('n')
                && !PREPOSITIONS.contains(&w)
        }
        _ => false,
    });
    !plural && !words.iter().any(|w| verbal(w))
}

/// A part of a label that its text never speaks of, where it speaks of another part: "Begrenzung/Protokollierung".
fn unkept(r: &Read) -> Option<String> {
    static CUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(/|, | und | and | sowie )"));
    if r.label.is_empty() {
        return None;
    }
    let label = Folded::of(r.label).text;
    let text = Folded::of(r.text).text;
    let parts: Vec<&str> = CUT.split(&label).collect();
    if parts.len() < 2 {
        return None;
    }
    // The first long word of a part, shortened: "Protokollierung" is kept by "protokolliert".
    let stem = |part: &str| {
        let words = part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() >= 4);
        let mut telling = words
            .filter(|w| !["trennung", "verschluesselung", "regelung", "sicherung", "schutz"].contains(w));
        let word = telling.next()?;
        let short = word.trim_start_matches("rueck");
        Some((
            word.to_owned(),
            short.chars().take(short.len().saturating_sub(3).clamp(4, 8)).collect::<String>(),
        ))
    };
    const SAME: [(&str, &[&str]); 5] = [
        ("ueberwach", &["monitor", "kontroll"]),
        ("begrenz", &["sperr", "hoechstens", "maximal", "lock", "limit"]),
        ("lock", &["sperr", "block", "suspend"]),
        ("ruecknahme", &["zurueck", "returned"]),
        ("anmeld", &["login", "log-in"]),
    ];
    let kept = |(word, stem): &(String, String)| {
        text.contains(stem)
            || SAME.iter().any(|(w, others)| word.starts_with(w) && others.iter().any(|o| text.contains(o)))
    };
    let stems: Vec<(String, String)> = parts.into_iter().filter_map(stem).collect();
    let some = stems.iter().any(kept);
    let missing = stems.iter().find(|s| !kept(s))?;
    // "Umwelteinflüsse, Notfallprävention, insb. Brandschutz" is a list of matters, no promise of three things done.
    let done = ["ung", "grenzung", "ausgabe", "nahme", "test", "ing", "out", "lock", "icherung"]
        .iter()
        .any(|e| missing.0.ends_with(e));
    (some && done).then(|| {
        let at = Folded::of(r.label);
        let i = at.text.find(&missing.0).unwrap_or(0);
        r.label.get(at.source(i..i + missing.0.len())).unwrap_or_default().to_owned()
    })
}

/// T01, T02, T07 and I01: what the numbers say.
fn numbers(r: &Read, out: &mut Vec<Hint>) {
    let part = |p: &Parameter| r.sentences.iter().find(|s| s.source.contains(&p.quote));
    let excused = |s: &Part, words: &[&str]| words.iter().any(|w| s.folded.text.contains(w));
    for p in &r.parameters {
        let (Some(s), Some(value)) = (part(p), p.measure()) else { continue };
        let rule = match p.key {
            Key::PasswordMax
                if value < PASSWORD_CEILING
                    && !r.parameters.iter().any(|o| o.key == Key::PasswordMin && o.quote == p.quote) =>
            {
                // A device PIN that locks is no password.
                (!excused(s, &["pin", "mindestens", "at least"]) || s.folded.text.contains("passw"))
                    .then_some(Rule::T01)
            }
            Key::PasswordMin if value < PASSWORD && p.op != Op::Max => (p.unit == Unit::Characters
                && !excused(s, &["pin der", "kundennummer", "letzten"]))
            .then_some(Rule::T02),
            Key::CctvRetention if value > CCTV => (!excused(
                s,
                &["interessenabwaeg", "begruend", "keine video", "videoueberwachung gibt es nicht"],
            ))
            .then_some(Rule::T07),
            _ => None,
        };
        if let Some(rule) = rule {
            out.push(hint(rule, p.quote.clone(), s));
        }
    }
    limited_password(r, out);
    mixed(r, out);
}

/// T01 where the limit is said another way: "auf 6 Zeichen begrenzt".
fn limited_password(r: &Read, out: &mut Vec<Hint>) {
    static LIMIT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(passw|kennw)[^.]*\b(auf|to) (\w+) (zeichen|characters)[^.]*(begrenzt|beschraenkt|limited)")
    });
    for s in &r.sentences {
        if let Some(m) = LIMIT.find(&s.folded.text) {
            out.push(hint(Rule::T01, quote(s, m.range()), s));
        }
    }
}

/// I01: decimal points and commas, 24x7 and 7x24 side by side.
fn mixed(r: &Read, out: &mut Vec<Hint>) {
    if let Some((a, b)) = two_ways(&r.folded) {
        let s = r.sentences.iter().find(|s| s.folded.text.contains(&b));
        let about = a;
        if let Some(s) = s {
            let i = s.folded.text.find(&b).unwrap_or(0);
            out.push(Hint { about, ..hint(Rule::I01, quote(s, i..i + b.len()), s) });
        }
    }
}

/// Two ways of writing a number in one text.
pub(super) fn two_ways(folded: &str) -> Option<(String, String)> {
    static POINT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d+\.\d{1,2} ?(%|~c\b|grad|prozent)"));
    static COMMA: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d+,\d{1,2}\b"));
    static FORTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b24 ?x ?7\b"));
    static BACK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b7 ?x ?24"));
    let both = |a: &Regex, b: &Regex| {
        Some((a.find(folded)?.as_str().to_owned(), b.find(folded)?.as_str().to_owned()))
    };
    both(&COMMA, &POINT).or_else(|| both(&FORTH, &BACK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_what_is_wrong_with_it_and_where() {
        let today = Date::constant(2026, 11, 23);
        let hints = of_text(
            "",
            "Die Daten sind jederzeit verfügbar. Die Techniker sind nach § 88 TKG verpflichtet.",
            today,
        );
        let said: Vec<_> = hints.iter().map(|h| (h.rule, h.quote.as_str(), h.about.as_str())).collect();
        assert_eq!(said, [(Rule::S05, "jederzeit", ""), (Rule::L02, "§ 88 TKG", "§ 3 TDDDG")]);
        assert!(of_text("", "Der Bildschirm sperrt nach 10 Minuten ohne Eingabe.", today).is_empty());
        let then = Date::constant(2020, 1, 1);
        assert!(
            of_text("", "Nach § 88 TKG verpflichtet sind alle.", then).is_empty(),
            "it was in force then"
        );
    }

    #[test]
    fn a_hint_keeps_its_mark_until_its_sentence_changes() {
        let today = Date::constant(2026, 11, 23);
        let mark = |text: &str| of_text("", text, today).first().map(Hint::mark);
        let first = mark("Die Daten sind jederzeit verfügbar.");
        assert!(first.is_some());
        assert_eq!(first, mark("Vorher ein Satz. Die  Daten sind jederzeit\nverfügbar."));
        assert_ne!(first, mark("Die Daten sind jederzeit für alle verfügbar."));
    }
}
