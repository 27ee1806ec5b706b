//! All findings, open ones first.

use super::api::{Mend, Verify, list_findings};
use crate::components::{FindingMark, Fresh, Refusal, TextArea, page_of, shown_date, stored};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::findings::{FindingRow, FindingState};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{finding as w, nav, review};

/// What the signed-in person may do here.
#[derive(Clone, Copy)]
struct May {
    mend: bool,
    verify: bool,
}

#[component]
pub fn ListPage() -> impl IntoView {
    let mend = ServerAction::<Mend>::new();
    let verify = ServerAction::<Verify>::new();
    let (mended, verified) = (stored(*mend), stored(*verify));
    let found = Resource::new(move || (mended.get(), verified.get()), |_| list_findings());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "findings", |rows, actor| {
                    let can = |a| actor.roles.iter().any(|r| allowed(*r, a));
                    let may = May { mend: can(Action::MendFinding), verify: can(Action::VerifyFinding) };
                    view! { <List rows=rows may=may mend=mend verify=verify /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(
    rows: Vec<FindingRow>,
    may: May,
    mend: ServerAction<Mend>,
    verify: ServerAction<Verify>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused"));
    let count = |s: FindingState| rows.iter().filter(|r| r.state == s).count();
    let (open, mended) = (count(FindingState::Open), count(FindingState::Mended));
    let overdue = rows.iter().filter(|r| r.overdue).count();
    let heading = match (rows.len(), overdue, open, mended) {
        (0, ..) => w::none_heading(l).to_owned(),
        (_, 0, 0, 0) => w::all_closed(l).to_owned(),
        (_, 0, 0, mended) => w::mended_n(l, mended),
        (_, 0, open, _) => w::open_n(l, open),
        (_, overdue, ..) => w::overdue_n(l, overdue),
    };
    let empty = rows.is_empty();
    let lines = rows.into_iter().map(|r| row(r, may, mend, verify)).collect_view();
    view! {
        <Title text=nav::findings(l) />
        <header class="head"><div><h1>{heading}</h1></div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
        <Refusal of=Signal::derive(move || mend.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || verify.value().get().and_then(Result::err)) />
        {if empty {
            view! { <div class="card empty"><p>{w::none_text(l)}</p></div> }.into_any()
        } else {
            view! { <ul class="card rows">{lines}</ul> }.into_any()
        }}
    }
}

fn row(r: FindingRow, may: May, mend: ServerAction<Mend>, verify: ServerAction<Verify>) -> impl IntoView {
    let l = lang();
    let id = r.id.to_string();
    let grade = review::word(l, r.grade.as_str());
    let done = r.mended_at.clone().map(|at| {
        let line = w::mended_by(l, at, r.mended_by.clone().unwrap_or_default(), r.note.clone());
        view! { <span class="small diff">{line}</span> }
    });
    let tested = r.verified_at.clone().map(|at| {
        let line = w::tested_by(l, at, r.verified_by.clone().unwrap_or_default(), r.verdict.clone());
        view! { <span class="small diff">{line}</span> }
    });
    let form = match r.state {
        FindingState::Open if may.mend => {
            view! { <Fresh key=id.clone()><MendForm id=id.clone() mend=mend /></Fresh> }.into_any()
        }
        FindingState::Mended if may.verify && !r.own => {
            view! { <Fresh key=id.clone()><VerifyForm id=id.clone() verify=verify /></Fresh> }.into_any()
        }
        FindingState::Mended if r.own => {
            view! { <p class="small muted">{w::somebody_else(l)}</p> }.into_any()
        }
        FindingState::Open | FindingState::Mended | FindingState::Closed => ().into_any(),
    };
    view! {
        <li class="finding-row" id=r.id.to_string()>
            <div class="row-link">
                <strong>{grade}": "{r.text.clone()}</strong>
                <span class="muted"><a href=format!("/measures/{}", r.measure)>{r.subject.clone()}</a>" · "<a href=format!("/reviews/{}", r.review)>{r.document_title.clone()}</a></span>
                <span class="small">{w::due_by(l, shown_date(l, r.due), r.owner.clone())}</span>
                {done}
                {tested}
                {form}
            </div>
            <span class="row-end"><FindingMark state=r.state overdue=r.overdue /></span>
        </li>
    }
}

#[component]
fn MendForm(id: String, mend: ServerAction<Mend>) -> impl IntoView {
    let l = lang();
    let field = format!("note-{id}");
    let (open, of) = (kept("id").as_deref() == Some(&id), id.clone());
    view! {
        <details class="more inline-form" open=open>
            <summary>{w::mend(l)}</summary>
            <ActionForm action=mend attr:class="form">
                <input type="hidden" name="id" value=id />
                <label for=field.clone()>{w::mend_note(l)}</label>
                <TextArea id=field name="note" rows=2 required=true shortest=10 longest=4000 value=String::new() of=of />
                <button type="submit">{w::mend_submit(l)}</button>
            </ActionForm>
        </details>
    }
}

#[component]
fn VerifyForm(id: String, verify: ServerAction<Verify>) -> impl IntoView {
    let l = lang();
    let field = format!("note-{id}");
    let (open, of) = (kept("id").as_deref() == Some(&id), id.clone());
    view! {
        <details class="more inline-form" open=open>
            <summary>{w::verify(l)}</summary>
            <ActionForm action=verify attr:class="form">
                <input type="hidden" name="id" value=id />
                <label for=field.clone()>{w::verify_note(l)}</label>
                <TextArea id=field name="note" rows=2 required=true shortest=10 longest=4000 value=String::new() of=of />
                <div class="actions">
                    <button class="primary" type="submit" name="holds" value="yes">{w::holds(l)}</button>
                    <button type="submit" name="holds" value="no">{w::holds_not(l)}</button>
                </div>
            </ActionForm>
        </details>
    }
}
