//! Import drafts: upload, judge each repair, take over. Old drafts are swept when a new one comes.

use super::beside::{against, take_lines};
use super::trees::{Rows, new_document};
use crate::Backend;
use crate::adapters::extract;
use crate::db::entity::{documents, import_drafts, measures, nodes};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, ImportId, OrganisationId};
use tomfolio_domain::import::changes::{self, Change, NodeKey};
use tomfolio_domain::import::{self, Imported, Node, RepairKey, Source};
use tomfolio_domain::imports::{ImportRefusal, ImportService, ImportSheet, KEPT, Verdict};
use tomfolio_domain::measures::{MeasureKind, Status, propose_kind};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::text;

fn keys(list: &str) -> Vec<RepairKey> {
    list.split_whitespace().filter_map(|k| k.parse().ok()).collect()
}

/// What the importer finds in a draft, before changes by hand.
fn found(d: &import_drafts::Model) -> Result<Imported, DomainError> {
    let listed = serde_json::from_str(&d.listed).map_err(internal)?;
    let source = Source { text: d.source.clone(), certain: d.certain != 0, listed };
    import::import_source(&source, &keys(&d.undone)).map_err(internal)
}

/// What was changed by hand.
fn made(d: &import_drafts::Model) -> Result<Vec<Change>, DomainError> {
    serde_json::from_str(&d.changes).map_err(internal)
}

fn joined(keys: &[RepairKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Whether an imported measure reads as technical or organisational; a table's column may say so itself.
fn kind_of(n: &Node) -> MeasureKind {
    let group = n.group.as_deref().unwrap_or_default().to_lowercase();
    if group.starts_with("technisch") || group.starts_with("technical") {
        return MeasureKind::Technical;
    }
    if group.starts_with("organisatorisch") || group.starts_with("organi") {
        return MeasureKind::Organisational;
    }
    propose_kind(n.label.as_deref().unwrap_or_default(), n.text.as_deref().unwrap_or_default())
}

/// Takes the imported tree apart, parents before children.
fn add(rows: &mut Rows, work: &Work, document: &str, parent: Option<&str>, list: &[Node]) {
    for n in list {
        let id = crate::ids::node().to_string();
        let measure_id = n.kind.is_leaf().then(|| crate::ids::measure().to_string());
        if let Some(m) = &measure_id {
            let row = measures::Model {
                organisation_id: work.organisation.clone(),
                id: m.clone(),
                document_id: document.to_owned(),
                label: n.label.clone().unwrap_or_default(),
                body: n.text.clone().unwrap_or_default(),
                owner: String::new(),
                status: Status::ToConfirm.as_str().into(),
                status_reason: String::new(),
                scope: n.scope.as_str().into(),
                revision: 1,
                gap_decided_by: None,
                gap_until: None,
                // The line in the tree proposes goals; a person sets them, perhaps while importing.
                goals: super::measures::goals_row(&n.goals),
                kind: kind_of(n).as_str().into(),
                further: "{}".into(),
            };
            rows.measure(work, row);
        }
        let row = nodes::Model {
            organisation_id: work.organisation.clone(),
            id: id.clone(),
            document_id: document.to_owned(),
            parent_id: parent.map(str::to_owned),
            position: rows.nodes.len() as i64,
            kind: n.kind.as_str().into(),
            title: n.title.clone().unwrap_or_default(),
            definition: n.definition.clone(),
            scope: n.scope.as_str().into(),
            empty_reason: None,
            measure_id,
            source_code: n.code.clone(),
            source_line: (n.line > 0).then(|| i64::from(n.line)),
            layout: String::new(),
        };
        rows.nodes.push(row.into_active_model());
        add(rows, work, document, Some(&id), &n.children);
    }
}

/// Stores a document with its tree and its first draft release.
pub(super) async fn store(
    work: &Work,
    title: &str,
    language: &str,
    found: &Imported,
) -> Result<DocumentId, DomainError> {
    let id = new_document(work, title, language, found.scheme).await?;
    let mut rows = Rows::default();
    add(&mut rows, work, &id.to_string(), None, &found.nodes);
    rows.insert(work).await?;
    Ok(id)
}

impl Backend {
    /// Takes a file over at once, as the command line does: no draft, every repair as the importer made it.
    pub async fn import_file(
        &self,
        organisation: OrganisationId,
        title: &str,
        bytes: &[u8],
    ) -> Result<DocumentId, ImportRefusal> {
        let source = self.extracted(bytes.to_vec()).await?;
        let found = import::import_source(&source, &[])?;
        let title = tomfolio_domain::documents::title(title)?;
        let now = self.clock.now();
        let work = Work::of_system(&self.db, organisation.to_string(), "imports/command_line", now).await?;
        let same = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&work.organisation))
            .filter(documents::Column::Title.eq(&title))
            .one(&work.txn)
            .await
            .map_err(internal)?;
        if same.is_some() {
            return Err(ImportRefusal::Refused(DomainError::WrongState));
        }
        let id = store(&work, &title, found.language(), &found).await?;
        let fact = Fact::of(id).with("leaves", found.leaves().len());
        work.commit(fact.with("source_sha256", sha256_hex(bytes))).await?;
        Ok(id)
    }

    /// The text of a file of any kind. Reading it takes time and may start a process: not where requests are answered.
    async fn extracted(&self, bytes: Vec<u8>) -> Result<Source, ImportRefusal> {
        let extractor = self.extractor.clone();
        let read = tokio::task::spawn_blocking(move || extract::read(&bytes, &extractor)).await;
        Ok(read.map_err(internal)??)
    }

    async fn import_draft(
        &self,
        organisation: &str,
        id: ImportId,
    ) -> Result<import_drafts::Model, DomainError> {
        let key = (organisation.to_owned(), id.to_string());
        let found = import_drafts::Entity::find_by_id(key).one(&self.db).await.map_err(internal)?;
        found.filter(|d| d.created_at >= self.oldest()).ok_or(DomainError::NotFound)
    }

    async fn keep_changes(
        &self,
        work: Work,
        d: import_drafts::Model,
        list: &[Change],
    ) -> Result<(), DomainError> {
        use sea_orm::ActiveModelTrait;
        let id = d.id.clone();
        let mut row = d.into_active_model();
        row.changes = Set(serde_json::to_string(list).map_err(internal)?);
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("changes", list.len())).await
    }

    fn oldest(&self) -> i64 {
        self.clock.now().saturating_sub(KEPT).map_or(0, |t| t.as_microsecond())
    }
}

#[async_trait::async_trait]
impl ImportService for Backend {
    async fn create(
        &self,
        permit: Permit,
        file_name: String,
        bytes: Vec<u8>,
    ) -> Result<ImportId, ImportRefusal> {
        let sha256 = sha256_hex(&bytes);
        let source = self.extracted(bytes).await?;
        let found = import::import_source(&source, &[])?;
        let name: String = file_name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(120)
            .collect();
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        import_drafts::Entity::delete_many()
            .filter(import_drafts::Column::OrganisationId.eq(&work.organisation))
            .filter(import_drafts::Column::CreatedAt.lt(self.oldest()))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        let id = crate::ids::import();
        let row = import_drafts::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(id.to_string()),
            file_name: Set(name),
            source: Set(source.text),
            certain: Set(i64::from(source.certain)),
            listed: Set(serde_json::to_string(&source.listed).map_err(internal)?),
            changes: Set("[]".into()),
            document_id: Set(None),
            confirmed: Set(String::new()),
            undone: Set(String::new()),
            created_at: Set(work.now.as_microsecond()),
        };
        import_drafts::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("source_sha256", sha256).with("nodes", found.node_count())).await?;
        Ok(id)
    }

    async fn find(&self, permit: Permit, id: ImportId) -> Result<ImportSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let d = self.import_draft(&v.organisation, id).await?;
        let undone = keys(&d.undone);
        let changes = made(&d)?;
        let (found, left_out) = changes::apply(found(&d)?, &changes);
        let against = match &d.document_id {
            Some(document) => against(&v.db, &v.organisation, document, &found).await?,
            None => None,
        };
        let documents = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(documents::Column::Title)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let documents = documents.into_iter().map(|d| Ok((d.id.parse()?, d.title)));
        Ok(ImportSheet {
            documents: documents.collect::<Result<_, DomainError>>()?,
            against,
            id,
            file_name: d.file_name,
            source: d.source.lines().map(str::to_owned).collect(),
            scheme: found.scheme,
            account: found.account(),
            found,
            confirmed: keys(&d.confirmed),
            undone,
            changes,
            left_out,
        })
    }

    async fn judge(
        &self,
        permit: Permit,
        id: ImportId,
        repair: Option<RepairKey>,
        verdict: Verdict,
    ) -> Result<(), DomainError> {
        use sea_orm::ActiveModelTrait;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        let (mut confirmed, mut undone) = (keys(&d.confirmed), keys(&d.undone));
        let all: Vec<RepairKey> = found(&d)?.repairs.iter().map(|r| r.key()).collect();
        let chosen = match repair {
            Some(key) => all.into_iter().filter(|k| *k == key).collect(),
            None => all.into_iter().filter(|k| !undone.contains(k)).collect::<Vec<_>>(),
        };
        if chosen.is_empty() && repair.is_some() {
            return Err(DomainError::NotFound);
        }
        for key in chosen {
            confirmed.retain(|k| *k != key);
            undone.retain(|k| *k != key);
            match verdict {
                Verdict::Confirm => confirmed.push(key),
                Verdict::Undo => undone.push(key),
            }
        }
        let mut row = d.into_active_model();
        row.confirmed = Set(joined(&confirmed));
        row.undone = Set(joined(&undone));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("confirmed", confirmed.len()).with("undone", undone.len())).await
    }

    async fn change(&self, permit: Permit, id: ImportId, change: Change) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        let mut list = made(&d)?;
        changes::add(found(&d)?, &list, &change).map_err(|why| DomainError::Change { why })?;
        list.push(change);
        self.keep_changes(work, d, &list).await
    }

    async fn take_back(&self, permit: Permit, id: ImportId) -> Result<NodeKey, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        let mut list = made(&d)?;
        let last = list.pop().ok_or(DomainError::WrongState)?;
        self.keep_changes(work, d, &list).await?;
        Ok(last.at)
    }

    async fn against(
        &self,
        permit: Permit,
        id: ImportId,
        document: Option<DocumentId>,
    ) -> Result<(), DomainError> {
        use sea_orm::ActiveModelTrait;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        if let Some(document) = document {
            let key = (work.organisation.clone(), document.to_string());
            documents::Entity::find_by_id(key)
                .one(&work.txn)
                .await
                .map_err(internal)?
                .ok_or(DomainError::NotFound)?;
        }
        let mut row = d.into_active_model();
        row.document_id = Set(document.map(|d| d.to_string()));
        row.update(&work.txn).await.map_err(internal)?;
        let chosen = document.map(|d| d.to_string()).unwrap_or_default();
        work.commit(Fact::of(id).with("document", chosen)).await
    }

    async fn merge(
        &self,
        permit: Permit,
        id: ImportId,
        marks: Vec<NodeKey>,
    ) -> Result<DocumentId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        let document = d.document_id.clone().ok_or(DomainError::WrongState)?;
        let (file, _) = changes::apply(found(&d)?, &made(&d)?);
        let sides =
            against(&work.txn, &work.organisation, &document, &file).await?.ok_or(DomainError::WrongState)?;
        if marks.is_empty() {
            return Err(DomainError::missing("marks"));
        }
        let (changed, added) =
            take_lines(&work, &document, &file, &sides.lines, &marks, &d.file_name).await?;
        if changed + added == 0 {
            return Err(DomainError::invalid("marks"));
        }
        import_drafts::Entity::delete_by_id((work.organisation.clone(), d.id))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        let fact = Fact::of(&document).with("import", id).with("changed", changed).with("added", added);
        work.commit(fact.with("source_sha256", sha256_hex(d.source.as_bytes()))).await?;
        document.parse()
    }

    async fn take(&self, permit: Permit, id: ImportId, title: String) -> Result<DocumentId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let d = self.import_draft(&work.organisation, id).await?;
        let (found, _) = changes::apply(found(&d)?, &made(&d)?);
        if found.nodes.is_empty() {
            return Err(DomainError::WrongState);
        }
        let given = [title.as_str(), found.title.as_str(), d.file_name.as_str(), "Dokument"];
        let title = given.into_iter().find(|t| !t.trim().is_empty()).unwrap_or("Dokument");
        let title = text::name(&title.chars().take(300).collect::<String>(), "title", 300)?;
        let document = store(&work, &title, found.language(), &found).await?;
        import_drafts::Entity::delete_by_id((work.organisation.clone(), d.id))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        let fact = Fact::of(document).with("import", id).with("leaves", found.leaves().len());
        work.commit(fact.with("source_sha256", sha256_hex(d.source.as_bytes()))).await?;
        Ok(document)
    }

    async fn discard(&self, permit: Permit, id: ImportId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        self.import_draft(&work.organisation, id).await?;
        import_drafts::Entity::delete_by_id((work.organisation.clone(), id.to_string()))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        work.commit(Fact::of(id).with("discarded", 1)).await
    }
}
