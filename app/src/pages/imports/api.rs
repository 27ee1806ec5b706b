//! Server functions of import drafts. The upload itself is a plain route.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::imports::{ImportSheet, Verdict};
use tomfolio_domain::policy::Action;

#[server(endpoint = "imports/find")]
pub async fn find_import(id: String) -> Result<Page<ImportSheet>, AppError> {
    let body = services().imports.find(permit(Action::Import)?, id.parse()?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Confirms or undoes one repair (`kind:line`), or confirms all that are left (`all`).
#[server(endpoint = "imports/judge")]
pub async fn judge(id: String, repair: String, verdict: Verdict) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    go(&format!("/imports/{id}#repairs"));
    let repair =
        if repair == "all" { None } else { Some(repair.parse().map_err(|()| DomainError::NotFound)?) };
    Ok(services().imports.judge(permit(Action::Import)?, id.parse()?, repair, verdict).await?)
}

/// One change by hand at a place (`line.nth`): what (`kind`, `scope`, `goals`, `in`, `out`, `up`, `down`, `split`, `merge`, `ignore`,
/// `take`) and, where it needs one, to what; `more` are further goals.
#[server(endpoint = "imports/change")]
pub async fn change(
    id: String,
    at: String,
    op: String,
    #[server(default)] value: String,
    #[server(default)] more: Vec<String>,
) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    use tomfolio_domain::import::changes::{Change, NodeKey, Op};
    let permit = permit(Action::Import)?;
    let at: NodeKey = at.parse().map_err(|()| DomainError::NotFound)?;
    let value = std::iter::once(value).chain(more).collect::<Vec<_>>().join(" ");
    let change = Change { at, op: Op::of(&op, value.trim())? };
    let done = services().imports.change(permit, id.parse()?, change).await;
    // The place stays open beside the reason.
    let place = format!("/imports/{id}?at={at}#hand");
    answer(done.map(|()| place.clone()), &place)
}

/// Takes the last change by hand back.
#[server(endpoint = "imports/take_back")]
pub async fn take_back(id: String) -> Result<(), AppError> {
    let done = services().imports.take_back(permit(Action::Import)?, id.parse()?).await;
    answer(done.map(|at| format!("/imports/{id}?at={at}#hand")), &format!("/imports/{id}"))
}

/// Holds the file against a document that is here already; against none with an empty word.
#[server(endpoint = "imports/against")]
pub async fn against(id: String, #[server(default)] document: String) -> Result<(), AppError> {
    let permit = permit(Action::Import)?;
    let chosen = if document.is_empty() { None } else { Some(document.parse()?) };
    let done = services().imports.against(permit, id.parse()?, chosen).await;
    answer(done.map(|()| format!("/imports/{id}#against")), &format!("/imports/{id}"))
}

/// Takes chosen places of the file over into that document.
#[server(endpoint = "imports/merge")]
pub async fn merge(id: String, #[server(default)] marks: Vec<String>) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    let permit = permit(Action::Import)?;
    let marks: Result<Vec<_>, ()> = marks.iter().map(|m| m.parse()).collect();
    let marks = marks.map_err(|()| DomainError::NotFound)?;
    let done = services().imports.merge(permit, id.parse()?, marks).await;
    answer(done.map(|d| format!("/documents/{d}")), &format!("/imports/{id}"))
}

#[server(endpoint = "imports/take")]
pub async fn take(id: String, #[server(default)] title: String) -> Result<(), AppError> {
    let permit = permit(Action::Import)?;
    match services().imports.take(permit, id.parse()?, title).await {
        Ok(document) => {
            go(&format!("/documents/{document}"));
            Ok(())
        }
        Err(e) => refuse(e.into(), &format!("/imports/{id}")),
    }
}

#[server(endpoint = "imports/discard")]
pub async fn discard(id: String) -> Result<(), AppError> {
    go("/documents");
    Ok(services().imports.discard(permit(Action::Import)?, id.parse()?).await?)
}
