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
