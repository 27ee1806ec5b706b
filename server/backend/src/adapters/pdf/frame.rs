//! The document's frame: cover with facts, changes and contents, body, sign-offs, heads and feet.

use super::display::{
    ACCENT, Display, ElemId, INK, Item, Kid, Link, MUTED, PAGE_H, PAGE_W, Paint, RULE, Role, Target, Tree,
};
use super::flow::{Placed, Row, place, shift};
use super::fonts::{Face, Shaper};
use super::layout::{BODY, BODY_STYLE, Layout, SMALL, Style, baseline, words};
use super::lines;
use tomfolio_domain::outline::{Outline, Part};
use tomfolio_locales::{Lang, pdf as w};

/// 26 mm.
const LEFT: f32 = 73.7;
const TOP: f32 = PAGE_H - 74.0;
const BOTTOM: f32 = 84.0;

/// Lays out the whole document.
pub fn document(o: &Outline, shaper: &mut Shaper) -> Display {
    let lang = Lang::of(&o.language);
    let sides = o.parts.iter().any(|p| matches!(p, Part::Entry { side, .. } if !side.is_empty()));
    let mut l = Layout::new(shaper, lines::language(&o.language), Tree::new(), sides);
    cover(&mut l, o, lang);
    let cover_rows = std::mem::take(&mut l.rows);
    changes(&mut l, o, lang);
    let change_rows = std::mem::take(&mut l.rows);
    let front_anchors = l.anchors.len();
    // The contents stand before the body in reading order: reserve their element now, fill it when pages are known.
    let toc_heading = l.tree.add(0, Role::H2);
    let toc = l.tree.add(0, Role::Toc);
    for part in &o.parts {
        l.part(part);
    }
    register(&mut l, o, lang);
    sign_offs(&mut l, o, lang);
    let mut body_rows = std::mem::take(&mut l.rows);
    if let Some(first) = body_rows.first_mut() {
        first.page_break = true;
    }
    // Same number of lines whatever the page numbers are, so two passes are enough.
    let draft = contents(&mut l, lang, toc_heading, toc, front_anchors, None);
    let front_pages =
        place(&[change_rows.clone(), draft].concat(), 1, TOP, BOTTOM).last().map_or(1, |p| p.page) + 1;
    let placed = place(&body_rows, front_pages, TOP, BOTTOM);
    for p in &placed {
        if let Some(a) = body_rows[p.row].anchor.and_then(|a| l.anchors.get_mut(a)) {
            (a.page, a.y) = (p.page, p.top);
        }
    }
    let toc_rows = contents(&mut l, lang, toc_heading, toc, front_anchors, Some(()));
    let front_rows = [change_rows, toc_rows].concat();
    let front = place(&front_rows, 1, TOP, BOTTOM);
    for p in &front {
        if let Some(a) = front_rows[p.row].anchor.and_then(|a| l.anchors.get_mut(a)) {
            (a.page, a.y) = (p.page, p.top);
        }
    }
    let total = placed.last().or(front.last()).map_or(0, |p| p.page) + 1;
    let mut display = Display {
        pages: vec![Vec::new(); total],
        tree: Tree::new(),
        links: Vec::new(),
        bookmarks: Vec::new(),
    };
    put(&mut display, &cover_rows, &place(&cover_rows, 0, PAGE_H - 150.0, 60.0), &l);
    put(&mut display, &front_rows, &front, &l);
    put(&mut display, &body_rows, &placed, &l);
    display.bookmarks = l.anchors.clone();
    let bookmarks = display.bookmarks.clone();
    for page in 0..total {
        let mut items = Vec::new();
        head_and_foot(&mut l, o, lang, page, total, &bookmarks, &mut items);
        display.pages[page].extend(items);
    }
    display.tree = l.tree;
    for (i, link) in display.links.iter().enumerate() {
        display.tree.kid(link.elem, Kid::Link(i));
    }
    display
}

/// Copies placed rows onto their pages.
fn put(display: &mut Display, rows: &[Row], placed: &[Placed], l: &Layout) {
    for p in placed {
        let row = &rows[p.row];
        if let Some(page) = display.pages.get_mut(p.page) {
            let tagged = |i: Item| Item { elem: i.elem.filter(|_| !p.again), ..i };
            page.extend(row.items.iter().map(|i| tagged(shift(i, LEFT, p.top))));
        }
        if p.again {
            continue;
        }
        for ([x, y, w, h], uri, elem, contents) in &row.uris {
            let top = p.top - y;
            let target = match uri.strip_prefix("#anchor-").and_then(|n| n.parse::<usize>().ok()) {
                Some(n) => l.anchors.get(n).map_or(Target::Page(0, 0.0), |a| Target::Page(a.page, a.y)),
                None => Target::Uri(uri.clone()),
            };
            let rect = [LEFT + x, top - h, LEFT + x + w, top];
            display.links.push(Link { page: p.page, rect, target, elem: *elem, contents: contents.clone() });
        }
    }
}

fn cover(l: &mut Layout, o: &Outline, lang: Lang) {
    let mut bar = Row { height: 26.0, ..Row::default() };
    bar.items
        .push(Item { elem: None, paint: Paint::Fill { x: 0.0, y: 0.0, w: 62.0, h: 2.6, color: ACCENT } });
    l.rows.push(bar);
    let kicker = l.tree.add(0, Role::P);
    let rows = l.plain(
        kicker,
        o.report.as_ref().map_or_else(|| w::kicker(lang), |r| &r.kicker),
        0.0,
        260.0,
        Style { size: 10.4, lead: 14.6, color: MUTED, face: Face::Regular },
    );
    l.rows.extend(rows);
    let title = l.tree.add(0, Role::H1);
    let size = if o.title.chars().count() > 60 { 17.0 } else { 23.0 };
    let mut rows =
        l.plain(title, &o.title, 0.0, BODY, Style { size, lead: size * 1.3, color: INK, face: Face::Bold });
    if let Some(first) = rows.first_mut() {
        first.before = 8.0;
    }
    l.rows.extend(rows);
    if !o.organisation.is_empty() {
        let p = l.tree.add(0, Role::P);
        let mut rows = l.plain(p, &o.organisation, 0.0, BODY, Style { size: 12.0, lead: 20.0, ..BODY_STYLE });
        if let Some(first) = rows.first_mut() {
            first.before = 6.0;
        }
        l.rows.extend(rows);
    }
    facts(l, o, lang);
    genuine(l, o, lang);
}

fn facts(l: &mut Layout, o: &Outline, lang: Lang) {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(r) = &o.report {
        facts.extend(r.facts.iter().map(|(label, value)| (label.as_str(), value.clone())));
        return fact_table(l, facts);
    }
    if !o.roles.is_empty() {
        facts.push((w::role(lang), o.roles.join(", ")));
    }
    match (o.number, &o.replaces) {
        (Some(n), Some((old, date))) => {
            facts.push((w::release(lang), w::release_replaces(lang, date, n, old)))
        }
        (Some(n), None) => facts.push((w::release(lang), w::release_first(lang, n))),
        (None, _) => facts.push((w::release(lang), w::draft(lang).to_owned())),
    }
    facts.push((w::as_of(lang), o.as_of.clone()));
    facts.push((w::measures(lang), w::measures_n(lang, o.sections(), o.entries())));
    facts.extend(o.reviewed.iter().map(|(label, value)| (label.as_str(), value.clone())));
    if let Some(s) = o.sign_offs.last() {
        facts.push((w::released(lang), w::released_by(lang, &s.at, &s.name)));
    }
    fact_table(l, facts);
}

fn fact_table(l: &mut Layout, facts: Vec<(&str, String)>) {
    let table = l.tree.add(0, Role::Table);
    for (i, (label, value)) in facts.into_iter().enumerate() {
        let tr = l.tree.add(table, Role::TR);
        let th = l.tree.add(tr, Role::TH);
        if let Some(e) = l.tree.elems.get_mut(th) {
            e.scope = Some("Row");
        }
        let td = l.tree.add(tr, Role::TD);
        let mut rows = l.plain(td, &value, 121.0, BODY - 121.0, BODY_STYLE);
        if rows.is_empty() {
            rows.push(Row { height: BODY_STYLE.lead, ..Row::default() });
        }
        let mut items = Vec::new();
        l.text(&mut items, Some(th), 0.0, baseline(BODY_STYLE), Style { color: MUTED, ..BODY_STYLE }, label);
        if let Some(first) = rows.first_mut() {
            first.items.splice(0..0, items);
            first.before = if i == 0 { 60.0 } else { 6.0 };
        }
        l.rows.extend(rows);
    }
}

/// The box that says how to check the document.
fn genuine(l: &mut Layout, o: &Outline, lang: Lang) {
    let mut row = Row { before: 90.0, ..Row::default() };
    let mut y = 10.0;
    let how = match (o.sealed, o.check_at.is_empty()) {
        (false, _) => w::unsealed_text(lang).to_owned(),
        (true, true) => w::genuine_text(lang).to_owned(),
        (true, false) => w::genuine_at(lang, &o.check_at),
    };
    let hash = w::content_hash(lang, &o.content_sha256);
    let bold = Style { face: Face::Bold, size: 8.8, lead: 12.6, color: INK };
    for (text, style) in
        [(w::genuine(lang), bold), (&how, Style { size: 8.8, lead: 12.6, ..BODY_STYLE }), (&hash, SMALL)]
    {
        let p = l.tree.add(0, Role::P);
        for line in l.plain(p, text, 14.0, BODY - 28.0, style) {
            row.items.extend(line.items.into_iter().map(|mut i| {
                if let Paint::Text { y: ty, .. } = &mut i.paint {
                    *ty += y;
                }
                i
            }));
            y += line.height;
        }
    }
    let h = f32::max(74.0, y + 12.0);
    row.height = h;
    row.items.insert(0, Item { elem: None, paint: Paint::Frame { x: 0.0, y: 0.0, w: BODY, h, color: RULE } });
    l.rows.push(row);
}

fn changes(l: &mut Layout, o: &Outline, lang: Lang) {
    let (Some(changes), Some((old, _))) = (&o.changes, &o.replaces) else { return };
    l.heading(Role::H2, 1, None, &w::changes(lang, old), None);
    if changes.is_empty() {
        l.part(&Part::Note(w::changes_none(lang).to_owned()));
        return;
    }
    let mut cells = vec![vec![words(w::changes_measure(lang)), words(w::changes_change(lang))]];
    cells.extend(changes.iter().map(|(code, text)| vec![words(code), words(text)]));
    let rows = l.table(0, &cells, 0.0, &[120.0, BODY - 120.0]);
    l.rows.extend(rows);
}

/// The contents; without pages it is only measured and leaves no trace in the tree.
fn contents(
    l: &mut Layout,
    lang: Lang,
    heading: ElemId,
    toc: ElemId,
    skip: usize,
    pages: Option<()>,
) -> Vec<Row> {
    let mut rows = l.plain(
        heading,
        w::contents(lang),
        0.0,
        BODY,
        Style { size: 14.5, lead: 24.0, face: Face::Bold, color: INK },
    );
    rows.iter_mut().for_each(|r| {
        r.keep = true;
        r.before = 22.0;
    });
    let anchors: Vec<_> = l.anchors.iter().cloned().enumerate().skip(skip).collect();
    for (n, a) in anchors {
        let face = if a.level == 1 { Face::Bold } else { Face::Regular };
        let style = Style { size: 9.2, lead: 15.4, face, color: INK };
        let (code, title) = match a.title.split_once(' ') {
            Some((code, title))
                if code.len() <= 4
                    && code.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
                    && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') =>
            {
                (code, title)
            }
            _ => ("", a.title.as_str()),
        };
        let page = (a.page + 1).to_string();
        let link = pages.map(|()| {
            let toci = l.tree.add(toc, Role::Toci);
            let reference = l.tree.add(toci, Role::Reference);
            l.tree.add(reference, Role::Link)
        });
        let elem = link.unwrap_or(toc);
        let mut entry = l.plain(elem, title, 36.0, BODY - 80.0, style);
        if let Some(first) = entry.first_mut() {
            let mut items = Vec::new();
            l.text(&mut items, Some(elem), 0.0, baseline(style), style, &format!("{code} "));
            first.items.splice(0..0, items);
            first.uris.push((
                [0.0, 0.0, BODY, style.lead],
                format!("#anchor-{n}"),
                elem,
                w::toc_link(lang, &page, title),
            ));
        }
        if let Some(last) = entry.last_mut() {
            let number = Style { color: MUTED, face: Face::Regular, ..style };
            let width = l.shaper.width(number.face, &page) * number.size / 1000.0;
            l.text(&mut last.items, Some(elem), BODY - width, baseline(style), number, &page);
        }
        entry.iter_mut().for_each(|r| r.keep = r.keep || a.level == 1);
        rows.extend(entry);
    }
    rows
}

/// The evidence register: what proves the measures, by name and hash; the files stay in the house.
fn register(l: &mut Layout, o: &Outline, lang: Lang) {
    if o.evidence.is_empty() {
        return;
    }
    l.heading(Role::H2, 1, None, w::evidence(lang), None);
    let mut cells = vec![vec![
        words(w::evidence_title(lang)),
        words(w::evidence_proves(lang)),
        words(w::evidence_until(lang)),
        words(w::evidence_sha256(lang)),
    ]];
    cells.extend(o.evidence.iter().map(|e| {
        let until = e.until.clone().unwrap_or_else(|| w::evidence_undated(lang).to_owned());
        vec![
            words(format!("{} ({})", e.title, e.issuer)),
            words(&e.proves),
            words(until),
            words(grouped(&e.sha256)),
        ]
    }));
    let rows = l.table(0, &cells, 0.0, &[160.0, 92.0, 76.0, BODY - 328.0]);
    l.rows.extend(rows);
    l.part(&Part::Note(w::evidence_note(lang).to_owned()));
}

/// A hash in groups of eight, so that it can be read and broken.
fn grouped(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().collect();
    digits.chunks(8).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn sign_offs(l: &mut Layout, o: &Outline, lang: Lang) {
    if o.sign_offs.is_empty() {
        return;
    }
    l.heading(Role::H2, 1, None, w::signoffs(lang), None);
    let short: String = o.content_sha256.chars().take(16).collect();
    let mut cells = vec![vec![
        words(w::signoff_role(lang)),
        words(w::signoff_statement(lang)),
        words(w::signoff_at(lang)),
        words(w::signoff_content(lang)),
    ]];
    cells.extend(o.sign_offs.iter().map(|s| {
        let said =
            if s.note.is_empty() { s.statement.clone() } else { format!("{}: {}", s.statement, s.note) };
        vec![words(format!("{}, {}", s.role, s.name)), words(said), words(&s.at), words(format!("{short}…"))]
    }));
    let rows = l.table(0, &cells, 0.0, &[130.0, 130.0, 92.0, BODY - 352.0]);
    l.rows.extend(rows);
    if o.sealed {
        l.heading(Role::H3, 2, None, w::seal(lang), None);
        l.part(&Part::Note(w::seal_text(lang, &o.organisation)));
    }
}

/// Page head and foot, artifacts all; the cover has only a foot.
fn head_and_foot(
    l: &mut Layout,
    o: &Outline,
    lang: Lang,
    page: usize,
    total: usize,
    marks: &[super::display::Bookmark],
    out: &mut Vec<Item>,
) {
    let right_edge = PAGE_W - LEFT;
    let small = Style { size: 7.2, ..SMALL };
    let name = match o.number {
        Some(n) => format!("{}, {}", clip(&o.title, 60), w::release_n(lang, n)),
        None if o.report.is_some() => format!("{}, {}", clip(&o.title, 50), w::report(lang)),
        None => clip(&o.title, 70),
    };
    let mut line = |l: &mut Layout, y: f32, x: f32, anchor: f32, text: &str| {
        let width = l.shaper.width(small.face, text) * small.size / 1000.0;
        l.text(out, None, x - width * anchor, y, small, text);
    };
    if page > 0 {
        let sections = || marks.iter().filter(|m| m.level == 1);
        // The section that the page begins with, or the first one on it.
        let section = sections().find(|m| m.page == page).or_else(|| sections().rfind(|m| m.page < page));
        line(l, PAGE_H - 46.0, LEFT, 0.0, &name);
        let right = section.map_or_else(|| w::as_of_date(lang, &o.as_of), |s| clip(&s.title, 60));
        line(l, PAGE_H - 46.0, right_edge, 1.0, &right);
    }
    line(l, 40.0, LEFT, 0.0, &clip(&o.organisation, 40));
    line(l, 40.0, PAGE_W / 2.0, 0.5, &clip(&name, 60));
    line(l, 40.0, right_edge, 1.0, &w::page(lang, page + 1, total));
    out.push(Item {
        elem: None,
        paint: Paint::Line { x1: LEFT, x2: right_edge, y: 52.0, width: 0.5, color: RULE },
    });
}

fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(max - 1).collect::<String>().trim_end())
    }
}
