//! Server functions of title lists.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::titles::{ImportTitles as Command, TitleList};

#[server(endpoint = "titles/list")]
pub async fn list_titles() -> Result<Page<Vec<TitleList>>, AppError> {
    let body = services().titles.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Takes a list in as CSV; `of` is the code of a shipped catalogue, or empty for one of its own.
#[server(endpoint = "titles/import")]
pub async fn import_titles(
    #[server(default)] name: String,
    #[server(default)] licence: String,
    #[server(default)] of: String,
    #[server(default)] csv: String,
) -> Result<(), AppError> {
    let path = "/catalogues";
    let of = if of.is_empty() { None } else { Some(of.parse()?) };
    let permit = permit_or(Action::EditDocument, path)?;
    let done = services().titles.import(permit, Command { name, licence, of, csv }).await;
    answer(done.map(|_| path.to_owned()), path)
}

#[server(endpoint = "titles/remove")]
pub async fn remove_titles(id: String) -> Result<(), AppError> {
    let path = "/catalogues";
    let done = services().titles.remove(permit_or(Action::EditDocument, path)?, id.parse()?).await;
    answer(done.map(|()| path.to_owned()), path)
}
