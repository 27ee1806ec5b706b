//! What changed between two snapshots, measure by measure. A measure is followed by its id, not by its number.

use super::SnapshotNode;
use crate::diff::{self, Change};
use crate::markdown::plain;
use crate::measures::{Status, heading};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// One line of the change list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeLine {
    pub code: Option<String>,
    pub label: String,
    pub what: What,
}

impl ChangeLine {
    /// Number and name, as the change list shows them.
    pub fn heading(&self) -> String {
        match &self.code {
            Some(code) => format!("{code} {}", self.label),
            None => self.label.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    Added {
        text: String,
    },
    Removed {
        text: String,
    },
    /// It stays in force and is no longer told.
    Withheld,
    Text {
        words: Vec<Change>,
    },
    Status {
        old: Status,
        new: Status,
    },
    Owner {
        old: String,
        new: String,
    },
    Code {
        old: String,
        new: String,
    },
}

/// The measures of a frozen tree, in reading order.
pub(crate) fn leaves<'a>(nodes: &'a [SnapshotNode], out: &mut Vec<&'a SnapshotNode>) {
    for n in nodes {
        if n.measure.is_some() {
            out.push(n);
        }
        leaves(&n.children, out);
    }
}

/// Compares two trees. `withheld` are the measures that are missing only because they are no longer told.
pub fn compare(old: &[SnapshotNode], new: &[SnapshotNode], withheld: &HashSet<String>) -> Vec<ChangeLine> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    leaves(old, &mut before);
    leaves(new, &mut after);
    let by_id: HashMap<_, _> = before.iter().map(|n| (n.measure.as_deref(), *n)).collect();
    let mut out = Vec::new();
    for n in &after {
        let mut line =
            |what| out.push(ChangeLine { code: n.code.clone(), label: heading(&n.label, &n.text), what });
        let Some(o) = by_id.get(&n.measure.as_deref()) else {
            line(What::Added { text: heading("", &n.text) });
            continue;
        };
        if o.text != n.text || o.label != n.label {
            line(What::Text { words: told(o, n) });
        }
        if let (Some(old), Some(new)) = (o.status, n.status)
            && old != new
        {
            line(What::Status { old, new });
        }
        if o.owner != n.owner {
            line(What::Owner { old: o.owner.clone(), new: n.owner.clone() });
        }
        if o.code != n.code {
            line(What::Code {
                old: o.code.clone().unwrap_or_default(),
                new: n.code.clone().unwrap_or_default(),
            });
        }
    }
    let kept: HashSet<_> = after.iter().map(|n| n.measure.as_deref()).collect();
    for o in before.iter().filter(|o| !kept.contains(&o.measure.as_deref())) {
        out.push(ChangeLine {
            code: o.code.clone(),
            label: heading(&o.label, &o.text),
            what: if o.measure.as_ref().is_some_and(|id| withheld.contains(id)) {
                What::Withheld
            } else {
                What::Removed { text: heading("", &o.text) }
            },
        });
    }
    out
}

/// The words as a reader sees them; where only their look or an address changed, their source.
fn told(old: &SnapshotNode, new: &SnapshotNode) -> Vec<Change> {
    let (before, after) = (joined(&old.label, plain(&old.text)), joined(&new.label, plain(&new.text)));
    if before != after {
        return diff::words(&before, &after);
    }
    diff::words(&joined(&old.label, old.text.clone()), &joined(&new.label, new.text.clone()))
}

fn joined(label: &str, text: String) -> String {
    if label.is_empty() { text } else { format!("{label}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Kind;

    fn measure(text: &str) -> SnapshotNode {
        SnapshotNode {
            code: Some("A.1.K1".into()),
            measure: Some("m".into()),
            label: "Datensicherung".into(),
            text: text.into(),
            status: Some(Status::Implemented),
            ..SnapshotNode::of(Kind::Measure, "")
        }
    }

    fn words(old: &str, new: &str) -> String {
        let lines = compare(&[measure(old)], &[measure(new)], &HashSet::new());
        let Some(ChangeLine { what: What::Text { words }, .. }) = lines.into_iter().next() else {
            return String::new();
        };
        let word = |c: &Change| match c {
            Change::Same(s) => s.clone(),
            Change::Out(s) => format!("[-{s}-]"),
            Change::In(s) => format!("[+{s}+]"),
        };
        words.iter().map(word).collect()
    }

    #[test]
    fn a_changed_text_is_told_in_words_without_its_signs() {
        let told = words("**Täglich** gesichert:\n\n- voll", "**Stündlich** gesichert:\n\n- voll");
        assert!(told.contains("[-Täglich-]") && told.contains("[+Stündlich+]"), "{told}");
        assert!(!told.contains('*') && told.ends_with("gesichert: voll"), "{told}");
    }

    #[test]
    fn where_only_the_look_changed_the_signs_are_told() {
        let told = words("täglich gesichert", "**täglich** gesichert");
        assert!(told.contains("**täglich**"), "{told}");
        assert_eq!(words("täglich", "täglich"), "");
    }
}
