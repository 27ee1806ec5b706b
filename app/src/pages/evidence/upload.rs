//! The form around a file: plain without script; with script it shows progress and can be stopped.

use crate::context::{Progress, Upload, kept, lang, upload};
use leptos::prelude::*;
use tomfolio_domain::evidence::{Audience, EvidenceKind};
use tomfolio_locales::evidence as w;

/// A multipart form whose file comes last, so that the server knows what it is for before the first byte of it.
#[component]
pub fn UploadForm(action: String, submit: &'static str, children: Children) -> impl IntoView {
    let l = lang();
    let (state, set_state) = signal(None::<Progress>);
    let running = StoredValue::new(None::<Upload>);
    let on_progress = Callback::new(move |p: Progress| {
        if let Progress::Done(address) = &p {
            crate::context::load(address);
        }
        set_state.set(Some(p));
    });
    let busy = move || matches!(state.get(), Some(Progress::Part(_)));
    let part = move || match state.get() {
        Some(Progress::Part(n)) => n,
        _ => 0,
    };
    let refused = move || match state.get() {
        Some(Progress::Refused(why)) => Some(view! { <p class="alert" role="alert">{why}</p> }),
        Some(Progress::Stopped) => {
            Some(view! { <p class="alert" role="alert">{w::stopped(l).to_owned()}</p> })
        }
        _ => None,
    };
    let stop = move |_| running.update_value(|r| drop(r.take()));
    view! {
        <form class="card form wide" method="post" action=action enctype="multipart/form-data"
            on:submit=move |e| running.set_value(upload(&e, on_progress))>
            {refused}
            {children()}
            <label for="file">{w::file(l)}</label>
            <input id="file" name="file" type="file" required accept=".pdf,.png,.jpg,.jpeg,.webp,.txt,.csv,.md,.docx,.xlsx,.odt,.ods" />
            <small>{w::kinds(l)}</small>
            <div class="uploading" class:busy=busy>
                <progress max="100" value=part aria-label=w::progress(l)></progress>
                <span role="status">{move || busy().then(|| w::progress_n(l, part()))}</span>
                <button type="button" on:click=stop>{w::stop(l)}</button>
            </div>
            <div class="actions"><button class="primary" type="submit" disabled=busy>{submit}</button></div>
        </form>
    }
}

/// What an evidence is and what it proves.
#[component]
pub fn FactFields(
    title: String,
    kind: Option<EvidenceKind>,
    proves: String,
    audience: Audience,
) -> impl IntoView {
    let l = lang();
    // What was refused without script comes back as it was typed.
    let again = |name: &str, value: String| kept(name).unwrap_or(value);
    let (title, proves) = (again("title", title), again("proves", proves));
    let kind = kept("kind").and_then(|k| k.parse().ok()).or(kind);
    let audience = kept("audience").and_then(|a| a.parse().ok()).unwrap_or(audience);
    let kinds = EvidenceKind::ALL.map(
        |k| view! { <option value=k.as_str() selected=Some(k) == kind>{w::word(l, k.as_str())}</option> },
    );
    let audiences = Audience::ALL
        .map(|a| view! { <option value=a.as_str() selected=a == audience>{w::word(l, a.as_str())}</option> });
    view! {
        <label for="title">{w::title(l)}</label>
        <input id="title" name="title" required maxlength="200" value=title placeholder=w::title_example(l) />
        <label for="kind">{w::kind(l)}</label>
        <select id="kind" name="kind">{kinds}</select>
        <label for="proves">{w::proves(l)}</label>
        <input id="proves" name="proves" required maxlength="300" value=proves placeholder=w::proves_example(l) />
        <label for="audience">{w::audience(l)}</label>
        <select id="audience" name="audience">{audiences}</select>
    }
}

/// Who issued a file and how long it holds.
#[component]
pub fn VersionFields() -> impl IntoView {
    let l = lang();
    view! {
        <label for="issuer">{w::issuer(l)}</label>
        <input id="issuer" name="issuer" required maxlength="200" value=kept("issuer") placeholder=w::issuer_example(l) />
        <div class="pair">
            <label>{w::valid_from(l)}<input name="valid_from" type="date" value=kept("valid_from") /></label>
            <label>{w::valid_until(l)}<input name="valid_until" type="date" value=kept("valid_until") /></label>
        </div>
        <label for="undated_reason">{w::undated_reason(l)}</label>
        <input id="undated_reason" name="undated_reason" maxlength="300" value=kept("undated_reason") placeholder=w::undated_example(l) />
    }
}
