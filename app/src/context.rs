//! What a page may ask of its surroundings. The only file with `cfg(feature)`.

#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod typing;

use leptos::prelude::*;
use tomfolio_locales::Lang;

/// The language of this page.
pub fn lang() -> Lang {
    use_context::<Lang>().unwrap_or_else(page_language)
}

#[cfg(feature = "ssr")]
mod server {
    use crate::error::AppError;
    use leptos::prelude::*;
    use std::sync::Arc;
    use tomfolio_domain::actor::Actor;
    use tomfolio_domain::audit::AuditService;
    use tomfolio_domain::baselines::BaselineService;
    use tomfolio_domain::checks::CheckService;
    use tomfolio_domain::documents::DocumentService;
    use tomfolio_domain::error::DomainError;
    use tomfolio_domain::evidence::EvidenceService;
    use tomfolio_domain::findings::FindingService;
    use tomfolio_domain::hints::HintService;
    use tomfolio_domain::identities::IdentityService;
    use tomfolio_domain::imports::ImportService;
    use tomfolio_domain::measures::MeasureService;
    use tomfolio_domain::members::MemberService;
    use tomfolio_domain::overview::OverviewService;
    use tomfolio_domain::policy::{self, Action, Permit};
    use tomfolio_domain::promises::PromiseService;
    use tomfolio_domain::releases::ReleaseService;
    use tomfolio_domain::reviews::ReviewService;
    use tomfolio_domain::search::SearchService;
    use tomfolio_domain::shares::ShareService;
    use tomfolio_domain::subprocessors::SubprocessorService;
    use tomfolio_domain::titles::TitleService;
    use tomfolio_domain::tokens::TokenService;
    use tomfolio_domain::users::{KeptForm, SessionService};
    use tomfolio_locales::Lang;

    /// The use cases, behind the traits that `domain` defines.
    #[derive(Clone)]
    pub struct Services {
        pub audit: Arc<dyn AuditService>,
        pub baselines: Arc<dyn BaselineService>,
        pub checks: Arc<dyn CheckService>,
        pub documents: Arc<dyn DocumentService>,
        pub evidence: Arc<dyn EvidenceService>,
        pub findings: Arc<dyn FindingService>,
        pub hints: Arc<dyn HintService>,
        pub measures: Arc<dyn MeasureService>,
        pub members: Arc<dyn MemberService>,
        pub identities: Arc<dyn IdentityService>,
        pub imports: Arc<dyn ImportService>,
        pub overview: Arc<dyn OverviewService>,
        pub promises: Arc<dyn PromiseService>,
        pub releases: Arc<dyn ReleaseService>,
        pub reviews: Arc<dyn ReviewService>,
        pub sessions: Arc<dyn SessionService>,
        pub search: Arc<dyn SearchService>,
        pub shares: Arc<dyn ShareService>,
        pub subprocessors: Arc<dyn SubprocessorService>,
        pub titles: Arc<dyn TitleService>,
        pub tokens: Arc<dyn TokenService>,
        /// The address that people use, without a slash at its end.
        pub url: String,
        /// Whether cookies are for HTTPS only.
        pub secure: bool,
    }

    /// Who asks, as the session made it.
    #[derive(Clone)]
    pub struct Request {
        pub actor: Option<Actor>,
        pub cookie: String,
        /// A secret that the request before left, to be told once.
        pub flash: Option<String>,
        /// What was typed into a form of this page that was refused.
        pub kept: Option<KeptForm>,
        pub client: String,
        pub now: jiff::Timestamp,
    }

    /// The status of a refusal, for the server itself; it does not leave the house.
    pub const REFUSED: axum::http::HeaderName = axum::http::HeaderName::from_static("x-refused");

    pub(super) fn page_language() -> Lang {
        Lang::De
    }

    /// What was typed into a field before the form was refused.
    pub fn kept(name: &str) -> Option<String> {
        use_context::<Request>()?.kept?.field(name).map(str::to_owned)
    }

    pub fn services() -> Services {
        expect_context()
    }

    pub fn request() -> Request {
        expect_context()
    }

    pub fn actor() -> Result<Actor, AppError> {
        Ok(request().actor.ok_or(DomainError::SignedOut)?)
    }

    /// Leave to do something, or the refusal.
    pub fn permit(action: Action) -> Result<Permit, AppError> {
        Ok(policy::permit(&actor()?, action, request().now)?)
    }

    /// The same for a form without script: refused, it goes back with the reason in the address.
    pub fn permit_or(action: Action, back: &str) -> Result<Permit, AppError> {
        permit(action).or_else(|e| match &e {
            AppError::Domain(d) => {
                let path = refused_at(back, &crate::error::code(d));
                refuse(e, &path)
            }
            AppError::Transport => Err(e),
        })
    }

    /// Whether the policy would let this person.
    pub fn may(action: Action) -> bool {
        permit(action).is_ok()
    }

    /// Where the browser goes next, with script and without.
    pub fn go(path: &str) {
        // An id that a client sent may hold anything; a header may not.
        let safe = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic());
        leptos_axum::redirect(if safe { path } else { "/documents" });
    }

    /// Status of the page being rendered.
    pub fn status(code: u16) {
        if let (Some(response), Ok(code)) =
            (use_context::<leptos_axum::ResponseOptions>(), axum::http::StatusCode::from_u16(code))
        {
            response.set_status(code);
        }
    }

    /// Sets or clears the session cookie.
    pub fn set_cookie(token: Option<&str>) {
        append_cookie(&session_cookie(services().secure, token));
    }

    /// The session cookie with a token, or the one that clears it.
    pub fn session_cookie(secure: bool, token: Option<&str>) -> String {
        let (name, end) = if secure { ("__Host-tom", "; Secure") } else { ("tom", "") };
        let age = if token.is_some() { 43_200 } else { 0 };
        format!("{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{end}", token.unwrap_or_default())
    }

    /// Adds a cookie to the answer; behind HTTPS it is for HTTPS only.
    fn cookie(value: &str) {
        let secure = if services().secure { "; Secure" } else { "" };
        append_cookie(&format!("{value}{secure}"));
    }

    fn append_cookie(value: &str) {
        let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
        if let Ok(value) = axum::http::HeaderValue::from_str(value) {
            response.append_header(axum::http::header::SET_COOKIE, value);
        }
    }

    /// Leaves a secret for the next page: it is shown once, where the database has only its hash.
    pub fn set_flash(secret: &str) {
        flash(secret, 120);
    }

    /// The secret that was left; it is gone with this answer.
    pub fn take_flash() -> Option<String> {
        let found = request().flash.filter(|s| s.bytes().all(|b| b.is_ascii_hexdigit()));
        if found.is_some() {
            flash("", 0);
        }
        found
    }

    fn flash(value: &str, seconds: u32) {
        cookie(&format!("flash={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}"));
    }

    /// Remembers the language of pages for a year. Says nothing about a person, so a script may read it.
    pub fn keep_language(lang: Lang) {
        cookie(&format!("language={}; Path=/; SameSite=Lax; Max-Age=31536000", lang.tag()));
    }

    /// Goes where what was done can be seen, or refuses and goes back, with the reason in the address.
    pub fn answer(done: Result<String, DomainError>, back: &str) -> Result<(), AppError> {
        answer_with(done, String::clone, back).map(|_| ())
    }

    /// As [`answer`], and returns what came of it.
    pub fn answer_with<T>(
        done: Result<T, DomainError>,
        to: impl FnOnce(&T) -> String,
        back: &str,
    ) -> Result<T, AppError> {
        match done {
            Ok(made) => {
                go(&to(&made));
                Ok(made)
            }
            Err(e) => {
                let path = refused_at(back, &crate::error::code(&e));
                refuse(e.into(), &path)
            }
        }
    }

    /// An address with the word of a refusal, before its fragment and behind what it asks already.
    fn refused_at(back: &str, code: &str) -> String {
        let (path, fragment) =
            back.split_once('#').map_or((back, String::new()), |(p, f)| (p, format!("#{f}")));
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{path}{joint}refused={code}{fragment}")
    }

    /// Refuses; a form without script goes to this address. The status is set where functions are served.
    pub fn refuse<T>(error: AppError, path: &str) -> Result<T, AppError> {
        go(path);
        // The answer to a plain form is a redirect: what it hides is told to the log.
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.insert_header(REFUSED, error.status().into());
        }
        Err(error)
    }
}

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(not(feature = "ssr"))]
fn page_language() -> Lang {
    let root = leptos::prelude::document().document_element();
    Lang::of(&root.and_then(|e| e.get_attribute("lang")).unwrap_or_default())
}

/// Status of the page being rendered; in the browser there is none to set.
#[cfg(not(feature = "ssr"))]
pub fn status(_code: u16) {}

/// What was typed into a field before the form was refused: without script only the server knows.
#[cfg(not(feature = "ssr"))]
pub fn kept(_name: &str) -> Option<String> {
    None
}

/// Escapes a page title where the server writes it: leptos_meta 0.8.7 does not.
pub fn title_text(text: String) -> String {
    if cfg!(feature = "ssr") { escape(&text) } else { text }
}

/// A textarea's inner HTML. The server's page is parsed, and the parser eats one line break at the start; in the browser
/// nothing does.
pub fn textarea_html(text: &str) -> String {
    if cfg!(feature = "ssr") { format!("\n{}", escape(text)) } else { escape(text) }
}

/// Escapes text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Makes a call that runs later in the browser, unless it is made again before; on the server it does nothing.
#[cfg(feature = "hydrate")]
pub fn debounced(
    delay: std::time::Duration,
    action: impl Fn(()) + 'static,
) -> impl Fn() + Copy + Send + Sync + 'static {
    let call = StoredValue::new_local(leptos::leptos_dom::helpers::debounce(delay, action));
    move || call.update_value(|c| c(()))
}

#[cfg(not(feature = "hydrate"))]
pub fn debounced(
    _delay: std::time::Duration,
    _action: impl Fn(()) + 'static,
) -> impl Fn() + Copy + Send + Sync + 'static {
    || {}
}

/// Asks again and again while a condition holds (a job that is under way); in the browser only.
#[cfg(feature = "hydrate")]
pub fn every(delay: std::time::Duration, action: impl Fn() + 'static) {
    if let Ok(handle) = leptos::leptos_dom::helpers::set_interval_with_handle(action, delay) {
        on_cleanup(move || handle.clear());
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn every(_delay: std::time::Duration, _action: impl Fn() + 'static) {}

/// Asks a person before something goes away; where nobody can be asked, it may.
pub fn sure(question: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return window().confirm_with_message(question).unwrap_or(true);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = question;
        true
    }
}

/// Keeps a choice in this browser.
pub fn remember(id: &str, on: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(store) = window().local_storage().ok().flatten() {
        let _ = store.set_item(id, if on { "1" } else { "0" });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, on);
}

/// A choice that this browser keeps; on, where nobody has said otherwise.
pub fn remembered(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let kept = window().local_storage().ok().flatten().and_then(|s| s.get_item(id).ok().flatten());
        kept.as_deref() != Some("0")
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        true
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn keyboard(_form: &'static str) {}

#[cfg(not(feature = "hydrate"))]
pub fn show_current(_menu: &'static str) {}

/// True once the page has come alive: what needs a script shows itself then.
pub fn alive() -> RwSignal<bool> {
    let here = RwSignal::new(false);
    Effect::new(move |_| here.set(true));
    here
}

#[cfg(feature = "hydrate")]
pub use keys::{keyboard, show_current};
#[cfg(feature = "hydrate")]
pub use typing::{pasted, press};

/// Presses a button of the toolbar over a field; where no script runs there is no button.
#[cfg(not(feature = "hydrate"))]
pub fn press(_id: &str, _format: tomfolio_domain::typing::Format) {}

/// Makes Markdown of a pasted page, in the browser.
#[cfg(not(feature = "hydrate"))]
pub fn pasted(_e: &leptos::ev::ClipboardEvent) {}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Per cent.
    Part(u8),
    /// Where it can be seen.
    Done(String),
    /// A sentence.
    Refused(String),
    Stopped,
}

/// An upload under way; dropping it stops it.
pub struct Upload {
    #[cfg(feature = "hydrate")]
    request: send_wrapper::SendWrapper<web_sys::XmlHttpRequest>,
}

impl Drop for Upload {
    fn drop(&mut self) {
        #[cfg(feature = "hydrate")]
        let _ = self.request.abort();
    }
}

/// Sends a form with its file and tells how far it is: `fetch` cannot. Without script the form posts itself.
#[cfg(feature = "hydrate")]
pub fn upload(e: &leptos::ev::SubmitEvent, told: Callback<Progress>) -> Option<Upload> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let form: web_sys::HtmlFormElement = e.target()?.dyn_into().ok()?;
    let request = web_sys::XmlHttpRequest::new().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    request.open("POST", &form.action()).ok()?;
    request.set_request_header("Accept", "text/plain").ok()?;
    let part = Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |p: web_sys::ProgressEvent| {
        let share = if p.total() > 0.0 { p.loaded() * 100.0 / p.total() } else { 0.0 };
        told.run(Progress::Part(share.clamp(0.0, 100.0) as u8));
    });
    request.upload().ok()?.set_onprogress(Some(part.as_ref().unchecked_ref()));
    let done = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            let text = request.response_text().ok().flatten().unwrap_or_default();
            match request.status() {
                Ok(200) => told.run(Progress::Done(text)),
                _ => told.run(Progress::Refused(text)),
            }
        })
    };
    request.set_onload(Some(done.as_ref().unchecked_ref()));
    let broken = Closure::<dyn FnMut()>::new(move || {
        told.run(Progress::Refused(tomfolio_locales::evidence::refused_broken(page_language()).to_owned()));
    });
    request.set_onerror(Some(broken.as_ref().unchecked_ref()));
    let stopped = Closure::<dyn FnMut()>::new(move || told.run(Progress::Stopped));
    request.set_onabort(Some(stopped.as_ref().unchecked_ref()));
    request.send_with_opt_form_data(Some(&data)).ok()?;
    e.prevent_default();
    told.run(Progress::Part(0));
    // One upload a page: the listeners live as long as the page does.
    part.forget();
    done.forget();
    broken.forget();
    stopped.forget();
    Some(Upload { request: send_wrapper::SendWrapper::new(request) })
}

#[cfg(not(feature = "hydrate"))]
pub fn upload(_e: &leptos::ev::SubmitEvent, _told: Callback<Progress>) -> Option<Upload> {
    None
}

/// Goes to another page of this place, whole.
pub fn load(address: &str) {
    #[cfg(feature = "hydrate")]
    let _ = window().location().set_href(address);
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}
