//! How words become terms that find each other: one analyzer for both databases and both languages.
//!
//! A term is folded (lower case, `ä`, `ae` and `a` alike, `ß` and `ss` alike, ASCII only). Snowball stems (German, English) find
//! inflected forms. Databases see nothing but the letters a to z and digits, so that no tokenizer of theirs can differ.

use rust_stemmers::{Algorithm, Stemmer};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest term, in bytes; a longer word is no word.
pub const MAX_TERM: usize = 80;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub folded: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// A word folded: what is compared.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => {
                // `ae` is how `ä` is typed without its key, and `ä` is `a` here.
                if c == 'e' && out.ends_with(['a', 'o', 'u']) {
                    continue;
                }
                out.push(c);
            }
            'ß' => out.push_str("ss"),
            'æ' => out.push('a'),
            'ø' => out.push('o'),
            // Between digits; databases know letters and digits only.
            '.' | ',' => out.push('p'),
            c if c.is_alphanumeric() => out.push_str(&format!("{:x}", c as u32)),
            _ => {}
        }
    }
    out
}

/// The words of a text. A hyphenated word gives its parts and itself in one.
pub fn terms(text: &str) -> Vec<Term> {
    let mut out = Vec::new();
    for range in words(text) {
        let whole = text.get(range.clone()).unwrap_or_default();
        if whole.contains(HYPHENS) {
            let mut at = range.start;
            for part in whole.split(HYPHENS) {
                push(&mut out, part, at..at + part.len());
                // The hyphen's own width.
                at += part.len();
                at += text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
            }
        }
        push(&mut out, whole, range);
    }
    out
}

/// The words of a query: a hyphenated one is one word, but a number in it stands for itself (`ISO-27001`).
pub fn query(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for range in words(text) {
        let whole = text.get(range).unwrap_or_default();
        let parts: Vec<&str> = whole.split(HYPHENS).collect();
        let numbers = parts.iter().any(|p| p.starts_with(|c: char| c.is_ascii_digit()));
        let found = if numbers { parts.into_iter().map(fold).collect() } else { vec![fold(whole)] };
        out.extend(found.into_iter().filter(|w| !w.is_empty()));
    }
    out.dedup();
    out.truncate(12);
    out
}

const HYPHENS: [char; 4] = ['-', '\u{2010}', '\u{2011}', '\u{2013}'];

fn push(out: &mut Vec<Term>, word: &str, range: Range<usize>) {
    let folded = fold(word);
    if !folded.is_empty() && folded.len() <= MAX_TERM {
        out.push(Term { folded, range });
    }
}

/// Runs of letters and digits; a hyphen between letters and a point or comma between digits belong to the word.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, n)| *n);
        let inside = c.is_alphanumeric()
            || is_combining_mark(c)
            || (HYPHENS.contains(&c) && before.is_alphanumeric() && next.is_alphanumeric())
            || (matches!(c, '.' | ',') && before.is_ascii_digit() && next.is_ascii_digit());
        match (inside, open) {
            (true, None) => open = Some(at),
            (false, Some(start)) => {
                out.push(start..at);
                open = None;
            }
            _ => {}
        }
        before = c;
    }
    if let Some(start) = open {
        out.push(start..text.len());
    }
    out
}

/// Stems of a folded word.
pub struct Stems {
    pub german: String,
    pub english: String,
}

pub fn stems(folded: &str) -> Stems {
    thread_local! {
        static BOTH: (Stemmer, Stemmer) = (Stemmer::create(Algorithm::German), Stemmer::create(Algorithm::English));
    }
    BOTH.with(|(de, en)| Stems {
        german: de.stem(folded).into_owned(),
        english: en.stem(folded).into_owned(),
    })
}

/// Whether a word of a query finds a term; the same rule that the databases are asked by.
pub fn finds(query: &str, term: &str) -> bool {
    if query == term {
        return true;
    }
    if query.len() < 2 {
        return false;
    }
    let (q, t) = (stems(query), stems(term));
    let part = |s: &str| s.len() >= PART && term.contains(s);
    q.german == t.german
        || q.english == t.english
        || term.starts_with(query)
        || part(query)
        || part(&q.german)
        || part(&q.english)
}

/// Shortest part of a compound that is looked for.
pub const PART: usize = 4;
