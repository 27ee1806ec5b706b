//! A new measure under a section, goal, scope or group.

use super::api::AddMeasure;
use crate::components::{Refusal, TextArea, form_of};
use crate::context::{kept, lang};
use crate::error::told;
use crate::pages::documents;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_locales::{document as d, measure as w, nav};

#[component]
pub fn AddPage() -> impl IntoView {
    let l = lang();
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let asked = |key: &'static str| use_location().query.with_untracked(|q| q.get(key));
    let (under, refused) = (asked("under").unwrap_or_default(), asked("refused"));
    let found = Resource::new(move || id.clone(), documents::find);
    let add = ServerAction::<AddMeasure>::new();
    view! {
        <Title text=w::add_title(l) />
        <Suspense fallback=|| ()>
            {move || {
                let (under, refused) = (under.clone(), refused.clone());
                Suspend::new(async move {
                    form_of(found.await, "documents", tomfolio_domain::policy::Action::EditMeasure, |doc, _| view! {
                        <header class="head"><div>
                            <p class="crumbs"><a href=format!("/documents/{}", doc.id)>{doc.title.clone()}</a></p>
                            <h1>{w::add_title(l)}</h1>
                        </div></header>
                        {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
                        <Refusal of=Signal::derive(move || add.value().get().and_then(Result::err)) />
                        <ActionForm action=add attr:class="card form wide">
                            <input type="hidden" name="document" value=doc.id.to_string() />
                            <input type="hidden" name="parent" value=under />
                            <label for="label">{w::label(l)}</label>
                            <input id="label" name="label" maxlength="200" value=kept("label") />
                            <label for="text">{w::text(l)}</label>
                            <TextArea name="text" id="text" value=String::new() required=true />
                            <div class="actions"><a class="button" href=format!("/documents/{}", doc.id)>{nav::cancel(l)}</a><button class="primary" type="submit">{d::add(l)}</button></div>
                        </ActionForm>
                    })
                })
            }}
        </Suspense>
    }
}
