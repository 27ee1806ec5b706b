//! The imported tree, in the words of decisions.md "Import, as JSON".

use crate::catalogues::GoalKey;
use serde::{Deserialize, Serialize};

super::words! {
    /// What a node is. A leaf is a measure or a statement.
    Kind {
        Section = "section",
        Goal = "goal",
        Scope = "scope",
        Group = "group",
        Measure = "measure",
        Statement = "statement",
    }
}

impl Kind {
    pub fn is_leaf(self) -> bool {
        matches!(self, Kind::Measure | Kind::Statement)
    }
}

super::words! {
    /// Whose data a leaf speaks of (Geltungsbereich). The processing role hangs on it, not on the organisation.
    Scope {
        Own = "own",
        Customer = "customer",
        Hosting = "hosting",
        Internal = "internal",
        Unspecified = "unspecified",
    }
}

/// A node as the importer found it; `children` is the nesting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Computed from position by the scheme; `None` where the scheme gives none.
    pub code: Option<String>,
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    pub label: Option<String>,
    pub scope: Scope,
    pub group: Option<String>,
    pub definition: Option<String>,
    /// The goals that a person gave it while importing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub goals: Vec<GoalKey>,
    /// Where the text itself begins, from 1.
    pub line: u32,
    pub children: Vec<Node>,
}

impl Node {
    pub(crate) fn branch(kind: Kind, title: String, line: u32) -> Node {
        Node {
            code: None,
            kind,
            title: Some(title),
            text: None,
            label: None,
            scope: Scope::Unspecified,
            group: None,
            definition: None,
            goals: Vec::new(),
            line,
            children: Vec::new(),
        }
    }

    pub(super) fn leaf(kind: Kind, label: Option<String>, text: String, line: u32) -> Node {
        Node { label, title: None, text: Some(text), ..Node::branch(kind, String::new(), line) }
    }
}

/// Visits every node in reading order with its depth from 0.
pub fn walk<'a>(nodes: &'a [Node], visit: &mut dyn FnMut(&'a Node, usize)) {
    fn go<'a>(nodes: &'a [Node], depth: usize, visit: &mut dyn FnMut(&'a Node, usize)) {
        for n in nodes {
            visit(n, depth);
            go(&n.children, depth + 1, visit);
        }
    }
    go(nodes, 0, visit)
}
