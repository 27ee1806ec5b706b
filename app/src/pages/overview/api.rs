//! Server function of the overview.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::overview::Overview;
use tomfolio_domain::policy;

#[server(endpoint = "overview/find")]
pub async fn find_overview() -> Result<Page<Overview>, AppError> {
    let actor = actor()?;
    let body = services().overview.overview(policy::readable(&actor), actor.organisation).await?;
    Ok(Page { actor, body, tree: None })
}
