//! The customer's page: who, which version, what changed since theirs, what they must look at, and the PDF. No account, no
//! script.

use super::api::{Ended, open_share};
use crate::components::{Languages, Refused, change_line, scope_word, shown_date};
use crate::context::{lang, status};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tomfolio_domain::evidence::Freshness;
use tomfolio_domain::organisations::initials;
use tomfolio_domain::shares::{Answer, Item, SharePage};
use tomfolio_locales::{Lang, share as w};

#[component]
pub fn OpenPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let asked = token.clone();
    // A resource asks once, however often the page is rendered: each opening is counted.
    let found = Resource::new(move || asked.clone(), open_share);
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match found.await {
                        Ok(Ok(page)) => view! { <Sheet p=page token=token /> }.into_any(),
                        Ok(Err(ended)) => view! { <Closed ended=ended /> }.into_any(),
                        Err(error) => view! { <Refused error=error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// A link that opens nothing names nothing, and says whom to ask.
#[component]
fn Closed(ended: Ended) -> impl IntoView {
    let l = lang();
    let (code, heading, text) = match ended {
        Ended::Unknown => (404, w::unknown(l), w::gone_text(l)),
        Ended::Gone => (410, w::gone(l), w::gone_text(l)),
        Ended::Withdrawn => (410, w::withdrawn(l), w::withdrawn_text(l)),
    };
    status(code);
    view! {
        <Title text=heading />
        <main class="alone" id="main"><h1>{heading}</h1><p>{text}</p><Languages /></main>
    }
}

#[component]
fn Sheet(p: SharePage, token: String) -> impl IntoView {
    let l = lang();
    let contract = (!p.contract.is_empty()).then(|| format!(", {}", p.contract));
    let items = p.checklist.iter().map(|(item, answer)| line(l, *item, answer)).collect_view();
    let changes = p.changes.clone().map(|changes| {
        let none = changes.is_empty();
        let lines = changes.iter().map(change_line).collect_view();
        view! {
            <section class="card pane" id="changes">
                <h2>{if p.known == 0 { w::changed_against(l, p.number.saturating_sub(1)) } else { w::changed_since(l, p.known) }}</h2>
                {none.then(|| view! { <p class="muted">{w::unchanged(l)}</p> })}
                <ul class="changes">{lines}</ul>
            </section>
        }
    });
    let file = p.pdf_sha256.clone().map(|sha256| view! {
        <p class="actions"><a class="button primary" href=format!("/s/{token}/pdf") download>{w::download(l)}</a>
        <span class="small muted">{w::size(l, p.pdf_size.div_ceil(1_000))}</span></p>
        <p class="small muted hash">{w::file_hash(l, sha256)}</p>
    });
    let waiting = p.pdf_sha256.is_none();
    view! {
        <Title text=w::heading(l, p.number, &p.title) />
        <header class="share-head">
            <span class="badge" aria-hidden="true">{initials(&p.organisation)}</span>
            <span class="org-name"><strong>{p.organisation.clone()}</strong><small class="muted">{w::kicker(l)}</small></span>
            <Languages />
        </header>
        <main class="share" id="main">
            <p class="muted">{w::for_whom(l, &p.customer)}{contract}</p>
            <h1>{w::heading(l, p.number, &p.title)}</h1>
            <div class="columns">
                <div class="main-column">
                    <section class="card pane current">
                        <h2>{w::in_force(l)}</h2>
                        <p>{w::released(l, &p.released_at, &p.released_by, &p.organisation)}</p>
                        {file}
                        {waiting.then(|| view! { <p>{w::waiting(l)}</p> })}
                        <p class="small">{w::check(l, &p.organisation)}" "<a href="/echt">{w::check_here(l)}</a></p>
                    </section>
                    {changes}
                </div>
                <div class="right">
                    <section class="card pane"><h2>{w::checklist(l)}</h2><ul class="checklist">{items}</ul></section>
                </div>
            </div>
        </main>
    }
}

fn line(l: Lang, item: Item, answer: &Answer) -> impl IntoView + use<> {
    let until = |d: &Option<jiff::civil::Date>| match d {
        Some(d) => w::cert_until(l, shown_date(l, *d)),
        None => w::cert_open(l).to_owned(),
    };
    let (class, words) = match answer {
        Answer::Unsaid => ("later", w::unsaid(l).to_owned()),
        Answer::Scopes { scopes } => {
            ("yes", scopes.iter().map(|s| scope_word(l, *s)).collect::<Vec<_>>().join(", "))
        }
        Answer::AsOf { date, old: false } => ("yes", w::as_of(l, shown_date(l, *date))),
        Answer::AsOf { date, old: true } => ("no", w::as_of_old(l, shown_date(l, *date))),
        Answer::Implemented { done, of } => {
            (if done == of { "yes" } else { "now" }, w::implemented_n(l, done, of))
        }
        Answer::Deviations { not_applicable: 0, gaps: 0 } => ("yes", w::deviations_none(l).to_owned()),
        Answer::Deviations { not_applicable, gaps } => ("now", w::deviations_n(l, gaps, not_applicable)),
        Answer::Reviewed { on, next, old } => {
            let last = w::reviewed_on(l, shown_date(l, *on));
            let next = next.map(|d| w::review_next(l, shown_date(l, d))).unwrap_or_default();
            (if *old { "no" } else { "yes" }, format!("{last}{next}"))
        }
        Answer::Findings { major: 0, other: 0 } => ("yes", w::findings_none(l).to_owned()),
        Answer::Findings { major, other } => {
            (if *major > 0 { "no" } else { "now" }, w::findings_open(l, major, other))
        }
        Answer::Certificates { all, worst } => (
            match worst {
                Freshness::Expired => "no",
                Freshness::Ending | Freshness::NotYetValid => "now",
                Freshness::Valid | Freshness::Undated => "yes",
            },
            all.iter().map(|(title, d)| format!("{title} ({})", until(d))).collect::<Vec<_>>().join("; "),
        ),
    };
    view! { <li class=class><strong>{w::word(l, item.as_str())}</strong><span class="muted">{words}</span></li> }
}
