//! Evidence files in and out: plain routes. What comes in is hashed while it flows and never whole in memory; its fields come
//! before the file. What goes out is an attachment in a sandbox.

use super::Portal;
use super::files::{attachment_headers, named, permit, refused};
use axum::Extension;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::rejection::PathRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::HashMap;
use tomfolio_backend::adapters::storage::{Refusal, Spooled};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::evidence::{Facts, NewEvidence, VersionFacts};
use tomfolio_domain::policy::Action;
use tomfolio_domain::users::KeptForm;
use tomfolio_locales::{Lang, evidence as w};

/// Longest field beside the file, in bytes.
const FIELD: usize = 8 * 1024;
/// Most fields beside the file.
const FIELDS: usize = 20;

/// Why an upload became nothing: the word for a plain form's address, the status, and the sentence.
struct Refused {
    word: String,
    status: StatusCode,
    sentence: String,
}

impl Refused {
    fn new(l: Lang, word: &'static str, status: StatusCode) -> Refused {
        let sentence = match word {
            "type" => w::refused_type(l),
            "too-large" => w::refused_large(l),
            "disk" => w::refused_disk(l),
            _ => w::refused_broken(l),
        };
        Refused { word: word.to_owned(), status, sentence: sentence.to_owned() }
    }

    fn rule(l: Lang, e: &DomainError) -> Refused {
        let status = StatusCode::from_u16(e.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Refused { word: tomfolio_app::error::code(e), status, sentence: tomfolio_app::error::sentence(e, l) }
    }

    fn storage(l: Lang, e: &Refusal) -> Refused {
        match e {
            Refusal::TooLarge(_) => Refused::new(l, "too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Refusal::Type => Refused::new(l, "type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Refusal::Empty => Refused::rule(l, &DomainError::missing("file")),
            Refusal::Storage(e) => {
                tracing::error!(error = %e, "an upload could not be stored");
                Refused::new(l, "disk", StatusCode::INSUFFICIENT_STORAGE)
            }
        }
    }
}

/// Fields and file of a form.
#[derive(Default)]
struct Form {
    fields: HashMap<String, String>,
    file: Option<(String, Spooled)>,
}

impl Form {
    fn text(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    fn date(&self, name: &'static str) -> Result<Option<jiff::civil::Date>, DomainError> {
        let text = self.text(name);
        if text.is_empty() {
            Ok(None)
        } else {
            text.parse().map(Some).map_err(|_| DomainError::invalid(name))
        }
    }

    fn version(&self) -> Result<VersionFacts, DomainError> {
        Ok(VersionFacts {
            issuer: self.text("issuer"),
            valid_from: self.date("valid_from")?,
            valid_until: self.date("valid_until")?,
            undated_reason: self.text("undated_reason"),
        })
    }

    fn facts(&self) -> Result<Facts, DomainError> {
        Ok(Facts {
            title: self.text("title"),
            kind: self.text("kind").parse()?,
            proves: self.text("proves"),
            audience: self.text("audience").parse()?,
        })
    }
}

async fn text(mut field: Field<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FIELD {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

async fn spool(portal: &Portal, l: Lang, mut field: Field<'_>) -> Result<Spooled, Refused> {
    let mut incoming =
        portal.backend.blobs.receive(portal.upload_limit).await.map_err(|e| Refused::storage(l, &e))?;
    let broken = || Refused::new(l, "broken", StatusCode::BAD_REQUEST);
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        incoming.write(&chunk).await.map_err(|e| Refused::storage(l, &e))?;
    }
    incoming.finish().await.map_err(|e| Refused::storage(l, &e))
}

/// Reads a form; what a refused one holds until then can be shown again.
async fn read(
    portal: &Portal,
    l: Lang,
    parts: Result<Multipart, MultipartRejection>,
    form: &mut Form,
) -> Result<(String, Spooled), Refused> {
    let broken = || Refused::new(l, "broken", StatusCode::BAD_REQUEST);
    let mut parts = parts.map_err(|_| broken())?;
    while let Some(field) = parts.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" && form.file.is_some() {
            // One file a form: a second one would take the first one's place unseen.
            return Err(broken());
        }
        if name == "file" {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            form.file = Some((file_name, spool(portal, l, field).await?));
        } else if form.fields.len() < FIELDS {
            form.fields.insert(name, text(field).await.ok_or_else(broken)?);
        }
    }
    form.file.take().ok_or_else(broken)
}

/// Where a form goes after its upload, or after a refusal; a script gets status and sentence, or the address. The fields of
/// a refused form without script are kept for its page.
async fn answer(
    portal: &Portal,
    headers: &HeaderMap,
    done: Result<String, Refused>,
    back: &str,
    form: Form,
) -> Response {
    let r = match (done, super::session::wants_page(headers)) {
        (Ok(address), true) => return Redirect::to(&address).into_response(),
        (Ok(address), false) => return address.into_response(),
        (Err(r), false) => return (r.status, r.sentence).into_response(),
        (Err(r), true) => r,
    };
    let cookie = super::session::cookie(headers, portal.services.secure).unwrap_or_default();
    if let Err(error) = portal.services.sessions.keep_form(&cookie, KeptForm::new(back, form.fields)).await {
        tracing::warn!(%error, "a refused upload's fields are not kept");
    }
    Redirect::to(&format!("{back}?refused={}", r.word)).into_response()
}

/// A new evidence.
pub async fn add(
    State(portal): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let permit = match permit(&portal, actor, Action::EditEvidence) {
        Ok(p) => p,
        Err(e) => return refused(e),
    };
    let l = super::session::language(&headers);
    let mut form = Form::default();
    let done = async {
        let (name, file) = read(&portal, l, parts, &mut form).await?;
        let rule = |e: DomainError| Refused::rule(l, &e);
        let measure = form.text("measure");
        let measure = if measure.is_empty() { None } else { Some(measure.parse().map_err(rule)?) };
        let cmd = NewEvidence {
            facts: form.facts().map_err(rule)?,
            version: form.version().map_err(rule)?,
            measure,
        };
        let id = portal.backend.add_evidence(permit, cmd, &name, file).await.map_err(rule)?;
        Ok(match measure {
            Some(m) => format!("/measures/{m}"),
            None => format!("/evidence/{id}"),
        })
    };
    let done = done.await;
    answer(&portal, &headers, done, "/evidence/new", form).await
}

/// A new version of an evidence.
pub async fn add_version(
    State(portal): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let found = permit(&portal, actor, Action::EditEvidence).and_then(|p| Ok((p, named(id)?.parse()?)));
    let (permit, id) = match found {
        Ok(x) => x,
        Err(e) => return refused(e),
    };
    let l = super::session::language(&headers);
    let page = format!("/evidence/{id}");
    let mut form = Form::default();
    let done = async {
        let (name, file) = read(&portal, l, parts, &mut form).await?;
        let rule = |e: DomainError| Refused::rule(l, &e);
        let cmd = form.version().map_err(rule)?;
        portal.backend.add_evidence_version(permit, id, cmd, &name, file).await.map_err(rule)?;
        Ok(page.clone())
    };
    let done = done.await;
    answer(&portal, &headers, done, &page, form).await
}

/// A file of an evidence, piece by piece.
pub async fn file(
    State(portal): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    path: Result<Path<(String, u32)>, PathRejection>,
) -> Response {
    let work = async {
        let permit = permit(&portal, actor, Action::ReadDocuments)?;
        let Path((id, number)) = path.map_err(|_| DomainError::NotFound)?;
        portal.backend.evidence_file(permit, id.parse()?, number).await
    };
    match work.await {
        Ok((version, file)) => {
            let mut response = Body::from_stream(tokio_util::io::ReaderStream::new(file)).into_response();
            let headers = response.headers_mut();
            attachment_headers(headers, &version.file_name, &version.mime);
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(version.size));
            response
        }
        Err(e) => refused(e),
    }
}
