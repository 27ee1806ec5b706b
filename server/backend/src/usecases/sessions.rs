//! Signing in: one-time links, passwords, server-side sessions. Secrets are stored hashed.

use crate::Backend;
use crate::db::entity::{memberships, one_time_links, organisations, sessions, users};
use crate::db::internal;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{OrganisationId, UserId};
use tomfolio_domain::members::MemberService;
use tomfolio_domain::users::{self as rules, Invited, KeptForm, SessionService, Token};

/// After this many wrong passwords the account waits.
const FAILURES: i64 = 8;
const WAIT: SignedDuration = SignedDuration::from_mins(1);

pub(super) fn after(at: i64, span: SignedDuration) -> i64 {
    at.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX))
}

/// Neither idle for too long nor too old.
pub(super) fn alive(s: &sessions::Model, now: i64) -> bool {
    now <= after(s.active_at, rules::IDLE) && now <= after(s.created_at, rules::ABSOLUTE)
}

/// Takes all one-time links of a person away: only the newest one is good, and none once it was used.
pub(super) async fn forget_links(db: &impl ConnectionTrait, user: &str) -> Result<(), DomainError> {
    one_time_links::Entity::delete_many()
        .filter(one_time_links::Column::UserId.eq(user))
        .exec(db)
        .await
        .map_err(internal)?;
    Ok(())
}

/// Makes a one-time link's token for a person.
pub async fn invite(b: &Backend, user: UserId) -> Result<String, DomainError> {
    forget_links(&b.db, &user.to_string()).await?;
    let token = crate::ids::secret().map_err(internal)?;
    let row = one_time_links::ActiveModel {
        token_hash: Set(sha256_hex(token.as_bytes())),
        user_id: Set(user.to_string()),
        expires_at: Set(after(b.clock.now().as_microsecond(), rules::LINK)),
    };
    one_time_links::Entity::insert(row).exec_without_returning(&b.db).await.map_err(internal)?;
    Ok(token)
}

impl Backend {
    /// `proved_at`: when the person last gave a password here, or proved to be there elsewhere.
    pub(super) async fn open_session(&self, user: &str, proved_at: i64) -> Result<Token, DomainError> {
        let member = memberships::Entity::find()
            .filter(memberships::Column::UserId.eq(user))
            .order_by_asc(memberships::Column::Pending)
            .order_by_asc(memberships::Column::OrganisationId)
            .one(&self.db)
            .await
            .map_err(internal)?
            .ok_or(DomainError::SignedOut)?;
        // Who belongs to nobody any more and signs in after an invitation takes it by that: there is nothing else to come for.
        if member.pending {
            self.answer_offer(user.parse()?, member.organisation_id.parse()?, true).await?;
        }
        let token = crate::ids::secret().map_err(internal)?;
        let now = self.clock.now().as_microsecond();
        let row = sessions::ActiveModel {
            token_hash: Set(sha256_hex(token.as_bytes())),
            user_id: Set(user.to_owned()),
            organisation_id: Set(member.organisation_id),
            created_at: Set(now),
            active_at: Set(now),
            proved_at: Set(proved_at),
            kept: Set(None),
        };
        sessions::Entity::insert(row).exec_without_returning(&self.db).await.map_err(internal)?;
        Ok(Token(token))
    }

    pub(super) async fn session(&self, cookie: &str) -> Result<Option<sessions::Model>, DomainError> {
        let found = sessions::Entity::find_by_id(sha256_hex(cookie.as_bytes()))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let now = self.clock.now().as_microsecond();
        Ok(found.filter(|s| alive(s, now)))
    }

    /// Checks a password, counting failures and making the account wait after too many.
    async fn checked(&self, user: Option<users::Model>, given: String) -> Result<users::Model, DomainError> {
        let now = self.clock.now().as_microsecond();
        // A waiting account answers as an unknown one does, in the same time: nobody learns who has an account here.
        // Counted before it is judged, and never more than so many at once: guesses side by side are guesses all the same.
        let user = match user {
            Some(u) => self.counted(&u.id, now).await?.then_some(u),
            None => None,
        };
        let stored = user.as_ref().and_then(|u| u.password.clone());
        let right = self.passwords.check(given, stored).await?;
        let Some(user) = user else { return Err(DomainError::SignedOut) };
        let wait = if right { 0 } else { after(now, WAIT) };
        let mut ends = users::Entity::update_many()
            .col_expr(users::Column::Failures, Expr::value(0))
            .col_expr(users::Column::LockedUntil, Expr::value(wait))
            .filter(users::Column::Id.eq(&user.id));
        if !right {
            ends = ends.filter(users::Column::Failures.gte(FAILURES));
        }
        ends.exec(&self.db).await.map_err(internal)?;
        if right { Ok(user) } else { Err(DomainError::SignedOut) }
    }

    /// Counts an attempt; `false` where the account waits, or has as many attempts under way as it may.
    async fn counted(&self, user: &str, now: i64) -> Result<bool, DomainError> {
        let done = users::Entity::update_many()
            .col_expr(users::Column::Failures, Expr::col(users::Column::Failures).add(1))
            .filter(users::Column::Id.eq(user))
            .filter(users::Column::LockedUntil.lte(now))
            .filter(users::Column::Failures.lt(FAILURES))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        if done.rows_affected == 1 {
            return Ok(true);
        }
        // All its attempts are used up, perhaps by a process that was killed in between: it waits, and then it is free again.
        users::Entity::update_many()
            .col_expr(users::Column::Failures, Expr::value(0))
            .col_expr(users::Column::LockedUntil, Expr::value(after(now, WAIT)))
            .filter(users::Column::Id.eq(user))
            .filter(users::Column::LockedUntil.lte(now))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        Ok(false)
    }

    pub(super) async fn link(
        &self,
        token: &str,
    ) -> Result<(one_time_links::Model, users::Model), DomainError> {
        let link = one_time_links::Entity::find_by_id(sha256_hex(token.as_bytes()))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let link = link
            .filter(|l| l.expires_at >= self.clock.now().as_microsecond())
            .ok_or(DomainError::NotFound)?;
        let user = users::Entity::find_by_id(link.user_id.clone())
            .one(&self.db)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        Ok((link, user))
    }
}

#[async_trait::async_trait]
impl SessionService for Backend {
    async fn actor(&self, cookie: &str, active: bool) -> Result<Option<Actor>, DomainError> {
        let Some(session) = self.session(cookie).await? else { return Ok(None) };
        let now = self.clock.now().as_microsecond();
        // Written at most once a minute: a page of ten requests is one write.
        if active && now - session.active_at > 60_000_000 {
            let mut row = session.clone().into_active_model();
            row.active_at = Set(now);
            row.update(&self.db).await.map_err(internal)?;
        }
        let Some(user) =
            users::Entity::find_by_id(session.user_id.clone()).one(&self.db).await.map_err(internal)?
        else {
            return Ok(None);
        };
        let members = memberships_of(&self.db, &user.id).await?;
        let here = members.iter().find(|(m, _)| m.organisation_id == session.organisation_id && !m.pending);
        let Some((roles, name)) = here.map(|(m, name)| (m.roles.clone(), name.clone())) else {
            return Ok(None);
        };
        let (mut others, mut offers) = (Vec::new(), Vec::new());
        for (m, name) in members {
            let to = if m.pending { &mut offers } else { &mut others };
            to.push((m.organisation_id.parse::<OrganisationId>()?, name));
        }
        Ok(Some(Actor {
            user: user.id.parse()?,
            name: user.name,
            organisation: session.organisation_id.parse()?,
            organisation_name: name,
            roles: super::organisations::roles_of(&roles),
            proved_at: Timestamp::from_microsecond(session.proved_at).map_err(internal)?,
            organisations: others,
            offers,
        }))
    }

    async fn sign_in(&self, email: String, password: String, _client: String) -> Result<Token, DomainError> {
        let user = users::Entity::find()
            .filter(users::Column::Email.eq(email.trim().to_lowercase()))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let user = self.checked(user, password).await?;
        self.open_session(&user.id, self.clock.now().as_microsecond()).await
    }

    async fn invited(&self, link: &str) -> Result<Invited, DomainError> {
        let (_, user) = self.link(link).await?;
        Ok(Invited { name: user.name, email: user.email, organisation: String::new() })
    }

    async fn accept(&self, link: String, password: String) -> Result<Token, DomainError> {
        rules::password(&password)?;
        let (_, user) = self.link(&link).await?;
        let hash = self.passwords.hash(password).await?;
        // The link is used up by whoever deletes it: of two at once only one gets in.
        let used = one_time_links::Entity::delete_by_id(sha256_hex(link.as_bytes()))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        if used.rows_affected == 0 {
            return Err(DomainError::NotFound);
        }
        let id = user.id.clone();
        // Older invitations would be a way in beside the new password.
        forget_links(&self.db, &id).await?;
        let mut row = user.into_active_model();
        row.password = Set(Some(hash));
        row.update(&self.db).await.map_err(internal)?;
        sessions::Entity::delete_many()
            .filter(sessions::Column::UserId.eq(&id))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        self.open_session(&id, self.clock.now().as_microsecond()).await
    }

    async fn prove(&self, cookie: &str, password: String, _client: String) -> Result<(), DomainError> {
        let session = self.session(cookie).await?.ok_or(DomainError::SignedOut)?;
        let user =
            users::Entity::find_by_id(session.user_id.clone()).one(&self.db).await.map_err(internal)?;
        self.checked(user, password)
            .await
            .map_err(|e| if e == DomainError::SignedOut { DomainError::StepUp } else { e })?;
        let mut row = session.into_active_model();
        row.proved_at = Set(self.clock.now().as_microsecond());
        row.update(&self.db).await.map_err(internal)?;
        Ok(())
    }

    async fn switch(&self, cookie: &str, organisation: OrganisationId) -> Result<(), DomainError> {
        let session = self.session(cookie).await?.ok_or(DomainError::SignedOut)?;
        super::organisations::membership(&self.db, &organisation.to_string(), &session.user_id)
            .await?
            .filter(|m| !m.pending)
            .ok_or(DomainError::NotFound)?;
        let mut row = session.into_active_model();
        row.organisation_id = Set(organisation.to_string());
        row.update(&self.db).await.map_err(internal)?;
        Ok(())
    }

    async fn keep_form(&self, cookie: &str, form: KeptForm) -> Result<(), DomainError> {
        let session = self.session(cookie).await?.ok_or(DomainError::SignedOut)?;
        let mut row = session.into_active_model();
        row.kept = Set(Some(serde_json::to_string(&form).map_err(internal)?));
        row.update(&self.db).await.map_err(internal)?;
        Ok(())
    }

    async fn take_form(&self, cookie: &str, path: &str) -> Result<Option<KeptForm>, DomainError> {
        let Some(session) = self.session(cookie).await? else { return Ok(None) };
        let Some(kept) = session.kept.clone() else { return Ok(None) };
        let mut row = session.into_active_model();
        row.kept = Set(None);
        row.update(&self.db).await.map_err(internal)?;
        let form: KeptForm = serde_json::from_str(&kept).map_err(internal)?;
        Ok(Some(form).filter(|f| f.path == path))
    }

    async fn speaks(&self, user: UserId, language: &str) -> Result<(), DomainError> {
        users::Entity::update_many()
            .col_expr(users::Column::Language, Expr::value(language))
            .filter(users::Column::Id.eq(user.to_string()))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        Ok(())
    }

    async fn sign_out(&self, cookie: &str) -> Result<(), DomainError> {
        sessions::Entity::delete_by_id(sha256_hex(cookie.as_bytes()))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        Ok(())
    }
}

/// A person's memberships, taken or offered, each with the organisation's name.
async fn memberships_of(
    db: &sea_orm::DatabaseConnection,
    user: &str,
) -> Result<Vec<(memberships::Model, String)>, DomainError> {
    let members = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user))
        .order_by_asc(memberships::Column::OrganisationId)
        .all(db)
        .await
        .map_err(internal)?;
    let ids: Vec<String> = members.iter().map(|m| m.organisation_id.clone()).collect();
    let names = organisations::Entity::find()
        .filter(organisations::Column::Id.is_in(ids))
        .all(db)
        .await
        .map_err(internal)?;
    let name = |id: &str| names.iter().find(|o| o.id == id).map(|o| o.name.clone()).unwrap_or_default();
    let named = |m: memberships::Model| {
        let name = name(&m.organisation_id);
        (m, name)
    };
    Ok(members.into_iter().map(named).collect())
}
