//! The rows of a new document: its head with the first draft release, its tree, and its measures with their first step.

use crate::db::entity::{documents, measure_revisions, measures, nodes};
use crate::db::{Work, internal};
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::DocumentId;

/// Rows that one SQL statement inserts at most: SQLite takes 32,766 parameters.
pub(super) const BATCH: usize = 500;

/// Stores the head of a document with its first draft release.
pub(super) async fn new_document(
    work: &Work,
    title: &str,
    language: &str,
    scheme: Scheme,
) -> Result<DocumentId, DomainError> {
    let id = crate::ids::document();
    let document = documents::Model {
        organisation_id: work.organisation.clone(),
        id: id.to_string(),
        title: title.to_owned(),
        scheme: scheme.as_str().into(),
        language: language.to_owned(),
        created_at: work.now.as_microsecond(),
        layout: String::new(),
    };
    documents::Entity::insert(document.into_active_model())
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    super::releases::draft(work, &id.to_string(), 1).await?;
    Ok(id)
}

/// Nodes and measures that are stored together, parents before children.
#[derive(Default)]
pub(super) struct Rows {
    pub nodes: Vec<nodes::ActiveModel>,
    measures: Vec<measures::ActiveModel>,
    revisions: Vec<measure_revisions::ActiveModel>,
}

impl Rows {
    /// A measure with the first step of its history.
    pub fn measure(&mut self, work: &Work, row: measures::Model) {
        self.revisions.push(measure_revisions::ActiveModel {
            organisation_id: Set(row.organisation_id.clone()),
            measure_id: Set(row.id.clone()),
            number: Set(row.revision),
            at: Set(work.now.as_microsecond()),
            author: Set(work.user.clone()),
            reason: Set(String::new()),
            label: Set(row.label.clone()),
            body: Set(row.body.clone()),
            owner: Set(row.owner.clone()),
            status: Set(row.status.clone()),
            status_reason: Set(row.status_reason.clone()),
            scope: Set(row.scope.clone()),
            gap_decided_by: Set(row.gap_decided_by.clone()),
            gap_until: Set(row.gap_until.clone()),
            goals: Set(row.goals.clone()),
            kind: Set(row.kind.clone()),
            further: Set(row.further.clone()),
        });
        self.measures.push(row.into_active_model());
    }

    pub async fn insert(self, work: &Work) -> Result<(), DomainError> {
        for batch in self.measures.chunks(BATCH) {
            measures::Entity::insert_many(batch.to_vec())
                .exec_without_returning(&work.txn)
                .await
                .map_err(internal)?;
        }
        for batch in self.revisions.chunks(BATCH) {
            measure_revisions::Entity::insert_many(batch.to_vec())
                .exec_without_returning(&work.txn)
                .await
                .map_err(internal)?;
        }
        for batch in self.nodes.chunks(BATCH) {
            nodes::Entity::insert_many(batch.to_vec())
                .exec_without_returning(&work.txn)
                .await
                .map_err(internal)?;
        }
        Ok(())
    }
}
