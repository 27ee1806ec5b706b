//! Server functions of signing in. These are the only ones that an anonymous visitor may call.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::error::DomainError;

/// A path of this place, or the start: never another host. Only letters that no browser reads as anything else.
pub fn local(next: &str) -> String {
    let plain = next.chars().all(|c| c.is_ascii_alphanumeric() || "/_-.#".contains(c));
    let ok = plain && next.starts_with('/') && !next.contains("//") && !next.contains("..");
    if ok { next.to_owned() } else { "/".to_owned() }
}

#[server(endpoint = "sessions/sign_in")]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    match services().sessions.sign_in(email, password, request().client).await {
        Ok(token) => {
            // Whoever signs in anew leaves no session behind.
            services().sessions.sign_out(&request().cookie).await?;
            set_cookie(Some(&token.0));
            go(&local(&next));
            Ok(())
        }
        Err(e) => {
            let why = if e == DomainError::TooMany { "wait" } else { "no" };
            refuse(e.into(), &format!("/sign-in?refused={why}&next={}", local(&next)))
        }
    }
}

/// Name and address of the person that a link is for. Looking does not use the link up.
#[server(endpoint = "sessions/invited")]
pub async fn invited(token: String) -> Result<(String, String), AppError> {
    let who = services().sessions.invited(&token).await?;
    Ok((who.name, who.email))
}

#[server(endpoint = "sessions/accept")]
pub async fn accept(token: String, password: String) -> Result<(), AppError> {
    match services().sessions.accept(token.clone(), password).await {
        Ok(session) => {
            set_cookie(Some(&session.0));
            go("/");
            Ok(())
        }
        Err(e) => {
            let safe: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
            refuse(e.into(), &format!("/welcome/{safe}?refused=1"))
        }
    }
}

/// What the OpenID provider is called, where there is one.
#[server(endpoint = "sessions/provider")]
pub async fn provider() -> Result<Option<String>, AppError> {
    Ok(services().identities.provider())
}

/// Gives the password again, before something that asks for it.
#[server(endpoint = "sessions/prove")]
pub async fn prove(password: String, #[server(default)] next: String) -> Result<(), AppError> {
    actor()?;
    let next = local(&next);
    let done = services().sessions.prove(&request().cookie, password, request().client).await;
    answer(done.map(|()| next.clone()), &next)
}

/// Who is here: for pages that show no data of their own.
#[server(endpoint = "sessions/current")]
pub async fn current() -> Result<Page<()>, AppError> {
    Ok(Page { actor: actor()?, body: (), tree: None })
}

#[server(endpoint = "sessions/sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    services().sessions.sign_out(&request().cookie).await?;
    set_cookie(None);
    go("/sign-in");
    Ok(())
}

#[server(endpoint = "sessions/switch")]
pub async fn switch(organisation: String, #[server(default)] next: String) -> Result<(), AppError> {
    actor()?;
    go(&if next.is_empty() { "/documents".to_owned() } else { local(&next) });
    Ok(services().sessions.switch(&request().cookie, organisation.parse()?).await?)
}

/// Shows pages in German (`de`) or English (`en`) from now on.
#[server(endpoint = "sessions/language")]
pub async fn set_language(language: String, #[server(default)] next: String) -> Result<(), AppError> {
    let language = tomfolio_locales::Lang::of(&language);
    keep_language(language);
    if let Ok(actor) = actor() {
        services().sessions.speaks(actor.user, language.tag()).await?;
    }
    go(&local(&next));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn next_never_leaves_this_place() {
        let table = [
            ("/measures/mea_1", "/measures/mea_1"),
            ("/findings#fin_1", "/findings#fin_1"),
            ("//evil.example", "/"),
            ("/..//evil.example", "/"),
            ("/a/../b", "/"),
            ("/\t/evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a&refused=wait", "/"),
            ("/\u{1}", "/"),
            ("", "/"),
        ];
        for (next, want) in table {
            assert_eq!(local(next), want, "{next:?}");
        }
    }
}
