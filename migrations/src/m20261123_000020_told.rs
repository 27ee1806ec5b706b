//! Measures of which more is said than most: found without reading every text (review plans, audience, sub-processors).

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEP: &str = "CREATE INDEX measures_further ON measures (organisation_id) WHERE further <> '{}'";

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
