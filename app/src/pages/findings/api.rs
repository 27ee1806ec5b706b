//! Server functions of findings.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::findings::FindingRow;
use tomfolio_domain::policy::Action;

#[server(endpoint = "findings/list")]
pub async fn list_findings() -> Result<Page<Vec<FindingRow>>, AppError> {
    let body = services().findings.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Says that a finding is mended, and how.
#[server(endpoint = "findings/mend")]
pub async fn mend(id: String, #[server(default)] note: String) -> Result<(), AppError> {
    let done = services().findings.mend(permit(Action::MendFinding)?, id.parse()?, note).await;
    answer(done.map(|()| "/findings".into()), "/findings")
}

/// Tests a mend; `holds` is `yes` or `no`.
#[server(endpoint = "findings/verify")]
pub async fn verify(
    id: String,
    #[server(default)] holds: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let holds = match holds.as_str() {
        "yes" => true,
        "no" => false,
        _ => return answer(Err(tomfolio_domain::error::DomainError::missing("holds")), "/findings"),
    };
    let done = services().findings.verify(permit(Action::VerifyFinding)?, id.parse()?, holds, note).await;
    answer(done.map(|()| "/findings".into()), "/findings")
}
