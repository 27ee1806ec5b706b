//! Signing in at an OpenID provider. An identity belongs to a person because a one-time link said so, never because of an
//! email address.

use super::sessions::{after, alive};
use crate::Backend;
use crate::db::entity::{identities, memberships, one_time_links, sessions, sign_in_attempts};
use crate::db::{Fact, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, TransactionTrait,
};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::identities::{ATTEMPT, Arrival, Arrived, Departure, IdentityService, Purpose};
use tomfolio_domain::ids::UserId;
use tomfolio_domain::policy::STEP_UP;
use tomfolio_domain::users::Token;

fn hash(secret: &str) -> String {
    sha256_hex(secret.as_bytes())
}

/// One sentence for the log; the person learns only that it did not work.
fn doubt(why: impl std::fmt::Display) -> DomainError {
    tracing::warn!(%why, "sign-in at the provider refused");
    DomainError::SignedOut
}

#[async_trait::async_trait]
impl IdentityService for Backend {
    fn provider(&self) -> Option<String> {
        self.oidc.as_ref().map(|p| p.settings.name.clone())
    }

    async fn depart(&self, purpose: Purpose) -> Result<Departure, DomainError> {
        let provider = self.oidc.as_ref().ok_or(DomainError::NotFound)?;
        if let Some(link) = &purpose.link {
            self.link(link).await?;
        }
        if let Some(cookie) = &purpose.prove {
            self.session(cookie).await?.ok_or(DomainError::SignedOut)?;
        }
        let nonce = crate::ids::secret().map_err(internal)?;
        let begun = provider.start(nonce, purpose.prove.is_some()).await;
        let begun = begun.map_err(|e| {
            tracing::error!(error = %e, "the OpenID provider");
            DomainError::Busy
        })?;
        let browser = crate::ids::secret().map_err(internal)?;
        let now = self.clock.now().as_microsecond();
        sign_in_attempts::Entity::delete_many()
            .filter(sign_in_attempts::Column::ExpiresAt.lt(now))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        let row = sign_in_attempts::ActiveModel {
            state_hash: Set(hash(&begun.state)),
            browser_hash: Set(hash(&browser)),
            verifier: Set(begun.verifier),
            nonce: Set(begun.nonce),
            link_hash: Set(purpose.link.as_deref().map(hash)),
            session_hash: Set(purpose.prove.as_deref().map(hash)),
            next: Set(purpose.next),
            expires_at: Set(after(now, ATTEMPT)),
        };
        sign_in_attempts::Entity::insert(row).exec_without_returning(&self.db).await.map_err(internal)?;
        Ok(Departure { url: begun.url, browser: Token(browser) })
    }

    async fn arrive(&self, arrival: Arrival) -> Result<Arrived, DomainError> {
        let provider = self.oidc.as_ref().ok_or(DomainError::NotFound)?;
        let now = self.clock.now();
        let key = hash(&arrival.state);
        let attempt =
            sign_in_attempts::Entity::find_by_id(key.clone()).one(&self.db).await.map_err(internal)?;
        let attempt = attempt.ok_or_else(|| doubt("unknown state"))?;
        if attempt.expires_at < now.as_microsecond() {
            return Err(doubt("too late"));
        }
        if attempt.browser_hash != hash(&arrival.browser) {
            return Err(doubt("another browser"));
        }
        // Used up by whoever deletes it: a code is tried once.
        let used = sign_in_attempts::Entity::delete_by_id(key).exec(&self.db).await.map_err(internal)?;
        if used.rows_affected == 0 {
            return Err(doubt("used before"));
        }
        let claims = provider
            .finish(arrival.code, arrival.issuer.as_deref(), attempt.verifier, &attempt.nonce, now)
            .await
            .map_err(doubt)?;
        let issuer = provider.settings.issuer.clone();
        let who = (issuer.clone(), claims.sub.clone());
        let known = identities::Entity::find_by_id(who).one(&self.db).await.map_err(internal)?;
        let next = attempt.next;
        if let Some(session) = attempt.session_hash {
            let session = sessions::Entity::find_by_id(session).one(&self.db).await.map_err(internal)?;
            let session = session
                .filter(|s| alive(s, now.as_microsecond()))
                .filter(|s| known.as_ref().is_some_and(|k| k.user_id == s.user_id))
                .ok_or_else(|| doubt("another person proved to be there"))?;
            let proved = claims.auth_time.ok_or_else(|| doubt("the provider does not say when"))?;
            // Proved for this, not at some sign-in before: the clocks may differ by a minute.
            let asked = attempt.expires_at / 1_000_000 - ATTEMPT.as_secs();
            if proved < asked - 60 || now.as_second() - proved > STEP_UP.as_secs() {
                return Err(doubt("proved too long ago"));
            }
            let mut row = session.into_active_model();
            row.proved_at = Set(now.as_microsecond());
            row.update(&self.db).await.map_err(internal)?;
            return Ok(Arrived { session: None, next });
        }
        let user = match (known, attempt.link_hash) {
            (Some(known), None) => known.user_id,
            (known, Some(link)) => self.take_identity(known, link, issuer, claims.sub).await?,
            (None, None) => return Err(doubt("an identity that nobody has here")),
        };
        // Signing in may have been silent: it proves no more than what the provider says it does.
        let proved_at = claims.auth_time.unwrap_or(0).clamp(0, now.as_second()) * 1_000_000;
        Ok(Arrived { session: Some(self.open_session(&user, proved_at).await?), next })
    }
}

/// What a provider knew somebody by was taken away.
pub(super) const UNTIE: &str = "members/untie";

impl Backend {
    /// Forgets all identities of a person and ends the sessions; each organisation of the person has it in its log.
    pub async fn untie(&self, user: UserId) -> Result<(), DomainError> {
        let id = user.to_string();
        identities::Entity::delete_many()
            .filter(identities::Column::UserId.eq(&id))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        sessions::Entity::delete_many()
            .filter(sessions::Column::UserId.eq(&id))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        let members = memberships::Entity::find().filter(memberships::Column::UserId.eq(&id)).all(&self.db);
        for m in members.await.map_err(internal)? {
            let work = Work::of_system(&self.db, m.organisation_id, UNTIE, self.clock.now()).await?;
            work.commit(Fact::of(user)).await?;
        }
        Ok(())
    }

    /// Gives an identity to whom a one-time link is for, and uses the link up.
    async fn take_identity(
        &self,
        known: Option<identities::Model>,
        link_hash: String,
        issuer: String,
        subject: String,
    ) -> Result<String, DomainError> {
        let now = self.clock.now().as_microsecond();
        let link =
            one_time_links::Entity::find_by_id(link_hash.clone()).one(&self.db).await.map_err(internal)?;
        let link = link.filter(|l| l.expires_at >= now).ok_or_else(|| doubt("the link is gone"))?;
        if known.as_ref().is_some_and(|k| k.user_id != link.user_id) {
            return Err(doubt("the identity belongs to somebody else"));
        }
        let txn = self.db.begin().await.map_err(internal)?;
        let used = one_time_links::Entity::delete_by_id(link_hash).exec(&txn).await.map_err(internal)?;
        if used.rows_affected == 0 {
            return Err(doubt("the link was used before"));
        }
        super::sessions::forget_links(&txn, &link.user_id).await?;
        if known.is_none() {
            let row = identities::ActiveModel {
                issuer: Set(issuer),
                subject: Set(subject),
                user_id: Set(link.user_id.clone()),
                created_at: Set(now),
            };
            identities::Entity::insert(row).exec_without_returning(&txn).await.map_err(internal)?;
        }
        txn.commit().await.map_err(internal)?;
        Ok(link.user_id)
    }
}
