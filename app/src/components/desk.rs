//! The shell: organisation switch, menu, section tree at the left; the work in the middle.

use super::Keys;
use crate::context::{keyboard, lang, show_current, status};
use crate::error::AppError;
use crate::pages::sessions::{SetLanguage, SignOut, Switch};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::documents::Heading;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::organisations::initials;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{Lang, nav, role};

/// A page's data, with who looks at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub actor: Actor,
    pub body: T,
    pub tree: Option<Tree>,
}

/// The section tree beside a document or a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    pub document: DocumentId,
    pub title: String,
    pub headings: Vec<Heading>,
}

/// Shows a page once its data is there, or says why not.
pub fn page_of<T, V>(
    found: Result<Page<T>, AppError>,
    active: &'static str,
    view: impl FnOnce(T, &Actor) -> V,
) -> AnyView
where
    V: IntoView + 'static,
{
    match found {
        Ok(page) => {
            let Page { actor, body, tree } = page;
            let inner = view(body, &actor);
            view! { <Desk actor=actor tree=tree active=active>{inner.into_any()}</Desk> }.into_any()
        }
        Err(error) => not_shown(error),
    }
}

/// As [`page_of`], without the desk around it: work that wants the whole screen.
pub fn page_alone<T, V>(found: Result<Page<T>, AppError>, view: impl FnOnce(Page<T>) -> V) -> AnyView
where
    V: IntoView + 'static,
{
    match found {
        Ok(page) => {
            let inner = view(page);
            view! { <a class="skip" href="#main">{nav::skip(lang())}</a><main id="main" class="whole">{inner}</main> }.into_any()
        }
        Err(error) => not_shown(error),
    }
}

/// Why a page is not shown; who is signed out signs in first.
fn not_shown(error: AppError) -> AnyView {
    match error {
        AppError::Domain(DomainError::SignedOut) => {
            let next = use_location().pathname.get_untracked();
            view! { <Redirect path=format!("/sign-in?next={next}") /> }.into_any()
        }
        error => view! { <Refused error=error /> }.into_any(),
    }
}

/// As [`page_of`], for a page that is only a form: who may not send it does not see it.
pub fn form_of<T, V>(
    found: Result<Page<T>, AppError>,
    active: &'static str,
    action: Action,
    view: impl FnOnce(T, &Actor) -> V,
) -> AnyView
where
    V: IntoView + 'static,
{
    let may = |p: &Page<T>| p.actor.roles.iter().any(|r| allowed(*r, action));
    let found = found.and_then(|p| if may(&p) { Ok(p) } else { Err(DomainError::Forbidden.into()) });
    page_of(found, active, view)
}

/// Why what was just asked was refused, as a sentence; nothing while nothing was.
#[component]
pub fn Refusal(#[prop(into)] of: Signal<Option<AppError>>) -> impl IntoView {
    let l = lang();
    move || of.get().map(|e| view! { <p class="alert" role="alert">{e.sentence(l)}</p> })
}

/// A page that cannot be shown, with a sentence that says what to do.
#[component]
pub fn Refused(error: AppError) -> impl IntoView {
    status(error.status());
    let l = lang();
    view! {
        <Title text=error.sentence(l) />
        <main class="alone" id="main">
            <h1>{error.sentence(l)}</h1>
            <p><a href="/documents">{nav::back_to_documents(l)}</a></p>
        </main>
    }
}

#[component]
pub fn Desk(actor: Actor, tree: Option<Tree>, active: &'static str, children: Children) -> impl IntoView {
    let l = lang();
    let sign_out = ServerAction::<SignOut>::new();
    keyboard("form.editor");
    show_current(".menu");
    let item = move |key: &'static str, href: &'static str, word: &'static str, icon: &'static str| {
        let current = (key == active).then_some("page");
        let short = match key {
            "overview" => Some("g u"),
            "documents" => Some("g m"),
            "evidence" => Some("g n"),
            "reviews" => Some("g p"),
            "releases" => Some("g f"),
            _ => None,
        };
        view! {
            <li>
                <a href=href aria-current=current data-key=short>
                    <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="1.3" d=icon></path></svg>
                    {word}
                </a>
            </li>
        }
    };
    let held = actor.roles.clone();
    let can = move |a: Action| held.iter().any(|r| allowed(*r, a));
    let roles = actor.roles.iter().map(|r| role::word(l, r.as_str())).collect::<Vec<_>>().join(", ");
    view! {
        <a class="skip" href="#main">{nav::skip(l)}</a>
        <div class="desk">
            <aside class="side">
                <Organisations actor=actor.clone() />
                {(active != "search").then(|| view! {
                    <form class="side-search" action="/search" method="get" role="search">
                        <label for="side-q" class="unseen">{nav::search(l)}</label>
                        <input id="side-q" name="q" type="search" data-key="/" autocomplete="off" maxlength="300" placeholder=nav::search(l) />
                    </form>
                })}
                <nav aria-label=nav::menu(l)>
                    <ul class="menu">
                        {item("overview", "/", nav::overview(l), "M2 8 8 2.500 14 8M4 6.500V13.500h3v-4h2v4h3V6.500")}
                        {item("documents", "/documents", nav::documents(l), "M4 1.500h5.500L13 5v9.500H4ZM9.500 1.500V5H13M6 8h5M6 10.500h5")}
                        {item("reviews", "/reviews", nav::reviews(l), "M3 2.500h10v11H3ZM5.500 6.500l1.500 1.500 3-3M5.500 11h5")}
                        {item("findings", "/findings", nav::findings(l), "M8 1.500 1 13.500h14ZM8 6v4M8 11.500v1")}
                        {item("evidence", "/evidence", nav::evidence(l), "M12.500 7.500 8 12a3 3 0 0 1-4.200-4.200L9 2.600a2 2 0 0 1 2.800 2.800L6.900 10.300a1 1 0 0 1-1.400-1.400L9.800 4.700")}
                        {item("releases", "/releases", nav::releases(l), "M8 1.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM5.500 8.800 4.500 14.500 8 12.800l3.500 1.700-1-5.700")}
                        {item("customers", "/customers", nav::customers(l), "M6 2a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5ZM1.500 14v-1a4.500 4.500 0 0 1 9 0v1M10.500 2.300a2.500 2.500 0 0 1 0 4.400M12 9a4.500 4.500 0 0 1 2.500 4v1")}
                        {item("subprocessors", "/subprocessors", nav::subprocessors(l), "M3 2.500h4v4H3ZM9 9.500h4v4H9ZM5 6.500v5h4")}
                        {can(Action::ReadMembers).then(|| item("members", "/members", nav::members(l), "M8 2a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5ZM3 14v-1a5 5 0 0 1 10 0v1"))}
                        {can(Action::ReadMembers).then(|| item("tokens", "/tokens", nav::tokens(l), "M5.500 4 1.500 8l4 4M10.500 4l4 4-4 4M9 2.500 7 13.500"))}
                        {can(Action::ReadAudit).then(|| item("audit", "/audit", nav::audit(l), "M4 1.500h8v13H4ZM6.500 5h3M6.500 8h3M6.500 11h3"))}
                    </ul>
                </nav>
                {tree.map(|t| view! { <Sections tree=t /> })}
                <div class="who">
                    <span class="face" aria-hidden="true">{initials(&actor.name)}</span>
                    <span class="who-name">{actor.name.clone()}<small>{roles}</small></span>
                    <ActionForm action=sign_out><button class="quiet small" type="submit">{nav::sign_out(l)}</button></ActionForm>
                    <Languages />
                </div>
                <Keys />
            </aside>
            <main id="main" class="work">{children()}</main>
        </div>
    }
}

/// The other language. A plain form: the whole page is asked for again, its frame and all.
#[component]
pub fn Languages() -> impl IntoView {
    let l = lang();
    let here = use_location().pathname.get_untracked();
    let (tag, word) = match l {
        Lang::De => (Lang::En.tag(), nav::english(l)),
        Lang::En => (Lang::De.tag(), nav::german(l)),
    };
    view! {
        <form action=SetLanguage::PATH method="post">
            <input type="hidden" name="language" value=tag />
            <input type="hidden" name="next" value=here />
            <button class="quiet small" type="submit" lang=tag>{word}</button>
        </form>
    }
}

#[component]
fn Organisations(actor: Actor) -> impl IntoView {
    let l = lang();
    let switch = ServerAction::<Switch>::new();
    let count = actor.organisations.len();
    let others: Vec<_> =
        actor.organisations.iter().filter(|(id, _)| *id != actor.organisation).cloned().collect();
    let head = view! {
        <span class="badge" aria-hidden="true">{initials(&actor.organisation_name)}</span>
        <span class="org-name"><strong>{actor.organisation_name.clone()}</strong><small>{nav::of_clients(l, count)}</small></span>
    };
    if others.is_empty() {
        return view! { <div class="org">{head}</div> }.into_any();
    }
    let forms = others.into_iter().map(move |(id, name)| {
        view! {
            <ActionForm action=switch>
                <input type="hidden" name="organisation" value=id.to_string() />
                <button type="submit">{name}</button>
            </ActionForm>
        }
    });
    view! { <details class="org-switch"><summary class="org">{head}</summary><div class="org-list">{forms.collect_view()}</div></details> }.into_any()
}

#[component]
fn Sections(tree: Tree) -> impl IntoView {
    let l = lang();
    let rows = tree.headings.into_iter().map(|h| {
        let href = format!("/documents/{}#{}", tree.document, h.code);
        view! {
            <li class=if h.section { "section" } else { "goal" }>
                <a href=href><span class="code">{h.code}</span><span class="name">{h.title}</span><span class="count">{h.count}</span></a>
            </li>
        }
    });
    view! {
        <nav class="tree" aria-label=nav::sections(l)>
            <h2><a href=format!("/documents/{}", tree.document)>{tree.title.clone()}</a></h2>
            <ul>{rows.collect_view()}</ul>
        </nav>
    }
}
