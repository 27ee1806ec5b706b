//! What is due, what is under way, what was found to be in order; and the plan of each document.

use super::api::{PlanReview, list_reviews};
use crate::components::{DueMark, Refusal, page_of, shown_date, stored};
use crate::context::lang;
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::reviews::{Due, LEAD_DAYS, PlanRow, ReviewList, ReviewRow, ReviewState};
use tomfolio_locales::{nav, review as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let plan = ServerAction::<PlanReview>::new();
    let planned = stored(*plan);
    let found = Resource::new(move || planned.get(), |_| list_reviews());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "reviews", |list, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::PlanReview));
                    view! { <List list=list may=may plan=plan /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(list: ReviewList, may: bool, plan: ServerAction<PlanReview>) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused"));
    let count = |d: Due| list.rows.iter().filter(|r| r.due == d).count();
    let (overdue, soon) = (count(Due::Overdue), count(Due::Soon));
    let heading = match (list.rows.len(), overdue, soon) {
        (0, ..) => w::none_heading(l).to_owned(),
        (_, 0, 0) => w::nothing_due(l).to_owned(),
        (_, 0, soon) => w::soon_n(l, soon),
        (_, overdue, _) => w::overdue_n(l, overdue),
    };
    let unplanned = list.plans.iter().filter(|p| p.plan.is_none()).count();
    let empty = list.rows.is_empty();
    let rows = list.rows.iter().map(row).collect_view();
    let forms = may.then(|| list.plans.iter().map(|p| plan_form(p, &list, plan)).collect_view());
    view! {
        <Title text=nav::reviews(l) />
        <header class="head"><div>
            <h1>{heading}</h1>
            {(unplanned > 0).then(|| view! { <p class="muted">{w::unplanned_n(l, unplanned)}</p> })}
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
        <Refusal of=Signal::derive(move || plan.value().get().and_then(Result::err)) />
        <div class="columns">
            <div class="main-column">
                {if empty {
                    view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
                } else {
                    view! { <ul class="card rows">{rows}</ul> }.into_any()
                }}
            </div>
            <div class="right plans">{may.then(|| view! { <h2>{w::plans(l)}</h2> })}{forms}</div>
        </div>
    }
}

fn row(r: &ReviewRow) -> impl IntoView + use<> {
    let l = lang();
    let state = match r.state {
        ReviewState::InProgress => w::judged_n(l, r.measures, r.judged),
        ReviewState::Approved => w::approved_on(l, r.approved_at.clone().unwrap_or_default()),
        ReviewState::Planned | ReviewState::Submitted => w::word(l, r.state.as_str()).to_owned(),
    };
    view! {
        <li>
            <a class="row-link" href=format!("/reviews/{}", r.id)>
                <strong>{w::title(l, r.document_title.clone(), r.due_on.year())}</strong>
                <span class="muted">{state}" · "{r.reviewer.clone()}</span>
            </a>
            <span class="row-end"><DueMark due=r.due /><small class="muted">{shown_date(l, r.due_on)}</small></span>
        </li>
    }
}

fn plan_form(p: &PlanRow, list: &ReviewList, plan: ServerAction<PlanReview>) -> impl IntoView + use<> {
    let l = lang();
    let known = p.plan.clone();
    let (months, lead) = known.as_ref().map_or((12, LEAD_DAYS), |k| (k.months, k.lead_days));
    let day = known.as_ref().map_or(list.today, |k| k.due_on).to_string();
    let reviewer = known.as_ref().map(|k| k.reviewer);
    let reviewers = list
        .reviewers
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=reviewer == Some(*id)>{name.clone()}</option> })
        .collect_view();
    let intervals = [6u8, 12, 24]
        .map(|n| view! { <option value=n.to_string() selected=n == months>{w::months_n(l, n)}</option> })
        .collect_view();
    let id = p.document.to_string();
    let summary = match &known {
        Some(k) => w::plan_says(l, shown_date(l, k.due_on), w::months_n(l, k.months)),
        None => w::unplanned(l).to_owned(),
    };
    let nobody = list.reviewers.is_empty();
    view! {
        <details class="card pane more" open=known.is_none()>
            <summary>{p.title.clone()}</summary>
            <p class="small muted">{summary}</p>
            {nobody.then(|| view! { <p class="alert">{w::no_reviewer(l)}</p> })}
            <ActionForm action=plan attr:class="form">
                <input type="hidden" name="document" value=id.clone() />
                <label for=format!("months-{id}")>{w::interval(l)}</label>
                <select id=format!("months-{id}") name="months">{intervals}</select>
                <label for=format!("due-{id}")>{w::next_day(l)}</label>
                <input id=format!("due-{id}") name="due_on" type="date" required value=day />
                <label for=format!("lead-{id}")>{w::lead(l)}</label>
                <input id=format!("lead-{id}") name="lead_days" type="number" min="0" max="366" required value=lead.to_string() />
                <label for=format!("reviewer-{id}")>{w::reviewer(l)}</label>
                <select id=format!("reviewer-{id}") name="reviewer">{reviewers}</select>
                <button type="submit" class="primary">{w::plan_submit(l)}</button>
            </ActionForm>
        </details>
    }
}
