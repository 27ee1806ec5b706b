//! Processing roles of a document's scopes, deliberate deviations with decision and end, whole measure revisions, and seal
//! keys with their history: a new key must not orphan what an older one sealed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 11] = [
    "CREATE TABLE scopes (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, scope TEXT NOT NULL, role TEXT, \
     PRIMARY KEY (organisation_id, document_id, scope), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "ALTER TABLE measures ADD COLUMN gap_decided_by TEXT",
    "ALTER TABLE measures ADD COLUMN gap_until TEXT",
    "ALTER TABLE measure_revisions ADD COLUMN status_reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE measure_revisions ADD COLUMN scope TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE measure_revisions ADD COLUMN gap_decided_by TEXT",
    "ALTER TABLE measure_revisions ADD COLUMN gap_until TEXT",
    "ALTER TABLE seal_keys RENAME TO seal_keys_before",
    "CREATE TABLE seal_keys (organisation_id TEXT NOT NULL REFERENCES organisations(id), created_at BIGINT NOT NULL, \
     certificate TEXT NOT NULL, nonce TEXT NOT NULL, wrapped TEXT NOT NULL, PRIMARY KEY (organisation_id, created_at))",
    "INSERT INTO seal_keys (organisation_id, created_at, certificate, nonce, wrapped) \
     SELECT organisation_id, created_at, certificate, nonce, wrapped FROM seal_keys_before",
    "DROP TABLE seal_keys_before",
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
