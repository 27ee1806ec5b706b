//! The list of keys, and the switch that turns single ones off (WCAG 2.2, 2.1.4).

use crate::context::{lang, remember, remembered};
use leptos::prelude::*;
use tomfolio_locales::keys as w;

/// The switch; the browser remembers it, for every page.
#[component]
pub fn KeysOn() -> impl IntoView {
    let l = lang();
    // The browser knows only after the page has come alive.
    let on = RwSignal::new(true);
    Effect::new(move |_| on.set(remembered("keys-on")));
    view! { <label class="check"><input type="checkbox" id="keys-on" checked prop:checked=move || on.get() on:change=move |e| remember("keys-on", event_target_checked(&e)) />{w::on(l)}</label> }
}

/// What the keyboard does on the desk.
#[component]
pub fn Keys() -> impl IntoView {
    let l = lang();
    let rows = [
        ("/", w::search(l)),
        ("j k", w::walk(l)),
        ("Enter", w::open(l)),
        ("x", w::tick(l)),
        ("e", w::edit(l)),
        ("Esc", w::leave(l)),
        (w::send_key(l), w::send(l)),
        ("g u", w::overview(l)),
        ("g m", w::documents(l)),
        ("g n", w::evidence(l)),
        ("g p", w::reviews(l)),
        ("g f", w::releases(l)),
        ("?", w::list(l)),
    ];
    let rows = rows.map(|(key, word)| view! { <li><kbd>{key}</kbd>" "{word}</li> });
    view! {
        <details class="desk-keys">
            <summary class="small" data-key="?">{w::keys(l)}" "<kbd>"?"</kbd></summary>
            <div class="card pane"><ul class="small">{rows}</ul><KeysOn /></div>
        </details>
    }
}
