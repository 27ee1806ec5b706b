//! The display list as printpdf operations. Marked content is numbered here, page by page.

use super::PdfError;
use super::display::{Color, Display, ElemId, Item, Kid, PAGE_H, PAGE_W, Paint};
use super::fonts::Face;
use printpdf::{
    Codepoint, DictItem, FontId, Line, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Point, Pt, Rect, Rgb, TextItem,
    TextMatrix,
};
use std::collections::{BTreeMap, BTreeSet};
use subsetter::GlyphRemapper;

/// What the engine made, and which elements own which marked content.
pub struct Painted {
    pub document: lopdf::Document,
    /// (element, page, marked-content id) in reading order of the page.
    pub contents: Vec<(ElemId, usize, usize)>,
    /// How many marked contents each page has.
    pub counts: Vec<usize>,
}

/// Runs the engine.
pub fn paint(display: &Display) -> Result<Painted, PdfError> {
    let mut used: BTreeMap<Face, BTreeSet<u16>> = BTreeMap::new();
    for item in display.pages.iter().flatten() {
        if let Paint::Text { face, glyphs, .. } = &item.paint {
            used.entry(*face).or_default().extend(glyphs.iter().map(|g| g.gid));
        }
    }
    let mut document = PdfDocument::new("");
    let mut mappers = BTreeMap::new();
    for (face, gids) in &used {
        let mapper = GlyphRemapper::new_from_glyphs_sorted(&gids.iter().copied().collect::<Vec<_>>());
        let bytes =
            subsetter::subset(face.bytes(), 0, &mapper).map_err(|e| PdfError::Subset(e.to_string()))?;
        let mut font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()).ok_or(PdfError::Font)?;
        font.font_name = Some(format!("{}+{}", face.id(), face.postscript()));
        font.pdf_font_metrics.us_weight_class =
            if matches!(face, Face::Bold | Face::BoldItalic) { 700 } else { 400 };
        document.resources.fonts.map.insert(FontId(face.id().to_owned()), PdfFont::new(font));
        mappers.insert(*face, mapper);
    }
    let mut contents = Vec::new();
    let mut counts = Vec::new();
    let mut pages = Vec::new();
    let a4 = Rect::from_wh(Pt(PAGE_W), Pt(PAGE_H));
    for (at, items) in display.pages.iter().enumerate() {
        let mut ops = Vec::new();
        let mut mcid = 0;
        for run in runs(items) {
            match run.first().and_then(|i| i.elem) {
                Some(elem) => {
                    ops.push(marked(
                        display.tree.elems.get(elem).map_or("P", |e| e.role.name()),
                        "MCID",
                        DictItem::Int(mcid as i64),
                    ));
                    contents.push((elem, at, mcid));
                    mcid += 1;
                }
                None => ops.push(marked("Artifact", "Type", DictItem::Name(b"Pagination".to_vec()))),
            }
            for item in run {
                draw(&item.paint, &mappers, &mut ops);
            }
            ops.push(Op::EndMarkedContent);
        }
        counts.push(mcid);
        pages.push(PdfPage {
            media_box: a4.clone(),
            trim_box: a4.clone(),
            crop_box: a4.clone(),
            ..PdfPage::new(Mm(210.0), Mm(297.0), ops)
        });
    }
    document.with_pages(pages);
    let options =
        PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let lo = document.to_lopdf_document(&options, &mut warnings);
    if let Some(w) = warnings.iter().find(|w| w.severity == PdfParseErrorSeverity::Error) {
        return Err(PdfError::Engine(w.msg.clone()));
    }
    Ok(Painted { document: lo, contents, counts })
}

/// Neighbouring items of one element are one marked content.
fn runs(items: &[Item]) -> Vec<&[Item]> {
    items.chunk_by(|a, b| a.elem == b.elem).collect()
}

/// Appends the marked contents to their elements, in order.
pub fn own(tree: &mut super::display::Tree, contents: &[(ElemId, usize, usize)]) {
    for (elem, page, mcid) in contents {
        tree.kid(*elem, Kid::Content(*page, *mcid));
    }
}

fn marked(tag: &str, key: &str, value: DictItem) -> Op {
    let map = BTreeMap::from([(key.to_owned(), value)]);
    Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } }
}

fn rgb(c: Color) -> printpdf::Color {
    printpdf::Color::Rgb(Rgb::new(c.0, c.1, c.2, None))
}

fn draw(paint: &Paint, mappers: &BTreeMap<Face, GlyphRemapper>, ops: &mut Vec<Op>) {
    match paint {
        Paint::Text { x, y, size, face, color, glyphs } => {
            let Some(mapper) = mappers.get(face) else { return };
            let codes = glyphs
                .iter()
                // Positive offsets move left: the table's width less what shaping wants.
                .map(|g| {
                    Codepoint::with_cid(mapper.get(g.gid).unwrap_or(0), g.width - g.advance, g.text.clone())
                })
                .collect();
            ops.push(Op::StartTextSection);
            ops.push(Op::SetFillColor { col: rgb(*color) });
            ops.push(Op::SetFont {
                font: PdfFontHandle::External(FontId(face.id().to_owned())),
                size: Pt(*size),
            });
            ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(*x), Pt(*y)) });
            ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(codes)] });
            ops.push(Op::EndTextSection);
        }
        Paint::Line { x1, x2, y, width, color } => {
            let point = |x: f32| LinePoint { p: Point { x: Pt(x), y: Pt(*y) }, bezier: false };
            ops.push(Op::SetOutlineColor { col: rgb(*color) });
            ops.push(Op::SetOutlineThickness { pt: Pt(*width) });
            ops.push(Op::DrawLine { line: Line { points: vec![point(*x1), point(*x2)], is_closed: false } });
        }
        Paint::Frame { x, y, w, h, color } => {
            ops.push(Op::SetOutlineColor { col: rgb(*color) });
            ops.push(Op::SetOutlineThickness { pt: Pt(0.8) });
            ops.push(rectangle(*x, *y, *w, *h, PaintMode::Stroke));
        }
        Paint::Fill { x, y, w, h, color } => {
            ops.push(Op::SetFillColor { col: rgb(*color) });
            ops.push(rectangle(*x, *y, *w, *h, PaintMode::Fill));
        }
    }
}

fn rectangle(x: f32, y: f32, w: f32, h: f32, mode: PaintMode) -> Op {
    Op::DrawRectangle {
        rectangle: Rect {
            x: Pt(x),
            y: Pt(y),
            width: Pt(w),
            height: Pt(h),
            mode: Some(mode),
            winding_order: None,
        },
    }
}
