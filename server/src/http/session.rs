//! From the cookie to the actor.

use super::Portal;
use super::policy::{Access, access};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tomfolio_app::context::REFUSED;
use tomfolio_app::context::Request as Asked;
use tomfolio_domain::actor::Actor;
use tomfolio_locales::Lang;

/// The session cookie's value. Behind HTTPS only the `__Host-` name counts: another one could be planted.
pub fn cookie(headers: &HeaderMap, secure: bool) -> Option<String> {
    named(headers, if secure { "__Host-tom" } else { "tom" })
}

/// A cookie's value.
pub fn named(headers: &HeaderMap, name: &str) -> Option<String> {
    // Another application of this host may have set anything: its bytes must not hide our own cookie.
    let all = String::from_utf8_lossy(headers.get(header::COOKIE)?.as_bytes());
    all.split(';')
        .filter_map(|c| c.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

/// Puts the actor into the request, and turns anonymous calls of closed functions away before they run.
pub async fn attach(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // Nobody needs to be known for these, and most requests of a first visit are such.
    if path == "/healthz" || path.starts_with("/pkg/") {
        return next.run(request).await;
    }
    // Keeping a draft is the page's own doing, not a person's: it does not make the session longer.
    let active = path != "/api/measures/draft";
    let actor = match cookie(request.headers(), portal.services.secure) {
        Some(c) => match portal.services.sessions.actor(&c, active).await {
            Ok(actor) => actor,
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
        None => None,
    };
    if actor.is_none()
        && path.starts_with("/api/")
        && !path.starts_with("/api/v1/")
        && access(&path) == Access::Session
    {
        if wants_page(request.headers()) {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, "/sign-in")]).into_response();
        }
        let body = r#"{"Domain":"signed_out"}"#;
        return (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/json")], body)
            .into_response();
    }
    request.extensions_mut().insert(actor.clone());
    let mut response = next.run(request).await;
    // What a signed-in person asked for and was refused stands in the log. Paths of links are secrets, and stay out of it.
    let status = true_status(&response);
    response.headers_mut().remove(REFUSED);
    if let Some(actor) = actor
        && (status == StatusCode::FORBIDDEN || (status == StatusCode::NOT_FOUND && names_something(&path)))
        && !["/s/", "/welcome/"].iter().any(|secret| path.starts_with(secret))
    {
        let path: String = path.chars().take(200).collect();
        if let Err(error) = portal.services.audit.denied(&actor, &path, status.as_u16()).await {
            tracing::error!(%error, "a refusal could not be written into the log");
        }
    }
    response
}

/// Whether somebody asks for a page: a form without script does, a script does not.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|a| a.contains("text/html"))
}

/// The status of an answer. A refused form without script is a redirect; what that hides stands in a header of the house's own.
pub fn true_status(response: &Response) -> StatusCode {
    let hidden = response.headers().get(REFUSED).and_then(|v| StatusCode::from_bytes(v.as_bytes()).ok());
    hidden.unwrap_or(response.status())
}

/// A function, or something with an id: not the icons that browsers look for by themselves.
fn names_something(path: &str) -> bool {
    path.starts_with("/api/") || path.contains('_')
}

/// What pages and functions learn of the request.
pub fn asked(request: &Request, portal: &Portal) -> Asked {
    Asked {
        actor: request.extensions().get::<Option<Actor>>().cloned().flatten(),
        cookie: cookie(request.headers(), portal.services.secure).unwrap_or_default(),
        flash: named(request.headers(), "flash"),
        kept: None,
        client: String::new(),
        now: portal.clock.now(),
    }
}

/// What the person chose; else German, unless the browser asks for English first.
pub fn language(headers: &HeaderMap) -> Lang {
    if let Some(chosen) = named(headers, "language") {
        return Lang::of(&chosen);
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first =
        wanted.split(',').map(str::trim).find(|t| t.starts_with("de") || t.starts_with("en")).unwrap_or("de");
    Lang::of(first)
}
