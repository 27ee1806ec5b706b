//! Making organisations and people: for the command line and the demo. Each organisation gets its seal key at once.

use crate::Backend;
use crate::adapters::seal;
use crate::db::entity::{identities, memberships, organisations, users};
use crate::db::{Fact, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use std::collections::HashMap;
use tomfolio_domain::actor::Role;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{OrganisationId, UserId};
use tomfolio_domain::text;

/// The people of an organisation with their roles, by name.
pub(super) async fn members(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<Vec<(UserId, String, Vec<Role>)>, DomainError> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::Pending.eq(false))
        .all(db)
        .await
        .map_err(internal)?;
    let ids: Vec<&str> = rows.iter().map(|m| m.user_id.as_str()).collect();
    let people = users::Entity::find()
        .filter(users::Column::Id.is_in(ids))
        .order_by_asc(users::Column::Name)
        .all(db)
        .await
        .map_err(internal)?;
    let mut out = Vec::with_capacity(people.len());
    for u in people {
        let words = rows.iter().find(|m| m.user_id == u.id).map(|m| m.roles.as_str()).unwrap_or_default();
        out.push((u.id.parse()?, u.name, roles_of(words)));
    }
    Ok(out)
}

/// Somebody's membership here, taken or only offered.
pub(crate) async fn membership(
    db: &impl ConnectionTrait,
    organisation: &str,
    user: &str,
) -> Result<Option<memberships::Model>, DomainError> {
    let key = (organisation.to_owned(), user.to_owned());
    memberships::Entity::find_by_id(key).one(db).await.map_err(internal)
}

/// Names of people by their ids, whoever they belong to now.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, String>, DomainError> {
    let found = users::Entity::find().filter(users::Column::Id.is_in(ids)).all(db).await.map_err(internal)?;
    Ok(found.into_iter().map(|u| (u.id, u.name)).collect())
}

/// Roles as a row holds them; a word that is none gives no right.
pub(super) fn roles_of(words: &str) -> Vec<Role> {
    words.split(',').filter_map(|r| r.parse().ok()).collect()
}

/// Roles as a row and the log hold them.
pub(super) fn words(roles: &[Role]) -> String {
    roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(",")
}

/// Whether a person can sign in already, here or at a provider.
pub(crate) async fn has_account(db: &impl ConnectionTrait, user: &users::Model) -> Result<bool, DomainError> {
    let elsewhere = identities::Entity::find().filter(identities::Column::UserId.eq(&user.id));
    Ok(user.password.is_some() || elsewhere.one(db).await.map_err(internal)?.is_some())
}

/// Somebody who was made a member.
pub(super) struct Added {
    pub user: UserId,
    /// Can sign in already, here or at a provider.
    pub has_account: bool,
}

/// Makes a person a member, making the person first where the address is new. `ask`: whoever is known here already is only
/// offered the membership.
pub(super) async fn add(
    work: &Work,
    email: &str,
    name: &str,
    roles: &[Role],
    ask: bool,
) -> Result<Added, DomainError> {
    let roles = tomfolio_domain::members::roles(roles.to_vec())?;
    let email = text::name(email, "email", 200)?.to_lowercase();
    if !crate::adapters::mail::is_address(&email) {
        return Err(DomainError::invalid("email"));
    }
    let found = users::Entity::find()
        .filter(users::Column::Email.eq(&email))
        .one(&work.txn)
        .await
        .map_err(internal)?;
    let known = found.is_some();
    let (user, has_account): (UserId, bool) = match found {
        Some(u) => (u.id.parse()?, has_account(&work.txn, &u).await?),
        None => {
            let id = crate::ids::user();
            let row = users::ActiveModel {
                id: Set(id.to_string()),
                email: Set(email),
                name: Set(text::name(name, "name", 120)?),
                password: Set(None),
                language: Set("de".into()),
                failures: Set(0),
                locked_until: Set(0),
            };
            row.insert(&work.txn).await.map_err(internal)?;
            (id, false)
        }
    };
    if membership(&work.txn, &work.organisation, &user.to_string()).await?.is_some() {
        return Err(DomainError::AlreadyMember);
    }
    let row = memberships::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        user_id: Set(user.to_string()),
        roles: Set(words(&roles)),
        pending: Set(ask && known),
    };
    row.insert(&work.txn).await.map_err(internal)?;
    Ok(Added { user, has_account })
}

impl Backend {
    pub async fn organisation_count(&self) -> Result<u64, DomainError> {
        organisations::Entity::find().count(&self.db).await.map_err(internal)
    }

    /// Finds an organisation by its exact name.
    pub async fn organisation_named(&self, name: &str) -> Result<Option<OrganisationId>, DomainError> {
        let found = organisations::Entity::find()
            .filter(organisations::Column::Name.eq(name))
            .one(&self.db)
            .await
            .map_err(internal)?;
        found.map(|o| o.id.parse()).transpose()
    }

    /// Finds an organisation by its id (`org_…`) or its exact name.
    pub async fn organisation_called(&self, called: &str) -> Result<OrganisationId, DomainError> {
        match called.parse::<OrganisationId>() {
            Ok(id) => organisations::Entity::find_by_id(id.to_string())
                .one(&self.db)
                .await
                .map_err(internal)?
                .map(|_| id)
                .ok_or(DomainError::NotFound),
            Err(_) => self.organisation_named(called).await?.ok_or(DomainError::NotFound),
        }
    }

    /// Makes an organisation with its own P-256 key, wrapped by the master key.
    pub async fn create_organisation(&self, name: &str) -> Result<OrganisationId, DomainError> {
        let name = text::name(name, "name", 120)?;
        let id = crate::ids::organisation();
        let now = self.clock.now();
        let key = seal::new_organisation_key(&name, now.as_second().unsigned_abs()).map_err(internal)?;
        let row = organisations::ActiveModel {
            id: Set(id.to_string()),
            name: Set(name),
            created_at: Set(now.as_microsecond()),
        };
        row.insert(&self.db).await.map_err(internal)?;
        let work = Work::of_system(&self.db, id.to_string(), "organisations/create", now).await?;
        super::seal_keys::keep(self, &work, &key).await?;
        work.commit(Fact::of(id)).await?;
        Ok(id)
    }

    /// Makes a person a member, making the person first where the address is new.
    pub async fn add_member(
        &self,
        organisation: OrganisationId,
        email: &str,
        name: &str,
        roles: &[Role],
    ) -> Result<UserId, DomainError> {
        let work =
            Work::of_system(&self.db, organisation.to_string(), "members/add", self.clock.now()).await?;
        let user = add(&work, email, name, roles, false).await?.user;
        work.commit(Fact::of(user).with("roles", words(roles))).await?;
        Ok(user)
    }

    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserId>, DomainError> {
        let found = users::Entity::find()
            .filter(users::Column::Email.eq(email.to_lowercase()))
            .one(&self.db)
            .await
            .map_err(internal)?;
        found.map(|u| u.id.parse()).transpose()
    }
}
