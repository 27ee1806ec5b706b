//! Parts of forms. The only `<textarea>`: leptos 0.8 does not escape its children on the server, so this part does.

use crate::context::{kept, pasted, textarea_html};
use leptos::prelude::*;

#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] id: String,
    value: String,
    #[prop(default = 12)] rows: u32,
    #[prop(optional, into)] on_text: Option<Callback<String>>,
    #[prop(default = false)] required: bool,
    /// It holds Markdown: a pasted page becomes such.
    #[prop(default = false)]
    rich: bool,
    #[prop(optional)] shortest: Option<u32>,
    #[prop(optional)] longest: Option<u32>,
    #[prop(optional)] example: Option<&'static str>,
    /// The key that goes here (see `context::keyboard`).
    #[prop(optional)]
    key: Option<&'static str>,
    /// The form's `id`, where a page has several such forms.
    #[prop(optional)]
    of: Option<String>,
) -> impl IntoView {
    // Where several forms of a page hold a field of this name, only the one that was refused gets its text back.
    let own = of.is_none() || kept("id") == of;
    let value = kept(name).filter(|_| own).unwrap_or(value);
    let inner = textarea_html(&value);
    view! {
        <textarea
            name=name
            id=id
            rows=rows
            required=required
            minlength=shortest
            maxlength=longest
            placeholder=example
            data-key=key
            spellcheck="true"
            class:code=rich
            on:paste=move |e| {
                if rich {
                    pasted(&e);
                }
            }
            inner_html=inner
            on:input=move |e| {
                if let Some(on_text) = on_text {
                    on_text.run(event_target_value(&e));
                }
            }
        ></textarea>
    }
}

/// A form that is made anew when it is for something else: when a page moves on, the browser keeps the fields and what was
/// typed into them, and what was typed for one thing must never stand under another.
#[component]
pub fn Fresh(key: String, children: ChildrenFn) -> impl IntoView {
    view! { <For each=move || [key.clone()] key=|k| k.clone() children=move |_| children() /> }
}
