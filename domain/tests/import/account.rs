//! No character of a source is unaccounted for: it is in the tree, it is a listed line, or it is a known marker.

use std::collections::BTreeMap;
use tomfolio_domain::import::{Imported, Mark, Node};

/// How often each character stands in some texts, white space aside.
fn characters<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeMap<char, i64> {
    let mut out = BTreeMap::new();
    for c in texts.into_iter().flat_map(str::chars).filter(|c| !c.is_whitespace()) {
        *out.entry(c).or_insert(0) += 1;
    }
    out
}

fn words<'a>(nodes: &'a [Node], out: &mut Vec<&'a str>) {
    for n in nodes {
        out.extend([&n.title, &n.label, &n.text, &n.definition].into_iter().flatten().map(String::as_str));
        words(&n.children, out);
    }
}

/// A marker may hold letters only as a list's letter or number, or as `<br>`.
fn is_marker(text: &str) -> bool {
    let bare = text.replace("<br>", "").replace("[x]", "").replace("[X]", "");
    bare.split(|c: char| !c.is_alphanumeric()).all(|w| {
        let digits = w.chars().all(|c| c.is_ascii_digit());
        let roman = w.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
        w.chars().count() <= 1 || (digits && w.len() <= 3) || (roman && w.len() <= 5)
    })
}

/// Adds up taken, listed and structural characters, each single one; says what is wrong.
pub fn check(source: &str, found: &Imported) -> Result<(), String> {
    let source: String = unicode(source.trim_start_matches('\u{feff}'));
    let mut kept = vec![found.title.as_str()];
    words(&found.nodes, &mut kept);
    let listed = found.not_taken.iter().map(|n| n.text.as_str());
    let mut have = characters(kept.into_iter().chain(listed).chain(texts(&found.books.structure)));
    for (c, n) in characters(texts(&found.books.added)) {
        *have.entry(c).or_insert(0) -= n;
    }
    have.retain(|_, n| *n != 0);
    let want = characters([source.as_str()]);
    if have != want {
        let off: Vec<String> = want
            .keys()
            .chain(have.keys())
            .filter_map(|c| {
                let (w, h) = (want.get(c).copied().unwrap_or(0), have.get(c).copied().unwrap_or(0));
                (w != h).then(|| format!("{c:?} {w} in the source, {h} accounted for"))
            })
            .collect();
        return Err(off.join("; "));
    }
    if let Some(m) = found.books.structure.iter().find(|m| !is_marker(&m.text)) {
        return Err(format!("line {}: {:?} is no marker", m.line, m.text));
    }
    let account = found.account();
    if !account.balanced() {
        return Err(format!("{account:?} does not add up"));
    }
    Ok(())
}

fn texts(marks: &[Mark]) -> impl Iterator<Item = &str> {
    marks.iter().map(|m| m.text.as_str())
}

/// The importer reads NFC.
fn unicode(text: &str) -> String {
    tomfolio_domain::text::nfc(text)
}

#[test]
fn the_own_fixtures_add_up() {
    for text in [include_str!("../fixtures/nine.txt"), include_str!("../fixtures/abcd.md")] {
        check(text, &crate::read(text)).unwrap();
    }
}

#[test]
fn a_lost_word_is_noticed() {
    let text = "T\n\n1. Eins\na. Zwei Drei.\n";
    let mut found = crate::read(text);
    check(text, &found).unwrap();
    found.nodes[0].children[0].text = Some("Zwei.".into());
    assert!(check(text, &found).is_err());
}
