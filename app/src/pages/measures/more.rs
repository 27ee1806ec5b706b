//! What is done to a measure seldom: its order, another heading, two of one, one of two, a copy, retiring.

use super::show::Forms;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::measures::{MeasureSheet, cuts};
use tomfolio_locales::measure as w;

#[component]
pub fn More(m: MeasureSheet, f: Forms) -> impl IntoView {
    let l = lang();
    let targets = m
        .targets
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name.clone()}</option> })
        .collect_view();
    let offered = cuts(&m.content.text);
    let cuttable = !offered.is_empty();
    let places = offered
        .into_iter()
        .map(|(at, words)| view! { <option value=at.to_string()>{words}</option> })
        .collect_view();
    let (id, based_on) = (m.id.to_string(), m.revision.to_string());
    let hidden = {
        let (id, based_on) = (id.clone(), based_on.clone());
        move || view! { <input type="hidden" name="id" value=id.clone() /><input type="hidden" name="based_on" value=based_on.clone() /> }
    };
    let (for_split, for_join) = (hidden.clone(), hidden.clone());
    let one = move |direction: &'static str, word: &'static str| {
        let id = id.clone();
        view! { <ActionForm action=f.shift><input type="hidden" name="id" value=id /><input type="hidden" name="direction" value=direction /><button type="submit">{word}</button></ActionForm> }
    };
    let (up, down) = (one("up", w::up(l)), one("down", w::down(l)));
    view! {
        <details class="card pane more">
            <summary>{w::more(l)}</summary>
            <div class="actions">
                {up}{down}
                <ActionForm action=f.copy><input type="hidden" name="id" value=m.id.to_string() /><button type="submit" disabled=move || f.copy.pending().get()>{w::duplicate(l)}</button></ActionForm>
            </div>
            <ActionForm action=f.moved attr:class="form">
                <input type="hidden" name="id" value=m.id.to_string() />
                <label for="parent">{w::move_under(l)}</label>
                <select id="parent" name="parent">{targets}</select>
                <button type="submit">{w::move_submit(l)}</button>
            </ActionForm>
            {cuttable.then(|| view! {
                <ActionForm action=f.split attr:class="form" attr:id="split">
                    {for_split()}
                    <label for="at">{w::split_at(l)}</label>
                    <select id="at" name="at">{places}</select>
                    <label for="second">{w::split_label(l)}</label>
                    <input id="second" name="label" maxlength="200" />
                    <button type="submit" disabled=move || f.split.pending().get()>{w::split(l)}</button>
                </ActionForm>
            })}
            {m.beside.clone().map(|(other, name)| view! {
                <ActionForm action=f.join attr:class="form" attr:id="join">
                    {for_join()}
                    <input type="hidden" name="other" value=other.to_string() />
                    <p class="small muted">{w::join_means(l, name)}</p>
                    <button type="submit" disabled=move || f.join.pending().get()>{w::join(l)}</button>
                </ActionForm>
            })}
            <ActionForm action=f.retire attr:class="form">
                {hidden()}
                <label for="retire-reason">{w::retire_reason(l)}</label>
                <input id="retire-reason" name="reason" required />
                <button class="danger" type="submit" disabled=move || f.retire.pending().get()>{w::retire(l)}</button>
            </ActionForm>
        </details>
    }
}
