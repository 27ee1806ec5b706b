//! Server functions of baselines.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::baselines::{Answer, BaselineRow, BaselineSheet, Stamp};
use tomfolio_domain::policy::{Action, readable};

#[server(endpoint = "baselines/list")]
pub async fn list_baselines() -> Result<Vec<BaselineRow>, AppError> {
    Ok(services().baselines.list(readable(&actor()?)).await?)
}

#[server(endpoint = "baselines/find")]
pub async fn find_baseline(document: String) -> Result<Page<BaselineSheet>, AppError> {
    let may_read = permit(Action::ReadDocuments)?;
    let actor = actor()?;
    let mut body = services().baselines.find(may_read, readable(&actor), document.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor, body, tree })
}

/// Offers a document as a baseline (`on` is `yes`), or no longer.
#[server(endpoint = "baselines/mark")]
pub async fn mark_baseline(document: String, #[server(default)] on: String) -> Result<(), AppError> {
    let path = format!("/documents/{document}/baseline");
    let permit = permit_or(Action::EditDocument, &path)?;
    let done = services().baselines.mark(permit, document.parse()?, on == "yes").await;
    answer(done.map(|()| path.clone()), &path)
}

/// A document of this organisation, made from a baseline: `baseline` is its organisation and its document, with a blank between.
#[server(endpoint = "baselines/stamp")]
pub async fn stamp_document(baseline: String, #[server(default)] title: String) -> Result<(), AppError> {
    let back = "/documents/new";
    let (organisation, document) = baseline.split_once(' ').unwrap_or_default();
    let cmd = Stamp { organisation: organisation.parse()?, document: document.parse()?, title };
    let permit = permit_or(Action::CreateDocument, back)?;
    let done = services().baselines.stamp(permit, readable(&actor()?), cmd).await;
    answer(done.map(|id| format!("/documents/{id}")), back)
}

/// An answer to one offer: `take` is `yes` or `no`, `sides` whose words are taken (`mine`, `theirs`), a question at a time.
#[server(endpoint = "baselines/answer")]
pub async fn answer_offer(
    document: String,
    origin: String,
    revision: i64,
    #[server(default)] take: String,
    #[server(default)] sides: Vec<String>,
) -> Result<(), AppError> {
    let path = format!("/documents/{document}/baseline");
    let sides = sides.iter().map(|s| s.parse()).collect::<Result<_, _>>()?;
    let cmd =
        Answer { document: document.parse()?, origin: origin.parse()?, revision, take: take == "yes", sides };
    let permit = permit_or(Action::EditMeasure, &path)?;
    let done = services().baselines.answer(permit, readable(&actor()?), cmd).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Takes every offer over that asks nothing and ends nothing.
#[server(endpoint = "baselines/take_all")]
pub async fn take_offers(document: String) -> Result<u32, AppError> {
    let path = format!("/documents/{document}/baseline");
    let permit = permit_or(Action::EditMeasure, &path)?;
    let done = services().baselines.take_all(permit, readable(&actor()?), document.parse()?).await;
    answer_with(done, |_| path.clone(), &path)
}
