//! Content becomes rows: paragraphs, headings, entries, lists, tables.

use super::display::{ACCENT, Bookmark, Color, ElemId, INK, Item, MUTED, Paint, RULE, Role, Tree};
use super::flow::{Row, keep_together};
use super::fonts::{Face, Shaper};
use super::lines::{Run, break_lines};
use hypher::Lang;
use tomfolio_domain::markdown::{Block, Span};
use tomfolio_domain::outline::Part;

pub const TEXT: f32 = 9.6;
pub const LEAD: f32 = 13.6;
/// Width of the body in points (A4 less two margins of 26 mm).
pub const BODY: f32 = 447.9;
const CODE: f32 = 48.0;
const SIDE: f32 = 92.0;

/// How a paragraph looks.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub lead: f32,
    pub face: Face,
    pub color: Color,
}

pub const BODY_STYLE: Style = Style { size: TEXT, lead: LEAD, face: Face::Regular, color: INK };
pub const SMALL: Style = Style { size: 7.4, lead: 10.2, face: Face::Regular, color: MUTED };

/// Rows under construction, with the tree that they belong to.
pub struct Layout<'a, 'f> {
    pub shaper: &'a mut Shaper<'f>,
    pub tree: Tree,
    pub rows: Vec<Row>,
    /// Headings in order: their bookmark, completed with a page when placed.
    pub anchors: Vec<Bookmark>,
    /// The title of the section that each row stands in, for the page's head.
    pub lang: Lang,
    sides: bool,
    list: Option<ElemId>,
    /// Level of the heading above: captions stand one deeper, so that no level is skipped (ISO 14289-1, 7.4.2).
    level: u8,
}

impl<'a, 'f> Layout<'a, 'f> {
    pub fn new(shaper: &'a mut Shaper<'f>, lang: Lang, tree: Tree, sides: bool) -> Self {
        Layout { shaper, tree, rows: Vec::new(), anchors: Vec::new(), lang, sides, list: None, level: 1 }
    }

    /// One line of text at a place inside a row; returns its width.
    pub fn text(
        &mut self,
        items: &mut Vec<Item>,
        elem: Option<ElemId>,
        x: f32,
        y: f32,
        style: Style,
        text: &str,
    ) -> f32 {
        let glyphs = self.shaper.shape(style.face, text);
        let width = glyphs.iter().map(|g| g.advance).sum::<f32>() * style.size / 1000.0;
        items.push(Item {
            elem,
            paint: Paint::Text { x, y, size: style.size, face: style.face, color: style.color, glyphs },
        });
        width
    }

    /// A paragraph as rows, tagged as one element.
    pub fn paragraph(&mut self, elem: ElemId, runs: &[Run], x: f32, width: f32, style: Style) -> Vec<Row> {
        let lines = break_lines(self.shaper, runs, style.size, width, self.lang);
        let mut rows = Vec::new();
        let count = lines.len();
        for (i, line) in lines.into_iter().enumerate() {
            let mut row = Row { height: style.lead, ..Row::default() };
            let mut at = x;
            let runs = line.runs.len();
            for (j, run) in line.runs.into_iter().enumerate() {
                let color = if run.link.is_some() { ACCENT } else { style.color };
                // A blank at a line's end keeps words apart for whoever reads the text back.
                let tail = j + 1 == runs && i + 1 < count && !run.text.ends_with('\u{ad}');
                let text = if tail { format!("{} ", run.text) } else { run.text };
                let target = match &run.link {
                    Some(uri) => {
                        let link = self.tree.add(elem, Role::Link);
                        Some((link, uri.clone()))
                    }
                    None => None,
                };
                let owner = target.as_ref().map_or(elem, |(l, _)| *l);
                let w = self.text(
                    &mut row.items,
                    Some(owner),
                    at,
                    baseline(style),
                    Style { face: run.face, color, ..style },
                    &text,
                );
                if let Some((link, uri)) = target {
                    row.uris.push(([at, 0.0, w, style.lead], uri.clone(), link, uri));
                }
                at += w;
            }
            rows.push(row);
        }
        keep_together(&mut rows);
        rows
    }

    pub fn plain(&mut self, elem: ElemId, text: &str, x: f32, width: f32, style: Style) -> Vec<Row> {
        let run = Run { text: text.to_owned(), face: style.face, link: None };
        self.paragraph(elem, &[run], x, width, style)
    }

    /// A heading: kept with what follows, and entered as a bookmark.
    pub fn heading(&mut self, role: Role, level: u8, code: Option<&str>, title: &str, law: Option<&str>) {
        self.list = None;
        self.level = level;
        let (size, before, after) = match level {
            1 => (14.5, 22.0, 6.0),
            _ => (11.2, 15.0, 3.0),
        };
        let style = Style { size, lead: size * 1.34, face: Face::Bold, color: INK };
        let elem = self.tree.add(0, role);
        let words = match code {
            Some(code) => format!("{code}\u{2002}{title}"),
            None => title.to_owned(),
        };
        let mut rows = self.plain(elem, &words, 0.0, BODY, style);
        if let Some(law) = law {
            let p = self.tree.add(0, Role::P);
            rows.extend(self.plain(
                p,
                law,
                0.0,
                BODY,
                Style { color: MUTED, size: 8.6, lead: 12.0, face: Face::Regular },
            ));
        }
        for row in &mut rows {
            row.keep = true;
        }
        if let Some(first) = rows.first_mut() {
            first.before = before;
            first.anchor = Some(self.anchors.len());
        }
        if let Some(last) = rows.last_mut() {
            last.height += after;
        }
        let title = code.map_or_else(|| title.to_owned(), |c| format!("{c} {title}"));
        self.anchors.push(Bookmark { level, title, page: 0, y: 0.0 });
        self.rows.extend(rows);
    }

    /// One part of the document.
    pub fn part(&mut self, part: &Part) {
        match part {
            Part::Heading { level, code, title, law } => {
                let role = if *level == 1 { Role::H2 } else { Role::H3 };
                self.heading(role, *level, code.as_deref(), title, law.as_deref());
            }
            Part::Definition(text) => {
                self.list = None;
                let p = self.tree.add(0, Role::P);
                let style = Style { face: Face::Italic, color: MUTED, size: 8.8, lead: 12.4 };
                let mut rows = self.plain(p, text, 0.0, BODY - 40.0, style);
                rows.iter_mut().for_each(|r| r.keep = true);
                if let Some(last) = rows.last_mut() {
                    last.height += 3.0;
                }
                self.rows.extend(rows);
            }
            Part::Scope { code, title } => self.caption(code.as_deref(), title, ACCENT, 8.0),
            Part::Group { code, title } => self.caption(code.as_deref(), title, INK, 6.0),
            Part::Note(text) => {
                let p = self.tree.add(0, Role::P);
                let mut rows = self.plain(p, text, 0.0, BODY, Style { color: MUTED, ..BODY_STYLE });
                if let Some(first) = rows.first_mut() {
                    first.before = 6.0;
                }
                self.rows.extend(rows);
            }
            Part::Text(text) => {
                self.list = None;
                let rows = self.blocks(0, text, 0.0, BODY, None);
                self.rows.extend(rows);
            }
            Part::Entry { code, label, text, side } => {
                self.entry(code.as_deref(), label.as_deref(), text, side)
            }
        }
    }

    fn caption(&mut self, code: Option<&str>, title: &str, color: Color, before: f32) {
        self.list = None;
        let elem = self.tree.add(0, if self.level > 1 { Role::H4 } else { Role::H3 });
        let words = code.map_or_else(|| title.to_owned(), |c| format!("{c}\u{2002}{title}"));
        let mut rows =
            self.plain(elem, &words, 0.0, BODY, Style { size: 8.2, lead: 11.6, face: Face::Bold, color });
        rows.iter_mut().for_each(|r| r.keep = true);
        if let Some(first) = rows.first_mut() {
            first.before = before;
        }
        if let Some(last) = rows.last_mut() {
            last.height += 2.0;
        }
        self.rows.extend(rows);
    }

    /// A measure: its code, its text, and at the side its status and owner.
    fn entry(&mut self, code: Option<&str>, label: Option<&str>, text: &[Block], side: &[String]) {
        let list = match self.list {
            Some(l) => l,
            None => self.tree.add(0, Role::L),
        };
        self.list = Some(list);
        let li = self.tree.add(list, Role::LI);
        let lbl = code.map(|_| self.tree.add(li, Role::Lbl));
        let body = self.tree.add(li, Role::LBody);
        let width = BODY - CODE - if self.sides { SIDE + 14.0 } else { 0.0 };
        let lead = label.map(|l| Run { text: format!("{l}: "), face: Face::Bold, link: None });
        let mut rows = self.blocks(body, text, CODE, width, lead);
        if rows.is_empty() {
            rows.push(Row { height: LEAD, ..Row::default() });
        }
        if let (Some(code), Some(lbl), Some(first)) = (code, lbl, rows.first_mut()) {
            let mut items = Vec::new();
            self.text(
                &mut items,
                Some(lbl),
                0.0,
                baseline(BODY_STYLE),
                Style { size: 8.6, color: MUTED, ..BODY_STYLE },
                code,
            );
            first.items.splice(0..0, items);
        }
        if self.sides && !side.is_empty() {
            let p = self.tree.add(body, Role::P);
            let lines: Vec<Row> =
                side.iter().flat_map(|s| self.plain(p, s, BODY - SIDE, SIDE, SMALL)).collect();
            self.beside(&mut rows, lines);
        }
        if let Some(first) = rows.first_mut() {
            first.before = 4.0;
        }
        self.rows.extend(rows);
    }

    /// Puts narrow lines beside rows; what is longer gets rows of its own.
    fn beside(&mut self, rows: &mut Vec<Row>, lines: Vec<Row>) {
        let mut y = 0.0;
        let mut at = 0;
        let mut top = 0.0;
        for line in lines {
            while rows.get(at).is_some_and(|r| top + r.height <= y) {
                top += rows.get(at).map_or(0.0, |r| r.height);
                at += 1;
            }
            if rows.get(at).is_none() {
                if let Some(last) = rows.last_mut() {
                    last.keep = true;
                }
                rows.push(Row { height: line.height, ..Row::default() });
            }
            if let Some(row) = rows.get_mut(at) {
                let dy = y - top + 2.0;
                row.items.extend(line.items.into_iter().map(|mut i| {
                    if let Paint::Text { y, .. } = &mut i.paint {
                        *y += dy;
                    }
                    i
                }));
            }
            y += line.height;
        }
        // The side may be a little longer than the text: the next entry begins below both.
        let height: f32 = rows.iter().map(|r| r.height).sum();
        if let Some(last) = rows.last_mut() {
            last.height += (y + 2.0 - height).max(0.0);
        }
    }

    /// Checked Markdown as rows.
    pub fn blocks(
        &mut self,
        parent: ElemId,
        blocks: &[Block],
        x: f32,
        width: f32,
        mut lead: Option<Run>,
    ) -> Vec<Row> {
        let mut out: Vec<Row> = Vec::new();
        for block in blocks {
            let mut rows = match block {
                Block::Paragraph(spans) => {
                    let p = self.tree.add(parent, Role::P);
                    let mut runs: Vec<Run> = lead.take().into_iter().collect();
                    runs.extend(spans.iter().map(run));
                    self.paragraph(p, &runs, x, width, BODY_STYLE)
                }
                Block::List { start, items } => self.list(parent, *start, items, x, width, lead.take()),
                Block::Quote(inner) => {
                    let q = self.tree.add(parent, Role::BlockQuote);
                    self.blocks(q, inner, x + 12.0, width - 12.0, lead.take())
                }
                Block::Code(code) => {
                    let c = self.tree.add(parent, Role::Code);
                    let p = self.tree.add(c, Role::P);
                    self.plain(p, code, x + 8.0, width - 8.0, Style { color: MUTED, ..BODY_STYLE })
                }
                Block::Table(cells) => {
                    let share = width / cells.first().map_or(1, Vec::len).max(1) as f32;
                    let widths = vec![share; cells.first().map_or(1, Vec::len)];
                    let words: Vec<Vec<Vec<Run>>> = cells
                        .iter()
                        .map(|r| r.iter().map(|c| c.iter().map(run).collect()).collect())
                        .collect();
                    self.table(parent, &words, x, &widths)
                }
            };
            if let (false, Some(first)) = (out.is_empty(), rows.first_mut()) {
                first.before = 4.0;
            }
            out.extend(rows);
        }
        if let Some(lead) = lead {
            let p = self.tree.add(parent, Role::P);
            let mut rows = self.paragraph(p, &[lead], x, width, BODY_STYLE);
            rows.append(&mut out);
            return rows;
        }
        out
    }

    fn list(
        &mut self,
        parent: ElemId,
        start: Option<u64>,
        items: &[Vec<Block>],
        x: f32,
        width: f32,
        lead: Option<Run>,
    ) -> Vec<Row> {
        let mut out = Vec::new();
        if let Some(lead) = lead {
            let p = self.tree.add(parent, Role::P);
            out.extend(self.paragraph(p, &[lead], x, width, BODY_STYLE));
        }
        let list = self.tree.add(parent, Role::L);
        if let Some(e) = self.tree.elems.get_mut(list) {
            e.numbered = start.is_some();
        }
        for (i, item) in items.iter().enumerate() {
            let li = self.tree.add(list, Role::LI);
            let lbl = self.tree.add(li, Role::Lbl);
            let body = self.tree.add(li, Role::LBody);
            let mut rows = self.blocks(body, item, x + 14.0, width - 14.0, None);
            if rows.is_empty() {
                rows.push(Row { height: LEAD, ..Row::default() });
            }
            let mark = start.map_or_else(|| "•".to_owned(), |s| format!("{}.", s + i as u64));
            if let Some(first) = rows.first_mut() {
                let mut items = Vec::new();
                self.text(&mut items, Some(lbl), x, baseline(BODY_STYLE), BODY_STYLE, &mark);
                first.items.splice(0..0, items);
                first.before = if i == 0 { 2.0 } else { 1.0 };
            }
            out.extend(rows);
        }
        out
    }

    /// A table whose first row is its head, shown again on each page; rows are never cut by a page.
    pub fn table(&mut self, parent: ElemId, cells: &[Vec<Vec<Run>>], x: f32, widths: &[f32]) -> Vec<Row> {
        let table = self.tree.add(parent, Role::Table);
        let mut out = Vec::new();
        for (i, cells) in cells.iter().enumerate() {
            let head = i == 0;
            let style = if head {
                Style { face: Face::Bold, size: 7.8, lead: 11.0, color: INK }
            } else {
                Style { size: 8.4, lead: 12.0, ..BODY_STYLE }
            };
            let tr = self.tree.add(table, Role::TR);
            let mut row = Row { keep: head, head: i, ..Row::default() };
            let mut at = x;
            for (cell, width) in cells.iter().zip(widths) {
                let elem = self.tree.add(tr, if head { Role::TH } else { Role::TD });
                if head && let Some(e) = self.tree.elems.get_mut(elem) {
                    e.scope = Some("Column");
                }
                let runs: Vec<Run> = cell
                    .iter()
                    .map(|r| Run { face: if head { Face::Bold } else { r.face }, ..r.clone() })
                    .collect();
                let lines = self.paragraph(elem, &runs, at, width - 10.0, style);
                let mut y = 4.0;
                for line in lines {
                    for mut item in line.items {
                        if let Paint::Text { y: ty, .. } = &mut item.paint {
                            *ty += y;
                        }
                        row.items.push(item);
                    }
                    y += line.height;
                }
                row.height = row.height.max(y + 4.0);
                at += width;
            }
            let color = if head { INK } else { RULE };
            row.items.push(Item {
                elem: None,
                paint: Paint::Line {
                    x1: x,
                    x2: at,
                    y: row.height,
                    width: if head { 0.9 } else { 0.5 },
                    color,
                },
            });
            out.push(row);
        }
        out
    }
}

/// Distance from a row's top to its baseline.
pub fn baseline(style: Style) -> f32 {
    style.lead * 0.5 + style.size * 0.36
}

fn run(span: &Span) -> Run {
    Run { text: span.text.clone(), face: Face::of(span.bold, span.italic), link: span.link.clone() }
}

/// A run without emphasis.
pub fn words(text: impl Into<String>) -> Vec<Run> {
    vec![Run { text: text.into(), face: Face::Regular, link: None }]
}
