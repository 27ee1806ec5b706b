//! Signing in at an OpenID provider: away, and back again. Both are plain GETs, because `form-action 'self'` stops a form that
//! leads elsewhere.

use super::{Portal, rendered, session};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tomfolio_app::context::session_cookie;
use tomfolio_app::pages::sessions::local;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::identities::{Arrival, Purpose};

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct Away {
    link: Option<String>,
    prove: Option<String>,
    next: String,
}

/// The cookie that ties a sign-in to a browser. It has to come along when the provider sends the browser back: Lax.
fn browser_cookie(secure: bool, value: &str, seconds: u32) -> String {
    let (name, end) = if secure { ("__Host-tom-oidc", "; Secure") } else { ("tom-oidc", "") };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{end}")
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for c in cookies {
        if let Ok(value) = HeaderValue::from_str(c) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Sends the browser to the provider.
pub async fn start(
    State(portal): State<Portal>,
    away: Result<Query<Away>, QueryRejection>,
    request: Request,
) -> Response {
    let Ok(Query(away)) = away else { return StatusCode::BAD_REQUEST.into_response() };
    // From our own pages only: a link of somebody else's would tie whoever follows it to a stranger's account.
    let from = request.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if (away.link.is_some() || away.prove.is_some()) && from != Some("same-origin") {
        return refused(portal, DomainError::SignedOut, request).await;
    }
    let secure = portal.services.secure;
    let prove = away.prove.and_then(|_| session::cookie(request.headers(), secure));
    let purpose = Purpose { link: away.link, prove, next: local(&away.next) };
    match portal.services.identities.depart(purpose).await {
        Ok(d) => {
            with_cookies(Redirect::to(&d.url).into_response(), &[browser_cookie(secure, &d.browser.0, 600)])
        }
        Err(e) => refused(portal, e, request).await,
    }
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct Back {
    code: String,
    state: String,
    iss: Option<String>,
}

/// Takes the browser back.
pub async fn callback(
    State(portal): State<Portal>,
    back: Result<Query<Back>, QueryRejection>,
    request: Request,
) -> Response {
    let Ok(Query(back)) = back else { return StatusCode::BAD_REQUEST.into_response() };
    let secure = portal.services.secure;
    let name = if secure { "__Host-tom-oidc" } else { "tom-oidc" };
    let browser = session::named(request.headers(), name).unwrap_or_default();
    let arrival = Arrival { code: back.code, state: back.state, issuer: back.iss, browser };
    let gone = browser_cookie(secure, "", 0);
    match portal.services.identities.arrive(arrival).await {
        Ok(a) => {
            let mut cookies = vec![gone];
            // The page that asked for the proof learns that it is there.
            let next = if a.session.is_none() { format!("{}?proved=1", a.next) } else { a.next };
            cookies.extend(a.session.map(|t| session_cookie(secure, Some(&t.0))));
            with_cookies(Redirect::to(&next).into_response(), &cookies)
        }
        Err(e) => with_cookies(refused(portal, e, request).await, &[gone]),
    }
}

/// The sign-in page with a sentence, and the true status.
async fn refused(portal: Portal, e: DomainError, request: Request) -> Response {
    let word = if e == DomainError::Busy { "provider-busy" } else { "provider" };
    let (mut parts, body) = request.into_parts();
    if let Ok(uri) = format!("/sign-in?refused={word}").parse() {
        parts.uri = uri;
    }
    let mut response = rendered(portal, Request::from_parts(parts, body), None).await;
    *response.status_mut() = StatusCode::from_u16(e.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    response
}
