//! All releases of the organisation's documents.

use super::api::list_releases;
use super::{stage_word, state_word};
use crate::components::page_of;
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use tomfolio_domain::releases::{ReleaseRow, ReleaseState, Stage};
use tomfolio_locales::{nav, release as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let found = Resource::new(|| (), |()| list_releases());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { page_of(found.await, "releases", |rows, _| view! { <List rows=rows /> }) })}
        </Suspense>
    }
}

#[component]
fn List(rows: Vec<ReleaseRow>) -> impl IntoView {
    let l = lang();
    let waiting = rows.iter().filter(|r| r.state.waits()).count();
    let released = rows.iter().filter(|r| r.state == ReleaseState::Released).count();
    let heading = if waiting > 0 { w::waiting(l, waiting) } else { w::in_force(l, released) };
    let empty = rows.is_empty();
    let lines = rows.into_iter().map(|r| {
        let when = r.released_at.clone().map(|at| format!(" · {at}"));
        let stage =
            (r.state == ReleaseState::Released && r.stage != Stage::Done).then(|| stage_word(l, r.stage));
        let class = match r.state {
            ReleaseState::InReview | ReleaseState::Approved => "pill warn",
            ReleaseState::Released => "pill ok",
            ReleaseState::Draft | ReleaseState::Superseded | ReleaseState::Withdrawn => "pill",
        };
        view! {
            <li>
                <a class="row-link" href=format!("/releases/{}", r.id)>
                    <strong>{w::heading(l, r.number, &r.document_title)}</strong>
                    <span class="muted">{r.released_by.clone()}{when}{stage}</span>
                </a>
                <span class=class>{state_word(l, r.state)}</span>
            </li>
        }
    });
    view! {
        <Title text=nav::releases(l) />
        <header class="head"><div><h1>{heading}</h1></div></header>
        {if empty {
            view! { <div class="card empty"><p>{w::empty(l)}</p></div> }.into_any()
        } else {
            view! { <ul class="card rows">{lines.collect_view()}</ul> }.into_any()
        }}
    }
}
