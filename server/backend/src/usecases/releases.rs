//! Releases: freeze, release by management, and the file once the job has made it.

use super::documents::{decided, load, release_row};
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, releases, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use tomfolio_domain::canonical;
use tomfolio_domain::documents::{blockers, scopes};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, ReleaseId};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::releases::{
    PdfFile, ReleaseRow, ReleaseService, ReleaseSheet, ReleaseState, Replaced, SCHEMA, Snapshot, Stage,
    compare, nodes_of, register,
};

/// The job that renders and seals.
pub const RENDER: &str = "render_release";

/// Begins the next draft of a document.
pub(super) async fn draft(work: &Work, document: &str, number: i64) -> Result<(), DomainError> {
    let row = releases::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        id: Set(crate::ids::release().to_string()),
        document_id: Set(document.to_owned()),
        number: Set(number),
        state: Set(ReleaseState::Draft.as_str().into()),
        stage: Set(Stage::None.as_str().into()),
        snapshot: Set(None),
        snapshot_sha256: Set(None),
        pdf_sha256: Set(None),
        released_at: Set(None),
        released_by: Set(None),
    };
    releases::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(())
}

/// What was asked to be released is no longer what stands here.
pub(super) async fn back_to_draft(work: &Work, document: &str) -> Result<(), DomainError> {
    use sea_orm::sea_query::Expr;
    releases::Entity::update_many()
        .col_expr(releases::Column::State, Expr::value(ReleaseState::Draft.as_str()))
        .col_expr(releases::Column::Stage, Expr::value(Stage::None.as_str()))
        .col_expr(releases::Column::Snapshot, Expr::value(Option::<String>::None))
        .col_expr(releases::Column::SnapshotSha256, Expr::value(Option::<String>::None))
        .filter(releases::Column::OrganisationId.eq(&work.organisation))
        .filter(releases::Column::DocumentId.eq(document))
        .filter(releases::Column::State.eq(ReleaseState::Ready.as_str()))
        .exec(&work.txn)
        .await
        .map_err(internal)?;
    Ok(())
}

async fn find(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: ReleaseId,
) -> Result<releases::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    releases::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

pub(super) async fn in_force(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<releases::Model>, DomainError> {
    releases::Entity::find()
        .filter(releases::Column::OrganisationId.eq(organisation))
        .filter(releases::Column::DocumentId.eq(document))
        .filter(releases::Column::State.eq(ReleaseState::Released.as_str()))
        .one(db)
        .await
        .map_err(internal)
}

pub(super) fn parse(snapshot: Option<&str>) -> Result<Snapshot, DomainError> {
    serde_json::from_str(snapshot.unwrap_or_default()).map_err(internal)
}

/// The snapshot that a document would give now.
async fn snapshot(
    db: &impl ConnectionTrait,
    organisation: &str,
    name: &str,
    document: &str,
    number: u32,
    as_of: String,
) -> Result<Snapshot, DomainError> {
    let loaded = load(db, organisation, document).await?;
    let nodes = nodes_of(&loaded.nodes, &|id| loaded.whole(id));
    let today = as_of.parse().unwrap_or_default();
    let evidence = register(&nodes, &super::evidence::rows(db, organisation, today, None).await?);
    let scopes = scopes(&loaded.nodes, &decided(db, organisation, document).await?);
    let before = in_force(db, organisation, document).await?;
    let (replaces, changes) = match &before {
        Some(r) => {
            let old = parse(r.snapshot.as_deref())?;
            let changes = compare(&old.nodes, &nodes);
            (
                Some(Replaced {
                    number: old.number,
                    as_of: old.as_of,
                    sha256: r.snapshot_sha256.clone().unwrap_or_default(),
                }),
                changes,
            )
        }
        None => (None, Vec::new()),
    };
    Ok(Snapshot {
        schema: SCHEMA.into(),
        organisation: name.to_owned(),
        document: document.to_owned(),
        title: loaded.document.title,
        scheme: loaded.document.scheme.parse()?,
        language: loaded.document.language,
        number,
        as_of,
        replaces,
        scopes,
        evidence,
        changes,
        nodes,
    })
}

impl Backend {
    async fn organisation_name(&self, db: &impl ConnectionTrait, id: &str) -> Result<String, DomainError> {
        let found = crate::db::entity::organisations::Entity::find_by_id(id.to_owned())
            .one(db)
            .await
            .map_err(internal)?;
        Ok(found.ok_or(DomainError::NotFound)?.name)
    }

    async fn title(&self, organisation: &str, document: &str) -> Result<String, DomainError> {
        let key = (organisation.to_owned(), document.to_owned());
        Ok(documents::Entity::find_by_id(key)
            .one(&self.db)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?
            .title)
    }
}

#[async_trait::async_trait]
impl ReleaseService for Backend {
    async fn list(&self, permit: Permit) -> Result<Vec<ReleaseRow>, DomainError> {
        let v = View::of(&self.db, &permit);
        let docs = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let rows = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(releases::Column::DocumentId)
            .order_by_desc(releases::Column::Number)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let title = |id: &str| docs.iter().find(|d| d.id == id).map(|d| d.title.as_str()).unwrap_or_default();
        rows.iter().map(|r| release_row(r, title(&r.document_id))).collect()
    }

    async fn find(&self, permit: Permit, id: ReleaseId) -> Result<ReleaseSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let r = find(&v.db, &v.organisation, id).await?;
        let title = self.title(&v.organisation, &r.document_id).await?;
        let row = release_row(&r, &title)?;
        let shown = match row.state {
            ReleaseState::Draft => {
                let name = self.organisation_name(&v.db, &v.organisation).await?;
                snapshot(&v.db, &v.organisation, &name, &r.document_id, row.number, String::new()).await?
            }
            ReleaseState::Ready | ReleaseState::Released | ReleaseState::Superseded => {
                parse(r.snapshot.as_deref())?
            }
        };
        Ok(ReleaseSheet { row, previous: shown.replaces.map(|r| r.number), changes: shown.changes })
    }

    async fn prepare(&self, permit: Permit, document: DocumentId) -> Result<ReleaseId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let org = work.organisation.clone();
        let loaded = load(&work.txn, &org, &document.to_string()).await?;
        if !blockers(&loaded.nodes, clock::day(work.now)).is_empty() {
            return Err(DomainError::Blocked);
        }
        let r = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&org))
            .filter(releases::Column::DocumentId.eq(document.to_string()))
            .filter(releases::Column::State.eq(ReleaseState::Draft.as_str()))
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::WrongState)?;
        let name = self.organisation_name(&work.txn, &org).await?;
        let number = u32::try_from(r.number).map_err(internal)?;
        let frozen =
            snapshot(&work.txn, &org, &name, &r.document_id, number, clock::day(work.now).to_string())
                .await?;
        let json = canonical::to_vec(&frozen).map_err(internal)?;
        let sha256 = canonical::sha256_hex(&json);
        let id: ReleaseId = r.id.parse()?;
        let mut row = r.into_active_model();
        row.state = Set(ReleaseState::Ready.as_str().into());
        row.snapshot = Set(Some(String::from_utf8(json).map_err(internal)?));
        row.snapshot_sha256 = Set(Some(sha256.clone()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("snapshot_sha256", sha256).with("number", number)).await?;
        Ok(id)
    }

    async fn release(&self, permit: Permit, id: ReleaseId, seen: String) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = find(&work.txn, &work.organisation, id).await?;
        if r.state != ReleaseState::Ready.as_str() {
            return Err(DomainError::WrongState);
        }
        if r.snapshot_sha256.as_deref() != Some(seen.as_str()) {
            return Err(DomainError::Stale);
        }
        if let Some(old) = in_force(&work.txn, &work.organisation, &r.document_id).await? {
            let mut row = old.into_active_model();
            row.state = Set(ReleaseState::Superseded.as_str().into());
            row.update(&work.txn).await.map_err(internal)?;
        }
        let who = users::Entity::find_by_id(work.user.clone())
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        let (document, number) = (r.document_id.clone(), r.number);
        let mut row = r.into_active_model();
        row.state = Set(ReleaseState::Released.as_str().into());
        row.stage = Set(Stage::Queued.as_str().into());
        row.released_at = Set(Some(work.now.as_microsecond()));
        row.released_by = Set(Some(who.name));
        row.update(&work.txn).await.map_err(internal)?;
        draft(&work, &document, number + 1).await?;
        work.commit(Fact::of(id).with("snapshot_sha256", seen).with("number", number).then(RENDER, id)).await
    }

    async fn pdf(&self, permit: Permit, id: ReleaseId) -> Result<PdfFile, DomainError> {
        let v = View::of(&self.db, &permit);
        let r = find(&v.db, &v.organisation, id).await?;
        let sha256 = r.pdf_sha256.ok_or(DomainError::WrongState)?;
        let bytes = self.blobs.get(&v.organisation, &sha256).await.map_err(internal)?;
        let title = self.title(&v.organisation, &r.document_id).await?;
        Ok(PdfFile { name: format!("{title}, Fassung {}.pdf", r.number), bytes })
    }

    async fn certificate(&self, permit: Permit) -> Result<String, DomainError> {
        let v = View::of(&self.db, &permit);
        let keys = super::seal_keys::certificates(&v.db, &v.organisation).await?;
        keys.into_iter().next().ok_or(DomainError::NotFound)
    }
}
