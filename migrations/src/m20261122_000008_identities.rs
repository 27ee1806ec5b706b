//! Identities of an OpenID provider, and sign-ins there that are under way.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 3] = [
    "CREATE TABLE identities (issuer TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users(id), \
     created_at BIGINT NOT NULL, PRIMARY KEY (issuer, subject))",
    "CREATE INDEX ix_identities_user ON identities (user_id)",
    "CREATE TABLE sign_in_attempts (state_hash TEXT PRIMARY KEY, browser_hash TEXT NOT NULL, verifier TEXT NOT NULL, \
     nonce TEXT NOT NULL, link_hash TEXT, session_hash TEXT, next TEXT NOT NULL, expires_at BIGINT NOT NULL)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for sql in STEPS {
            m.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
