//! Database migrations, forward only. One file a step; a released file is frozen.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261122_000001_first;
mod m20261122_000002_scopes;
mod m20261122_000003_evidence;
mod m20261122_000004_shares;
mod m20261122_000005_reviews;
mod m20261122_000006_stamps;
mod m20261122_000007_mails;
mod m20261122_000008_identities;
mod m20261122_000009_tokens;
mod m20261122_000010_consent;
mod m20261122_000011_typed;
mod m20261123_000012_goals;
mod m20261123_000013_promises;
mod m20261123_000014_workbench;
mod m20261123_000015_search;
mod m20261123_000016_baselines;
mod m20261123_000017_steps;
mod m20261123_000018_further;
mod m20261123_000019_titles;
mod m20261123_000020_told;

/// Runs all steps.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_first::Migration),
            Box::new(m20261122_000002_scopes::Migration),
            Box::new(m20261122_000003_evidence::Migration),
            Box::new(m20261122_000004_shares::Migration),
            Box::new(m20261122_000005_reviews::Migration),
            Box::new(m20261122_000006_stamps::Migration),
            Box::new(m20261122_000007_mails::Migration),
            Box::new(m20261122_000008_identities::Migration),
            Box::new(m20261122_000009_tokens::Migration),
            Box::new(m20261122_000010_consent::Migration),
            Box::new(m20261122_000011_typed::Migration),
            Box::new(m20261123_000012_goals::Migration),
            Box::new(m20261123_000013_promises::Migration),
            Box::new(m20261123_000014_workbench::Migration),
            Box::new(m20261123_000015_search::Migration),
            Box::new(m20261123_000016_baselines::Migration),
            Box::new(m20261123_000017_steps::Migration),
            Box::new(m20261123_000018_further::Migration),
            Box::new(m20261123_000019_titles::Migration),
            Box::new(m20261123_000020_told::Migration),
        ]
    }
}
