//! Changes by hand: what a person does to one place of the tree, and what was done so far.

use super::api::{Change, TakeBack};
use crate::components::scope_word;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::catalogues::{GoalKey, Why, propose};
use tomfolio_domain::import::changes::{self, NodeKey, Op};
use tomfolio_domain::import::{Kind, Scope};
use tomfolio_domain::imports::ImportSheet;
use tomfolio_domain::measures::GOALS;
use tomfolio_locales::{Lang, goal, import as w};

/// Places of a text that are offered at most.
const PLACES: usize = 40;

/// A small form with one button.
#[component]
fn Do(
    change: ServerAction<Change>,
    id: String,
    at: NodeKey,
    op: &'static str,
    #[prop(into, optional)] value: String,
    word: &'static str,
) -> impl IntoView {
    view! {
        <ActionForm action=change>
            <input type="hidden" name="id" value=id /><input type="hidden" name="at" value=at.to_string() />
            <input type="hidden" name="op" value=op /><input type="hidden" name="value" value=value />
            <button class="small" type="submit" disabled=move || change.pending().get()>{word}</button>
        </ActionForm>
    }
}

/// A small form with a list to choose from.
#[component]
fn Pick(
    change: ServerAction<Change>,
    id: String,
    at: NodeKey,
    op: &'static str,
    label: &'static str,
    children: Children,
) -> impl IntoView {
    let l = lang();
    view! {
        <ActionForm action=change attr:class="set-one">
            <input type="hidden" name="id" value=id /><input type="hidden" name="at" value=at.to_string() />
            <input type="hidden" name="op" value=op />
            <label for=op>{label}</label>
            <select id=op name="value">{children()}</select>
            <button class="small" type="submit">{w::set(l)}</button>
        </ActionForm>
    }
}

/// What can be done to the chosen place.
#[component]
pub fn Hand(s: ImportSheet, at: NodeKey, change: ServerAction<Change>) -> impl IntoView {
    let l = lang();
    let id = s.id.to_string();
    let for_goals = id.clone();
    let all = changes::keys(&s.found.nodes);
    let Some((_, n)) = all.iter().find(|(k, _)| *k == at) else {
        return view! { <p class="pane muted">{w::gone(l)}</p> }.into_any();
    };
    let leaf = n.kind.is_leaf();
    let words = n.title.clone().or_else(|| n.text.clone()).unwrap_or_default();
    let headings = changes::titles_above(&s.found.nodes, n);
    let proposals = propose(
        headings.iter().copied(),
        n.label.as_deref().unwrap_or_default(),
        n.text.as_deref().unwrap_or_default(),
    );
    let why = proposals.first().filter(|_| leaf && n.goals.is_empty()).map(|p| proposal(l, p.goal, &p.why));
    let option = |value: &'static str, word: String, on: bool| view! { <option value=value selected=on>{word}</option> };
    let kinds = Kind::ALL.map(|k| option(k.as_str(), w::word(l, k.as_str()).to_owned(), k == n.kind));
    let scopes = Scope::ALL.map(|k| option(k.as_str(), scope_word(l, k).to_owned(), k == n.scope));
    // A measure serves up to three goals, the first is its place.
    let goal_fields = (0..GOALS)
        .map(|i| {
            let at = n.goals.get(i).copied();
            let none = if i == 0 { w::no_goal(l) } else { "–" };
            let options = GoalKey::ALL
                .map(|k| option(k.as_str(), goal::word(l, k.as_str()).to_owned(), Some(k) == at))
                .into_any();
            let (name, id) = (if i == 0 { "value".to_owned() } else { format!("more[{}]", i - 1) }, format!("goals-{i}"));
            view! { <select id=id name=name aria-label=w::goal(l)>{option("", none.to_owned(), at.is_none())}{options}</select> }
        })
        .collect_view();
    let text = n.text.clone().unwrap_or_default();
    let cuts = if leaf { places(&text) } else { Vec::new() };
    let act = |op: &'static str, word: &'static str| view! { <Do change=change id=id.clone() at=at op=op word=word /> };
    view! {
        <div class="pane hand">
            <p><strong><a href=format!("#l{}", at.line)>{w::line(l, at.line)}</a></strong>" "<span class="muted">{n.code.clone().unwrap_or_default()}</span></p>
            <blockquote>{n.label.clone().map(|x| view! { <strong>{x}": "</strong> })}{words}</blockquote>
            <div class="actions">
                {act("out", w::level_up(l))}{act("in", w::level_down(l))}{act("up", w::up(l))}{act("down", w::down(l))}
                {leaf.then(|| act("merge", w::merge(l)))}{act("ignore", w::ignore(l))}
            </div>
            <Pick change=change id=id.clone() at=at op="kind" label=w::kind(l)>{kinds.into_any()}</Pick>
            <Pick change=change id=id.clone() at=at op="scope" label=w::scope(l)>{scopes.into_any()}</Pick>
            <ActionForm action=change attr:class="set-one goals">
                <input type="hidden" name="id" value=for_goals /><input type="hidden" name="at" value=at.to_string() />
                <input type="hidden" name="op" value="goals" />
                <label for="goals-0">{w::goal(l)}</label>
                <span class="three">{goal_fields}</span>
                <button class="small" type="submit">{w::set(l)}</button>
            </ActionForm>
            {why.map(|y| view! { <p class="small muted">{y}</p> })}
            {(!cuts.is_empty()).then(|| view! { <h3>{w::split_before(l)}</h3> })}
            <ul class="cuts">{cuts.into_iter().map(|(characters, next)| view! {
                <li><Do change=change id=id.clone() at=at op="split" value=characters.to_string() word=w::split(l) /><span class="small">"… "{next}</span></li>
            }).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// Where a text can be split: how many characters stand before, and what stands behind. Sentences, clauses and lines end there.
fn places(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut last = ' ';
    for (characters, (byte, c)) in text.char_indices().enumerate() {
        let ends = matches!(last, '.' | '!' | '?' | ';' | ':' | ',' | '\n') || c == '•' || c == '–';
        // What stands behind begins with a word.
        let begins = || c.is_whitespace() && text[byte..].trim_start().starts_with(char::is_alphanumeric);
        if characters > 0 && ends && out.len() < PLACES && begins() {
            out.push((characters, text[byte..].trim_start().chars().take(48).collect()));
        }
        last = c;
    }
    out
}

fn proposal(l: Lang, key: GoalKey, why: &Why) -> String {
    let name = goal::word(l, key.as_str());
    match why {
        Why::Heading(words) => w::proposed_heading(l, name, words),
        Why::Words(words) => w::proposed_words(l, name, words.join(", ")),
    }
}

/// Everything that was changed by hand, the last one to be taken back.
#[component]
pub fn Made(s: ImportSheet, back: ServerAction<TakeBack>) -> impl IntoView {
    let l = lang();
    let total = s.changes.len();
    let id = s.id.to_string();
    let rows = s.changes.iter().enumerate().rev().map(|(i, c)| {
        let lost = s.left_out.contains(&i);
        let what = match &c.op {
            Op::Kind(k) => format!("{}: {}", w::kind(l), w::word(l, k.as_str())),
            Op::Scope(k) => format!("{}: {}", w::scope(l), scope_word(l, *k)),
            Op::Goals(list) => {
                let names: Vec<&str> = list.iter().map(|g| goal::word(l, g.as_str())).collect();
                format!("{}: {}", w::goal(l), if names.is_empty() { w::no_goal(l).to_owned() } else { names.join(", ") })
            }
            Op::In => w::level_down(l).to_owned(),
            Op::Out => w::level_up(l).to_owned(),
            Op::Up => w::up(l).to_owned(),
            Op::Down => w::down(l).to_owned(),
            Op::Split(_) => w::split(l).to_owned(),
            Op::Merge => w::merge(l).to_owned(),
            Op::Ignore => w::ignore(l).to_owned(),
            Op::Take => w::take_line(l).to_owned(),
        };
        view! { <li class="small">{w::line(l, c.at.line)}": "{what}{lost.then(|| view! { <span class="muted">" ("{w::left_out(l)}")"</span> })}</li> }
    });
    view! {
        <section class="card" id="made">
            <h2 class="pane-head">{w::by_hand_head(l)}<small>{total}</small></h2>
            {if total == 0 {
                view! { <p class="pane muted">{w::no_changes(l)}</p> }.into_any()
            } else {
                view! {
                    <ActionForm action=back attr:class="pane"><input type="hidden" name="id" value=id /><button type="submit">{w::take_back(l)}</button></ActionForm>
                    <ul class="pane made">{rows.collect_view()}</ul>
                }
                .into_any()
            }}
        </section>
    }
}

/// What did not come in, each line with its way in.
#[component]
pub fn NotTakenList(s: ImportSheet, change: ServerAction<Change>) -> impl IntoView {
    let l = lang();
    let id = s.id.to_string();
    let total = s.found.not_taken.len();
    let rows = changes::not_taken_keys(&s.found.not_taken)
        .into_iter()
        .map(|(at, n)| {
            view! {
                <li>
                    <span class="small muted">{w::line(l, n.line)}", "{w::word(l, n.reason.as_str())}</span>
                    <span>{n.text.clone()}</span>
                    <Do change=change id=id.clone() at=at op="take" word=w::take_line(l) />
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" id="not-taken">
            <h2 class="pane-head">{w::not_taken(l)}<small>{total}</small></h2>
            {(total == 0).then(|| view! { <p class="pane muted">{w::all_taken(l)}</p> })}
            <ul class="not-taken">{rows}</ul>
        </section>
    }
}
