//! One release: what changed, who releases it, how far its file is.

use super::api::{Release, find_release};
use super::{stage_word, state_word};
use crate::components::{change_line, page_of};
use crate::context::{every, lang};
use crate::error::AppError;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use std::time::Duration;
use tomfolio_domain::actor::Actor;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::releases::{ReleaseSheet, ReleaseState, Stage};
use tomfolio_locales::{nav, release as w};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let release = ServerAction::<Release>::new();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let tick = RwSignal::new(0u32);
    let found =
        Resource::new(move || (id(), release.version().get(), tick.get()), |(id, ..)| find_release(id));
    every(Duration::from_millis(1500), move || {
        let under_way = found.get_untracked().and_then(Result::ok).is_some_and(
            |p: crate::components::Page<ReleaseSheet>| {
                matches!(p.body.row.stage, Stage::Queued | Stage::Rendering | Stage::Sealing)
            },
        );
        if under_way {
            tick.update(|n| *n += 1);
        }
    });
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "releases", |s, actor| view! { <Sheet s=s actor=actor.clone() release=release /> })
            })}
        </Transition>
    }
}

#[component]
fn Sheet(s: ReleaseSheet, actor: Actor, release: ServerAction<Release>) -> impl IntoView {
    let l = lang();
    let r = s.row.clone();
    let may = actor.roles.iter().any(|x| allowed(*x, Action::Release))
        && !actor.roles.contains(&tomfolio_domain::actor::Role::Dpo);
    let refused = use_location().query.with_untracked(|q| q.get("refused").is_some());
    let heading = match r.state {
        ReleaseState::Ready => w::head_ready(l, r.number),
        ReleaseState::Released if r.stage == Stage::Done => w::head_done(l, r.number),
        ReleaseState::Released => w::head_working(l, r.number),
        ReleaseState::Superseded => w::head_superseded(l, r.number),
        ReleaseState::Draft => w::head_draft(l, r.number),
    };
    let sha = r.snapshot_sha256.clone().unwrap_or_default();
    let seen = sha.clone();
    let (id, number) = (r.id.to_string(), r.number);
    let form = (r.state == ReleaseState::Ready).then(|| {
        if may {
            view! {
                <section class="card pane" id="release">
                    <h2>{w::release_title(l)}</h2>
                    <p>{w::release_text(l)}</p>
                    {refused.then(|| view! { <p class="alert" role="alert">{w::refused(l)}</p> })}
                    {move || release.value().get().and_then(Result::err).map(|e| view! { <p class="alert" role="alert">{if e == AppError::Domain(DomainError::StepUp) { w::refused(l).to_owned() } else { e.sentence(l) }}</p> })}
                    <ActionForm action=release attr:class="form">
                        <input type="hidden" name="id" value=id />
                        <input type="hidden" name="seen" value=seen />
                        <label for="password">{w::password(l)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required />
                        <button class="primary" type="submit">{w::release(l, number)}</button>
                    </ActionForm>
                </section>
            }
            .into_any()
        } else {
            view! { <section class="card pane" id="release"><p>{w::management_only(l)}</p></section> }.into_any()
        }
    });
    let stages = [Stage::Queued, Stage::Rendering, Stage::Sealing, Stage::Done].into_iter().map(|step| {
        let at = |s: Stage| Stage::ALL.iter().position(|x| *x == s).unwrap_or(0);
        let class = if at(step) < at(r.stage) || r.stage == Stage::Done {
            "yes"
        } else if step == r.stage {
            "now"
        } else {
            "later"
        };
        view! { <li class=class>{stage_word(l, step)}</li> }
    });
    let file = matches!(r.state, ReleaseState::Released | ReleaseState::Superseded).then(|| {
        view! {
            <section class="card pane" id="file" role="status" data-stage=r.stage.as_str()>
                <h2>{w::file(l)}</h2>
                <ul class="checks">{stages.collect_view()}</ul>
                {(r.stage == Stage::Done).then(|| view! {
                    <p class="actions">
                        <a class="button primary" rel="external" download href=format!("/releases/{}/pdf", r.id)>{w::download(l)}</a>
                        <a class="button" rel="external" download href="/certificate.pem">{w::certificate(l)}</a>
                    </p>
                })}
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
    view! {
        <Title text=w::heading(l, r.number, &r.document_title) />
        <header class="head"><div>
            <p class="crumbs"><a href="/releases">{nav::releases(l)}</a>" / "<a href=format!("/documents/{}", r.document)>{r.document_title.clone()}</a></p>
            <h1>{heading}</h1>
            <p class="facts"><span class="pill">{state_word(l, r.state)}</span><span>{r.released_by.clone()}</span><span>{r.released_at.clone()}</span></p>
        </div></header>
        <div class="columns">
            <div class="main-column">
                <section class="card pane"><h2>{since}</h2><ul class="changes">{changes}</ul></section>
            </div>
            <div class="right">
                {form}
                {file}
                {(!sha.is_empty()).then(|| view! { <section class="card pane"><h2>{w::content(l)}</h2><p class="small hash">"SHA-256 "{sha.clone()}</p></section> })}
            </div>
        </div>
    }
}
