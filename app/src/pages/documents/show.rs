//! How one document stands: every measure as a line, and what is still between it and its release.

use super::api::{Confirm, EditDocument, Prepare, find_document};
use super::nodes::{Forms, section};
use super::settings::Settings;
use super::undo::LastStepBar;
use crate::components::{Refusal, page_of, scope_word, status_word, stored};
use crate::context::lang;
use crate::error::told;
use crate::pages::measures::EditMany;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::documents::{Blocker, DocumentSheet, NodeView, measures};
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{PLANS, Status};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{document as w, error, goal, measure as m, nav};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let confirm = ServerAction::<Confirm>::new();
    let prepare = ServerAction::<Prepare>::new();
    let settings = ServerAction::<EditDocument>::new();
    let bulk = ServerAction::<EditMany>::new();
    let forms = Forms::new(confirm);
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let (set, node) = (stored(*settings), stored(*forms.node));
    let (changed, undone) = (stored(*bulk), stored(*forms.undo));
    let placed = stored(*forms.place);
    let (confirmed, prepared) = (stored(*confirm), stored(*prepare));
    let found = Resource::new(
        move || {
            (
                id(),
                confirmed.get(),
                prepared.get(),
                set.get() + node.get() + changed.get() + undone.get() + placed.get(),
            )
        },
        |(id, ..)| find_document(id),
    );
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |d, actor| view! { <Sheet d=d actor=actor.clone() forms=forms prepare=prepare settings=settings bulk=bulk /> })
            })}
        </Suspense>
    }
}

/// What the signed-in person may do here.
#[derive(Clone, Copy)]
pub struct May {
    pub edit: bool,
    pub confirm: bool,
    prepare: bool,
}

#[component]
fn Sheet(
    d: DocumentSheet,
    actor: Actor,
    forms: Forms,
    prepare: ServerAction<Prepare>,
    settings: ServerAction<EditDocument>,
    bulk: ServerAction<EditMany>,
) -> impl IntoView {
    let l = lang();
    let can = |a| actor.roles.iter().any(|r| allowed(*r, a));
    let may = May {
        edit: can(Action::EditMeasure),
        confirm: can(Action::ConfirmMeasures),
        prepare: can(Action::PrepareRelease),
    };
    let all = measures(&d.nodes).len();
    let count = |s: Status| {
        measures(&d.nodes).iter().filter(|n| n.measure.as_ref().is_some_and(|m| m.status == s)).count()
    };
    let counts: Vec<(Status, usize)> =
        Status::ALL.into_iter().map(|s| (s, count(s))).filter(|(_, n)| *n > 0).collect();
    let filter =
        use_location().query.with_untracked(|q| q.get("status")).and_then(|s| s.parse::<Status>().ok());
    let scheme = match d.scheme {
        Scheme::Nine => w::scheme_nine(l),
        Scheme::Abcd => w::scheme_abcd(l),
    };
    let release = d.released.as_ref().map_or_else(
        || d.withdrawn.map_or_else(|| w::never_released(l).to_owned(), |n| w::withdrawn(l, n)),
        |r| w::in_force(l, r.number, r.released_at.clone().unwrap_or_default()),
    );
    let id = d.id;
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| match why.as_str() {
        "title" => error::missing(l, error::field_title(l)),
        "heading" => w::heading_refused(l).to_owned(),
        "stale" => error::stale(l).to_owned(),
        "owner" => error::missing(l, error::field_owner(l)),
        why => told(why, l),
    });
    let chips = counts.iter().map(|(s, n)| {
        let current = (filter == Some(*s)).then_some("true");
        view! { <a class="chip" aria-current=current href=format!("/documents/{id}?status={s}")>{n.to_string()}" "{status_word(l, *s)}</a> }
    });
    let nodes = d.nodes.iter().map(|n| section(n, id, may, filter, forms)).collect_view();
    let ready = d.draft.state.waits();
    let blocked = !d.blockers.is_empty();
    view! {
        <Title text=d.title.clone() />
        <header class="head">
            <div>
                <p class="crumbs"><a href="/documents">{nav::documents(l)}</a>" / "{w::draft_n(l, d.draft.number)}</p>
                <h1>{d.title.clone()}</h1>
                <p class="muted">{scheme}" · "{release}</p>
            </div>
            <div class="actions">
                <a class="button" href=format!("/documents/{id}/hints")>{w::hints(l)}</a>
                <a class="button" href=format!("/documents/{id}/promises")>{w::promises(l)}</a>
                <a class="button" href=format!("/documents/{id}/coverage")>{w::coverage(l)}</a>
                <a class="button" href=format!("/documents/{id}/description")>{tomfolio_locales::description::short(l)}</a>
                <a class="button" href=format!("/documents/{id}/markdown") rel="external" download>{w::export(l)}</a>
                {if ready {
                    view! { <a class="button primary" href=format!("/releases/{}", d.draft.id)>{w::to_release(l)}</a> }.into_any()
                } else {
                    (may.prepare && !blocked).then(|| view! {
                        <ActionForm action=prepare>
                            <input type="hidden" name="document" value=id.to_string() />
                            <button class="primary" type="submit">{w::prepare(l)}</button>
                        </ActionForm>
                    }).into_any()
                }}
            </div>
        </header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || forms.confirm.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.node.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || settings.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || bulk.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.undo.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.place.value().get().and_then(Result::err)) />
        {may.edit.then(|| view! { <LastStepBar last=d.last.clone() document=id undo=forms.undo /> })}
        <Refusal of=Signal::derive(move || prepare.value().get().and_then(Result::err)) />
        <div class="columns">
            <div class="main-column">
                <p class="chips">
                    <a class="chip" aria-current=filter.is_none().then_some("true") href=format!("/documents/{id}")>{w::all(l, all)}</a>
                    {chips.collect_view()}
                </p>
                <div class="card paper">{nodes}</div>
            </div>
            <div class="right">
                <Until blockers=d.blockers.clone() ready=ready document=id may=may confirm=forms.confirm />
                <Unsaved of=d.unsaved.clone() nodes=d.nodes.clone() />
                {(all > 0).then(|| view! {
                    <section class="card pane">
                        <h2>{w::implementation(l)}</h2>
                        <Bar counts=counts.clone() all=all />
                    </section>
                })}
                {may.edit.then(|| view! { <Bulk document=id action=bulk /> })}
                <Settings d=d.clone() may=may.edit action=settings />
            </div>
        </div>
    }
}

/// Blockers that are listed one by one.
const SHOWN: usize = 8;

/// Share of each status, as a bar and in words.
#[component]
fn Bar(counts: Vec<(Status, usize)>, all: usize) -> impl IntoView {
    let l = lang();
    let mut at = 0.0;
    let bars = counts
        .iter()
        .map(|(s, n)| {
            let width = *n as f64 * 100.0 / all.max(1) as f64;
            let x = at;
            at += width;
            let class = match s {
                Status::Implemented => "bar-ok",
                Status::PartiallyImplemented | Status::InProgress | Status::ToConfirm | Status::AcceptedGap => "bar-warn",
                Status::Planned | Status::NotApplicable | Status::Retired | Status::CustomerDuty => "bar-muted",
            };
            view! { <rect class=class x=format!("{x:.2}%") y="0" width=format!("{:.2}%", (width - 0.6).max(0.4)) height="9"></rect> }
        })
        .collect_view();
    let words =
        counts.iter().map(|(s, n)| format!("{n} {}", status_word(l, *s))).collect::<Vec<_>>().join(" · ");
    view! {
        <svg class="bar" width="100%" height="9" aria-hidden="true">{bars}</svg>
        <p class="small">{words}</p>
    }
}

/// The same change of all measures that are ticked in the list.
#[component]
fn Bulk(document: DocumentId, action: ServerAction<EditMany>) -> impl IntoView {
    let l = lang();
    let statuses = Status::ALL
        .into_iter()
        .filter(|s| !matches!(s, Status::ToConfirm | Status::Retired | Status::AcceptedGap))
        .map(|s| view! { <option value=s.as_str()>{status_word(l, s)}</option> })
        .collect::<Vec<_>>();
    let scopes = Scope::ALL
        .into_iter()
        .map(|s| view! { <option value=s.as_str()>{scope_word(l, s)}</option> })
        .collect::<Vec<_>>();
    let goals = GoalKey::ALL
        .into_iter()
        .map(|g| view! { <option value=g.as_str()>{goal::word(l, g.as_str())}</option> })
        .collect::<Vec<_>>();
    let plans = PLANS
        .into_iter()
        .map(|n| view! { <option value=n.to_string()>{m::plan_months(l, n)}</option> })
        .collect::<Vec<_>>();
    view! {
        <section class="card pane" id="several">
            <h2>{w::bulk(l)}</h2>
            <p class="small muted">{w::bulk_means(l)}</p>
            <ActionForm action=action attr:class="form" attr:id="bulk">
                <input type="hidden" name="document" value=document.to_string() />
                <label>{m::status(l)}<select name="status"><option value="">{w::bulk_keep(l)}</option>{statuses}</select></label>
                <label>{m::owner(l)}<input name="owner" maxlength="120" placeholder=w::bulk_keep(l) /></label>
                <label>{m::scope(l)}<select name="scope"><option value="">{w::bulk_keep(l)}</option>{scopes}</select></label>
                <label>{m::goal(l)}<select name="goal"><option value="">{w::bulk_keep(l)}</option>{goals}</select></label>
                <label>{m::plan(l)}<select name="plan"><option value="">{w::bulk_keep(l)}</option>{plans}<option value="0">{m::plan_none(l)}</option></select></label>
                <label>{w::bulk_reason(l)}<input name="reason" maxlength="500" /></label>
                <button type="submit">{w::bulk_submit(l)}</button>
            </ActionForm>
        </section>
    }
}

/// What this person typed and did not save: a release does not hold it.
#[component]
fn Unsaved(of: Vec<MeasureId>, nodes: Vec<NodeView>) -> impl IntoView {
    let l = lang();
    let none = of.is_empty();
    let all = measures(&nodes);
    let lines = all.iter().filter_map(|n| n.measure.as_ref().map(|m| (n, m)));
    let lines = lines.filter(|(_, m)| of.contains(&m.id)).map(|(n, m)| {
        let name = format!("{} {}", n.code.as_deref().unwrap_or_default(), m.heading());
        view! { <li class="now"><a href=format!("/measures/{}", m.id)>{name}</a></li> }
    });
    let lines = lines.collect::<Vec<_>>();
    (!none).then(|| {
        view! {
            <section class="card pane" id="unsaved">
                <h2>{w::unsaved(l)}</h2>
                <p class="small">{w::unsaved_text(l)}</p>
                <ul class="checks">{lines}</ul>
            </section>
        }
    })
}

#[component]
fn Until(
    blockers: Vec<Blocker>,
    ready: bool,
    document: DocumentId,
    may: May,
    confirm: ServerAction<Confirm>,
) -> impl IntoView {
    let l = lang();
    let to_confirm = blockers.iter().filter(|b| matches!(b, Blocker::ToConfirm { .. })).count();
    let others = blockers.len() - to_confirm;
    let rest: Vec<Blocker> =
        blockers.iter().filter(|b| !matches!(b, Blocker::ToConfirm { .. })).take(SHOWN).cloned().collect();
    let lines = rest.into_iter().map(|b| match b {
        Blocker::OwnerMissing { code, label, measure } => {
            view! { <li class="no"><a href=format!("/measures/{measure}")>{w::owner_missing(l, code, label)}</a></li> }.into_any()
        }
        Blocker::EmptyGoal { code, label } => view! { <li class="no"><a href=format!("#{code}")>{w::empty_goal(l, code.clone(), label)}</a></li> }.into_any(),
        Blocker::GapEnded { code, label, measure } => view! { <li class="no"><a href=format!("/measures/{measure}")>{w::gap_ended(l, code, label)}</a></li> }.into_any(),
        Blocker::CriticalFinding { code, label } => view! { <li class="no"><a href="/findings">{w::critical_finding(l, code, label)}</a></li> }.into_any(),
        Blocker::Hints { count } => view! { <li class="no"><a href=format!("/documents/{document}/hints?severity=error")>{w::hints_block(l, count)}</a></li> }.into_any(),
        Blocker::NoMeasures => view! { <li class="no">{w::no_measures(l)}</li> }.into_any(),
        Blocker::ToConfirm { .. } => ().into_any(),
    });
    let state = match (ready, blockers.is_empty()) {
        (true, _) => w::waits(l).to_owned(),
        (false, true) => w::free(l).to_owned(),
        (false, false) => w::blocked(l, blockers.len()),
    };
    view! {
        <section class="card pane" id="release">
            <h2>{w::until_release(l)}</h2>
            <p class=if blockers.is_empty() { "yes" } else { "no" }>{state}</p>
            {(to_confirm > 0).then(|| view! {
                <p class="no">{w::to_confirm(l, to_confirm)}</p>
                {may.confirm.then(|| view! {
                    <ActionForm action=confirm attr:class="form">
                        <input type="hidden" name="document" value=document.to_string() />
                        <input type="hidden" name="what" value="all" />
                        <label for="owner-all">{w::owner_for(l)}</label>
                        <input id="owner-all" name="owner" required placeholder=w::owner_example(l) />
                        <p class="small muted">{w::confirm_means(l)}</p>
                        <button type="submit">{w::confirm_all(l)}</button>
                    </ActionForm>
                })}
            })}
            <ul class="checks">{lines.collect_view()}</ul>
            {(others > SHOWN).then(|| view! { <p class="small muted">{w::more_blockers(l, others - SHOWN)}</p> })}
        </section>
    }
}
