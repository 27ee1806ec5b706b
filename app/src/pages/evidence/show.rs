//! One evidence: its versions with their hashes, what it proves, and who may see it.

use super::api::{EditEvidence, Link, Unlink, find_evidence};
use super::new::refusal;
use super::upload::{FactFields, UploadForm, VersionFields};
use crate::components::{FreshnessMark, Refusal, page_of, shown_date, stored};
use crate::context::{kept, lang};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::evidence::{EvidenceSheet, Proved, Version};
use tomfolio_domain::ids::EvidenceId;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{evidence as w, nav};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let edit = ServerAction::<EditEvidence>::new();
    let link = ServerAction::<Link>::new();
    let unlink = ServerAction::<Unlink>::new();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let (edited, linked, unlinked) = (stored(*edit), stored(*link), stored(*unlink));
    let found = Resource::new(
        move || (id(), edited.get(), linked.get(), unlinked.get()),
        |(id, ..)| find_evidence(id),
    );
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "evidence", |s, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditEvidence));
                    view! { <Sheet s=s may=may edit=edit link=link unlink=unlink /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn Sheet(
    s: EvidenceSheet,
    may: bool,
    edit: ServerAction<EditEvidence>,
    link: ServerAction<Link>,
    unlink: ServerAction<Unlink>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused").unwrap_or_default());
    let (id, facts) = (s.id, s.facts.clone());
    let versions = s.versions.iter().map(|v| version(id, v)).collect_view();
    let proves = s.proves.iter().map(|p| proved(id, p, may, unlink)).collect_view();
    let candidates = s
        .candidates
        .iter()
        .map(|(m, name)| view! { <option value=m.to_string()>{name.clone()}</option> })
        .collect_view();
    let unproved = s.proves.is_empty();
    let linkable = may && !s.candidates.is_empty();
    view! {
        <Title text=facts.title.clone() />
        <header class="head"><div>
            <p class="crumbs"><a href="/evidence">{nav::evidence(l)}</a></p>
            <h1>{facts.title.clone()}</h1>
            <p class="facts"><FreshnessMark freshness=Some(s.freshness) /><span>{w::word(l, facts.kind.as_str())}</span><span>{w::word(l, facts.audience.as_str())}</span></p>
            <p>{facts.proves.clone()}</p>
        </div></header>
        {refusal(l, &refused).map(|m| view! { <p class="alert" role="alert">{m}</p> })}
        <Refusal of=Signal::derive(move || edit.value().get().and_then(Result::err)) />
        <div class="columns">
            <div class="main-column">
                <section class="card"><h2 class="pane-head">{w::versions(l)}</h2><ul class="rows">{versions}</ul></section>
                {may.then(|| view! {
                    <details class="card pane more" open=!refused.is_empty()>
                        <summary>{w::new_version(l)}</summary>
                        <UploadForm action=format!("/evidence/{id}/versions") submit=w::add_version(l)><VersionFields /></UploadForm>
                    </details>
                })}
            </div>
            <div class="right">
                <section class="card pane">
                    <h2>{w::what(l)}</h2>
                    {unproved.then(|| view! { <p class="muted small">{w::proves_nothing(l)}</p> })}
                    <ul class="checks">{proves}</ul>
                    {linkable.then(|| view! {
                        <ActionForm action=link attr:class="form">
                            <input type="hidden" name="id" value=id.to_string() />
                            <label for="measure">{w::link(l)}</label>
                            <select id="measure" name="measure">{candidates}</select>
                            <button type="submit">{w::link_submit(l)}</button>
                        </ActionForm>
                    })}
                </section>
                {may.then(|| view! {
                    <details class="card pane more" open=kept("proves").is_some()>
                        <summary>{w::edit(l)}</summary>
                        <ActionForm action=edit attr:class="form">
                            <input type="hidden" name="id" value=id.to_string() />
                            <FactFields title=facts.title.clone() kind=Some(facts.kind) proves=facts.proves.clone() audience=facts.audience />
                            <button type="submit">{w::save(l)}</button>
                        </ActionForm>
                    </details>
                })}
            </div>
        </div>
    }
}

fn version(id: EvidenceId, v: &Version) -> impl IntoView + use<> {
    let l = lang();
    let holds = match v.valid_until {
        Some(until) => w::until(l, shown_date(l, until)),
        None => v.undated_reason.clone(),
    };
    view! {
        <li>
            <span class="row-link">
                <strong>{w::version(l, v.number)}" · "{v.file_name.clone()}</strong>
                <span class="muted">{v.issuer.clone()}" · "{holds}" · "{size(v.size)}" · "{v.uploaded_by.clone()}", "{v.uploaded_at.clone()}</span>
                <small class="muted hash">"SHA-256 "{v.sha256.clone()}</small>
            </span>
            <a class="button" rel="external" download href=format!("/evidence/{id}/files/{}", v.number)>{w::download(l)}</a>
        </li>
    }
}

fn proved(id: EvidenceId, p: &Proved, may: bool, unlink: ServerAction<Unlink>) -> impl IntoView + use<> {
    let l = lang();
    let measure = p.measure.to_string();
    let code = p.code.clone().unwrap_or_default();
    let remove = may.then(|| {
        let measure = measure.clone();
        view! {
            <ActionForm action=unlink>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="measure" value=measure />
                <button class="quiet small" type="submit">{w::unlink(l)}</button>
            </ActionForm>
        }
    });
    view! { <li class="yes"><a href=format!("/measures/{measure}")>{code}" "{p.heading.clone()}</a><small class="muted">" "{p.document_title.clone()}</small>{remove}</li> }
}

/// A size for people: 318 KB, 1,2 MB.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
