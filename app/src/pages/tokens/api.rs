//! Server functions of tokens.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::tokens::{PREFIX, TokenList};

const HERE: &str = "/tokens";

/// What the page shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TokenPage {
    pub list: TokenList,
    /// A secret that was made a moment ago: told this once.
    pub made: Option<String>,
    /// The person gave the password lately enough to change something.
    pub proved: bool,
}

#[server(endpoint = "tokens/list")]
pub async fn list_tokens() -> Result<Page<TokenPage>, AppError> {
    let list = services().tokens.list(permit(Action::ReadMembers)?).await?;
    let proved = may(Action::ManageTokens);
    let made = if proved { take_flash().map(|secret| format!("{PREFIX}{secret}")) } else { None };
    Ok(Page { actor: actor()?, body: TokenPage { list, made, proved }, tree: None })
}

#[server(endpoint = "tokens/create")]
pub async fn create_token(#[server(default)] name: String, until: String) -> Result<(), AppError> {
    let permit = permit_or(Action::ManageTokens, HERE)?;
    let done = match until.parse() {
        Ok(until) => services().tokens.create(permit, name, until).await,
        Err(_) => Err(tomfolio_domain::error::DomainError::invalid("until")),
    };
    if let Ok(secret) = &done {
        set_flash(secret.trim_start_matches(PREFIX));
    }
    answer(done.map(|_| HERE.into()), HERE)
}

#[server(endpoint = "tokens/revoke")]
pub async fn revoke_token(id: String) -> Result<(), AppError> {
    let done = services().tokens.revoke(permit_or(Action::ManageTokens, HERE)?, id.parse()?).await;
    answer(done.map(|()| HERE.into()), HERE)
}
