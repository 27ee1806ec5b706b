//! Tables: which column is what, and what each row becomes.

use super::{Log, NotTakenReason, scopes};

/// A row as it stands, with its line.
#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<String>,
    pub line: u32,
}

/// A table as it stands.
#[derive(Clone, Debug)]
pub struct Table {
    /// The row above the line of dashes.
    pub head: Option<Row>,
    pub rows: Vec<Row>,
}

/// One measure out of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub label: Option<String>,
    pub text: String,
    pub line: u32,
}

/// A part of what a table becomes: a column under its heading, or rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Group { title: String, line: u32, cells: Vec<Cell> },
    Rows(Vec<Cell>),
}

/// A line of a pipe table.
pub fn is_row(text: &str) -> bool {
    text.len() > 1 && text.starts_with('|') && text.get(1..).is_some_and(|t| t.contains('|'))
}

/// `|---|:--:|`
pub fn is_separator(text: &str) -> bool {
    is_row(text) && text.contains('-') && text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// Cuts a line at its bars; `\\|` is a bar inside a cell.
pub fn cells(text: &str) -> Vec<String> {
    let inner = text.strip_prefix('|').unwrap_or(text);
    let mut out = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        match (c, escaped) {
            ('\\', false) => escaped = true,
            ('|', false) => out.push(String::new()),
            (c, was) => {
                if let Some(cell) = out.last_mut() {
                    if was && c != '|' {
                        cell.push('\\');
                    }
                    cell.push(c);
                }
                escaped = false;
            }
        }
    }
    if escaped && let Some(cell) = out.last_mut() {
        cell.push('\\');
    }
    if out.last().is_some_and(|c| c.trim().is_empty()) {
        out.pop();
    }
    out.iter().map(|c| c.trim().to_owned()).collect()
}

/// What the columns are for.
fn names_kind(title: &str) -> bool {
    let t = title.to_lowercase();
    ["technisch", "organisatorisch", "technical", "organisational", "organizational"]
        .iter()
        .any(|w| t.contains(w))
}

fn is_numbering(title: &str) -> bool {
    let t = scopes::plain(title).to_lowercase();
    matches!(
        t.trim_end_matches('.'),
        "nr" | "no" | "#" | "lfd. nr" | "lfd.nr" | "lfd nr" | "pos" | "id" | "ziffer"
    )
}

/// A cell that only says yes or no.
fn is_answer(cell: &str) -> bool {
    const ANSWERS: [&str; 14] =
        ["x", "✓", "✔", "☑", "☒", "☐", "ja", "nein", "yes", "no", "–", "-", "(x)", "✗"];
    ANSWERS.contains(&cell.to_lowercase().as_str())
}

impl Table {
    /// Whether a column says how the measure stands, not what it is.
    fn answers(&self, at: usize) -> bool {
        let status = self.head.as_ref().and_then(|h| h.cells.get(at)).is_some_and(|t| {
            matches!(
                scopes::plain(t).to_lowercase().as_str(),
                "status" | "stand" | "umsetzungsstatus" | "ja" | "nein" | "yes" | "no"
            )
        });
        let mut said = self.rows.iter().filter_map(|r| r.cells.get(at)).filter(|c| !c.is_empty()).peekable();
        status || (self.head.is_some() && said.peek().is_some() && said.all(|c| is_answer(c)))
    }

    /// Decides what the table becomes. Heads and numbers that are no part of it are listed.
    pub fn read(self, log: &mut Log) -> Vec<Found> {
        let second = |t: &Table| {
            1 + usize::from(t.head.as_ref().and_then(|h| h.cells.first()).is_some_and(|c| is_numbering(c)))
        };
        let answers = self.answers(second(&self));
        let head = self.head.filter(|h| h.cells.iter().any(|c| !c.is_empty()));
        let width = self.rows.iter().chain(&head).map(|r| r.cells.len()).max().unwrap_or_default();
        let column = |at: usize| head.as_ref().and_then(|h| h.cells.get(at)).cloned().unwrap_or_default();
        let named: Vec<bool> = (0..width).map(|at| names_kind(&column(at))).collect();
        let by_kind = width >= 2 && named.iter().all(|n| *n);
        if let (Some(h), true) = (&head, by_kind || width == 1) {
            return (0..width).map(|at| group(at, h, &self.rows, log)).collect();
        }
        let numbered = is_numbering(&column(0));
        let skip = usize::from(numbered);
        // Where the second column only says yes or no, the first one is the whole text.
        let texts = if answers { skip + 1 } else { skip + 2 };
        if let Some(h) = &head {
            for (at, title) in h.cells.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
                let reason =
                    if numbered && at == 0 { NotTakenReason::Numbering } else { NotTakenReason::TableMark };
                let said_again =
                    at >= texts && self.rows.iter().any(|r| r.cells.get(at).is_some_and(|c| !c.is_empty()));
                if !said_again {
                    log.not_taken(h.line, title, reason);
                }
            }
        }
        let mut said = vec![false; width];
        let rows = self
            .rows
            .into_iter()
            .filter_map(|r| row(r, head.as_ref(), skip..texts, &mut said, log))
            .collect();
        vec![Found::Rows(rows)]
    }
}

/// A whole column under its heading.
fn group(at: usize, head: &Row, rows: &[Row], log: &mut Log) -> Found {
    let raw = head.cells.get(at).cloned().unwrap_or_default();
    let title = scopes::plain(&raw).trim_end_matches(':').to_owned();
    log.stripped(head.line, &raw, &title);
    let mut cells = Vec::new();
    for r in rows {
        let Some(cell) = r.cells.get(at) else { continue };
        for (i, text) in cell.split("<br>").enumerate() {
            if i > 0 {
                log.mark(r.line, "<br>");
            }
            let text = text.trim();
            let bare =
                ["- ", "• ", "* ", "– "].iter().find_map(|b| text.strip_prefix(b)).unwrap_or(text).trim();
            log.stripped(r.line, text, bare);
            if !bare.is_empty() {
                cells.push(Cell { label: None, text: bare.to_owned(), line: r.line });
            }
        }
    }
    Found::Group { title, line: head.line, cells }
}

/// A row: what it is called, what is said of it, and every further cell under its column's heading.
fn row(
    row: Row,
    head: Option<&Row>,
    words: std::ops::Range<usize>,
    said: &mut [bool],
    log: &mut Log,
) -> Option<Cell> {
    let skip = words.start;
    let mut cells = row.cells.into_iter().enumerate();
    for (_, number) in cells.by_ref().take(skip) {
        if !number.is_empty() {
            log.not_taken(row.line, &number, NotTakenReason::Numbering);
        }
    }
    let cells: Vec<(usize, String)> = cells
        .filter(|(_, c)| !c.is_empty())
        .map(|(at, c)| {
            for _ in 1..c.split("<br>").count() {
                log.mark(row.line, "<br>");
            }
            (at, c.split("<br>").map(str::trim).collect::<Vec<_>>().join("\n"))
        })
        .collect();
    let mut rest = cells.into_iter().peekable();
    let (mut label, mut text) = (None, String::new());
    if let Some((_, raw)) = rest.next_if(|(at, _)| *at == skip) {
        let bare = scopes::plain(&raw).trim_end_matches(':').to_owned();
        // A label must be one that the same importer reads again out of "Label: text".
        let fits =
            scopes::label(&format!("{bare}: x")).is_some_and(|(l, _)| l == bare) && !bare.contains('\n');
        if fits && rest.peek().is_some_and(|(at, _)| *at == skip + 1 && words.contains(at)) {
            log.stripped(row.line, &raw, &bare);
            label = Some(bare);
        } else {
            text = raw;
        }
    }
    for (at, cell) in rest {
        let title = head.and_then(|h| h.cells.get(at)).filter(|t| !t.is_empty() && !words.contains(&at));
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if let Some(title) = title {
            // The first cell takes the heading's own words, each further one writes them again.
            let again = said.get_mut(at).is_some_and(|s| std::mem::replace(s, true));
            log.added(row.line, &if again { format!("{title}:") } else { ":".to_owned() });
            text.push_str(&format!("{title}: "));
        }
        text.push_str(&cell);
    }
    if text.is_empty() {
        text = label.take()?;
    }
    Some(Cell { label, text, line: row.line })
}
