//! A document and its baseline: what changed there is offered here, measure by measure; and who follows this document.

use super::api::{AnswerOffer, MarkBaseline, TakeOffers, find_baseline};
use crate::components::{Diff, Refusal, page_of, questions, stored};
use crate::context::lang;
use crate::error::told;
use crate::pages::sessions::Switch;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::baselines::{BaselineSheet, Follower, Offer, Origin, What};
use tomfolio_domain::codes::short;
use tomfolio_domain::diff::Change;
use tomfolio_domain::ids::{DocumentId, OrganisationId};
use tomfolio_domain::measures::Audience;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{baseline as w, nav};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let forms = Forms { answer: ServerAction::new(), all: ServerAction::new(), mark: ServerAction::new() };
    let (answered, taken, marked) = (stored(*forms.answer), stored(*forms.all), stored(*forms.mark));
    let found = Resource::new(
        move || (id(), answered.get(), taken.get(), marked.get()),
        |(id, ..)| find_baseline(id),
    );
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |s, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditMeasure));
                    view! { <Sheet s=s may=may forms=forms /> }
                })
            })}
        </Suspense>
    }
}

#[derive(Clone, Copy)]
struct Forms {
    answer: ServerAction<AnswerOffer>,
    all: ServerAction<TakeOffers>,
    mark: ServerAction<MarkBaseline>,
}

#[component]
fn Sheet(s: BaselineSheet, may: bool, forms: Forms) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let lead = match (&s.origin, s.offers.len()) {
        (Origin::None, _) if s.offered => w::is_baseline(l).to_owned(),
        (Origin::None, _) if !s.followers.is_empty() => w::was_baseline(l).to_owned(),
        (Origin::None, _) => w::is_none(l).to_owned(),
        (Origin::Hidden, _) => w::hidden(l).to_owned(),
        (Origin::Known { .. }, 0) => w::up_to_date(l).to_owned(),
        (Origin::Known { .. }, n) => w::waiting(l, n),
    };
    let follows = match &s.origin {
        Origin::Known { organisation, organisation_name, document, title } => {
            let words = w::follows(l, organisation_name, title);
            let to = format!("/documents/{document}");
            Some(
                view! { <div class="card pane actions"><p>{words}</p><Elsewhere organisation=*organisation to=to word=w::open(l) /></div> },
            )
        }
        Origin::None | Origin::Hidden => None,
    };
    let bulk = s.offers.iter().filter(|o| o.in_bulk()).count();
    let document = s.document;
    let offers = s.offers.iter().map(|o| offer(o, document, may, forms.answer)).collect_view();
    let some = !s.offers.is_empty();
    let origin_is_none = s.origin == Origin::None;
    view! {
        <Title text=w::title(l) />
        <header class="head"><div>
            <p class="crumbs"><a href="/documents">{nav::documents(l)}</a>" / "<a href=format!("/documents/{document}")>{s.document_title.clone()}</a></p>
            <h1>{w::title(l)}</h1>
            <p class="muted">{lead}</p>
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || forms.answer.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.all.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || forms.mark.value().get().and_then(Result::err)) />
        {follows}
        {some.then(|| view! {
            <section class="card" id="offers">
                <h2 class="pane-head">{w::offers(l)}<small>{s.offers.len().to_string()}</small></h2>
                <div class="pane bulk-offer">
                    <p class="muted small">{w::offers_mean(l)}</p>
                    {(may && bulk > 1).then(|| view! {
                        <ActionForm action=forms.all>
                            <input type="hidden" name="document" value=document.to_string() />
                            <button class="primary" type="submit">{w::take_all(l, bulk)}</button>
                        </ActionForm>
                    })}
                </div>
                <ul class="offers">{offers}</ul>
            </section>
        })}
        {origin_is_none.then(|| view! { <Followers s=s.clone() may=may mark=forms.mark /> })}
    }
}

/// What belongs to another organisation is opened there: the session changes over by a plain form.
#[component]
fn Elsewhere(organisation: OrganisationId, to: String, #[prop(into)] word: String) -> impl IntoView {
    view! {
        <form action=Switch::PATH method="post">
            <input type="hidden" name="organisation" value=organisation.to_string() />
            <input type="hidden" name="next" value=to />
            <button type="submit">{word}</button>
        </form>
    }
}

fn offer(
    o: &Offer,
    document: DocumentId,
    may: bool,
    answer: ServerAction<AnswerOffer>,
) -> impl IntoView + use<> {
    let l = lang();
    let (mark, class, take) = match &o.what {
        What::Changed { .. } if o.questions() > 0 => (w::both_changed(l), "mark warn", w::take_merged(l)),
        What::Changed { .. } => (w::changed(l), "mark", w::take(l)),
        What::New { .. } => (w::new(l), "mark ok", w::take_new(l)),
        What::Gone { .. } => (w::gone(l), "mark danger", w::take_end(l)),
    };
    let body = match &o.what {
        What::Changed { words, label, text, .. } => {
            if o.questions() == 0 {
                view! { <Diff changes=words.clone() /> }.into_any()
            } else {
                questions(label, text, w::mine(l), w::theirs(l)).into_any()
            }
        }
        What::New { label, text } => {
            let said = if label.is_empty() { text.clone() } else { format!("{label}: {text}") };
            view! { <Diff changes=vec![Change::In(said)] /> }.into_any()
        }
        What::Gone { .. } => view! { <p class="muted small">{w::gone_means(l)}</p> }.into_any(),
    };
    let name = match &o.what {
        What::Changed { measure, .. } | What::Gone { measure } => {
            view! { <a href=format!("/measures/{measure}")>{o.heading.clone()}</a> }.into_any()
        }
        What::New { .. } => view! { <span>{o.heading.clone()}</span> }.into_any(),
    };
    let reason = (!o.reason.is_empty()).then(|| view! { <p class="small">{w::because(l, &o.reason)}</p> });
    let inside = (o.audience == Audience::Internal)
        .then(|| view! { <span class="pill">{tomfolio_locales::measure::for_internal(l)}</span> });
    let head = view! { <p class="offer-head"><span class="code">{short(&o.code).to_owned()}</span><strong>{name}</strong><span class=class>{mark}</span>{inside}</p> };
    let (origin, revision) = (o.origin.to_string(), o.revision.to_string());
    let buttons = may.then(|| {
        view! {
            <div class="actions">
                <button class="primary" type="submit" name="take" value="yes">{take}</button>
                // What stays as it is needs no answer to any question.
                <button type="submit" name="take" value="no" formnovalidate>{w::keep(l)}</button>
            </div>
        }
    });
    view! {
        <li>
            <ActionForm action=answer>
                <input type="hidden" name="document" value=document.to_string() />
                <input type="hidden" name="origin" value=origin />
                <input type="hidden" name="revision" value=revision />
                {head}{reason}{body}{buttons}
            </ActionForm>
        </li>
    }
}

/// Whether others may be made from it, and which were.
#[component]
fn Followers(s: BaselineSheet, may: bool, mark: ServerAction<MarkBaseline>) -> impl IntoView {
    let l = lang();
    let rows = s.followers.iter().map(|f: &Follower| {
        let open = if f.open == 0 { w::follower_fine(l).to_owned() } else { w::waiting(l, f.open) };
        let to = format!("/documents/{}/baseline", f.document);
        view! {
            <li>
                <span class="row-link"><strong>{f.organisation_name.clone()}</strong><span class="muted">{f.title.clone()}" · "{open}</span></span>
                <Elsewhere organisation=f.organisation to=to word=w::go_there(l) />
            </li>
        }
    });
    let rows = rows.collect_view();
    let none = s.followers.is_empty();
    let (on, word) = if s.offered { ("no", w::unmark(l)) } else { ("yes", w::mark(l)) };
    let document = s.document.to_string();
    view! {
        <section class="card" id="followers">
            <h2 class="pane-head">{w::followers(l)}<small>{s.followers.len().to_string()}</small></h2>
            {none.then(|| view! { <p class="empty">{if s.offered { w::no_followers(l) } else { w::mark_means(l) }}</p> })}
            <ul class="rows">{rows}</ul>
            {may.then(|| view! {
                <ActionForm action=mark attr:class="pane">
                    <input type="hidden" name="document" value=document />
                    <input type="hidden" name="on" value=on />
                    <button type="submit" class=if s.offered { "" } else { "primary" }>{word}</button>
                </ActionForm>
            })}
        </section>
    }
}
