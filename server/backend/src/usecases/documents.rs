//! Documents: list, sheet, export. The tree is loaded in two queries, whatever its size.

use super::releases::heads;
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, drafts, measures, nodes, releases, scopes};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use std::collections::HashMap;
use tomfolio_domain::catalogues::{CatalogueCode, propose};
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::documents::{
    self as rules, Blocker, Coverage, DocumentRow, DocumentService, DocumentSheet, EditDocument, EditNode,
    Flat, Framed, NewDocument, NodeView, Placed, Renamed, ScopeRole, blockers, tree,
};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::hints::HintLine;
use tomfolio_domain::ids::{DocumentId, MeasureId, NodeId};
use tomfolio_domain::measures::{MeasureRow, Record, Status};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::releases::{Edition, ReleaseRow, ReleaseState, import_nodes, nodes_of};
use tomfolio_domain::titles;

/// Letters of a measure's text that a list shows.
const EXCERPT: usize = 180;

/// A document's tree, numbered, and its measures as stored.
pub(super) struct Loaded {
    pub document: documents::Model,
    pub nodes: Vec<NodeView>,
    pub measures: HashMap<String, measures::Model>,
    /// The codes that headings had in their source: in a layout the catalogue's.
    pub codes: HashMap<NodeId, String>,
}

impl Loaded {
    /// How its layout numbers its parts.
    pub fn scheme(&self) -> Result<Scheme, DomainError> {
        Ok(rules::scheme_of(self.layout()?, self.document.scheme.parse()?))
    }

    /// The catalogue that it is laid out by.
    pub fn layout(&self) -> Result<Option<CatalogueCode>, DomainError> {
        rules::layout(&self.document.layout)
    }

    /// A measure whole, for what a list does not hold.
    pub fn whole(&self, id: MeasureId) -> Option<Record> {
        self.measures.get(&id.to_string()).and_then(|m| super::measures::record(m).ok())
    }
}

/// What was decided about a document's scopes.
pub(super) async fn decided(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Vec<ScopeRole>, DomainError> {
    let rows = scopes::Entity::find()
        .filter(scopes::Column::OrganisationId.eq(organisation))
        .filter(scopes::Column::DocumentId.eq(document))
        .all(db)
        .await
        .map_err(internal)?;
    rows.iter()
        .map(|r| {
            Ok(ScopeRole { scope: r.scope.parse()?, role: r.role.as_deref().map(str::parse).transpose()? })
        })
        .collect()
}

/// A document's tree in the layout that it has now.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: &str,
) -> Result<Loaded, DomainError> {
    let document = head(db, organisation, id).await?;
    let layout = document.layout.clone();
    tree_of(db, document, &layout).await
}

/// A document's tree in a layout, which may not have been made yet.
pub(super) async fn load_layout(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: &str,
    layout: &str,
) -> Result<Loaded, DomainError> {
    tree_of(db, head(db, organisation, id).await?, layout).await
}

async fn head(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: &str,
) -> Result<documents::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_owned());
    documents::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

async fn tree_of(
    db: &impl ConnectionTrait,
    document: documents::Model,
    layout: &str,
) -> Result<Loaded, DomainError> {
    let (organisation, id) = (document.organisation_id.as_str(), document.id.as_str());
    let rows = nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(organisation))
        .filter(nodes::Column::DocumentId.eq(id))
        .filter(nodes::Column::Layout.eq(layout))
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
    let mut codes = HashMap::new();
    for row in rows {
        if let (Some(code), None) = (&row.source_code, &row.measure_id) {
            codes.insert(row.id.parse()?, code.clone());
        }
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
    let layout = rules::layout(layout)?;
    let mut nodes = tree(flat, rules::scheme_of(layout, document.scheme.parse()?));
    serve(&mut nodes, &measures, &mut Vec::new());
    Ok(Loaded { document, nodes, measures, codes })
}

/// Tells each measure which goals it serves: those that somebody set, else the first that its headings and words propose.
fn serve(nodes: &mut [NodeView], measures: &HashMap<String, measures::Model>, headings: &mut Vec<String>) {
    for n in nodes {
        if let Some(row) = &mut n.measure {
            let stored = measures.get(&row.id.to_string());
            row.goals = stored.map(|m| super::measures::goals(&m.goals)).unwrap_or_default();
            if let (true, Some(m)) = (row.goals.is_empty(), stored) {
                let all = propose(headings.iter().map(String::as_str), &m.label, &m.body);
                row.goals = all.into_iter().map(|p| p.goal).take(1).collect();
            }
        }
        headings.push(n.title.clone());
        serve(&mut n.children, measures, headings);
        headings.pop();
    }
}

/// Tells each measure how many hints are open at it.
fn count_hints(nodes: &mut [NodeView], hints: &[HintLine]) {
    for n in nodes {
        if let Some(row) = &mut n.measure {
            let open = || hints.iter().filter(|h| h.measure == Some(row.id) && h.dismissed.is_none());
            let errors = open().filter(|h| h.blocks()).count();
            row.hints = (errors as u32, (open().count() - errors) as u32);
        }
        count_hints(&mut n.children, hints);
    }
}

/// What stands between a document and its release: in the document itself, and what its reviews found.
pub(super) async fn in_the_way(
    db: &impl ConnectionTrait,
    organisation: &str,
    loaded: &Loaded,
    hints: &[HintLine],
    today: jiff::civil::Date,
) -> Result<Vec<Blocker>, DomainError> {
    let mut out = blockers(&loaded.nodes, today);
    let errors = hints.iter().filter(|h| h.blocks()).count();
    if errors > 0 {
        out.push(Blocker::Hints { count: errors as u32 });
    }
    out.extend(super::findings::blocking(db, organisation, &loaded.document.id).await?);
    Ok(out)
}

fn measure_row(m: &measures::Model) -> Result<MeasureRow, DomainError> {
    let cut: String = m.body.chars().take(EXCERPT).collect();
    let further = super::measures::further(&m.further)?;
    let text = if cut.len() < m.body.len() { format!("{}…", cut.trim_end()) } else { cut };
    Ok(MeasureRow {
        id: m.id.parse()?,
        label: m.label.clone(),
        text,
        status: m.status.parse()?,
        owner: m.owner.clone(),
        revision: m.revision,
        gap_until: m.gap_until.as_deref().map(|d| d.parse().map_err(internal)).transpose()?,
        evidence: 0,
        freshness: None,
        goals: Vec::new(),
        hints: (0, 0),
        audience: further.audience,
        also: further.also,
    })
}

/// The newest of a document's releases that came out: in force, or withdrawn by its number.
fn in_force_or_withdrawn(last: Option<&releases::Model>) -> (Option<&releases::Model>, Option<u32>) {
    match last {
        Some(r) if r.state == ReleaseState::Withdrawn.as_str() => (None, u32::try_from(r.number).ok()),
        other => (other, None),
    }
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
        stamped: r.stamped_at.map(|at| (clock::shown(at), r.stamped_by.clone())),
        released_at: r.released_at.map(clock::shown),
        released_by: r.released_by.clone(),
    })
}

async fn markdown(b: &Backend, organisation: &str, id: &str) -> Result<String, DomainError> {
    let loaded = load(&b.db, organisation, id).await?;
    let nodes = import_nodes(&nodes_of(&loaded.nodes, &|id| loaded.whole(id), Edition::House));
    let title = &loaded.document.title;
    Ok(tomfolio_domain::import::to_markdown(title, loaded.scheme()?, &nodes))
}

impl Backend {
    /// A document as Markdown, by its id (`doc_…`) or its title; `Stale` where several have that title.
    pub async fn export_called(&self, called: &str) -> Result<String, DomainError> {
        let by_id = called.parse::<DocumentId>().is_ok();
        let column = if by_id { documents::Column::Id } else { documents::Column::Title };
        let found =
            documents::Entity::find().filter(column.eq(called)).all(&self.db).await.map_err(internal)?;
        match found.as_slice() {
            [] => Err(DomainError::NotFound),
            [d] => markdown(self, &d.organisation_id, &d.id).await,
            _ => Err(DomainError::Stale),
        }
    }
}

/// Measures of a document where somebody typed something that is not saved.
async fn unsaved(
    db: &impl ConnectionTrait,
    organisation: &str,
    user: &str,
    loaded: &Loaded,
) -> Result<Vec<MeasureId>, DomainError> {
    let rows = drafts::Entity::find()
        .filter(drafts::Column::OrganisationId.eq(organisation))
        .filter(drafts::Column::UserId.eq(user))
        .all(db)
        .await
        .map_err(internal)?;
    rows.iter()
        .filter(|d| loaded.measures.contains_key(&d.measure_id))
        .map(|d| d.measure_id.parse())
        .collect()
}

/// Stores what is said of a document as a whole. Scopes that are not named stay as they are.
pub(super) async fn frame(work: &Work, document: documents::Model, said: &Framed) -> Result<(), DomainError> {
    let id = document.id.clone();
    let mut row = document.into_active_model();
    row.title = Set(said.title.clone());
    row.language = Set(said.language.clone());
    row.update(&work.txn).await.map_err(internal)?;
    for decided in &said.roles {
        let row = scopes::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            document_id: Set(id.clone()),
            scope: Set(decided.scope.as_str().into()),
            role: Set(decided.role.map(|r| r.as_str().to_owned())),
        };
        let key = [scopes::Column::OrganisationId, scopes::Column::DocumentId, scopes::Column::Scope];
        scopes::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_column(scopes::Column::Role).to_owned())
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
    }
    Ok(())
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
        let released = heads()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .filter(
                releases::Column::State
                    .is_in([ReleaseState::Released.as_str(), ReleaseState::Withdrawn.as_str()]),
            )
            .order_by_desc(releases::Column::Number)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let mut out = Vec::with_capacity(docs.len());
        for d in docs {
            let mine = || counts.iter().filter(|(doc, _)| *doc == d.id);
            let last = released.iter().find(|r| r.document_id == d.id);
            let (release, withdrawn) = in_force_or_withdrawn(last);
            out.push(DocumentRow {
                measures: mine().count() as u32,
                to_confirm: mine().filter(|(_, s)| s == Status::ToConfirm.as_str()).count() as u32,
                released: release.and_then(|r| u32::try_from(r.number).ok()),
                withdrawn,
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
        let today = clock::day(self.clock.now());
        let mut loaded = load(&v.db, &v.organisation, &id.to_string()).await?;
        super::evidence::tell(&v.db, &v.organisation, &loaded.document.id, &mut loaded.nodes, today).await?;
        let hints = self.hints_of(&v.db, &v.organisation, &loaded).await?;
        count_hints(&mut loaded.nodes, &hints);
        let all = heads()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .filter(releases::Column::DocumentId.eq(id.to_string()))
            .order_by_desc(releases::Column::Number)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let title = &loaded.document.title;
        let draft = all.first().ok_or(DomainError::NotFound)?;
        let out = [ReleaseState::Released.as_str(), ReleaseState::Withdrawn.as_str()];
        let (released, withdrawn) =
            in_force_or_withdrawn(all.iter().find(|r| out.contains(&r.state.as_str())));
        Ok(DocumentSheet {
            id,
            title: title.clone(),
            scheme: loaded.scheme()?,
            language: loaded.document.language.clone(),
            scopes: rules::scopes(
                &loaded.nodes,
                &decided(&v.db, &v.organisation, &loaded.document.id).await?,
            ),
            layout: loaded.layout()?,
            blockers: in_the_way(&self.db, &v.organisation, &loaded, &hints, today).await?,
            draft: release_row(draft, title)?,
            released: released.map(|r| release_row(r, title)).transpose()?,
            withdrawn,
            unsaved: unsaved(&v.db, &v.organisation, &permit.user().to_string(), &loaded).await?,
            last: self.last_step(&v, &permit, &loaded).await?,
            nodes: loaded.nodes,
        })
    }

    async fn export(&self, permit: Permit, id: DocumentId) -> Result<String, DomainError> {
        markdown(self, &permit.organisation().to_string(), &id.to_string()).await
    }

    async fn create(&self, permit: Permit, cmd: NewDocument) -> Result<DocumentId, DomainError> {
        let (title, language) = (rules::title(&cmd.title)?, rules::language(&cmd.language)?);
        let tree = rules::from_catalogue(cmd.scheme, &title);
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let id = super::imports::store(&work, &title, &language, &tree).await?;
        work.commit(Fact::of(id).with("scheme", cmd.scheme.as_str())).await?;
        Ok(id)
    }

    async fn edit(&self, permit: Permit, cmd: EditDocument) -> Result<(), DomainError> {
        let (title, language) = (rules::title(&cmd.title)?, rules::language(&cmd.language)?);
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let document = cmd.id.to_string();
        let row = head(&work.txn, &work.organisation, &document).await?;
        let roles = decided(&work.txn, &work.organisation, &document).await?;
        let before = Framed { title: row.title.clone(), language: row.language.clone(), roles };
        work.note(&document, |s| s.framed = Some(before));
        let mut fact = Fact::of(cmd.id);
        for decided in &cmd.roles {
            fact = fact.with(decided.scope.as_str(), decided.role.map_or("undecided", |r| r.as_str()));
        }
        frame(&work, row, &Framed { title, language, roles: cmd.roles }).await?;
        super::releases::back_to_draft(&work, &document).await?;
        work.commit(fact).await
    }

    async fn edit_node(&self, permit: Permit, cmd: EditNode) -> Result<(), DomainError> {
        let (title, reason) = (rules::title(&cmd.title)?, rules::empty_reason(&cmd.empty_reason)?);
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let row = nodes::Entity::find_by_id((work.organisation.clone(), cmd.node.to_string()))
            .one(&work.txn)
            .await
            .map_err(internal)?
            .filter(|n| n.document_id == cmd.document.to_string() && n.measure_id.is_none())
            .ok_or(DomainError::NotFound)?;
        if row.title != cmd.was {
            return Err(DomainError::Stale);
        }
        let fact = Fact::of(cmd.node)
            .with("document", cmd.document)
            .with("empty", reason.is_some())
            .with("title_sha256", tomfolio_domain::canonical::sha256_hex(title.as_bytes()));
        let (node, before) = (cmd.node, (row.title.clone(), row.empty_reason.clone()));
        let renamed = Renamed { node, title: before.0, empty_reason: before.1, to: title.clone() };
        work.note(&cmd.document.to_string(), |s| s.renamed.push(renamed));
        let mut row = row.into_active_model();
        row.title = Set(title);
        row.empty_reason = Set(reason);
        row.update(&work.txn).await.map_err(internal)?;
        super::releases::back_to_draft(&work, &cmd.document.to_string()).await?;
        work.commit(fact).await
    }

    async fn undo(&self, permit: Permit, id: DocumentId, step: String) -> Result<(), DomainError> {
        self.take_back_step(permit, id, &step).await
    }

    async fn coverage(&self, permit: Permit, id: DocumentId) -> Result<Coverage, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &id.to_string()).await?;
        let placed: Vec<Placed> = rules::measures(&loaded.nodes)
            .iter()
            .filter_map(|n| n.measure.as_ref().map(|m| (n, m)))
            .map(|(n, m)| Placed {
                id: m.id,
                code: n.code.clone().unwrap_or_default(),
                goals: m.goals.clone(),
            })
            .collect();
        let language = loaded.document.language.as_str();
        let mut catalogues: Vec<_> =
            CatalogueCode::ALL.into_iter().map(|c| rules::covered(c, &placed, language)).collect();
        for list in super::titles::all(&v.db, &v.organisation).await? {
            match catalogues.iter_mut().find(|c| list.of.is_some() && c.catalogue == list.of) {
                Some(shipped) => titles::rename(&list, shipped),
                None => catalogues.push(titles::covered(&list, &placed)),
            }
        }
        Ok(Coverage {
            document: id,
            document_title: loaded.document.title.clone(),
            layout: loaded.layout()?,
            rows: rules::rows(&placed),
            catalogues,
            headings: rules::headings(&loaded.nodes),
        })
    }

    async fn lay_out(
        &self,
        permit: Permit,
        id: DocumentId,
        layout: Option<CatalogueCode>,
    ) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let document = id.to_string();
        let key = (work.organisation.clone(), document.clone());
        let row = documents::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
        let row = row.ok_or(DomainError::NotFound)?;
        let before = row.layout.clone();
        let mut row = row.into_active_model();
        super::layouts::settle(&work, &document, layout).await?;
        let code = layout.map_or("", |l| l.as_str());
        if before != code {
            work.note(&document, |s| s.layout = Some(before));
        }
        row.layout = Set(code.to_owned());
        row.update(&work.txn).await.map_err(internal)?;
        super::releases::back_to_draft(&work, &document).await?;
        work.commit(Fact::of(id).with("layout", code)).await
    }
}
