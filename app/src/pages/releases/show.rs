//! One release: what changed, who releases it, how far its file is.

use super::api::{Approve, Opine, Release, Withdraw, find_release};
use super::frozen::Frozen;
use super::state_word;
use crate::components::{Refusal, Stages, TextArea, change_line, page_of, stored, while_under_way};
use crate::context::lang;
use crate::error::{AppError, told};
use crate::pages::sessions::Provider;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::releases::{ReleaseSheet, ReleaseState, SignOffRow, Stage, Statement};
use tomfolio_locales::{nav, release as w};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let forms = Forms {
        opine: ServerAction::new(),
        approve: ServerAction::new(),
        release: ServerAction::new(),
        withdraw: ServerAction::new(),
    };
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let tick = RwSignal::new(0u32);
    let (opined, approved) = (stored(*forms.opine), stored(*forms.approve));
    let (released, withdrawn) = (stored(*forms.release), stored(*forms.withdraw));
    let found = Resource::new(
        move || (id(), opined.get() + approved.get(), released.get(), withdrawn.get(), tick.get()),
        |(id, ..)| find_release(id),
    );
    while_under_way(tick, move || found.with(|p| matches!(p, Some(Ok(p)) if p.body.row.stage.under_way())));
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "releases", |s, actor| view! { <Sheet s=s actor=actor.clone() forms=forms /> })
            })}
        </Transition>
    }
}

/// What can be done with a release.
#[derive(Clone, Copy)]
struct Forms {
    opine: ServerAction<Opine>,
    approve: ServerAction<Approve>,
    release: ServerAction<Release>,
    withdraw: ServerAction<Withdraw>,
}

#[component]
fn Sheet(s: ReleaseSheet, actor: Actor, forms: Forms) -> impl IntoView {
    let l = lang();
    let r = s.row.clone();
    let refused = use_location().query.with_untracked(|q| q.get("refused").unwrap_or_default());
    let heading = match r.state {
        ReleaseState::InReview if opinion(&s).is_some() => w::head_for_approval(l, r.number),
        ReleaseState::InReview => w::head_in_review(l, r.number),
        ReleaseState::Approved => w::head_approved(l, r.number),
        ReleaseState::Released if r.stage == Stage::Done => w::head_done(l, r.number),
        ReleaseState::Released if r.stage == Stage::Stamping => w::head_stamping(l, r.number),
        ReleaseState::Released if r.stage == Stage::Failed => w::head_failed(l, r.number),
        ReleaseState::Released => w::head_working(l, r.number),
        ReleaseState::Superseded => w::head_superseded(l, r.number),
        ReleaseState::Withdrawn => w::head_withdrawn(l, r.number),
        ReleaseState::Draft => w::head_draft(l, r.number),
    };
    let sha = r.snapshot_sha256.clone().unwrap_or_default();
    let made = matches!(r.state, ReleaseState::Released | ReleaseState::Superseded | ReleaseState::Withdrawn);
    let file = made.then(|| {
        view! {
            <section class="card pane" id="file" role="status" data-stage=r.stage.as_str()>
                <h2>{w::file(l)}</h2>
                <Stages stage=r.stage />
                {(r.stage == Stage::Done).then(|| view! {
                    <p class="actions">
                        <a class="button primary" rel="external" download href=format!("/releases/{}/pdf", r.id)>{w::download(l)}</a>
                        <a class="button" rel="external" download href="/certificate.pem">{w::certificate(l)}</a>
                    </p>
                })}
                {r.stamped.clone().map(|(at, by)| view! { <p class="small">{w::stamped(l, at, by)}</p> })}
                {r.pdf_sha256.clone().map(|h| view! { <p class="small muted hash">{w::file_hash(l, h)}</p> })}
            </section>
        }
    });
    let changes = s.changes.iter().map(change_line).collect_view();
    let since = match (s.previous, s.changes.is_empty()) {
        (None, _) => w::first(l).to_owned(),
        (Some(n), true) => w::no_changes(l, n),
        (Some(n), false) => w::changes_since(l, n),
    };
    let steps = steps(&s, &actor, forms, refused == "password");
    let signed = s.sign_offs.iter().map(|x| signed(x, &sha)).collect_view();
    let none_signed = s.sign_offs.is_empty();
    view! {
        <Title text=w::heading(l, r.number, &r.document_title) />
        <header class="head"><div>
            <p class="crumbs"><a href="/releases">{nav::releases(l)}</a>" / "<a href=format!("/documents/{}", r.document)>{r.document_title.clone()}</a></p>
            <h1>{heading}</h1>
            <p class="facts"><span class="pill">{state_word(l, r.state)}</span><span>{r.released_by.clone()}</span><span>{r.released_at.clone()}</span></p>
        </div></header>
        {(!refused.is_empty() && refused != "password").then(|| view! { <p class="alert" role="alert">{told(&refused, l)}</p> })}
        <Refusal of=Signal::derive(move || forms.opine.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.release.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.withdraw.value().get().and_then(Result::err)) />
        {(!s.withdrawn.is_empty()).then(|| view! { <section class="card pane notice"><h2>{w::withdrawn_because(l)}</h2><p class="diff">{s.withdrawn.clone()}</p></section> })}
        <div class="columns">
            <div class="main-column">
                <section class="card pane"><h2>{since}</h2><ul class="changes">{changes}</ul></section>
                {s.content.clone().map(|c| view! { <Frozen content=c open=s.previous.is_none() && !made /> })}
                <section class="card pane" id="sign-offs">
                    <h2>{w::sign_offs(l)}</h2>
                    {none_signed.then(|| view! { <p class="muted small">{w::none_signed(l)}</p> })}
                    {s.prepared_by.clone().map(|name| view! { <p class="small muted">{w::prepared_by(l, name)}</p> })}
                    <ul class="checks">{signed}</ul>
                </section>
            </div>
            <div class="right">
                {steps}
                {file}
                {(!sha.is_empty()).then(|| view! { <section class="card pane"><h2>{w::content(l)}</h2><p class="small hash">"SHA-256 "{sha.clone()}</p></section> })}
            </div>
        </div>
    }
}

/// A sign-off; what a later change made void is told, not hidden.
fn signed(s: &SignOffRow, shown: &str) -> impl IntoView + use<> {
    let l = lang();
    let void = s.voided_at.clone();
    let same = s.sha256 == shown;
    let class = match (&void, s.statement) {
        (Some(_), _) => "later",
        (None, Statement::Dissents) => "no",
        (None, _) => "yes",
    };
    let head = format!("{}: {}, {}", w::word(l, s.statement.as_str()), s.name, s.at);
    let hash: String = s.sha256.chars().take(16).collect();
    view! {
        <li class=class>
            {if void.is_some() { view! { <s>{head}</s> }.into_any() } else { view! { <span>{head}</span> }.into_any() }}
            {(!s.note.is_empty()).then(|| view! { <p class="small diff">{s.note.clone()}</p> })}
            <p class="small muted hash">{w::signed_hash(l, hash)}{same.then(|| format!(" · {}", w::signed_same(l)))}</p>
            {void.map(|at| view! { <p class="small no">{w::void(l, at)}</p> })}
        </li>
    }
}

/// The opinion that counts now.
fn opinion(s: &ReleaseSheet) -> Option<&SignOffRow> {
    let counts = |x: &&SignOffRow| {
        x.voided_at.is_none() && matches!(x.statement, Statement::Agrees | Statement::Dissents)
    };
    s.sign_offs.iter().find(counts)
}

/// Whose turn it is, and the form for it.
fn steps(s: &ReleaseSheet, actor: &Actor, forms: Forms, wrong_password: bool) -> AnyView {
    let l = lang();
    let can = |a| actor.roles.iter().any(|x| allowed(*x, a));
    let management = can(Action::Approve) && !actor.roles.contains(&Role::Dpo);
    let (id, number) = (s.row.id.to_string(), s.row.number);
    let seen = s.row.snapshot_sha256.clone().unwrap_or_default();
    let said = opinion(s).cloned();
    let elsewhere = format!("prove=1&next=/releases/{id}");
    let proved = use_location().query.with_untracked(|q| q.get("proved").is_some()) && !wrong_password;
    let opinion = said.is_some();
    match s.row.state {
        ReleaseState::InReview if can(Action::Opine) => view! {
            <section class="card pane" id="opine">
                <h2>{w::opine_title(l)}</h2>
                <p class="small">{w::opine_text(l)}</p>
                <ActionForm action=forms.opine attr:class="form">
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="seen" value=seen />
                    <label class="choice"><input type="radio" name="opinion" value="agrees" required />{w::agree_choice(l)}</label>
                    <label class="choice"><input type="radio" name="opinion" value="dissents" />{w::dissent_choice(l)}</label>
                    <label for="note">{w::opine_note(l)}</label>
                    <TextArea id="note" name="note" rows=3 longest=4000 value=String::new() />
                    <button class="primary" type="submit">{w::opine(l)}</button>
                </ActionForm>
                {opinion.then(|| view! { <p class="small muted under">{w::management_next(l)}</p> })}
            </section>
        }
        .into_any(),
        ReleaseState::InReview if management && s.own => {
            view! { <section class="card pane"><p>{w::own_release(l)}</p></section> }.into_any()
        }
        ReleaseState::InReview if management && !opinion => {
            view! { <section class="card pane"><p>{w::waits_for_opinion(l)}</p></section> }.into_any()
        }
        ReleaseState::InReview if management => view! {
            <section class="card pane" id="approve">
                <h2>{w::approve_title(l)}</h2>
                {said.filter(|o| o.statement == Statement::Dissents).map(|o| view! { <p class="alert">{w::dissent_stands(l, o.name)}" "{o.note}</p> })}
                <p class="small">{w::approve_text(l)}</p>
                {wrong_password.then(|| view! { <p class="alert" role="alert">{w::refused(l)}</p> })}
                {move || forms.approve.value().get().and_then(Result::err).map(|e| view! { <p class="alert" role="alert">{if e == AppError::Domain(DomainError::StepUp) { w::refused(l).to_owned() } else { e.sentence(l) }}</p> })}
                <ActionForm action=forms.approve attr:class="form">
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="seen" value=seen />
                    {(!proved).then(|| view! {
                        <label for="password">{w::password(l)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required />
                    })}
                    <button class="primary" type="submit">{w::approve(l, number)}</button>
                </ActionForm>
                {(!proved).then(|| view! { <Provider prove=true query=elsewhere.clone() /> })}
            </section>
        }
        .into_any(),
        ReleaseState::Approved if management => view! {
            <section class="card pane" id="release">
                <h2>{w::release_title(l)}</h2>
                <p class="small">{w::release_text(l)}</p>
                <ActionForm action=forms.release attr:class="form">
                    <input type="hidden" name="id" value=id />
                    <button class="primary" type="submit">{w::release(l, number)}</button>
                </ActionForm>
            </section>
        }
        .into_any(),
        ReleaseState::InReview | ReleaseState::Approved => {
            view! { <section class="card pane"><p>{w::management_only(l)}</p></section> }.into_any()
        }
        ReleaseState::Released if management => view! {
            <details class="card pane more" id="withdraw">
                <summary>{w::withdraw(l)}</summary>
                <p class="small">{w::withdraw_text(l)}</p>
                <ActionForm action=forms.withdraw attr:class="form">
                    <input type="hidden" name="id" value=id />
                    <label for="withdraw-reason">{w::withdraw_reason(l)}</label>
                    <TextArea id="withdraw-reason" name="reason" rows=3 required=true shortest=20 longest=4000 value=String::new() />
                    <button class="danger" type="submit">{w::withdraw(l)}</button>
                </ActionForm>
            </details>
        }
        .into_any(),
        ReleaseState::Draft | ReleaseState::Released | ReleaseState::Superseded | ReleaseState::Withdrawn => {
            ().into_any()
        }
    }
}
