//! What a release freezes, to be read as a whole before somebody signs it.

use crate::components::{Markdown, StatusMark, labelled, scope_word, shown_date};
use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::codes::short;
use tomfolio_domain::measures::Status;
use tomfolio_domain::releases::{Content, SnapshotNode};
use tomfolio_locales::{evidence, measure, nav, processing_role, release as w};

/// `open` where nothing else tells what is in it: a first version has no changes to show.
#[component]
pub fn Frozen(content: Content, open: bool) -> impl IntoView {
    let l = lang();
    fn leaves(nodes: &[SnapshotNode]) -> usize {
        nodes.iter().map(|n| usize::from(n.kind.is_leaf()) + leaves(&n.children)).sum()
    }
    let roles: Vec<String> = content
        .scopes
        .iter()
        .filter_map(|s| {
            s.role.map(|r| format!("{}: {}", scope_word(l, s.scope), processing_role::word(l, r.as_str())))
        })
        .collect();
    let roles = roles.join(" · ");
    let proofs: Vec<_> = content
        .evidence
        .iter()
        .map(|e| {
            let until = e.valid_until.map(|d| evidence::until(l, shown_date(l, d)));
            view! { <li>{e.title.clone()}" ("{e.issuer.clone()}") · "{e.proves.join(", ")}{until.map(|u| format!(" · {u}"))}<br/><span class="muted hash">"SHA-256 "{e.sha256.clone()}</span></li> }
        })
        .collect();
    view! {
        <details class="card pane more" id="frozen" open=open>
            <summary>{w::frozen(l, leaves(&content.nodes))}</summary>
            {(!roles.is_empty()).then(|| view! { <p class="small">{roles}</p> })}
            <div class="frozen">{parts(&content.nodes, 0)}</div>
            {(!proofs.is_empty()).then(|| view! {
                <h3>{nav::evidence(l)}</h3>
                <ul class="small">{proofs}</ul>
            })}
        </details>
    }
}

fn parts(nodes: &[SnapshotNode], depth: usize) -> Vec<AnyView> {
    nodes.iter().map(|n| part(n, depth)).collect()
}

fn part(n: &SnapshotNode, depth: usize) -> AnyView {
    let l = lang();
    let code = short(n.code.as_deref().unwrap_or_default()).to_owned();
    if n.kind.is_leaf() {
        // As in the PDF: a reason belongs to what does not apply or deviates.
        let told = matches!(n.status, Some(Status::NotApplicable | Status::AcceptedGap));
        let why = told.then(|| format!(" · {}", n.status_reason));
        let gap =
            n.gap.as_ref().map(|g| format!(" · {}", measure::gap(l, &g.decided_by, shown_date(l, g.until))));
        let owner = (!n.owner.is_empty()).then(|| format!(" · {}", n.owner));
        return view! {
            <div class="entry">
                <span class="code muted">{code}</span>
                <div>
                    <Markdown text=labelled(&n.label, &n.text) />
                    <p class="small muted">{n.status.map(|status| view! { <StatusMark status=status /> })}{owner}{gap}{why}</p>
                </div>
            </div>
            {parts(&n.children, depth + 1)}
        }
        .into_any();
    }
    let title = format!("{code} {}", n.title);
    let heading = match depth {
        0 => view! { <h3>{title}</h3> }.into_any(),
        1 => view! { <h4>{title}</h4> }.into_any(),
        _ => view! { <p><strong>{title}</strong></p> }.into_any(),
    };
    view! {
        {heading}
        {n.definition.clone().map(|d| view! { <p class="muted">{d}</p> })}
        {n.empty_reason.clone().map(|r| view! { <p class="small muted">{w::left_empty(l, r)}</p> })}
        {parts(&n.children, depth + 1)}
    }
    .into_any()
}
