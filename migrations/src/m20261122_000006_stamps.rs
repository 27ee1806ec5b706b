//! Time stamps of sealed files.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 4] = [
    "ALTER TABLE releases ADD COLUMN stamped_at BIGINT",
    "ALTER TABLE releases ADD COLUMN stamped_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE reviews ADD COLUMN stamped_at BIGINT",
    "ALTER TABLE reviews ADD COLUMN stamped_by TEXT NOT NULL DEFAULT ''",
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
