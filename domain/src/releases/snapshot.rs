//! What is frozen: canonical JSON (RFC 8785) of the document as it was shown, with its codes.

use super::ChangeLine;
use crate::catalogues::law;
use crate::codes::Scheme;
use crate::documents::{NodeView, ProcessingRole, ScopeRole, measures};
use crate::evidence::{self, EvidenceKind, EvidenceRow};
use crate::ids::MeasureId;
use crate::import::{Kind, Node, Scope};
use crate::markdown::{self, Block, Span};
use crate::measures::{Audience, Gap, Record, Status};
use crate::outline::{Outline, Part, Proof, SignOff, split_law};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub const SCHEMA: &str = "tomfolio/release/1";

/// The frozen document. Integers and strings only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub schema: String,
    pub organisation: String,
    pub document: String,
    pub title: String,
    pub scheme: Scheme,
    pub language: String,
    pub number: u32,
    /// ISO date.
    pub as_of: String,
    pub replaces: Option<Replaced>,
    /// How the document stands against its yearly review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
    pub scopes: Vec<ScopeRole>,
    /// The evidence register (Nachweisverzeichnis): never the files.
    pub evidence: Vec<SnapshotEvidence>,
    pub changes: Vec<ChangeLine>,
    pub nodes: Vec<SnapshotNode>,
}

/// The last approved review and the next one that is due (Art. 32(1)(d) GDPR).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    pub last_on: Option<Date>,
    pub last_by: String,
    pub next_on: Option<Date>,
    /// Findings that are not closed: major and critical ones, and the others.
    pub open_major: u32,
    pub open_other: u32,
}

/// A line of the evidence register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotEvidence {
    pub title: String,
    pub kind: EvidenceKind,
    pub audience: evidence::Audience,
    pub issuer: String,
    pub valid_until: Option<Date>,
    pub sha256: String,
    /// Codes of the measures that it proves, in reading order.
    pub proves: Vec<String>,
}

/// The register of what proves the measures of a frozen tree.
pub fn register(nodes: &[SnapshotNode], evidence: &[(EvidenceRow, Vec<String>)]) -> Vec<SnapshotEvidence> {
    fn codes(nodes: &[SnapshotNode], of: &[String], out: &mut Vec<String>) {
        for n in nodes {
            if n.measure.as_ref().is_some_and(|m| of.contains(m)) {
                out.extend(n.code.clone());
            }
            codes(&n.children, of, out);
        }
    }
    evidence
        .iter()
        .filter_map(|(e, measures)| {
            let mut proves = Vec::new();
            codes(nodes, measures, &mut proves);
            (!proves.is_empty()).then(|| SnapshotEvidence {
                title: e.title.clone(),
                kind: e.kind,
                audience: e.audience,
                issuer: e.issuer.clone(),
                valid_until: e.valid_until,
                sha256: e.sha256.clone(),
                proves,
            })
        })
        .collect()
}

/// The release before, by number, date and hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replaced {
    pub number: u32,
    pub as_of: String,
    pub sha256: String,
}

/// A node with its frozen code; `measure` is the measure's id, so that changes can follow it through renumbering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnapshotNode {
    pub kind: Kind,
    pub code: Option<String>,
    pub title: String,
    pub definition: Option<String>,
    pub scope: Scope,
    pub empty_reason: Option<String>,
    pub measure: Option<String>,
    pub label: String,
    pub text: String,
    pub status: Option<Status>,
    pub status_reason: String,
    pub gap: Option<Gap>,
    pub owner: String,
    /// Titles of the law behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<String>,
    /// What stands under this heading is for the house only, and is not told here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub withheld: bool,
    pub children: Vec<SnapshotNode>,
}

impl SnapshotNode {
    /// A node of which nothing is said yet but its title.
    pub(super) fn of(kind: Kind, title: &str) -> SnapshotNode {
        SnapshotNode {
            kind,
            code: None,
            title: title.to_owned(),
            definition: None,
            scope: Scope::Unspecified,
            empty_reason: None,
            measure: None,
            label: String::new(),
            text: String::new(),
            status: None,
            status_reason: String::new(),
            gap: None,
            owner: String::new(),
            law: Vec::new(),
            withheld: false,
            children: Vec::new(),
        }
    }
}

fn is_false(b: &bool) -> bool {
    !*b
}

/// What of a document is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// All of it: for who works on it.
    House,
    /// What leaves the house: nothing that is internal.
    Customer,
}

/// Freezes a tree; retired measures are left out. What a list does not hold comes from `whole`. The internal part of a measure is
/// in no edition.
pub fn nodes_of(
    nodes: &[NodeView],
    whole: &dyn Fn(MeasureId) -> Option<Record>,
    edition: Edition,
) -> Vec<SnapshotNode> {
    let told =
        |m: &crate::measures::MeasureRow| edition == Edition::House || m.audience != Audience::Internal;
    nodes
        .iter()
        .filter(|n| n.measure.as_ref().is_none_or(|m| m.status != Status::Retired && told(m)))
        .map(|n| {
            let below = measures(std::slice::from_ref(n));
            let kept = below.iter().filter_map(|n| n.measure.as_ref()).filter(|m| told(m)).count();
            let mut frozen = SnapshotNode {
                code: n.code.clone(),
                definition: n.definition.clone(),
                scope: n.scope,
                empty_reason: n.empty_reason.clone(),
                measure: n.measure.as_ref().map(|m| m.id.to_string()),
                withheld: !n.kind.is_leaf() && kept == 0 && !below.is_empty(),
                children: nodes_of(&n.children, whole, edition),
                ..SnapshotNode::of(n.kind, &n.title)
            };
            if let Some(m) = n.measure.as_ref().and_then(|m| whole(m.id)) {
                frozen.label = m.content.label;
                frozen.text = m.content.text;
                frozen.owner = m.content.owner;
                frozen.status = Some(m.status);
                frozen.status_reason = m.status_reason;
                frozen.gap = m.gap;
                let norm = |key: &String| law().iter().find(|l| l.key == *key).map(|l| l.title.clone());
                frozen.law = m.further.law.iter().filter_map(norm).collect();
            }
            frozen
        })
        .collect()
}

/// Words of the frame that the snapshot's outline needs, given by whoever knows the language.
pub struct Words<'a> {
    pub status: &'a dyn Fn(Status) -> String,
    pub owner: &'a dyn Fn(&str) -> String,
    pub date: &'a dyn Fn(&str) -> String,
    /// The last day of an evidence that was over when the document was frozen.
    pub ended: &'a dyn Fn(&str) -> String,
    pub change: &'a dyn Fn(&ChangeLine) -> String,
    pub empty_goal: &'a dyn Fn(&str) -> String,
    /// Why a measure does not apply or deviates.
    pub reason: &'a dyn Fn(&str) -> String,
    pub gap: &'a dyn Fn(&Gap) -> String,
    pub role: &'a dyn Fn(Scope, ProcessingRole) -> String,
    /// That what stands under a heading is for the house only.
    pub withheld: &'a dyn Fn() -> String,
    /// Facts of the cover: label and words.
    pub reviewed: &'a dyn Fn(&Reviewed) -> Vec<(String, String)>,
}

impl Snapshot {
    /// The document model that is laid out.
    pub fn outline(&self, sha256: &str, sign_offs: Vec<SignOff>, words: &Words) -> Outline {
        let mut parts = Vec::new();
        outline_nodes(&self.nodes, 0, false, words, &mut parts);
        let roles = self.scopes.iter().filter_map(|s| s.role.map(|r| (words.role)(s.scope, r))).collect();
        let changes = self.changes.iter().map(|c| (c.heading(), (words.change)(c))).collect();
        Outline {
            title: self.title.clone(),
            organisation: self.organisation.clone(),
            language: self.language.clone(),
            as_of: (words.date)(&self.as_of),
            number: Some(self.number),
            replaces: self.replaces.as_ref().map(|r| (r.number, (words.date)(&r.as_of))),
            reviewed: self.reviewed.as_ref().map(words.reviewed).unwrap_or_default(),
            roles,
            parts,
            evidence: self
                .evidence
                .iter()
                .map(|e| Proof {
                    title: e.title.clone(),
                    issuer: e.issuer.clone(),
                    until: e.valid_until.map(|d| {
                        let date = (words.date)(&d.to_string());
                        let ended = self.as_of.parse().is_ok_and(|as_of: Date| d < as_of);
                        if ended { (words.ended)(&date) } else { date }
                    }),
                    proves: e.proves.join(", "),
                    sha256: e.sha256.clone(),
                })
                .collect(),
            changes: self.replaces.is_some().then_some(changes),
            sign_offs,
            report: None,
            content_sha256: sha256.to_owned(),
            source: crate::import::to_markdown(&self.title, self.scheme, &import_nodes(&self.nodes)),
            check_at: String::new(),
            sealed: true,
        }
    }
}

fn outline_nodes(nodes: &[SnapshotNode], depth: u8, above: bool, words: &Words, out: &mut Vec<Part>) {
    for n in nodes {
        // Where nothing is told, no further heading says of what.
        let silent = matches!(n.kind, Kind::Scope | Kind::Group) && n.definition.is_none();
        if above && silent && n.empty_reason.is_none() {
            continue;
        }
        let code = n.code.clone();
        match n.kind {
            Kind::Section | Kind::Goal => {
                let (title, law) = split_law(&n.title);
                out.push(Part::Heading { level: depth.min(1) + 1, code, title, law });
            }
            Kind::Scope => out.push(Part::Scope { code, title: n.title.clone() }),
            Kind::Group => out.push(Part::Group { code, title: n.title.clone() }),
            Kind::Measure | Kind::Statement => {
                let mut side: Vec<String> = n.status.map(words.status).into_iter().collect();
                if !n.owner.is_empty() {
                    side.push((words.owner)(&n.owner));
                }
                side.extend(n.gap.as_ref().map(words.gap));
                side.extend(n.law.iter().cloned());
                let label = (!n.label.is_empty()).then(|| n.label.clone());
                let mut text = markdown::blocks(&n.text);
                // What is not done as it stands is told with its reason, in the document itself.
                if matches!(n.status, Some(Status::NotApplicable | Status::AcceptedGap)) {
                    text.push(Block::Paragraph(vec![Span::plain((words.reason)(&n.status_reason))]));
                }
                out.push(Part::Entry { code, label, text, side });
            }
        }
        if let Some(d) = &n.definition {
            out.push(Part::Definition(d.clone()));
        }
        if let Some(reason) = &n.empty_reason {
            out.push(Part::Note((words.empty_goal)(reason)));
        }
        // Told once, at the highest heading of which it is so.
        if n.withheld && !above {
            out.push(Part::Note((words.withheld)()));
        }
        outline_nodes(&n.children, depth + 1, above || n.withheld, words, out);
    }
}

/// The importer's shape of the same tree, for export as Markdown.
pub fn import_nodes(nodes: &[SnapshotNode]) -> Vec<Node> {
    nodes
        .iter()
        .map(|n| Node {
            code: n.code.clone(),
            kind: n.kind,
            title: (!n.kind.is_leaf()).then(|| n.title.clone()),
            text: n.kind.is_leaf().then(|| n.text.clone()),
            label: (!n.label.is_empty()).then(|| n.label.clone()),
            scope: n.scope,
            group: None,
            goals: Vec::new(),
            definition: n.definition.clone(),
            line: 0,
            children: import_nodes(&n.children),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: Kind, title: &str, withheld: bool, children: Vec<SnapshotNode>) -> SnapshotNode {
        SnapshotNode { withheld, children, ..SnapshotNode::of(kind, title) }
    }

    #[test]
    fn where_nothing_is_told_it_is_said_once_and_no_empty_heading_follows() {
        let scope = node(Kind::Scope, "Kundendaten", true, vec![]);
        let goal = node(Kind::Goal, "Trennungskontrolle", true, vec![scope]);
        let section = node(Kind::Section, "Vertraulichkeit", false, vec![goal]);
        let words = Words {
            status: &|_| String::new(),
            owner: &str::to_owned,
            date: &str::to_owned,
            ended: &str::to_owned,
            change: &|_| String::new(),
            empty_goal: &str::to_owned,
            reason: &str::to_owned,
            gap: &|_| String::new(),
            role: &|_, _| String::new(),
            withheld: &|| "nicht mitgeteilt".into(),
            reviewed: &|_| Vec::new(),
        };
        let mut parts = Vec::new();
        outline_nodes(&[section], 0, false, &words, &mut parts);
        let heading =
            |level, title: &str| Part::Heading { level, code: None, title: title.into(), law: None };
        assert_eq!(
            parts,
            [
                heading(1, "Vertraulichkeit"),
                heading(2, "Trennungskontrolle"),
                Part::Note("nicht mitgeteilt".into())
            ]
        );
    }
}
