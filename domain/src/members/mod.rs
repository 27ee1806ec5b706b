//! Members of an organisation: who belongs to it, in which roles, and who is signed in.

use crate::actor::Role;
use crate::error::DomainError;
use crate::ids::{OrganisationId, UserId};
use crate::policy::Permit;
use crate::text;
use serde::{Deserialize, Serialize};

/// A member as a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub user: UserId,
    /// Empty where the person has an account elsewhere and has not answered.
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// Has never signed in, or has not answered: the invitation is still open.
    pub invited: bool,
    /// The signed-in person.
    pub own: bool,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Names the session, and signs nobody in.
    pub id: String,
    pub name: String,
    pub since: String,
    pub active: String,
    /// The session that asks.
    pub own: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberList {
    pub members: Vec<MemberRow>,
    pub sessions: Vec<SessionRow>,
}

/// Somebody to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
}

/// Checks an invitation.
pub fn new_member(asked: NewMember) -> Result<NewMember, DomainError> {
    Ok(NewMember {
        name: text::name(&asked.name, "name", 120)?,
        email: text::name(&asked.email, "email", 200)?.to_lowercase(),
        roles: roles(asked.roles)?,
    })
}

/// Each role once, at least one.
pub fn roles(mut asked: Vec<Role>) -> Result<Vec<Role>, DomainError> {
    if asked.is_empty() {
        return Err(DomainError::missing("roles"));
    }
    asked.sort_by_key(|r| Role::ALL.iter().position(|x| x == r));
    if asked.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(DomainError::invalid("roles"));
    }
    Ok(asked)
}

/// Roles as a form sends them; an unknown word is refused.
pub fn read_roles(words: &[String]) -> Result<Vec<Role>, DomainError> {
    let read = |w: &String| w.parse().map_err(|_| DomainError::invalid("roles"));
    roles(words.iter().map(read).collect::<Result<_, _>>()?)
}

/// An organisation without anybody who runs it cannot be put right from inside: the last one stays.
pub fn keeps_an_admin(
    members: &[(UserId, Vec<Role>)],
    changed: UserId,
    to: &[Role],
) -> Result<(), DomainError> {
    let admin = |roles: &[Role]| roles.contains(&Role::Admin);
    let was = members.iter().any(|(id, roles)| *id == changed && admin(roles));
    let others = members.iter().any(|(id, roles)| *id != changed && admin(roles));
    if was && !others && !admin(to) { Err(DomainError::LastAdmin) } else { Ok(()) }
}

/// Use cases of members.
#[async_trait::async_trait]
pub trait MemberService: Send + Sync {
    /// `cookie` only tells which session is the own one.
    async fn list(&self, permit: Permit, cookie: &str) -> Result<MemberList, DomainError>;
    /// Makes a member and tells the person by mail; whoever has an account elsewhere keeps it and is only asked.
    async fn invite(&self, permit: Permit, new: NewMember) -> Result<UserId, DomainError>;
    /// Sends the invitation once more.
    async fn invite_again(&self, permit: Permit, user: UserId) -> Result<(), DomainError>;
    /// The person's own answer; takes no permit, for nobody else can give it. `NotFound` where nothing was offered.
    async fn answer_offer(
        &self,
        user: UserId,
        organisation: OrganisationId,
        take: bool,
    ) -> Result<(), DomainError>;
    async fn set_roles(&self, permit: Permit, user: UserId, roles: Vec<Role>) -> Result<(), DomainError>;
    /// Takes the membership away and ends the person's sessions here.
    async fn remove(&self, permit: Permit, user: UserId) -> Result<(), DomainError>;
    async fn end_session(&self, permit: Permit, session: String) -> Result<(), DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_known_and_stand_once_and_the_last_admin_stays() {
        let read = |words: &[&str]| read_roles(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["approver", "admin"]), Ok(vec![Role::Admin, Role::Approver]));
        assert_eq!(read(&[]), Err(DomainError::missing("roles")));
        for bad in [["admin", "admin"].as_slice(), &["platform_admin"], &["true"], &["Admin"]] {
            assert_eq!(read(bad), Err(DomainError::invalid("roles")), "{bad:?}");
        }
        let id = |n| UserId::from_uuid(uuid::Uuid::from_u128(n));
        let one = [(id(1), vec![Role::Admin]), (id(2), vec![Role::Dpo])];
        assert_eq!(keeps_an_admin(&one, id(1), &[]), Err(DomainError::LastAdmin));
        assert_eq!(keeps_an_admin(&one, id(1), &[Role::Admin, Role::Editor]), Ok(()));
        assert_eq!(keeps_an_admin(&one, id(2), &[]), Ok(()));
        let two = [(id(1), vec![Role::Admin]), (id(2), vec![Role::Admin])];
        assert_eq!(keeps_an_admin(&two, id(1), &[Role::Dpo]), Ok(()));
    }
}
