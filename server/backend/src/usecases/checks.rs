//! What this portal knows of a key and a file. The same answer for a stranger's key and for none.

use super::releases::{heads, in_force};
use crate::Backend;
use crate::adapters::seal::certificates_from_pem;
use crate::db::entity::{releases, reviews, seal_keys};
use crate::db::internal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::checks::{CheckService, Known, KnownFile};
use tomfolio_domain::error::DomainError;

#[async_trait::async_trait]
impl CheckService for Backend {
    async fn known(&self, key: &str, file: &str) -> Result<Option<Known>, DomainError> {
        let keys = seal_keys::Entity::find().all(&self.db).await.map_err(internal)?;
        let is = |pem: &str| certificates_from_pem(pem).first().is_some_and(|der| sha256_hex(der) == key);
        let Some(found) = keys.into_iter().find(|k| is(&k.certificate)) else { return Ok(None) };
        let id = found.organisation_id;
        let organisation = self.organisation_name(&self.db, &id).await?;
        let release = heads()
            .filter(releases::Column::OrganisationId.eq(&id))
            .filter(releases::Column::PdfSha256.eq(file))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let file = match release {
            Some(r) => {
                let current = in_force(&self.db, &id, &r.document_id).await?;
                let number = |n: i64| u32::try_from(n).map_err(internal);
                Some(KnownFile::Release {
                    number: number(r.number)?,
                    state: r.state.parse()?,
                    current: current.map(|c| number(c.number)).transpose()?,
                })
            }
            None => reviews::Entity::find()
                .filter(reviews::Column::OrganisationId.eq(&id))
                .filter(reviews::Column::PdfSha256.eq(file))
                .one(&self.db)
                .await
                .map_err(internal)?
                .map(|_| KnownFile::Report),
        };
        Ok(Some(Known { organisation, file }))
    }
}
