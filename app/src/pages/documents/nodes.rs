//! A document's headings and measures, in reading order, each heading with what may be done to it.

use super::api::{Confirm, EditNode, UndoStep};
use super::show::May;
use crate::components::{FreshnessMark, StatusMark};
use crate::context::lang;
use crate::pages::measures::PlaceMeasure;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::codes::short;
use tomfolio_domain::documents::{NodeView, measures};
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_domain::import::Kind;
use tomfolio_domain::measures::{Audience, MeasureRow, Status};
use tomfolio_domain::outline::split_law;
use tomfolio_locales::document as w;

/// What the forms beside a heading do.
#[derive(Clone, Copy)]
pub struct Forms {
    pub confirm: ServerAction<Confirm>,
    pub node: ServerAction<EditNode>,
    pub undo: ServerAction<UndoStep>,
    pub place: ServerAction<PlaceMeasure>,
    /// The measure that is being dragged.
    drag: RwSignal<Option<MeasureId>>,
}

impl Forms {
    pub fn new(confirm: ServerAction<Confirm>) -> Forms {
        Forms {
            confirm,
            node: ServerAction::new(),
            undo: ServerAction::new(),
            place: ServerAction::new(),
            drag: RwSignal::new(None),
        }
    }

    /// Lets go of what is dragged, before a measure or under a heading. The buttons of the measure's page do the same.
    fn drop(self, at: impl ToString) -> impl Fn(leptos::ev::DragEvent) + Clone + 'static {
        let at = at.to_string();
        move |e| {
            let Some(id) = self.drag.try_update(Option::take).flatten() else { return };
            e.prevent_default();
            e.stop_propagation();
            self.place.dispatch(PlaceMeasure { id: id.to_string(), at: at.clone() });
        }
    }

    /// Only what is dragged from this list may be let go here.
    fn over(self) -> impl Fn(leptos::ev::DragEvent) + Copy + 'static {
        move |e| {
            if self.drag.with_untracked(Option::is_some) {
                e.prevent_default();
                e.stop_propagation();
            }
        }
    }
}

/// Another heading; where nothing stands under it, also why.
fn edit_form(n: &NodeView, document: DocumentId, action: ServerAction<EditNode>) -> AnyView {
    let l = lang();
    let goals_below = n.children.iter().any(|c| c.kind == Kind::Goal);
    let empty =
        matches!(n.kind, Kind::Section | Kind::Goal) && !goals_below && measures(&n.children).is_empty();
    let (id, title, reason) = (n.id.to_string(), n.title.clone(), n.empty_reason.clone().unwrap_or_default());
    let kept = (!empty).then(|| view! { <input type="hidden" name="empty_reason" value=reason.clone() /> });
    let asked = empty.then(|| view! { <label>{w::empty_reason(l)}<input name="empty_reason" value=reason placeholder=w::empty_reason_example(l) /></label> });
    view! {
        <details class="inline-form">
            <summary aria-label=w::edit_heading_of(l, &title)>{if empty { w::edit_empty(l) } else { w::edit_heading(l) }}</summary>
            <ActionForm action=action attr:class="form">
                <input type="hidden" name="document" value=document.to_string() />
                <input type="hidden" name="node" value=id />
                <input type="hidden" name="was" value=title.clone() />
                <label>{w::heading(l)}<input name="title" required maxlength="300" value=title /></label>
                {kept}{asked}
                <button type="submit">{w::save(l)}</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn shown(n: &NodeView, filter: Option<Status>) -> bool {
    match &n.measure {
        Some(m) => filter.map_or(m.status != Status::Retired, |f| m.status == f),
        None => filter.is_none() || n.children.iter().any(|c| shown(c, filter)),
    }
}

pub fn section(
    n: &NodeView,
    document: DocumentId,
    may: May,
    filter: Option<Status>,
    forms: Forms,
) -> AnyView {
    if !shown(n, filter) {
        return ().into_any();
    }
    let l = lang();
    if let Some(m) = &n.measure {
        return line(n, m, may.edit, forms).into_any();
    }
    let children = n.children.iter().map(|c| section(c, document, may, filter, forms)).collect_view();
    let code = n.code.clone().unwrap_or_default();
    let add = may.edit.then(|| view! { <a class="add" href=format!("/documents/{document}/add?under={}", n.id) aria-label=w::add_to(l, &n.title)>{w::add(l)}</a> });
    let open = measures(std::slice::from_ref(n))
        .iter()
        .any(|m| m.measure.as_ref().is_some_and(|m| m.status == Status::ToConfirm));
    let (under, under_here) = (n.id.to_string(), n.id);
    let anchor = code.clone();
    let confirm_form = (may.confirm && open).then(|| view! {
        <details class="inline-form">
            <summary>{w::confirm_section(l)}</summary>
            <ActionForm action=forms.confirm attr:class="form">
                <input type="hidden" name="document" value=document.to_string() />
                <input type="hidden" name="what" value=under />
                <label>{w::owner_for(l)}<input name="owner" required placeholder=w::owner_example(l) /></label>
                <p class="small muted">{w::confirm_means(l)}</p>
                <button type="submit">{w::confirm_these(l)}</button>
            </ActionForm>
        </details>
    });
    let reason = n.empty_reason.clone().map(|r| view! { <p class="definition">{w::empty_because(l, r)}</p> });
    let edit = may.edit.then(|| edit_form(n, document, forms.node));
    let definition = n.definition.clone().map(|d| view! { <p class="definition">{d}</p> });
    match n.kind {
        Kind::Section => {
            let (title, law) = split_law(&n.title);
            view! {
                <section id=anchor class="part">
                    <h2 on:dragover=forms.over() on:drop=forms.drop(under_here)><span class="code">{code}</span>" "{title}" "<small>{law}</small></h2>
                    {definition}
                    {reason}
                    <div class="tools">{add}{confirm_form}{edit}</div>
                    {children}
                </section>
            }
            .into_any()
        }
        Kind::Goal => view! {
            <section id=anchor class="goal-part">
                <h3 on:dragover=forms.over() on:drop=forms.drop(under_here)><span class="code">{code}</span>" "{n.title.clone()}</h3>
                {definition}
                {reason}
                <div class="tools">{add}{confirm_form}{edit}</div>
                {children}
            </section>
        }
        .into_any(),
        Kind::Scope | Kind::Group | Kind::Measure | Kind::Statement => view! {
            <div class=if n.kind == Kind::Scope { "caption" } else { "caption group" }>
                <h4 on:dragover=forms.over() on:drop=forms.drop(under_here)>{n.code.clone().map(|c| format!("{c} "))}{n.title.clone()}</h4>{add}{edit}
            </div>
            {children}
        }
        .into_any(),
    }
}

fn line(n: &NodeView, m: &MeasureRow, may: bool, forms: Forms) -> impl IntoView + use<> {
    let code = n.code.clone().unwrap_or_default();
    let text = view! { <span class=if m.label.is_empty() { "excerpt" } else { "muted excerpt" }>{m.text.clone()}</span> };
    let (errors, others) = m.hints;
    let (l, id) = (lang(), m.id);
    let hints = (errors + others > 0).then(|| {
        let word = if errors > 0 { w::errors_n(l, errors) } else { w::hints_n(l, others) };
        let severity = if errors > 0 { "hint-count danger" } else { "hint-count muted" };
        view! { <span class=severity>{word}</span> }
    });
    let inside = (m.audience == Audience::Internal)
        .then(|| view! { <span class="pill">{tomfolio_locales::measure::for_internal(l)}</span> });
    let head = view! { {(!m.label.is_empty()).then(|| view! { <strong>{m.label.clone()}</strong> })}{text} };
    // The box belongs to the form beside the list (`form=`): a form of its own around the list could hold no others.
    let tick = may.then(|| view! { <input class="tick" type="checkbox" form="bulk" name="measures[]" value=m.id.to_string() aria-label=w::choose(l, &code) /> });
    view! {
        <div class="measure-row" draggable=may.then_some("true") on:dragstart=move |_| forms.drag.set(Some(id)) on:dragend=move |_| forms.drag.set(None) on:dragover=forms.over() on:drop=forms.drop(id)>{tick}<a class="measure" draggable="false" href=format!("/measures/{}", m.id) data-code=code.clone()>
            <span class="code">{short(&code).to_owned()}</span>
            <span class="what">{head}</span>
            <StatusMark status=m.status />
            <span class="proof"><FreshnessMark freshness=m.freshness />{hints}{inside}</span>
            <span class="owner muted">{m.owner.clone()}</span>
        </a></div>
    }
}
