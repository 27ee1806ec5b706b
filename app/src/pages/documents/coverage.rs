//! Coverage: the same measures seen through every catalogue, as a picture and as tables; and the outline that the document has.

use super::api::{LayOut, find_coverage};
use crate::components::{Refusal, page_of, stored};
use crate::context::lang;
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::catalogues::CatalogueCode;
use tomfolio_domain::documents::{Cell, Coverage, Covered, LAYOUTS, Row};
use tomfolio_domain::ids::MeasureId;
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{Lang, catalogue, coverage as w, document as d, goal};

#[component]
pub fn CoveragePage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let lay_out = ServerAction::<LayOut>::new();
    let done = stored(*lay_out);
    let found = Resource::new(move || (id(), done.get()), |(id, _)| find_coverage(id));
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |c, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditDocument));
                    view! { <Sheet c=c may=may lay_out=lay_out /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn Sheet(c: Coverage, may: bool, lay_out: ServerAction<LayOut>) -> impl IntoView {
    let l = lang();
    let titles: Vec<&'static str> =
        c.catalogues.iter().filter_map(|k| k.catalogue).map(|k| short(l, k)).collect();
    let tables = c.catalogues.iter().map(|k| table(l, k)).collect::<Vec<_>>();
    let form = may.then(|| layout_form(l, &c, lay_out));
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    view! {
        <Title text=w::title(l) />
        <header class="head"><div>
            <p class="crumbs"><a href=format!("/documents/{}", c.document)>{c.document_title.clone()}</a></p>
            <h1>{w::title(l)}</h1>
            <p class="muted">{w::lead(l)}" "<a href="/catalogues">{tomfolio_locales::titles::title(l)}</a></p>
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || lay_out.value().get().and_then(Result::err)) />
        {form}
        <section class="card pane">
            <h2>{w::matrix(l)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=w::matrix(l)>{matrix(l, &c.rows, &titles)}</div>
        </section>
        <div class="coverage">{tables}</div>
    }
}

/// A catalogue's name in three words.
fn short(l: Lang, code: CatalogueCode) -> &'static str {
    catalogue::word(l, &code.as_str().replace(['-', '.'], "_"))
}

/// The outline that the document has, and another.
fn layout_form(l: Lang, c: &Coverage, lay_out: ServerAction<LayOut>) -> impl IntoView + use<> {
    let (now, document) = (c.layout, c.document.to_string());
    let options = LAYOUTS
        .into_iter()
        .map(
            |code| view! { <option value=code.as_str() selected=now == Some(code)>{short(l, code)}</option> },
        )
        .collect::<Vec<_>>();
    view! {
        <section class="card pane" id="layout">
            <ActionForm action=lay_out attr:class="form">
                <input type="hidden" name="document" value=document />
                <label>{d::layout(l)}<select name="layout"><option value="" selected=now.is_none()>{d::layout_own(l)}</option>{options}</select></label>
                <p class="small muted">{d::layout_means(l)}</p>
                <div class="actions"><button class="primary" type="submit">{d::layout_switch(l)}</button></div>
            </ActionForm>
        </section>
    }
}

/// Rows are our 22 goals, columns the catalogues; a field names the codes under which a goal stands there. The word says what the
/// shape shows: a full field is covered, an empty one is not.
fn matrix(l: Lang, rows: &[Row], titles: &[&'static str]) -> impl IntoView + use<> {
    let heads = titles.iter().map(|t| view! { <th scope="col">{*t}</th> }).collect::<Vec<_>>();
    let lines = rows.iter().map(|r| {
        let served = r.measures > 0;
        let fields = r.codes.iter().map(|codes| {
            let (class, word) = match (codes.is_empty(), served) {
                (true, _) => ("none", w::no_place(l)),
                (false, true) => ("full", w::covered(l)),
                (false, false) => ("gap", w::uncovered(l)),
            };
            // The Standard-Datenschutzmodell names its goals by words: their beginnings do here, the table has them whole.
            let shown: Vec<String> = codes.iter().map(|c| if c.len() > 6 { format!("{}.", c.chars().take(5).collect::<String>()) } else { c.clone() }).collect();
            let shown = shown.join(" ");
            view! { <td class=class title=word><span class="dot" aria-hidden="true"></span><span class="codes">{shown}</span><span class="unseen">{word}</span></td> }
        });
        let fields = fields.collect::<Vec<_>>();
        view! { <tr><th scope="row">{goal::word(l, r.goal.as_str())}<small class="muted">{w::measures_n(l, r.measures)}</small></th>{fields}</tr> }
    });
    let lines = lines.collect::<Vec<_>>();
    view! { <table class="matrix"><thead><tr><th scope="col">{w::goal(l)}</th>{heads}</tr></thead><tbody>{lines}</tbody></table> }
}

fn links(of: &[(MeasureId, String)]) -> impl IntoView + use<> {
    of.iter()
        .map(|(id, code)| view! { <a href=format!("/measures/{id}")>{if code.is_empty() { "–".to_owned() } else { code.clone() }}</a>" " })
        .collect::<Vec<_>>()
}

fn table(l: Lang, k: &Covered) -> impl IntoView + use<> {
    let gaps = k.gaps();
    let summary = if gaps == 0 { w::gaps_none(l).to_owned() } else { w::gaps_n(l, gaps) };
    let rows = k.cells.iter().map(|c: &Cell| {
        let empty = c.measures.is_empty();
        let at = if empty { view! { <span class="no">{w::uncovered(l)}</span> }.into_any() } else { links(&c.measures).into_any() };
        view! { <tr class=empty.then_some("gap")><td class="code">{c.code.clone()}</td><td>{c.title.clone()}</td><td>{at}</td></tr> }
    });
    let rows = rows.collect::<Vec<_>>();
    let unplaced = (!k.unplaced.is_empty()).then(|| {
        view! { <p class="small"><strong>{w::unplaced_n(l, k.unplaced.len())}":"</strong>" "{links(&k.unplaced)}</p> }
    });
    view! {
        <details class="card pane" id=k.id.clone()>
            <summary><strong>{k.title.clone()}</strong>" "<span class=if gaps == 0 { "pill ok" } else { "pill warn" }>{summary}</span></summary>
            {(!k.note.is_empty()).then(|| view! { <p class="small muted">{k.note.clone()}</p> })}
            <div class="scroll" tabindex="0" role="region" aria-label=k.title.clone()>
                <table class="listing"><thead><tr><th scope="col">"#"</th><th scope="col">{w::goal(l)}</th><th scope="col">{w::measures(l)}</th></tr></thead><tbody>{rows}</tbody></table>
            </div>
            {unplaced}
            <p class="small muted">{if k.source.is_empty() { k.licence.clone() } else { w::source(l, &k.licence, &k.source) }}</p>
        </details>
    }
}
