//! Word documents as Markdown that the importer reads: headings by style, lists by level, tables with bars, check boxes as ☒ and ☐.
//!
//! Every `w:t` of the document comes out: in the text, or in the list of what was not taken (page heads, deleted words, comments,
//! a table of contents). Unknown elements are walked through, never skipped. Source of the format: ECMA-376, part 1, 17 (WordprocessingML).

mod runs;
mod styles;

use super::xml::{Element, Item, parse};
use runs::{Run, marked_up, squeezed, symbol};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use styles::{Style, Styles, bullets, list_of};
use tomfolio_domain::import::{ImportError, NotTaken, NotTakenReason, Source};

/// Most bytes that one part may have when unpacked; a bomb has more.
const MAX_PART: u64 = 48 * 1024 * 1024;
/// Most entries of the archive.
const MAX_ENTRIES: usize = 5_000;

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// Reads a Word document.
pub fn read(bytes: &[u8]) -> Result<Source, ImportError> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ImportError::Damaged)?;
    if zip.len() > MAX_ENTRIES {
        return Err(ImportError::Bomb);
    }
    let document = part(&mut zip, "word/document.xml")?.ok_or(ImportError::NotText)?;
    let body = document.descendant("body").ok_or(ImportError::Damaged)?;
    let styles = part(&mut zip, "word/styles.xml")?.map(|e| Styles::of(&e)).unwrap_or_default();
    let lists = part(&mut zip, "word/numbering.xml")?.map(|e| bullets(&e)).unwrap_or_default();
    let notes = [("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")];
    let mut known = HashMap::new();
    for (path, name) in notes {
        if let Some(root) = part(&mut zip, path)? {
            let list = root.descendant("footnotes").or(root.descendant("endnotes"));
            for note in list
                .iter()
                .flat_map(|l| l.elements())
                .filter(|e| e.name == name && e.attribute("type").is_none())
            {
                let id = note.attribute("id").unwrap_or_default();
                known.insert(format!("{name}{id}"), words_of(note));
            }
        }
    }
    let mut w = Writer {
        headings: false,
        styles,
        lists,
        notes: known,
        out: Vec::new(),
        listed: Vec::new(),
        last_list: false,
    };
    w.headings = any_heading(body, &w);
    w.blocks(body);
    if let Some(root) = part(&mut zip, "word/comments.xml")? {
        let list = root.descendant("comments");
        for comment in list.iter().flat_map(|l| l.elements()) {
            w.list(&words(comment), NotTakenReason::Comment);
        }
    }
    let mut names: Vec<String> = zip
        .file_names()
        .filter_map(Result::ok)
        .filter(|n| (n.starts_with("word/header") || n.starts_with("word/footer")) && n.ends_with(".xml"))
        .map(|n| n.into_owned())
        .collect();
    names.sort_by_key(|n| (n.starts_with("word/footer"), n.clone()));
    for name in names {
        let Some(root) = part(&mut zip, &name)? else { continue };
        for p in paragraphs(&root) {
            let text = words_of(p);
            if !w.listed.iter().any(|l| l.text == text && l.reason == NotTakenReason::PageHead) {
                w.list(&text, NotTakenReason::PageHead);
            }
        }
    }
    let text = w.out.join("\n");
    if text.trim().is_empty() {
        return Err(ImportError::NoText);
    }
    // In Word a paragraph's end is a paragraph's end.
    Source::of_parts(text, true, w.listed)
}

/// One part of the archive, unpacked within its limit.
fn part(zip: &mut Archive, name: &str) -> Result<Option<Element>, ImportError> {
    let file = match zip.by_name(name) {
        Ok(f) => f,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(zip::result::ZipError::UnsupportedArchive(_)) => return Err(ImportError::Locked),
        Err(_) => return Err(ImportError::Damaged),
    };
    if file.size() > MAX_PART {
        return Err(ImportError::Bomb);
    }
    let mut bytes = Vec::new();
    // The size that an archive tells may be a lie.
    file.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(|_| ImportError::Damaged)?;
    if bytes.len() as u64 > MAX_PART {
        return Err(ImportError::Bomb);
    }
    parse(&bytes).map(Some)
}

struct Writer {
    /// Some paragraph has a heading's style.
    headings: bool,
    styles: Styles,
    lists: HashMap<(String, usize), bool>,
    notes: HashMap<String, String>,
    out: Vec<String>,
    listed: Vec<NotTaken>,
    last_list: bool,
}

/// What a paragraph is.
enum Role {
    Title,
    Heading(usize),
    Contents,
    Item(usize),
    Text,
}

fn any_heading(e: &Element, w: &Writer) -> bool {
    paragraphs(e).iter().any(|p| matches!(w.role(p), Role::Title | Role::Heading(_)))
}

/// All paragraphs below, in order.
fn paragraphs(e: &Element) -> Vec<&Element> {
    let mut out = Vec::new();
    for c in e.elements() {
        if c.name == "p" {
            out.push(c);
        }
        out.extend(paragraphs(c));
    }
    out
}

/// The words of an element without any shape, for lists of what was not taken.
fn words(e: &Element) -> String {
    let mut out = String::new();
    for c in e.elements() {
        match c.name.as_str() {
            "t" | "delText" => out.push_str(&c.text()),
            "tab" | "br" => out.push(' '),
            "instrText" | "Fallback" => {}
            "p" => {
                out.push(' ');
                out.push_str(&words(c));
            }
            _ => out.push_str(&words(c)),
        }
    }
    out
}

impl Writer {
    fn role(&self, p: &Element) -> Role {
        let own = p.child("pPr");
        let style = own.and_then(|e| e.child("pStyle")).and_then(Element::val);
        let named =
            |test: fn(&str) -> bool| self.styles.ask(style, |s| test(&s.name).then_some(())).is_some();
        if named(|n| {
            n.starts_with("toc ") || n.starts_with("verzeichnis") || n.contains("inhaltsverzeichnis")
        }) {
            return Role::Contents;
        }
        if named(|n| matches!(n, "title" | "titel")) {
            return Role::Title;
        }
        let number = |n: &str| n.rsplit(' ').next().and_then(|d| d.parse::<usize>().ok());
        let outline = own
            .and_then(|e| e.child("outlineLvl"))
            .and_then(Element::val)
            .and_then(|v| v.parse().ok())
            .or_else(|| self.styles.ask(style, |s| s.outline))
            .or_else(|| {
                self.styles.ask(style, |s| {
                    let heading = s.name.starts_with("heading ") || s.name.starts_with("überschrift ");
                    number(&s.name).filter(|_| heading).map(|n| n.saturating_sub(1))
                })
            });
        if let Some(level) = outline.filter(|l| *l < 9) {
            return Role::Heading(level);
        }
        let list = own
            .and_then(|e| e.child("numPr"))
            .map_or_else(|| self.styles.ask(style, |s| s.list.clone()), list_of);
        // Word's own list styles; the deeper ones say their level in their name only.
        let by_name = self.styles.ask(style, |s| {
            let list = ["list bullet", "list number", "aufzählungszeichen", "listennummer"];
            list.iter().any(|l| s.name.starts_with(l)).then(|| number(&s.name).unwrap_or(1).saturating_sub(1))
        });
        if let Some((id, level)) = list.filter(|(id, _)| id != "0") {
            let level = level.max(by_name.unwrap_or(0));
            let numbered = !self.lists.get(&(id, level)).copied().unwrap_or(true);
            // Where no style says so, a short bold number at the outermost level is a heading.
            if numbered && level == 0 && !self.headings && self.is_bold_line(p) {
                return Role::Heading(0);
            }
            return Role::Item(level);
        }
        by_name.map_or(Role::Text, Role::Item)
    }

    fn is_bold_line(&self, p: &Element) -> bool {
        let runs = self.runs(p, &mut Vec::new());
        let text: String = runs.iter().map(|r| r.text.as_str()).collect();
        let text = text.trim();
        runs.iter().all(|r| r.bold || r.text.trim().is_empty())
            && (1..=90).contains(&text.chars().count())
            && !text.ends_with(['.', ';', ':'])
    }

    /// Walks through whatever holds paragraphs and tables.
    fn blocks(&mut self, e: &Element) {
        for c in e.elements() {
            match c.name.as_str() {
                "p" => self.paragraph(c),
                "tbl" => self.table(c),
                "sectPr" | "Fallback" | "sdtPr" | "instrText" => {}
                "sdt" if is_contents(c) => {
                    for p in paragraphs(c) {
                        self.list(&words(p), NotTakenReason::Contents);
                    }
                }
                "del" | "moveFrom" => self.list(&words(c), NotTakenReason::Deleted),
                _ => self.blocks(c),
            }
        }
    }

    fn list(&mut self, text: &str, reason: NotTakenReason) {
        let text = squeezed(text);
        if !text.is_empty() {
            self.listed.push(NotTaken { line: self.out.len() as u32 + 1, text, reason });
        }
    }

    /// A blank line, then the text; items of one list follow each other.
    fn write(&mut self, text: &str, item: bool) {
        let follows = item && self.last_list;
        if !(self.out.is_empty() || follows) {
            self.out.push(String::new());
        }
        self.out.extend(text.split('\n').map(str::to_owned));
        self.last_list = item;
    }

    fn paragraph(&mut self, p: &Element) {
        let mut boxes = Vec::new();
        let runs = self.runs(p, &mut boxes);
        for deleted in deleted(p) {
            self.list(&deleted, NotTakenReason::Deleted);
        }
        let plain: String = runs.iter().map(|r| r.text.as_str()).collect();
        if !plain.trim().is_empty() {
            match self.role(p) {
                Role::Contents => self.list(&plain, NotTakenReason::Contents),
                Role::Title => self.write(&format!("# {}", squeezed(&plain)), false),
                Role::Heading(level) => {
                    let marks = "#".repeat((level + 2).min(6));
                    self.write(&format!("{marks} {}", squeezed(&plain)), false);
                }
                Role::Item(level) => {
                    let indent = "  ".repeat(level);
                    let text = marked_up(&runs, true).replace('\n', &format!("\n{indent}  "));
                    self.write(&format!("{indent}- {text}"), true);
                }
                Role::Text => {
                    // A heading by hand: the number is what the importer goes by, not the look.
                    let typed =
                        plain.trim_start().starts_with(|c: char| c.is_ascii_digit()) && self.is_bold_line(p);
                    let text = marked_up(&runs, !typed).replace('\n', "  \n");
                    let begins = text.starts_with(['#', '>', '|']);
                    let item = is_typed_item(&text);
                    self.write(&format!("{}{text}", if begins { "\\" } else { "" }), item);
                }
            }
        }
        for b in boxes {
            self.blocks(b);
        }
    }

    /// The runs of a paragraph; text boxes that hang on it are put aside.
    fn runs<'a>(&self, p: &'a Element, boxes: &mut Vec<&'a Element>) -> Vec<Run> {
        let mut out = Vec::new();
        self.inline(p, &Run::default(), &mut out, boxes);
        let mut merged: Vec<Run> = Vec::new();
        for run in out {
            match merged.last_mut() {
                // White space has no look of its own.
                Some(last)
                    if (last.bold == run.bold && last.italic == run.italic) || run.text.trim().is_empty() =>
                {
                    last.text.push_str(&run.text);
                }
                _ => merged.push(run),
            }
        }
        merged
    }

    fn inline<'a>(&self, e: &'a Element, look: &Run, out: &mut Vec<Run>, boxes: &mut Vec<&'a Element>) {
        let mut say = |text: String| {
            if !text.is_empty() {
                out.push(Run { text, ..look.clone() });
            }
        };
        match e.name.as_str() {
            "t" => return say(e.text().replace('\u{ad}', "")),
            "tab" | "ptab" => return say(" ".into()),
            "br" | "cr" => {
                let page = matches!(e.attribute("type"), Some("page" | "column"));
                return say(if page { " ".into() } else { "\n".into() });
            }
            "noBreakHyphen" => return say("-".into()),
            "sym" => return say(symbol(e.attribute("char").unwrap_or_default()).into()),
            "fldChar" => {
                if let Some(check) = e.at("ffData/checkBox") {
                    let state = check.child("checked").or(check.child("default"));
                    let on = state.is_some_and(Element::is_on);
                    return say(if on { "☒ ".into() } else { "☐ ".into() });
                }
                return;
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = e.name.trim_end_matches("Reference");
                if let Some(text) =
                    self.notes.get(&format!("{kind}{}", e.attribute("id").unwrap_or_default()))
                {
                    return say(format!(" ({text})"));
                }
                return;
            }
            "pPr" | "rPr" | "sdtPr" | "instrText" | "del" | "moveFrom" | "delText" | "Fallback"
            | "delInstrText" => return,
            "txbxContent" => return boxes.push(e),
            _ => {}
        }
        let look = if e.name == "r" { self.look(e) } else { look.clone() };
        for c in &e.children {
            if let Item::Element(c) = c {
                self.inline(c, &look, out, boxes);
            }
        }
    }

    fn look(&self, r: &Element) -> Run {
        let own = r.child("rPr");
        let style = own.and_then(|e| e.child("rStyle")).and_then(Element::val);
        let is = |name: &str, of: fn(&Style) -> Option<bool>| {
            own.and_then(|e| e.child(name))
                .map(Element::is_on)
                .or_else(|| self.styles.ask(style, of))
                .unwrap_or(false)
        };
        Run { text: String::new(), bold: is("b", |s| s.bold), italic: is("i", |s| s.italic) }
    }

    fn table(&mut self, tbl: &Element) {
        let rows: Vec<&Element> = rows(tbl);
        let cells: Vec<Vec<String>> = rows.iter().map(|r| self.row(r)).collect();
        let filled = cells.iter().flatten().filter(|c| !c.is_empty()).count();
        let width = cells.iter().map(Vec::len).max().unwrap_or(0);
        if width <= 1 && rows.len() <= 1 {
            // A box around some paragraphs.
            return rows.iter().for_each(|r| self.blocks(r));
        }
        if filled == 0 {
            return;
        }
        let head = rows.first().is_some_and(|r| self.is_head(r, cells.first()));
        let mut text = Vec::new();
        for (i, row) in cells.iter().enumerate() {
            let mut row = row.clone();
            row.resize(width, String::new());
            text.push(format!("| {} |", row.join(" | ")));
            if i == 0 && head {
                text.push(format!("|{}", "---|".repeat(width)));
            }
        }
        self.write(&text.join("\n"), false);
    }

    fn row(&mut self, row: &Element) -> Vec<String> {
        let mut out = Vec::new();
        for cell in cells(row) {
            let span = cell
                .at("tcPr/gridSpan")
                .and_then(Element::val)
                .and_then(|v| v.parse().ok())
                .unwrap_or(1usize);
            let mut parts = Vec::new();
            for p in paragraphs(cell) {
                for d in deleted(p) {
                    self.list(&d, NotTakenReason::Deleted);
                }
                let text: String = self.runs(p, &mut Vec::new()).into_iter().map(|r| r.text).collect();
                parts.extend(text.split('\n').map(squeezed).filter(|t| !t.is_empty()));
            }
            out.push(parts.join("<br>").replace('|', "\\|"));
            out.extend(std::iter::repeat_n(String::new(), span.saturating_sub(1).min(60)));
        }
        out
    }

    /// Whether the first row says what the columns are.
    fn is_head(&self, row: &Element, words: Option<&Vec<String>>) -> bool {
        const HEADS: [&str; 16] = [
            "maßnahme",
            "umsetzung",
            "status",
            "technisch",
            "organisatorisch",
            "nr",
            "bemerkung",
            "beschreibung",
            "measure",
            "implementation",
            "technical",
            "organi",
            "no.",
            "ja",
            "nein",
            "kontrolle",
        ];
        if row.at("trPr/tblHeader").is_some_and(Element::is_on) {
            return true;
        }
        let filled: Vec<&String> = words.into_iter().flatten().filter(|w| !w.is_empty()).collect();
        let short = !filled.is_empty()
            && filled.iter().all(|w| w.len() <= 12 || (w.chars().count() <= 60 && !w.ends_with('.')));
        let named = filled.iter().filter(|w| HEADS.iter().any(|h| w.to_lowercase().starts_with(h))).count();
        let bold = paragraphs(row).iter().all(|p| words_of(p).is_empty() || self.is_bold_line(p));
        short && (bold || named * 2 >= filled.len().max(1))
    }
}

fn words_of(p: &Element) -> String {
    squeezed(&words(p))
}

/// `- so`, `• so`, `a) so`, `☒ so`: items that somebody typed; they stand one below the other.
fn is_typed_item(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let marker = matches!(first, "-" | "•" | "–" | "▪" | "·" | "o" | "*");
    let lettered = first.len() <= 3
        && first.ends_with([')', '.'])
        && first.starts_with(|c: char| c.is_ascii_lowercase());
    words.next().is_some() && (marker || lettered || first.starts_with(['☒', '☐', '☑']))
}

/// Rows also stand inside content controls.
fn rows(e: &Element) -> Vec<&Element> {
    e.elements()
        .flat_map(|c| {
            if c.name == "tr" {
                vec![c]
            } else if c.name == "tblPr" {
                Vec::new()
            } else {
                rows(c)
            }
        })
        .collect()
}

fn cells(e: &Element) -> Vec<&Element> {
    e.elements().flat_map(|c| if c.name == "tc" { vec![c] } else { cells(c) }).collect()
}

fn is_contents(sdt: &Element) -> bool {
    sdt.at("sdtPr/docPartObj/docPartGallery").and_then(Element::val) == Some("Table of Contents")
}

/// Words that tracked changes took out.
fn deleted(e: &Element) -> Vec<String> {
    let mut out = Vec::new();
    for c in e.elements() {
        match c.name.as_str() {
            "del" | "moveFrom" => out.push(words(c)),
            "txbxContent" | "Fallback" => {}
            _ => out.extend(deleted(c)),
        }
    }
    out
}
