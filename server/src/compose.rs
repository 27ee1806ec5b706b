//! The only place that names concrete adapters.

use crate::config::Config;
use crate::http::Portal;
use crate::http::throttle::Misses;
use std::path::Path;
use std::sync::Arc;
use tomfolio_app::context::Services;
use tomfolio_backend::adapters::storage::Blobs;
use tomfolio_backend::clock::Clock;
use tomfolio_backend::{Backend, db};

/// Opens database and storage, and migrates.
pub async fn backend(config: &Config, data: &Path, clock: Clock) -> Result<Backend, String> {
    std::fs::create_dir_all(data.join("blobs")).map_err(|e| format!("{}: {e}", data.display()))?;
    let master = Arc::new(config.master(data)?);
    let db = db::connect(&config.database(data)).await.map_err(|e| format!("database: {e}"))?;
    db::migrate(&db).await.map_err(|e| format!("migration: {e}"))?;
    let backend = Backend {
        db,
        clock,
        blobs: Blobs { place: config.place(data)?, spool: data.join("spool") },
        master,
        mailer: config.mailer(data)?,
        url: config.public_url.trim_end_matches('/').to_owned(),
        oidc: config.oidc()?,
        stamps: config.stamps()?,
        passwords: Arc::default(),
        refusals: Arc::default(),
        hints: Arc::default(),
        extractor: config.extractor()?,
    };
    backend.fill_search().await.map_err(|e| format!("search index: {e}"))?;
    Ok(backend)
}

/// The portal over a backend.
pub fn portal(backend: Backend, config: &Config, url: &str) -> Result<Portal, String> {
    let one = Arc::new(backend.clone());
    let services = Services {
        audit: one.clone(),
        baselines: one.clone(),
        checks: one.clone(),
        documents: one.clone(),
        evidence: one.clone(),
        findings: one.clone(),
        hints: one.clone(),
        measures: one.clone(),
        members: one.clone(),
        identities: one.clone(),
        imports: one.clone(),
        overview: one.clone(),
        promises: one.clone(),
        releases: one.clone(),
        reviews: one.clone(),
        search: one.clone(),
        shares: one.clone(),
        subprocessors: one.clone(),
        titles: one.clone(),
        tokens: one.clone(),
        sessions: one,
        secure: url.starts_with("https://"),
        url: url.to_owned(),
    };
    Ok(Portal {
        services,
        clock: backend.clock.clone(),
        backend,
        upload_limit: config.upload_limit,
        proxies: config.proxies()?.into(),
        misses: Misses::default(),
    })
}
