//! Rules that need what only the portal knows: owners, evidence, reviews, releases.

use super::document::{Document, Measure};
use super::rules::{Rule, Severity};
use super::{Hint, Place};
use crate::catalogues::law;
use crate::evidence::{Audience, EvidenceKind, Freshness};
use crate::import::Scope;
use crate::measures::Status;
use crate::parameters::{self, Key, patterns};
use crate::pattern::{Regex, pattern};
use crate::prose::Folded;
use crate::reviews::Effectiveness;
use jiff::ToSpan;
use jiff::civil::Date;
use std::sync::LazyLock;

/// A piece of evidence at a measure.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub title: String,
    pub kind: EvidenceKind,
    pub freshness: Freshness,
    pub audience: Audience,
}

/// What the portal knows of one measure.
#[derive(Clone, Debug)]
pub struct MeasureState {
    pub status: Status,
    pub owner: String,
    pub evidence: Vec<Certificate>,
    /// What the last approved review said, and how many were drawn.
    pub effectiveness: Option<(Effectiveness, u32)>,
}

/// A sub-processor (weiterer Auftragsverarbeiter).
#[derive(Clone, Debug)]
pub struct Subprocessor {
    pub name: String,
    pub has_contract: bool,
    pub was_audited: bool,
    pub has_plan: bool,
}

/// What a document must carry (D04).
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub organisation: bool,
    pub version: bool,
    pub date: bool,
    /// Somebody said for each scope whether the organisation is controller or processor there.
    pub role: bool,
    /// Somebody may release it.
    pub signatory: bool,
}

/// What the portal knows of a document.
#[derive(Clone, Debug)]
pub struct State {
    /// One for each measure, in the same order.
    pub measures: Vec<MeasureState>,
    pub frame: Frame,
    pub subprocessors: Vec<Subprocessor>,
    /// The day from which it is there.
    pub since: Date,
    pub last_review: Option<Date>,
    /// The interval of its review plan in months.
    pub interval: Option<u8>,
    pub open_major: u32,
    /// It promises less than the last release, and nobody has decided whom to tell.
    pub weakened: Vec<String>,
    /// Headings that cite Art. 32(1)(d).
    pub cites_review: bool,
}

/// Interval in months where no plan says another (Art. 32(1)(d): regularly; usual practice is a year).
const YEAR: i64 = 12;

impl Hint {
    /// How much this hint weighs: what only ends soon holds nothing back yet.
    pub fn severity(&self) -> Severity {
        match (self.rule, self.about.as_str()) {
            (Rule::E03, "ending") => Severity::Warn,
            _ => self.rule.severity(),
        }
    }
}

patterns! {
    PLAN = r"(grundriss|lageplan|netzplan|netzwerkplan|netzwerkdiagramm|schliessplan|floor ?plan|network (plan|diagram)|rackplan)";
    STAFF = r"(unterschriftenliste|mitarbeiterliste|personalliste|teilnehmerliste|teilnahmeliste|namensliste|list of (staff|employees|participants)|attendance list)";
    ELSEWHERE = r"(rechenzentrum|rz-|colocation|hosting|data cent(er|re))";
}

/// The hints that what the portal knows gives; none where there is no portal.
pub fn of_state(d: &Document, today: Date) -> Vec<Hint> {
    let mut out = Vec::new();
    if let Some(s) = &d.state {
        of_measures(d, s, &mut out);
        of_whole(s, today, &mut out);
    }
    out
}

/// The certificate that a text claims, in its own words.
fn claimed(m: &Measure) -> Option<String> {
    let holds =
        |t: &str| ["ISO", "iso", "C5", "SOC", "TISAX", "PCI", "zertifi"].iter().any(|w| t.contains(w));
    if !holds(&m.text) {
        return None;
    }
    let found = parameters::find(&m.label, &m.text);
    found.into_iter().find(|p| p.key == Key::Certificate).map(|p| p.quote)
}

fn of_measures(d: &Document, s: &State, out: &mut Vec<Hint>) {
    for (i, (m, measure)) in s.measures.iter().zip(&d.measures).enumerate() {
        let said = |rule, quote: &str, about: &str| Hint {
            rule,
            place: Place::Measure(i),
            quote: quote.to_owned(),
            sentence: quote.to_owned(),
            about: about.to_owned(),
        };
        if m.status == Status::Implemented && m.owner.is_empty() {
            out.push(said(Rule::E01, "", ""));
        }
        if m.status == Status::Implemented && m.evidence.is_empty() {
            out.push(said(Rule::E02, "", ""));
        }
        let certified = m.evidence.iter().any(|e| {
            matches!(e.kind, EvidenceKind::Certificate | EvidenceKind::Attestation)
                && !matches!(e.freshness, Freshness::Expired)
        });
        if let Some(quote) = (!certified).then(|| claimed(measure)).flatten() {
            out.push(said(Rule::P02, &quote, ""));
        }
        for e in &m.evidence {
            let title = Folded::of(&e.title).text;
            match e.freshness {
                Freshness::Expired => out.push(said(Rule::E03, &e.title, "expired")),
                Freshness::Ending => out.push(said(Rule::E03, &e.title, "ending")),
                // What has no end carries its reason: the form asks for it.
                Freshness::Undated | Freshness::Valid | Freshness::NotYetValid => {}
            }
            let superseded = law().iter().find(|l| {
                l.is_standard()
                    && l.superseded_by.is_some()
                    && l.names.iter().any(|n| title.contains(n.as_str()))
            });
            if let Some(l) = superseded {
                out.push(said(Rule::E04, &e.title, l.successor()));
            }
            if STAFF.is_match(&title) {
                out.push(said(Rule::E05, &e.title, ""));
            }
            if PLAN.is_match(&title) && e.audience != Audience::Internal {
                out.push(said(Rule::P06, &e.title, ""));
            }
            // A data centre's certificate says nothing of who works in the offices.
            let own = matches!(measure.scope, Scope::Own | Scope::Internal);
            if own
                && matches!(e.kind, EvidenceKind::Certificate | EvidenceKind::Attestation)
                && ELSEWHERE.is_match(&title)
            {
                out.push(said(Rule::E06, &e.title, ""));
            }
        }
        if m.effectiveness.is_some_and(|(said, drawn)| said == Effectiveness::Effective && drawn == 0) {
            out.push(said(Rule::R03, "", ""));
        }
    }
}

fn of_whole(s: &State, today: Date, out: &mut Vec<Hint>) {
    let said = |rule, about: &str| Hint {
        rule,
        place: Place::Document,
        quote: String::new(),
        sentence: String::new(),
        about: about.to_owned(),
    };
    let months = s.interval.map_or(YEAR, i64::from);
    // A document that is younger than its interval is not late with its first review.
    let from = s.last_review.unwrap_or(s.since);
    if from.saturating_add(months.months()) < today {
        out.push(said(Rule::R01, &from.to_string()));
    }
    if s.cites_review && s.interval.is_none() {
        out.push(said(Rule::R02, ""));
    }
    if s.open_major > 0 {
        out.push(said(Rule::R04, &s.open_major.to_string()));
    }
    for weaker in &s.weakened {
        out.push(said(Rule::D06, weaker));
    }
    for p in s.subprocessors.iter().filter(|p| !(p.has_contract && p.was_audited && p.has_plan)) {
        out.push(said(Rule::P05, &p.name));
    }
    let f = &s.frame;
    let missing = [
        ("organisation", f.organisation),
        ("version", f.version),
        ("date", f.date),
        ("role", f.role),
        ("signatory", f.signatory),
    ];
    for (name, _) in missing.iter().filter(|(_, there)| !there) {
        out.push(said(Rule::D04, name));
    }
}
