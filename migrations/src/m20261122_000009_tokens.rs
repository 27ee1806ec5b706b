//! Tokens of the programming interface.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 1] = [
    "CREATE TABLE tokens (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, name TEXT NOT NULL, \
     token_hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL, created_by TEXT NOT NULL REFERENCES users(id), \
     until TEXT NOT NULL, used_at BIGINT, revoked_at BIGINT, PRIMARY KEY (organisation_id, id))",
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
