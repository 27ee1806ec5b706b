//! Server functions of share links. Opening one is open to whoever holds the token.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tomfolio_domain::policy::Action;
use tomfolio_domain::shares::{ShareList, SharePage};

/// The list, and the address of a link that was made a moment ago: it is told this once.
#[server(endpoint = "shares/list")]
pub async fn list_shares() -> Result<Page<(ShareList, Option<String>)>, AppError> {
    let list = services().shares.list(permit(Action::ReadDocuments)?).await?;
    let made = if may(Action::Share) {
        take_flash().map(|token| format!("{}/s/{token}", services().url))
    } else {
        None
    };
    Ok(Page { actor: actor()?, body: (list, made), tree: None })
}

#[server(endpoint = "shares/create")]
pub async fn create_share(
    document: String,
    #[server(default)] customer: String,
    #[server(default)] contract: String,
    #[server(default)] known: u32,
    until: String,
) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    let until = until.parse().map_err(|_| DomainError::invalid("until"))?;
    let cmd =
        tomfolio_domain::shares::NewShare { document: document.parse()?, customer, contract, known, until };
    match services().shares.create(permit(Action::Share)?, cmd).await {
        Ok(token) => {
            set_flash(&token);
            go("/customers");
            Ok(())
        }
        Err(e) => refuse(e.into(), "/customers?refused=1"),
    }
}

#[server(endpoint = "shares/revoke")]
pub async fn revoke_share(id: String) -> Result<(), AppError> {
    go("/customers");
    Ok(services().shares.revoke(permit(Action::Share)?, id.parse()?).await?)
}

/// Why a link shows nothing, as it crosses the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    Unknown,
    Gone,
    Withdrawn,
}

#[server(endpoint = "shares/open")]
pub async fn open_share(token: String) -> Result<Result<SharePage, Ended>, AppError> {
    use tomfolio_domain::shares::ShareRefusal;
    match services().shares.open(&token).await {
        Ok(page) => Ok(Ok(page)),
        Err(ShareRefusal::Unknown) => Ok(Err(Ended::Unknown)),
        Err(ShareRefusal::Gone) => Ok(Err(Ended::Gone)),
        Err(ShareRefusal::Withdrawn) => Ok(Err(Ended::Withdrawn)),
        Err(ShareRefusal::Refused(e)) => Err(e.into()),
    }
}
