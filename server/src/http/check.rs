//! Checking a PDF without a script: the file comes here, is checked and forgotten. With a script only two hashes come.

use super::files::refused;
use super::{Portal, rendered, session};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, Multipart, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::sync::Semaphore;
use tomfolio_domain::checks::Checked;
use tomfolio_domain::error::DomainError;

/// Largest file that is checked here, in bytes.
pub const LARGEST: usize = 20_000_000;
/// Files that are looked at at once: each is held whole.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// How long a file waits for its turn; a check takes some 50 ms.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(serde::Deserialize)]
pub struct Hashes {
    key: String,
    file: String,
}

/// What the portal knows of a key and a file: 200 and a sentence, 409 where the release was withdrawn, 410 where a newer
/// one is in force, or 404.
pub async fn known(
    State(portal): State<Portal>,
    hashes: Result<Query<Hashes>, QueryRejection>,
    request: Request,
) -> Response {
    let Ok(Query(h)) = hashes else { return StatusCode::BAD_REQUEST.into_response() };
    match portal.services.checks.known(&h.key, &h.file).await {
        Ok(Some(k)) => {
            let status = match (k.withdrawn(), k.outdated()) {
                (true, _) => StatusCode::CONFLICT,
                (false, true) => StatusCode::GONE,
                (false, false) => StatusCode::OK,
            };
            (status, tomfolio_app::pages::checks::says(session::language(request.headers()), &k))
                .into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(e) => refused(e),
    }
}

/// Checks a file that a plain form sent, and answers with the page.
pub async fn check(State(portal): State<Portal>, request: Request) -> Response {
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, AT_ONCE.acquire()).await else {
        return refused(DomainError::Busy);
    };
    let (parts, body) = request.into_parts();
    let again = Request::from_parts(parts.clone(), axum::body::Body::empty());
    let Ok(mut form) = Multipart::from_request(Request::from_parts(parts, body), &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut found = None;
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            let name = tomfolio_domain::text::file_name(field.file_name().unwrap_or_default());
            match field.bytes().await {
                Ok(bytes) => found = Some((name, bytes)),
                Err(_) => return StatusCode::BAD_REQUEST.into_response(),
            }
        }
    }
    let Some((file_name, bytes)) = found else { return StatusCode::BAD_REQUEST.into_response() };
    let Ok(report) = tokio::task::spawn_blocking(move || tomfolio_verify::verify(&bytes, &[])).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let known = match (&report.fingerprint, report.ok()) {
        (Some(key), true) => match portal.services.checks.known(key, &report.sha256).await {
            Ok(known) => known,
            Err(e) => return refused(e),
        },
        _ => None,
    };
    let checked = Checked {
        file_name,
        verdict: report.verdict.as_str().to_owned(),
        signer: report.signer,
        fingerprint: report.fingerprint,
        stamp: report.stamp.map(|s| s.to_string()),
        sha256: report.sha256,
        known,
    };
    rendered(portal, again, Some(checked)).await
}
