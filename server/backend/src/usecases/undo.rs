//! Takes the last step of a person in a document back. What it changed gets its former state as a further step of the history;
//! nothing is erased.

use super::documents::{Loaded, load};
use super::measures::{record, revision, save};
use super::placement::hang;
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, nodes, stamp_links, steps};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use tomfolio_domain::documents::{LastStep, Looked, Moved, Renamed, Revised, Step};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::measures::{self as rules, Record};
use tomfolio_domain::policy::Permit;

/// Steps of a document that can still be taken back after a later one was.
const KEPT: u64 = 100;

/// Why a measure that a step had made goes out of force again, and what its history says, by the document's language.
fn taken_back(language: &str) -> &'static str {
    if language == "en" { "Taken back" } else { "Zurückgenommen" }
}

async fn newest(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
    user: &str,
) -> Result<Option<(steps::Model, Step)>, DomainError> {
    let row = steps::Entity::find()
        .filter(steps::Column::OrganisationId.eq(organisation))
        .filter(steps::Column::DocumentId.eq(document))
        .filter(steps::Column::UserId.eq(user))
        .order_by_desc(steps::Column::At)
        .order_by_desc(steps::Column::Id)
        .one(db)
        .await
        .map_err(internal)?;
    row.map(|r| serde_json::from_str(&r.step).map(|s| (r, s)).map_err(internal)).transpose()
}

/// Whether somebody built on the measures of a step since.
fn stale(step: &Step, now: &Loaded) -> bool {
    let same = |r: &Revised| now.measures.get(&r.measure.to_string()).is_some_and(|m| m.revision == r.after);
    !step.measures.iter().all(same)
}

impl Backend {
    /// What a person did last in a document, as long as it can be taken back.
    pub(super) async fn last_step(
        &self,
        v: &View,
        permit: &Permit,
        loaded: &Loaded,
    ) -> Result<Option<LastStep>, DomainError> {
        let found = newest(&v.db, &v.organisation, &loaded.document.id, &permit.user().to_string()).await?;
        let open = found.filter(|(_, step)| !stale(step, loaded));
        Ok(open.map(|(row, step)| LastStep {
            id: row.id,
            kind: step.kind(),
            count: step.count(),
            at: clock::shown(row.at),
        }))
    }

    pub(super) async fn take_back_step(
        &self,
        permit: Permit,
        document: DocumentId,
        shown: &str,
    ) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let loaded = load(&work.txn, &work.organisation, &document.to_string()).await?;
        let found = newest(&work.txn, &work.organisation, &loaded.document.id, &work.user).await?;
        let (row, step) = found.ok_or(DomainError::WrongState)?;
        // In another window something may have been done since: then that would go, unseen.
        if stale(&step, &loaded) || row.id != shown {
            return Err(DomainError::Stale);
        }
        let said = taken_back(&loaded.document.language);
        for r in &step.measures {
            back(&work, &loaded, r, said).await?;
        }
        for m in step.moved.iter().rev() {
            put_back(&work, m).await?;
        }
        for r in &step.renamed {
            call_back(&work, r).await?;
        }
        for l in step.looked.clone() {
            look_away(&work, &loaded.document.id, l).await?;
        }
        if let Some(layout) = &step.layout {
            let mut row = loaded.document.clone().into_active_model();
            row.layout = Set(layout.clone());
            documents::Entity::update(row).exec(&work.txn).await.map_err(internal)?;
        }
        if let Some(f) = &step.framed {
            super::documents::frame(&work, loaded.document.clone(), f).await?;
        }
        let key = (work.organisation.clone(), row.id);
        steps::Entity::delete_by_id(key).exec(&work.txn).await.map_err(internal)?;
        renumber(&work, &loaded.document.id, &step).await?;
        work.forget();
        super::releases::back_to_draft(&work, &loaded.document.id).await?;
        work.commit(Fact::of(document).with("taken_back", step.measures.len() + step.moved.len())).await
    }
}

/// What a step found is there again, under a new number: the steps before it can be taken back as well.
async fn renumber(work: &Work, document: &str, undone: &Step) -> Result<(), DomainError> {
    let rows = steps::Entity::find()
        .filter(steps::Column::OrganisationId.eq(&work.organisation))
        .filter(steps::Column::DocumentId.eq(document))
        .order_by_desc(steps::Column::At)
        .limit(KEPT)
        .all(&work.txn)
        .await
        .map_err(internal)?;
    for row in rows {
        let mut step: Step = serde_json::from_str(&row.step).map_err(internal)?;
        if step.renumber(undone) {
            let mut row = row.into_active_model();
            row.step = Set(serde_json::to_string(&step).map_err(internal)?);
            row.update(&work.txn).await.map_err(internal)?;
        }
    }
    Ok(())
}

/// A measure as it was; one that the step had made goes out of force.
async fn back(work: &Work, loaded: &Loaded, r: &Revised, said: &str) -> Result<(), DomainError> {
    let m = loaded.measures.get(&r.measure.to_string()).ok_or(DomainError::Stale)?;
    let next = match r.before {
        0 => rules::retire(&record(m)?, r.after, said)?,
        before => {
            let then = revision(&work.txn, &work.organisation, r.measure, before).await?;
            Record { revision: r.after + 1, ..then }
        }
    };
    save(work, m, &next, said).await
}

async fn node(work: &Work, id: impl ToString) -> Result<nodes::Model, DomainError> {
    let found = nodes::Entity::find_by_id((work.organisation.clone(), id.to_string())).one(&work.txn).await;
    found.map_err(internal)?.ok_or(DomainError::Stale)
}

/// A node where it hung, before what followed it there.
async fn put_back(work: &Work, m: &Moved) -> Result<(), DomainError> {
    let own = node(work, m.node).await?;
    let named = |id: &Option<tomfolio_domain::ids::NodeId>| id.map(|p| p.to_string());
    if own.parent_id != named(&m.to) {
        return Err(DomainError::Stale);
    }
    let next = match m.next {
        Some(next) => Some(node(work, next).await?).filter(|n| n.parent_id == named(&m.parent)),
        None => None,
    };
    hang(work, &own, named(&m.parent), next.as_ref()).await
}

async fn call_back(work: &Work, r: &Renamed) -> Result<(), DomainError> {
    let own = node(work, r.node).await?;
    if own.title != r.to {
        return Err(DomainError::Stale);
    }
    let mut row = own.into_active_model();
    row.title = Set(r.title.clone());
    row.empty_reason = Set(r.empty_reason.clone());
    row.update(&work.txn).await.map_err(internal)?;
    Ok(())
}

/// The offer of a baseline stands again.
async fn look_away(work: &Work, document: &str, l: Looked) -> Result<(), DomainError> {
    let key = (work.organisation.clone(), document.to_owned(), l.origin);
    match l.revision {
        None => {
            stamp_links::Entity::delete_by_id(key).exec(&work.txn).await.map_err(internal)?;
        }
        Some(revision) => {
            let row = stamp_links::ActiveModel {
                organisation_id: Set(key.0),
                document_id: Set(key.1),
                origin: Set(key.2),
                own: Set(l.own),
                revision: Set(revision),
            };
            stamp_links::Entity::update(row).exec(&work.txn).await.map_err(internal)?;
        }
    }
    Ok(())
}
