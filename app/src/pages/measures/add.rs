//! A new measure under a section, goal, scope or group.

use super::api::AddMeasure;
use crate::components::{Refusal, TextArea, Toolbar, every, form_of};
use crate::context::{kept, lang};
use crate::error::told;
use crate::pages::documents;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::catalogues::{Suggestion, propose, suggestions};
use tomfolio_domain::documents::{DocumentSheet, NodeView};
use tomfolio_locales::{document as d, measure as w, nav};

#[component]
pub fn AddPage() -> impl IntoView {
    let l = lang();
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let asked = |key: &'static str| use_location().query.with_untracked(|q| q.get(key));
    let (under, refused, suggested) =
        (asked("under").unwrap_or_default(), asked("refused"), asked("suggested"));
    let found = Resource::new(move || id.clone(), documents::find);
    let add = ServerAction::<AddMeasure>::new();
    view! {
        <Title text=w::add_title(l) />
        <Suspense fallback=|| ()>
            {move || {
                let (under, refused, suggested) = (under.clone(), refused.clone(), suggested.clone());
                Suspend::new(async move {
                    form_of(found.await, "documents", tomfolio_domain::policy::Action::EditMeasure, |doc, _| {
                        let offered = offered(&doc, &under);
                        let chosen = offered.iter().find(|s| Some(&s.id) == suggested.as_ref()).copied();
                        let language = doc.language.clone();
                        let label = kept("label").or_else(|| chosen.map(|s| s.label.of(&language).to_owned()));
                        let text = chosen.map(|s| s.words(&language)).unwrap_or_default();
                        let list = view! { <Suggestions offered=offered chosen=chosen document=doc.id.to_string() under=under.clone() language=language /> };
                        view! {
                        <header class="head"><div>
                            <p class="crumbs"><a href=format!("/documents/{}", doc.id)>{doc.title.clone()}</a></p>
                            <h1>{w::add_title(l)}</h1>
                        </div></header>
                        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
                        <Refusal of=Signal::derive(move || add.value().get().and_then(Result::err)) />
                        <ActionForm action=add attr:class="card form wide">
                            <input type="hidden" name="document" value=doc.id.to_string() />
                            <input type="hidden" name="parent" value=under />
                            <label for="label">{w::label(l)}</label>
                            <input id="label" name="label" maxlength="200" value=label />
                            <label for="text">{w::text(l)}</label>
                            <Toolbar of="text" /><TextArea name="text" id="text" value=text required=true rich=true />
                            <div class="actions"><a class="button" href=format!("/documents/{}", doc.id)>{nav::cancel(l)}</a><button class="primary" type="submit">{d::add(l)}</button></div>
                        </ActionForm>
                        {list}
                    }})
                })
            }}
        </Suspense>
    }
}

/// Wordings for the goals that the headings above a place name.
fn offered(doc: &DocumentSheet, under: &str) -> Vec<&'static Suggestion> {
    fn path<'a>(nodes: &'a [NodeView], to: &str, out: &mut Vec<&'a str>) -> bool {
        nodes.iter().any(|n| {
            out.push(&n.title);
            let found = n.id.to_string() == to || path(&n.children, to, out);
            if !found {
                out.pop();
            }
            found
        })
    }
    let mut headings = Vec::new();
    path(&doc.nodes, under, &mut headings);
    let goals = propose(headings.into_iter(), "", "");
    goals.into_iter().flat_map(|p| suggestions(p.goal)).collect()
}

/// Suggested wordings (Formulierungsbausteine): a link puts one into the form, with or without script.
#[component]
fn Suggestions(
    offered: Vec<&'static Suggestion>,
    chosen: Option<&'static Suggestion>,
    document: String,
    under: String,
    language: String,
) -> impl IntoView {
    let l = lang();
    if offered.is_empty() {
        return ().into_any();
    }
    let rows = offered.into_iter().map(|s| {
        let href = format!("/documents/{document}/add?under={under}&suggested={}", s.id);
        let open = chosen.is_some_and(|c| c.id == s.id);
        view! {
            <li>
                <h3><a href=href rel="external" aria-current=open.then_some("true")>{s.label.of(&language).to_owned()}</a></h3>
                <p class="small">{s.words(&language)}</p>
                <p class="small muted">{w::ask_for(l, s.evidence.of(&language))}", "{every(l, &s.interval)}</p>
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
