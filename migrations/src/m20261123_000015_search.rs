//! The search index: what is found, its terms, and the words that exist. SQLite has FTS5, PostgreSQL a tsvector; both hold the same
//! terms, made by `domain::search`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENTRIES: &str = "organisation_id TEXT NOT NULL, object_id TEXT NOT NULL, document_id TEXT, title TEXT NOT NULL, \
    body TEXT NOT NULL, place TEXT NOT NULL, digest TEXT NOT NULL, UNIQUE (organisation_id, object_id), \
    FOREIGN KEY (organisation_id) REFERENCES organisations(id)";
const WORDS: &str =
    "CREATE TABLE search_words (word TEXT NOT NULL PRIMARY KEY, german TEXT NOT NULL, english TEXT NOT NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let steps = match m.get_database_backend() {
            DbBackend::Postgres => vec![
                format!("CREATE TABLE search_entries (id BIGSERIAL PRIMARY KEY, {ENTRIES}, terms TSVECTOR NOT NULL)"),
                "CREATE INDEX ix_search_terms ON search_entries USING GIN (terms)".to_owned(),
                WORDS.to_owned(),
            ],
            _ => vec![
                format!("CREATE TABLE search_entries (id INTEGER PRIMARY KEY AUTOINCREMENT, {ENTRIES})"),
                "CREATE VIRTUAL TABLE search_terms USING fts5(terms, content='', contentless_delete=1, tokenize='ascii', detail='none')"
                    .to_owned(),
                WORDS.to_owned(),
            ],
        };
        for sql in steps {
            m.get_connection().execute_unprepared(&sql).await?;
        }
        m.get_connection()
            .execute_unprepared("CREATE INDEX ix_search_german ON search_words (german)")
            .await?;
        m.get_connection()
            .execute_unprepared("CREATE INDEX ix_search_english ON search_words (english)")
            .await?;
        m.get_connection()
            .execute_unprepared(
                "CREATE INDEX ix_search_document ON search_entries (organisation_id, document_id)",
            )
            .await?;
        Ok(())
    }
}
