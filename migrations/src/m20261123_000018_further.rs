//! What else is said of a measure (audience, internal part, further scopes, law, sub-processors), and the sub-processors.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 4] = [
    "ALTER TABLE measures ADD COLUMN further TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE measure_revisions ADD COLUMN further TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE drafts ADD COLUMN further TEXT NOT NULL DEFAULT '{}'",
    "CREATE TABLE subprocessors (organisation_id TEXT NOT NULL, id TEXT NOT NULL, revision BIGINT NOT NULL, name TEXT NOT NULL, \
     address TEXT NOT NULL, contact TEXT NOT NULL, service TEXT NOT NULL, locations TEXT NOT NULL, transfer TEXT NOT NULL, \
     contract_id TEXT, audited_on TEXT, next_audit TEXT, state TEXT NOT NULL, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, contract_id) REFERENCES evidence(organisation_id, id))",
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
