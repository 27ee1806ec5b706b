//! A new measure under a section, goal, scope or group.

use super::api::{AddMeasure, offer_measure};
use crate::components::{Refusal, TextArea, Toolbar, every, form_of};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::catalogues::Offered;
use tomfolio_locales::{document as d, measure as w, nav};

#[component]
pub fn AddPage() -> impl IntoView {
    let l = lang();
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let asked = |key: &'static str| use_location().query.with_untracked(|q| q.get(key));
    let (under, refused, suggested) =
        (asked("under").unwrap_or_default(), asked("refused"), asked("suggested"));
    let place = under.clone();
    let found = Resource::new(move || (id.clone(), place.clone()), |(id, under)| offer_measure(id, under));
    let add = ServerAction::<AddMeasure>::new();
    view! {
        <Title text=w::add_title(l) />
        <Suspense fallback=|| ()>
            {move || {
                let (under, refused, suggested) = (under.clone(), refused.clone(), suggested.clone());
                Suspend::new(async move {
                    form_of(found.await, "documents", tomfolio_domain::policy::Action::EditMeasure, |doc, _| {
                        let chosen = doc.offered.iter().find(|s| Some(&s.id) == suggested.as_ref()).cloned();
                        let label = kept("label").or_else(|| chosen.as_ref().map(|s| s.label.clone()));
                        let text = chosen.as_ref().map(|s| s.text.clone()).unwrap_or_default();
                        let list = view! { <Suggestions offered=doc.offered chosen=chosen.map(|c| c.id) document=doc.document.to_string() under=under.clone() /> };
                        view! {
                        <header class="head"><div>
                            <p class="crumbs"><a href=format!("/documents/{}", doc.document)>{doc.document_title.clone()}</a></p>
                            <h1>{w::add_title(l)}</h1>
                        </div></header>
                        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
                        <Refusal of=Signal::derive(move || add.value().get().and_then(Result::err)) />
                        <ActionForm action=add attr:class="card form wide">
                            <input type="hidden" name="document" value=doc.document.to_string() />
                            <input type="hidden" name="parent" value=under />
                            <label for="label">{w::label(l)}</label>
                            <input id="label" name="label" maxlength="200" value=label />
                            <label for="text">{w::text(l)}</label>
                            <Toolbar of="text" /><TextArea name="text" id="text" value=text required=true rich=true />
                            <div class="actions"><a class="button" href=format!("/documents/{}", doc.document)>{nav::cancel(l)}</a><button class="primary" type="submit" disabled=move || add.pending().get()>{d::add(l)}</button></div>
                        </ActionForm>
                        {list}
                    }})
                })
            }}
        </Suspense>
    }
}

/// Suggested wordings (Formulierungsbausteine): a link puts one into the form, with or without script.
#[component]
fn Suggestions(
    offered: Vec<Offered>,
    chosen: Option<String>,
    document: String,
    under: String,
) -> impl IntoView {
    let l = lang();
    if offered.is_empty() {
        return ().into_any();
    }
    let rows = offered.into_iter().map(|s| {
        let href = format!("/documents/{document}/add?under={under}&suggested={}", s.id);
        let open = chosen.as_ref() == Some(&s.id);
        view! {
            <li>
                <h3><a href=href rel="external" aria-current=open.then_some("true")>{s.label}</a></h3>
                <p class="small">{s.text}</p>
                <p class="small muted">{w::ask_for(l, s.evidence)}", "{every(l, &s.interval)}</p>
            </li>
        }
    });
    view! {
        <section class="card suggestions" id="suggestions">
            <h2 class="pane-head">{w::suggestions(l)}</h2>
            <p class="pane small muted">{w::suggestions_note(l)}</p>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
