//! Sub-processors: list, save, and who relies on them.

use super::measures::further;
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, evidence, measures, subprocessors};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use std::collections::HashMap;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{EvidenceId, SubprocessorId};
use tomfolio_domain::measures::{Status, heading};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::subprocessors::{
    Facts, Relying, SaveSubprocessor, SubprocessorList, SubprocessorRow, SubprocessorService,
    SubprocessorState, facts,
};

async fn all(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<Vec<subprocessors::Model>, DomainError> {
    subprocessors::Entity::find()
        .filter(subprocessors::Column::OrganisationId.eq(organisation))
        .order_by_asc(subprocessors::Column::Name)
        .all(db)
        .await
        .map_err(internal)
}

fn stored(m: &subprocessors::Model) -> Result<Facts, DomainError> {
    let day = |d: &Option<String>| d.as_deref().map(|d| d.parse().map_err(internal)).transpose();
    Ok(Facts {
        name: m.name.clone(),
        address: m.address.clone(),
        contact: m.contact.clone(),
        service: m.service.clone(),
        locations: m.locations.clone(),
        transfer: m.transfer.clone(),
        contract: m.contract_id.as_deref().map(str::parse).transpose()?,
        audited_on: day(&m.audited_on)?,
        next_audit: day(&m.next_audit)?,
        state: m.state.parse()?,
    })
}

/// Those that a measure can name: all that have not ended, and those that it names already.
pub(super) async fn offered(
    db: &impl ConnectionTrait,
    organisation: &str,
    chosen: &[SubprocessorId],
) -> Result<Vec<(SubprocessorId, String)>, DomainError> {
    let rows = all(db, organisation).await?.into_iter();
    let named = |id: &str| chosen.iter().any(|c| c.to_string() == id);
    let open = rows.filter(|r| r.state != SubprocessorState::Ended.as_str() || named(&r.id));
    open.map(|r| Ok((r.id.parse()?, r.name))).collect()
}

/// Refuses what this organisation does not have.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    organisation: &str,
    ids: &[SubprocessorId],
) -> Result<(), DomainError> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = all(db, organisation).await?;
    let there = |id: &SubprocessorId| rows.iter().any(|r| r.id == id.to_string());
    if ids.iter().all(there) { Ok(()) } else { Err(DomainError::NotFound) }
}

/// Those that measures of a document rely on, with what is known of them; what has ended as well, for the text still names it.
pub(super) async fn relied_on<'a>(
    db: &impl ConnectionTrait,
    organisation: &str,
    of: impl Iterator<Item = &'a measures::Model>,
) -> Result<Vec<Facts>, DomainError> {
    let mut wanted = Vec::new();
    for m in of {
        wanted.extend(further(&m.further)?.subprocessors);
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = all(db, organisation).await?;
    let named = rows.iter().filter(|r| wanted.iter().any(|w| w.to_string() == r.id));
    named.map(stored).collect()
}

#[async_trait::async_trait]
impl SubprocessorService for Backend {
    async fn list(&self, permit: Permit) -> Result<SubprocessorList, DomainError> {
        let v = View::of(&self.db, &permit);
        let rows = all(&v.db, &v.organisation).await?;
        let proofs = evidence::Entity::find()
            .filter(evidence::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(evidence::Column::Title)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let titles: HashMap<&str, &str> = proofs.iter().map(|e| (e.id.as_str(), e.title.as_str())).collect();
        // Only measures that say anything further can name one.
        let naming = measures::Entity::find()
            .filter(measures::Column::OrganisationId.eq(&v.organisation))
            .filter(measures::Column::Status.ne(Status::Retired.as_str()))
            .filter(super::measures::says_further())
            .filter(measures::Column::Further.contains("sub_"))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let documents = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let names: HashMap<&str, &str> =
            documents.iter().map(|d| (d.id.as_str(), d.title.as_str())).collect();
        let mut relying: HashMap<String, Vec<Relying>> = HashMap::new();
        for m in &naming {
            for id in further(&m.further)?.subprocessors {
                relying.entry(id.to_string()).or_default().push(Relying {
                    document: m.document_id.parse()?,
                    document_title: names.get(m.document_id.as_str()).copied().unwrap_or_default().to_owned(),
                    measure: m.id.parse()?,
                    heading: heading(&m.label, &m.body),
                });
            }
        }
        let mut out = Vec::with_capacity(rows.len());
        for r in &rows {
            out.push(SubprocessorRow {
                id: r.id.parse()?,
                revision: r.revision,
                facts: stored(r)?,
                contract: r.contract_id.as_deref().and_then(|id| titles.get(id)).map(|t| (*t).to_owned()),
                measures: relying.remove(&r.id).unwrap_or_default(),
            });
        }
        let evidence = proofs.iter().map(|e| Ok((e.id.parse::<EvidenceId>()?, e.title.clone())));
        Ok(SubprocessorList {
            rows: out,
            evidence: evidence.collect::<Result<_, DomainError>>()?,
            today: clock::day(self.clock.now()),
        })
    }

    async fn save(&self, permit: Permit, cmd: SaveSubprocessor) -> Result<SubprocessorId, DomainError> {
        let f = facts(&cmd.facts, clock::day(self.clock.now()))?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        if let Some(contract) = f.contract {
            let key = (work.organisation.clone(), contract.to_string());
            let found = evidence::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
            found.ok_or(DomainError::NotFound)?;
        }
        let id = cmd.id.unwrap_or_else(crate::ids::subprocessor);
        let revision = match cmd.id {
            None => 0,
            Some(id) => {
                let key = (work.organisation.clone(), id.to_string());
                let found = subprocessors::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
                found.ok_or(DomainError::NotFound)?.revision
            }
        };
        if cmd.based_on != revision {
            return Err(DomainError::Stale);
        }
        let row = subprocessors::Model {
            organisation_id: work.organisation.clone(),
            id: id.to_string(),
            revision: revision + 1,
            name: f.name,
            address: f.address,
            contact: f.contact,
            service: f.service,
            locations: f.locations,
            transfer: f.transfer,
            contract_id: f.contract.map(|c| c.to_string()),
            audited_on: f.audited_on.map(|d| d.to_string()),
            next_audit: f.next_audit.map(|d| d.to_string()),
            state: f.state.as_str().into(),
        };
        let fact = Fact::of(id).with("revision", row.revision).with("state", &row.state);
        let row = row.into_active_model().reset_all();
        match cmd.id {
            None => {
                subprocessors::Entity::insert(row)
                    .exec_without_returning(&work.txn)
                    .await
                    .map_err(internal)?;
            }
            Some(_) => {
                subprocessors::Entity::update(row).exec(&work.txn).await.map_err(internal)?;
            }
        }
        work.commit(fact).await?;
        Ok(id)
    }
}
