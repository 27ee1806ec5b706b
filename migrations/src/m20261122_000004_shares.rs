//! Share links of customers and what was done with them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 4] = [
    "CREATE TABLE shares (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, document_id TEXT NOT NULL, \
     token_hash TEXT NOT NULL UNIQUE, customer TEXT NOT NULL, contract TEXT NOT NULL, known BIGINT NOT NULL, until TEXT NOT NULL, \
     revoked_at BIGINT, created_at BIGINT NOT NULL, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE TABLE share_accesses (id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, share_id TEXT NOT NULL, at BIGINT NOT NULL, \
     what TEXT NOT NULL, release_number BIGINT NOT NULL, \
     FOREIGN KEY (organisation_id, share_id) REFERENCES shares(organisation_id, id))",
    "CREATE INDEX ix_share_accesses_share ON share_accesses (organisation_id, share_id, at)",
    "CREATE INDEX ix_shares_document ON shares (organisation_id, document_id)",
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
