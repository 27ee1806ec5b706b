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
use tomfolio_domain::documents::Moved;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{MeasureId, NodeId};
use tomfolio_domain::import::{Kind, Scope};
use tomfolio_domain::measures::{
    self as rules, AddMeasure, Content, Direction, EditMeasure, Further, MeasureKind, Place, Record, Status,
    propose_kind,
};
use tomfolio_domain::policy::Permit;

/// The node that places a measure in the layout that its document has now.
async fn node_with(work: &Work, document: &str, measure: &str) -> Result<nodes::Model, DomainError> {
    nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(document))
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
    pub further: Further,
    /// Why its first step was made.
    pub reason: String,
}

impl NewMeasure {
    /// Words alone: how they are kept is read from them, whom they serve is proposed from them.
    pub fn of(label: String, text: String, status: Status, reason: String) -> NewMeasure {
        let kind = propose_kind(&label, &text);
        let content = Content { label, text, owner: String::new() };
        NewMeasure { content, status, goals: Vec::new(), kind, further: Further::default(), reason }
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
        further: new.further.clone(),
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
        further: new.further,
        reason: String::new(),
    };
    let mut next = rules::edit(&empty, &edit, clock::day(work.now))?;
    next.status = new.status;
    let row = insert(work, &parent.document_id, edit.id, &next, &new.reason).await?;
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

    /// Puts a measure elsewhere in the layout that its document has now.
    pub(super) async fn put(&self, permit: Permit, id: MeasureId, place: Place) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let own = node_with(&work, &m.document_id, &m.id).await?;
        let (parent, before) = match place {
            Place::Under(parent) => (heading(&work, parent, &m.document_id).await?, None),
            Place::Before(other) if other == id => return Ok(()),
            Place::Before(other) => {
                let other = find(&work.txn, &work.organisation, other).await?;
                let there = node_with(&work, &m.document_id, &other.id).await?;
                (parent_of(&work, &there).await?, Some(there))
            }
            Place::Beside(direction) => {
                let beside = children(&work, &own).await?;
                let at = beside.iter().position(|n| n.id == own.id).ok_or(DomainError::NotFound)?;
                let before = match direction {
                    Direction::Up => at.checked_sub(1).and_then(|i| beside.get(i)),
                    Direction::Down if at + 1 == beside.len() => None,
                    Direction::Down => beside.get(at + 2),
                };
                // The first goes no further up, the last no further down.
                if before.is_none() && (direction == Direction::Up || at + 1 == beside.len()) {
                    return Ok(());
                }
                (parent_of(&work, &own).await?, before.cloned())
            }
        };
        // Under the heading of one scope stands what belongs to that scope; the code says it (E, K).
        let scope: Scope = parent.scope.parse()?;
        let current = record(&m)?;
        if scope != Scope::Unspecified && scope != current.scope {
            let next = Record { scope, revision: current.revision + 1, ..current };
            super::measures::save(&work, &m, &next, "").await?;
        }
        hang(&work, &own, Some(parent.id.clone()), before.as_ref()).await?;
        back_to_draft(&work, &m.document_id).await?;
        work.commit(Fact::of(&m.id).with("document", &m.document_id).with("parent", parent.id)).await
    }
}

/// The nodes that hang where this one hangs, in their order.
async fn children(work: &Work, of: &nodes::Model) -> Result<Vec<nodes::Model>, DomainError> {
    nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(&of.document_id))
        .filter(nodes::Column::Layout.eq(&of.layout))
        .filter(match &of.parent_id {
            Some(p) => nodes::Column::ParentId.eq(p),
            None => nodes::Column::ParentId.is_null(),
        })
        .order_by_asc(nodes::Column::Position)
        .all(&work.txn)
        .await
        .map_err(internal)
}

async fn parent_of(work: &Work, of: &nodes::Model) -> Result<nodes::Model, DomainError> {
    let id = of.parent_id.as_ref().ok_or(DomainError::WrongState)?.parse()?;
    heading(work, id, &of.document_id).await
}

/// Hangs a node under a parent, before a child of it or at its end; what its author needs to take that back is noted.
pub(super) async fn hang(
    work: &Work,
    node: &nodes::Model,
    parent: Option<String>,
    before: Option<&nodes::Model>,
) -> Result<(), DomainError> {
    let beside = children(work, node).await?;
    let next = beside.iter().skip_while(|n| n.id != node.id).nth(1);
    let moved = Moved {
        node: node.id.parse()?,
        parent: node.parent_id.as_deref().map(str::parse).transpose()?,
        next: next.map(|n| n.id.parse()).transpose()?,
        to: parent.as_deref().map(str::parse).transpose()?,
    };
    let position = match before {
        Some(b) => room_at(work, b, b.position).await?,
        None => last_position(work, &node.document_id).await? + 1,
    };
    let mut row = node.clone().into_active_model();
    row.parent_id = Set(parent);
    row.position = Set(position);
    row.update(&work.txn).await.map_err(internal)?;
    work.note(&node.document_id, |s| s.moved.push(moved));
    Ok(())
}

/// Makes room at a position of a layout: what stands there or behind it goes one further.
async fn room_at(work: &Work, of: &nodes::Model, position: i64) -> Result<i64, DomainError> {
    use sea_orm::sea_query::{Expr, ExprTrait};
    nodes::Entity::update_many()
        .col_expr(nodes::Column::Position, Expr::col(nodes::Column::Position).add(1))
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(&of.document_id))
        .filter(nodes::Column::Layout.eq(&of.layout))
        .filter(nodes::Column::Position.gte(position))
        .exec(&work.txn)
        .await
        .map_err(internal)?;
    Ok(position)
}

/// A new measure right after another, in every layout in which that one has its place.
pub(super) async fn new_after(
    work: &Work,
    first: &measures::Model,
    next: &Record,
    reason: &str,
) -> Result<MeasureId, DomainError> {
    let id = crate::ids::measure();
    insert(work, &first.document_id, id, next, reason).await?;
    let places = nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(&first.document_id))
        .filter(nodes::Column::MeasureId.eq(&first.id))
        .all(&work.txn)
        .await
        .map_err(internal)?;
    for place in places {
        let position = room_at(work, &place, place.position + 1).await?;
        let node = nodes::Model {
            id: crate::ids::node().to_string(),
            position,
            measure_id: Some(id.to_string()),
            source_code: None,
            source_line: None,
            ..place
        };
        nodes::Entity::insert(node.into_active_model())
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
    }
    back_to_draft(work, &first.document_id).await?;
    Ok(id)
}

/// Stores a measure with the first step of its history; it has no place yet.
async fn insert(
    work: &Work,
    document: &str,
    id: MeasureId,
    next: &Record,
    reason: &str,
) -> Result<measures::Model, DomainError> {
    let row = measures::Model {
        organisation_id: work.organisation.clone(),
        id: id.to_string(),
        document_id: document.to_owned(),
        label: next.content.label.clone(),
        body: next.content.text.clone(),
        owner: next.content.owner.clone(),
        status: next.status.as_str().into(),
        status_reason: next.status_reason.clone(),
        scope: next.scope.as_str().into(),
        revision: next.revision,
        gap_decided_by: next.gap.as_ref().map(|g| g.decided_by.clone()),
        gap_until: next.gap.as_ref().map(|g| g.until.to_string()),
        goals: super::measures::goals_row(&next.goals),
        kind: next.kind.as_str().into(),
        further: super::measures::further_row(&next.further),
    };
    measures::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    remember(work, &row.id, next, reason).await?;
    work.note(document, |s| s.revise(id, 0, next.revision));
    Ok(row)
}
