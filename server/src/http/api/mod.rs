//! The programming interface, version 1: read-only JSON for whoever holds a token. Described by `/api/v1/openapi.json`.

mod schema;

use super::Portal;
use super::files::{attachment_headers, named};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use schema::{Document, Evidence, EvidenceSheet, Measure, MeasureSheet, Problem, Release};
use std::sync::OnceLock;
use tomfolio_domain::documents::{measures, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::policy::Permit;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The interface's routes.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/documents", get(list_documents))
        .route("/api/v1/documents/{id}", get(find_document))
        .route("/api/v1/documents/{id}/measures", get(list_measures))
        .route("/api/v1/measures/{id}", get(find_measure))
        .route("/api/v1/evidence", get(list_evidence))
        .route("/api/v1/evidence/{id}", get(find_evidence))
        .route("/api/v1/releases", get(list_releases))
        .route("/api/v1/releases/{id}", get(find_release))
        .route("/api/v1/releases/{id}/pdf", get(pdf))
        .route("/api/v1/{*rest}", get(async || Refused(DomainError::NotFound)))
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Tomfolio", description = "Documents, measures, evidence and releases of one organisation, read-only."),
    paths(list_documents, find_document, list_measures, find_measure, list_evidence, find_evidence, list_releases, find_release, pdf),
    components(schemas(Problem)),
    modifiers(&Bearer),
    security(("token" = []))
)]
struct Described;

/// A token in the Authorization head.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, all: &mut utoipa::openapi::OpenApi) {
        let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("tomp_…").build();
        let parts = all.components.get_or_insert_default();
        parts.add_security_scheme("token", SecurityScheme::Http(http));
    }
}

/// The description, as JSON.
fn described() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| Described::openapi().to_json().unwrap_or_default())
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], described()).into_response()
}

/// A refusal as the interface says it: a status and a word.
struct Refused(DomainError);

impl From<DomainError> for Refused {
    fn from(e: DomainError) -> Refused {
        Refused(e)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response =
            (status, Json(Problem { error: tomfolio_app::error::code(&self.0) })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let how = header::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response
    }
}

/// Leave to read, from `Authorization: Bearer tomp_…`. A session's cookie counts for nothing here.
struct Reader(Permit);

impl FromRequestParts<Portal> for Reader {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Reader, Refused> {
        let given =
            parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let secret = given.strip_prefix("Bearer ").ok_or(DomainError::SignedOut)?;
        Ok(Reader(portal.services.tokens.leave(secret.trim()).await?))
    }
}

type Id = Result<Path<String>, PathRejection>;
type Answer<T> = Result<Json<T>, Refused>;

/// All documents.
#[utoipa::path(get, path = "/api/v1/documents", responses((status = 200, description = "found", body = [Document]), (status = 401, description = "no valid token", body = Problem)))]
async fn list_documents(State(p): State<Portal>, Reader(permit): Reader) -> Answer<Vec<Document>> {
    let rows = p.services.documents.list(permit).await?;
    Ok(Json(rows.iter().map(Document::from).collect()))
}

/// One document.
#[utoipa::path(get, path = "/api/v1/documents/{id}", params(("id" = String, Path, description = "doc_…")),
    responses((status = 200, description = "found", body = Document), (status = 401, description = "no valid token", body = Problem), (status = 404, description = "not found", body = Problem)))]
async fn find_document(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Answer<Document> {
    let id = named(id)?.parse()?;
    let rows = p.services.documents.list(permit).await?;
    Ok(Json(rows.iter().find(|d| d.id == id).map(Document::from).ok_or(DomainError::NotFound)?))
}

/// The measures in force of a document, in its own order.
#[utoipa::path(get, path = "/api/v1/documents/{id}/measures", params(("id" = String, Path, description = "doc_…")),
    responses((status = 200, description = "found", body = [Measure]), (status = 401, description = "no valid token", body = Problem), (status = 404, description = "not found", body = Problem)))]
async fn list_measures(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Answer<Vec<Measure>> {
    let sheet = p.services.documents.find(permit, named(id)?.parse()?).await?;
    let all = measures(&sheet.nodes);
    let mut out = Vec::with_capacity(all.len());
    walk(&sheet.nodes, &mut |n| {
        if all.iter().any(|m| std::ptr::eq(*m, n)) {
            out.extend(Measure::of(n));
        }
    });
    Ok(Json(out))
}

/// One measure with its whole text.
#[utoipa::path(get, path = "/api/v1/measures/{id}", params(("id" = String, Path, description = "mea_…")),
    responses((status = 200, description = "found", body = MeasureSheet), (status = 401, description = "no valid token", body = Problem), (status = 404, description = "not found", body = Problem)))]
async fn find_measure(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Answer<MeasureSheet> {
    Ok(Json(MeasureSheet::from(p.services.measures.find(permit, named(id)?.parse()?).await?)))
}

/// All evidence, by its newest version.
#[utoipa::path(get, path = "/api/v1/evidence", responses((status = 200, description = "found", body = [Evidence]), (status = 401, description = "no valid token", body = Problem)))]
async fn list_evidence(State(p): State<Portal>, Reader(permit): Reader) -> Answer<Vec<Evidence>> {
    let rows = p.services.evidence.list(permit).await?;
    Ok(Json(rows.iter().map(Evidence::from).collect()))
}

/// One evidence with what it proves. Files do not leave by this way.
#[utoipa::path(get, path = "/api/v1/evidence/{id}", params(("id" = String, Path, description = "evi_…")),
    responses((status = 200, description = "found", body = EvidenceSheet), (status = 401, description = "no valid token", body = Problem), (status = 404, description = "not found", body = Problem)))]
async fn find_evidence(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Answer<EvidenceSheet> {
    Ok(Json(EvidenceSheet::from(p.services.evidence.find(permit, named(id)?.parse()?).await?)))
}

/// All releases, drafts too.
#[utoipa::path(get, path = "/api/v1/releases", responses((status = 200, description = "found", body = [Release]), (status = 401, description = "no valid token", body = Problem)))]
async fn list_releases(State(p): State<Portal>, Reader(permit): Reader) -> Answer<Vec<Release>> {
    let rows = p.services.releases.list(permit).await?;
    Ok(Json(rows.iter().map(Release::from).collect()))
}

/// One release.
#[utoipa::path(get, path = "/api/v1/releases/{id}", params(("id" = String, Path, description = "rel_…")),
    responses((status = 200, description = "found", body = Release), (status = 401, description = "no valid token", body = Problem), (status = 404, description = "not found", body = Problem)))]
async fn find_release(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Answer<Release> {
    Ok(Json(Release::from(&p.services.releases.find(permit, named(id)?.parse()?).await?.row)))
}

/// The sealed PDF of a release; 409 while there is none.
#[utoipa::path(get, path = "/api/v1/releases/{id}/pdf", params(("id" = String, Path, description = "rel_…")),
    responses((status = 200, description = "found", content_type = "application/pdf", body = [u8]), (status = 401, description = "no valid token", body = Problem),
        (status = 404, description = "not found", body = Problem), (status = 409, description = "not there yet", body = Problem)))]
async fn pdf(State(p): State<Portal>, Reader(permit): Reader, id: Id) -> Result<Response, Refused> {
    let file = p.services.releases.pdf(permit, named(id)?.parse()?).await?;
    let mut response = file.bytes.into_response();
    attachment_headers(response.headers_mut(), &file.name, "application/pdf");
    Ok(response)
}
