//! The editor: Markdown at the left, the page that it becomes at the right; typing is kept by itself.

use super::api::{Discard, EditMeasure, keep_draft};
use super::show::{EvidencePane, TestedPane};
use crate::components::{Markdown, TextArea, scope_word, status_word};
use crate::context::{debounced, lang};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{Content, MeasureSheet, Status};
use tomfolio_locales::measure as w;

#[component]
pub fn Editor(
    m: MeasureSheet,
    edit: ServerAction<EditMeasure>,
    discard: ServerAction<Discard>,
) -> impl IntoView {
    let l = lang();
    let draft = m.draft.clone();
    let shown = draft.as_ref().map_or(m.content.clone(), |d| d.content.clone());
    let (text, set_text) = signal(shown.text.clone());
    let (label, set_label) = signal(shown.label.clone());
    let (owner, set_owner) = signal(shown.owner.clone());
    let (saved, set_saved) = signal(draft.as_ref().map(|d| d.saved_at.clone()));
    let (id, based_on) = (m.id.to_string(), m.revision);
    // What was typed and is not kept yet: it outlives the form, so that whoever moves on at once loses nothing.
    let typed: Arc<Mutex<Option<Content>>> = Arc::default();
    let keep = {
        let (id, typed) = (id.clone(), typed.clone());
        move || {
            let Some(c) = typed.lock().ok().and_then(|mut t| t.take()) else { return };
            let id = id.clone();
            spawn_local(async move {
                if let Ok(at) = keep_draft(id, based_on, c.label, c.text, c.owner).await {
                    set_saved.try_set(Some(at));
                }
            });
        }
    };
    on_cleanup(keep.clone());
    let soon = debounced(Duration::from_millis(800), move |()| keep());
    let kept = Callback::new({
        let typed = typed.clone();
        move |()| {
            let content = Content {
                label: label.get_untracked(),
                text: text.get_untracked(),
                owner: owner.get_untracked(),
            };
            if let Ok(mut t) = typed.lock() {
                *t = Some(content);
            }
            soon();
        }
    });
    // What is sent as a whole needs no draft beside it: a refused edit is kept by the server.
    let sent = Callback::new(move |()| {
        if let Ok(mut t) = typed.lock() {
            *t = None;
        }
    });
    let on_text = Callback::new(move |t: String| {
        set_text.set(t);
        kept.run(());
    });
    let (current, scope) = (m.status, m.scope);
    let statuses = Status::ALL
        .into_iter()
        .filter(|s| *s != Status::Retired && (*s != Status::ToConfirm || current == *s))
        .map(|s| view! { <option value=s.as_str() selected=s == current>{status_word(l, s)}</option> })
        .collect_view();
    let scopes = Scope::ALL
        .into_iter()
        .map(|s| view! { <option value=s.as_str() selected=s == scope>{scope_word(l, s)}</option> })
        .collect_view();
    let has_draft = draft.is_some();
    let (gap_open, set_gap_open) = signal(m.gap.is_some() || m.status == Status::AcceptedGap);
    let (gap_by, gap_until) =
        m.gap.as_ref().map(|g| (g.decided_by.clone(), g.until.to_string())).unwrap_or_default();
    let id_discard = id.clone();
    view! {
        <ActionForm action=edit attr:class="columns editor" on:submit=move |_| sent.run(())>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="based_on" value=based_on.to_string() />
            <div class="card main-column">
                <div class="editor-head">
                    <label for="label" class="small">{w::label(l)}</label>
                    <input id="label" name="label" value=shown.label.clone() maxlength="200" on:input=move |e| { set_label.set(event_target_value(&e)); kept.run(()); } />
                    <span class="saved" role="status">{move || saved.get().map(|at| w::draft_saved(l, at))}</span>
                </div>
                <div class="split">
                    <div><label for="text" class="small">{w::text(l)}</label><TextArea name="text" id="text" value=shown.text.clone() on_text=on_text required=true /></div>
                    <div class="preview"><p class="small muted">{w::preview(l)}</p>{move || view! { <Markdown text=with_label(&label.get(), &text.get()) /> }}</div>
                </div>
                <div class="editor-foot">
                    <label for="reason">{w::reason(l)}</label>
                    <input id="reason" name="reason" maxlength="500" />
                    <button class="primary" type="submit" name="save" value="1">{w::save(l)}</button>
                </div>
            </div>
            <div class="right">
                <section class="card pane form">
                    <label for="status">{w::status(l)}</label>
                    <select id="status" name="status" on:change=move |e| set_gap_open.set(event_target_value(&e) == Status::AcceptedGap.as_str())>{statuses}</select>
                    <label for="status_reason">{w::status_reason(l)}</label>
                    <input id="status_reason" name="status_reason" value=m.status_reason.clone() />
                    <details class="inline-form" open=move || gap_open.get()>
                        <summary>{w::gap_title(l)}</summary>
                        <label for="decided_by">{w::decided_by(l)}</label>
                        <input id="decided_by" name="decided_by" maxlength="120" value=gap_by />
                        <label for="until">{w::until(l)}</label>
                        <input id="until" name="until" type="date" value=gap_until />
                    </details>
                    <label for="owner">{w::owner(l)}</label>
                    <input id="owner" name="owner" value=shown.owner.clone() maxlength="120" on:input=move |e| { set_owner.set(event_target_value(&e)); kept.run(()); } />
                    <label for="scope">{w::scope(l)}</label>
                    <select id="scope" name="scope">{scopes}</select>
                </section>
                <EvidencePane rows=m.evidence.clone() add=Some(m.id) />
                <TestedPane tested=m.tested.clone() />
            </div>
        </ActionForm>
        {has_draft.then(|| view! {
            <ActionForm action=discard attr:class="under" on:submit=move |_| sent.run(())>
                <input type="hidden" name="id" value=id_discard />
                <button type="submit">{w::discard(l)}</button>
            </ActionForm>
        })}
    }
}

/// The label stands before the text, as in the document.
fn with_label(label: &str, text: &str) -> String {
    if label.is_empty() { text.to_owned() } else { format!("**{}:** {text}", label.replace('*', "")) }
}
