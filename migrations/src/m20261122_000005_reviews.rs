//! Review plans, reviews, their verdicts and findings; sign-offs of releases.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STEPS: [&str; 11] = [
    "CREATE TABLE review_plans (organisation_id TEXT NOT NULL, document_id TEXT NOT NULL, months BIGINT NOT NULL, \
     lead_days BIGINT NOT NULL, reviewer_id TEXT NOT NULL REFERENCES users(id), PRIMARY KEY (organisation_id, document_id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE TABLE reviews (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, due_on TEXT NOT NULL, \
     reviewer_id TEXT NOT NULL REFERENCES users(id), state TEXT NOT NULL, criteria TEXT NOT NULL, summary TEXT NOT NULL, \
     returned TEXT NOT NULL, subjects TEXT, measures BIGINT NOT NULL, started_at BIGINT, submitted_at BIGINT, approved_at BIGINT, \
     approved_by TEXT, record TEXT, record_sha256 TEXT, stage TEXT NOT NULL, pdf_sha256 TEXT, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE INDEX ix_reviews_document ON reviews (organisation_id, document_id, state)",
    "CREATE TABLE review_results (organisation_id TEXT NOT NULL, review_id TEXT NOT NULL, measure_id TEXT NOT NULL, \
     revision BIGINT NOT NULL, judged TEXT NOT NULL, effectiveness TEXT, at BIGINT NOT NULL, \
     PRIMARY KEY (organisation_id, review_id, measure_id), \
     FOREIGN KEY (organisation_id, review_id) REFERENCES reviews(organisation_id, id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE INDEX ix_review_results_measure ON review_results (organisation_id, measure_id)",
    "CREATE TABLE findings (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, review_id TEXT NOT NULL, \
     measure_id TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, grade TEXT NOT NULL, body TEXT NOT NULL, owner TEXT NOT NULL, \
     due TEXT NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL, mended_by TEXT REFERENCES users(id), mended_at BIGINT, \
     verdict TEXT NOT NULL, verified_by TEXT REFERENCES users(id), verified_at BIGINT, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, review_id) REFERENCES reviews(organisation_id, id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE INDEX ix_findings_document ON findings (organisation_id, document_id, state)",
    "CREATE TABLE sign_offs (organisation_id TEXT NOT NULL, id TEXT NOT NULL, release_id TEXT NOT NULL, statement TEXT NOT NULL, \
     user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, note TEXT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, \
     voided_at BIGINT, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, release_id) REFERENCES releases(organisation_id, id))",
    "ALTER TABLE releases ADD COLUMN prepared_by TEXT",
    "ALTER TABLE releases ADD COLUMN withdrawn TEXT NOT NULL DEFAULT ''",
    // Until now asking for a release was one step.
    "UPDATE releases SET state = 'in_review' WHERE state = 'ready'",
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
