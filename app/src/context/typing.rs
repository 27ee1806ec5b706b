//! Typing in the browser: buttons of the toolbar and pasted pages change the text as typing would, so that Ctrl+Z takes it back.

use tomfolio_domain::typing::{Edit, Format, Piece, apply, inserted, markdown, unstyled};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlTextAreaElement, Node};

/// Deepest nesting of a pasted page that is looked into, and most nodes.
const DEEPEST: usize = 60;
const MOST: usize = 50_000;

fn area(id: &str) -> Option<HtmlTextAreaElement> {
    leptos::prelude::document().get_element_by_id(id)?.dyn_into().ok()
}

/// Bytes of a text before so many UTF-16 units of it, as the browser counts.
fn byte(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let at = text.char_indices().find(|(_, c)| {
        let here = left == 0;
        left = left.saturating_sub(c.len_utf16());
        here
    });
    at.map_or(text.len(), |(i, _)| i)
}

fn units(text: &str, byte: usize) -> u32 {
    text[..byte.min(text.len())].encode_utf16().count() as u32
}

/// What is selected in a field, in bytes of its text.
fn selection(area: &HtmlTextAreaElement, text: &str) -> (usize, usize) {
    let at = |units: Option<u32>| byte(text, units.unwrap_or_default());
    (at(area.selection_start().ok().flatten()), at(area.selection_end().ok().flatten()))
}

/// Types the change into the field. The browser's own command keeps what can be undone; where it is missing, the value is set.
fn type_in(area: &HtmlTextAreaElement, old: &str, e: &Edit) {
    let _ = area.focus();
    let (from, to) = (units(old, e.from), units(old, e.to));
    let _ = area.set_selection_range(from, to);
    let page = leptos::prelude::document().dyn_into::<HtmlDocument>();
    let typed = page
        .is_ok_and(|p| p.exec_command_with_show_ui_and_value("insertText", false, &e.text).unwrap_or(false));
    if !typed {
        let _ = area.set_range_text_with_start_and_end(&e.text, from, to);
        if let Ok(told) = web_sys::Event::new("input") {
            let _ = area.dispatch_event(&told);
        }
    }
    let now = area.value();
    let _ = area.set_selection_range(units(&now, e.select.0), units(&now, e.select.1));
}

/// Presses a button of the toolbar over a field.
pub fn press(id: &str, format: Format) {
    let Some(area) = area(id) else { return };
    let text = area.value();
    let (from, to) = selection(&area, &text);
    type_in(&area, &text, &apply(format, &text, from, to));
}

/// A pasted page becomes Markdown; a pasted text stays as it is.
pub fn pasted(e: &web_sys::ClipboardEvent) {
    let Some(data) = e.clipboard_data() else { return };
    let html = data.get_data("text/html").unwrap_or_default();
    let area = e.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok());
    let (Some(area), false) = (area, html.trim().is_empty()) else { return };
    let parser = web_sys::DomParser::new()
        .and_then(|p| p.parse_from_string(&unstyled(&html), web_sys::SupportedType::TextHtml));
    let Some(body) = parser.ok().and_then(|d| d.body()) else { return };
    let mut left = MOST;
    let said = markdown(&children(&body, 0, &mut left));
    if said.trim().is_empty() {
        return;
    }
    e.prevent_default();
    let text = area.value();
    let (from, to) = selection(&area, &text);
    let said = inserted(&text[..from], &said);
    let end = from + said.len();
    type_in(&area, &text, &Edit { from, to, text: said, select: (end, end) });
}

/// The parser's nodes: nothing in them is run or loaded, for the page they are in is shown nowhere.
fn children(of: &Node, depth: usize, left: &mut usize) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut next = of.first_child();
    while let Some(node) = next {
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        if node.node_type() == Node::TEXT_NODE {
            out.push(Piece::Text(node.text_content().unwrap_or_default()));
        } else if let Some(e) = node.dyn_ref::<Element>() {
            let inside = match depth {
                DEEPEST.. => vec![Piece::Text(e.text_content().unwrap_or_default())],
                _ => children(e, depth + 1, left),
            };
            out.push(Piece::Node {
                tag: e.tag_name().to_lowercase(),
                style: e.get_attribute("data-style").unwrap_or_default(),
                children: inside,
            });
        }
        next = node.next_sibling();
    }
    out
}
