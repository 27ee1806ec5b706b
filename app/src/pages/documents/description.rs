//! The general description of the measures for the records of processing activities, and its files.

use super::api::find_document as find;
use crate::components::{page_of, scope_word};
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tomfolio_domain::documents::{Description, DocumentSheet, Part, describe};
use tomfolio_locales::{description as w, nav};

#[component]
pub fn DescriptionPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let found = Resource::new(move || id.clone(), find);
    view! {
        <Title text=w::title(lang()) />
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { page_of(found.await, "documents", |doc, _| view! { <Show doc=doc /> }) })}
        </Suspense>
    }
}

#[component]
fn Show(doc: DocumentSheet) -> impl IntoView {
    let l = lang();
    let described = Part::ALL.map(|part| describe(&doc.nodes, &doc.scopes, part));
    // It is the same number for both parts.
    let without = described.first().map_or(0, |d| d.without_role);
    let parts = described.map(|d| view! { <One d=d id=doc.id.to_string() /> });
    view! {
        <header class="head"><div>
            <p class="crumbs"><a href="/documents">{nav::documents(l)}</a>" / "<a href=format!("/documents/{}", doc.id)>{doc.title.clone()}</a></p>
            <h1>{w::title(l)}</h1>
            <p class="muted">{w::intro(l)}</p>
        </div></header>
        {(without > 0).then(|| view! { <p class="alert" role="status">{w::without_role(l, without)}" "<a href=format!("/documents/{}", doc.id)>{w::set_role(l)}</a></p> })}
        {parts.collect_view()}
    }
}

#[component]
fn One(d: Description, id: String) -> impl IntoView {
    let l = lang();
    let part = d.part.as_str();
    let file = |kind: &'static str| format!("/documents/{id}/description/{part}.{kind}");
    let scopes = d.scopes.iter().map(|s| scope_word(l, *s)).collect::<Vec<_>>().join(", ");
    let sections = d
        .sections
        .iter()
        .map(|s| {
            let rows = s.measures.iter().map(|m| view! { <li>{m.clone()}</li> }).collect_view();
            view! { <h3>{s.title.clone()}</h3><ul class="bullets">{rows}</ul> }
        })
        .collect_view();
    let empty = d.sections.is_empty();
    view! {
        <section class="card description" id=part>
            <h2 class="pane-head">{w::word(l, part)}</h2>
            {if empty {
                view! { <p class="pane muted">{w::empty(l)}</p> }.into_any()
            } else {
                view! {
                    <div class="pane">
                        <p class="small muted">{w::for_scopes(l, scopes)}</p>
                        {sections}
                        <p class="actions under">
                            <a class="button" href=file("md") rel="external" download>{w::as_markdown(l)}</a>
                            <a class="button" href=file("docx") rel="external" download>{w::as_word(l)}</a>
                        </p>
                    </div>
                }.into_any()
            }}
        </section>
    }
}
