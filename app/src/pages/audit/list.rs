//! The log, newest first, with its filter. A plain GET form: a filtered log has an address.

use super::api::read_log;
use crate::components::page_of;
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::audit::{EntryRow, Filter, Log};
use tomfolio_locales::{Lang, audit as w, nav};

/// An action in words; one that has none yet as it is stored.
fn action_word(l: Lang, action: &str) -> String {
    match w::word(l, &action.replace('/', "_")) {
        "?" => action.to_owned(),
        word => word.to_owned(),
    }
}

#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_location().query;
    let asked = move || {
        let q = query.get();
        let field = |name: &str| q.get(name).unwrap_or_default();
        Filter {
            actor: field("actor"),
            action: field("action"),
            object: field("object"),
            before: field("before").parse().ok(),
        }
    };
    let found = Resource::new(asked, read_log);
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { page_of(found.await, "audit", |log, _| view! { <Show log=log /> }) })}
        </Suspense>
    }
}

#[component]
fn Show(log: Log) -> impl IntoView {
    let l = lang();
    let f = log.filter.clone();
    let people = log
        .people
        .iter()
        .map(|(id, name)| view! { <option value=id.clone() selected=*id == f.actor>{name.clone()}</option> })
        .collect_view();
    let actions = log
        .actions
        .iter()
        .map(|a| view! { <option value=a.clone() selected=*a == f.action>{action_word(l, a)}</option> })
        .collect_view();
    let empty = log.rows.is_empty();
    let rows = log.rows.iter().map(|r| row(l, r)).collect_view();
    let next = log.next.map(|before| {
        let href = format!(
            "/audit?actor={}&action={}&object={}&before={before}",
            f.actor,
            f.action.replace('/', "%2F"),
            f.object
        );
        view! { <p class="actions under"><a class="button" href=href>{w::older(l)}</a></p> }
    });
    view! {
        <Title text=nav::audit(l) />
        <header class="head"><div><h1>{w::heading(l)}</h1><p class="muted small">{w::intro(l)}</p></div></header>
        <form class="card pane filter" action="/audit" method="get" id="filter">
            <label>{w::who(l)}<select name="actor"><option value="">{w::everybody(l)}</option>{people}</select></label>
            <label>{w::action(l)}<select name="action"><option value="">{w::everything(l)}</option>{actions}</select></label>
            <label>{w::object(l)}<input name="object" value=f.object.clone() maxlength="60" autocomplete="off" /></label>
            <button type="submit">{w::show(l)}</button>
        </form>
        {if empty {
            view! { <div class="card empty"><p>{w::none(l)}</p></div> }.into_any()
        } else {
            view! {
                <div class="card strip" tabindex="0" role="region" aria-label=w::heading(l)>
                    <table class="table log">
                        <thead><tr><th>"Nr."</th><th>{w::at(l)}</th><th>{w::who(l)}</th><th>{w::action(l)}</th><th>{w::object(l)}</th><th>{w::details(l)}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }.into_any()
        }}
        {next}
    }
}

fn row(l: Lang, r: &EntryRow) -> impl IntoView + use<> {
    let fields = r.fields.iter().map(|(k, v)| format!("{k} = {v}")).collect::<Vec<_>>().join(", ");
    let who = if r.who.is_empty() { w::machine(l).to_owned() } else { r.who.clone() };
    view! {
        <tr>
            <td class="number">{r.seq}</td>
            <td>{r.at.clone()}</td>
            <td>{who}</td>
            <td>{action_word(l, &r.action)}</td>
            <td class="hash small">{r.object.clone()}</td>
            <td class="hash small">{fields}</td>
        </tr>
    }
}
