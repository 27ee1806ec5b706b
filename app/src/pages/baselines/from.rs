//! A new document that is made from a baseline.

use super::api::StampDocument;
use crate::components::Refusal;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::baselines::BaselineRow;
use tomfolio_locales::{baseline as w, coverage, document};

/// The form, where this person can read any baseline; a sentence that says how one is made, where not.
#[component]
pub fn From(rows: Vec<BaselineRow>) -> impl IntoView {
    let l = lang();
    let stamp = ServerAction::<StampDocument>::new();
    let none = rows.is_empty();
    let one = rows.len() == 1;
    let choices = rows
        .into_iter()
        .map(|b| {
            let value = format!("{} {}", b.organisation, b.document);
            let about = format!("{} · {}", b.organisation_name, coverage::measures_n(l, b.measures));
            view! {
                <label class="choice">
                    <input type="radio" name="baseline" value=value checked=one required />
                    <span><strong>{b.title}</strong><small class="muted">{about}</small></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="card form wide" id="from-baseline">
            <h2>{w::from(l)}</h2>
            <p class="muted">{if none { w::from_none(l) } else { w::from_means(l) }}</p>
            <Refusal of=Signal::derive(move || stamp.value().get().and_then(Result::err)) />
            {(!none).then(|| view! {
                <ActionForm action=stamp attr:class="form">
                    <fieldset><legend>{w::baseline(l)}</legend>{choices}</fieldset>
                    <label for="stamp-title">{document::title(l)}</label>
                    <input id="stamp-title" name="title" maxlength="300" placeholder=w::title_kept(l) />
                    <div class="actions"><button class="primary" type="submit" disabled=move || stamp.pending().get()>{w::stamp(l)}</button></div>
                </ActionForm>
            })}
        </section>
    }
}
