//! All TOM documents of the organisation.

use super::api::list_documents;
use crate::components::page_of;
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::documents::DocumentRow;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{document as w, nav};

#[component]
pub fn ListPage() -> impl IntoView {
    let found = Resource::new(|| (), |()| list_documents());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |rows, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::Import));
                    view! { <List rows=rows may_import=may /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(rows: Vec<DocumentRow>, may_import: bool) -> impl IntoView {
    let l = lang();
    let open: u32 = rows.iter().map(|r| r.to_confirm).sum();
    let heading = match (rows.len(), open) {
        (0, _) => w::none_heading(l).to_owned(),
        (n, 0) => w::list_heading(l, n),
        (_, open) => w::list_open(l, open),
    };
    let empty = rows.is_empty();
    let lines = rows.into_iter().map(|r| {
        let scheme = match r.scheme {
            Scheme::Nine => w::scheme_nine(l),
            Scheme::Abcd => w::scheme_abcd(l),
        };
        let release = match (r.released, r.released_on) {
            (Some(n), Some(on)) => w::in_force(l, n, on),
            _ => r.withdrawn.map_or_else(|| w::never_released(l).to_owned(), |n| w::withdrawn(l, n)),
        };
        view! {
            <li>
                <a class="row-link" href=format!("/documents/{}", r.id)>
                    <strong>{r.title}</strong>
                    <span class="muted">{scheme}" · "{w::measures(l, r.measures)}" · "{release}</span>
                </a>
                {(r.to_confirm > 0).then(|| view! { <span class="pill warn">{w::to_confirm(l, r.to_confirm)}</span> })}
            </li>
        }
    });
    view! {
        <Title text=nav::documents(l) />
        <header class="head">
            <div><h1>{heading}</h1></div>
            {may_import.then(|| view! {
                <div class="actions">
                    <a class="button" href="/documents/new">{w::new(l)}</a>
                    <a class="button primary" href="/documents/import">{w::import(l)}</a>
                </div>
            })}
        </header>
        {if empty {
            view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
        } else {
            view! { <ul class="card rows">{lines.collect_view()}</ul> }.into_any()
        }}
    }
}
