//! What a release freezes, to be read as a whole before somebody signs it.

use crate::components::{Markdown, StatusMark, labelled};
use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::codes::short;
use tomfolio_domain::releases::SnapshotNode;
use tomfolio_locales::release as w;

/// `open` where nothing else tells what is in it: a first version has no changes to show.
#[component]
pub fn Frozen(nodes: Vec<SnapshotNode>, open: bool) -> impl IntoView {
    let l = lang();
    fn leaves(nodes: &[SnapshotNode]) -> usize {
        nodes.iter().map(|n| usize::from(n.kind.is_leaf()) + leaves(&n.children)).sum()
    }
    view! {
        <details class="card pane more" id="frozen" open=open>
            <summary>{w::frozen(l, leaves(&nodes))}</summary>
            <div class="frozen">{parts(&nodes, 0)}</div>
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
        let why = (!n.status_reason.is_empty()).then(|| format!(" · {}", n.status_reason));
        let owner = (!n.owner.is_empty()).then(|| format!(" · {}", n.owner));
        return view! {
            <div class="entry">
                <span class="code muted">{code}</span>
                <div>
                    <Markdown text=labelled(&n.label, &n.text) />
                    <p class="small muted">{n.status.map(|status| view! { <StatusMark status=status /> })}{owner}{why}</p>
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
