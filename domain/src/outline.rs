//! The one document model: what a release (or a first look at a file) says, in order, free of any format.
//!
//! PDF, Markdown and the page read it. The frame's words come from `locales`; the content's words are the document's.

use crate::import::{Imported, Kind, Node};
use crate::markdown::{self, Block};

/// A document ready to be laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    pub title: String,
    pub organisation: String,
    /// BCP 47 tag of the frame's language.
    pub language: String,
    /// ISO date.
    pub as_of: String,
    pub number: Option<u32>,
    pub replaces: Option<(u32, String)>,
    /// Last and next review, as facts of the cover.
    pub reviewed: Vec<(String, String)>,
    /// Role lines for the cover, e.g. "Auftragsverarbeiter (Kundendaten)".
    pub roles: Vec<String>,
    pub parts: Vec<Part>,
    /// The evidence register, in the words of the frame.
    pub evidence: Vec<Proof>,
    /// Change lines since the replaced release: code and words. `None` for a first release.
    pub changes: Option<Vec<(String, String)>>,
    /// In the order in which they were given.
    pub sign_offs: Vec<SignOff>,
    /// A report's front instead of a document's.
    pub report: Option<Report>,
    /// SHA-256 of the snapshot or, for a first look, of the source.
    pub content_sha256: String,
    /// The document's Markdown, embedded in the PDF as its source.
    pub source: String,
    /// Where anybody can check the file; empty where there is no such place.
    pub check_at: String,
    pub sealed: bool,
}

/// A line of the evidence register.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    pub title: String,
    pub issuer: String,
    /// `None`: without end.
    pub until: Option<String>,
    /// Codes, joined.
    pub proves: String,
    pub sha256: String,
}

/// Somebody answered for what was shown (Zeichnung).
#[derive(Clone, Debug, PartialEq)]
pub struct SignOff {
    /// In which capacity, in the words of the frame.
    pub role: String,
    pub name: String,
    pub statement: String,
    /// What was said beside it, e.g. why the DPO dissents; may be empty.
    pub note: String,
    /// Date and time for people, zone included.
    pub at: String,
}

/// What stands on a report's cover.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub kicker: String,
    pub facts: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Level 1 is a section, 2 a goal. `law` is the reference in brackets at the end of the title.
    Heading {
        level: u8,
        code: Option<String>,
        title: String,
        law: Option<String>,
    },
    Definition(String),
    /// A scope's heading.
    Scope {
        code: Option<String>,
        title: String,
    },
    Group {
        code: Option<String>,
        title: String,
    },
    Entry {
        code: Option<String>,
        label: Option<String>,
        text: Vec<Block>,
        side: Vec<String>,
    },
    Note(String),
    /// Running text.
    Text(Vec<Block>),
}

impl Outline {
    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.parts.iter().filter(|p| matches!(p, Part::Entry { .. })).count()
    }

    pub fn sections(&self) -> usize {
        self.parts.iter().filter(|p| matches!(p, Part::Heading { level: 1, .. })).count()
    }
}

/// `Vertraulichkeit (Art. 32 Abs. 1 lit. b DSGVO)` as title and law.
pub fn split_law(title: &str) -> (String, Option<String>) {
    if let Some(inner) = title.strip_suffix(')')
        && let Some((head, law)) = inner.rsplit_once(" (")
        && (law.starts_with("Art.") || law.starts_with('§') || law.starts_with("Article"))
    {
        return (head.to_owned(), Some(law.to_owned()));
    }
    (title.to_owned(), None)
}

/// A first look at an imported file: no status, no owner, no release.
pub fn of_import(
    found: &Imported,
    organisation: &str,
    language: &str,
    as_of: &str,
    sha256: String,
) -> Outline {
    let mut parts = Vec::new();
    nodes(&found.nodes, 0, &mut parts);
    Outline {
        title: found.title.clone(),
        organisation: organisation.to_owned(),
        language: language.to_owned(),
        as_of: as_of.to_owned(),
        number: None,
        replaces: None,
        reviewed: Vec::new(),
        roles: Vec::new(),
        parts,
        evidence: Vec::new(),
        changes: None,
        sign_offs: Vec::new(),
        report: None,
        content_sha256: sha256,
        source: crate::import::to_markdown(&found.title, found.scheme, &found.nodes),
        check_at: String::new(),
        sealed: false,
    }
}

fn nodes(list: &[Node], depth: u8, out: &mut Vec<Part>) {
    for n in list {
        let title = n.title.clone().unwrap_or_default();
        let code = n.code.clone();
        match n.kind {
            Kind::Section | Kind::Goal => {
                let (title, law) = split_law(&title);
                out.push(Part::Heading { level: depth.min(1) + 1, code, title, law });
            }
            Kind::Scope => out.push(Part::Scope { code, title }),
            Kind::Group => out.push(Part::Group { code, title }),
            Kind::Measure | Kind::Statement => out.push(Part::Entry {
                code,
                label: n.label.clone(),
                text: markdown::blocks(n.text.as_deref().unwrap_or_default()),
                side: Vec::new(),
            }),
        }
        if let Some(d) = &n.definition {
            out.push(Part::Definition(d.clone()));
        }
        nodes(&n.children, depth + 1, out);
    }
}
