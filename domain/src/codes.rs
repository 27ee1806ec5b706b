//! Codes are computed from position by the document's scheme, and frozen in a release.

use crate::import::{Kind, Node, Scope};
use serde::{Deserialize, Serialize};

/// How a document numbers its parts (Gliederung).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Nine sections: `1`, `1.a`, `2.a.i`.
    #[default]
    Nine,
    /// A to D: `A`, `A.1`, then `A.1.E1` (own), `A.1.K1` (customer), `A.1.X1` (any other).
    Abcd,
}

impl Scheme {
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Nine => "nine",
            Scheme::Abcd => "abcd",
        }
    }
}

impl std::str::FromStr for Scheme {
    type Err = crate::error::DomainError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "nine" => Ok(Scheme::Nine),
            "abcd" => Ok(Scheme::Abcd),
            _ => Err(crate::error::DomainError::invalid("scheme")),
        }
    }
}

/// A tree that can be numbered: the importer's nodes and a document's nodes alike.
pub trait Numbered: Sized {
    fn kind(&self) -> Kind;
    fn scope(&self) -> Scope;
    /// A retired measure keeps no number.
    fn counts(&self) -> bool {
        true
    }
    fn children(&mut self) -> &mut [Self];
    fn set_code(&mut self, code: Option<String>);
}

impl Numbered for Node {
    fn kind(&self) -> Kind {
        self.kind
    }
    fn scope(&self) -> Scope {
        self.scope
    }
    fn children(&mut self) -> &mut [Node] {
        &mut self.children
    }
    fn set_code(&mut self, code: Option<String>) {
        self.code = code;
    }
}

/// Numbers a whole document.
pub fn assign<N: Numbered>(nodes: &mut [N], scheme: Scheme) {
    match scheme {
        Scheme::Nine => nine(nodes, "", 0),
        Scheme::Abcd => sections(nodes),
    }
}

fn nine<N: Numbered>(nodes: &mut [N], above: &str, depth: usize) {
    let mut n = 0;
    for node in nodes.iter_mut() {
        if !node.counts() || (depth == 0 && node.kind().is_leaf() && node.kind() == Kind::Statement) {
            node.set_code(None);
            continue;
        }
        n += 1;
        let own = match depth {
            1 => letter(n, 'a'),
            2 => roman(n),
            _ => n.to_string(),
        };
        let code = if above.is_empty() { own } else { format!("{above}.{own}") };
        node.set_code(Some(code.clone()));
        nine(node.children(), &code, depth + 1);
    }
}

fn sections<N: Numbered>(nodes: &mut [N]) {
    let mut n = 0;
    for node in nodes.iter_mut() {
        if node.kind() != Kind::Section {
            node.set_code(None);
            continue;
        }
        n += 1;
        let code = letter(n, 'A');
        node.set_code(Some(code.clone()));
        let mut goal = 0;
        // Leaves that stand in a section without a goal are numbered under the section itself.
        let mut loose = [0; 3];
        for child in node.children().iter_mut() {
            if child.kind() == Kind::Goal {
                goal += 1;
                let code = format!("{code}.{goal}");
                child.set_code(Some(code.clone()));
                leaves(child.children(), &code, &mut [0; 3]);
            } else {
                leaves(std::slice::from_mut(child), &code, &mut loose);
            }
        }
    }
}

fn leaves<N: Numbered>(nodes: &mut [N], goal: &str, counters: &mut [u32; 3]) {
    for node in nodes.iter_mut() {
        if node.kind().is_leaf() && node.counts() {
            let (at, letter) = match node.scope() {
                Scope::Own => (0, 'E'),
                Scope::Customer => (1, 'K'),
                Scope::Hosting | Scope::Internal | Scope::Unspecified => (2, 'X'),
            };
            let n = counters.get_mut(at).map_or(0, |c| {
                *c += 1;
                *c
            });
            node.set_code(Some(format!("{goal}.{letter}{n}")));
        } else {
            node.set_code(None);
        }
        leaves(node.children(), goal, counters);
    }
}

/// a, b, … z, aa, ab: the n-th from 1.
pub fn letter(n: u32, first: char) -> String {
    let digit = |d: u32| char::from_u32(first as u32 + d).unwrap_or(first);
    let (high, low) = ((n.max(1) - 1) / 26, (n.max(1) - 1) % 26);
    if high == 0 { digit(low).to_string() } else { format!("{}{}", letter(high, first), digit(low)) }
}

/// i, ii, iii, iv: the n-th from 1.
pub fn roman(n: u32) -> String {
    const PARTS: [(u32, &str); 9] =
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut out = String::new();
    let mut rest = n;
    for (value, word) in PARTS {
        while rest >= value {
            out.push_str(word);
            rest -= value;
        }
    }
    out
}

/// Inside its goal the screen shows `E1`; everything that leaves the house shows the whole code.
pub fn short(code: &str) -> &str {
    match code.rsplit_once('.') {
        Some((_, last)) if last.starts_with(['E', 'K', 'X']) => last,
        _ => code,
    }
}
