//! Server functions of documents.

use crate::components::{Page, Tree};
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::documents::{Coverage, DocumentRow, DocumentSheet};
use tomfolio_domain::policy::Action;

#[server(endpoint = "documents/list")]
pub async fn list_documents() -> Result<Page<Vec<DocumentRow>>, AppError> {
    let body = services().documents.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "documents/find")]
pub async fn find_document(id: String) -> Result<Page<DocumentSheet>, AppError> {
    let body = services().documents.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    let headings = tomfolio_domain::documents::headings(&body.nodes);
    let tree = Some(Tree { document: body.id, title: body.title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// A new document with the headings of a catalogue (`scheme` is `nine` or `abcd`).
#[server(endpoint = "documents/create")]
pub async fn create_document(
    #[server(default)] title: String,
    scheme: String,
    language: String,
) -> Result<(), AppError> {
    use tomfolio_domain::documents::NewDocument;
    let cmd = NewDocument { title, scheme: scheme.parse()?, language };
    match services().documents.create(permit(Action::CreateDocument)?, cmd).await {
        Ok(id) => {
            go(&format!("/documents/{id}"));
            Ok(())
        }
        Err(e) => refuse(e.into(), "/documents/new?refused=title"),
    }
}

/// Title, language, and the processing role of each scope (`controller`, `processor`, `joint`; empty: undecided).
#[server(endpoint = "documents/edit")]
pub async fn edit_document(
    document: String,
    #[server(default)] title: String,
    language: String,
    #[server(default)] own: Option<String>,
    #[server(default)] customer: Option<String>,
    #[server(default)] hosting: Option<String>,
    #[server(default)] internal: Option<String>,
    #[server(default)] unspecified: Option<String>,
) -> Result<(), AppError> {
    use tomfolio_domain::documents::{EditDocument as Command, ScopeRole};
    use tomfolio_domain::import::Scope;
    let path = format!("/documents/{document}");
    let mut roles = Vec::new();
    for (scope, role) in [
        (Scope::Own, own),
        (Scope::Customer, customer),
        (Scope::Hosting, hosting),
        (Scope::Internal, internal),
        (Scope::Unspecified, unspecified),
    ] {
        let Some(role) = role else { continue };
        let role = if role.is_empty() { None } else { Some(role.parse()?) };
        roles.push(ScopeRole { scope, role });
    }
    let cmd = Command { id: document.parse()?, title, language, roles };
    match services().documents.edit(permit(Action::EditDocument)?, cmd).await {
        Ok(()) => {
            go(&path);
            Ok(())
        }
        Err(e) => refuse(e.into(), &format!("{path}?refused=title")),
    }
}

/// Another heading, or why a goal has no measure.
#[server(endpoint = "documents/edit_node")]
pub async fn edit_node(
    document: String,
    node: String,
    was: String,
    #[server(default)] title: String,
    #[server(default)] empty_reason: String,
) -> Result<(), AppError> {
    use tomfolio_domain::documents::EditNode as Command;
    let path = format!("/documents/{document}");
    let cmd = Command { document: document.parse()?, node: node.parse()?, was, title, empty_reason };
    match services().documents.edit_node(permit(Action::EditDocument)?, cmd).await {
        Ok(()) => {
            go(&path);
            Ok(())
        }
        Err(e) => {
            let why = if e == tomfolio_domain::error::DomainError::Stale { "stale" } else { "heading" };
            refuse(e.into(), &format!("{path}?refused={why}"))
        }
    }
}

/// How a document covers all catalogues.
#[server(endpoint = "documents/coverage")]
pub async fn find_coverage(id: String) -> Result<Page<Coverage>, AppError> {
    let mut body = services().documents.coverage(permit(Action::ReadDocuments)?, id.parse()?).await?;
    let headings = std::mem::take(&mut body.headings);
    let tree = Some(Tree { document: body.document, title: body.document_title.clone(), headings });
    Ok(Page { actor: actor()?, body, tree })
}

/// Lays a document out by another catalogue; an empty `layout` is the outline that it came with.
#[server(endpoint = "documents/lay_out")]
pub async fn lay_out(document: String, #[server(default)] layout: String) -> Result<(), AppError> {
    let path = format!("/documents/{document}");
    let layout = tomfolio_domain::documents::layout(&layout)?;
    let permit = permit_or(Action::EditDocument, &path)?;
    let done = services().documents.lay_out(permit, document.parse()?, layout).await;
    answer(done.map(|()| path.clone()), &format!("{path}/coverage"))
}

/// Takes this person's last step in a document back; `measure` is the page to come back to, where it is one.
#[server(endpoint = "documents/undo")]
pub async fn undo_step(
    document: String,
    #[server(default)] step: String,
    #[server(default)] measure: String,
) -> Result<(), AppError> {
    let path =
        if measure.is_empty() { format!("/documents/{document}") } else { format!("/measures/{measure}") };
    let done =
        services().documents.undo(permit_or(Action::EditMeasure, &path)?, document.parse()?, step).await;
    answer(done.map(|()| path.clone()), &path)
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
