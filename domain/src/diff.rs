//! Word diffs: what a person sees as taken out and put in.

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "tag", content = "text")]
pub enum Change {
    Same(String),
    Out(String),
    In(String),
}

/// Compares two texts word by word; neighbouring words of one kind are one run.
pub fn words(old: &str, new: &str) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        let text = change.value();
        match (change.tag(), out.last_mut()) {
            (ChangeTag::Equal, Some(Change::Same(t)))
            | (ChangeTag::Delete, Some(Change::Out(t)))
            | (ChangeTag::Insert, Some(Change::In(t))) => t.push_str(text),
            (ChangeTag::Equal, _) => out.push(Change::Same(text.to_owned())),
            (ChangeTag::Delete, _) => out.push(Change::Out(text.to_owned())),
            (ChangeTag::Insert, _) => out.push(Change::In(text.to_owned())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_and_both_texts_can_be_read_back() {
        let d = words("Es gibt 7 Generationen.", "Es gibt 14 Generationen.");
        let side = |keep: fn(&Change) -> Option<&str>| d.iter().filter_map(keep).collect::<String>();
        assert_eq!(
            side(|c| match c {
                Change::Same(t) | Change::Out(t) => Some(t),
                Change::In(_) => None,
            }),
            "Es gibt 7 Generationen."
        );
        assert_eq!(
            side(|c| match c {
                Change::Same(t) | Change::In(t) => Some(t),
                Change::Out(_) => None,
            }),
            "Es gibt 14 Generationen."
        );
        assert!(d.contains(&Change::Out("7".into())) && d.contains(&Change::In("14".into())));
    }
}
