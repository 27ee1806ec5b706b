//! Releases: freeze, release by management, and the file once the job has made it.

use super::documents::{decided, in_the_way, load, release_row};
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, measure_revisions, measures, releases, sign_offs, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use std::collections::HashSet;
use tomfolio_domain::canonical;
use tomfolio_domain::documents::scopes;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, ReleaseId};
use tomfolio_domain::mails::MailKind;
use tomfolio_domain::measures::Status;
use tomfolio_domain::policy::{Action, Permit};
use tomfolio_domain::releases::{
    Content, Edition, Opinion, PdfFile, ReleaseRow, ReleaseService, ReleaseSheet, ReleaseState, Replaced,
    SCHEMA, SignOffRow, Snapshot, Stage, Statement, compare, nodes_of, opinion, register,
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
        stamped_at: Set(None),
        stamped_by: Set(String::new()),
        released_at: Set(None),
        released_by: Set(None),
        prepared_by: Set(None),
        withdrawn: Set(String::new()),
    };
    releases::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(())
}

/// Releases without their snapshots, which hold whole documents: for lines and heads.
pub(super) fn heads() -> Select<releases::Entity> {
    let columns = releases::Column::iter().filter(|c| !matches!(c, releases::Column::Snapshot));
    releases::Entity::find().select_only().columns(columns).expr_as(Expr::cust("NULL"), "snapshot")
}

/// The release of a document that is in review or approved.
pub(super) async fn waiting(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<releases::Model>, DomainError> {
    heads()
        .filter(releases::Column::OrganisationId.eq(organisation))
        .filter(releases::Column::DocumentId.eq(document))
        .filter(
            releases::Column::State.is_in([ReleaseState::InReview.as_str(), ReleaseState::Approved.as_str()]),
        )
        .one(db)
        .await
        .map_err(internal)
}

/// What was asked to be released is no longer what stands here: whoever signed it off signed something else.
pub(super) async fn back_to_draft(work: &Work, document: &str) -> Result<(), DomainError> {
    let waiting = waiting(&work.txn, &work.organisation, document).await?;
    let Some(r) = waiting else { return Ok(()) };
    void(work, &r.id, None).await?;
    releases::Entity::update_many()
        .col_expr(releases::Column::State, Expr::value(ReleaseState::Draft.as_str()))
        .col_expr(releases::Column::Stage, Expr::value(Stage::None.as_str()))
        .col_expr(releases::Column::Snapshot, Expr::value(Option::<String>::None))
        .col_expr(releases::Column::SnapshotSha256, Expr::value(Option::<String>::None))
        .filter(releases::Column::OrganisationId.eq(&work.organisation))
        .filter(releases::Column::Id.eq(&r.id))
        .exec(&work.txn)
        .await
        .map_err(internal)?;
    Ok(())
}

/// Makes sign-offs of a release void; all of them, or those of one kind.
async fn void(work: &Work, release: &str, only: Option<[Statement; 2]>) -> Result<(), DomainError> {
    sign_offs::Entity::update_many()
        .col_expr(sign_offs::Column::VoidedAt, Expr::value(work.now.as_microsecond()))
        .filter(sign_offs::Column::OrganisationId.eq(&work.organisation))
        .filter(sign_offs::Column::ReleaseId.eq(release))
        .filter(sign_offs::Column::VoidedAt.is_null())
        .apply_if(only, |q, kinds| q.filter(sign_offs::Column::Statement.is_in(kinds.map(Statement::as_str))))
        .exec(&work.txn)
        .await
        .map_err(internal)?;
    Ok(())
}

/// The person of this write answers for what the hash names.
async fn sign(
    work: &Work,
    release: ReleaseId,
    statement: Statement,
    note: String,
    sha256: String,
) -> Result<String, DomainError> {
    let who = users::Entity::find_by_id(work.user.clone())
        .one(&work.txn)
        .await
        .map_err(internal)?
        .ok_or(DomainError::NotFound)?;
    let row = sign_offs::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        id: Set(crate::ids::entry()),
        release_id: Set(release.to_string()),
        statement: Set(statement.as_str().into()),
        user_id: Set(work.user.clone()),
        name: Set(who.name.clone()),
        note: Set(note),
        sha256: Set(sha256),
        at: Set(work.now.as_microsecond()),
        voided_at: Set(None),
    };
    sign_offs::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(who.name)
}

/// All sign-offs of a release in the order in which they were given, void ones too.
pub(crate) async fn sign_offs(
    db: &impl ConnectionTrait,
    organisation: &str,
    release: &str,
) -> Result<Vec<SignOffRow>, DomainError> {
    let rows = sign_offs::Entity::find()
        .filter(sign_offs::Column::OrganisationId.eq(organisation))
        .filter(sign_offs::Column::ReleaseId.eq(release))
        .order_by_asc(sign_offs::Column::At)
        .order_by_asc(sign_offs::Column::Id)
        .all(db)
        .await
        .map_err(internal)?;
    rows.into_iter()
        .map(|s| {
            Ok(SignOffRow {
                statement: s.statement.parse()?,
                name: s.name,
                note: s.note,
                at: clock::shown(s.at),
                sha256: s.sha256,
                voided_at: s.voided_at.map(clock::shown),
            })
        })
        .collect()
}

/// A frozen release in a state, if it still is what somebody saw.
async fn as_seen(
    work: &Work,
    id: ReleaseId,
    state: ReleaseState,
    seen: &str,
) -> Result<releases::Model, DomainError> {
    let r = find(&work.txn, &work.organisation, id).await?;
    if r.state != state.as_str() {
        return Err(DomainError::WrongState);
    }
    if r.snapshot_sha256.as_deref() != Some(seen) {
        return Err(DomainError::Stale);
    }
    Ok(r)
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

/// The release that was in force last, even if it was withdrawn: what comes next is compared with it.
/// `of` says how much of it is read: the whole (`releases::Entity::find()`), or its head.
async fn last_out(
    db: &impl ConnectionTrait,
    of: Select<releases::Entity>,
    organisation: &str,
    document: &str,
) -> Result<Option<releases::Model>, DomainError> {
    let out = [ReleaseState::Released, ReleaseState::Superseded, ReleaseState::Withdrawn];
    of.filter(releases::Column::OrganisationId.eq(organisation))
        .filter(releases::Column::DocumentId.eq(document))
        .filter(releases::Column::State.is_in(out.map(ReleaseState::as_str)))
        .order_by_desc(releases::Column::Number)
        .limit(1)
        .one(db)
        .await
        .map_err(internal)
}

/// Whether somebody asked for a release, or wrote something of its measures since the release before: four eyes are two people,
/// and who wrote a text does not approve it.
async fn own(
    db: &impl ConnectionTrait,
    organisation: &str,
    r: &releases::Model,
    user: &str,
) -> Result<bool, DomainError> {
    if r.prepared_by.as_deref() == Some(user) {
        return Ok(true);
    }
    let before = last_out(db, heads(), organisation, &r.document_id).await?.and_then(|b| b.released_at);
    let of_document = measures::Entity::find()
        .select_only()
        .column(measures::Column::Id)
        .filter(measures::Column::OrganisationId.eq(organisation))
        .filter(measures::Column::DocumentId.eq(&r.document_id))
        .into_query();
    let written = measure_revisions::Entity::find()
        .filter(measure_revisions::Column::OrganisationId.eq(organisation))
        .filter(measure_revisions::Column::Author.eq(user))
        .filter(measure_revisions::Column::At.gt(before.unwrap_or(0)))
        .filter(measure_revisions::Column::MeasureId.in_subquery(of_document))
        .one(db)
        .await
        .map_err(internal)?;
    Ok(written.is_some())
}

pub(super) fn parse(snapshot: Option<&str>) -> Result<Snapshot, DomainError> {
    serde_json::from_str(snapshot.unwrap_or_default()).map_err(internal)
}

/// Measures that are in force and for the house only: what a release no longer says of them is not given up.
pub(super) async fn withheld(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<HashSet<String>, DomainError> {
    let ids: Vec<String> = measures::Entity::find()
        .filter(measures::Column::OrganisationId.eq(organisation))
        .filter(measures::Column::Status.ne(Status::Retired.as_str()))
        .filter(super::measures::says_further())
        .filter(measures::Column::Further.contains("\"audience\":\"internal\""))
        .select_only()
        .column(measures::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .map_err(internal)?;
    Ok(ids.into_iter().collect())
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
    let scheme = loaded.scheme()?;
    let nodes = nodes_of(&loaded.nodes, &|id| loaded.whole(id), Edition::Customer);
    let today = as_of.parse().unwrap_or_default();
    let evidence = register(&nodes, &super::evidence::rows(db, organisation, today, None).await?);
    let scopes = scopes(&loaded.nodes, &decided(db, organisation, document).await?);
    let before = last_out(db, releases::Entity::find(), organisation, document).await?;
    let (replaces, changes) = match &before {
        Some(r) => {
            let old = parse(r.snapshot.as_deref())?;
            let internal = withheld(db, organisation).await?;
            let changes = compare(&old.nodes, &nodes, &internal);
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
        scheme,
        language: loaded.document.language,
        number,
        as_of,
        replaces,
        reviewed: super::reviews::reviewed(db, organisation, document).await?,
        scopes,
        evidence,
        changes,
        nodes,
    })
}

impl Backend {
    pub(super) async fn organisation_name(
        &self,
        db: &impl ConnectionTrait,
        id: &str,
    ) -> Result<String, DomainError> {
        let found = crate::db::entity::organisations::Entity::find_by_id(id.to_owned())
            .one(db)
            .await
            .map_err(internal)?;
        Ok(found.ok_or(DomainError::NotFound)?.name)
    }

    pub(super) async fn title(&self, organisation: &str, document: &str) -> Result<String, DomainError> {
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
        let rows = heads()
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
            ReleaseState::InReview
            | ReleaseState::Approved
            | ReleaseState::Released
            | ReleaseState::Superseded
            | ReleaseState::Withdrawn => parse(r.snapshot.as_deref())?,
        };
        let frozen = row.state != ReleaseState::Draft;
        let prepared_by = match &r.prepared_by {
            Some(user) => {
                users::Entity::find_by_id(user.clone()).one(&v.db).await.map_err(internal)?.map(|u| u.name)
            }
            None => None,
        };
        Ok(ReleaseSheet {
            row,
            previous: shown.replaces.map(|r| r.number),
            changes: shown.changes,
            sign_offs: sign_offs(&v.db, &v.organisation, &r.id).await?,
            prepared_by,
            own: own(&v.db, &v.organisation, &r, &permit.user().to_string()).await?,
            content: frozen.then_some(Content {
                scopes: shown.scopes,
                nodes: shown.nodes,
                evidence: shown.evidence,
            }),
            withdrawn: r.withdrawn,
        })
    }

    async fn prepare(&self, permit: Permit, document: DocumentId) -> Result<ReleaseId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let org = work.organisation.clone();
        let loaded = load(&work.txn, &org, &document.to_string()).await?;
        let hints = self.hints_of(&work.txn, &org, &loaded).await?;
        if !in_the_way(&work.txn, &org, &loaded, &hints, clock::day(work.now)).await?.is_empty() {
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
        row.state = Set(ReleaseState::InReview.as_str().into());
        row.prepared_by = Set(Some(work.user.clone()));
        row.snapshot = Set(Some(String::from_utf8(json).map_err(internal)?));
        row.snapshot_sha256 = Set(Some(sha256.clone()));
        row.update(&work.txn).await.map_err(internal)?;
        let dpos = super::mails::who_may(&work.txn, &org, Action::Opine).await?;
        let others = dpos.into_iter().filter(|d| *d != work.user);
        let fact = Fact::of(id).with("snapshot_sha256", &sha256).with("number", number);
        let fact = fact.tell(others, MailKind::OpinionWanted, id, sha256);
        work.commit(fact).await?;
        Ok(id)
    }

    async fn opine(&self, permit: Permit, id: ReleaseId, asked: Opinion) -> Result<(), DomainError> {
        let asked = opinion(asked)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        as_seen(&work, id, ReleaseState::InReview, &asked.seen).await?;
        let statement = if asked.agrees { Statement::Agrees } else { Statement::Dissents };
        // One opinion counts: a new one takes the place of the one before.
        void(&work, &id.to_string(), Some([Statement::Agrees, Statement::Dissents])).await?;
        sign(&work, id, statement, asked.note, asked.seen.clone()).await?;
        let management = super::mails::who_may(&work.txn, &work.organisation, Action::Approve).await?;
        let fact = Fact::of(id).with("snapshot_sha256", &asked.seen).with("statement", statement);
        work.commit(fact.tell(management, MailKind::ApprovalWanted, id, asked.seen)).await
    }

    async fn approve(&self, permit: Permit, id: ReleaseId, seen: String) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = as_seen(&work, id, ReleaseState::InReview, &seen).await?;
        if own(&work.txn, &work.organisation, &r, &work.user).await? {
            return Err(DomainError::SamePerson);
        }
        let given = sign_offs(&work.txn, &work.organisation, &r.id).await?;
        let is_opinion = |s: Statement| matches!(s, Statement::Agrees | Statement::Dissents);
        if !given.iter().any(|s| is_opinion(s.statement) && s.voided_at.is_none() && s.sha256 == seen) {
            return Err(DomainError::OpinionMissing);
        }
        // Roles change; who gave the opinion on this content does not approve it either.
        let own = sign_offs::Entity::find()
            .filter(sign_offs::Column::OrganisationId.eq(&work.organisation))
            .filter(sign_offs::Column::ReleaseId.eq(&r.id))
            .filter(sign_offs::Column::UserId.eq(&work.user))
            .filter(sign_offs::Column::VoidedAt.is_null())
            .one(&work.txn)
            .await
            .map_err(internal)?;
        if own.is_some() {
            return Err(DomainError::SamePerson);
        }
        sign(&work, id, Statement::Approved, String::new(), seen.clone()).await?;
        let mut row = r.into_active_model();
        row.state = Set(ReleaseState::Approved.as_str().into());
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("snapshot_sha256", seen).with("statement", Statement::Approved)).await
    }

    async fn release(&self, permit: Permit, id: ReleaseId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = find(&work.txn, &work.organisation, id).await?;
        if r.state != ReleaseState::Approved.as_str() {
            return Err(DomainError::WrongState);
        }
        // What was found after the approval holds it back as well.
        if !super::findings::blocking(&work.txn, &work.organisation, &r.document_id).await?.is_empty() {
            return Err(DomainError::Blocked);
        }
        let sha256 = r.snapshot_sha256.clone().unwrap_or_default();
        if let Some(old) = in_force(&work.txn, &work.organisation, &r.document_id).await? {
            let mut row = old.into_active_model();
            row.state = Set(ReleaseState::Superseded.as_str().into());
            row.update(&work.txn).await.map_err(internal)?;
        }
        let who = sign(&work, id, Statement::Released, String::new(), sha256.clone()).await?;
        let (document, number) = (r.document_id.clone(), r.number);
        let mut row = r.into_active_model();
        row.state = Set(ReleaseState::Released.as_str().into());
        row.stage = Set(Stage::Queued.as_str().into());
        row.released_at = Set(Some(work.now.as_microsecond()));
        row.released_by = Set(Some(who));
        row.update(&work.txn).await.map_err(internal)?;
        draft(&work, &document, number + 1).await?;
        work.commit(Fact::of(id).with("snapshot_sha256", sha256).with("number", number).then(RENDER, id))
            .await
    }

    async fn withdraw(&self, permit: Permit, id: ReleaseId, reason: String) -> Result<(), DomainError> {
        let reason = tomfolio_domain::text::reason(&reason, "reason", 4_000)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = find(&work.txn, &work.organisation, id).await?;
        if r.state != ReleaseState::Released.as_str() {
            return Err(DomainError::WrongState);
        }
        let mut row = r.into_active_model();
        row.state = Set(ReleaseState::Withdrawn.as_str().into());
        row.withdrawn = Set(reason);
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("state", ReleaseState::Withdrawn)).await
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
