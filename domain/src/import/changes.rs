//! What a person changes by hand in an import, before anything is stored: level, kind, scope, goals, order, split, merge, leave out.
//!
//! Changes are kept as a list and replayed over what the importer finds, so that the source stays the source, each one can be
//! taken back, and the same file with the same changes always gives the same tree.

use super::account::count;
use super::tree::{Kind, Node, Scope};
use super::{Imported, Mark, NotTaken, NotTakenReason};
use crate::catalogues::GoalKey;
use crate::codes::{self, Scheme};
use crate::error::DomainError;
use serde::{Deserialize, Serialize};

/// Most changes by hand that one import keeps.
pub const MAX_CHANGES: usize = 2_000;

/// The name of a node while it is imported: the line where it begins, and the how manieth it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeKey {
    pub line: u32,
    pub nth: u32,
}

impl std::fmt::Display for NodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.line, self.nth)
    }
}

impl std::str::FromStr for NodeKey {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        let (line, nth) = s.split_once('.').ok_or(())?;
        Ok(NodeKey { line: line.parse().map_err(|_| ())?, nth: nth.parse().map_err(|_| ())? })
    }
}

/// One change by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub at: NodeKey,
    pub op: Op,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// A heading, a measure, a statement. What follows a new heading stands below it.
    Kind(Kind),
    /// Whose data it speaks of; with everything below it.
    Scope(Scope),
    /// Which goals it serves, with everything below it.
    Goals(Vec<GoalKey>),
    /// One level deeper: into the heading before it.
    In,
    /// One level up: behind the heading that holds it.
    Out,
    Up,
    Down,
    /// In two, after so many characters of its text.
    Split(usize),
    /// Goes on where the leaf before it ends.
    Merge,
    /// Not taken, and listed as that.
    Ignore,
    /// A line that was not taken becomes a measure.
    Take,
}

impl Op {
    /// The words of a form: what, and where it needs one, to what.
    pub fn of(op: &str, value: &str) -> Result<Op, DomainError> {
        Ok(match op {
            "kind" => Op::Kind(value.parse()?),
            "scope" => Op::Scope(value.parse()?),
            "goals" => {
                let mut goals: Vec<GoalKey> = Vec::new();
                for word in value.split_whitespace() {
                    let goal = word.parse()?;
                    if !goals.contains(&goal) {
                        goals.push(goal);
                    }
                }
                if goals.len() > crate::measures::GOALS {
                    return Err(DomainError::TooLong { field: "goals".into(), max: crate::measures::GOALS });
                }
                Op::Goals(goals)
            }
            "in" => Op::In,
            "out" => Op::Out,
            "up" => Op::Up,
            "down" => Op::Down,
            "split" => Op::Split(value.parse().map_err(|_| DomainError::invalid("value"))?),
            "merge" => Op::Merge,
            "ignore" => Op::Ignore,
            "take" => Op::Take,
            _ => return Err(DomainError::invalid("op")),
        })
    }
}

super::words! {
    /// Why a change cannot be made. One that was kept is left out when a repair is judged otherwise later on.
    Refused {
        /// The place is no longer there.
        Gone = "gone",
        /// Nothing before it to go into, or to go on from.
        NothingBefore = "nothing-before",
        /// It stands at the edge already.
        AtTheEdge = "at-the-edge",
        /// Only a measure or a statement can be split or merged.
        NoLeaf = "no-leaf",
        /// A text is not split at its beginning, at its end or inside a word.
        NoPlace = "no-place",
        /// A goal needs a section above it.
        NoSection = "no-section",
        /// There are [`MAX_CHANGES`] already.
        TooMany = "too-many",
    }
}

/// Replays all changes; gives the positions of those that could not be made.
pub fn apply(found: Imported, changes: &[Change]) -> (Imported, Vec<usize>) {
    if changes.is_empty() {
        return (found, Vec::new());
    }
    let mut desk = Desk::of(found);
    let mut left_out = Vec::new();
    for (i, change) in changes.iter().enumerate() {
        if desk.make(change).is_err() {
            left_out.push(i);
        }
    }
    (desk.close(), left_out)
}

/// Makes one more change; an error changes nothing.
pub fn add(found: Imported, changes: &[Change], next: &Change) -> Result<(), Refused> {
    if changes.len() >= MAX_CHANGES {
        return Err(Refused::TooMany);
    }
    let mut desk = Desk::of(found);
    for change in changes {
        let _ = desk.make(change);
    }
    desk.make(next)
}

/// The names of all nodes in reading order.
pub fn keys(nodes: &[Node]) -> Vec<(NodeKey, &Node)> {
    let mut out: Vec<(NodeKey, &Node)> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    super::tree::walk(nodes, &mut |n, _| {
        let nth = seen.entry(n.line).or_insert(0);
        out.push((NodeKey { line: n.line, nth: *nth }, n));
        *nth += 1;
    });
    out
}

/// The titles above a node of this tree, from the outside in.
pub fn titles_above<'a>(nodes: &'a [Node], to: &Node) -> Vec<&'a str> {
    fn go<'a>(nodes: &'a [Node], to: &Node, path: &mut Vec<&'a str>) -> bool {
        nodes.iter().any(|n| {
            if std::ptr::eq(n, to) {
                return true;
            }
            path.push(n.title.as_deref().unwrap_or_default());
            let found = go(&n.children, to, path);
            if !found {
                path.pop();
            }
            found
        })
    }
    let mut path = Vec::new();
    go(nodes, to, &mut path);
    path
}

/// The names of the lines that were not taken.
pub fn not_taken_keys(list: &[NotTaken]) -> Vec<(NodeKey, &NotTaken)> {
    let mut seen = std::collections::HashMap::new();
    list.iter()
        .map(|n| {
            let nth = seen.entry(n.line).or_insert(0);
            let key = NodeKey { line: n.line, nth: *nth };
            *nth += 1;
            (key, n)
        })
        .collect()
}

/// The tree laid flat: each node with its rank. A node belongs to the last branch before it whose rank is lower.
struct Desk {
    found: Imported,
    flat: Vec<(usize, Node)>,
}

/// Section, goal and scope have a place of their own; groups nest below them.
fn rank(kind: Kind, above: usize) -> usize {
    match kind {
        Kind::Section => 0,
        Kind::Goal => 1,
        Kind::Scope => 2,
        Kind::Group => above.max(2) + 1,
        Kind::Measure | Kind::Statement => above + 1,
    }
}

impl Desk {
    fn of(mut found: Imported) -> Desk {
        fn go(nodes: Vec<Node>, above: usize, out: &mut Vec<(usize, Node)>) {
            for mut n in nodes {
                let children = std::mem::take(&mut n.children);
                let own =
                    if above == 0 && n.kind.is_leaf() { 0 } else { rank(n.kind, above.saturating_sub(1)) };
                out.push((own, n));
                go(children, own + 1, out);
            }
        }
        let mut flat = Vec::new();
        go(std::mem::take(&mut found.nodes), 0, &mut flat);
        Desk { found, flat }
    }

    /// Back to a tree, numbered anew.
    fn close(mut self) -> Imported {
        fn build(
            flat: &mut std::iter::Peekable<std::vec::IntoIter<(usize, Node)>>,
            floor: usize,
        ) -> Vec<Node> {
            let mut out: Vec<Node> = Vec::new();
            while let Some((rank, _)) = flat.peek() {
                if *rank < floor {
                    break;
                }
                let Some((rank, mut n)) = flat.next() else { break };
                if !n.kind.is_leaf() {
                    n.children = build(flat, rank + 1);
                }
                out.push(n);
            }
            out
        }
        let goals = self.flat.iter().any(|(_, n)| n.kind == Kind::Goal);
        self.found.scheme = if goals { Scheme::Abcd } else { Scheme::Nine };
        self.found.nodes = build(&mut self.flat.into_iter().peekable(), 0);
        regroup(&mut self.found.nodes, None);
        codes::assign(&mut self.found.nodes, self.found.scheme);
        self.found.not_taken.sort_by_key(|n| n.line);
        self.found
    }

    fn place(&self, key: NodeKey) -> Result<usize, Refused> {
        let same = self.flat.iter().enumerate().filter(|(_, (_, n))| n.line == key.line);
        same.map(|(i, _)| i).nth(key.nth as usize).ok_or(Refused::Gone)
    }

    /// Where the node's own part of the tree ends.
    fn end(&self, at: usize) -> usize {
        let (rank, node) = &self.flat[at];
        if node.kind.is_leaf() {
            return at + 1;
        }
        let below = self.flat.iter().skip(at + 1).take_while(|(r, _)| r > rank).count();
        at + 1 + below
    }

    /// The branch that holds the node.
    fn parent(&self, at: usize) -> Option<usize> {
        let rank = self.flat[at].0;
        (0..at).rev().find(|i| !self.flat[*i].1.kind.is_leaf() && self.flat[*i].0 < rank)
    }

    /// The rank of a leaf that stands directly in a branch.
    fn inside(&self, parent: Option<usize>) -> usize {
        parent.map_or(0, |p| self.flat[p].0 + 1)
    }

    /// The sibling before it.
    fn before(&self, at: usize) -> Option<usize> {
        let parent = self.parent(at);
        let first = parent.map_or(0, |p| p + 1);
        (first..at).rev().find(|i| self.parent(*i) == parent)
    }

    fn make(&mut self, change: &Change) -> Result<(), Refused> {
        if change.op == Op::Take {
            return self.take(change.at);
        }
        let at = self.place(change.at)?;
        let end = self.end(at);
        match &change.op {
            Op::Kind(kind) => self.kind(at, *kind),
            Op::Scope(scope) => {
                self.flat[at..end].iter_mut().for_each(|(_, n)| n.scope = *scope);
                Ok(())
            }
            Op::Goals(goals) => {
                let leaves = self.flat[at..end].iter_mut().filter(|(_, n)| n.kind.is_leaf());
                leaves.for_each(|(_, n)| n.goals = goals.clone());
                Ok(())
            }
            Op::In => {
                let before = self.before(at).filter(|b| !self.flat[*b].1.kind.is_leaf());
                let before = before.ok_or(Refused::NothingBefore)?;
                let kind = self.flat[at].1.kind;
                if matches!(kind, Kind::Section | Kind::Goal | Kind::Scope) {
                    return Err(Refused::AtTheEdge);
                }
                let inside = rank(kind, self.flat[before].0);
                self.shift(at, end, inside);
                Ok(())
            }
            Op::Out => {
                let parent = self.parent(at).ok_or(Refused::AtTheEdge)?;
                let above = self.parent(parent);
                let kind = self.flat[at].1.kind;
                if above.is_none() || matches!(kind, Kind::Section | Kind::Goal | Kind::Scope) {
                    return Err(Refused::AtTheEdge);
                }
                let (own, past) = (self.inside(above), self.end(parent));
                let own = if kind == Kind::Group { own.max(3) } else { own };
                self.shift(at, end, own);
                self.flat[at..past].rotate_left(end - at);
                Ok(())
            }
            Op::Up => {
                let before = self.before(at).ok_or(Refused::AtTheEdge)?;
                self.flat[before..end].rotate_right(end - at);
                Ok(())
            }
            Op::Down => {
                let next = self.flat.get(end).map(|_| end).filter(|n| self.parent(*n) == self.parent(at));
                let past = self.end(next.ok_or(Refused::AtTheEdge)?);
                self.flat[at..past].rotate_left(end - at);
                Ok(())
            }
            Op::Split(characters) => self.split(at, *characters),
            Op::Merge => self.merge(at),
            Op::Ignore => {
                self.ignore(at, end);
                Ok(())
            }
            Op::Take => Err(Refused::Gone),
        }
    }

    /// Gives a node and what is below it another rank.
    fn shift(&mut self, at: usize, end: usize, to: usize) {
        let from = self.flat[at].0;
        for (rank, _) in &mut self.flat[at..end] {
            *rank = (*rank + to).saturating_sub(from);
        }
    }

    fn kind(&mut self, at: usize, kind: Kind) -> Result<(), Refused> {
        let old = self.flat[at].1.kind;
        if old == kind {
            return Ok(());
        }
        let section = |d: &Desk| (0..at).any(|i| d.flat[i].1.kind == Kind::Section);
        if kind == Kind::Goal && !section(self) {
            return Err(Refused::NoSection);
        }
        let end = self.end(at);
        let parent = self.parent(at);
        match (old.is_leaf(), kind.is_leaf()) {
            (true, true) => {
                self.flat[at].1.kind = kind;
                return Ok(());
            }
            (true, false) => {
                let own = match kind {
                    Kind::Group => rank(kind, parent.map_or(0, |p| self.flat[p].0)),
                    _ => rank(kind, 0),
                };
                let stands = self.flat[at].0;
                let n = &mut self.flat[at].1;
                let text = n.text.take().unwrap_or_default();
                if n.label.is_some() {
                    self.found.books.added.push(Mark { line: n.line, text: ":".into() });
                }
                n.title = Some(match n.label.take() {
                    Some(l) => format!("{l}: {text}"),
                    None => text,
                });
                (n.kind, n.goals) = (kind, Vec::new());
                self.flat[at].0 = own;
                // The leaves that stood beside it stand below it now.
                for (rank, n) in
                    self.flat.iter_mut().skip(end).take_while(|(r, n)| n.kind.is_leaf() && *r == stands)
                {
                    *rank = own + 1;
                    let _ = n;
                }
            }
            (false, true) => {
                // Words that are no heading go on where the text before them stands.
                let own = match at.checked_sub(1).map(|b| &self.flat[b]) {
                    Some((rank, n)) if n.kind.is_leaf() => *rank,
                    Some((rank, _)) => rank + 1,
                    None => 0,
                };
                let (was, n) = &mut self.flat[at];
                let old_rank = std::mem::replace(was, own);
                let (title, definition) = (n.title.take().unwrap_or_default(), n.definition.take());
                (n.kind, n.text) = (kind, Some(title));
                let (line, scope) = (n.line, n.scope);
                for (rank, n) in &mut self.flat[at + 1..end] {
                    if n.kind.is_leaf() && *rank == old_rank + 1 {
                        *rank = own;
                    }
                }
                if let Some(d) = definition {
                    let mut n = Node::leaf(Kind::Statement, None, d, line);
                    n.scope = scope;
                    self.flat.insert(at + 1, (own, n));
                }
            }
            (false, false) => {
                let own = match kind {
                    Kind::Group => rank(kind, parent.map_or(0, |p| self.flat[p].0)),
                    _ => rank(kind, 0),
                };
                let was = self.flat[at].0;
                (self.flat[at].0, self.flat[at].1.kind) = (own, kind);
                for (rank, n) in &mut self.flat[at + 1..end] {
                    if n.kind.is_leaf() && *rank == was + 1 {
                        *rank = own + 1;
                    } else if n.kind == Kind::Group {
                        *rank = (*rank).max(own + 1);
                    }
                }
            }
        }
        self.settle();
        Ok(())
    }

    /// Every leaf stands directly in the branch that it follows.
    fn settle(&mut self) {
        for at in 0..self.flat.len() {
            if self.flat[at].1.kind.is_leaf() {
                self.flat[at].0 = self.inside(self.parent(at));
            }
        }
    }

    fn split(&mut self, at: usize, characters: usize) -> Result<(), Refused> {
        let (rank, n) = &mut self.flat[at];
        let text = n.text.as_deref().filter(|_| n.kind.is_leaf()).ok_or(Refused::NoLeaf)?;
        let byte = text.char_indices().nth(characters).map(|(i, _)| i).ok_or(Refused::NoPlace)?;
        let (first, second) = text.split_at(byte);
        let between = first.ends_with(char::is_whitespace) || second.starts_with(char::is_whitespace);
        let (first, second) = (first.trim().to_owned(), second.trim().to_owned());
        if !between || first.is_empty() || second.is_empty() {
            return Err(Refused::NoPlace);
        }
        let next = Node { label: None, text: Some(second), ..n.clone() };
        n.text = Some(first);
        let rank = *rank;
        self.flat.insert(at + 1, (rank, next));
        Ok(())
    }

    fn merge(&mut self, at: usize) -> Result<(), Refused> {
        if !self.flat[at].1.kind.is_leaf() {
            return Err(Refused::NoLeaf);
        }
        let before =
            at.checked_sub(1).filter(|b| self.flat[*b].1.kind.is_leaf()).ok_or(Refused::NothingBefore)?;
        let (_, gone) = self.flat.remove(at);
        if gone.label.is_some() {
            self.found.books.added.push(Mark { line: gone.line, text: ":".into() });
        }
        let words = match (gone.label, gone.text.unwrap_or_default()) {
            (Some(l), t) => format!("{l}: {t}"),
            (None, t) => t,
        };
        let text = self.flat[before].1.text.get_or_insert_default();
        let goes_on = words.starts_with(char::is_lowercase) || !super::markers::ends_sentence(text);
        if goes_on && text.ends_with('-') && words.starts_with(char::is_lowercase) {
            text.pop();
            self.found.books.structure.push(Mark { line: gone.line, text: "-".into() });
        } else {
            text.push_str(if goes_on { " " } else { "\n\n" });
        }
        text.push_str(&words);
        Ok(())
    }

    fn ignore(&mut self, at: usize, end: usize) {
        let parent = self.parent(at);
        let own = self.inside(parent);
        let (rank, gone) = self.flat[at].clone();
        for (r, n) in &mut self.flat[at + 1..end] {
            if n.kind.is_leaf() && *r == rank + 1 {
                *r = own;
            }
        }
        self.flat.remove(at);
        if gone.label.is_some() {
            self.found.books.added.push(Mark { line: gone.line, text: ":".into() });
        }
        let words = match (gone.label, gone.title.or(gone.text).unwrap_or_default()) {
            (Some(l), t) => format!("{l}: {t}"),
            (None, t) => t,
        };
        for text in std::iter::once(words).chain(gone.definition).filter(|t| count(t) > 0) {
            self.found.not_taken.push(NotTaken { line: gone.line, text, reason: NotTakenReason::ByHand });
        }
        self.settle();
    }

    fn take(&mut self, key: NodeKey) -> Result<(), Refused> {
        let same = self.found.not_taken.iter().enumerate().filter(|(_, n)| n.line == key.line);
        let at = same.map(|(i, _)| i).nth(key.nth as usize).ok_or(Refused::Gone)?;
        let line = self.found.not_taken.remove(at);
        let before = self.flat.iter().rposition(|(_, n)| n.line <= line.line);
        let (place, parent) = match before {
            Some(b) if self.flat[b].1.kind.is_leaf() => (b + 1, self.parent(b)),
            Some(b) => (b + 1, Some(b)),
            None => (0, None),
        };
        let mut n = Node::leaf(Kind::Measure, None, line.text, line.line);
        n.scope = before.map_or(Scope::Unspecified, |b| self.flat[b].1.scope);
        let rank = self.inside(parent);
        self.flat.insert(place, (rank, n));
        Ok(())
    }
}

/// The group that stands above a leaf, where the scope is already what a person or the heading said.
fn regroup(nodes: &mut [Node], group: Option<&str>) {
    for n in nodes {
        let title = n.title.clone();
        let below = match n.kind {
            Kind::Group => title.as_deref(),
            Kind::Section | Kind::Goal | Kind::Scope => None,
            Kind::Measure | Kind::Statement => {
                n.group = group.map(str::to_owned);
                group
            }
        };
        regroup(&mut n.children, below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_up_to_three_goals_each_once() {
        let goals = |value: &str| Op::of("goals", value);
        assert_eq!(goals(""), Ok(Op::Goals(vec![])));
        let two = Op::Goals(vec![GoalKey::Input, GoalKey::Review]);
        assert_eq!(goals("input review input"), Ok(two));
        assert!(goals("input review encryption transfer").is_err() && goals("mond").is_err());
    }
}
