//! Documents: list, sheet, export. The tree is loaded in two queries, whatever its size.

use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, measures, nodes, releases};
use crate::db::{View, internal};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use tomfolio_domain::documents::{
    DocumentRow, DocumentService, DocumentSheet, Flat, NodeView, blockers, tree,
};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::measures::{MeasureRow, Status};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::releases::{ReleaseRow, ReleaseState, import_nodes, nodes_of};

/// Letters of a measure's text that a list shows.
const EXCERPT: usize = 180;

/// A document's tree, numbered, and its measures as stored.
pub(super) struct Loaded {
    pub document: documents::Model,
    pub nodes: Vec<NodeView>,
    pub measures: HashMap<String, measures::Model>,
}

pub(super) async fn load(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: &str,
) -> Result<Loaded, DomainError> {
    let key = (organisation.to_owned(), id.to_owned());
    let document =
        documents::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)?;
    let rows = nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(organisation))
        .filter(nodes::Column::DocumentId.eq(id))
        .order_by_asc(nodes::Column::Position)
        .all(db)
        .await
        .map_err(internal)?;
    let found = measures::Entity::find()
        .filter(measures::Column::OrganisationId.eq(organisation))
        .filter(measures::Column::DocumentId.eq(id))
        .all(db)
        .await
        .map_err(internal)?;
    let measures: HashMap<String, measures::Model> = found.into_iter().map(|m| (m.id.clone(), m)).collect();
    let mut flat = Vec::with_capacity(rows.len());
    for row in rows {
        let measure = row.measure_id.as_ref().and_then(|id| measures.get(id));
        flat.push(Flat {
            parent: row.parent_id.as_deref().map(str::parse).transpose()?,
            view: NodeView {
                id: row.id.parse()?,
                kind: row.kind.parse()?,
                code: None,
                title: row.title,
                definition: row.definition,
                scope: measure.map_or(row.scope.parse(), |m| m.scope.parse())?,
                empty_reason: row.empty_reason,
                measure: measure.map(measure_row).transpose()?,
                children: Vec::new(),
            },
        });
    }
    let nodes = tree(flat, document.scheme.parse()?);
    Ok(Loaded { document, nodes, measures })
}

fn measure_row(m: &measures::Model) -> Result<MeasureRow, DomainError> {
    let cut: String = m.body.chars().take(EXCERPT).collect();
    let text = if cut.len() < m.body.len() { format!("{}…", cut.trim_end()) } else { cut };
    Ok(MeasureRow {
        id: m.id.parse()?,
        label: m.label.clone(),
        text,
        status: m.status.parse()?,
        owner: m.owner.clone(),
        revision: m.revision,
    })
}

pub(super) fn release_row(r: &releases::Model, title: &str) -> Result<ReleaseRow, DomainError> {
    Ok(ReleaseRow {
        id: r.id.parse()?,
        document: r.document_id.parse()?,
        document_title: title.to_owned(),
        number: u32::try_from(r.number).map_err(internal)?,
        state: r.state.parse()?,
        stage: r.stage.parse()?,
        snapshot_sha256: r.snapshot_sha256.clone(),
        pdf_sha256: r.pdf_sha256.clone(),
        released_at: r.released_at.map(clock::shown),
        released_by: r.released_by.clone(),
    })
}

#[async_trait::async_trait]
impl DocumentService for Backend {
    async fn list(&self, permit: Permit) -> Result<Vec<DocumentRow>, DomainError> {
        let v = View::of(&self.db, &permit);
        let docs = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(documents::Column::Title)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let counts: Vec<(String, String)> = {
            use sea_orm::QuerySelect;
            measures::Entity::find()
                .filter(measures::Column::OrganisationId.eq(&v.organisation))
                .filter(measures::Column::Status.ne(Status::Retired.as_str()))
                .select_only()
                .columns([measures::Column::DocumentId, measures::Column::Status])
                .into_tuple()
                .all(&v.db)
                .await
                .map_err(internal)?
        };
        let released = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .filter(releases::Column::State.eq(ReleaseState::Released.as_str()))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let mut out = Vec::with_capacity(docs.len());
        for d in docs {
            let mine = || counts.iter().filter(|(doc, _)| *doc == d.id);
            let release = released.iter().find(|r| r.document_id == d.id);
            out.push(DocumentRow {
                measures: mine().count() as u32,
                to_confirm: mine().filter(|(_, s)| s == Status::ToConfirm.as_str()).count() as u32,
                released: release.and_then(|r| u32::try_from(r.number).ok()),
                released_on: release.and_then(|r| r.released_at).map(clock::shown),
                id: d.id.parse()?,
                scheme: d.scheme.parse()?,
                title: d.title,
            });
        }
        Ok(out)
    }

    async fn find(&self, permit: Permit, id: DocumentId) -> Result<DocumentSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &id.to_string()).await?;
        let all = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .filter(releases::Column::DocumentId.eq(id.to_string()))
            .order_by_desc(releases::Column::Number)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let title = &loaded.document.title;
        let draft = all.first().ok_or(DomainError::NotFound)?;
        let released = all.iter().find(|r| r.state == ReleaseState::Released.as_str());
        Ok(DocumentSheet {
            id,
            title: title.clone(),
            scheme: loaded.document.scheme.parse()?,
            blockers: blockers(&loaded.nodes),
            draft: release_row(draft, title)?,
            released: released.map(|r| release_row(r, title)).transpose()?,
            nodes: loaded.nodes,
        })
    }

    async fn export(&self, permit: Permit, id: DocumentId) -> Result<String, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &id.to_string()).await?;
        let text = |m: &MeasureRow| {
            loaded.measures.get(&m.id.to_string()).map(|m| m.body.clone()).unwrap_or_default()
        };
        let nodes = import_nodes(&nodes_of(&loaded.nodes, &text));
        Ok(tomfolio_domain::import::to_markdown(
            &loaded.document.title,
            loaded.document.scheme.parse()?,
            &nodes,
        ))
    }
}
