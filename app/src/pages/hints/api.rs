//! Server functions of quality hints.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::hints::{DismissHints as Command, HintSheet};
use tomfolio_domain::policy::Action;

#[server(endpoint = "hints/list")]
pub async fn list_hints(document: String) -> Result<Page<HintSheet>, AppError> {
    let mut body = services().hints.list(permit(Action::ReadDocuments)?, document.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// Sets the marked hints aside with a reason; with `restore`, takes that back.
#[server(endpoint = "hints/dismiss")]
pub async fn dismiss_hints(
    document: String,
    #[server(default)] marks: Vec<String>,
    #[server(default)] reason: String,
    #[server(default)] restore: bool,
) -> Result<u32, AppError> {
    let path = format!("/documents/{document}/hints");
    let reason = (!restore).then_some(reason);
    let cmd = Command { document: document.parse()?, marks, reason };
    let done = services().hints.dismiss(permit_or(Action::EditMeasure, &path)?, cmd).await;
    answer_with(done, |_| path.clone(), &path)
}
