//! The account of an import: where every character of the source went.

use super::tree::{self, Node};
use super::{Imported, NotTaken};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many characters (white space aside, after NFC) of the source went where.
/// `source + added = taken + structure + not_taken` for every document; a test holds each single character to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub source: usize,
    /// Title, titles, labels, texts and definitions of the tree.
    pub taken: usize,
    /// Markers that became the tree's shape: `a.`, `##`, `**`, a table's bars, the colon behind a label, a divided word's hyphen.
    pub structure: usize,
    pub not_taken: usize,
    /// What was written more than once: a column's heading at each of its cells.
    pub added: usize,
}

impl Account {
    pub fn balanced(&self) -> bool {
        self.source + self.added == self.taken + self.structure + self.not_taken
    }
}

/// A marker that became the tree's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub line: u32,
    pub text: String,
}

/// What the importer noted while it read, beside repairs and what was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Characters of the source.
    pub source: usize,
    /// Markers that became the tree's shape.
    pub structure: Vec<Mark>,
    /// Words that stand in the tree more often than in the source.
    pub added: Vec<Mark>,
}

/// White space is no content.
pub fn count(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Everything that the tree keeps of the source.
pub fn taken(title: &str, nodes: &[Node]) -> String {
    let mut out = title.to_owned();
    tree::walk(nodes, &mut |n, _| {
        for words in [&n.title, &n.label, &n.text, &n.definition].into_iter().flatten() {
            out.push('\n');
            out.push_str(words);
        }
    });
    out
}

impl Imported {
    /// Adds up where the characters of the source went.
    pub fn account(&self) -> Account {
        let marks = |m: &[Mark]| m.iter().map(|m| count(&m.text)).sum();
        Account {
            source: self.books.source,
            taken: count(&taken(&self.title, &self.nodes)),
            structure: marks(&self.books.structure),
            not_taken: self.not_taken.iter().map(|n: &NotTaken| count(&n.text)).sum(),
            added: marks(&self.books.added),
        }
    }
}

/// The characters that `before` has more often than `after`: what was stripped off.
pub(super) fn stripped(before: &str, after: &str) -> String {
    if let Some(marker) = before.strip_suffix(after).or_else(|| before.strip_prefix(after)) {
        return marker.trim().to_owned();
    }
    let mut left: HashMap<char, usize> = HashMap::new();
    for c in after.chars() {
        *left.entry(c).or_default() += 1;
    }
    before
        .chars()
        .filter(|c| !c.is_whitespace())
        .filter(|c| match left.get_mut(c) {
            Some(n) if *n > 0 => {
                *n -= 1;
                false
            }
            _ => true,
        })
        .collect()
}
