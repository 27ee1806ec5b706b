//! Files in and out: plain routes, no server functions. Whatever leaves is an attachment.

use super::Portal;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::import::ImportError;
use tomfolio_domain::imports::ImportRefusal;
use tomfolio_domain::policy::{self, Action, Permit};
use tomfolio_domain::shares::ShareRefusal;

pub fn refused(e: DomainError) -> Response {
    if e == DomainError::SignedOut {
        return Redirect::to("/sign-in").into_response();
    }
    let status = StatusCode::from_u16(e.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, tomfolio_app::error::sentence(&e, tomfolio_locales::Lang::De)).into_response()
}

pub fn permit(portal: &Portal, actor: Option<Actor>, action: Action) -> Result<Permit, DomainError> {
    policy::permit(&actor.ok_or(DomainError::SignedOut)?, action, portal.clock.now())
}

/// A path that cannot be read names nothing.
pub fn named(id: Result<Path<String>, PathRejection>) -> Result<String, DomainError> {
    id.map(|Path(id)| id).map_err(|_| DomainError::NotFound)
}

fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    attachment_headers(response.headers_mut(), name, kind);
    response
}

/// Name and type of a file that leaves the house; never shown inline.
pub fn attachment_headers(headers: &mut HeaderMap, name: &str, kind: &str) {
    // RFC 6266: a plain name for old programs, the true one percent-encoded.
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b".-_".contains(&b) {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(v) =
        HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
    {
        headers.insert(header::CONTENT_DISPOSITION, v);
    }
}

/// Reads an uploaded document into an import draft; a plain form, so it always answers with a redirect to a page.
pub async fn upload(
    State(portal): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    let permit = match permit(&portal, actor, Action::Import) {
        Ok(p) => p,
        Err(DomainError::SignedOut) => {
            return Redirect::to("/sign-in?next=/documents/import").into_response();
        }
        Err(e) => return refused(e),
    };
    let Ok(mut form) = form else { return StatusCode::BAD_REQUEST.into_response() };
    let mut found: Option<(String, Vec<u8>)> = None;
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("file") => {
                let name = field.file_name().unwrap_or("Dokument").to_owned();
                match field.bytes().await {
                    Ok(bytes) => found = Some((name, bytes.to_vec())),
                    Err(_) => return StatusCode::BAD_REQUEST.into_response(),
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        }
    }
    let Some((name, bytes)) = found else {
        return Redirect::to("/documents/import?refused=unreadable").into_response();
    };
    match portal.services.imports.create(permit, name, bytes).await {
        Ok(id) => Redirect::to(&format!("/imports/{id}")).into_response(),
        Err(ImportRefusal::Refused(e)) => refused(e),
        Err(ImportRefusal::Unreadable(why)) => {
            let code = match why {
                ImportError::TooLarge(_) | ImportError::TooManyNodes | ImportError::TooManyLines => {
                    "too-large"
                }
                ImportError::TooWide { .. } => "too-wide",
                ImportError::NotUtf8(_) | ImportError::NotText => "not-text",
                ImportError::Empty => "empty",
                ImportError::TextTooLong { .. } => "too-long",
                ImportError::TooDeep { .. } => "too-deep",
                ImportError::OldWord => "old-word",
                ImportError::Damaged => "damaged",
                ImportError::Locked => "locked",
                ImportError::NoText => "no-text",
                ImportError::Bomb => "bomb",
            };
            Redirect::to(&format!("/documents/import?refused={code}")).into_response()
        }
    }
}

/// A file that a use case gives, or the refusal.
pub(super) async fn download(
    portal: &Portal,
    actor: Option<Actor>,
    kind: &'static str,
    find: impl AsyncFnOnce(Permit) -> Result<(String, Vec<u8>), DomainError>,
) -> Response {
    let found = match permit(portal, actor, Action::ReadDocuments) {
        Ok(permit) => find(permit).await,
        Err(e) => Err(e),
    };
    match found {
        Ok((name, bytes)) => attachment(&name, kind, bytes),
        Err(e) => refused(e),
    }
}

type Id = Result<Path<String>, PathRejection>;

/// A document as Markdown.
pub async fn markdown(
    State(p): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    id: Id,
) -> Response {
    download(&p, actor, "text/markdown; charset=utf-8", async |permit| {
        let text = p.services.documents.export(permit, named(id)?.parse()?).await?;
        Ok(("tom.md".to_owned(), text.into_bytes()))
    })
    .await
}

/// A release's sealed PDF.
pub async fn pdf(State(p): State<Portal>, Extension(actor): Extension<Option<Actor>>, id: Id) -> Response {
    download(&p, actor, "application/pdf", async |permit| {
        let file = p.services.releases.pdf(permit, named(id)?.parse()?).await?;
        Ok((file.name, file.bytes))
    })
    .await
}

/// The sealed report of a review.
pub async fn report(State(p): State<Portal>, Extension(actor): Extension<Option<Actor>>, id: Id) -> Response {
    download(&p, actor, "application/pdf", async |permit| {
        let file = p.services.reviews.report(permit, named(id)?.parse()?).await?;
        Ok((file.name, file.bytes))
    })
    .await
}

/// The organisation's sealing certificate, for `verify --trust`.
pub async fn certificate(State(p): State<Portal>, Extension(actor): Extension<Option<Actor>>) -> Response {
    download(&p, actor, "application/x-pem-file", async |permit| {
        Ok(("siegel.pem".to_owned(), p.services.releases.certificate(permit).await?.into_bytes()))
    })
    .await
}

/// The sealed PDF behind a share link, for whoever holds the token.
pub async fn shared(State(p): State<Portal>, token: Id) -> Response {
    let token = match named(token) {
        Ok(t) => t,
        Err(e) => return refused(e),
    };
    match p.services.shares.file(&token).await {
        Ok((name, bytes)) => attachment(&name, "application/pdf", bytes),
        // The page says it in the person's language.
        Err(ShareRefusal::Gone | ShareRefusal::Withdrawn) => {
            Redirect::to(&format!("/s/{token}")).into_response()
        }
        Err(ShareRefusal::Unknown) => refused(DomainError::NotFound),
        Err(ShareRefusal::Refused(e)) => refused(e),
    }
}
