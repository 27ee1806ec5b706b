//! A newer file beside the document that it came from: what has changed, what is new, what is gone; a person chooses.

use super::api::{Against as Choose, Merge};
use crate::components::Diff;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::diff::Change;
use tomfolio_domain::import::changes::NodeKey;
use tomfolio_domain::imports::{Against, ImportSheet, Line};
use tomfolio_locales::import as w;

/// The choice of a document, and below it the two side by side.
#[component]
pub fn Beside(s: ImportSheet, choose: ServerAction<Choose>, merge: ServerAction<Merge>) -> impl IntoView {
    let l = lang();
    if s.documents.is_empty() {
        return ().into_any();
    }
    let id = s.id.to_string();
    let chosen = s.against.as_ref().map(|a| a.document);
    let options = s
        .documents
        .iter()
        .map(|(d, title)| view! { <option value=d.to_string() selected=chosen == Some(*d)>{title.clone()}</option> })
        .collect_view();
    let lines = s.against.clone().map(|a| view! { <Lines a=a id=id.clone() merge=merge /> });
    view! {
        <section class="card" id="against">
            <h2 class="pane-head">{w::newer(l)}</h2>
            <ActionForm action=choose attr:class="pane set-one">
                <input type="hidden" name="id" value=id.clone() />
                <label for="document">{w::newer_of(l)}</label>
                <select id="document" name="document"><option value="">{w::newer_none(l)}</option>{options}</select>
                <button type="submit">{w::compare(l)}</button>
            </ActionForm>
            {lines}
        </section>
    }
    .into_any()
}

#[component]
fn Lines(a: Against, id: String, merge: ServerAction<Merge>) -> impl IntoView {
    let l = lang();
    let count = |test: fn(&Line) -> bool| a.lines.iter().filter(|l| test(l)).count();
    let same = count(|l| matches!(l, Line::Same { .. }));
    let changed = count(|l| matches!(l, Line::Changed { .. }));
    let new = count(|l| matches!(l, Line::New { .. }));
    let gone = count(|l| matches!(l, Line::Gone { .. }));
    let title = a.title.clone();
    let row = |at: Option<NodeKey>,
               mark: &'static str,
               code: String,
               href: Option<String>,
               words: Vec<Change>| {
        let tick = at.map(|k| {
            let name = format!("line-{k}");
            view! { <input class="tick" type="checkbox" name="marks[]" value=k.to_string() checked=true aria-label=format!("{mark} {code}") id=name /> }
        });
        let code = match href {
            Some(href) => view! { <a href=href>{code}</a> }.into_any(),
            None => view! { <span>{code}</span> }.into_any(),
        };
        view! { <li><span>{tick}</span><span class="small"><strong>{mark}</strong>" "{code}</span><Diff changes=words /></li> }
    };
    let rows = a
        .lines
        .into_iter()
        .filter_map(|line| match line {
            Line::Same { .. } => None,
            Line::Changed { at, measure, code, words } => {
                Some(row(Some(at), w::line_changed(l), code, Some(format!("/measures/{measure}")), words))
            }
            Line::New { at, code, words } => {
                Some(row(Some(at), w::line_new(l), code, None, vec![Change::In(words)]))
            }
            Line::Gone { measure, code, words } => {
                let href = Some(format!("/measures/{measure}"));
                Some(row(None, w::line_gone(l), code, href, vec![Change::Out(words)]))
            }
        })
        .collect_view();
    view! {
        <p class="pane"><strong>{w::compared(l, changed, gone, new, same, title)}</strong></p>
        {(changed + new + gone == 0).then(|| view! { <p class="pane muted">{w::nothing_new(l)}</p> })}
        <ActionForm action=merge>
            <input type="hidden" name="id" value=id />
            <ul class="beside">{rows}</ul>
            {(gone > 0).then(|| view! { <p class="pane small muted">{w::gone_stays(l)}</p> })}
            {(changed + new > 0).then(|| view! { <p class="pane actions"><button class="primary" type="submit">{w::merge_chosen(l)}</button></p> })}
        </ActionForm>
    }
}
