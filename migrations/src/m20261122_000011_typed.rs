//! A draft keeps the whole edit form, not its text alone: a conflict or a refusal loses nothing that was typed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 6] = [
    "ALTER TABLE drafts ADD COLUMN status TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN status_reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN decided_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN until TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN scope TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE drafts ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
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
