//! All sub-processors of the organisation, with what is missing before they may be relied on.

use super::api::list_subprocessors;
use crate::components::{page_of, shown_date};
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::subprocessors::{SubprocessorList, SubprocessorRow, SubprocessorState};
use tomfolio_locales::{nav, subprocessor as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let found = Resource::new(|| (), |()| list_subprocessors());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "subprocessors", |s, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditSubprocessor));
                    view! { <List s=s may=may /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(s: SubprocessorList, may: bool) -> impl IntoView {
    let l = lang();
    let open = |r: &&SubprocessorRow| r.facts.state != SubprocessorState::Ended;
    let lacking = s.rows.iter().filter(open).filter(|r| !r.facts.missing().is_empty()).count();
    let heading = match (s.rows.len(), lacking) {
        (0, _) => w::none_heading(l).to_owned(),
        (n, 0) => w::all_fine(l, n),
        (_, n) => w::some_lack(l, n),
    };
    let empty = s.rows.is_empty();
    let rows = s.rows.into_iter().map(|r| line(r, may)).collect_view();
    view! {
        <Title text=nav::subprocessors(l) />
        <header class="head">
            <div><h1>{heading}</h1><p class="muted">{w::lead(l)}</p></div>
            {may.then(|| view! { <a class="button primary" href="/subprocessors/new">{w::add(l)}</a> })}
        </header>
        {if empty {
            view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
        } else {
            view! { <ul class="card rows">{rows}</ul> }.into_any()
        }}
    }
}

fn line(r: SubprocessorRow, may: bool) -> impl IntoView {
    let l = lang();
    let f = &r.facts;
    let name = if may {
        view! { <a href=format!("/subprocessors/{}", r.id)><strong>{f.name.clone()}</strong></a> }.into_any()
    } else {
        view! { <strong>{f.name.clone()}</strong> }.into_any()
    };
    let lacks: Vec<&str> = f.missing().into_iter().map(|m| w::word(l, m.as_str())).collect();
    let lacking = !lacks.is_empty() && f.state != SubprocessorState::Ended;
    let lacks = lacking.then(|| view! { <span class="mark warn">{w::lacks(l, lacks.join(", "))}</span> });
    let audit = f.next_audit.map(|d| w::next_audit_on(l, shown_date(l, d)));
    let about = [f.service.as_str(), f.locations.as_str()];
    let about = about.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    let relying = r
        .measures
        .iter()
        .map(|m| view! { <li><a href=format!("/measures/{}", m.measure)>{m.heading.clone()}</a>" "<span class="muted">{m.document_title.clone()}</span></li> })
        .collect_view();
    let count = r.measures.len();
    view! {
        <li id=r.id.to_string()>
            <div class="row-link">
                {name}
                <span class="muted">{about}</span>
                {(!f.transfer.is_empty()).then(|| view! { <span class="small">{w::transfer_by(l, &f.transfer)}</span> })}
                {(count > 0).then(|| view! { <details class="small"><summary>{w::relying(l, count)}</summary><ul>{relying}</ul></details> })}
            </div>
            <span class="row-end"><span class="pill">{w::word(l, f.state.as_str())}</span>{lacks}<small class="muted">{audit}</small></span>
        </li>
    }
}
