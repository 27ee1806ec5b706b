//! Evidence with versions and what it proves, and the intents of blobs: a file on disk without a row is explained by one.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 6] = [
    "CREATE TABLE evidence (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, title TEXT NOT NULL, \
     kind TEXT NOT NULL, proves TEXT NOT NULL, audience TEXT NOT NULL, created_at BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, id))",
    "CREATE TABLE evidence_versions (organisation_id TEXT NOT NULL, evidence_id TEXT NOT NULL, number BIGINT NOT NULL, \
     sha256 TEXT NOT NULL, mime TEXT NOT NULL, file_name TEXT NOT NULL, issuer TEXT NOT NULL, valid_from TEXT, valid_until TEXT, \
     undated_reason TEXT NOT NULL, uploaded_by TEXT NOT NULL, uploaded_at BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, evidence_id, number), \
     FOREIGN KEY (organisation_id, evidence_id) REFERENCES evidence(organisation_id, id), \
     FOREIGN KEY (organisation_id, sha256) REFERENCES blobs(organisation_id, sha256))",
    "CREATE TABLE evidence_measures (organisation_id TEXT NOT NULL, evidence_id TEXT NOT NULL, measure_id TEXT NOT NULL, \
     PRIMARY KEY (organisation_id, evidence_id, measure_id), \
     FOREIGN KEY (organisation_id, evidence_id) REFERENCES evidence(organisation_id, id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE INDEX ix_evidence_measures_measure ON evidence_measures (organisation_id, measure_id)",
    "CREATE INDEX ix_evidence_versions_until ON evidence_versions (organisation_id, valid_until)",
    "CREATE TABLE blob_intents (organisation_id TEXT NOT NULL REFERENCES organisations(id), sha256 TEXT NOT NULL, at BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, sha256))",
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
