//! The editor: Markdown at the left, the page that it becomes at the right; typing is kept by itself.

use super::api::{Discard, EditMeasure, keep_draft};
use super::further::FurtherFields;
use super::show::{EvidencePane, TestedPane};
use crate::components::{Markdown, TextArea, Toolbar, labelled, scope_word, status_word};
use crate::context::{debounced, kept as typed_before, lang};
use crate::pages::hints::Live;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tomfolio_domain::catalogues::{GoalKey, Why};
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{EditMeasure as Typed, Further, GOALS, MeasureKind, MeasureSheet, Status};
use tomfolio_locales::{goal, measure as w};

/// What could not even be kept as a draft (too long, an unseen character) comes back from the refused form itself.
fn again(mut form: Typed) -> Typed {
    // Of the forms on this page only the editor's has a scope.
    if typed_before("scope").is_some() {
        let word = |name: &str, of: &mut String| {
            if let Some(typed) = typed_before(name) {
                *of = typed;
            }
        };
        word("label", &mut form.content.label);
        word("text", &mut form.content.text);
        word("owner", &mut form.content.owner);
        word("status_reason", &mut form.status_reason);
        word("decided_by", &mut form.decided_by);
        word("reason", &mut form.reason);
        form.until = typed_before("until").and_then(|d| d.parse().ok());
        form.status = typed_before("status").and_then(|s| s.parse().ok()).unwrap_or(form.status);
        form.goals = ["goals[0]", "goals[1]", "goals[2]"]
            .iter()
            .filter_map(|n| typed_before(n)?.parse().ok())
            .collect();
        form.kind = typed_before("kind").and_then(|k| k.parse().ok()).unwrap_or(form.kind);
        word("further[internal]", &mut form.further.internal);
        form.further.audience =
            typed_before("further[audience]").and_then(|a| a.parse().ok()).unwrap_or(form.further.audience);
        form.scope = typed_before("scope").and_then(|s| s.parse().ok()).unwrap_or(form.scope);
    }
    form
}

#[component]
pub fn Editor(
    m: MeasureSheet,
    edit: ServerAction<EditMeasure>,
    discard: ServerAction<Discard>,
) -> impl IntoView {
    let l = lang();
    let shown = again(m.form());
    let (form, set_form) = signal(shown.clone());
    let (saved, set_saved) = signal(m.draft.as_ref().map(|d| d.saved_at.clone()));
    let (id, based_on) = (m.id.to_string(), m.revision);
    // What was typed and is not kept yet: it outlives the form, so that whoever moves on at once loses nothing.
    let typed: Arc<Mutex<Option<Typed>>> = Arc::default();
    let keep = {
        let typed = typed.clone();
        move || {
            let Some(form) = typed.lock().ok().and_then(|mut t| t.take()) else { return };
            spawn_local(async move {
                if let Ok(at) = keep_draft(form).await {
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
            if let Ok(mut t) = typed.lock() {
                *t = Some(Typed { based_on, ..form.get_untracked() });
            }
            soon();
        }
    });
    let typing = move |take: fn(&mut Typed, String)| {
        move |e: leptos::ev::Event| {
            set_form.update(|f| take(f, event_target_value(&e)));
            kept.run(());
        }
    };
    // What is sent as a whole needs no draft beside it: a refused edit is kept by the server.
    let sent = Callback::new(move |()| {
        if let Ok(mut t) = typed.lock() {
            *t = None;
        }
    });
    let on_text = Callback::new(move |t: String| {
        set_form.update(|f| f.content.text = t);
        kept.run(());
    });
    let preview = Memo::new(move |_| form.with(|f| labelled(&f.content.label, &f.content.text)));
    let (current, chosen, scope) = (m.status, shown.status, shown.scope);
    let statuses = Status::ALL
        .into_iter()
        .filter(|s| *s != Status::Retired && (*s != Status::ToConfirm || current == *s))
        .map(|s| view! { <option value=s.as_str() selected=s == chosen>{status_word(l, s)}</option> })
        .collect_view();
    let scopes = Scope::ALL
        .into_iter()
        .map(|s| view! { <option value=s.as_str() selected=s == scope>{scope_word(l, s)}</option> })
        .collect_view();
    let kinds = MeasureKind::ALL
        .into_iter()
        .map(
            |k| view! { <option value=k.as_str() selected=k == shown.kind>{w::word(l, k.as_str())}</option> },
        )
        .collect_view();
    // The first goal is the measure's place; at the others it is referred to.
    let goal_fields = ["goals[0]", "goals[1]", "goals[2]"].into_iter().enumerate().map(|(i, name)| {
        let id = format!("goal-{i}");
        let at = shown.goals.get(i).copied();
        let options = GoalKey::ALL
            .into_iter()
            .map(|g| view! { <option value=g.as_str() selected=at == Some(g)>{goal::word(l, g.as_str())}</option> })
            .collect_view();
        let take = move |e: leptos::ev::Event| {
            let chosen: Option<GoalKey> = event_target_value(&e).parse().ok();
            set_form.update(|f| {
                let mut all: Vec<Option<GoalKey>> = (0..GOALS).map(|n| f.goals.get(n).copied()).collect();
                if let Some(slot) = all.get_mut(i) {
                    *slot = chosen;
                }
                f.goals = all.into_iter().flatten().collect();
            });
            kept.run(());
        };
        let word = if i == 0 { w::goal(l) } else { w::goal_also(l) };
        let none = if i == 0 { w::goal_none(l) } else { "–" };
        view! {
            <label for=id.clone() class=if i == 0 { "" } else { "small muted" }>{word}</label>
            <select id=id name=name on:change=take><option value="" selected=at.is_none()>{none}</option>{options}</select>
        }
    });
    let goal_fields = goal_fields.collect::<Vec<_>>();
    let proposals =
        m.proposals.iter().filter(|p| !m.goals.contains(&p.goal) || m.status == Status::ToConfirm).map(|p| {
            let why = match &p.why {
                Why::Heading(h) => w::why_heading(l, h),
                Why::Words(words) => w::why_words(l, words.join(", ")),
            };
            view! { <li>{w::goal_proposed(l, goal::word(l, p.goal.as_str()), why)}</li> }
        });
    let proposals = proposals.collect::<Vec<_>>();
    let typed_now = Memo::new(move |_| form.with(|f| (f.content.label.clone(), f.content.text.clone())));
    let gap_open = Memo::new(move |_| form.with(|f| f.status == Status::AcceptedGap || f.until.is_some()));
    let until = shown.until.map(|d| d.to_string());
    let id_discard = id.clone();
    view! {
        <ActionForm action=edit attr:class="editor" on:submit=move |_| sent.run(())>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="based_on" value=based_on.to_string() />
            <div class="main-column">
                <div class="card sheet">
                    <div class="editor-head">
                        <label for="label" class="small">{w::label(l)}</label>
                        <input id="label" name="label" value=shown.content.label.clone() maxlength="200" on:input=typing(|f, v| f.content.label = v) />
                        <span class="saved" role="status">{move || saved.get().map(|at| w::draft_saved(l, at))}</span>
                    </div>
                    <div class="split">
                        <div><label for="text" class="small">{w::text(l)}</label><Toolbar of="text" /><TextArea name="text" id="text" value=shown.content.text.clone() on_text=on_text required=true rich=true key="e" /></div>
                        <div class="preview"><p class="small muted">{w::preview(l)}</p>{move || view! { <Markdown text=preview.get() /> }}</div>
                    </div>
                    <details class="internal" open=!shown.further.internal.is_empty()>
                        <summary>{w::internal(l)}" "<small class="muted">{w::internal_means(l)}</small></summary>
                        <label for="internal" class="unseen">{w::internal(l)}</label>
                        <TextArea name="further[internal]" id="internal" value=shown.further.internal.clone() rows=5 rich=true longest=16000 on_text=Callback::new(move |t: String| { set_form.update(|f| f.further.internal = t); kept.run(()); }) />
                    </details>
                    <div class="editor-foot">
                        <label for="reason">{w::reason(l)}</label>
                        <input id="reason" name="reason" maxlength="500" value=shown.reason.clone() on:input=typing(|f, v| f.reason = v) />
                        {move || saved.get().map(|_| view! { <button type="submit" form="discard">{w::discard(l)}</button> })}
                        <button class="primary" type="submit" name="save" value="1">{w::save(l)}</button>
                    </div>
                </div>
                <Live measure=m.id document=m.document code=m.code.clone().unwrap_or_default() found=m.hints.clone() today=m.today stored=(m.content.label.clone(), m.content.text.clone()) typed=typed_now />
            </div>
            <div class="right">
                <section class="card pane form">
                    <label for="status">{w::status(l)}</label>
                    <select id="status" name="status" on:change=typing(|f, v| f.status = v.parse().unwrap_or(f.status))>{statuses}</select>
                    <label for="status_reason">{w::status_reason(l)}</label>
                    <input id="status_reason" name="status_reason" value=shown.status_reason.clone() on:input=typing(|f, v| f.status_reason = v) />
                    <details class="inline-form" open=move || gap_open.get()>
                        <summary>{w::gap_title(l)}</summary>
                        <label for="decided_by">{w::decided_by(l)}</label>
                        <input id="decided_by" name="decided_by" maxlength="120" value=shown.decided_by.clone() on:input=typing(|f, v| f.decided_by = v) />
                        <label for="until">{w::until(l)}</label>
                        <input id="until" name="until" type="date" value=until on:input=typing(|f, v| f.until = v.parse().ok()) />
                    </details>
                    <label for="owner">{w::owner(l)}</label>
                    <input id="owner" name="owner" value=shown.content.owner.clone() maxlength="120" on:input=typing(|f, v| f.content.owner = v) />
                    {goal_fields}
                    <ul class="small muted proposals">{proposals}</ul>
                    <FurtherFields m=m.clone() shown=shown.further.clone() changed=Callback::new(move |f| { set_form.update(|form| form.further = Further { internal: std::mem::take(&mut form.further.internal), ..f }); kept.run(()); }) />
                    <label for="kind">{w::kind(l)}</label>
                    <select id="kind" name="kind" on:change=typing(|f, v| f.kind = v.parse().unwrap_or(f.kind))>{kinds}</select>
                    <label for="scope">{w::scope(l)}</label>
                    <select id="scope" name="scope" on:change=typing(|f, v| f.scope = v.parse().unwrap_or(f.scope))>{scopes}</select>
                </section>
                <EvidencePane rows=m.evidence.clone() add=Some(m.id) />
                <TestedPane tested=m.tested.clone() months=m.further.months />
            </div>
        </ActionForm>
        // Its button stands beside the one that saves.
        <ActionForm action=discard attr:id="discard" attr:hidden="" on:submit=move |_| sent.run(())><input type="hidden" name="id" value=id_discard /></ActionForm>
    }
}
