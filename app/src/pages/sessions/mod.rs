//! Signing in: pages without script.

mod api;

pub use api::{Accept, Prove, SetLanguage, SignIn, SignOut, Switch, current, invited, local, provider};

use crate::components::{Languages, Refused};
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use tomfolio_locales::{error, nav, sign_in as w};

#[component]
pub fn SignInPage() -> impl IntoView {
    let l = lang();
    let query = use_query_map();
    let next = query.with_untracked(|q| q.get("next").unwrap_or_default());
    let refused = query.with_untracked(|q| q.get("refused").unwrap_or_default());
    let action = ServerAction::<SignIn>::new();
    let elsewhere = format!("next={}", local(&next));
    let message = match refused.as_str() {
        "" => None,
        "wait" => Some(error::too_many(l)),
        "provider" => Some(w::provider_refused(l)),
        "provider-busy" => Some(w::provider_busy(l)),
        _ => Some(w::refused(l)),
    };
    view! {
        <Title text=w::title(l) />
        <main class="alone" id="main">
            <p class="brand">"Tomfolio"</p>
            <h1>{w::title(l)}</h1>
            {message.map(|m| view! { <p class="alert" role="alert">{m}</p> })}
            <ActionForm action=action attr:class="card form">
                <input type="hidden" name="next" value=next.clone() />
                <label for="email">{w::email(l)}</label>
                <input id="email" name="email" type="email" autocomplete="username" required />
                <label for="password">{w::password(l)}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required />
                <button class="primary" type="submit">{w::submit(l)}</button>
            </ActionForm>
            <Provider query=elsewhere />
            <p class="muted">{w::help(l)}</p>
            <Languages />
        </main>
    }
}

#[component]
pub fn WelcomePage() -> impl IntoView {
    let l = lang();
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let refused = use_query_map().with_untracked(|q| q.get("refused").is_some());
    let found = Resource::new(move || token.clone(), |t| async move { (t.clone(), invited(t).await) });
    let action = ServerAction::<Accept>::new();
    view! {
        <Title text=w::welcome(l) />
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let (token, found) = found.await;
                let link: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
                match found {
                    Err(_) => view! { <Refused error=tomfolio_domain::error::DomainError::NotFound.into() /><p class="alone muted">{w::link_gone(l)}</p> }.into_any(),
                    Ok(who) => view! {
                        <main class="alone" id="main">
                            <p class="brand">"Tomfolio"</p>
                            <h1>{w::welcome_name(l, who.0)}</h1>
                            <p class="muted">{w::welcome_text(l, who.1)}</p>
                            {refused.then(|| view! { <p class="alert" role="alert">{error::password(l)}</p> })}
                            <ActionForm action=action attr:class="card form">
                                <input type="hidden" name="token" value=token />
                                <label for="password">{w::new_password(l)}</label>
                                <input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required />
                                <small>{w::password_rule(l)}</small>
                                <button class="primary" type="submit">{w::welcome_submit(l)}</button>
                            </ActionForm>
                            <Provider query=format!("link={link}") />
                            <p><a href="/sign-in">{nav::have_password(l)}</a></p>
                            <Languages />
                        </main>
                    }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The way to the OpenID provider, where one is configured.
#[component]
pub fn Provider(query: String, #[prop(optional)] prove: bool) -> impl IntoView {
    let l = lang();
    let name = Resource::new(|| (), |()| provider());
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let href = format!("/auth/oidc/start?{query}");
                Suspend::new(async move {
                    name.await.ok().flatten().map(|name| view! { <p><a class="button wide" rel="external" href=href>{if prove { w::prove_with(l, name) } else { w::with_provider(l, name) }}</a></p> })
                })
            }}
        </Suspense>
    }
}

/// Asks for the password again, before something that needs it fresh.
#[component]
pub fn ProveForm(action: ServerAction<Prove>, next: &'static str, wrong: bool) -> impl IntoView {
    let l = lang();
    view! {
        <section class="card pane" id="prove">
            <h2>{w::prove(l)}</h2>
            <p class="small">{w::prove_text(l)}</p>
            {wrong.then(|| view! { <p class="alert" role="alert">{w::prove_refused(l)}</p> })}
            <ActionForm action=action attr:class="form">
                <input type="hidden" name="next" value=next />
                <label for="password">{w::password(l)}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required />
                <button class="primary" type="submit">{w::prove_submit(l)}</button>
            </ActionForm>
            <Provider prove=true query=format!("prove=1&next={next}") />
        </section>
    }
}
