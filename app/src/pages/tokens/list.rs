//! All tokens, a new one, and where the interface is described.

use super::api::{CreateToken, RevokeToken, TokenPage, list_tokens};
use crate::components::{Fresh, Refusal, page_of, shown_date, stored};
use crate::context::lang;
use crate::error::told;
use crate::pages::sessions::{Prove, ProveForm};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::tokens::TokenRow;
use tomfolio_locales::{nav, token as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let create = ServerAction::<CreateToken>::new();
    let revoke = ServerAction::<RevokeToken>::new();
    let prove = ServerAction::<Prove>::new();
    let (created, revoked, proved) = (stored(*create), stored(*revoke), stored(*prove));
    let done = move || (created.get(), revoked.get(), proved.get());
    let found = Resource::new(done, |_| list_tokens());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "tokens", |page, actor| {
                    let admin = actor.roles.iter().any(|r| allowed(*r, Action::ManageTokens));
                    view! { <List page=page admin=admin create=create revoke=revoke prove=prove /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(
    page: TokenPage,
    admin: bool,
    create: ServerAction<CreateToken>,
    revoke: ServerAction<RevokeToken>,
    prove: ServerAction<Prove>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused"));
    let wrong = refused.as_deref() == Some("step_up");
    let may = admin && page.proved;
    let count = page.list.rows.len();
    let active = page.list.rows.iter().filter(|r| r.active).count();
    let heading = if count == 0 { w::none_heading(l).to_owned() } else { w::active_n(l, active) };
    let rows = page.list.rows.iter().map(|r| row(r, may, revoke)).collect_view();
    let until = page.list.today.saturating_add(jiff::Span::new().months(6)).to_string();
    let side = match (admin, may) {
        (true, true) => {
            view! { <Fresh key=count.to_string()><NewToken until=until.clone() create=create /></Fresh> }
                .into_any()
        }
        (true, false) => view! { <ProveForm action=prove next="/tokens" wrong=wrong /> }.into_any(),
        (false, _) => ().into_any(),
    };
    view! {
        <Title text=nav::tokens(l) />
        <header class="head"><div>
            <h1>{heading}</h1>
            <p class="muted small">{w::intro(l)}" "<a rel="external" href="/api/v1/openapi.json">"OpenAPI"</a></p>
        </div></header>
        {refused.filter(|_| !wrong).map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
        <Refusal of=Signal::derive(move || create.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || revoke.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || prove.value().get().and_then(Result::err)) />
        {page.made.map(|secret| view! {
            <section class="card pane notice" role="status" id="made">
                <h2>{w::made(l)}</h2>
                <p>{w::made_text(l)}</p>
                <p class="hash"><code>{secret}</code></p>
            </section>
        })}
        <div class="columns">
            <div class="main-column">
                {if count == 0 {
                    view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
                } else {
                    view! { <ul class="card rows">{rows}</ul> }.into_any()
                }}
            </div>
            <div class="right">{side}</div>
        </div>
    }
}

fn row(r: &TokenRow, may: bool, revoke: ServerAction<RevokeToken>) -> impl IntoView + use<> {
    let l = lang();
    let (class, state) = if r.active { ("pill ok", w::active(l)) } else { ("pill", w::ended(l)) };
    let used = r.last_used.clone().map_or_else(|| w::unused(l).to_owned(), |at| w::used(l, at));
    let id = r.id.to_string();
    view! {
        <li>
            <span class="row-link">
                <strong>{r.name.clone()}</strong>
                <span class="muted">{w::line(l, r.created_by.clone(), shown_date(l, r.until))}</span>
                <small class="muted">{used}</small>
            </span>
            <span class="row-end">
                <span class=class>{state}</span>
                {(may && r.active).then(|| view! {
                    <ActionForm action=revoke><input type="hidden" name="id" value=id /><button class="quiet small" type="submit">{w::revoke(l)}</button></ActionForm>
                })}
            </span>
        </li>
    }
}

#[component]
fn NewToken(until: String, create: ServerAction<CreateToken>) -> impl IntoView {
    let l = lang();
    view! {
        <section class="card pane">
            <h2>{w::new(l)}</h2>
            <ActionForm action=create attr:class="form">
                <label for="name">{w::name(l)}</label>
                <input id="name" name="name" required maxlength="120" autocomplete="off" placeholder=w::example(l) />
                <label for="until">{w::until(l)}</label>
                <input id="until" name="until" type="date" required value=until />
                <p class="small muted">{w::what_happens(l)}</p>
                <button class="primary" type="submit">{w::create(l)}</button>
            </ActionForm>
        </section>
    }
}
