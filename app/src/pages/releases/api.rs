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

/// The data protection officer's opinion; `opinion` is `agrees` or `dissents`, `seen` the hash of what was shown.
#[server(endpoint = "releases/opine")]
pub async fn opine(
    id: String,
    seen: String,
    #[server(default)] opinion: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use tomfolio_domain::releases::Opinion;
    let path = format!("/releases/{id}");
    let agrees = match opinion.as_str() {
        "agrees" => true,
        "dissents" => false,
        _ => return answer(Err(tomfolio_domain::error::DomainError::missing("opinion")), &path),
    };
    let asked = Opinion { seen, agrees, note };
    let done = services().releases.opine(permit(Action::Opine)?, id.parse()?, asked).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Puts an approved release into force.
#[server(endpoint = "releases/release")]
pub async fn release(id: String) -> Result<(), AppError> {
    let path = format!("/releases/{id}");
    let done = services().releases.release(permit(Action::Release)?, id.parse()?).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Takes a release back.
#[server(endpoint = "releases/withdraw")]
pub async fn withdraw(id: String, #[server(default)] reason: String) -> Result<(), AppError> {
    let path = format!("/releases/{id}");
    let done = services().releases.withdraw(permit(Action::Withdraw)?, id.parse()?, reason).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Management's approval: the password again, and the hash of what was shown. Without a password it counts when the person
/// proved to be there at the OpenID provider a moment ago.
#[server(endpoint = "releases/approve")]
pub async fn approve(id: String, seen: String, #[server(default)] password: String) -> Result<(), AppError> {
    use tomfolio_domain::policy;
    let path = format!("/releases/{id}");
    let mut actor = actor()?;
    let lately = policy::permit(&actor, Action::Approve, request().now);
    // Who may not approve is told so before any password is asked for.
    actor.proved_at = request().now;
    let permit = policy::permit(&actor, Action::Approve, request().now)?;
    if password.is_empty() {
        if let Err(e) = lately {
            return refuse(e.into(), &format!("{path}?refused=password"));
        }
    } else if let Err(e) = services().sessions.prove(&request().cookie, password, request().client).await {
        return refuse(e.into(), &format!("{path}?refused=password"));
    }
    let done = services().releases.approve(permit, id.parse()?, seen).await;
    answer(done.map(|()| path.clone()), &path)
}
