//! One review: begun, how far it is, submitted, approved; its record, its report, its findings.

use super::api::{ApproveReview, GiveBack, StartReview, SubmitReview, find_review};
use super::tested;
use crate::components::{
    DueMark, Refusal, Stages, TallyBar, TextArea, page_of, shown_date, stored, while_under_way,
};
use crate::context::lang;
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::releases::Stage;
use tomfolio_domain::reviews::{Judged, ReviewLine, ReviewSheet, ReviewState, Tally};
use tomfolio_locales::{nav, release, review as w};

/// What can be done with a review.
#[derive(Clone, Copy)]
struct Forms {
    start: ServerAction<StartReview>,
    submit: ServerAction<SubmitReview>,
    back: ServerAction<GiveBack>,
    approve: ServerAction<ApproveReview>,
}

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let forms = Forms {
        start: ServerAction::new(),
        submit: ServerAction::new(),
        back: ServerAction::new(),
        approve: ServerAction::new(),
    };
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let tick = RwSignal::new(0u32);
    let (started, submitted) = (stored(*forms.start), stored(*forms.submit));
    let (back, approved) = (stored(*forms.back), stored(*forms.approve));
    let found = Resource::new(
        move || {
            let done = started.get() + submitted.get();
            (id(), done, back.get(), approved.get(), tick.get())
        },
        |(id, ..)| find_review(id),
    );
    while_under_way(tick, move || found.with(|p| matches!(p, Some(Ok(p)) if p.body.stage.under_way())));
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "reviews", |s, actor| view! { <Sheet s=s actor=actor.clone() forms=forms /> })
            })}
        </Transition>
    }
}

#[component]
fn Sheet(s: ReviewSheet, actor: Actor, forms: Forms) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused"));
    let r = s.row.clone();
    let tally = Tally::of(s.lines.iter().map(|x| x.judged.as_ref()));
    let title = w::title(l, r.document_title.clone(), r.due_on.year());
    let heading = match r.state {
        ReviewState::Planned => w::head_planned(l, shown_date(l, r.due_on)),
        ReviewState::InProgress if s.next.is_none() => w::head_complete(l, tally.all),
        ReviewState::InProgress => w::head_under_way(l, tally.all, tally.done()),
        ReviewState::Submitted => w::head_submitted(l).to_owned(),
        ReviewState::Approved => w::head_approved(l, shown_findings(&tally)),
    };
    let lines = s.lines.iter().map(|x| line(&s, x)).collect_view();
    let begun = !s.lines.is_empty();
    let facts = view! {
        <p class="facts">
            <DueMark due=r.due />
            <span>{w::due_on(l, shown_date(l, r.due_on))}</span>
            <span>{w::reviewer(l)}": "{r.reviewer.clone()}</span>
            {s.started_at.clone().map(|at| view! { <span>{w::started(l, at)}</span> })}
        </p>
    };
    let next = next_step(&s, &actor, forms);
    view! {
        <Title text=title.clone() />
        <header class="head"><div>
            <p class="crumbs"><a href="/reviews">{nav::reviews(l)}</a>" / "<a href=format!("/documents/{}", r.document)>{r.document_title.clone()}</a></p>
            <h1>{heading}</h1>
            {facts}
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
        <Refusal of=Signal::derive(move || forms.start.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.submit.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.back.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.approve.value().get().and_then(Result::err)) />
        {(!s.returned.is_empty()).then(|| view! {
            <section class="card pane notice"><h2>{w::returned(l)}</h2><p class="diff">{s.returned.clone()}</p></section>
        })}
        <div class="columns">
            <div class="main-column">
                {begun.then(|| view! {
                    <section class="card">
                        <h2 class="pane-head">{w::measures_heading(l)}<small>{tally.all.to_string()}</small></h2>
                        <div class="pane"><TallyBar tally=tally /></div>
                        <ul class="rows verdicts">{lines}</ul>
                    </section>
                })}
                {(!begun).then(|| view! { <div class="card empty"><p>{w::not_begun(l)}</p></div> })}
            </div>
            <div class="right">
                {next}
                {(!s.criteria.is_empty()).then(|| view! { <section class="card pane"><h2>{w::criteria(l)}</h2><p class="diff small">{s.criteria.clone()}</p></section> })}
                {(!s.summary.is_empty()).then(|| view! { <section class="card pane"><h2>{w::summary_heading(l)}</h2><p class="diff small">{s.summary.clone()}</p></section> })}
                {s.record_sha256.clone().map(|h| view! { <section class="card pane"><h2>{w::record(l)}</h2><p class="small hash">"SHA-256 "{h}</p></section> })}
            </div>
        </div>
    }
}

fn shown_findings(t: &Tally) -> String {
    let l = lang();
    if t.findings == 0 { w::no_findings(l).to_owned() } else { w::findings_n(l, t.findings) }
}

fn line(s: &ReviewSheet, x: &ReviewLine) -> impl IntoView + use<> {
    let l = lang();
    let (class, word, small) = match &x.judged {
        None => ("later", w::waits(l), String::new()),
        Some(Judged::Skipped { reason }) => ("now", w::skipped(l), reason.clone()),
        Some(Judged::Verdict(v)) => {
            let class = match v.effectiveness {
                tomfolio_domain::reviews::Effectiveness::Effective => "yes",
                tomfolio_domain::reviews::Effectiveness::Ineffective => "no",
                tomfolio_domain::reviews::Effectiveness::Partial
                | tomfolio_domain::reviews::Effectiveness::Untestable => "now",
            };
            let found = v.finding.as_ref().map(|f| super::found(l, f));
            let said = [found.unwrap_or_else(|| tested(l, v)), v.comment.clone()];
            let said = said.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
            (class, w::word(l, v.effectiveness.as_str()), said)
        }
    };
    let href = format!("/reviews/{}/measures/{}", s.row.id, x.measure);
    view! {
        <li>
            <a class="row-link" href=href><strong>{x.code.clone()}" "{x.heading.clone()}</strong><span class="muted">{small}</span></a>
            <span class=format!("verdict {class}")>{word}</span>
        </li>
    }
}

/// What has to be done next, by whom.
fn next_step(s: &ReviewSheet, actor: &Actor, forms: Forms) -> AnyView {
    let l = lang();
    let id = s.row.id.to_string();
    let can = |a| actor.roles.iter().any(|r| allowed(*r, a));
    match s.row.state {
        ReviewState::Planned if s.own && can(Action::Review) => view! {
            <section class="card pane" id="start">
                <h2>{w::start_title(l)}</h2>
                <p class="small">{w::start_text(l)}</p>
                <ActionForm action=forms.start attr:class="form">
                    <input type="hidden" name="id" value=id />
                    <label for="criteria">{w::criteria(l)}</label>
                    <TextArea id="criteria" name="criteria" rows=4 required=true longest=8000 example=w::criteria_example(l) value=String::new() />
                    <button class="primary" type="submit">{w::start(l)}</button>
                </ActionForm>
            </section>
        }
        .into_any(),
        ReviewState::InProgress if s.own => {
            let go_on = s.next.map(|m| {
                view! { <a class="button primary" href=format!("/reviews/{id}/measures/{m}")>{w::go_on(l)}</a> }
            });
            let complete = s.next.is_none();
            let summary = s.summary.clone();
            view! {
                <section class="card pane" id="submit">
                    <h2>{if complete { w::submit_title(l) } else { w::go_on_title(l) }}</h2>
                    {go_on}
                    {complete.then(|| view! {
                        <p class="small">{w::submit_text(l)}</p>
                        <ActionForm action=forms.submit attr:class="form">
                            <input type="hidden" name="id" value=id.clone() />
                            <label for="summary">{w::summary(l)}</label>
                            <TextArea id="summary" name="summary" rows=4 longest=8000 value=summary.clone() />
                            <button class="primary" type="submit">{w::submit(l)}</button>
                        </ActionForm>
                    })}
                </section>
            }
            .into_any()
        }
        ReviewState::Submitted if can(Action::ApproveReview) && !s.own => {
            let seen = s.record_sha256.clone().unwrap_or_default();
            let back = id.clone();
            view! {
                <section class="card pane" id="approve">
                    <h2>{w::approve_title(l)}</h2>
                    <p class="small">{w::approve_text(l)}</p>
                    <ActionForm action=forms.approve attr:class="form">
                        <input type="hidden" name="id" value=id.clone() />
                        <input type="hidden" name="seen" value=seen />
                        <button class="primary" type="submit">{w::approve(l)}</button>
                    </ActionForm>
                    <details class="more">
                        <summary>{w::give_back(l)}</summary>
                        <ActionForm action=forms.back attr:class="form">
                            <input type="hidden" name="id" value=back />
                            <label for="back-reason">{w::give_back_reason(l)}</label>
                            <TextArea id="back-reason" name="reason" rows=3 required=true shortest=20 longest=4000 value=String::new() />
                            <button type="submit">{w::give_back(l)}</button>
                        </ActionForm>
                    </details>
                </section>
            }
            .into_any()
        }
        ReviewState::Approved => {
            let done = s.stage == Stage::Done;
            let approved = w::approved_by(l, s.row.approved_at.clone().unwrap_or_default(), s.approved_by.clone().unwrap_or_default());
            view! {
                <section class="card pane" id="report" role="status" data-stage=s.stage.as_str()>
                    <h2>{w::report(l)}</h2>
                    <p class="small">{approved}</p>
                    <Stages stage=s.stage />
                    {done.then(|| view! {
                        <p class="actions">
                            <a class="button primary" rel="external" download href=format!("/reviews/{id}/pdf")>{w::download(l)}</a>
                            <a class="button" href="/findings">{nav::findings(l)}</a>
                        </p>
                    })}
                    {s.stamped.clone().map(|(at, by)| view! { <p class="small">{release::stamped(l, at, by)}</p> })}
                    {s.pdf_sha256.clone().map(|h| view! { <p class="small muted hash">"SHA-256 "{h}</p> })}
                </section>
            }
            .into_any()
        }
        // Somebody else's turn: say whose.
        ReviewState::Planned | ReviewState::InProgress => {
            view! { <section class="card pane"><p>{w::waits_for_reviewer(l, s.row.reviewer.clone())}</p></section> }.into_any()
        }
        ReviewState::Submitted => {
            view! { <section class="card pane"><p>{w::waits_for_approval(l)}</p></section> }.into_any()
        }
    }
}
