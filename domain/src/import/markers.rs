//! List and section markers: `1.`, `1.2`, `A.`, `a.`, `a)`, `(a)`, `iv.`, `-`, `•`.

use std::borrow::Cow;

/// A marker at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Bullet,
    Number(u32),
    /// `1.2` and deeper: how many parts, and the last.
    Dotted(u32, u32),
    Upper(char),
    Lower(char),
    /// `(a)`: a list of its own, where the letters do not go on.
    Bracketed(char),
}

impl Marker {
    /// The value that a lower-case letter run has as a roman number.
    pub fn roman(text: &str) -> Option<u32> {
        const ROMAN: [&str; 20] = [
            "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
            "xvi", "xvii", "xviii", "xix", "xx",
        ];
        ROMAN.iter().position(|r| *r == text).map(|i| i as u32 + 1)
    }
}

/// What a line starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The marker's own words, as `iv`.
    pub word: &'a str,
    pub marker: Marker,
    pub rest: &'a str,
}

/// Reads the marker of a trimmed line; the caller decides whether it is the one expected.
pub fn marked(text: &str) -> Option<Marked<'_>> {
    for word in ["-", "*", "+", "•", "–", "o", "▪", "·", "\u{f0b7}"] {
        if let Some(rest) = text.strip_prefix(word)
            && rest.starts_with(char::is_whitespace)
        {
            let rest = rest.trim_start();
            return (!rest.is_empty()).then_some(Marked { word, marker: Marker::Bullet, rest });
        }
    }
    // `(a)`; a number in brackets is a paragraph of a law more often than an item.
    let open = text.strip_prefix('(').filter(|t| t.starts_with(|c: char| c.is_ascii_lowercase()));
    let text = open.unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.')?;
    let (word, tail) = text.split_at(end);
    if open.is_some() && (word.contains('.') || !tail.starts_with(')')) {
        return None;
    }
    let (word, rest) = match (word.strip_suffix('.'), tail.strip_prefix(')')) {
        (Some(w), None) => (w, tail),
        // `1.)`
        (Some(w), Some(t)) if !w.contains('.') => (w, t),
        (None, Some(t)) if !word.contains('.') => (word, t),
        (None, None) if word.contains('.') => (word, tail),
        _ => return None,
    };
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = rest.trim_start();
    if rest.is_empty() || is_abbreviation(rest) {
        return None;
    }
    let first = word.chars().next()?;
    let marker = if word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 2 {
        Marker::Number(word.parse().ok()?)
    } else if word.contains('.') {
        let parts: Vec<u32> = word.split('.').map(|p| p.parse().ok()).collect::<Option<_>>()?;
        Marker::Dotted(parts.len() as u32, *parts.last()?)
    } else if word.len() == 1 && first.is_ascii_uppercase() {
        Marker::Upper(first)
    } else if word.chars().all(|c| c.is_ascii_lowercase())
        && (word.len() == 1 || Marker::roman(word).is_some())
    {
        if open.is_some() { Marker::Bracketed(first) } else { Marker::Lower(first) }
    } else {
        return None;
    };
    Some(Marked { word, marker, rest })
}

/// `**a) Label:** text`: a marker inside the emphasis of the words that it opens. Gives the line with the marker in front of the
/// emphasis. A line that is emphasised whole is a heading's, not an item's.
pub fn unwrapped(text: &str) -> Option<String> {
    let mark = ["**", "__"].into_iter().find(|m| text.starts_with(m))?;
    let inner = text.strip_prefix(mark)?;
    let marked = marked(inner)?;
    let (_, behind) = marked.rest.split_once(mark)?;
    if behind.trim().is_empty() || marked.marker == Marker::Bullet {
        return None;
    }
    let opener = inner.strip_suffix(marked.rest)?;
    Some(format!("{opener}{mark}{}", marked.rest))
}

/// `\\- so`, `\\# so`, `1\\. so`: words that only look like a marker. Gives them without the backslash.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if let Some(rest) = text.strip_prefix('\\')
        && rest.starts_with(LEADING)
    {
        return Cow::Borrowed(rest);
    }
    match text.split_once('\\') {
        Some((word, rest)) if is_word(word) && rest.starts_with(['.', ')']) => {
            Cow::Owned(format!("{word}{rest}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The way back: a paragraph that begins like a marker gets a backslash.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.starts_with(LEADING) && unescaped(&format!("\\{text}")) == text && looks_structural(text) {
        return Cow::Owned(format!("\\{text}"));
    }
    match text.find(['.', ')']) {
        Some(at) if marked(text).is_some() && text.get(..at).is_some_and(is_word) => {
            let (word, rest) = text.split_at(at);
            Cow::Owned(format!("{word}\\{rest}"))
        }
        _ => Cow::Borrowed(text),
    }
}

const LEADING: [char; 11] = ['#', '>', '|', '-', '+', '*', '•', '–', '☒', '☑', '☐'];

fn is_word(word: &str) -> bool {
    let word = word.strip_prefix('(').unwrap_or(word);
    (1..=5).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphanumeric())
}

fn looks_structural(text: &str) -> bool {
    marked(text).is_some() || text.starts_with(['#', '>', '|', '☒', '☑', '☐'])
}

/// `d. h.`, `z. B.`, `i. d. R.`: the rest of an abbreviation, not an item.
fn is_abbreviation(rest: &str) -> bool {
    let word = rest.split_whitespace().next().unwrap_or_default();
    word.strip_suffix(['.', ','])
        .is_some_and(|w| (1..=2).contains(&w.chars().count()) && w.chars().all(char::is_alphabetic))
}

/// Ends a sentence, so that a following blank line ends the paragraph too.
pub fn ends_sentence(text: &str) -> bool {
    let t = text.trim_end_matches(['*', '_', ')', '“', '"', '«', '\u{201d}']);
    t.ends_with(['.', '!', '?', ':', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_inside_emphasis_is_one() {
        let table = [
            ("**a) Kennwörter:** zehn Zeichen", Some("a) **Kennwörter:** zehn Zeichen")),
            ("__2. Türen__ sind zu", Some("2. __Türen__ sind zu")),
            ("**1. Zutritt**", None),
            ("**Kennwörter:** zehn", None),
            ("**z. B. so** oder so", None),
        ];
        for (text, want) in table {
            assert_eq!(unwrapped(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn abbreviations_open_no_item_and_markers_do() {
        let kind = |t| marked(t).map(|m| m.marker);
        let table = [
            ("a. Text", Some(Marker::Lower('a'))),
            ("b) Text", Some(Marker::Lower('b'))),
            ("1.) Text", Some(Marker::Number(1))),
            ("(c) Text", Some(Marker::Bracketed('c'))),
            ("(siehe c) Text", None),
            ("(2) Text", None),
            ("iv. Text", Some(Marker::Lower('i'))),
            ("1. Text", Some(Marker::Number(1))),
            ("1.2 Text", Some(Marker::Dotted(2, 2))),
            ("1.2. Text", Some(Marker::Dotted(2, 2))),
            ("A. Text", Some(Marker::Upper('A'))),
            ("- Text", Some(Marker::Bullet)),
            ("d. h. wir", None),
            ("z. B. das", None),
            ("i. d. R. so", None),
            ("3 Jahre", None),
            ("gem. Art. 32", None),
            ("z.B. das", None),
        ];
        for (text, want) in table {
            assert_eq!(kind(text), want, "{text}");
        }
    }
}
