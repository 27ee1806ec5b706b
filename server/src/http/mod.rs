//! HTTP: one router, one guard in front of all server functions, an own accept loop.

pub mod api;
pub mod assets;
pub mod check;
pub mod descriptions;
pub mod files;
pub mod guard;
pub mod headers;
pub mod oidc;
pub mod policy;
pub mod serve;
pub mod session;
pub mod throttle;
pub mod uploads;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on, post};
use leptos::prelude::provide_context;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use leptos_axum::{generate_route_list, handle_server_fns_with_context};
use std::sync::OnceLock;
use std::time::Duration;
use tomfolio_app::context::{REFUSED, Request as Asked, Services};
use tomfolio_app::error::AppError;
use tomfolio_app::{App, Scripts, shell};
use tomfolio_backend::Backend;
use tomfolio_backend::clock::Clock;
use tomfolio_domain::checks::Checked;
use tomfolio_domain::users::KeptForm;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// A request may take so long; a file may take longer, as long as its bytes keep coming.
const REQUEST: Duration = Duration::from_secs(60);
const FILE: Duration = Duration::from_secs(30 * 60);

/// What every handler may reach.
#[derive(Clone)]
pub struct Portal {
    pub services: Services,
    pub clock: Clock,
    /// For files, which come and go beside the server functions.
    pub backend: Backend,
    /// Largest evidence file, in bytes.
    pub upload_limit: u64,
    /// Proxies that may speak for others, beside those on this machine.
    pub proxies: std::sync::Arc<[std::net::IpAddr]>,
    pub misses: throttle::Misses,
}

/// The whole portal as a router.
pub fn router(portal: Portal) -> Router {
    let mut router: Router<Portal> = Router::new();
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        if let Ok(filter) = MethodFilter::try_from(method) {
            router = router.route(path, on(filter, function));
        }
    }
    for path in page_paths() {
        router = router.route(path, get(page));
    }
    let router = router
        .route("/healthz", get(|| async { "ok" }))
        .route("/documents/import", post(files::upload))
        .route("/auth/oidc/start", get(oidc::start))
        .route("/auth/oidc/callback", get(oidc::callback))
        .route("/echt", post(check::check))
        .route("/echt/known", get(check::known))
        .route("/documents/{id}/markdown", get(files::markdown))
        .route("/documents/{id}/description/{file}", get(descriptions::show))
        .route("/releases/{id}/pdf", get(files::pdf))
        .route("/reviews/{id}/pdf", get(files::report))
        .route("/s/{token}/pdf", get(files::shared))
        .route("/certificate.pem", get(files::certificate))
        .merge(api::routes())
        .fallback(assets::or_page)
        // The guard has its own limits, before anything is read; axum's 2 MB would cut an import of 10.
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST));
    let files = Router::new()
        .route("/evidence/upload", post(uploads::add))
        .route("/evidence/{id}/versions", post(uploads::add_version))
        .route("/evidence/{id}/files/{number}", get(uploads::file))
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, FILE));
    router
        .merge(files)
        .layer(axum::middleware::from_fn_with_state(portal.clone(), throttle::slow))
        .layer(axum::middleware::from_fn_with_state(portal.clone(), session::attach))
        .layer(axum::middleware::from_fn(guard::inspect))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(headers::add))
        .with_state(portal)
}

/// The pages' paths. Listing them switches all resources of the process off for a moment, so it is done once.
fn page_paths() -> &'static [String] {
    static PATHS: OnceLock<Vec<String>> = OnceLock::new();
    PATHS.get_or_init(|| generate_route_list(App).iter().map(|l| l.path().to_owned()).collect())
}

fn context(portal: &Portal, asked: Asked) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = portal.services.clone();
    move || {
        provide_context(services.clone());
        provide_context(asked.clone());
        headers::nonce();
    }
}

/// A server function. server_fn answers every refusal with 500, or without script with a redirect to the start: here it gets
/// its true status, and a form without script a page that says why.
async fn function(State(portal): State<Portal>, request: Request) -> Response {
    let asked = session::asked(&request, &portal);
    let cookie = asked.cookie.clone();
    let (request, typed) = typed(request).await;
    let response = handle_server_fns_with_context(context(&portal, asked), request).await.into_response();
    let (mut parts, body) = response.into_parts();
    if !parts.headers.contains_key(SERVER_FN_ERROR_HEADER) {
        return Response::from_parts(parts, body);
    }
    let bytes = axum::body::to_bytes(body, 64 * 1024).await.unwrap_or_default();
    // What the function itself could not read is the client's fault; only our own failures are 500.
    let error = serde_json::from_slice::<AppError>(&bytes).unwrap_or(AppError::Transport);
    if !parts.status.is_redirection() {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return Response::from_parts(parts, Body::from(bytes));
    }
    if !parts.headers.contains_key(REFUSED) {
        // Refused before it could say where to go: what came could not be read, no leave, or nothing there.
        let to = HeaderValue::from_str(&format!("/refused?why={}", error.code()));
        parts.headers.insert(header::LOCATION, to.unwrap_or(HeaderValue::from_static("/refused")));
        parts.headers.insert(REFUSED, error.status().into());
    } else if let (Some(to), Some(typed), false) = (location(&parts.headers), typed, cookie.is_empty())
        && let Err(error) = portal.services.sessions.keep_form(&cookie, KeptForm::new(to, typed)).await
    {
        tracing::warn!(%error, "a refused form is not kept");
    }
    Response::from_parts(parts, Body::empty())
}

/// The path that an answer leads to.
fn location(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::LOCATION)?.to_str().ok()?.split('?').next()
}

/// What somebody typed into a form without script. The guard has read it already, within its limit.
async fn typed(request: Request) -> (Request, Option<Vec<(String, String)>>) {
    if !session::wants_page(request.headers()) {
        return (request, None);
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, guard::BODY).await.unwrap_or_default();
    let typed = form_urlencoded::parse(&bytes).into_owned().collect();
    (Request::from_parts(parts, Body::from(bytes)), Some(typed))
}

/// A page.
pub async fn page(State(portal): State<Portal>, request: Request<Body>) -> Response {
    rendered(portal, request, None).await
}

/// A page, with what a check found. Sign-in, welcome and the customer's page come without any script.
pub async fn rendered(portal: Portal, request: Request<Body>, checked: Option<Checked>) -> Response {
    let mut asked = session::asked(&request, &portal);
    let path = request.uri().path();
    if request.uri().query().is_some_and(|q| q.contains("refused=")) && asked.actor.is_some() {
        asked.kept = portal.services.sessions.take_form(&asked.cookie, path).await.ok().flatten();
    }
    let scripts = match path {
        "/echt" => Scripts::Check,
        p if ["/sign-in", "/welcome", "/s/"].iter().any(|without| p.starts_with(without)) => Scripts::None,
        _ => Scripts::Desk,
    };
    let lang = session::language(request.headers());
    let files = assets::names();
    let context = {
        let base = context(&portal, asked);
        move || {
            base();
            provide_context(lang);
            if let Some(checked) = checked.clone() {
                provide_context(checked);
            }
        }
    };
    let render =
        leptos_axum::render_app_async_with_context(context, move || shell(files.clone(), lang, scripts));
    let mut response = render(request).await;
    // Leptos answers 200 with a Location to whoever does not ask for HTML.
    if response.status() == StatusCode::OK && response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::FOUND;
    }
    match scripts {
        Scripts::None => without_scripts(response).await,
        Scripts::Desk | Scripts::Check => response,
    }
}

/// Leptos writes its empty hydration state into every page; where nothing hydrates, it goes.
async fn without_scripts(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1024 * 1024).await.unwrap_or_default();
    let html = String::from_utf8_lossy(&bytes);
    let mut out = String::with_capacity(html.len());
    for (i, piece) in html.split("<script").enumerate() {
        let rest = if i == 0 { piece } else { piece.split_once("</script>").map_or("", |(_, rest)| rest) };
        out.push_str(rest);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(out))
}
