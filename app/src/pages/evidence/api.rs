//! Server functions of evidence. Files come and go by plain routes.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::evidence::{EvidenceRow, EvidenceSheet};
use tomfolio_domain::policy::Action;

#[server(endpoint = "evidence/list")]
pub async fn list_evidence() -> Result<Page<Vec<EvidenceRow>>, AppError> {
    let body = services().evidence.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "evidence/find")]
pub async fn find_evidence(id: String) -> Result<Page<EvidenceSheet>, AppError> {
    let body = services().evidence.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "evidence/edit")]
pub async fn edit_evidence(
    id: String,
    #[server(default)] title: String,
    kind: String,
    #[server(default)] proves: String,
    audience: String,
) -> Result<(), AppError> {
    use tomfolio_domain::evidence::{EditEvidence as Command, Facts};
    let path = format!("/evidence/{id}");
    let facts = Facts { title, kind: kind.parse()?, proves, audience: audience.parse()? };
    let cmd = Command { id: id.parse()?, facts };
    match services().evidence.edit(permit(Action::EditEvidence)?, cmd).await {
        Ok(()) => {
            go(&path);
            Ok(())
        }
        Err(e) => refuse(e.into(), &format!("{path}?refused=missing")),
    }
}

#[server(endpoint = "evidence/link")]
pub async fn link(id: String, measure: String) -> Result<(), AppError> {
    go(&format!("/evidence/{id}"));
    Ok(services().evidence.link(permit(Action::EditEvidence)?, id.parse()?, measure.parse()?).await?)
}

#[server(endpoint = "evidence/unlink")]
pub async fn unlink(id: String, measure: String) -> Result<(), AppError> {
    go(&format!("/evidence/{id}"));
    Ok(services().evidence.unlink(permit(Action::EditEvidence)?, id.parse()?, measure.parse()?).await?)
}
