//! One measure becomes two, two become one, one is copied.

use super::measures::{fact, find, record, save};
use super::placement::new_after;
use crate::Backend;
use crate::db::entity::evidence_measures;
use crate::db::{Work, internal};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::MeasureId;
use tomfolio_domain::measures::{self as rules, Record, SplitMeasure, Status};
use tomfolio_domain::policy::Permit;

/// What proves the one proves the other as well.
async fn share_proofs(work: &Work, from: &str, to: &str) -> Result<(), DomainError> {
    use evidence_measures::Column as C;
    let links = evidence_measures::Entity::find()
        .filter(C::OrganisationId.eq(&work.organisation))
        .filter(C::MeasureId.eq(from))
        .all(&work.txn)
        .await
        .map_err(internal)?;
    for link in links {
        let row = evidence_measures::ActiveModel {
            organisation_id: Set(link.organisation_id),
            evidence_id: Set(link.evidence_id),
            measure_id: Set(to.to_owned()),
        };
        evidence_measures::Entity::insert(row)
            .on_conflict_do_nothing_on([C::OrganisationId, C::EvidenceId, C::MeasureId])
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
    }
    Ok(())
}

impl Backend {
    pub(super) async fn divide(&self, permit: Permit, cmd: SplitMeasure) -> Result<MeasureId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, cmd.id).await?;
        let (first, content) = rules::split(&record(&m)?, cmd.based_on, cmd.at, &cmd.label)?;
        save(&work, &m, &first, "").await?;
        let second = Record { content, revision: 1, ..first.clone() };
        let id = new_after(&work, &m, &second, "").await?;
        share_proofs(&work, &m.id, &id.to_string()).await?;
        work.commit(fact(&m, &first).with("second", id)).await?;
        Ok(id)
    }

    pub(super) async fn unite(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        other: MeasureId,
    ) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let (m, second) = (
            find(&work.txn, &work.organisation, id).await?,
            find(&work.txn, &work.organisation, other).await?,
        );
        if m.document_id != second.document_id || id == other {
            return Err(DomainError::NotFound);
        }
        let (first, taken) = (record(&m)?, record(&second)?);
        if first.revision != based_on {
            return Err(DomainError::Stale);
        }
        if [first.status, taken.status].contains(&Status::Retired) {
            return Err(DomainError::WrongState);
        }
        let one = rules::join(&first, &taken)?;
        save(&work, &m, &one, "").await?;
        // It says where its words went to.
        let reason = format!("→ {}", rules::heading(&one.content.label, &one.content.text));
        save(&work, &second, &rules::retire(&taken, taken.revision, &reason)?, &reason).await?;
        share_proofs(&work, &second.id, &m.id).await?;
        work.commit(fact(&m, &one).with("joined", other)).await
    }

    pub(super) async fn copy(&self, permit: Permit, id: MeasureId) -> Result<MeasureId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let planned = Record {
            status: Status::Planned,
            status_reason: String::new(),
            gap: None,
            revision: 1,
            ..record(&m)?
        };
        let copy = new_after(&work, &m, &planned, "").await?;
        work.commit(crate::db::Fact::of(copy).with("document", &m.document_id).with("copy_of", id)).await?;
        Ok(copy)
    }
}
