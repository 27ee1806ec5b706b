//! Tokens of the programming interface: made, listed, revoked, and looked up by their hash.

use super::organisations::{membership, names};
use crate::Backend;
use crate::clock;
use crate::db::entity::tokens;
use crate::db::{Fact, View, Work, internal};
use jiff::civil::Date;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::TokenId;
use tomfolio_domain::policy::{self, Permit};
use tomfolio_domain::tokens::{PREFIX, TokenList, TokenRow, TokenService, new_token};

/// Its use is written down at most once in so many microseconds (a minute).
const USED: i64 = 60_000_000;

fn active(t: &tokens::Model, today: Date) -> Result<bool, DomainError> {
    let until: Date = t.until.parse().map_err(internal)?;
    Ok(t.revoked_at.is_none() && until >= today)
}

#[async_trait::async_trait]
impl TokenService for Backend {
    async fn list(&self, permit: Permit) -> Result<TokenList, DomainError> {
        let v = View::of(&self.db, &permit);
        let today = clock::day(self.clock.now());
        let all = tokens::Entity::find()
            .filter(tokens::Column::OrganisationId.eq(&v.organisation))
            .order_by_desc(tokens::Column::CreatedAt)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let names = names(&v.db, all.iter().map(|t| t.created_by.as_str())).await?;
        let mut rows = Vec::with_capacity(all.len());
        for t in all {
            rows.push(TokenRow {
                id: t.id.parse()?,
                created_by: names.get(&t.created_by).cloned().unwrap_or_default(),
                until: t.until.parse().map_err(internal)?,
                last_used: t.used_at.map(clock::shown),
                active: active(&t, today)?,
                name: t.name,
            });
        }
        Ok(TokenList { rows, today })
    }

    async fn create(&self, permit: Permit, name: String, until: Date) -> Result<String, DomainError> {
        let now = self.clock.now();
        let name = new_token(&name, until, clock::day(now))?;
        let work = Work::begin(&self.db, &permit, now).await?;
        let secret = format!("{PREFIX}{}", crate::ids::secret().map_err(internal)?);
        let id = crate::ids::token();
        let row = tokens::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(id.to_string()),
            name: Set(name),
            token_hash: Set(sha256_hex(secret.as_bytes())),
            created_at: Set(work.now.as_microsecond()),
            created_by: Set(work.user.clone()),
            until: Set(until.to_string()),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        tokens::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("until", until)).await?;
        Ok(secret)
    }

    async fn revoke(&self, permit: Permit, id: TokenId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let key = (work.organisation.clone(), id.to_string());
        let row = tokens::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
        let row = row.ok_or(DomainError::NotFound)?;
        if row.revoked_at.is_some() {
            return Err(DomainError::WrongState);
        }
        let mut row = row.into_active_model();
        row.revoked_at = Set(Some(work.now.as_microsecond()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("revoked", 1)).await
    }

    async fn leave(&self, secret: &str) -> Result<Permit, DomainError> {
        let found = tokens::Entity::find()
            .filter(tokens::Column::TokenHash.eq(sha256_hex(secret.as_bytes())))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let now = self.clock.now();
        let t = found.ok_or(DomainError::SignedOut)?;
        if !active(&t, clock::day(now))? {
            return Err(DomainError::SignedOut);
        }
        // It reads in the name of who made it: it goes when they go.
        let maker = membership(&self.db, &t.organisation_id, &t.created_by).await?;
        if maker.is_none_or(|m| m.pending) {
            return Err(DomainError::SignedOut);
        }
        let permit = policy::of_token(t.organisation_id.parse()?, t.created_by.parse()?);
        if t.used_at.is_none_or(|at| now.as_microsecond() - at > USED) {
            let mut row = t.into_active_model();
            row.used_at = Set(Some(now.as_microsecond()));
            row.update(&self.db).await.map_err(internal)?;
        }
        Ok(permit)
    }
}
