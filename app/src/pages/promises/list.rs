//! What have we promised, when is it due, where is the proof.

use super::api::{DecidePromises, list_promises};
use crate::components::{DueMark, FreshnessMark, Refusal, duration, every, page_of, shown_date, stored};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::parameters::{Op, Parameter, Unit};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::promises::{INTERVALS, PromiseLine, PromiseSheet, PromiseState};
use tomfolio_domain::reviews::Due;
use tomfolio_locales::{Lang, evidence, parameter, promise as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let decide = ServerAction::<DecidePromises>::new();
    let done = stored(*decide);
    let found = Resource::new(move || (id(), done.get()), |(id, _)| list_promises(id));
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |s, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditMeasure));
                    view! { <Sheet s=s may=may decide=decide /> }
                })
            })}
        </Suspense>
    }
}

/// A value for people: "mindestens 14 Generationen".
pub fn value(l: Lang, p: &Parameter) -> String {
    let number = match l {
        Lang::De => p.value.replace('.', ","),
        Lang::En => p.value.clone(),
    };
    let said = match p.unit {
        Unit::Text => p.value.clone(),
        Unit::Duration => duration(l, &p.value),
        Unit::Count => number,
        unit => format!("{number} {}", parameter::word(l, &format!("unit_{unit}"))),
    };
    match p.op {
        Op::Eq | Op::Approx if p.unit == Unit::Text => said,
        Op::Eq => said,
        op => format!("{} {said}", parameter::word(l, &format!("op_{op}"))),
    }
}

#[component]
fn Sheet(s: PromiseSheet, may: bool, decide: ServerAction<DecidePromises>) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let is =
        |state: PromiseState| move |p: &&PromiseLine| p.decision.as_ref().is_some_and(|d| d.state == state);
    let open: Vec<PromiseLine> = s.lines.iter().filter(|p| p.decision.is_none()).cloned().collect();
    let mut confirmed: Vec<PromiseLine> =
        s.lines.iter().filter(is(PromiseState::Confirmed)).cloned().collect();
    confirmed.sort_by_key(|p| p.decision.as_ref().and_then(|d| d.due_on));
    let declined: Vec<PromiseLine> = s.lines.iter().filter(is(PromiseState::Declined)).cloned().collect();
    let late =
        confirmed.iter().filter(|p| p.decision.as_ref().is_some_and(|d| d.due == Some(Due::Overdue))).count();
    let lead = match (s.lines.is_empty(), open.len(), late) {
        (true, ..) => w::none(l).to_owned(),
        (_, _, late) if late > 0 => w::lead_late(l, late),
        (_, 0, _) => w::lead_fine(l).to_owned(),
        (_, n, _) => w::lead_open(l, n),
    };
    let document = s.document;
    view! {
        <Title text=w::title(l) />
        <header class="head"><div>
            <p class="crumbs"><a href=format!("/documents/{document}")>{s.document_title.clone()}</a></p>
            <h1>{w::title(l)}</h1>
            <p class="muted">{lead}</p>
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || decide.value().get().and_then(Result::err)) />
        <div class="hint-groups">
            <Confirmed lines=confirmed document=document may=may decide=decide />
            <Open lines=open document=document may=may decide=decide />
            <Declined lines=declined document=document may=may decide=decide />
        </div>
    }
}

/// The words of a promise with its place.
fn said(l: Lang, p: &PromiseLine) -> impl IntoView + use<> {
    let parameter = &p.promise.parameter;
    let name = parameter::word(l, parameter.key.as_str());
    let place = if p.code.is_empty() { p.heading.clone() } else { format!("{} {}", p.code, p.heading) };
    let gone = p.gone.then(|| view! { <span class="pill warn">{w::gone(l)}</span> });
    view! {
        <span class="promise-what">
            <span><strong>{name}": "{value(l, parameter)}</strong>" "{gone}</span>
            <q class="small">{p.promise.sentence.clone()}</q>
            <a class="small" href=format!("/measures/{}", p.measure)>{place}</a>
        </span>
    }
}

fn tick(p: &PromiseLine, checked: bool) -> impl IntoView + use<> {
    let label = format!("{} {}", p.code, p.promise.parameter.quote);
    view! { <input type="checkbox" name="marks[]" value=p.mark.clone() checked=checked aria-label=label /> }
}

/// Promises that nobody has decided about.
#[component]
fn Open(
    lines: Vec<PromiseLine>,
    document: DocumentId,
    may: bool,
    decide: ServerAction<DecidePromises>,
) -> impl IntoView {
    let l = lang();
    if lines.is_empty() {
        return ().into_any();
    }
    let count = lines.len();
    let rows = lines.iter().map(|p| {
        let vague = p.promise.parameter.is_vague();
        let asks = w::asks(l, every(l, &p.promise.interval), evidence::word(l, p.promise.evidence.as_str()));
        let box_ = may.then(|| tick(p, !vague));
        view! { <li>{box_}{said(l, p)}<span class="small muted">{asks}{vague.then(|| view! { <span class="no">{w::vague(l)}</span> })}</span></li> }
    });
    let rows = rows.collect::<Vec<_>>();
    let intervals = INTERVALS.map(|i| view! { <option value=i>{duration(l, i)}</option> });
    let reason = kept("reason").unwrap_or_default();
    view! {
        <section class="card pane" id="open">
            <h2>{w::open(l)}" "<small class="muted">{count}</small></h2>
            <ActionForm action=decide attr:class="hint-form">
                <input type="hidden" name="document" value=document.to_string() />
                <ul class="promise-lines">{rows}</ul>
                {may.then(|| view! {
                    <div class="promise-decide">
                        <label>{w::interval(l)}<select name="interval"><option value="">{w::as_proposed(l)}</option>{intervals}</select></label>
                        <button class="primary" type="submit" name="verdict" value="confirm">{w::confirm(l)}</button>
                        <label>{w::reason(l)}<input name="reason" maxlength="1000" value=reason /></label>
                        <button type="submit" name="verdict" value="decline">{w::decline(l)}</button>
                    </div>
                })}
            </ActionForm>
        </section>
    }
    .into_any()
}

/// Confirmed promises: when their proof is due, and where it is.
#[component]
fn Confirmed(
    lines: Vec<PromiseLine>,
    document: DocumentId,
    may: bool,
    decide: ServerAction<DecidePromises>,
) -> impl IntoView {
    let l = lang();
    let none = lines.is_empty();
    let count = lines.len();
    let rows = lines.iter().filter_map(|p| p.decision.clone().map(|d| (p, d))).map(|(p, d)| {
        let due = d.due.zip(d.due_on).map(|(due, on)| view! { <DueMark due=due />" "{w::due_on(l, shown_date(l, on))} });
        let kept_on = d.kept_on.map(|on| view! { <span class="muted">{w::kept_on(l, shown_date(l, on))}</span> });
        let every = every(l, &d.interval);
        let proofs = p.proofs.iter().map(|e| {
            view! { <li><a href=format!("/evidence/{}", e.id)>{e.title.clone()}</a>" "<FreshnessMark freshness=Some(e.freshness) /></li> }
        });
        let proofs = proofs.collect::<Vec<_>>();
        let missing = p.proofs.is_empty().then(|| view! { <li class="no">{evidence::missing(l)}</li> });
        let box_ = may.then(|| tick(p, false));
        view! {
            <li>
                {box_}{said(l, p)}
                <span class="small promise-due">{due}<span class="muted">{every}</span>{kept_on}</span>
                <ul class="small">{proofs}{missing}</ul>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <section class="card pane" id="confirmed">
            <h2>{w::confirmed(l)}" "<small class="muted">{count}</small></h2>
            {none.then(|| view! { <p class="muted">{w::confirmed_none(l)}</p> })}
            {(!none).then(|| view! {
                <ActionForm action=decide attr:class="hint-form">
                    <input type="hidden" name="document" value=document.to_string() />
                    <ul class="promise-lines">{rows}</ul>
                    {may.then(|| view! {
                        <div class="actions">
                            <button type="submit" name="verdict" value="kept">{w::kept(l)}</button>
                            <button type="submit" name="verdict" value="reopen">{w::reopen(l)}</button>
                        </div>
                    })}
                </ActionForm>
            })}
        </section>
    }
}

/// Declined promises with their reasons.
#[component]
fn Declined(
    lines: Vec<PromiseLine>,
    document: DocumentId,
    may: bool,
    decide: ServerAction<DecidePromises>,
) -> impl IntoView {
    let l = lang();
    if lines.is_empty() {
        return ().into_any();
    }
    let count = lines.len();
    let rows = lines.iter().filter_map(|p| p.decision.clone().map(|d| (p, d))).map(|(p, d)| {
        let box_ = may.then(|| tick(p, false));
        view! { <li>{box_}{said(l, p)}<span class="small muted">{w::declined_by(l, d.at, d.by, d.reason)}</span></li> }
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <details class="card pane" id="declined">
            <summary>{w::declined_n(l, count)}</summary>
            <ActionForm action=decide attr:class="hint-form">
                <input type="hidden" name="document" value=document.to_string() />
                <ul class="promise-lines">{rows}</ul>
                {may.then(|| view! { <button type="submit" name="verdict" value="reopen">{w::reopen(l)}</button> })}
            </ActionForm>
        </details>
    }
    .into_any()
}
