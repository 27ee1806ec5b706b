//! The server function of search.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::search::Results;

#[server(endpoint = "search/list")]
pub async fn search(#[server(default)] query: String) -> Result<Page<Results>, AppError> {
    let body = services().search.search(permit(Action::ReadDocuments)?, query).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}
