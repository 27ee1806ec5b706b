//! Where a measure stands in its document: a new one, one place up or down, under another heading.

use super::measures::{fact, find, record, remember};
use super::releases::back_to_draft;
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, measures, nodes};
use crate::db::{Fact, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{MeasureId, NodeId};
use tomfolio_domain::import::{Kind, Scope};
use tomfolio_domain::measures::{
    self as rules, AddMeasure, Content, Direction, EditMeasure, MeasureKind, Record, Status, propose_kind,
};
use tomfolio_domain::policy::Permit;

/// The node that places a measure in the layout that its document has now.
async fn node_with(work: &Work, document: &str, measure: &str) -> Result<nodes::Model, DomainError> {
    nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::MeasureId.eq(measure))
        .filter(nodes::Column::Layout.eq(layout_of(work, document).await?))
        .one(&work.txn)
        .await
        .map_err(internal)?
        .ok_or(DomainError::NotFound)
}

/// The layout that a document has now.
async fn layout_of(work: &Work, document: &str) -> Result<String, DomainError> {
    let key = (work.organisation.clone(), document.to_owned());
    let found = documents::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
    Ok(found.ok_or(DomainError::NotFound)?.layout)
}

/// A heading of this document that measures can stand under.
pub(super) async fn heading(work: &Work, id: NodeId, document: &str) -> Result<nodes::Model, DomainError> {
    let found = nodes::Entity::find_by_id((work.organisation.clone(), id.to_string()))
        .one(&work.txn)
        .await
        .map_err(internal)?
        .filter(|n| n.document_id == document)
        .ok_or(DomainError::NotFound)?;
    if found.kind.parse::<Kind>()?.is_leaf() { Err(DomainError::invalid("parent")) } else { Ok(found) }
}

pub(super) async fn last_position(work: &Work, document: &str) -> Result<i64, DomainError> {
    let last: Option<Option<i64>> = nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(document))
        .select_only()
        .column_as(nodes::Column::Position.max(), "last")
        .into_tuple()
        .one(&work.txn)
        .await
        .map_err(internal)?;
    Ok(last.flatten().unwrap_or(0))
}

/// What a new measure says; its scope is that of its heading.
pub(super) struct NewMeasure {
    pub content: Content,
    pub status: Status,
    pub goals: Vec<GoalKey>,
    pub kind: MeasureKind,
    /// Why its first step was made.
    pub reason: String,
}

impl NewMeasure {
    /// Words alone: how they are kept is read from them, whom they serve is proposed from them.
    pub fn of(label: String, text: String, status: Status, reason: String) -> NewMeasure {
        let kind = propose_kind(&label, &text);
        let content = Content { label, text, owner: String::new() };
        NewMeasure { content, status, goals: Vec::new(), kind, reason }
    }
}

/// A new measure at the end of a heading.
pub(super) async fn new_under(
    work: &Work,
    parent: nodes::Model,
    new: NewMeasure,
) -> Result<(MeasureId, Fact), DomainError> {
    let empty = Record {
        content: Content::default(),
        status: Status::Planned,
        status_reason: String::new(),
        gap: None,
        scope: parent.scope.parse()?,
        goals: Vec::new(),
        kind: new.kind,
        revision: 0,
    };
    let edit = EditMeasure {
        id: crate::ids::measure(),
        based_on: 0,
        content: new.content,
        status: Status::Planned,
        status_reason: String::new(),
        decided_by: String::new(),
        until: None,
        scope: empty.scope,
        goals: new.goals,
        kind: empty.kind,
        reason: String::new(),
    };
    let mut next = rules::edit(&empty, &edit, clock::day(work.now))?;
    next.status = new.status;
    let row = measures::Model {
        organisation_id: work.organisation.clone(),
        id: edit.id.to_string(),
        document_id: parent.document_id.clone(),
        label: next.content.label.clone(),
        body: next.content.text.clone(),
        owner: next.content.owner.clone(),
        status: next.status.as_str().into(),
        status_reason: String::new(),
        scope: next.scope.as_str().into(),
        revision: next.revision,
        gap_decided_by: None,
        gap_until: None,
        goals: super::measures::goals_row(&next.goals),
        kind: next.kind.as_str().into(),
    };
    measures::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    let node = nodes::Model {
        organisation_id: work.organisation.clone(),
        id: crate::ids::node().to_string(),
        document_id: parent.document_id.clone(),
        parent_id: Some(parent.id),
        position: last_position(work, &parent.document_id).await? + 1,
        kind: Kind::Measure.as_str().into(),
        title: String::new(),
        definition: None,
        scope: parent.scope,
        empty_reason: None,
        measure_id: Some(row.id.clone()),
        source_code: None,
        source_line: None,
        layout: parent.layout.clone(),
    };
    nodes::Entity::insert(node.into_active_model())
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    // The outline that the document came with holds every measure, and so does the layout that is in use.
    let now = layout_of(work, &row.document_id).await?;
    for other in ["", now.as_str()].iter().filter(|l| **l != parent.layout) {
        super::layouts::settle(work, &row.document_id, tomfolio_domain::documents::layout(other)?).await?;
    }
    remember(work, &row.id, &next, &new.reason).await?;
    back_to_draft(work, &row.document_id).await?;
    Ok((edit.id, fact(&row, &next)))
}

impl Backend {
    pub(super) async fn place_new(&self, permit: Permit, cmd: AddMeasure) -> Result<MeasureId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let parent = heading(&work, cmd.parent, &cmd.document.to_string()).await?;
        let new = NewMeasure::of(cmd.label, cmd.text, Status::Planned, String::new());
        let (id, made) = new_under(&work, parent, new).await?;
        work.commit(made).await?;
        Ok(id)
    }

    pub(super) async fn place_under(
        &self,
        permit: Permit,
        id: MeasureId,
        parent: NodeId,
    ) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let parent = heading(&work, parent, &m.document_id).await?;
        let own = node_with(&work, &m.document_id, &m.id).await?;
        let position = last_position(&work, &m.document_id).await? + 1;
        // Under the heading of one scope stands what belongs to that scope; the code says it (E, K).
        let scope: Scope = parent.scope.parse()?;
        let current = record(&m)?;
        if scope != Scope::Unspecified && scope != current.scope {
            let next = Record { scope, revision: current.revision + 1, ..current };
            super::measures::save(&work, &m, &next, "").await?;
        }
        let mut row = own.into_active_model();
        row.parent_id = Set(Some(parent.id.clone()));
        row.position = Set(position);
        row.update(&work.txn).await.map_err(internal)?;
        back_to_draft(&work, &m.document_id).await?;
        work.commit(Fact::of(&m.id).with("document", &m.document_id).with("parent", parent.id)).await
    }

    pub(super) async fn place_beside(
        &self,
        permit: Permit,
        id: MeasureId,
        direction: Direction,
    ) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let own = node_with(&work, &m.document_id, &m.id).await?;
        let beside = nodes::Entity::find()
            .filter(nodes::Column::OrganisationId.eq(&work.organisation))
            .filter(nodes::Column::DocumentId.eq(&m.document_id))
            .filter(nodes::Column::Layout.eq(&own.layout))
            .filter(match &own.parent_id {
                Some(p) => nodes::Column::ParentId.eq(p),
                None => nodes::Column::ParentId.is_null(),
            })
            .order_by_asc(nodes::Column::Position)
            .all(&work.txn)
            .await
            .map_err(internal)?;
        let at = beside.iter().position(|n| n.id == own.id).ok_or(DomainError::NotFound)?;
        let other = match direction {
            Direction::Up => at.checked_sub(1),
            Direction::Down => Some(at + 1),
        };
        let Some(other) = other.and_then(|i| beside.get(i)) else { return Ok(()) };
        for (node, position) in [(&own, other.position), (other, own.position)] {
            let mut row = node.clone().into_active_model();
            row.position = Set(position);
            row.update(&work.txn).await.map_err(internal)?;
        }
        back_to_draft(&work, &m.document_id).await?;
        work.commit(Fact::of(&m.id).with("document", &m.document_id).with("position", other.position)).await
    }
}
