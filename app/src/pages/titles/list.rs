//! The catalogues that are shipped, with source, licence and validity, and the organisation's own title lists.

use super::api::{ImportTitles, RemoveTitles, list_titles};
use crate::components::{Refusal, TextArea, page_of, shown_date, stored};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::catalogues::{CatalogueCode, catalogue};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::titles::TitleList;
use tomfolio_locales::{Lang, titles as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let import = ServerAction::<ImportTitles>::new();
    let remove = ServerAction::<RemoveTitles>::new();
    let (imported, removed) = (stored(*import), stored(*remove));
    let found = Resource::new(move || (imported.get(), removed.get()), |_| list_titles());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |lists, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditDocument));
                    view! { <List lists=lists may=may import=import remove=remove /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(
    lists: Vec<TitleList>,
    may: bool,
    import: ServerAction<ImportTitles>,
    remove: ServerAction<RemoveTitles>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let shipped = CatalogueCode::ALL.map(|code| shipped(l, code));
    let none = lists.is_empty();
    let own = lists
        .into_iter()
        .map(|list| {
            let of = list.of.map_or_else(|| w::own(l).to_owned(), |c| catalogue(c).title.of(l.tag()).to_owned());
            let button = may.then(|| view! {
                <ActionForm action=remove><input type="hidden" name="id" value=list.id.to_string() /><button class="danger" type="submit">{w::remove(l)}</button></ActionForm>
            });
            view! {
                <li>
                    <span class="row-link"><strong>{list.name.clone()}</strong><span class="muted">{w::titles_n(l, list.titles.len())}" · "{of}</span><span class="small muted">{list.licence.clone()}</span></span>
                    {button}
                </li>
            }
        })
        .collect_view();
    view! {
        <Title text=w::title(l) />
        <header class="head"><div><h1>{w::title(l)}</h1><p class="muted">{w::lead(l)}</p></div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || import.value().get().and_then(Result::err)) />
        <Refusal of=Signal::derive(move || remove.value().get().and_then(Result::err)) />
        <section class="card">
            <h2 class="pane-head">{w::own_lists(l)}</h2>
            {none.then(|| view! { <p class="empty">{w::none(l)}</p> })}
            <ul class="rows">{own}</ul>
        </section>
        {may.then(|| view! { <Import import=import /> })}
        <section class="card">
            <h2 class="pane-head">{w::shipped(l)}</h2>
            <ul class="rows">{shipped}</ul>
        </section>
    }
}

fn shipped(l: Lang, code: CatalogueCode) -> impl IntoView {
    let c = catalogue(code);
    let from = w::valid_from(l, shown_date(l, c.valid_from));
    view! {
        <li>
            <span class="row-link">
                <strong>{c.title.of(l.tag()).to_owned()}</strong>
                <span class="muted">{w::goals_n(l, c.leaves().count())}" · "{from}</span>
                <span class="small muted">{c.licence.of(l.tag()).to_owned()}</span>
                <a class="small" href=c.source.url.clone() rel="noreferrer">{c.source.name.clone()}</a>
            </span>
        </li>
    }
}

#[component]
fn Import(import: ServerAction<ImportTitles>) -> impl IntoView {
    let l = lang();
    let options = CatalogueCode::ALL
        .into_iter()
        .map(|c| view! { <option value=c.as_str() selected=kept("of").as_deref() == Some(c.as_str())>{catalogue(c).title.of(l.tag()).to_owned()}</option> })
        .collect_view();
    view! {
        <section class="card form wide" id="import-titles">
            <h2>{w::import(l)}</h2>
            <p class="muted">{w::import_means(l)}</p>
            <ActionForm action=import attr:class="form">
                <label for="name">{w::name(l)}</label>
                <input id="name" name="name" required maxlength="120" value=kept("name") />
                <label for="licence">{w::licence(l)}</label>
                <input id="licence" name="licence" required maxlength="300" placeholder=w::licence_example(l) value=kept("licence") />
                <label for="of">{w::of(l)}</label>
                <select id="of" name="of"><option value="">{w::own(l)}</option>{options}</select>
                <label for="csv">{w::csv(l)}</label>
                <TextArea name="csv" id="csv" value=String::new() rows=8 required=true example="5.1;Titel" />
                <p class="small muted">{w::csv_means(l)}</p>
                <div class="actions"><button class="primary" type="submit">{w::submit(l)}</button></div>
            </ActionForm>
        </section>
    }
}
