//! The upload: a plain form, so that it works without script.

use crate::components::form_of;
use crate::context::lang;
use crate::pages::sessions::current;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_locales::{import as w, nav};

#[component]
pub fn NewPage() -> impl IntoView {
    let l = lang();
    let found = Resource::new(|| (), |()| current());
    let refused = use_location().query.with_untracked(|q| q.get("refused").unwrap_or_default());
    let message = match refused.as_str() {
        "" => None,
        "too-large" => Some(w::too_large(l)),
        "not-text" => Some(w::not_text(l)),
        "empty" => Some(w::empty(l)),
        "too-deep" => Some(w::too_deep(l)),
        "too-long" => Some(w::too_long(l)),
        "too-wide" => Some(w::too_wide(l)),
        "old-word" => Some(w::old_word(l)),
        "damaged" => Some(w::damaged(l)),
        "locked" => Some(w::locked(l)),
        "no-text" => Some(w::no_text(l)),
        "bomb" => Some(w::bomb(l)),
        _ => Some(w::unreadable(l)),
    };
    view! {
        <Title text=w::title(l) />
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                form_of(found.await, "documents", tomfolio_domain::policy::Action::Import, move |(), _| view! {
                    <header class="head"><div>
                        <p class="crumbs"><a href="/documents">{nav::documents(l)}</a></p>
                        <h1>{w::title(l)}</h1>
                        <p class="muted">{w::promise(l)}</p>
                    </div></header>
                    {message.map(|m| view! { <p class="alert" role="alert">{m}</p> })}
                    <form class="card form wide" method="post" action="/documents/import" enctype="multipart/form-data">
                        <label for="file">{w::file(l)}</label>
                        <input id="file" name="file" type="file" accept=".docx,.pdf,.md,.txt,.markdown,text/plain,text/markdown,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document" required />
                        <small>{w::kinds(l)}</small>
                        <div class="actions"><a class="button" href="/documents">{nav::cancel(l)}</a><button class="primary" type="submit">{w::read(l)}</button></div>
                    </form>
                })
            })}
        </Suspense>
    }
}
