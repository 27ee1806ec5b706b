//! Baselines: which documents are one, which document was made from which, and what of theirs belongs together.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// An origin may stand in another organisation: it is named, not referenced.
const STEPS: [&str; 4] = [
    "CREATE TABLE baselines (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, since BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, document_id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE TABLE stamps (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, origin_organisation TEXT NOT NULL, \
     origin_document TEXT NOT NULL, stamped_at BIGINT NOT NULL, PRIMARY KEY (organisation_id, document_id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    // `own` is a measure or a heading; none where the offer of a new measure was declined. `revision` is what was last looked at.
    "CREATE TABLE stamp_links (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, origin TEXT NOT NULL, \
     own TEXT, revision BIGINT NOT NULL, PRIMARY KEY (organisation_id, document_id, origin), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES stamps(organisation_id, document_id))",
    "CREATE INDEX ix_stamps_origin ON stamps (origin_organisation, origin_document)",
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
