//! Import drafts keep how their text came about, what lay beside it, what a person changed by hand, and of which document it is a
//! newer file.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 4] = [
    "ALTER TABLE import_drafts ADD COLUMN certain BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE import_drafts ADD COLUMN listed TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE import_drafts ADD COLUMN changes TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE import_drafts ADD COLUMN document_id TEXT",
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
