//! TOM documents: an ordered tree of nodes; measures are placed in it.

mod describe;
mod edit;
mod layout;
mod scopes;
mod undo;

pub use describe::{Description, Part, Section, describe};
pub use edit::{
    EditDocument, EditNode, NewDocument, empty_reason, from_catalogue, language, sentence, title,
};
pub use layout::{Cell, Coverage, Covered, LAYOUTS, Placed, Row, covered, layout, place, rows, scheme_of};
pub use scopes::{ProcessingRole, ScopeRole, scopes, usual_role};
pub use undo::{Framed, LastStep, Looked, Moved, Renamed, Revised, Step, StepKind};

use crate::catalogues::CatalogueCode;
use crate::codes::{self, Numbered, Scheme};
use crate::error::DomainError;
use crate::ids::{DocumentId, MeasureId, NodeId};
use crate::import::{Kind, Scope};
use crate::measures::{MeasureRow, Status};
use crate::policy::Permit;
use crate::releases::ReleaseRow;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document as a line in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRow {
    pub id: DocumentId,
    pub title: String,
    pub scheme: Scheme,
    pub measures: u32,
    pub to_confirm: u32,
    pub released: Option<u32>,
    /// The release that was in force last was withdrawn: nothing is in force.
    pub withdrawn: Option<u32>,
    pub released_on: Option<String>,
}

/// A document with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentSheet {
    pub id: DocumentId,
    pub title: String,
    pub scheme: Scheme,
    /// Language of the frame, `de` or `en`.
    pub language: String,
    /// The catalogue that it is laid out by; `None`: the outline that it came with.
    pub layout: Option<CatalogueCode>,
    pub scopes: Vec<ScopeRole>,
    pub nodes: Vec<NodeView>,
    pub blockers: Vec<Blocker>,
    /// The release being worked on.
    pub draft: ReleaseRow,
    /// The release in force.
    pub released: Option<ReleaseRow>,
    /// The release that was in force last, if it was withdrawn.
    pub withdrawn: Option<u32>,
    /// Measures where the signed-in person typed something that is not saved: it will not be in the release.
    pub unsaved: Vec<MeasureId>,
    /// What this person did here last and can take back.
    pub last: Option<LastStep>,
}

/// A node of the tree, numbered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeView {
    pub id: NodeId,
    pub kind: Kind,
    pub code: Option<String>,
    pub title: String,
    pub definition: Option<String>,
    pub scope: Scope,
    /// Why a goal has no measure.
    pub empty_reason: Option<String>,
    pub measure: Option<MeasureRow>,
    pub children: Vec<NodeView>,
}

impl NodeView {
    /// Whether it is a measure's place.
    pub fn is_of(&self, id: MeasureId) -> bool {
        self.measure.as_ref().is_some_and(|m| m.id == id)
    }
}

impl Numbered for NodeView {
    fn kind(&self) -> Kind {
        self.kind
    }
    fn scope(&self) -> Scope {
        self.scope
    }
    fn counts(&self) -> bool {
        self.measure.as_ref().is_none_or(|m| m.status != Status::Retired)
    }
    fn children(&mut self) -> &mut [Self] {
        &mut self.children
    }
    fn set_code(&mut self, code: Option<String>) {
        self.code = code;
    }
}

/// A stored node before it is hung into the tree: itself and its parent.
pub struct Flat {
    pub parent: Option<NodeId>,
    pub view: NodeView,
}

/// Makes the tree of nodes that are sorted by position, and numbers it.
pub fn tree(flat: Vec<Flat>, scheme: Scheme) -> Vec<NodeView> {
    use std::collections::HashMap;
    let mut children: HashMap<Option<NodeId>, Vec<NodeView>> = HashMap::new();
    for f in flat {
        children.entry(f.parent).or_default().push(f.view);
    }
    fn hang(
        of: Option<NodeId>,
        children: &mut HashMap<Option<NodeId>, Vec<NodeView>>,
        depth: usize,
    ) -> Vec<NodeView> {
        let mut list = if depth > 64 { Vec::new() } else { children.remove(&of).unwrap_or_default() };
        for n in &mut list {
            n.children = hang(Some(n.id), children, depth + 1);
        }
        list
    }
    let mut out = hang(None, &mut children, 0);
    codes::assign(&mut out, scheme);
    out
}

/// Visits every node in reading order.
pub fn walk<'a>(nodes: &'a [NodeView], visit: &mut dyn FnMut(&'a NodeView)) {
    for n in nodes {
        visit(n);
        walk(&n.children, visit);
    }
}

/// All measures in force, in reading order.
pub fn measures(nodes: &[NodeView]) -> Vec<&NodeView> {
    let mut out = Vec::new();
    walk(nodes, &mut |n| {
        if n.measure.as_ref().is_some_and(|m| m.status != Status::Retired) {
            out.push(n)
        }
    });
    out
}

/// A heading of the section tree, with how many measures are in force under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    pub code: String,
    pub title: String,
    pub count: usize,
    /// A section; else a goal.
    pub section: bool,
}

/// Sections and goals, in reading order.
pub fn headings(nodes: &[NodeView]) -> Vec<Heading> {
    let heading = |n: &NodeView, section| Heading {
        code: n.code.clone().unwrap_or_default(),
        title: crate::outline::split_law(&n.title).0,
        count: measures(std::slice::from_ref(n)).len(),
        section,
    };
    let mut out = Vec::new();
    for s in nodes.iter().filter(|n| !n.kind.is_leaf()) {
        out.push(heading(s, true));
        out.extend(s.children.iter().filter(|g| g.kind == Kind::Goal).map(|g| heading(g, false)));
    }
    out
}

/// What stands between a draft and its release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Blocker {
    /// Brought by an import, confirmed by nobody.
    ToConfirm {
        code: String,
        label: String,
        measure: crate::ids::MeasureId,
    },
    OwnerMissing {
        code: String,
        label: String,
        measure: crate::ids::MeasureId,
    },
    /// A deliberate deviation whose end is over.
    GapEnded {
        code: String,
        label: String,
        measure: crate::ids::MeasureId,
    },
    EmptyGoal {
        code: String,
        label: String,
    },
    /// A critical finding that is not closed.
    CriticalFinding {
        code: String,
        label: String,
    },
    NoMeasures,
    /// Quality hints that are errors and that nobody has mended or dismissed.
    Hints {
        count: u32,
    },
}

/// Lists the blockers (decisions.md, "Documents, nodes, codes").
pub fn blockers(nodes: &[NodeView], today: Date) -> Vec<Blocker> {
    let mut out = Vec::new();
    let listed = measures(nodes);
    if listed.is_empty() {
        out.push(Blocker::NoMeasures);
    }
    for n in listed {
        let Some(m) = &n.measure else { continue };
        let (code, label) = (n.code.clone().unwrap_or_default(), m.heading());
        if m.status == Status::ToConfirm {
            out.push(Blocker::ToConfirm { code, label, measure: m.id });
        } else if m.owner.is_empty()
            && !matches!(m.status, Status::NotApplicable | Status::Planned | Status::CustomerDuty)
        {
            out.push(Blocker::OwnerMissing { code, label, measure: m.id });
        } else if m.gap_until.is_some_and(|end| end < today) {
            out.push(Blocker::GapEnded { code, label, measure: m.id });
        }
    }
    let goal_kind = if nodes.iter().any(|s| s.children.iter().any(|c| c.kind == Kind::Goal)) {
        Kind::Goal
    } else {
        Kind::Section
    };
    walk(nodes, &mut |n| {
        if n.kind == goal_kind && measures(&n.children).is_empty() && n.empty_reason.is_none() {
            out.push(Blocker::EmptyGoal { code: n.code.clone().unwrap_or_default(), label: n.title.clone() });
        }
    });
    out
}

/// A node by its id, wherever it stands.
pub fn find(nodes: &[NodeView], id: NodeId) -> Option<&NodeView> {
    nodes.iter().find_map(|n| if n.id == id { Some(n) } else { find(&n.children, id) })
}

/// A node and what stands above it, from the section down; the node itself comes last.
pub fn trail<'a>(nodes: &'a [NodeView], is: &dyn Fn(&NodeView) -> bool) -> Option<Vec<&'a NodeView>> {
    nodes.iter().find_map(|n| {
        if is(n) {
            return Some(vec![n]);
        }
        let mut found = trail(&n.children, is)?;
        found.insert(0, n);
        Some(found)
    })
}

/// Use cases of documents.
#[async_trait::async_trait]
pub trait DocumentService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<Vec<DocumentRow>, DomainError>;
    async fn find(&self, permit: Permit, id: DocumentId) -> Result<DocumentSheet, DomainError>;
    async fn export(&self, permit: Permit, id: DocumentId) -> Result<String, DomainError>;
    async fn create(&self, permit: Permit, cmd: NewDocument) -> Result<DocumentId, DomainError>;
    async fn edit(&self, permit: Permit, cmd: EditDocument) -> Result<(), DomainError>;
    async fn edit_node(&self, permit: Permit, cmd: EditNode) -> Result<(), DomainError>;
    /// Takes the person's last step in a document back; `Stale` where somebody built on it since.
    /// `step` is the one that the page showed.
    async fn undo(&self, permit: Permit, id: DocumentId, step: String) -> Result<(), DomainError>;
    async fn coverage(&self, permit: Permit, id: DocumentId) -> Result<Coverage, DomainError>;
    /// Lays the document out by another catalogue; `None` is the outline that it came with.
    async fn lay_out(
        &self,
        permit: Permit,
        id: DocumentId,
        layout: Option<CatalogueCode>,
    ) -> Result<(), DomainError>;
}
