//! Buttons over a field for Markdown. They need a script, and show themselves once it is there.

use crate::context::{alive, lang, press};
use leptos::prelude::*;
use tomfolio_domain::typing::Format;
use tomfolio_locales::typing as w;

#[component]
pub fn Toolbar(
    /// The field's `id`.
    of: &'static str,
) -> impl IntoView {
    let l = lang();
    let here = alive();
    let button = move |format: Format| {
        let word = w::word(l, format.as_str());
        // Its sign is drawn by the style: it is no word of its name.
        view! { <button type="button" class=format!("tool {format}") title=word aria-label=word on:click=move |_| press(of, format)></button> }
    };
    view! { <div class="toolbar" role="toolbar" aria-label=w::toolbar(l) aria-controls=of hidden=move || !here.get()>{Format::ALL.map(button)}<span class="small muted">{w::paste(l)}</span></div> }
}
