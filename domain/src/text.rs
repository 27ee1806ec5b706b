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
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(DomainError::ControlCharacter { field: field.into() });
    }
    Ok(text)
}

/// A name or title: one line, 1 to `max` characters, no control or bidirectional override characters.
pub fn name(text: &str, field: &'static str, max: usize) -> Result<String, DomainError> {
    let text = optional_name(text, field, max)?;
    if text.is_empty() { Err(DomainError::Missing { field: field.into() }) } else { Ok(text) }
}

/// As [`name`], but may be empty.
pub fn optional_name(text: &str, field: &'static str, max: usize) -> Result<String, DomainError> {
    let text = nfc(text.trim());
    if text.chars().count() > max {
        return Err(DomainError::TooLong { field: field.into(), max });
    }
    let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.chars().any(|c| c.is_control() || bidi(c)) {
        return Err(DomainError::ControlCharacter { field: field.into() });
    }
    Ok(text)
}
