//! The first tables. Ids are text, instants BIGINT microseconds UTC, dates ISO text; keys of an organisation's things
//! are composite, so that no row can point into another organisation. The audit table is append-only by trigger.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 16] = [
    "CREATE TABLE organisations (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT, language TEXT NOT NULL, \
     failures BIGINT NOT NULL DEFAULT 0, locked_until BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE memberships (organisation_id TEXT NOT NULL REFERENCES organisations(id), user_id TEXT NOT NULL REFERENCES users(id), \
     roles TEXT NOT NULL, PRIMARY KEY (organisation_id, user_id))",
    "CREATE TABLE one_time_links (token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), expires_at BIGINT NOT NULL)",
    "CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), organisation_id TEXT NOT NULL, \
     created_at BIGINT NOT NULL, active_at BIGINT NOT NULL, proved_at BIGINT NOT NULL)",
    "CREATE TABLE audit_entries (organisation_id TEXT NOT NULL, seq BIGINT NOT NULL, json TEXT NOT NULL, hash TEXT NOT NULL, \
     PRIMARY KEY (organisation_id, seq))",
    "CREATE TABLE documents (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, title TEXT NOT NULL, \
     scheme TEXT NOT NULL, language TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (organisation_id, id))",
    "CREATE TABLE measures (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, label TEXT NOT NULL, \
     body TEXT NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL, status_reason TEXT NOT NULL, scope TEXT NOT NULL, \
     revision BIGINT NOT NULL, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE TABLE nodes (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, parent_id TEXT, \
     position BIGINT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, definition TEXT, scope TEXT NOT NULL, empty_reason TEXT, \
     measure_id TEXT, source_code TEXT, source_line BIGINT, PRIMARY KEY (organisation_id, id), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id), \
     FOREIGN KEY (organisation_id, parent_id) REFERENCES nodes(organisation_id, id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE TABLE measure_revisions (organisation_id TEXT NOT NULL, measure_id TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, \
     author TEXT NOT NULL, reason TEXT NOT NULL, label TEXT NOT NULL, body TEXT NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL, \
     PRIMARY KEY (organisation_id, measure_id, number), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE TABLE drafts (organisation_id TEXT NOT NULL, user_id TEXT NOT NULL, measure_id TEXT NOT NULL, label TEXT NOT NULL, \
     body TEXT NOT NULL, owner TEXT NOT NULL, based_on BIGINT NOT NULL, saved_at BIGINT NOT NULL, refusal TEXT, \
     PRIMARY KEY (organisation_id, user_id, measure_id), \
     FOREIGN KEY (organisation_id, measure_id) REFERENCES measures(organisation_id, id))",
    "CREATE TABLE import_drafts (organisation_id TEXT NOT NULL REFERENCES organisations(id), id TEXT NOT NULL, file_name TEXT NOT NULL, \
     source TEXT NOT NULL, confirmed TEXT NOT NULL, undone TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (organisation_id, id))",
    "CREATE TABLE releases (organisation_id TEXT NOT NULL, id TEXT NOT NULL, document_id TEXT NOT NULL, number BIGINT NOT NULL, \
     state TEXT NOT NULL, stage TEXT NOT NULL, snapshot TEXT, snapshot_sha256 TEXT, pdf_sha256 TEXT, released_at BIGINT, \
     released_by TEXT, PRIMARY KEY (organisation_id, id), UNIQUE (organisation_id, document_id, number), \
     FOREIGN KEY (organisation_id, document_id) REFERENCES documents(organisation_id, id))",
    "CREATE TABLE seal_keys (organisation_id TEXT PRIMARY KEY REFERENCES organisations(id), certificate TEXT NOT NULL, nonce TEXT NOT NULL, \
     wrapped TEXT NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE TABLE blobs (organisation_id TEXT NOT NULL REFERENCES organisations(id), sha256 TEXT NOT NULL, size BIGINT NOT NULL, \
     created_at BIGINT NOT NULL, PRIMARY KEY (organisation_id, sha256))",
    "CREATE TABLE jobs (id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL, state TEXT NOT NULL, \
     run_at BIGINT NOT NULL, leased_until BIGINT NOT NULL, attempts BIGINT NOT NULL, error TEXT)",
];

const INDEXES: [&str; 6] = [
    "CREATE INDEX ix_nodes_document ON nodes (organisation_id, document_id, position)",
    "CREATE INDEX ix_nodes_measure ON nodes (organisation_id, measure_id)",
    "CREATE INDEX ix_measures_document ON measures (organisation_id, document_id)",
    "CREATE INDEX ix_memberships_user ON memberships (user_id)",
    "CREATE INDEX ix_jobs_due ON jobs (state, run_at)",
    "CREATE UNIQUE INDEX uq_releases_open ON releases (organisation_id, document_id) WHERE state IN ('draft', 'ready')",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let c = m.get_connection();
        for sql in TABLES.iter().chain(&INDEXES) {
            c.execute_unprepared(sql).await?;
        }
        let append_only = match m.get_database_backend() {
            DbBackend::Sqlite => {
                "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append only'); END; \
                 CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append only'); END;"
            }
            DbBackend::Postgres => {
                "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$; \
                 CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_append_only();"
            }
            _ => return Err(DbErr::Migration("SQLite or PostgreSQL".into())),
        };
        c.execute_unprepared(append_only).await?;
        Ok(())
    }
}
