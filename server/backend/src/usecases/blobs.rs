//! Files on their way in: an intent, the file, and the row that makes it known, in this order (docs/adr/0005).

use crate::Backend;
use crate::adapters::storage::Spooled;
use crate::db::entity::{blob_intents, blobs, steps};
use crate::db::{Work, internal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;

/// How long a step can be taken back, in microseconds (30 days).
const STEPS_KEPT: i64 = 30 * 24 * 3_600 * 1_000_000;

/// A blob whose intent is older than this and that no row knows is an orphan, in microseconds (one hour).
const UNFINISHED: i64 = 3_600_000_000;

/// A file in its place, not yet known to any row.
pub(crate) struct Kept {
    pub sha256: String,
    size: u64,
    pub mime: &'static str,
}

impl Kept {
    /// Makes the file known in the same transaction as whatever names it; its intent has done its work.
    pub async fn known(&self, work: &Work) -> Result<(), DomainError> {
        let blob = blobs::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            sha256: Set(self.sha256.clone()),
            size: Set(i64::try_from(self.size).map_err(internal)?),
            created_at: Set(work.now.as_microsecond()),
        };
        blobs::Entity::insert(blob)
            .on_conflict_do_nothing_on([blobs::Column::OrganisationId, blobs::Column::Sha256])
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
        blob_intents::Entity::delete_by_id((work.organisation.clone(), self.sha256.clone()))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        Ok(())
    }
}

/// The place for files does not take this one now: nothing is stored, and another try may do.
fn away(error: std::io::Error) -> DomainError {
    tracing::error!(%error, "a file could not be given its place");
    DomainError::Busy
}

impl Backend {
    /// Writes the intent, then gives the file its place. The intent goes with the row that makes the file known.
    pub(super) async fn receive(&self, organisation: &str, file: Spooled) -> Result<Kept, DomainError> {
        let kept = Kept { sha256: file.sha256.clone(), size: file.size, mime: file.mime };
        self.intend(organisation, &kept).await?;
        self.blobs.keep(organisation, file).await.map_err(away)?;
        Ok(kept)
    }

    /// The same for a PDF that was made here.
    pub(crate) async fn keep_pdf(&self, organisation: &str, bytes: Vec<u8>) -> Result<Kept, DomainError> {
        let kept = Kept { sha256: sha256_hex(&bytes), size: bytes.len() as u64, mime: "application/pdf" };
        self.intend(organisation, &kept).await?;
        self.blobs.put(organisation, bytes).await.map_err(away)?;
        Ok(kept)
    }

    async fn intend(&self, organisation: &str, kept: &Kept) -> Result<(), DomainError> {
        let row = blob_intents::ActiveModel {
            organisation_id: Set(organisation.to_owned()),
            sha256: Set(kept.sha256.clone()),
            at: Set(self.clock.now().as_microsecond()),
        };
        let key = [blob_intents::Column::OrganisationId, blob_intents::Column::Sha256];
        blob_intents::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_column(blob_intents::Column::At).to_owned())
            .exec_without_returning(&self.db)
            .await
            .map_err(internal)?;
        Ok(())
    }

    /// Removes what killed processes left: old spool files, and blobs whose intent is old and that no row knows.
    pub async fn sweep(&self) -> Result<u32, DomainError> {
        self.blobs.sweep();
        let before = self.clock.now().as_microsecond() - UNFINISHED;
        let old = blob_intents::Entity::find()
            .filter(blob_intents::Column::At.lt(before))
            .all(&self.db)
            .await
            .map_err(internal)?;
        // Who wants a step of last month back restores it from the history.
        let forgotten = self.clock.now().as_microsecond() - STEPS_KEPT;
        steps::Entity::delete_many()
            .filter(steps::Column::At.lt(forgotten))
            .exec(&self.db)
            .await
            .map_err(internal)?;
        let mut removed = 0;
        for intent in old {
            let key = (intent.organisation_id.clone(), intent.sha256.clone());
            if blobs::Entity::find_by_id(key).one(&self.db).await.map_err(internal)?.is_none() {
                self.blobs.remove(&intent.organisation_id, &intent.sha256).await.map_err(internal)?;
                removed += 1;
            }
            blob_intents::Entity::delete(intent.into_active_model())
                .exec(&self.db)
                .await
                .map_err(internal)?;
        }
        Ok(removed)
    }
}
