//! What is said of the document as a whole: title, language of its frame, and the role in each scope.

use super::api::EditDocument;
use crate::components::scope_word;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::documents::{DocumentSheet, ProcessingRole};
use tomfolio_locales::{document as w, nav, processing_role};

#[component]
pub fn Settings(d: DocumentSheet, may: bool, action: ServerAction<EditDocument>) -> impl IntoView {
    let l = lang();
    let role_word = move |r: Option<ProcessingRole>| {
        r.map_or_else(|| w::role_undecided(l), |r| processing_role::word(l, r.as_str()))
    };
    let shown = d
        .scopes
        .iter()
        .map(|s| view! { <li>{scope_word(l, s.scope)}": "<strong>{role_word(s.role)}</strong></li> })
        .collect_view();
    let none = d.scopes.is_empty();
    let fields = d.scopes.iter().map(|s| {
        let options = [None].into_iter().chain(ProcessingRole::ALL.map(Some)).map(|r| {
            let value = r.map_or("", |r| r.as_str());
            view! { <option value=value selected=r == s.role>{role_word(r)}</option> }
        });
        view! { <label>{scope_word(l, s.scope)}<select name=s.scope.as_str()>{options.collect_view()}</select></label> }
    });
    let fields = fields.collect_view();
    let languages = [("de", nav::german(l)), ("en", nav::english(l))]
        .map(|(tag, word)| view! { <option value=tag selected=tag == d.language>{word}</option> });
    let form = may.then(|| {
        view! {
            <details class="inline-form">
                <summary>{w::edit_settings(l)}</summary>
                <ActionForm action=action attr:class="form">
                    <input type="hidden" name="document" value=d.id.to_string() />
                    <label>{w::title(l)}<input name="title" required maxlength="300" value=d.title.clone() /></label>
                    <label>{w::frame_language(l)}<select name="language">{languages}</select></label>
                    {fields}
                    <button type="submit">{w::save(l)}</button>
                </ActionForm>
            </details>
        }
    });
    view! {
        <section class="card pane" id="settings">
            <h2>{w::scopes(l)}</h2>
            {none.then(|| view! { <p class="muted small">{w::scopes_none(l)}</p> })}
            <ul class="small">{shown}</ul>
            {form}
            <p class="small"><a href=format!("/documents/{}/baseline", d.id)>{tomfolio_locales::baseline::link(l)}</a></p>
        </section>
    }
}
