//! `fsck` and `audit verify`: blobs against rows, snapshots against hashes, seals against certificates, the chain, the
//! jobs. Finds; mends nothing.

use crate::Backend;
use crate::adapters::seal::certificates_from_pem;
use crate::db::entity::{audit_entries, blob_intents, blobs, jobs, organisations, releases};
use crate::db::internal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use tomfolio_domain::audit;
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::releases::ReleaseState;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub organisation: String,
    pub object: String,
    pub what: String,
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Findings {
    pub organisations: usize,
    pub audit_entries: i64,
    pub blobs: usize,
    pub releases: usize,
    pub problems: Vec<Problem>,
}

impl Findings {
    fn problem(&mut self, organisation: &str, object: impl ToString, what: impl ToString) {
        self.problems.push(Problem {
            organisation: organisation.to_owned(),
            object: object.to_string(),
            what: what.to_string(),
        });
    }
}

/// Checks every chain.
pub async fn audit(b: &Backend, out: &mut Findings) -> Result<(), DomainError> {
    for o in organisations::Entity::find().all(&b.db).await.map_err(internal)? {
        out.organisations += 1;
        let rows = audit_entries::Entity::find()
            .filter(audit_entries::Column::OrganisationId.eq(&o.id))
            .order_by_asc(audit_entries::Column::Seq)
            .all(&b.db)
            .await
            .map_err(internal)?;
        match audit::verify(rows.iter().map(|r| (r.json.as_str(), r.hash.as_str()))) {
            Ok(n) => out.audit_entries += n,
            Err(broken) => out.problem(&o.id, format!("audit entry {}", broken.seq), broken.what),
        }
    }
    Ok(())
}

/// Checks everything.
pub async fn fsck(b: &Backend) -> Result<Findings, DomainError> {
    let mut out = Findings::default();
    audit(b, &mut out).await?;
    let rows = blobs::Entity::find().all(&b.db).await.map_err(internal)?;
    for blob in &rows {
        out.blobs += 1;
        if let Err(e) = b.blobs.check(&blob.organisation_id, &blob.sha256).await {
            out.problem(&blob.organisation_id, format!("blob {}", blob.sha256), e);
        }
    }
    // A file that a killed upload left is explained by its intent, until the sweep takes both away.
    let intents = blob_intents::Entity::find().all(&b.db).await.map_err(internal)?;
    for (organisation, sha256) in b.blobs.all().await.map_err(internal)? {
        let known = rows.iter().any(|r| r.organisation_id == organisation && r.sha256 == sha256);
        let expected = intents.iter().any(|i| i.organisation_id == organisation && i.sha256 == sha256);
        if !known && !expected {
            out.problem(&organisation, format!("blob {sha256}"), "no row knows this file");
        }
    }
    for r in releases::Entity::find().all(&b.db).await.map_err(internal)? {
        out.releases += 1;
        release(b, &r, &mut out).await?;
    }
    for j in
        jobs::Entity::find().filter(jobs::Column::State.eq("failed")).all(&b.db).await.map_err(internal)?
    {
        out.problem(
            &j.organisation_id,
            &j.id,
            format!("job {} failed: {}", j.kind, j.error.unwrap_or_default()),
        );
    }
    Ok(out)
}

async fn release(b: &Backend, r: &releases::Model, out: &mut Findings) -> Result<(), DomainError> {
    let state: ReleaseState = r.state.parse()?;
    match (&r.snapshot, &r.snapshot_sha256) {
        (Some(s), Some(h)) if sha256_hex(s.as_bytes()) != *h => {
            out.problem(&r.organisation_id, &r.id, "the snapshot was changed")
        }
        (None, _) | (_, None) if state != ReleaseState::Draft => {
            out.problem(&r.organisation_id, &r.id, "the snapshot is missing")
        }
        _ => {}
    }
    if let Some(sha256) = &r.pdf_sha256
        && let Ok(bytes) = b.blobs.get(&r.organisation_id, sha256).await
    {
        let own = super::seal_keys::certificates(&b.db, &r.organisation_id).await?;
        let trust: Vec<Vec<u8>> = own.iter().flat_map(|pem| certificates_from_pem(pem)).collect();
        let report = tomfolio_verify::verify(&bytes, &trust);
        if !report.ok() {
            out.problem(&r.organisation_id, &r.id, format!("the seal does not hold: {}", report.reason));
        }
    }
    Ok(())
}
