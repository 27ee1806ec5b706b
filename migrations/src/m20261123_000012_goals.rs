//! Measures serve goals and are technical or organisational; a document can be laid out by several catalogues; quality hints can be
//! dismissed with a reason. A node belongs to one layout: the empty one is the outline that the document came with.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 9] = [
    "ALTER TABLE measures ADD COLUMN goals TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE measures ADD COLUMN kind TEXT NOT NULL DEFAULT 'technical'",
    "ALTER TABLE measure_revisions ADD COLUMN goals TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE measure_revisions ADD COLUMN kind TEXT NOT NULL DEFAULT 'technical'",
    "ALTER TABLE drafts ADD COLUMN goals TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE documents ADD COLUMN layout TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE nodes ADD COLUMN layout TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE dismissals (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, mark TEXT NOT NULL, rule TEXT NOT NULL, \
     reason TEXT NOT NULL, by_user TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (organisation_id, document_id, mark), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
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
