//! The only route table.

use crate::context::{lang, title_text};
use crate::pages::{
    audit, baselines, checks, documents, evidence, findings, hints, imports, measures, members, overview,
    promises, refused, releases, reviews, search, sessions, shares, subprocessors, titles, tokens,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The desk.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(lang());
    view! {
        <Title formatter=|t: String| title_text(if t.is_empty() { "Tomfolio".into() } else { format!("{t} · Tomfolio") }) />
        <Router>
            <Routes fallback=|| view! { <crate::components::Refused error=tomfolio_domain::error::DomainError::NotFound.into() /> }>
                <Route path=path!("/") view=overview::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=sessions::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/welcome/:token") view=sessions::WelcomePage ssr=SsrMode::Async />
                <Route path=path!("/documents") view=documents::ListPage ssr=SsrMode::Async />
                <Route path=path!("/documents/new") view=documents::NewPage ssr=SsrMode::Async />
                <Route path=path!("/documents/import") view=imports::NewPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id") view=documents::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/hints") view=hints::ListPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/promises") view=promises::ListPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/coverage") view=documents::CoveragePage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/baseline") view=baselines::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/description") view=documents::DescriptionPage ssr=SsrMode::Async />
                <Route path=path!("/documents/:id/add") view=measures::AddPage ssr=SsrMode::Async />
                <Route path=path!("/measures/:id") view=measures::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/evidence") view=evidence::ListPage ssr=SsrMode::Async />
                <Route path=path!("/evidence/new") view=evidence::NewPage ssr=SsrMode::Async />
                <Route path=path!("/evidence/:id") view=evidence::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/reviews") view=reviews::ListPage ssr=SsrMode::Async />
                <Route path=path!("/reviews/:id") view=reviews::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/reviews/:id/measures/:measure") view=reviews::JudgePage ssr=SsrMode::Async />
                <Route path=path!("/findings") view=findings::ListPage ssr=SsrMode::Async />
                <Route path=path!("/imports/:id") view=imports::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/members") view=members::ListPage ssr=SsrMode::Async />
                <Route path=path!("/tokens") view=tokens::ListPage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=audit::ListPage ssr=SsrMode::Async />
                <Route path=path!("/search") view=search::ListPage ssr=SsrMode::Async />
                <Route path=path!("/catalogues") view=titles::ListPage ssr=SsrMode::Async />
                <Route path=path!("/subprocessors") view=subprocessors::ListPage ssr=SsrMode::Async />
                <Route path=path!("/subprocessors/:id") view=subprocessors::EditPage ssr=SsrMode::Async />
                <Route path=path!("/customers") view=shares::ListPage ssr=SsrMode::Async />
                <Route path=path!("/s/:token") view=shares::OpenPage ssr=SsrMode::Async />
                <Route path=path!("/echt") view=checks::CheckPage ssr=SsrMode::Async />
                <Route path=path!("/refused") view=refused::ShowPage ssr=SsrMode::Async />
                <Route path=path!("/releases") view=releases::ListPage ssr=SsrMode::Async />
                <Route path=path!("/releases/:id") view=releases::ShowPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
