//! The last step, and the way back from it.

use super::api::UndoStep;
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::documents::{LastStep, StepKind};
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_locales::step as w;

/// What this person did last, with a button that takes it back; nothing where there is nothing to take back.
#[component]
pub fn LastStepBar(
    last: Option<LastStep>,
    document: DocumentId,
    #[prop(optional)] measure: Option<MeasureId>,
    undo: ServerAction<UndoStep>,
) -> impl IntoView {
    let l = lang();
    last.map(|last| {
        let said = match last.kind {
            StepKind::Added => w::added(l, last.count),
            StepKind::Changed => w::changed(l, last.count),
            StepKind::Moved => w::moved(l).to_owned(),
            StepKind::Renamed => w::renamed(l).to_owned(),
            StepKind::LaidOut => w::laid_out(l).to_owned(),
            StepKind::Kept => w::kept(l).to_owned(),
            StepKind::Framed => w::framed(l).to_owned(),
        };
        view! {
            <ActionForm action=undo attr:class="last-step" attr:id="last-step">
                <input type="hidden" name="document" value=document.to_string() />
                <input type="hidden" name="step" value=last.id />
                <input type="hidden" name="measure" value=measure.map(|m| m.to_string()).unwrap_or_default() />
                <span class="small muted">{w::last(l)}" "{said}", "{last.at}</span>
                <button class="quiet small" type="submit">{w::undo(l)}</button>
            </ActionForm>
        }
    })
}
