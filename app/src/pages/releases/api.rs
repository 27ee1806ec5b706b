//! Server functions of releases.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::releases::{ReleaseRow, ReleaseSheet};

#[server(endpoint = "releases/list")]
pub async fn list_releases() -> Result<Page<Vec<ReleaseRow>>, AppError> {
    let body = services().releases.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "releases/find")]
pub async fn find_release(id: String) -> Result<Page<ReleaseSheet>, AppError> {
    let body = services().releases.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Management's release: the password again, and the hash of what was shown.
#[server(endpoint = "releases/release")]
pub async fn release(id: String, seen: String, password: String) -> Result<(), AppError> {
    use tomfolio_domain::policy;
    let path = format!("/releases/{id}");
    let mut actor = actor()?;
    // Who may not release is told so before any password is asked for.
    actor.proved_at = request().now;
    let permit = policy::permit(&actor, Action::Release, request().now)?;
    if let Err(e) = services().sessions.prove(&request().cookie, password, request().client).await {
        return refuse(e.into(), &format!("{path}?refused=1"));
    }
    match services().releases.release(permit, id.parse()?, seen).await {
        Ok(()) => {
            go(&path);
            Ok(())
        }
        Err(e) => refuse(e.into(), &path),
    }
}
