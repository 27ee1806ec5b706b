//! Regular expressions: a fast engine where the portal runs, a small one in the browser. Both read the same patterns and mean the same:
//! words, digits and boundaries are ASCII's, as the folded texts are (`crate::prose`).

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use regex::{Captures, Match, Regex};
#[cfg(target_arch = "wasm32")]
pub(crate) use regex_lite::{Captures, Match, Regex};

/// A pattern that a programmer wrote: a wrong one fails the first test that uses it.
#[allow(clippy::expect_used)]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(&ascii(text)).expect("a pattern of our own")
}

/// The small engine knows nothing but ASCII.
#[cfg(target_arch = "wasm32")]
fn ascii(text: &str) -> std::borrow::Cow<'_, str> {
    text.into()
}

/// The fast one takes Unicode's classes unless it is told.
#[cfg(not(target_arch = "wasm32"))]
fn ascii(text: &str) -> std::borrow::Cow<'_, str> {
    let mut out = String::with_capacity(text.len() * 2);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('b') => out.push_str(r"(?-u:\b)"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('d') => out.push_str("[0-9]"),
            Some('s') => out.push_str(r"[\t\n\x0b\x0c\r ]"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_digits_are_ascii() {
        let re = pattern(r"\b[\w.]+ \d+\.(\d)\b");
        assert_eq!(re.captures("Größe a.b 14.5").and_then(|c| c.get(1)).map(|m| m.as_str()), Some("5"));
        assert!(!pattern(r"^\w$").is_match("ä") && !pattern(r"\d").is_match("٣"));
    }
}
