//! The front end's files, inside the binary (read from disk in debug builds), with their compressed twins.

use super::{Portal, page};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;
use std::sync::OnceLock;
use tomfolio_app::Assets;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// The hashed names, from `assets.json`. Without a built front end the pages come without script.
pub fn names() -> Assets {
    static NAMES: OnceLock<Assets> = OnceLock::new();
    NAMES
        .get_or_init(|| {
            let json = Site::get("assets.json").map(|f| f.data.into_owned()).unwrap_or_default();
            let map: std::collections::HashMap<String, String> =
                serde_json::from_slice(&json).unwrap_or_default();
            let get = |k: &str| map.get(k).cloned().unwrap_or_default();
            Assets {
                css: get("css"),
                js: get("js"),
                wasm: get("wasm"),
                check_js: get("check_js"),
                check_wasm: get("check_wasm"),
            }
        })
        .clone()
}

/// A file of the front end, else a page (which may be "not found").
pub async fn or_page(state: State<Portal>, request: Request<Body>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let accepts =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    for (coding, suffix) in [("br", ".br"), ("gzip", ".gz"), ("", "")] {
        if !coding.is_empty() && !accepts.contains(coding) {
            continue;
        }
        if path != "assets.json"
            && let Some(file) = Site::get(&format!("{path}{suffix}"))
        {
            return answer(&path, coding, file.data.into_owned());
        }
    }
    page(state, request).await
}

fn answer(path: &str, coding: &'static str, bytes: Vec<u8>) -> Response {
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
    let keep =
        if path.starts_with("pkg/") { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let mut response = (StatusCode::OK, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !coding.is_empty() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}
