//! A new evidence: what it proves, how long it holds, and its file.

use super::upload::{FactFields, UploadForm, VersionFields};
use crate::components::form_of;
use crate::context::{kept, lang};
use crate::error::told;
use crate::pages::sessions::current;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::evidence::Audience;
use tomfolio_locales::{evidence as w, nav};

/// What the plain form is told after a refusal; the address holds a word, never a text.
pub fn refusal(l: tomfolio_locales::Lang, why: &str) -> Option<String> {
    Some(match why {
        "" => return None,
        "type" => w::refused_type(l).to_owned(),
        "too-large" => w::refused_large(l).to_owned(),
        "disk" => w::refused_disk(l).to_owned(),
        "broken" => w::refused_broken(l).to_owned(),
        rule => told(rule, l),
    })
}

#[component]
pub fn NewPage() -> impl IntoView {
    let l = lang();
    let found = Resource::new(|| (), |()| current());
    let asked = |key: &'static str| use_location().query.with_untracked(|q| q.get(key).unwrap_or_default());
    let (measure, refused) = (kept("measure").unwrap_or_else(|| asked("measure")), asked("refused"));
    view! {
        <Title text=w::new(l) />
        <Suspense fallback=|| ()>
            {move || {
                let (measure, refused) = (measure.clone(), refused.clone());
                Suspend::new(async move {
                    form_of(found.await, "evidence", tomfolio_domain::policy::Action::EditEvidence, move |(), _| view! {
                        <header class="head"><div>
                            <p class="crumbs"><a href="/evidence">{nav::evidence(l)}</a></p>
                            <h1>{w::new(l)}</h1>
                            <p class="muted">{w::new_text(l)}</p>
                        </div></header>
                        {refusal(l, &refused).map(|m| view! { <p class="alert" role="alert">{m}</p> })}
                        <UploadForm action="/evidence/upload".to_owned() submit=w::add(l)>
                            <input type="hidden" name="measure" value=measure />
                            <FactFields title=String::new() kind=None proves=String::new() audience=Audience::Internal />
                            <VersionFields />
                        </UploadForm>
                    })
                })
            }}
        </Suspense>
    }
}
