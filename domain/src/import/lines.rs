//! Lines of the source, each with its number, less those that carry no content (page numbers, repeated heads).

use super::{Log, NotTakenReason, tables, ticks};
use std::collections::HashMap;

/// One line that counts.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub no: u32,
    /// Columns of white space before the text (a tab counts four).
    pub indent: usize,
    /// Trimmed text; empty for a blank line.
    pub text: &'a str,
    /// Two or more blanks at the end: Markdown's hard break.
    pub hard_break: bool,
    /// The line below is a row of equals signs: this one is a heading.
    pub underlined: bool,
}

/// Cuts the text into lines and lists what is no content.
pub fn read<'a>(text: &'a str, log: &mut Log) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = text
        .split('\n')
        .enumerate()
        .map(|(i, raw)| {
            let raw = raw.trim_end_matches('\r');
            Line {
                no: i as u32 + 1,
                indent: indent(raw),
                text: raw.trim(),
                hard_break: raw.ends_with("  ") && !raw.trim().is_empty(),
                underlined: false,
            }
        })
        .collect();
    let has_headings = lines.iter().any(|l| l.text.starts_with('#'));
    let repeated = repeated(&lines, has_headings);
    for i in 1..lines.len() {
        let (above, below) = lines.split_at_mut(i);
        if let (true, Some(title), [row, ..]) = (has_headings, above.last_mut(), below)
            && row.text.len() >= 3
            && row.text.chars().all(|c| c == '=')
            && !title.text.is_empty()
        {
            // The row is Markdown's mark of a heading, as `#` is.
            log.mark(row.no, row.text);
            (title.underlined, row.text) = (true, "");
        }
    }
    let mut comment = false;
    for line in &mut lines {
        if line.text.is_empty() {
            continue;
        }
        let reason = if comment || line.text.starts_with("<!--") {
            comment = !line.text.contains("-->");
            Some(NotTakenReason::Comment)
        } else if is_page_number(line.text) {
            Some(NotTakenReason::PageNumber)
        } else if repeated.get(line.text).is_some_and(|n| *n >= 3) && !(has_headings && line.indent >= 2) {
            Some(NotTakenReason::RepeatedLine)
        } else if is_rule(line.text, has_headings) {
            Some(NotTakenReason::Rule)
        } else {
            None
        };
        if let Some(reason) = reason {
            log.not_taken(line.no, line.text, reason);
            line.text = "";
        }
    }
    lines.into_iter().flat_map(boxes).collect()
}

/// A line with several check boxes is one line for each.
fn boxes(line: Line) -> impl Iterator<Item = Line> {
    let parts = if tables::is_row(line.text) { vec![line.text] } else { ticks::parts(line.text) };
    let last = parts.len().saturating_sub(1);
    parts.into_iter().enumerate().map(move |(i, text)| Line {
        text,
        hard_break: line.hard_break && i == last,
        ..line.clone()
    })
}

/// A line of dashes in Markdown, of underscores or equals signs in plain text; a form feed anywhere.
fn is_rule(text: &str, markdown: bool) -> bool {
    let only = |marks: &[char]| text.chars().all(|c| marks.contains(&c));
    if markdown { text.len() >= 3 && only(&['-', '_', '*']) } else { only(&['\u{c}', '_', '=']) }
}

fn indent(raw: &str) -> usize {
    raw.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// `Seite 3 von 9`, `Page 3 of 9`, `- 3 -`, `3/9` and a bare number.
pub fn is_page_number(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.len() <= 4 && s.chars().all(|c| c.is_ascii_digit());
    let t = text.trim_matches(|c: char| c == '-' || c == '–' || c == '|' || c.is_whitespace());
    if digits(t) {
        return true;
    }
    if let Some((a, b)) = t.split_once('/') {
        return digits(a.trim()) && digits(b.trim());
    }
    let mut words = t.split_whitespace();
    let head = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    matches!(head, "Seite" | "Page" | "S." | "Blatt")
        && match rest.as_slice() {
            [n] => {
                digits(n.trim_end_matches('.'))
                    || n.split_once('/').is_some_and(|(a, b)| digits(a) && digits(b))
            }
            [n, "von" | "of" | "/", m] => digits(n) && digits(m.trim_end_matches('.')),
            _ => false,
        }
}

/// How often a short line that is no list item stands alone between blank lines: heads and feet of pages.
/// In Markdown an indented line belongs to an item.
fn repeated<'a>(lines: &[Line<'a>], markdown: bool) -> HashMap<&'a str, usize> {
    let mut seen = HashMap::new();
    let blank = |l: Option<&Line>| l.is_none_or(|l| l.text.is_empty() || is_page_number(l.text));
    for (i, l) in lines.iter().enumerate() {
        let alone = blank(i.checked_sub(1).and_then(|j| lines.get(j))) && blank(lines.get(i + 1));
        let list = l.text.starts_with(['-', '*', '•', '#']) || l.text.ends_with([':', '.', ';']);
        if alone && !list && !(markdown && l.indent >= 2) && (4..=100).contains(&l.text.len()) {
            *seen.entry(l.text).or_insert(0) += 1;
        }
    }
    seen
}
