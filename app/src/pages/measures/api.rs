//! Server functions of measures.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::measures::{
    AddSheet, Comparison, Direction, EditMany as Many, EditMeasure as Typed, EditOutcome, Further,
    MeasureKind, MeasureSheet, Place, SplitMeasure as Split,
};
use tomfolio_domain::policy::Action;

#[server(endpoint = "measures/find")]
pub async fn find_measure(id: String) -> Result<Page<MeasureSheet>, AppError> {
    let mut body = services().measures.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// What a new measure under a heading could say.
#[server(endpoint = "measures/offer")]
pub async fn offer_measure(document: String, under: String) -> Result<Page<AddSheet>, AppError> {
    let permit = permit(Action::ReadDocuments)?;
    let mut body = services().measures.offer(permit, document.parse()?, under.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// The edit form's fields, flat as a form posts them.
#[server(endpoint = "measures/edit")]
pub async fn edit_measure(
    id: String,
    based_on: i64,
    #[server(default)] label: String,
    #[server(default)] text: String,
    #[server(default)] owner: String,
    status: String,
    #[server(default)] status_reason: String,
    #[server(default)] decided_by: String,
    #[server(default)] until: String,
    scope: String,
    #[server(default)] goals: Vec<String>,
    #[server(default)] kind: String,
    #[server(default)] further: Further,
    #[server(default)] reason: String,
) -> Result<EditOutcome, AppError> {
    let path = format!("/measures/{id}");
    let cmd = Typed {
        id: id.parse()?,
        based_on,
        content: tomfolio_domain::measures::Content { label, text, owner },
        status: status.parse()?,
        status_reason,
        decided_by,
        // What is no date is none: a deviation without its last day is refused by its rule, and the form is kept.
        until: until.parse().ok(),
        scope: scope.parse()?,
        goals: goals.iter().filter_map(|g| g.parse().ok()).collect(),
        kind: if kind.is_empty() { MeasureKind::default() } else { kind.parse()? },
        further,
        reason,
    };
    let done = services().measures.edit(permit(Action::EditMeasure)?, cmd).await;
    answer_with(done, |_| path.clone(), &path)
}

/// Keeps what is being typed; answers with the time.
#[server(endpoint = "measures/draft")]
pub async fn keep_draft(typed: Typed) -> Result<String, AppError> {
    Ok(services().measures.keep_draft(permit(Action::EditMeasure)?, typed).await?)
}

#[server(endpoint = "measures/discard")]
pub async fn discard(id: String) -> Result<(), AppError> {
    go(&format!("/measures/{id}"));
    Ok(services().measures.discard_draft(permit(Action::EditMeasure)?, id.parse()?).await?)
}

#[server(endpoint = "measures/add")]
pub async fn add_measure(
    document: String,
    parent: String,
    #[server(default)] label: String,
    text: String,
) -> Result<(), AppError> {
    use tomfolio_domain::measures::AddMeasure as Command;
    let back = format!("/documents/{document}/add?under={parent}");
    let cmd = Command { document: document.parse()?, parent: parent.parse()?, label, text };
    let done = services().measures.add(permit(Action::EditMeasure)?, cmd).await;
    answer(done.map(|id| format!("/measures/{id}")), &back)
}

#[server(endpoint = "measures/retire")]
pub async fn retire(
    id: String,
    based_on: i64,
    #[server(default)] reason: String,
) -> Result<EditOutcome, AppError> {
    let path = format!("/measures/{id}");
    match services().measures.retire(permit(Action::EditMeasure)?, id.parse()?, based_on, reason).await {
        Ok(outcome) => {
            go(&path);
            Ok(outcome)
        }
        Err(e) => refuse(e.into(), &path),
    }
}

/// What changed between two steps of a measure's history.
#[server(endpoint = "measures/compare")]
pub async fn compare(id: String, from: i64, to: i64) -> Result<Comparison, AppError> {
    Ok(services().measures.compare(permit(Action::ReadDocuments)?, id.parse()?, from, to).await?)
}

/// Brings an earlier step back as the next revision.
#[server(endpoint = "measures/restore")]
pub async fn restore(id: String, based_on: i64, number: i64) -> Result<EditOutcome, AppError> {
    let path = format!("/measures/{id}");
    let permit = permit_or(Action::EditMeasure, &path)?;
    let done = services().measures.restore(permit, id.parse()?, based_on, number).await;
    answer_with(done, |_| path.clone(), &path)
}

/// The same change of many measures; an empty field stays as it is.
#[server(endpoint = "measures/edit_many")]
pub async fn edit_many(
    document: String,
    #[server(default)] measures: Vec<String>,
    #[server(default)] status: String,
    #[server(default)] owner: String,
    #[server(default)] scope: String,
    #[server(default)] goal: String,
    #[server(default)] plan: String,
    #[server(default)] reason: String,
) -> Result<u32, AppError> {
    let path = format!("/documents/{document}");
    let optional = |s: &String| (!s.trim().is_empty()).then(|| s.clone());
    let cmd = Many {
        document: document.parse()?,
        measures: measures.iter().map(|m| m.parse()).collect::<Result<_, _>>()?,
        status: optional(&status).map(|s| s.parse()).transpose()?,
        owner: optional(&owner),
        scope: optional(&scope).map(|s| s.parse()).transpose()?,
        goal: optional(&goal).map(|g| g.parse()).transpose()?,
        plan: match optional(&plan) {
            Some(months) => {
                Some(months.parse().map_err(|_| tomfolio_domain::error::DomainError::invalid("months"))?)
            }
            None => None,
        },
        reason,
    };
    let done = services().measures.edit_many(permit_or(Action::EditMeasure, &path)?, cmd).await;
    answer_with(done, |_| path.clone(), &path)
}

#[server(endpoint = "measures/shift")]
pub async fn shift(id: String, direction: Direction) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let permit = permit_or(Action::MoveMeasure, &path)?;
    let done = services().measures.place(permit, id.parse()?, Place::Beside(direction)).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Hangs a measure under another heading.
#[server(endpoint = "measures/move")]
pub async fn move_to(id: String, parent: String) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let permit = permit_or(Action::MoveMeasure, &path)?;
    let done = services().measures.place(permit, id.parse()?, Place::Under(parent.parse()?)).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Puts a measure where `at` says: before a measure, or under a heading. It is what dragging does; who asks stays on the page.
#[server(endpoint = "measures/place")]
pub async fn place_measure(id: String, at: String) -> Result<(), AppError> {
    let place = match at.parse() {
        Ok(measure) => Place::Before(measure),
        Err(_) => Place::Under(at.parse()?),
    };
    Ok(services().measures.place(permit(Action::MoveMeasure)?, id.parse()?, place).await?)
}

/// Makes two of one: the second begins at the byte `at` of the text.
#[server(endpoint = "measures/split")]
pub async fn split_measure(
    id: String,
    based_on: i64,
    at: usize,
    #[server(default)] label: String,
) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let cmd = Split { id: id.parse()?, based_on, at, label };
    let done = services().measures.split(permit_or(Action::EditMeasure, &path)?, cmd).await;
    answer(done.map(|_| path.clone()), &path)
}

/// Takes another measure in; that one goes out of force.
#[server(endpoint = "measures/join")]
pub async fn join_measure(id: String, based_on: i64, other: String) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let permit = permit_or(Action::EditMeasure, &path)?;
    let done = services().measures.join(permit, id.parse()?, based_on, other.parse()?).await;
    answer(done.map(|()| path.clone()), &path)
}

/// The same words once more.
#[server(endpoint = "measures/duplicate")]
pub async fn duplicate_measure(id: String) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let done = services().measures.duplicate(permit_or(Action::EditMeasure, &path)?, id.parse()?).await;
    answer(done.map(|copy| format!("/measures/{copy}")), &path)
}

/// Merges what was typed with what somebody else saved meanwhile; `sides` (`mine`, `theirs`) answer its questions in their order.
#[server(endpoint = "measures/merge")]
pub async fn merge_draft(id: String, #[server(default)] sides: Vec<String>) -> Result<(), AppError> {
    let path = format!("/measures/{id}");
    let sides = sides.iter().map(|s| s.parse()).collect::<Result<_, _>>()?;
    let done =
        services().measures.merge_draft(permit_or(Action::EditMeasure, &path)?, id.parse()?, sides).await;
    answer(done.map(|()| path.clone()), &path)
}
