//! Who holds which version, who has looked, and a new link.

use super::api::{CreateShare, RevokeShare, list_shares};
use crate::components::{Refusal, page_of, shown_date, stored};
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::shares::{ShareList, ShareRow, ShareState};
use tomfolio_locales::{nav, share as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let create = ServerAction::<CreateShare>::new();
    let revoke = ServerAction::<RevokeShare>::new();
    let (created, revoked) = (stored(*create), stored(*revoke));
    let found = Resource::new(move || (created.get(), revoked.get()), |_| list_shares());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "customers", |(list, made), actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::Share));
                    view! { <List list=list made=made may=may create=create revoke=revoke /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(
    list: ShareList,
    made: Option<String>,
    may: bool,
    create: ServerAction<CreateShare>,
    revoke: ServerAction<RevokeShare>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused").is_some());
    let active = list.rows.iter().filter(|r| r.state == ShareState::Active).count();
    let heading = if list.rows.is_empty() { w::none_heading(l).to_owned() } else { w::active_n(l, active) };
    let empty = list.rows.is_empty();
    let rows = list.rows.iter().map(|r| row(r, may, revoke)).collect_view();
    let form =
        (may && !list.documents.is_empty()).then(|| view! { <NewShare list=list.clone() create=create /> });
    let unreleased = list.documents.is_empty();
    view! {
        <Title text=nav::customers(l) />
        <header class="head"><div><h1>{heading}</h1></div></header>
        {refused.then(|| view! { <p class="alert" role="alert">{w::refused(l)}</p> })}
        <Refusal of=Signal::derive(move || create.value().get().and_then(Result::err)) />
        {made.map(|address| view! {
            <section class="card pane notice" role="status" id="made">
                <h2>{w::made(l)}</h2>
                <p>{w::made_text(l)}</p>
                <p class="hash"><a href=address.clone()>{address.clone()}</a></p>
            </section>
        })}
        <div class="columns">
            <div class="main-column">
                {if empty {
                    view! { <div class="card empty"><p>{if unreleased { w::none_released(l) } else { w::none_text(l) }}</p></div> }.into_any()
                } else {
                    view! { <ul class="card rows">{rows}</ul> }.into_any()
                }}
            </div>
            <div class="right">{form}</div>
        </div>
    }
}

fn row(r: &ShareRow, may: bool, revoke: ServerAction<RevokeShare>) -> impl IntoView + use<> {
    let l = lang();
    let class = if r.state == ShareState::Active { "pill ok" } else { "pill" };
    let seen = match &r.last {
        Some(at) => w::seen(l, at, r.downloaded, r.opened),
        None => w::unseen(l).to_owned(),
    };
    let contract = (!r.contract.is_empty()).then(|| format!(" · {}", r.contract));
    let id = r.id.to_string();
    view! {
        <li>
            <span class="row-link">
                <strong>{r.customer.clone()}</strong>
                <span class="muted">{r.document_title.clone()}{contract}" · "{w::until(l, shown_date(l, r.until))}</span>
                <small class="muted">{seen}</small>
            </span>
            <span class="row-end">
                <span class=class>{w::word(l, r.state.as_str())}</span>
                {(may && r.state == ShareState::Active).then(|| view! {
                    <ActionForm action=revoke><input type="hidden" name="id" value=id /><button class="quiet small" type="submit">{w::revoke(l)}</button></ActionForm>
                })}
            </span>
        </li>
    }
}

#[component]
fn NewShare(list: ShareList, create: ServerAction<CreateShare>) -> impl IntoView {
    let l = lang();
    let documents = list
        .documents
        .iter()
        .map(|(id, title, _)| view! { <option value=id.to_string()>{title.clone()}</option> })
        .collect_view();
    let most = list.documents.iter().flat_map(|d| d.2.iter().copied()).max().unwrap_or(0);
    let until = list.today.saturating_add(jiff::Span::new().months(12));
    view! {
        <section class="card pane">
            <h2>{w::new(l)}</h2>
            <ActionForm action=create attr:class="form">
                <label for="document">{w::document(l)}</label>
                <select id="document" name="document">{documents}</select>
                <label for="customer">{w::customer(l)}</label>
                <input id="customer" name="customer" required maxlength="160" placeholder=w::customer_example(l) />
                <label for="contract">{w::contract(l)}</label>
                <input id="contract" name="contract" maxlength="160" placeholder=w::contract_example(l) />
                <label for="known">{w::known(l)}</label>
                <input id="known" name="known" type="number" min="0" max=most.to_string() value="0" />
                <label for="until">{w::until_label(l)}</label>
                <input id="until" name="until" type="date" required value=until.to_string() />
                <p class="small muted">{w::what_happens(l)}</p>
                <button class="primary" type="submit">{w::create(l)}</button>
            </ActionForm>
        </section>
    }
}
