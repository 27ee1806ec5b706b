//! A new document with the headings of a catalogue.

use super::api::CreateDocument;
use crate::components::{Refusal, form_of};
use crate::context::lang;
use crate::error::told;
use crate::pages::baselines::{From, list_baselines};
use crate::pages::sessions::current;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::codes::Scheme;
use tomfolio_locales::{document as w, error, nav};

#[component]
pub fn NewPage() -> impl IntoView {
    let l = lang();
    let found = Resource::new(|| (), |()| current());
    let baselines = Resource::new(|| (), |()| list_baselines());
    let create = ServerAction::<CreateDocument>::new();
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| match why.as_str() {
        "title" => error::missing(l, error::field_title(l)),
        why => told(why, l),
    });
    let refused = StoredValue::new(refused);
    let scheme = move |s: Scheme, checked: bool, name: &'static str, about: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="scheme" value=s.as_str() checked=checked />
                <span><strong>{name}</strong><small class="muted">{about}</small></span>
            </label>
        }
    };
    view! {
        <Title text=w::new(l) />
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let rows = baselines.await.unwrap_or_default();
                form_of(found.await, "documents", tomfolio_domain::policy::Action::CreateDocument, |(), _| view! {
                    <header class="head"><div>
                        <p class="crumbs"><a href="/documents">{nav::documents(l)}</a></p>
                        <h1>{w::new(l)}</h1>
                        <p class="muted">{w::new_text(l)}</p>
                    </div></header>
                    {refused.get_value().map(|why| view! { <p class="alert" role="alert">{why}</p> })}
                    <Refusal of=Signal::derive(move || create.value().get().and_then(Result::err)) />
                    <ActionForm action=create attr:class="card form wide">
                        <label for="title">{w::title(l)}</label>
                        <input id="title" name="title" required maxlength="300" placeholder=w::title_example(l) />
                        <fieldset>
                            <legend>{w::scheme(l)}</legend>
                            {scheme(Scheme::Nine, true, w::scheme_nine(l), w::about_nine(l))}
                            {scheme(Scheme::Abcd, false, w::scheme_abcd(l), w::about_abcd(l))}
                        </fieldset>
                        <label for="language">{w::frame_language(l)}</label>
                        <select id="language" name="language"><option value="de">{nav::german(l)}</option><option value="en">{nav::english(l)}</option></select>
                        <div class="actions"><a class="button" href="/documents">{nav::cancel(l)}</a><button class="primary" type="submit" disabled=move || create.pending().get()>{w::create(l)}</button></div>
                    </ActionForm>
                    <From rows=rows />
                })
            })}
        </Suspense>
    }
}
