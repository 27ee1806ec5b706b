//! Use cases, database, jobs, adapters. Knows neither Leptos nor axum.

pub mod adapters;
pub mod clock;
pub mod db;
pub mod ids;
pub mod jobs;
pub mod usecases;

use clock::Clock;
use sea_orm::DatabaseConnection;
use std::sync::Arc;

/// Everything that a use case may reach. Cheap to clone.
#[derive(Clone)]
pub struct Backend {
    pub db: DatabaseConnection,
    pub clock: Clock,
    pub blobs: adapters::storage::Blobs,
    /// Wraps the organisations' seal keys.
    pub master: Arc<[u8; 32]>,
    pub mailer: adapters::mail::Mailer,
    /// The portal's address, as it stands in mails.
    pub url: String,
    /// Where people may sign in beside here.
    pub oidc: Option<adapters::oidc::Provider>,
    /// Who stamps seals; nobody, where none is configured.
    pub stamps: Option<adapters::timestamp::Authority>,
    pub passwords: Arc<adapters::password::Passwords>,
    pub refusals: Arc<usecases::Refusals>,
    pub hints: Arc<usecases::HintCache>,
    /// Who reads the text out of PDF files.
    pub extractor: adapters::extract::Extractor,
}
