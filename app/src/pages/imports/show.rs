//! The draft: what the source says, what it becomes, and where somebody should look.

use super::against::Beside;
use super::api::{Against, Change, Discard, Judge, Merge, Take, TakeBack, find_import};
use super::hand::{Hand, Made, NotTakenList};
use crate::components::{page_of, stored};
use crate::context::lang;
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::import::changes::{self, NodeKey};
use tomfolio_domain::import::{Kind, Node, Repair};
use tomfolio_domain::imports::ImportSheet;
use tomfolio_locales::{document as d, goal, import as w, nav};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let judge = ServerAction::<Judge>::new();
    let take = ServerAction::<Take>::new();
    let discard = ServerAction::<Discard>::new();
    let change = ServerAction::<Change>::new();
    let back = ServerAction::<TakeBack>::new();
    let (choose, merge) = (ServerAction::<Against>::new(), ServerAction::<Merge>::new());
    let query = use_location().query;
    let at = move || query.with(|q| q.get("at").and_then(|k| k.parse().ok()));
    let refused = move || query.with(|q| q.get("refused").filter(|r| !r.is_empty()));
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let judged = stored(*judge);
    let (changed, taken_back, chosen) = (stored(*change), stored(*back), stored(*choose));
    let found = Resource::new(
        move || (id(), judged.get(), changed.get(), taken_back.get(), chosen.get()),
        |(id, ..)| find_import(id),
    );
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", move |s, _| view! { <Sheet s=s at=at() refused=refused() judge=judge take=take discard=discard change=change back=back choose=choose merge=merge /> })
            })}
        </Suspense>
    }
}

#[component]
fn Sheet(
    s: ImportSheet,
    at: Option<NodeKey>,
    refused: Option<String>,
    judge: ServerAction<Judge>,
    take: ServerAction<Take>,
    discard: ServerAction<Discard>,
    change: ServerAction<Change>,
    back: ServerAction<TakeBack>,
    choose: ServerAction<Against>,
    merge: ServerAction<Merge>,
) -> impl IntoView {
    let l = lang();
    let (leaves, total) = (s.found.leaves().len(), s.found.repairs.len());
    let left = s
        .found
        .repairs
        .iter()
        .filter(|r| !s.confirmed.contains(&r.key()) && !s.undone.contains(&r.key()))
        .count();
    let heading = if left == 0 {
        w::read_all(l, &s.file_name, leaves)
    } else {
        w::read_look(l, &s.file_name, leaves, left)
    };
    let id = s.id.to_string();
    let (a, sheet) = (s.account, s.clone());
    let places = changes::keys(&s.found.nodes);
    let source = s.source.iter().enumerate().map(|(i, text)| {
        let no = i as u32 + 1;
        let mark = s.found.repairs.iter().find(|r| r.line == no).map(|r| w::word(l, r.kind.as_str()));
        let out = s.found.not_taken.iter().find(|n| n.line == no).map(|n| w::word(l, n.reason.as_str()));
        let class = if out.is_some() { "src out" } else if mark.is_some() { "src mark" } else { "src" };
        let begins = places.iter().find(|(k, _)| k.line == no).map(|(k, _)| *k);
        let class = if begins.is_some() && begins == at { format!("{class} open") } else { class.to_owned() };
        let words = match begins {
            // What begins in this line: the way from the source to its place in the tree.
            Some(k) => view! { <a href=format!("?at={k}#hand")>{text.clone()}</a> }.into_any(),
            None => view! { <span>{text.clone()}</span> }.into_any(),
        };
        view! { <li class=class id=format!("l{no}") value=no.to_string()>{words}{mark.or(out).map(|m| view! { <small>{m}</small> })}</li> }
    });
    let depths = depths(&s.found.nodes);
    let tree = changes::keys(&s.found.nodes).into_iter().zip(depths).map(|((key, n), depth)| {
        let words = n.title.clone().or_else(|| n.text.clone()).unwrap_or_default();
        let label = n.label.clone().map(|x| view! { <strong>{x}": "</strong> });
        let open = at == Some(key);
        let class = format!("node depth-{} {}{}", depth.min(5), if n.kind.is_leaf() { "leaf" } else { "branch" }, if open { " open" } else { "" });
        let marks = (n.kind == Kind::Statement).then(|| w::word(l, "statement")).into_iter();
        let marks = marks.chain(n.goals.iter().map(|g| goal::word(l, g.as_str()))).collect::<Vec<_>>().join(", ");
        view! {
            <li class=class>
                <span class="code">{n.code.clone()}</span>
                <a href=format!("?at={key}#hand") aria-current=open.then_some("true") title=w::line(l, n.line)>{label}{words}</a>
                {n.definition.clone().map(|d| view! { <em class="definition">{d}</em> })}
                {(!marks.is_empty()).then(|| view! { <small class="muted">{marks}</small> })}
            </li>
        }
    });
    let (confirmed, undone) = (s.confirmed.clone(), s.undone.clone());
    let repairs = s
        .found
        .repairs
        .iter()
        .map(|r| {
            let state = if confirmed.contains(&r.key()) {
                State::Confirmed
            } else if undone.contains(&r.key()) {
                State::Undone
            } else {
                State::Open
            };
            view! { <RepairRow r=r.clone() state=state id=id.clone() judge=judge /> }
        })
        .collect_view();
    let scheme = match s.scheme {
        Scheme::Nine => d::scheme_nine(l),
        Scheme::Abcd => d::scheme_abcd(l),
    };
    let (id_discard, id_take, id_all) = (id.clone(), id.clone(), id);
    let title = if s.found.title.is_empty() { s.file_name.clone() } else { s.found.title.clone() };
    let named = title.clone();
    view! {
        <Title text=heading.clone() />
        <header class="head">
            <div>
                <p class="crumbs"><a href="/documents">{nav::documents(l)}</a>" / "{w::crumb(l)}</p>
                <h1>{heading}</h1>
                <p class="muted">{w::nothing_stored(l)}</p>
            </div>
            <div class="actions">
                <ActionForm action=discard><input type="hidden" name="id" value=id_discard /><button type="submit">{w::discard(l)}</button></ActionForm>
                <ActionForm action=take>
                    <input type="hidden" name="id" value=id_take />
                    <input class="title-field" name="title" value=title maxlength="300" required aria-label=d::title(l) />
                    <button class="primary" type="submit" disabled=move || take.pending().get()>{w::take(l)}</button>
                </ActionForm>
            </div>
        </header>
        {refused.map(|r| view! { <p class="alert" role="alert">{told(&r, l)}</p> })}
        <p class="account small">{w::account(l, a.not_taken, a.source, a.structure, a.source.saturating_sub(a.structure + a.not_taken))}</p>
        <Beside s=sheet.clone() choose=choose merge=merge />
        <div class="import">
            <section class="card"><h2 class="pane-head">{w::source(l)}<small>{w::lines(l, s.source.len())}</small></h2><ol class="source" tabindex="0">{source.collect_view()}</ol></section>
            <section class="card"><h2 class="pane-head">{w::becomes(l)}<small>{scheme}</small></h2><ul class="becomes" tabindex="0"><li class="node depth-0 branch"><span class="code muted">{d::title(l)}</span><span>{named}</span></li>{tree.collect_view()}</ul></section>
            <div class="stack">
            {at.map(|at| view! { <section class="card" id="hand"><h2 class="pane-head">{w::change_head(l)}</h2><Hand s=sheet.clone() at=at change=change /></section> })}
            <section class="card" id="repairs">
                <h2 class="pane-head">{w::look(l)}<small>{w::confirmed_of(l, total - left, total)}</small></h2>
                {(left > 0).then(|| view! {
                    <ActionForm action=judge attr:class="pane">
                        <input type="hidden" name="id" value=id_all /><input type="hidden" name="repair" value="all" /><input type="hidden" name="verdict" value="confirm" />
                        <button type="submit">{w::confirm_all(l)}</button>
                    </ActionForm>
                })}
                {(total == 0).then(|| view! { <p class="pane muted">{w::no_repairs(l)}</p> })}
                <ul class="repairs">{repairs}</ul>
            </section>
            <NotTakenList s=sheet.clone() change=change />
            <Made s=sheet.clone() back=back />
            </div>
        </div>
    }
}

/// How deep each node stands, in reading order.
fn depths(nodes: &[Node]) -> Vec<usize> {
    fn go(nodes: &[Node], depth: usize, out: &mut Vec<usize>) {
        for n in nodes {
            out.push(depth);
            go(&n.children, depth + 1, out);
        }
    }
    let mut out = Vec::new();
    go(nodes, 0, &mut out);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Confirmed,
    Undone,
}

#[component]
fn RepairRow(r: Repair, state: State, id: String, judge: ServerAction<Judge>) -> impl IntoView {
    let l = lang();
    let key = r.key().to_string();
    let button = |verdict: &'static str, word: &'static str, class: &'static str| {
        let (id, key) = (id.clone(), key.clone());
        view! {
            <ActionForm action=judge>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="repair" value=key />
                <input type="hidden" name="verdict" value=verdict />
                <button class=class type="submit">{word}</button>
            </ActionForm>
        }
    };
    let class = match state {
        State::Open => "open",
        State::Confirmed => "yes",
        State::Undone => "no",
    };
    view! {
        <li class=class>
            <strong>{w::line(l, r.line)}": "{w::word(l, r.kind.as_str())}</strong>
            <p class="small"><del>{r.before.clone()}</del>" → "<ins>{r.after.clone()}</ins></p>
            <div class="actions">
                {(state != State::Confirmed).then(|| button("confirm", w::right(l), "small primary"))}
                {(state != State::Undone).then(|| button("undo", w::undo(l), "small"))}
                {(state == State::Undone).then(|| view! { <span class="small muted">{w::undone(l)}</span> })}
            </div>
        </li>
    }
}
