//! Rules that need the whole document: duplicates, contradictions, goals without a measure.

use super::rules::Rule;
use super::state::{self, State};
use super::text::{self, Read, hint, quote, two_ways};
use super::{Hint, Place};
use crate::catalogues::{CatalogueCode, GoalKey, catalogue, misfiled, places};
use crate::import::Scope;
use crate::measures::Status;
use crate::parameters::patterns;
use crate::pattern::{Regex, pattern};
use crate::prose::Folded;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// A measure in force as the rules see it.
#[derive(Clone, Debug)]
pub struct Measure {
    pub code: String,
    pub label: String,
    pub text: String,
    pub goals: Vec<GoalKey>,
    pub scope: Scope,
}

/// A goal's heading.
#[derive(Clone, Debug)]
pub struct Goal {
    pub code: String,
    pub title: String,
    pub definition: Option<String>,
    pub goals: Vec<GoalKey>,
}

/// A document as the rules see it.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub goals: Vec<Goal>,
    pub measures: Vec<Measure>,
    /// The catalogue that its goals are held against (D05); `None` for a part of a document.
    pub catalogue: Option<CatalogueCode>,
    /// What only the portal knows; `None` where there is no portal (command line).
    pub state: Option<State>,
}

/// All hints of a document. `today` decides which law is in force and what is late.
pub fn of_document(d: &Document, today: Date) -> Vec<Hint> {
    let mut out = of_texts(d, today);
    out.extend(state::of_state(d, today));
    settle(d, &mut out);
    out
}

/// The hints that the words and goals of a document give, whatever the portal knows.
pub fn of_texts(d: &Document, today: Date) -> Vec<Hint> {
    let read: Vec<Read> = d.measures.iter().map(|m| Read::of(&m.label, &m.text)).collect();
    let mut out = Vec::new();
    for (i, r) in read.iter().enumerate() {
        out.extend(text::read(r, today).into_iter().map(|h| Hint { place: Place::Measure(i), ..h }));
    }
    let all = All { d, read: &read };
    all.goals(&mut out);
    all.placement(&mut out);
    all.duplicates(&mut out);
    all.spellings(&mut out);
    all.roles(&mut out);
    all.values(&mut out);
    all.access(&mut out);
    all.encryption(&mut out);
    out
}

/// Puts hints in order, and leaves out what a measure's status answers: a disclosed gap is no promise that was broken, and what is the
/// customer's duty is no recommendation.
pub fn settle(d: &Document, hints: &mut Vec<Hint>) {
    let status = |p: Place| match (p, &d.state) {
        (Place::Measure(i), Some(s)) => s.measures.get(i).map(|m| m.status),
        _ => None,
    };
    hints.retain(|h| match status(h.place) {
        Some(Status::AcceptedGap) => !matches!(h.rule, Rule::T05 | Rule::T13 | Rule::T10 | Rule::C09),
        Some(Status::CustomerDuty) => h.rule != Rule::S10,
        _ => true,
    });
    hints.sort_by_key(|h| (h.place, h.severity(), h.rule));
}

pub(super) struct All<'a> {
    d: &'a Document,
    pub(super) read: &'a [Read<'a>],
}

patterns! {
    CUSTOMER = r"(\bkundendaten\b|\bauftragsdaten\b|\bdaten (unserer|der|von) (auftraggeber\w*|kunden)\b|\bkunden- (oder|und) \w*daten|\bcustomer data\b)";
    NOT_ANY = r"\b(keine?[nr]?|weder|no)\b[^.]*(kundendaten|auftragsdaten|customer data|daten)";
    PROVIDER = r"\bauftragnehmer[ns]?\b";
    CLIENT = r"\bauftraggeber[ns]?\b";
    AS_CLIENT = r"\bals auftraggeber\b";
    MISQUOTED = r"\ban welchen stellen\b";
    SENT = r"(uebermitt|uebertrag)";
}

impl All<'_> {
    pub(super) fn at(&self, i: usize, h: Hint) -> Hint {
        Hint { place: Place::Measure(i), ..h }
    }

    pub(super) fn code(&self, i: usize) -> String {
        self.d.measures.get(i).map(|m| m.code.clone()).unwrap_or_default()
    }

    /// S12, L11 and D05.
    fn goals(&self, out: &mut Vec<Hint>) {
        for (i, g) in self.d.goals.iter().enumerate() {
            let said = |rule, quote: String| Hint {
                rule,
                place: Place::Goal(i),
                sentence: quote.clone(),
                quote,
                about: g.title.clone(),
            };
            match &g.definition {
                None => out.push(said(Rule::S12, String::new())),
                Some(text) => {
                    let folded = Folded::of(text);
                    if let Some(m) = MISQUOTED.find(&folded.text)
                        && SENT.is_match(&folded.text)
                    {
                        out.push(said(
                            Rule::L11,
                            text.get(folded.source(m.range())).unwrap_or_default().to_owned(),
                        ));
                    }
                }
            }
        }
        let Some(code) = self.d.catalogue else { return };
        let covered: BTreeSet<&str> = self.d.measures.iter().flat_map(|m| places(&m.goals, code)).collect();
        for goal in catalogue(code).leaves().filter(|g| !covered.contains(g.code.as_str())) {
            let about = format!("{} {}", goal.code, goal.title.de);
            out.push(Hint {
                rule: Rule::D05,
                place: Place::Document,
                quote: String::new(),
                sentence: String::new(),
                about,
            });
        }
    }

    /// S15 and C08: whether a measure stands where it belongs.
    fn placement(&self, out: &mut Vec<Hint>) {
        for (i, (m, r)) in self.d.measures.iter().zip(self.read).enumerate() {
            if let Some(p) = misfiled(&m.goals, &m.label, &m.text) {
                let sentence = m.text.clone();
                out.push(Hint {
                    rule: Rule::S15,
                    place: Place::Measure(i),
                    quote: String::new(),
                    sentence,
                    about: p.goal.to_string(),
                });
            }
            if m.scope == Scope::Own {
                for s in &r.sentences {
                    if let Some(found) = CUSTOMER.find(&s.folded.text)
                        && !NOT_ANY.is_match(&s.folded.text)
                    {
                        out.push(self.at(i, hint(Rule::C08, quote(s, found.range()), s)));
                    }
                }
            }
        }
    }

    /// C01 and C02: the same measure, the same sentence.
    fn duplicates(&self, out: &mut Vec<Hint>) {
        let mut whole: HashMap<String, usize> = HashMap::new();
        let mut twins: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (i, m) in self.d.measures.iter().enumerate() {
            let key = plain(&Folded::of(&m.text).text);
            if key.len() < 16 {
                continue;
            }
            match whole.get(&key) {
                Some(first) => {
                    twins.insert((*first, i));
                    let (rule, sentence) = (Rule::C01, m.text.clone());
                    out.push(Hint {
                        rule,
                        place: Place::Measure(i),
                        quote: String::new(),
                        sentence,
                        about: self.code(*first),
                    });
                }
                None => {
                    whole.insert(key, i);
                }
            }
        }
        let mut said: HashMap<String, usize> = HashMap::new();
        for (i, r) in self.read.iter().enumerate() {
            for s in r.sentences.iter().filter(|s| s.folded.text.split(' ').count() >= 6) {
                // The first sentence carries the label; it is the same without it.
                let text = match (r.label.is_empty(), s.source.strip_prefix(r.label)) {
                    (false, Some(rest)) => Folded::of(rest).text,
                    _ => s.folded.text.clone(),
                };
                let key = plain(&text);
                match said.get(&key) {
                    Some(first) if *first != i && !twins.contains(&(*first, i)) => {
                        out.push(
                            self.at(
                                i,
                                Hint { about: self.code(*first), ..hint(Rule::C02, String::new(), s) },
                            ),
                        );
                    }
                    Some(_) => {}
                    None => {
                        said.insert(key, i);
                    }
                }
            }
        }
    }

    /// L04, D01 and I01: one thing, two spellings.
    fn spellings(&self, out: &mut Vec<Hint>) {
        let holds = |word: &str| self.read.iter().filter(|r| r.folded.contains(word)).count();
        let (joined, split) = (holds("dsgvo"), holds("ds-gvo"));
        if joined > 0 && split > 0 {
            let seldom = if split <= joined { "ds-gvo" } else { "dsgvo" };
            self.first_of_each(Rule::L04, seldom, out);
        }
        let mut names: HashMap<String, String> = HashMap::new();
        for (i, r) in self.read.iter().enumerate() {
            for s in &r.sentences {
                for name in company_names(&s.source) {
                    let key = plain(&Folded::of(&name).text);
                    match names.get(&key) {
                        Some(first) if *first != name => {
                            out.push(self.at(i, Hint { about: first.clone(), ..hint(Rule::D01, name, s) }));
                        }
                        Some(_) => {}
                        None => {
                            names.insert(key, name);
                        }
                    }
                }
            }
        }
        let alone = !out.iter().any(|h| h.rule == Rule::I01);
        let whole: Vec<&str> = self.read.iter().map(|r| r.folded.as_str()).collect();
        if let Some((a, b)) = two_ways(&whole.join("\n")).filter(|_| alone) {
            let before = out.len();
            self.first_of_each(Rule::I01, &b, out);
            out.truncate(before + 1);
            if let Some(h) = out.get_mut(before) {
                h.about = a;
            }
        }
    }

    /// The first sentence of each measure that holds a word.
    fn first_of_each(&self, rule: Rule, word: &str, out: &mut Vec<Hint>) {
        for (i, r) in self.read.iter().enumerate() {
            let found = r.sentences.iter().find_map(|s| s.folded.text.find(word).map(|at| (s, at)));
            if let Some((s, at)) = found {
                out.push(self.at(i, hint(rule, quote(s, at..at + word.len()), s)));
            }
        }
    }

    /// L10: who is meant by Auftragnehmer changes within the document.
    fn roles(&self, out: &mut Vec<Hint>) {
        let with = |re: &Regex| self.read.iter().filter(|r| re.is_match(&r.folded)).count();
        let ambiguous = with(&PROVIDER) >= 2 || (with(&AS_CLIENT) > 0 && with(&CLIENT) >= 2);
        if !ambiguous {
            return;
        }
        for (i, r) in self.read.iter().enumerate() {
            let found =
                r.sentences.iter().find_map(|s| PROVIDER.find(&s.folded.text).map(|m| (s, m.range())));
            if let Some((s, range)) = found {
                out.push(self.at(i, hint(Rule::L10, quote(s, range), s)));
            }
        }
    }
}

/// Letters and digits only: what is left of two spellings of one thing.
fn plain(folded: &str) -> String {
    folded.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Names of companies as they are written, with their legal form.
fn company_names(text: &str) -> Vec<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"((?:[^\s,.;:()„]*[A-ZÄÖÜ][^\s,.;:()]*[ -])+)(GmbH ?&? ?(?:Co\.? ?KG)?|AG|SE|KG|OHG|UG|e\. ?V\.)(?:[\s,.;:()]|$)",
        )
    });
    const ARTICLES: [&str; 14] = [
        "Die", "Der", "Das", "Den", "Dem", "Des", "Bei", "Von", "Eine", "Ein", "Unser", "Unsere", "The",
        "Als",
    ];
    NAME.captures_iter(text)
        .filter_map(|c| {
            let words: Vec<&str> =
                c.get(1)?.as_str().split_whitespace().skip_while(|w| ARTICLES.contains(w)).collect();
            (!words.is_empty())
                .then(|| format!("{} {}", words.join(" "), c.get(2).map_or("", |m| m.as_str()).trim()))
        })
        .collect()
}
