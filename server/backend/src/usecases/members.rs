//! Members: invited by mail, given roles, taken out; and who is signed in.

use super::organisations::{Added, add, has_account, members, membership, roles_of, words};
use crate::Backend;
use crate::clock;
use crate::db::entity::{identities, memberships, sessions, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QueryOrder, Set,
};
use tomfolio_domain::actor::Role;
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{OrganisationId, UserId};
use tomfolio_domain::mails::MailKind;
use tomfolio_domain::members::{self as rules, MemberList, MemberRow, MemberService, NewMember, SessionRow};
use tomfolio_domain::policy::Permit;

/// Somebody takes a membership that was offered, or does not.
pub(super) const OFFER: &str = "members/offer";

/// A session's name for people: a hash of what is stored, which is a hash itself.
fn name_of(session: &sessions::Model) -> String {
    sha256_hex(session.token_hash.as_bytes()).chars().take(24).collect()
}

/// A member of this organisation, or somebody it asked; anybody else is not found, account or not.
async fn member(
    db: &impl ConnectionTrait,
    organisation: &str,
    user: UserId,
) -> Result<memberships::Model, DomainError> {
    membership(db, organisation, &user.to_string()).await?.ok_or(DomainError::NotFound)
}

/// Whom this organisation asked and who has not answered: the address that was written here, and nothing that others know.
async fn offered(db: &impl ConnectionTrait, organisation: &str) -> Result<Vec<MemberRow>, DomainError> {
    let asked = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::Pending.eq(true))
        .all(db)
        .await
        .map_err(internal)?;
    let ids: Vec<&str> = asked.iter().map(|m| m.user_id.as_str()).collect();
    let people = users::Entity::find()
        .filter(users::Column::Id.is_in(ids))
        .order_by_asc(users::Column::Email)
        .all(db)
        .await
        .map_err(internal)?;
    let mut out = Vec::with_capacity(people.len());
    for u in people {
        let roles = asked.iter().find(|m| m.user_id == u.id).map(|m| m.roles.as_str()).unwrap_or_default();
        out.push(MemberRow {
            user: u.id.parse()?,
            name: String::new(),
            email: u.email,
            roles: roles_of(roles),
            invited: true,
            own: false,
        });
    }
    Ok(out)
}

/// Nobody may be the last admin to go; who has never come in runs nothing yet.
async fn keeps_an_admin(work: &Work, user: UserId, to: &[Role]) -> Result<(), DomainError> {
    let mut there = Vec::new();
    for (id, _, roles) in members(&work.txn, &work.organisation).await? {
        if !roles.contains(&Role::Admin) {
            continue;
        }
        let account = users::Entity::find_by_id(id.to_string()).one(&work.txn).await.map_err(internal)?;
        if let Some(account) = account
            && has_account(&work.txn, &account).await?
        {
            there.push((id, roles));
        }
    }
    rules::keeps_an_admin(&there, user, to)
}

#[async_trait::async_trait]
impl MemberService for Backend {
    async fn list(&self, permit: Permit, cookie: &str) -> Result<MemberList, DomainError> {
        let v = View::of(&self.db, &permit);
        let all = members(&v.db, &v.organisation).await?;
        let ids: Vec<String> = all.iter().map(|m| m.0.to_string()).collect();
        let people =
            users::Entity::find().filter(users::Column::Id.is_in(&ids)).all(&v.db).await.map_err(internal)?;
        let person = |id: &str| people.iter().find(|u| u.id == id);
        let elsewhere = identities::Entity::find()
            .filter(identities::Column::UserId.is_in(&ids))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let signs_in = |u: &users::Model| u.password.is_some() || elsewhere.iter().any(|i| i.user_id == u.id);
        let now = self.clock.now().as_microsecond();
        let open = sessions::Entity::find()
            .filter(sessions::Column::OrganisationId.eq(&v.organisation))
            .filter(sessions::Column::UserId.is_in(&ids))
            .order_by_desc(sessions::Column::ActiveAt)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let own = sha256_hex(cookie.as_bytes());
        let row = |(user, name, roles): (UserId, String, Vec<Role>)| {
            let found = person(&user.to_string());
            MemberRow {
                email: found.map(|u| u.email.clone()).unwrap_or_default(),
                invited: found.is_some_and(|u| !signs_in(u)),
                own: user == permit.user(),
                user,
                name,
                roles,
            }
        };
        let asked = offered(&v.db, &v.organisation).await?;
        Ok(MemberList {
            members: all.into_iter().map(row).chain(asked).collect(),
            sessions: open
                .iter()
                .filter(|s| super::sessions::alive(s, now))
                .map(|s| SessionRow {
                    id: name_of(s),
                    name: person(&s.user_id).map(|u| u.name.clone()).unwrap_or_default(),
                    since: clock::shown(s.created_at),
                    active: clock::shown(s.active_at),
                    own: s.token_hash == own,
                })
                .collect(),
        })
    }

    async fn invite(&self, permit: Permit, new: NewMember) -> Result<UserId, DomainError> {
        let new = rules::new_member(new)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let Added { user, has_account } = add(&work, &new.email, &new.name, &new.roles, true).await?;
        let fact = Fact::of(user).with("roles", words(&new.roles)).with("invited", 1);
        // An account of somewhere else is not touched: its owner is told, signs in as always, and takes it or not.
        let kind = if has_account { MailKind::Added } else { MailKind::Invitation };
        let occasion = work.now.as_microsecond();
        work.commit(fact.tell([user.to_string()], kind, user, occasion)).await?;
        Ok(user)
    }

    async fn invite_again(&self, permit: Permit, user: UserId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let open = member(&work.txn, &work.organisation, user).await?.pending;
        let found = users::Entity::find_by_id(user.to_string()).one(&work.txn).await.map_err(internal)?;
        let account = found.ok_or(DomainError::NotFound)?;
        let kind = match (has_account(&work.txn, &account).await?, open) {
            (false, _) => MailKind::Invitation,
            (true, true) => MailKind::Added,
            (true, false) => return Err(DomainError::WrongState),
        };
        let occasion = work.now.as_microsecond();
        let fact = Fact::of(user).with("invited", 1);
        work.commit(fact.tell([user.to_string()], kind, user, occasion)).await
    }

    async fn answer_offer(
        &self,
        user: UserId,
        organisation: OrganisationId,
        take: bool,
    ) -> Result<(), DomainError> {
        let work = Work::of_user(&self.db, organisation.to_string(), user, OFFER, self.clock.now()).await?;
        let row = member(&work.txn, &work.organisation, user).await?;
        if !row.pending {
            return Err(DomainError::NotFound);
        }
        if take {
            let mut row = row.into_active_model();
            row.pending = Set(false);
            row.update(&work.txn).await.map_err(internal)?;
        } else {
            row.delete(&work.txn).await.map_err(internal)?;
        }
        work.commit(Fact::of(user).with("taken", u8::from(take))).await
    }

    async fn set_roles(&self, permit: Permit, user: UserId, roles: Vec<Role>) -> Result<(), DomainError> {
        let roles = rules::roles(roles)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let row = member(&work.txn, &work.organisation, user).await?;
        keeps_an_admin(&work, user, &roles).await?;
        let words = words(&roles);
        let was = row.roles.clone();
        let mut row = row.into_active_model();
        row.roles = Set(words.clone());
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(user).with("roles", words).with("was", was)).await
    }

    async fn remove(&self, permit: Permit, user: UserId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let row = member(&work.txn, &work.organisation, user).await?;
        keeps_an_admin(&work, user, &[]).await?;
        row.delete(&work.txn).await.map_err(internal)?;
        sessions::Entity::delete_many()
            .filter(sessions::Column::OrganisationId.eq(&work.organisation))
            .filter(sessions::Column::UserId.eq(user.to_string()))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        work.commit(Fact::of(user).with("removed", 1)).await
    }

    async fn end_session(&self, permit: Permit, session: String) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let all = sessions::Entity::find()
            .filter(sessions::Column::OrganisationId.eq(&work.organisation))
            .all(&work.txn)
            .await
            .map_err(internal)?;
        let row = all.into_iter().find(|s| name_of(s) == session).ok_or(DomainError::NotFound)?;
        let who = row.user_id.clone();
        row.delete(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(who).with("session_ended", session)).await
    }
}
