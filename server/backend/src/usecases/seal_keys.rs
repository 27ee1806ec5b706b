//! An organisation's seal keys: the newest one seals, older ones stay known, so that what they sealed can still be checked.

use crate::Backend;
use crate::adapters::seal::{self, SealKey};
use crate::db::entity::seal_keys;
use crate::db::{Fact, Work, internal};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::OrganisationId;

/// Why a key was not taken.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefusal {
    #[error(transparent)]
    Key(#[from] seal::SealError),
    #[error(transparent)]
    Refused(#[from] DomainError),
}

/// All keys of an organisation, newest first.
async fn all(db: &impl ConnectionTrait, organisation: &str) -> Result<Vec<seal_keys::Model>, DomainError> {
    seal_keys::Entity::find()
        .filter(seal_keys::Column::OrganisationId.eq(organisation))
        .order_by_desc(seal_keys::Column::CreatedAt)
        .all(db)
        .await
        .map_err(internal)
}

/// The certificates (PEM) that belong to this organisation's keys, the newest key's first.
pub(super) async fn certificates(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<Vec<String>, DomainError> {
    Ok(all(db, organisation).await?.into_iter().map(|k| k.certificate).collect())
}

/// Opens the key that seals now.
pub(crate) async fn open(b: &Backend, organisation: &str) -> Result<SealKey, String> {
    let rows = all(&b.db, organisation).await.map_err(|e| e.to_string())?;
    let row = rows.into_iter().next().ok_or("the organisation has no seal key")?;
    let hex = |text: &str| hex::decode(text).map_err(|e| e.to_string());
    let nonce = hex(&row.nonce)?.try_into().map_err(|_| "the key's nonce is damaged")?;
    let wrapped = seal::Wrapped { nonce, sealed: hex(&row.wrapped)? };
    let pkcs8 = seal::unwrap(&b.master, organisation, &wrapped).map_err(|e| e.to_string())?;
    SealKey::from_pkcs8(&pkcs8, seal::certificates_from_pem(&row.certificate)).map_err(|e| e.to_string())
}

/// Keeps a key under the master key; it seals from now on.
pub(super) async fn keep(b: &Backend, work: &Work, key: &SealKey) -> Result<(), DomainError> {
    let pkcs8 = key.to_pkcs8().map_err(internal)?;
    let wrapped = seal::wrap(&b.master, &work.organisation, &pkcs8).map_err(internal)?;
    let row = seal_keys::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        created_at: Set(work.now.as_microsecond()),
        certificate: Set(key.certificates_pem()),
        nonce: Set(hex::encode(wrapped.nonce)),
        wrapped: Set(hex::encode(wrapped.sealed)),
    };
    seal_keys::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(())
}

impl Backend {
    /// Takes an organisation's own PKCS#12 key (P-256 or P-384).
    pub async fn take_seal_key(
        &self,
        organisation: OrganisationId,
        pkcs12: &[u8],
        password: &str,
    ) -> Result<(), KeyRefusal> {
        let key = seal::open_pkcs12(pkcs12, password)?;
        let now = self.clock.now();
        let work = Work::of_system(&self.db, organisation.to_string(), "organisations/seal_key", now).await?;
        keep(self, &work, &key).await?;
        let leaf = key.chain.first().map(Vec::as_slice).unwrap_or_default();
        Ok(work.commit(Fact::of(organisation).with("certificate", sha256_hex(leaf))).await?)
    }
}
