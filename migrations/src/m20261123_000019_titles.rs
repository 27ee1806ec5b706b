//! Title lists that an organisation has a licence for.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEP: &str = "CREATE TABLE title_lists (organisation_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, \
     licence TEXT NOT NULL, catalogue TEXT, titles TEXT NOT NULL, PRIMARY KEY (organisation_id, id), \
     UNIQUE (organisation_id, name), FOREIGN KEY (organisation_id) REFERENCES organisations(id))";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.get_connection().execute_unprepared(STEP).await?;
        Ok(())
    }
}
