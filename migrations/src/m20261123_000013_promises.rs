//! The promise ledger: what a person decided about a promise, and when its proof is due. Promises themselves are read from the texts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 2] = [
    "CREATE TABLE promises (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, measure_id TEXT NOT NULL, \
     mark TEXT NOT NULL, promise TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, every TEXT NOT NULL, \
     due_on TEXT, kept_on TEXT, decided_by TEXT NOT NULL, decided_at BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, id), UNIQUE (organisation_id, document_id, mark), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE INDEX ix_promises_due ON promises (organisation_id, due_on)",
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
