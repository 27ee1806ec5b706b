//! The search page: a field, results as you type, every hit marked. Without script it is a plain GET form.

use super::api::search;
use crate::components::{Refusal, page_of};
use crate::context::{debounced, lang};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use tomfolio_domain::search::{Hit, Marked, Object, Results, WEIGHED};
use tomfolio_locales::{nav, search as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_location().query;
    // What the address asks for when the page opens; what is typed after that is asked beside it.
    let found = Resource::new(move || query.with_untracked(|q| q.get("q").unwrap_or_default()), search);
    view! {
        <Title text=nav::search(lang()) />
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { page_of(found.await, "search", |r, _| view! { <Live first=r /> }) })}
        </Suspense>
    }
}

/// The field stays where it is while results come and go.
#[component]
fn Live(first: Results) -> impl IntoView {
    let l = lang();
    let typed = RwSignal::new(first.query.clone());
    let ask = Action::new(|q: &String| search(q.clone()));
    let refused = Signal::derive(move || ask.value().get().and_then(Result::err));
    let shown = Memo::new(move |before: Option<&Results>| match ask.value().get() {
        Some(Ok(page)) => page.body,
        _ => before.cloned().unwrap_or_else(|| first.clone()),
    });
    let navigate = use_navigate();
    // The address follows the field, so that back and a link find the same results.
    let go = debounced(Duration::from_millis(180), move |()| {
        let q = typed.get_untracked();
        let to = format!("/search?q={}", encoded(&q));
        ask.dispatch(q);
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    });
    view! {
        <header class="head"><div><h1 aria-live="polite">{move || shown.with(heading)}</h1></div></header>
        <form class="search-form" action="/search" method="get" role="search" on:submit=move |e| e.prevent_default()>
            <label for="q" class="unseen">{nav::search(l)}</label>
            <input id="q" name="q" type="search" autocomplete="off" maxlength="300" autofocus placeholder=w::hint(l)
                value=typed.get_untracked() prop:value=move || typed.get()
                on:input=move |e| { typed.set(event_target_value(&e)); go(); } />
            <button class="primary" type="submit">{w::find(l)}</button>
        </form>
        <Refusal of=refused />
        {move || view! { <List r=shown.get() /> }}
    }
}

/// For an address: what is neither letter nor digit is written by its bytes.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn heading(r: &Results) -> String {
    let l = lang();
    match r.total {
        0 if r.query.trim().is_empty() => w::heading(l).to_owned(),
        0 => w::none(l, r.query.trim()),
        WEIGHED.. => w::many(l, WEIGHED, r.query.trim()),
        n => w::found(l, n, r.query.trim()),
    }
}

#[component]
fn List(r: Results) -> impl IntoView {
    let l = lang();
    if r.hits.is_empty() {
        let word = if r.query.trim().is_empty() { w::begin(l) } else { w::try_other(l) };
        return view! { <div class="card empty"><p>{word}</p></div> }.into_any();
    }
    let more = (r.total > r.hits.len())
        .then(|| view! { <p class="muted small under">{w::shown(l, r.hits.len())}</p> });
    let rows = r.hits.into_iter().map(|h| view! { <Row h=h /> }).collect_view();
    view! { <ol class="card results">{rows}</ol>{more} }.into_any()
}

#[component]
fn Row(h: Hit) -> impl IntoView {
    let l = lang();
    let (href, kind) = match h.object {
        Object::Document(id) => (format!("/documents/{id}"), w::document(l)),
        Object::Measure(id) => (format!("/measures/{id}"), w::measure(l)),
        Object::Evidence(id) => (format!("/evidence/{id}"), w::evidence(l)),
    };
    let place = (!h.place.is_empty()).then(|| view! { " · "{stretches(h.place)} });
    let excerpt = (!h.excerpt.is_empty()).then(|| view! { <p class="small">{stretches(h.excerpt)}</p> });
    view! {
        <li>
            <a href=href>{stretches(h.title)}</a>
            {excerpt}
            <p class="small muted">{kind}{place}</p>
        </li>
    }
}

fn stretches(m: Marked) -> impl IntoView {
    m.into_iter()
        .map(|(hit, text)| if hit { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() })
        .collect_view()
}
