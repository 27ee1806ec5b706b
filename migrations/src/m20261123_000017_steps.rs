//! Steps that their author can take back.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 2] = [
    "CREATE TABLE steps (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, user_id TEXT NOT NULL, \
     at BIGINT NOT NULL, step TEXT NOT NULL, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE INDEX ix_steps ON steps (organisation_id, document_id, user_id, at)",
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
