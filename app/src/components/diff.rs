//! A word diff: taken out and put in, told by element and words, not by colour alone.

use leptos::prelude::*;
use tomfolio_domain::diff::Change;

#[component]
pub fn Diff(changes: Vec<Change>) -> impl IntoView {
    let runs = changes.into_iter().map(|c| match c {
        Change::Same(t) => view! { <span>{t}</span> }.into_any(),
        Change::Out(t) => view! { <del>{t}</del> }.into_any(),
        Change::In(t) => view! { <ins>{t}</ins> }.into_any(),
    });
    view! { <p class="diff">{runs.collect_view()}</p> }
}
