//! Server functions of documents.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::documents::{DocumentRow, DocumentSheet};
use tomfolio_domain::policy::Action;

#[server(endpoint = "documents/list")]
pub async fn list_documents() -> Result<Page<Vec<DocumentRow>>, AppError> {
    let body = services().documents.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "documents/find")]
pub async fn find_document(id: String) -> Result<Page<DocumentSheet>, AppError> {
    let body = services().documents.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    let tree = Some(Tree::of(body.id, &body.title, &body.nodes));
    Ok(Page { actor: actor()?, body, tree })
}

/// Confirms one measure, those under a node, or all (`what` is an id or `all`).
#[server(endpoint = "measures/confirm")]
pub async fn confirm(
    document: String,
    what: String,
    #[server(default)] owner: String,
) -> Result<(), AppError> {
    use tomfolio_domain::measures::Selection;
    let path = format!("/documents/{document}");
    let what = match what.as_str() {
        "all" => Selection::All,
        id if id.starts_with("mea_") => Selection::One(id.parse()?),
        id => Selection::Under(id.parse()?),
    };
    let permit = permit(Action::ConfirmMeasures)?;
    match services().measures.confirm(permit, document.parse()?, what, owner).await {
        Ok(_) => {
            go(&path);
            Ok(())
        }
        Err(e) => refuse(e.into(), &format!("{path}?refused=owner")),
    }
}

/// Freezes the draft and asks management.
#[server(endpoint = "releases/prepare")]
pub async fn prepare(document: String) -> Result<(), AppError> {
    let path = format!("/documents/{document}");
    let permit = permit(Action::PrepareRelease)?;
    match services().releases.prepare(permit, document.parse()?).await {
        Ok(id) => {
            go(&format!("/releases/{id}"));
            Ok(())
        }
        Err(e) => refuse(e.into(), &path),
    }
}
