//! Server functions of members.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::members::{MemberList, NewMember, read_roles};
use tomfolio_domain::policy::Action;

/// The list, and whether what the person asks would be done without giving the password again.
#[server(endpoint = "members/list")]
pub async fn list_members() -> Result<Page<(MemberList, bool)>, AppError> {
    let list = services().members.list(permit(Action::ReadMembers)?, &request().cookie).await?;
    Ok(Page { actor: actor()?, body: (list, may(Action::ManageMembers)), tree: None })
}

const HERE: &str = "/members";

#[server(endpoint = "members/invite")]
pub async fn invite(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] roles: Vec<String>,
) -> Result<(), AppError> {
    let permit = permit_or(Action::ManageMembers, HERE)?;
    let done = match read_roles(&roles) {
        Ok(roles) => services().members.invite(permit, NewMember { name, email, roles }).await,
        Err(e) => Err(e),
    };
    answer(done.map(|_| format!("{HERE}?told=invited")), HERE)
}

#[server(endpoint = "members/invite_again")]
pub async fn invite_again(id: String) -> Result<(), AppError> {
    let done = services().members.invite_again(permit_or(Action::ManageMembers, HERE)?, id.parse()?).await;
    answer(done.map(|()| format!("{HERE}?told=invited")), HERE)
}

/// Takes a membership that an organisation offers, or does not.
#[server(endpoint = "members/answer")]
pub async fn answer_offer(organisation: String, #[server(default)] take: String) -> Result<(), AppError> {
    let me = actor()?.user;
    let done = services().members.answer_offer(me, organisation.parse()?, take == "yes").await;
    answer(done.map(|()| "/".into()), "/")
}

#[server(endpoint = "members/roles")]
pub async fn set_roles(id: String, #[server(default)] roles: Vec<String>) -> Result<(), AppError> {
    let (permit, id) = (permit_or(Action::ManageMembers, HERE)?, id.parse()?);
    let done = match read_roles(&roles) {
        Ok(roles) => services().members.set_roles(permit, id, roles).await,
        Err(e) => Err(e),
    };
    answer(done.map(|()| HERE.into()), HERE)
}

#[server(endpoint = "members/remove")]
pub async fn remove(id: String) -> Result<(), AppError> {
    let done = services().members.remove(permit_or(Action::ManageMembers, HERE)?, id.parse()?).await;
    answer(done.map(|()| HERE.into()), HERE)
}

#[server(endpoint = "members/end_session")]
pub async fn end_session(id: String) -> Result<(), AppError> {
    let done = services().members.end_session(permit_or(Action::ManageMembers, HERE)?, id).await;
    answer(done.map(|()| HERE.into()), HERE)
}
