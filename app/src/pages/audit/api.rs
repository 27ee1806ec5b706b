//! Server functions of the audit log.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::audit::{Filter, Log};
use tomfolio_domain::policy::Action;

#[server(endpoint = "audit/list")]
pub async fn read_log(filter: Filter) -> Result<Page<Log>, AppError> {
    let body = services().audit.log(permit(Action::ReadAudit)?, filter).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}
