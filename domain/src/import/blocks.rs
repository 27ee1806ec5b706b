//! Lines become blocks: headings, list items, paragraphs. Here torn words and torn items are put together.

use super::lines::Line;
use super::markers::{Marked, Marker, ends_sentence, marked, unescaped, unwrapped};
use super::tables::{self, Row, Table};
use super::ticks::ticked;
use super::{ImportError, Log, MAX_COLUMNS, RepairKind};

/// Deepest nesting of lists.
const MAX_DEPTH: usize = 12;

#[derive(Clone, Debug)]
pub enum Block {
    Heading(Heading),
    /// A list item; `depth` from 0 is its place in the nesting of markers.
    Item {
        depth: usize,
        text: String,
        line: u32,
        /// What its check box says, where it has one.
        tick: Option<bool>,
    },
    /// A paragraph; its parts are divided by hard breaks.
    Para {
        parts: Vec<Part>,
    },
    Table(Table),
}

#[derive(Clone, Debug)]
pub struct Heading {
    /// Number of `#`, where the heading is a Markdown one.
    pub hashes: Option<usize>,
    /// Text as it stands, emphasis and numbering included.
    pub text: String,
    pub line: u32,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub text: String,
    pub line: u32,
    broken: bool,
}

/// A class of markers that is open, with the last value seen.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Bullet(usize),
    Number,
    Dotted(u32),
    Lower,
    Bracketed,
    Roman,
}

/// Reads all blocks.
pub fn read(lines: &[Line], log: &mut Log) -> Result<Vec<Block>, ImportError> {
    let markdown = lines.iter().any(|l| atx(l.text).is_some());
    let mut r = Reader {
        log,
        blocks: Vec::new(),
        stack: Vec::new(),
        decimals: !markdown && decimal_headings(lines),
        section: 0,
        decimal: 0,
        upper: 0,
        markdown,
        headings: false,
    };
    let mut blank = true;
    let mut fence = false;
    for line in lines {
        if line.text.starts_with("```") {
            r.verbatim(line, !fence && blank);
            fence = !fence;
        } else if fence || (tables::is_row(line.text) && r.inside_item(line)) {
            r.verbatim(line, blank);
        } else if tables::is_row(line.text) {
            r.row(line, blank)?;
        } else if !line.text.is_empty() {
            r.line(line, blank)?;
        }
        blank = line.text.is_empty() && !fence;
    }
    Ok(r.blocks)
}

struct Reader<'a, 'b> {
    log: &'a mut Log<'b>,
    blocks: Vec<Block>,
    stack: Vec<(Class, u32)>,
    /// Last section number and letter of a plain document.
    section: u32,
    decimal: u32,
    upper: u32,
    markdown: bool,
    /// `1.1` is a heading here, not an item.
    decimals: bool,
    headings: bool,
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &Line, blank: bool) -> Result<(), ImportError> {
        if let Some((hashes, text)) = atx(line.text) {
            self.log.stripped(line.no, line.text, text);
            self.heading(Some(hashes), text, line.no);
            return Ok(());
        }
        if line.underlined {
            self.heading(Some(1), line.text, line.no);
            return Ok(());
        }
        if let Some((on, rest)) = ticked(line.text) {
            self.log.stripped(line.no, line.text, rest);
            return self.item(Class::Bullet(line.indent), 0, rest, line.no, Some(on));
        }
        if let Some(m) = marked(line.text) {
            if self.section_marker(&m, line, blank) {
                self.heading(None, line.text, line.no);
                return Ok(());
            }
            if let Some((class, value)) = self.item_marker(&m, line, blank) {
                return self.marked_item(class, value, &m, line);
            }
        }
        if let Some(text) = unwrapped(line.text)
            && let Some(m) = marked(&text)
            && let Some((class, value)) = self.item_marker(&m, line, blank)
        {
            return self.marked_item(class, value, &m, line);
        }
        let words = unescaped(line.text);
        self.log.stripped(line.no, line.text, &words);
        self.text(&Line { text: &words, ..line.clone() }, blank);
        Ok(())
    }

    /// An item behind its marker, and behind its check box where it has one.
    fn marked_item(&mut self, class: Class, value: u32, m: &Marked, line: &Line) -> Result<(), ImportError> {
        let (tick, rest) = match ticked(m.rest) {
            Some((on, rest)) => (Some(on), rest),
            None => (None, m.rest),
        };
        let rest = unescaped(rest);
        self.log.stripped(line.no, line.text, &rest);
        self.item(class, value, &rest, line.no, tick)
    }

    /// A plain document's `1.` or `A.`: a heading if it is the one expected.
    fn section_marker(&mut self, m: &Marked, line: &Line, blank: bool) -> bool {
        if self.markdown {
            return false;
        }
        let (value, last, inner) = match m.marker {
            Marker::Number(n) => (n, self.section, true),
            Marker::Dotted(2, n) if self.decimals => {
                let expected = self.decimal + 1 == n && m.word.starts_with(&format!("{}.", self.section));
                if expected {
                    self.decimal = n;
                }
                return expected;
            }
            Marker::Upper(c) => (c as u32 - 'A' as u32 + 1, self.upper, false),
            _ => return false,
        };
        let gap = value > last + 1
            && value <= last + 3
            && last > 0
            && blank
            && m.rest.starts_with(char::is_uppercase);
        if value != last + 1
            && !(gap && self.log.repair(RepairKind::NumberGap, line.no, (last + 1).to_string(), m.word))
        {
            return false;
        }
        if line.indent > 0
            && self.headings
            && !self.log.repair(RepairKind::LeadingSpace, line.no, format!(" {}", line.text), line.text)
        {
            return false;
        }
        if inner {
            (self.section, self.decimal) = (value, 0);
        } else {
            (self.upper, self.section) = (value, 0);
        }
        true
    }

    /// A list marker, if it is one that may stand here.
    fn item_marker(&self, m: &Marked, line: &Line, blank: bool) -> Option<(Class, u32)> {
        let last = |class| self.stack.iter().find(|(c, _)| *c == class).map(|(_, v)| *v);
        let after_colon = matches!(self.last_text(), Some(t) if t.ends_with(':'));
        match m.marker {
            Marker::Bullet => {
                let loose = matches!(m.word, "–" | "+" | "o");
                let open = self.stack.iter().any(|(c, _)| matches!(c, Class::Bullet(_)));
                (!loose || blank || open || after_colon || self.after_heading())
                    .then_some((Class::Bullet(line.indent), 0))
            }
            Marker::Number(n) => {
                // Markdown numbers a list by its first number only: `1.`, `1.`, `1.` or `7.`, `8.` are lists as well.
                let begins =
                    n == 1 || ((blank || self.after_heading()) && m.rest.starts_with(char::is_uppercase));
                let expected = last(Class::Number).map_or(begins, |l| n == l + 1 || (n == 1 && l == 1));
                (self.markdown
                    && expected
                    && (blank || after_colon || last(Class::Number).is_some() || self.after_heading()))
                .then_some((Class::Number, n))
            }
            Marker::Dotted(depth, n) => {
                let here = self.markdown || m.word.starts_with(&format!("{}.", self.section));
                let begins =
                    n == 1 && (blank || after_colon || self.after_heading() || !self.stack.is_empty());
                let expected = last(Class::Dotted(depth)).map_or(begins, |l| n == l + 1 || (n == 1 && blank));
                (here && expected).then_some((Class::Dotted(depth), n))
            }
            Marker::Lower(c) => {
                let letter = c as u32 - 'a' as u32 + 1;
                let expected = last(Class::Lower).map_or(1, |l| l + 1);
                if m.word.len() == 1 && letter == expected && (last(Class::Lower).is_some() || self.headings)
                {
                    return Some((Class::Lower, letter));
                }
                let roman = Marker::roman(m.word)?;
                let open = !self.stack.is_empty();
                (open && roman == last(Class::Roman).map_or(1, |l| l + 1)).then_some((Class::Roman, roman))
            }
            Marker::Bracketed(c) => {
                let letter = c as u32 - 'a' as u32 + 1;
                let next = |class| letter == last(class).map_or(1, |l| l + 1);
                if m.word.len() != 1 {
                    None
                } else if next(Class::Bracketed) && (self.headings || last(Class::Bracketed).is_some()) {
                    Some((Class::Bracketed, letter))
                } else {
                    (last(Class::Lower).is_some() && next(Class::Lower)).then_some((Class::Lower, letter))
                }
            }
            Marker::Upper(_) => None,
        }
    }

    fn after_heading(&self) -> bool {
        matches!(self.blocks.last(), Some(Block::Heading(_)) | None)
    }

    fn last_text(&self) -> Option<&str> {
        Some(match self.blocks.last()? {
            Block::Heading(h) => &h.text,
            Block::Item { text, .. } => text,
            Block::Para { parts } => &parts.last()?.text,
            Block::Table(_) => return None,
        })
    }

    fn heading(&mut self, hashes: Option<usize>, text: &str, line: u32) {
        self.stack.clear();
        self.headings = true;
        self.blocks.push(Block::Heading(Heading { hashes, text: text.to_owned(), line }));
    }

    fn item(
        &mut self,
        class: Class,
        value: u32,
        text: &str,
        line: u32,
        tick: Option<bool>,
    ) -> Result<(), ImportError> {
        let at = match class {
            Class::Bullet(indent) => {
                while matches!(self.stack.last(), Some((Class::Bullet(i), _)) if *i > indent + 1) {
                    self.stack.pop();
                }
                self.stack.iter().position(|(c, _)| matches!(c, Class::Bullet(i) if i.abs_diff(indent) <= 1))
            }
            _ => self.stack.iter().position(|(c, _)| *c == class),
        };
        match at {
            Some(at) => self.stack.truncate(at),
            None if self.stack.len() >= MAX_DEPTH => return Err(ImportError::TooDeep { line }),
            None => {}
        }
        self.stack.push((class, value));
        self.blocks.push(Block::Item { depth: self.stack.len() - 1, text: text.to_owned(), line, tick });
        Ok(())
    }

    /// A line without a marker: it goes on with what is open, or begins a paragraph.
    fn text(&mut self, line: &Line, blank: bool) {
        if let (true, Some(Block::Item { text, .. })) =
            (blank && self.inside_item(line), self.blocks.last_mut())
        {
            text.push_str("\n\n");
            text.push_str(line.text);
            return;
        }
        let lower = line.text.starts_with(char::is_lowercase);
        let open = self.last_text().is_some_and(|t| !ends_sentence(t));
        let has_atx = matches!(self.blocks.last(), Some(Block::Heading(h)) if h.hashes.is_some());
        // A quotation begins a paragraph of its own, wherever it stands.
        let quoted = |t: &str| t.starts_with('>');
        let begins_quote = quoted(line.text) && !self.last_text().is_some_and(quoted);
        let goes_on = if has_atx || begins_quote {
            false
        } else if !blank {
            match self.blocks.last() {
                // A sentence below a short heading is its text.
                Some(Block::Heading(h)) => lower || h.text.chars().count() >= 45 || !line.text.ends_with('.'),
                Some(Block::Table(_)) | None => false,
                Some(_) => true,
            }
        } else if self.log.certain {
            false
        } else if self.markdown {
            lower
                && open
                && self.log.repair(RepairKind::PageBreakJoin, line.no, self.tail(line.text), head(line.text))
        } else {
            self.headings
                && match self.blocks.last() {
                    Some(Block::Heading(h)) => {
                        (lower || h.text.chars().count() >= 45) && open && !line.text.ends_with('.')
                    }
                    Some(Block::Table(_)) | None => false,
                    // `Für Notebooks gilt:` begins something.
                    Some(_) => open && (lower || !line.text.ends_with(':')),
                }
                && self.log.repair(RepairKind::BlankInside, line.no, self.tail(line.text), head(line.text))
        };
        if goes_on {
            let log = &mut *self.log;
            match self.blocks.last_mut() {
                Some(Block::Heading(h)) => join(&mut h.text, line, log),
                Some(Block::Item { text, .. }) => join(text, line, log),
                Some(Block::Para { parts }) => match parts.last_mut() {
                    Some(part) if !part.broken => {
                        join(&mut part.text, line, log);
                        part.broken = line.hard_break;
                    }
                    _ => parts.push(Part {
                        text: line.text.to_owned(),
                        line: line.no,
                        broken: line.hard_break,
                    }),
                },
                Some(Block::Table(_)) | None => {}
            }
            return;
        }
        self.stack.clear();
        self.blocks.push(Block::Para {
            parts: vec![Part { text: line.text.to_owned(), line: line.no, broken: line.hard_break }],
        });
    }

    /// A line that is indented below a list item belongs to it.
    fn inside_item(&self, line: &Line) -> bool {
        self.markdown && line.indent >= 2 && matches!(self.blocks.last(), Some(Block::Item { .. }))
    }

    /// A table's line: a row, or the dashes below its heading.
    fn row(&mut self, line: &Line, begins: bool) -> Result<(), ImportError> {
        let open = matches!(self.blocks.last(), Some(Block::Table(_))) && !begins;
        if !open {
            self.stack.clear();
            self.blocks.push(Block::Table(Table { head: None, rows: Vec::new() }));
        }
        let Some(Block::Table(table)) = self.blocks.last_mut() else { return Ok(()) };
        if tables::is_separator(line.text) {
            self.log.mark(line.no, line.text);
            if table.head.is_none() && table.rows.len() == 1 {
                table.head = table.rows.pop();
            }
            return Ok(());
        }
        let cells = tables::cells(line.text);
        if cells.len() > MAX_COLUMNS {
            return Err(ImportError::TooWide { line: line.no });
        }
        self.log.stripped(line.no, line.text, &cells.concat());
        table.rows.push(Row { cells, line: line.no });
        Ok(())
    }

    /// Code keeps its lines, and so does a table inside an item.
    fn verbatim(&mut self, line: &Line, begins: bool) {
        match self.blocks.last_mut() {
            Some(Block::Item { text, .. }) if self.markdown && line.indent >= 2 => {
                text.push_str(if begins { "\n\n" } else { "\n" });
                text.push_str(line.text);
            }
            Some(Block::Para { parts }) if !begins => {
                if let Some(p) = parts.last_mut() {
                    p.text.push('\n');
                    p.text.push_str(line.text);
                }
            }
            _ => {
                self.stack.clear();
                self.blocks.push(Block::Para {
                    parts: vec![Part { text: line.text.to_owned(), line: line.no, broken: false }],
                });
            }
        }
    }

    /// For the repair's "before": the end of what stands, a bar, the start of what comes.
    fn tail(&self, next: &str) -> String {
        let last = self.last_text().unwrap_or_default();
        let skip = last.chars().count().saturating_sub(24);
        format!(
            "{} | {}",
            last.chars().skip(skip).collect::<String>(),
            next.chars().take(24).collect::<String>()
        )
    }
}

/// The first words of a line, for a repair's "after".
fn head(text: &str) -> String {
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{}…", cut.trim_end()) } else { cut }
}

/// Appends a line to a text: a divided word is joined, everything else gets one blank.
fn join(text: &mut String, line: &Line, log: &mut Log) {
    let next = match (text.starts_with('>'), line.text.strip_prefix('>')) {
        (true, Some(rest)) => {
            log.mark(line.no, ">");
            rest.trim_start()
        }
        _ => line.text,
    };
    let word = |s: &str| s.rsplit(' ').next().unwrap_or_default().to_owned();
    let divided = text.ends_with('-') && text.chars().rev().nth(1).is_some_and(char::is_alphabetic);
    let conjunction = matches!(
        next.split_whitespace().next(),
        Some("und" | "oder" | "bzw." | "sowie" | "and" | "or" | "als" | "wie")
    );
    if divided && next.starts_with(char::is_lowercase) && !conjunction {
        let first = next.split_whitespace().next().unwrap_or_default();
        let before = format!("{}|{first}", word(text));
        let after = format!("{}{first}", word(text).trim_end_matches('-'));
        if log.repair(RepairKind::Dehyphenate, line.no, before, after) {
            text.pop();
            log.mark(line.no, "-");
            text.push_str(next);
            return;
        }
    } else if divided && next.starts_with(char::is_uppercase) {
        text.push_str(next);
        return;
    }
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(next);
}

/// Whether `1.1 Words` is a heading in this document: most such lines are short, end no sentence and have a list or a
/// paragraph of their own below.
fn decimal_headings(lines: &[Line]) -> bool {
    let dotted = |l: &Line| marked(l.text).filter(|m| matches!(m.marker, Marker::Dotted(2, _))).is_some();
    let (mut all, mut heads) = (0, 0);
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| dotted(l)) {
        all += 1;
        let short = line.text.chars().count() <= 90 && !ends_sentence(line.text);
        let mut below = lines.iter().skip(i + 1);
        let next = below.find(|l| !l.text.is_empty());
        let apart = lines.get(i + 1).is_none_or(|l| l.text.is_empty());
        let content = next.is_some_and(|n| {
            let m = marked(n.text).map(|m| m.marker);
            !matches!(m, Some(Marker::Dotted(..) | Marker::Number(_) | Marker::Upper(_)))
                && (apart || m.is_some())
        });
        heads += usize::from(short && content);
    }
    heads > 0 && heads * 5 >= all * 3
}

/// `### Heading ###`: the number of `#` and the text.
fn atx(text: &str) -> Option<(usize, &str)> {
    let hashes = text.chars().take_while(|c| *c == '#').count();
    let rest = text.get(hashes..)?;
    ((1..=6).contains(&hashes) && rest.starts_with(' ') && !rest.trim().is_empty())
        .then(|| (hashes, rest.trim().trim_end_matches('#').trim_end()))
}
