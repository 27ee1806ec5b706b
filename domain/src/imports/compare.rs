//! A newer file of a document that is here already: what is the same, what has changed, what is new, what is gone.

use crate::diff::{self, Change};
use crate::ids::MeasureId;
use crate::import::Node;
use crate::import::changes::{NodeKey, keys};
use crate::search::fold;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Two texts that share so much of their words (in per cent) are one measure in two wordings.
const ALIKE: usize = 50;
/// Pairs that are compared word by word at most.
const PAIRS: usize = 1_000_000;

/// A measure as it stands in the document.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: MeasureId,
    pub code: String,
    pub label: String,
    pub text: String,
}

/// What became of a leaf of the file, or of a measure that the file no longer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Line {
    Same {
        measure: MeasureId,
    },
    /// Label and text in both wordings, word by word.
    Changed {
        at: NodeKey,
        measure: MeasureId,
        code: String,
        words: Vec<Change>,
    },
    New {
        at: NodeKey,
        code: String,
        words: String,
    },
    Gone {
        measure: MeasureId,
        code: String,
        words: String,
    },
}

fn said(label: &str, text: &str) -> String {
    if label.is_empty() { text.to_owned() } else { format!("{label}: {text}") }
}

fn words(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|w| !w.is_empty()).collect()
}

/// How many of their words two texts share, in per cent (Dice).
fn alike(a: &HashSet<String>, b: &HashSet<String>) -> usize {
    if a.is_empty() && b.is_empty() {
        return 0;
    }
    200 * a.intersection(b).count() / (a.len() + b.len())
}

/// Compares a document with a newer file of it. Lines come in the file's order, what is gone last.
pub fn compare(standing: &[Standing], nodes: &[Node]) -> Vec<Line> {
    let leaves: Vec<(NodeKey, &Node)> = keys(nodes).into_iter().filter(|(_, n)| n.kind.is_leaf()).collect();
    let new: Vec<String> = leaves
        .iter()
        .map(|(_, n)| said(n.label.as_deref().unwrap_or_default(), n.text.as_deref().unwrap_or_default()))
        .collect();
    let old: Vec<String> = standing.iter().map(|s| said(&s.label, &s.text)).collect();
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut free: HashSet<usize> = (0..old.len()).collect();
    // The same words first.
    let mut by_words: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, text) in old.iter().enumerate().rev() {
        by_words.entry(text).or_default().push(i);
    }
    for (i, text) in new.iter().enumerate() {
        if let Some(found) = by_words.get_mut(text.as_str()).and_then(Vec::pop) {
            partner[i] = Some(found);
            free.remove(&found);
        }
    }
    // Then what is most alike, the best pair first.
    let open: Vec<usize> = (0..new.len()).filter(|i| partner[*i].is_none()).collect();
    if open.len() * free.len() <= PAIRS {
        let of_old: HashMap<usize, HashSet<String>> = free.iter().map(|i| (*i, words(&old[*i]))).collect();
        let mut pairs = Vec::new();
        for i in &open {
            let own = words(&new[*i]);
            let label = leaves[*i].1.label.as_deref().unwrap_or_default();
            for (j, theirs) in &of_old {
                let named = !label.is_empty() && label == standing[*j].label;
                let score = alike(&own, theirs) + if named { 60 } else { 0 };
                if score >= ALIKE {
                    pairs.push((score, *i, *j));
                }
            }
        }
        pairs.sort_by_key(|(score, i, j)| (std::cmp::Reverse(*score), i.abs_diff(*j), *i));
        for (_, i, j) in pairs {
            if partner[i].is_none() && free.remove(&j) {
                partner[i] = Some(j);
            }
        }
    }
    let mut out = Vec::new();
    for (i, (at, n)) in leaves.iter().enumerate() {
        let code = n.code.clone().unwrap_or_default();
        out.push(match partner[i] {
            Some(j) if old[j] == new[i] => Line::Same { measure: standing[j].id },
            Some(j) => Line::Changed {
                at: *at,
                measure: standing[j].id,
                code: standing[j].code.clone(),
                words: diff::words(&old[j], &new[i]),
            },
            None => Line::New { at: *at, code, words: new[i].clone() },
        });
    }
    let mut gone: Vec<usize> = free.into_iter().collect();
    gone.sort_unstable();
    out.extend(gone.into_iter().map(|j| Line::Gone {
        measure: standing[j].id,
        code: standing[j].code.clone(),
        words: old[j].clone(),
    }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::import;

    fn standing(texts: &[(&str, &str)]) -> Vec<Standing> {
        let id = |n: usize| MeasureId::from_uuid(uuid::Uuid::from_u128(n as u128 + 1));
        let one = |(n, (label, text)): (usize, &(&str, &str))| Standing {
            id: id(n),
            code: format!("1.{n}"),
            label: (*label).to_owned(),
            text: (*text).to_owned(),
        };
        texts.iter().enumerate().map(one).collect()
    }

    #[test]
    fn same_changed_new_and_gone_are_told_apart() {
        let old = standing(&[
            ("", "Die Türen sind immer verschlossen."),
            ("Backup", "Täglich, 7 Generationen."),
            ("", "Besucher tragen Ausweise."),
            ("", "Disketten werden gelöscht."),
        ]);
        let file = "# T\n\n## 1. Eins\n\n- Besucher tragen Ausweise.\n- Backup: Stündlich, auf zwei Systeme.\n- Die Türen sind nachts immer verschlossen.\n- Kameras überwachen den Hof.\n";
        let found = import(file.as_bytes(), &[]).unwrap();
        let lines = compare(&old, &found.nodes);
        assert!(matches!(&lines[0], Line::Same { measure } if *measure == old[2].id));
        assert!(matches!(&lines[1], Line::Changed { measure, .. } if *measure == old[1].id), "by its label");
        assert!(
            matches!(&lines[2], Line::Changed { measure, words, .. } if *measure == old[0].id && words.contains(&Change::In("nachts ".into()))),
            "{:?}",
            lines[2]
        );
        assert!(matches!(&lines[3], Line::New { words, .. } if words.starts_with("Kameras")));
        assert!(matches!(&lines[4], Line::Gone { words, .. } if words.starts_with("Disketten")));
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn a_file_of_the_same_words_changes_nothing_however_often_a_text_is_there() {
        let old = standing(&[("", "Täglich."), ("", "Täglich."), ("", "Monatlich.")]);
        let found =
            import("# T\n\n## 1. Eins\n\n- Täglich.\n- Monatlich.\n- Täglich.\n".as_bytes(), &[]).unwrap();
        let lines = compare(&old, &found.nodes);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|l| matches!(l, Line::Same { .. })));
    }
}
