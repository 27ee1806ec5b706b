//! The guard in front of everything that changes something: same origin, a known content type, a body limit, no
//! foreign Referer (server_fn would redirect to it).

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use tomfolio_domain::import;
use tomfolio_locales::{Lang, check, error, import as import_words};

/// Largest body of a function: a measure's text with room for percent-encoding.
pub const BODY: usize = 1024 * 1024;
/// Largest upload: the import's limit and its envelope.
const UPLOAD: usize = import::MAX_BYTES + 64 * 1024;

/// Largest PDF that is checked here, and its envelope.
const CHECK: usize = super::check::LARGEST + 64 * 1024;

/// Checks a request before anything else sees it.
pub async fn inspect(mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Opening a share link is recorded: who only asks for its head has not opened it.
    if request.method() == Method::HEAD && path.starts_with("/s/") {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let posted = request.method() == Method::POST;
    // Evidence is judged while it flows (http/uploads.rs); everything else is read whole, within its limit.
    let flowing = posted
        && (path == "/evidence/upload" || (path.starts_with("/evidence/") && path.ends_with("/versions")));
    let checking = posted && path == "/echt";
    let uploading = flowing || checking || (posted && path == "/documents/import");
    if request.method() != Method::GET && request.method() != Method::HEAD {
        if request.method() != Method::POST {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        if !same_origin(request.headers()) {
            return (StatusCode::FORBIDDEN, "this request came from another site").into_response();
        }
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let known = if uploading {
            kind == "multipart/form-data"
        } else {
            kind == "application/x-www-form-urlencoded"
        };
        if !known {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        }
    }
    // Without script, server functions answer with a redirect to the Referer where they set no address of their own.
    request.headers_mut().remove(header::REFERER);
    if flowing {
        return next.run(request).await;
    }
    let limit = match (checking, uploading) {
        (true, _) => CHECK,
        (false, true) => UPLOAD,
        (false, false) => BODY,
    };
    let (parts, body) = request.into_parts();
    if parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<usize>().ok())
        .is_some_and(|n| n > limit)
    {
        return too_large(checking, uploading);
    }
    if parts.method == Method::POST {
        // Read whole, so that a chunked body over the limit is 413 and not a failure inside a function.
        return match Limited::new(body, limit).collect().await {
            Ok(body) => next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await,
            Err(e) if e.downcast_ref::<http_body_util::LengthLimitError>().is_some() => {
                too_large(checking, uploading)
            }
            // The rest never came: a client that paused or went away.
            Err(_) => (StatusCode::REQUEST_TIMEOUT, error::transport(Lang::De)).into_response(),
        };
    }
    next.run(Request::from_parts(parts, body)).await
}

/// More than is read; a person who has a PDF checked gets a sentence.
fn too_large(checking: bool, uploading: bool) -> Response {
    if !checking && uploading {
        let back = ("/documents/import", import_words::title(Lang::De));
        let why = import_words::too_large(Lang::De);
        return bare(Lang::De, StatusCode::PAYLOAD_TOO_LARGE, why, Some(back));
    }
    if !checking {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let back = ("/echt", check::title(Lang::De));
    bare(Lang::De, StatusCode::PAYLOAD_TOO_LARGE, check::too_large(Lang::De), Some(back))
}

/// A page of one sentence, made without anything else: nobody is left with a bare sentence on a phone. `back` is where to go on.
pub fn bare(l: Lang, status: StatusCode, why: &str, back: Option<(&str, &str)>) -> Response {
    let css = super::assets::names().css;
    let back = back.map(|(href, word)| format!("<p><a href=\"{href}\">{word}</a></p>")).unwrap_or_default();
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Tomfolio</title><link rel=\"stylesheet\" href=\"{css}\"></head><body><main class=\"share\"><p class=\"brand\">Tomfolio</p><h1>{why}</h1>{back}</main></body></html>",
        l.tag()
    );
    // Nothing but our own style sheet may be loaded; the strictest policy, which everything else gets, would not let it in.
    let policy =
        "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin` against `Host`. Neither is a refusal: no browser of today
/// posts without both.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = text("host").unwrap_or_default();
            !host.is_empty() && origin.split_once("://").is_some_and(|(_, o)| o == host)
        }
        (None, None) => false,
    }
}
