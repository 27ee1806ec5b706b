//! What is frozen when a review is submitted: canonical JSON (RFC 8785) that stands alone, and the report made of it.

use super::{Effectiveness, Grade, Judged, NewFinding, Subject, Tally, Verdict};
use crate::markdown::{self, Block, Span};
use crate::outline::{Outline, Part, Proof, Report, SignOff};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub const SCHEMA: &str = "tomfolio/review/1";

/// The frozen record of a review (domain.md 5.1). Integers and strings only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub schema: String,
    pub organisation: String,
    pub document: String,
    pub title: String,
    pub language: String,
    pub due_on: Date,
    pub started_on: Date,
    pub submitted_on: Date,
    pub reviewer: String,
    /// What was judged against: risk, state of the art, and as of when.
    pub criteria: String,
    pub summary: String,
    pub results: Vec<RecordResult>,
    /// How the findings of earlier reviews stand.
    pub earlier: Vec<EarlierFinding>,
}

/// One measure's verdict with the text and the evidence that it was given on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordResult {
    pub subject: Subject,
    pub judged: Judged,
    pub evidence: Vec<RecordEvidence>,
}

/// A version of an evidence that stood beside the measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordEvidence {
    pub title: String,
    pub issuer: String,
    pub valid_until: Option<Date>,
    pub sha256: String,
}

/// A finding of a review before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierFinding {
    pub grade: Grade,
    pub text: String,
    pub owner: String,
    pub due: Date,
    pub state: crate::findings::FindingState,
}

/// Words that the report needs, given by whoever knows the language.
pub struct RecordWords<'a> {
    pub kicker: &'a str,
    /// The result in one sentence.
    pub result: &'a dyn Fn(&Tally) -> String,
    pub summary_heading: &'a str,
    pub findings_heading: &'a str,
    pub earlier_heading: &'a str,
    pub measures_heading: &'a str,
    /// Method and sample in one sentence.
    pub tested: &'a dyn Fn(&Verdict) -> String,
    pub verdict: &'a dyn Fn(&Verdict) -> String,
    pub effectiveness: &'a dyn Fn(Effectiveness) -> String,
    pub skipped: &'a dyn Fn(&str) -> String,
    pub skipped_mark: &'a str,
    pub finding: &'a dyn Fn(&NewFinding) -> String,
    pub earlier: &'a dyn Fn(&EarlierFinding) -> String,
    pub evidence: &'a dyn Fn(&[String]) -> String,
    pub date: &'a dyn Fn(Date) -> String,
    pub facts: Vec<(String, String)>,
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Span::plain(text.into())])
}

impl Record {
    pub fn tally(&self) -> Tally {
        Tally::of(self.results.iter().map(|r| Some(&r.judged)))
    }

    /// The verdicts of the measures, with findings, in reading order.
    fn findings(&self) -> impl Iterator<Item = (&Subject, &NewFinding)> {
        self.results.iter().filter_map(|r| match &r.judged {
            Judged::Verdict(Verdict { finding: Some(f), .. }) => Some((&r.subject, f)),
            Judged::Verdict(_) | Judged::Skipped { .. } => None,
        })
    }

    /// The report (Prüfbericht) that is laid out.
    pub fn outline(&self, sha256: &str, sign_offs: Vec<SignOff>, w: &RecordWords) -> Outline {
        let heading = |title: &str| Part::Heading { level: 1, code: None, title: title.into(), law: None };
        let mut parts = vec![heading(w.summary_heading)];
        parts.push(Part::Text(vec![paragraph((w.result)(&self.tally()))]));
        if !self.summary.is_empty() {
            parts.push(Part::Text(markdown::blocks(&self.summary)));
        }
        if self.findings().next().is_some() {
            parts.push(heading(w.findings_heading));
            parts.extend(self.findings().map(|(s, f)| Part::Entry {
                code: Some(s.code.clone()),
                label: None,
                text: vec![paragraph((w.finding)(f))],
                side: Vec::new(),
            }));
        }
        if !self.earlier.is_empty() {
            parts.push(heading(w.earlier_heading));
            parts.push(Part::Text(self.earlier.iter().map(|e| paragraph((w.earlier)(e))).collect()));
        }
        parts.push(heading(w.measures_heading));
        let mut under: &[String] = &[];
        for r in &self.results {
            if r.subject.path != under {
                under = &r.subject.path;
                let title = under.join(" · ");
                parts.push(Part::Heading { level: 2, code: None, title, law: None });
            }
            parts.push(entry(r, w));
        }
        let as_of = (w.date)(self.submitted_on);
        Outline {
            title: self.title.clone(),
            organisation: self.organisation.clone(),
            language: self.language.clone(),
            as_of,
            number: None,
            replaces: None,
            reviewed: Vec::new(),
            roles: Vec::new(),
            parts,
            evidence: self.register(w),
            changes: None,
            sign_offs,
            report: Some(Report { kicker: w.kicker.into(), facts: w.facts.clone() }),
            content_sha256: sha256.to_owned(),
            source: serde_json::to_string_pretty(self).unwrap_or_default(),
            check_at: String::new(),
            sealed: true,
        }
    }

    /// Each file once, with the codes that it stood beside.
    fn register(&self, w: &RecordWords) -> Vec<Proof> {
        let mut out: Vec<Proof> = Vec::new();
        for r in &self.results {
            for e in &r.evidence {
                match out.iter_mut().find(|p| p.sha256 == e.sha256 && p.title == e.title) {
                    Some(p) => p.proves = format!("{}, {}", p.proves, r.subject.code),
                    None => out.push(Proof {
                        title: e.title.clone(),
                        issuer: e.issuer.clone(),
                        until: e.valid_until.map(w.date),
                        proves: r.subject.code.clone(),
                        sha256: e.sha256.clone(),
                    }),
                }
            }
        }
        out
    }
}

fn entry(r: &RecordResult, w: &RecordWords) -> Part {
    let mut text = markdown::blocks(&r.subject.text);
    let side = match &r.judged {
        Judged::Skipped { reason } => {
            text.push(paragraph((w.skipped)(reason)));
            vec![w.skipped_mark.to_owned()]
        }
        Judged::Verdict(v) => {
            text.push(paragraph(format!("{} {}", (w.tested)(v), (w.verdict)(v))));
            if !v.comment.is_empty() {
                text.push(paragraph(&v.comment));
            }
            text.extend(v.finding.as_ref().map(|f| paragraph((w.finding)(f))));
            vec![(w.effectiveness)(v.effectiveness)]
        }
    };
    if !r.evidence.is_empty() {
        let titles: Vec<String> = r.evidence.iter().map(|e| e.title.clone()).collect();
        text.push(paragraph((w.evidence)(&titles)));
    }
    let label = Some(r.subject.label.clone()).filter(|l| !l.is_empty());
    Part::Entry { code: Some(r.subject.code.clone()), label, text, side }
}
