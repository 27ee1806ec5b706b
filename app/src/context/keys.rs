//! Keys in the browser: what is pressed, where they lead in a list, and when they are silent.

use leptos::prelude::*;

/// Lets the keyboard press what says so (`data-key`) while nobody is typing; Ctrl+Enter sends the form that is typed into, else
/// `form`. `data-then` names the field that comes next. `j` and `k` walk through a list, `g` waits for a second key. `#keys-on`
/// switches single keys off, and the browser remembers it (WCAG 2.2, 2.1.4).
pub fn keyboard(form: &'static str) {
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let focus = move |id: &str| {
        if let Some(field) = find(&format!("#{id}")).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    };
    let going = Rc::new(Cell::new(false));
    let press = move |e: web_sys::KeyboardEvent| {
        let Some(at) = e.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) else { return };
        let key = e.key();
        if key == "Enter" && (e.ctrl_key() || e.meta_key()) {
            // The form that is typed into; from anywhere else the page's own.
            let typed = at.closest("form").ok().flatten().or_else(|| find(form));
            if let Some(form) = typed.and_then(|f| f.dyn_into::<HtmlFormElement>().ok()) {
                e.prevent_default();
                let _ = form.request_submit();
            }
            return;
        }
        let field = at.dyn_ref::<HtmlInputElement>();
        if is_typed_into(&at) {
            // Enter in a one-line field of a form that is walked through goes on to what comes next instead of sending half of it.
            let walked = field.is_some() && at.closest("[data-walk]").ok().flatten().is_some();
            if key == "Escape" || (key == "Enter" && walked) {
                e.prevent_default();
                match at.get_attribute("data-then").filter(|_| key == "Enter") {
                    Some(next) => focus(&next),
                    None => {
                        let _ = at.blur();
                    }
                }
            }
            return;
        }
        let on =
            find("#keys-on").and_then(|k| k.dyn_into::<HtmlInputElement>().ok()).is_none_or(|k| k.checked());
        let single = key.len() == 1 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '?' || c == '/');
        if !on || !single || e.ctrl_key() || e.alt_key() || e.meta_key() {
            going.set(false);
            return;
        }
        let wanted = if going.take() { format!("g {key}") } else { key.clone() };
        let pressed = find(&format!("[data-key='{wanted}']")).and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if let Some(pressed) = pressed {
            e.prevent_default();
            if is_typed_into(&pressed) {
                let _ = pressed.focus();
            } else {
                pressed.click();
            }
            // What it opened may lie below the edge.
            let summary = Some(&pressed).filter(|p| p.tag_name() == "SUMMARY");
            if let Some(opened) = summary.and_then(|s| s.closest("details[open]").ok().flatten()) {
                opened.scroll_into_view_with_bool(false);
            }
            if let Some(next) = pressed.get_attribute("data-then") {
                focus(&next);
            }
            return;
        }
        match wanted.as_str() {
            "g" => going.set(true),
            "j" => walk(&at, 1),
            "k" => walk(&at, -1),
            // The box of the line that one stands on.
            "x" => {
                let line = at.closest("li, .measure-row").ok().flatten();
                let tick = line.and_then(|l| l.query_selector("input[type=checkbox]").ok().flatten());
                if let Some(tick) = tick.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
                    tick.click();
                }
            }
            _ => {}
        }
    };
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, press.clone());
        on_cleanup(move || handle.remove());
    });
}

/// Draws the line of a menu aside until what is current in it can be seen.
pub fn show_current(menu: &'static str) {
    use wasm_bindgen::JsCast;
    Effect::new(move |_| {
        let find = |selector: &str| document().query_selector(selector).ok().flatten();
        let (Some(line), Some(at)) = (find(menu), find(&format!("{menu} [aria-current]"))) else { return };
        if let Some(at) = at.dyn_ref::<web_sys::HtmlElement>() {
            line.set_scroll_left(at.offset_left() - line.client_width() / 3);
        }
    });
}

/// Whether letters go into an element.
fn is_typed_into(at: &web_sys::HtmlElement) -> bool {
    use wasm_bindgen::JsCast;
    match at.dyn_ref::<web_sys::HtmlInputElement>() {
        Some(f) => !matches!(f.type_().as_str(), "radio" | "checkbox" | "submit" | "file"),
        None => matches!(at.tag_name().as_str(), "TEXTAREA" | "SELECT"),
    }
}

/// From one line of a list to another.
fn walk(from: &web_sys::HtmlElement, by: i32) {
    use wasm_bindgen::JsCast;
    const LINES: &str = "main a.measure, main a.row-link, main .row-link a, main table th a, main .hits a";
    let Ok(lines) = document().query_selector_all(LINES) else { return };
    let line = |i: u32| lines.get(i).and_then(|n| n.dyn_into::<web_sys::HtmlElement>().ok());
    let here = (0..lines.length()).find(|i| line(*i).as_ref() == Some(from));
    let next = match (here, by) {
        (Some(i), by) => i.checked_add_signed(by),
        (None, 1) => Some(0),
        (None, _) => None,
    };
    if let Some(next) = next.and_then(line) {
        let _ = next.focus();
    }
}
