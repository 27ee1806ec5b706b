//! The outbox of mails. A person is told of the same thing once: the occasion is part of the key.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 1] = [
    "CREATE TABLE mails (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, \
     user_id TEXT NOT NULL REFERENCES users(id), kind TEXT NOT NULL, object TEXT NOT NULL, occasion TEXT NOT NULL, \
     created_at BIGINT NOT NULL, sent_at BIGINT, PRIMARY KEY (organisation_id, id), \
     UNIQUE (organisation_id, user_id, kind, object, occasion))",
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
