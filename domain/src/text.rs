//! Text as it is kept: NFC, LF, no control characters.

use crate::error::DomainError;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Unicode NFC; most text is already and is only copied.
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Prose of a person: CRLF becomes LF (browsers post CRLF), NFC, trailing white space and leading line breaks off. NUL and other control
/// characters are refused: PostgreSQL cannot keep NUL, and nobody can see the rest.
pub fn prose(text: &str, field: &'static str, max_bytes: usize) -> Result<String, DomainError> {
    let text = nfc(&text.replace("\r\n", "\n").replace('\r', "\n"));
    let text = text.trim_end().trim_start_matches('\n').to_owned();
    if text.len() > max_bytes {
        return Err(DomainError::TooLong { field: field.into(), max: max_bytes });
    }
    if text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_no_character(c)) {
        return Err(DomainError::ControlCharacter { field: field.into() });
    }
    Ok(text)
}

/// A name or title: one line, 1 to `max` characters, no control or bidirectional override characters.
pub fn name(text: &str, field: &'static str, max: usize) -> Result<String, DomainError> {
    let text = optional_name(text, field, max)?;
    if visible(&text) == 0 { Err(DomainError::Missing { field: field.into() }) } else { Ok(text) }
}

/// As [`name`], but may be empty.
pub fn optional_name(text: &str, field: &'static str, max: usize) -> Result<String, DomainError> {
    let text = nfc(text.trim());
    if text.chars().count() > max {
        return Err(DomainError::TooLong { field: field.into(), max });
    }
    if text.chars().any(|c| c.is_control() || is_bidi(c) || is_no_character(c)) {
        return Err(DomainError::ControlCharacter { field: field.into() });
    }
    // What nobody sees was not said.
    Ok(if visible(&text) == 0 { String::new() } else { text })
}

/// Shortest reason that says something, in characters that a reader sees.
pub const SHORTEST_REASON: usize = 20;

/// A reason: prose that says something.
pub fn reason(text: &str, field: &'static str, max_bytes: usize) -> Result<String, DomainError> {
    let text = prose(text, field, max_bytes)?;
    if visible(&text) < SHORTEST_REASON { Err(DomainError::ReasonTooShort) } else { Ok(text) }
}

/// A file's name as somebody gave it: the last part of any path, no control or bidirectional characters, at most 120.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = nfc(last).chars().filter(|c| !c.is_control() && !is_bidi(*c)).take(120).collect();
    let name = name.trim().trim_start_matches('.').to_owned();
    if name.is_empty() { "Datei".to_owned() } else { name }
}

/// How many characters a reader sees: neither blanks nor what takes no room.
pub fn visible(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace() && !takes_no_room(*c)).count()
}

/// Zero-width and filler characters, tags, combining marks on their own, and what is no character at all.
fn takes_no_room(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}' | '\u{e0000}'..='\u{e0fff}'
    ) || is_no_character(c)
}

/// Unicode's noncharacters (U+FFFE and its like): no text holds them.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{file_name, name, optional_name, prose, visible};
    use crate::error::DomainError;

    #[test]
    fn what_nobody_sees_is_no_name() {
        for nothing in ["\u{200b}", "\u{feff}\u{2060}", "\u{3164}", "\u{e0041}", "\u{ad} \u{200e}", "\u{300}"]
        {
            assert_eq!(name(nothing, "title", 50), Err(DomainError::missing("title")), "{nothing:?}");
        }
        assert_eq!(visible(&"\u{200b}".repeat(20)), 0);
        assert_eq!(visible(&"\u{202e}".repeat(40)), 0);
        assert_eq!(optional_name("\u{200b}", "of_what", 50).as_deref(), Ok(""));
        assert_eq!(name("Büro", "title", 50).as_deref(), Ok("Büro"));
        assert!(matches!(prose("a\u{fffe}b", "text", 50), Err(DomainError::ControlCharacter { .. })));
    }

    #[test]
    fn a_file_name_is_no_path_and_hides_nothing() {
        let table = [
            ("../../etc/passwd", "passwd"),
            ("C:\\Akten\\TOM.pdf", "TOM.pdf"),
            ("a\r\nb\u{202e}fdp.exe", "abfdp.exe"),
            ("...", "Datei"),
            ("", "Datei"),
        ];
        for (given, want) in table {
            assert_eq!(file_name(given), want, "{given:?}");
        }
    }
}
