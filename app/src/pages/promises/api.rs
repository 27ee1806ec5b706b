//! Server functions of promises.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::promises::{DecidePromises as Command, PromiseSheet, Verdict};

#[server(endpoint = "promises/list")]
pub async fn list_promises(document: String) -> Result<Page<PromiseSheet>, AppError> {
    let mut body = services().promises.list(permit(Action::ReadDocuments)?, document.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// Decides about the marked promises: `verdict` is `confirm`, `decline`, `reopen` or `kept`; an empty `interval` is the proposed one.
#[server(endpoint = "promises/decide")]
pub async fn decide_promises(
    document: String,
    verdict: String,
    #[server(default)] marks: Vec<String>,
    #[server(default)] interval: String,
    #[server(default)] reason: String,
) -> Result<u32, AppError> {
    let path = format!("/documents/{document}/promises");
    let verdict = match verdict.as_str() {
        "confirm" => Verdict::Confirm { interval: (!interval.is_empty()).then_some(interval) },
        "decline" => Verdict::Decline { reason },
        "reopen" => Verdict::Reopen,
        "kept" => Verdict::Kept,
        _ => return Err(tomfolio_domain::error::DomainError::invalid("verdict").into()),
    };
    let cmd = Command { document: document.parse()?, marks, verdict };
    let done = services().promises.decide(permit_or(Action::EditMeasure, &path)?, cmd).await;
    answer_with(done, |_| path.clone(), &path)
}
