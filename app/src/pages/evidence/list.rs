//! All evidence of the organisation, what ends first above.

use super::api::list_evidence;
use crate::components::{FreshnessMark, page_of, shown_date};
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use tomfolio_domain::evidence::{EvidenceRow, Freshness};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{evidence as w, nav};

#[component]
pub fn ListPage() -> impl IntoView {
    let found = Resource::new(|| (), |()| list_evidence());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "evidence", |rows, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditEvidence));
                    view! { <List rows=rows may=may /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(rows: Vec<EvidenceRow>, may: bool) -> impl IntoView {
    let l = lang();
    let count = |f: Freshness| rows.iter().filter(|r| r.freshness == f).count();
    let (expired, ending) = (count(Freshness::Expired), count(Freshness::Ending));
    let heading = match (rows.len(), expired, ending) {
        (0, ..) => w::none_heading(l).to_owned(),
        (_, 0, 0) => w::all_hold(l, rows.len()),
        (_, 0, ending) => w::some_end(l, ending),
        (_, expired, _) => w::some_expired(l, expired),
    };
    let empty = rows.is_empty();
    let lines = rows.into_iter().map(|r| {
        let until = r.valid_until.map(|d| w::until(l, shown_date(l, d)));
        view! {
            <li>
                <a class="row-link" href=format!("/evidence/{}", r.id)>
                    <strong>{r.title}</strong>
                    <span class="muted">{w::word(l, r.kind.as_str())}" · "{r.issuer}" · "{w::proves_n(l, r.measures)}</span>
                </a>
                <span class="row-end"><FreshnessMark freshness=Some(r.freshness) /><small class="muted">{until}</small></span>
            </li>
        }
    });
    view! {
        <Title text=nav::evidence(l) />
        <header class="head">
            <div><h1>{heading}</h1></div>
            {may.then(|| view! { <a class="button primary" href="/evidence/new">{w::add(l)}</a> })}
        </header>
        {if empty {
            view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
        } else {
            view! { <ul class="card rows">{lines.collect_view()}</ul> }.into_any()
        }}
    }
}
