//! Evidence: list, sheet, add with a received file, new versions, what it proves. The order of writes is an intent, the file,
//! the row: a killed process leaves at most a file that an intent explains.

use super::blobs::Kept;
use super::documents::load;
use crate::Backend;
use crate::adapters::filetype;
use crate::adapters::storage::Spooled;
use crate::clock;
use crate::db::entity::{blobs, documents, evidence, evidence_measures, evidence_versions, measures, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use std::collections::HashMap;
use tomfolio_domain::documents::{NodeView, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::evidence::{
    self as rules, EditEvidence, EvidenceRow, EvidenceService, EvidenceSheet, Facts, Freshness, NewEvidence,
    Proved, Version, VersionFacts, freshness, worst,
};
use tomfolio_domain::ids::{EvidenceId, MeasureId};
use tomfolio_domain::measures::{Status, heading};
use tomfolio_domain::policy::Permit;

async fn find(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: EvidenceId,
) -> Result<evidence::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    evidence::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

async fn measure(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: MeasureId,
) -> Result<measures::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    measures::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

/// All versions of some evidence, newest first.
async fn versions(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: Option<EvidenceId>,
) -> Result<Vec<evidence_versions::Model>, DomainError> {
    let mut query =
        evidence_versions::Entity::find().filter(evidence_versions::Column::OrganisationId.eq(organisation));
    if let Some(id) = id {
        query = query.filter(evidence_versions::Column::EvidenceId.eq(id.to_string()));
    }
    query.order_by_desc(evidence_versions::Column::Number).all(db).await.map_err(internal)
}

async fn links(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<Vec<evidence_measures::Model>, DomainError> {
    evidence_measures::Entity::find()
        .filter(evidence_measures::Column::OrganisationId.eq(organisation))
        .all(db)
        .await
        .map_err(internal)
}

fn date(text: &Option<String>) -> Result<Option<jiff::civil::Date>, DomainError> {
    text.as_deref().map(|d| d.parse().map_err(internal)).transpose()
}

fn facts(row: &evidence::Model) -> Result<Facts, DomainError> {
    Ok(Facts {
        title: row.title.clone(),
        kind: row.kind.parse()?,
        proves: row.proves.clone(),
        audience: row.audience.parse()?,
    })
}

/// Evidence lines of an organisation, each with its newest version, what ends first above.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: jiff::civil::Date,
    only: Option<Vec<String>>,
) -> Result<Vec<(EvidenceRow, Vec<String>)>, DomainError> {
    let all = evidence::Entity::find()
        .filter(evidence::Column::OrganisationId.eq(organisation))
        .apply_if(only, |query, ids| query.filter(evidence::Column::Id.is_in(ids)))
        .all(db)
        .await
        .map_err(internal)?;
    let mut newest: HashMap<String, evidence_versions::Model> = HashMap::new();
    for v in versions(db, organisation, None).await? {
        newest.entry(v.evidence_id.clone()).or_insert(v);
    }
    let mut proves: HashMap<String, Vec<String>> = HashMap::new();
    for link in links(db, organisation).await? {
        proves.entry(link.evidence_id).or_default().push(link.measure_id);
    }
    let mut out = Vec::with_capacity(all.len());
    for e in all {
        let Some(v) = newest.get(&e.id) else { continue };
        let (facts, until) = (facts(&e)?, date(&v.valid_until)?);
        let measures = proves.remove(&e.id).unwrap_or_default();
        let row = EvidenceRow {
            id: e.id.parse()?,
            title: facts.title,
            kind: facts.kind,
            audience: facts.audience,
            issuer: v.issuer.clone(),
            valid_until: until,
            freshness: freshness(date(&v.valid_from)?, until, today),
            sha256: v.sha256.clone(),
            version: u32::try_from(v.number).map_err(internal)?,
            measures: measures.len() as u32,
        };
        out.push((row, measures));
    }
    out.sort_by(|(a, _), (b, _)| {
        let key = |r: &EvidenceRow| (r.valid_until.is_none(), r.valid_until, r.title.clone());
        key(a).cmp(&key(b))
    });
    Ok(out)
}

/// The evidence of an organisation by the measure that it proves.
pub(super) async fn by_measure(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: jiff::civil::Date,
) -> Result<HashMap<String, Vec<EvidenceRow>>, DomainError> {
    let mut out: HashMap<String, Vec<EvidenceRow>> = HashMap::new();
    for (e, measures) in rows(db, organisation, today, None).await? {
        for m in measures {
            out.entry(m).or_default().push(e.clone());
        }
    }
    Ok(out)
}

/// The evidence of one measure.
pub(super) async fn of_measure(
    db: &impl ConnectionTrait,
    organisation: &str,
    measure: &str,
    today: jiff::civil::Date,
) -> Result<Vec<EvidenceRow>, DomainError> {
    let linked: Vec<String> = evidence_measures::Entity::find()
        .filter(evidence_measures::Column::OrganisationId.eq(organisation))
        .filter(evidence_measures::Column::MeasureId.eq(measure))
        .all(db)
        .await
        .map_err(internal)?
        .into_iter()
        .map(|l| l.evidence_id)
        .collect();
    if linked.is_empty() {
        return Ok(Vec::new());
    }
    let all = rows(db, organisation, today, Some(linked)).await?;
    Ok(all.into_iter().map(|(row, _)| row).collect())
}

/// Tells each measure of a document how much evidence it has, and how fresh the worst of it is. Two queries.
pub(super) async fn tell(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
    nodes: &mut [NodeView],
    today: jiff::civil::Date,
) -> Result<(), DomainError> {
    let of_document = measures::Entity::find()
        .select_only()
        .column(measures::Column::Id)
        .filter(measures::Column::OrganisationId.eq(organisation))
        .filter(measures::Column::DocumentId.eq(document))
        .into_query();
    let links = evidence_measures::Entity::find()
        .filter(evidence_measures::Column::OrganisationId.eq(organisation))
        .filter(evidence_measures::Column::MeasureId.in_subquery(of_document))
        .all(db)
        .await
        .map_err(internal)?;
    if links.is_empty() {
        return Ok(());
    }
    let mut fresh: HashMap<String, Freshness> = HashMap::new();
    for v in versions(db, organisation, None).await? {
        let held = freshness(date(&v.valid_from)?, date(&v.valid_until)?, today);
        // Newest first: the first one of an evidence is the one that counts.
        fresh.entry(v.evidence_id).or_insert(held);
    }
    let mut of: HashMap<String, Vec<Freshness>> = HashMap::new();
    for link in links {
        if let Some(f) = fresh.get(&link.evidence_id) {
            of.entry(link.measure_id).or_default().push(*f);
        }
    }
    fn mark(nodes: &mut [NodeView], of: &HashMap<String, Vec<Freshness>>) {
        for n in nodes {
            if let Some(m) = &mut n.measure
                && let Some(all) = of.get(&m.id.to_string())
            {
                m.evidence = all.len() as u32;
                m.freshness = worst(all.iter().copied());
            }
            mark(&mut n.children, of);
        }
    }
    mark(nodes, &of);
    Ok(())
}

impl Backend {
    /// A new evidence with its received file.
    pub async fn add_evidence(
        &self,
        permit: Permit,
        cmd: NewEvidence,
        file_name: &str,
        file: Spooled,
    ) -> Result<EvidenceId, DomainError> {
        let (facts, version) = (rules::facts(&cmd.facts)?, rules::version(&cmd.version)?);
        let organisation = permit.organisation().to_string();
        if let Some(m) = cmd.measure {
            measure(&self.db, &organisation, m).await?;
        }
        let received = self.receive(&organisation, file).await?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let id = crate::ids::evidence();
        let row = evidence::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(id.to_string()),
            title: Set(facts.title),
            kind: Set(facts.kind.as_str().into()),
            proves: Set(facts.proves),
            audience: Set(facts.audience.as_str().into()),
            created_at: Set(work.now.as_microsecond()),
        };
        evidence::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
        store_version(&work, id, 1, &version, file_name, &received).await?;
        if let Some(m) = cmd.measure {
            connect(&work, id, m).await?;
        }
        work.commit(Fact::of(id).with("sha256", &received.sha256).with("version", 1)).await?;
        Ok(id)
    }

    /// A new file for an evidence; the older ones stay.
    pub async fn add_evidence_version(
        &self,
        permit: Permit,
        id: EvidenceId,
        cmd: VersionFacts,
        file_name: &str,
        file: Spooled,
    ) -> Result<(), DomainError> {
        let version = rules::version(&cmd)?;
        let organisation = permit.organisation().to_string();
        find(&self.db, &organisation, id).await?;
        let received = self.receive(&organisation, file).await?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let last = versions(&work.txn, &work.organisation, Some(id)).await?;
        let number = last.first().map_or(0, |v| v.number) + 1;
        store_version(&work, id, number, &version, file_name, &received).await?;
        work.commit(Fact::of(id).with("sha256", &received.sha256).with("version", number)).await
    }

    /// An evidence's file, to be handed out: name, type, size and an open file.
    pub async fn evidence_file(
        &self,
        permit: Permit,
        id: EvidenceId,
        number: u32,
    ) -> Result<(Version, tokio::fs::File), DomainError> {
        let v = View::of(&self.db, &permit);
        let all = versions(&v.db, &v.organisation, Some(id)).await?;
        let row = all.into_iter().find(|r| r.number == i64::from(number)).ok_or(DomainError::NotFound)?;
        let file = self.blobs.open(&v.organisation, &row.sha256).await.map_err(internal)?;
        let version = self.shown_version(&v, &row).await?;
        Ok((version, file))
    }

    async fn shown_version(&self, v: &View, row: &evidence_versions::Model) -> Result<Version, DomainError> {
        let key = (v.organisation.clone(), row.sha256.clone());
        let blob = blobs::Entity::find_by_id(key).one(&v.db).await.map_err(internal)?;
        let by = users::Entity::find_by_id(row.uploaded_by.clone()).one(&v.db).await.map_err(internal)?;
        Ok(Version {
            number: u32::try_from(row.number).map_err(internal)?,
            sha256: row.sha256.clone(),
            size: blob.map_or(0, |b| b.size.unsigned_abs()),
            mime: row.mime.clone(),
            file_name: row.file_name.clone(),
            issuer: row.issuer.clone(),
            valid_from: date(&row.valid_from)?,
            valid_until: date(&row.valid_until)?,
            undated_reason: row.undated_reason.clone(),
            uploaded_by: by.map(|u| u.name).unwrap_or_default(),
            uploaded_at: clock::shown(row.uploaded_at),
        })
    }
}

async fn store_version(
    work: &Work,
    id: EvidenceId,
    number: i64,
    facts: &VersionFacts,
    file_name: &str,
    file: &Kept,
) -> Result<(), DomainError> {
    file.known(work).await?;
    let row = evidence_versions::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        evidence_id: Set(id.to_string()),
        number: Set(number),
        sha256: Set(file.sha256.clone()),
        mime: Set(file.mime.into()),
        file_name: Set(filetype::named(&tomfolio_domain::text::file_name(file_name), file.mime)),
        issuer: Set(facts.issuer.clone()),
        valid_from: Set(facts.valid_from.map(|d| d.to_string())),
        valid_until: Set(facts.valid_until.map(|d| d.to_string())),
        undated_reason: Set(facts.undated_reason.clone()),
        uploaded_by: Set(work.user.clone()),
        uploaded_at: Set(work.now.as_microsecond()),
    };
    evidence_versions::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(())
}

async fn connect(work: &Work, id: EvidenceId, measure: MeasureId) -> Result<(), DomainError> {
    let row = evidence_measures::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        evidence_id: Set(id.to_string()),
        measure_id: Set(measure.to_string()),
    };
    use evidence_measures::Column as C;
    evidence_measures::Entity::insert(row)
        .on_conflict_do_nothing_on([C::OrganisationId, C::EvidenceId, C::MeasureId])
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    Ok(())
}

#[async_trait::async_trait]
impl EvidenceService for Backend {
    async fn list(&self, permit: Permit) -> Result<Vec<EvidenceRow>, DomainError> {
        let v = View::of(&self.db, &permit);
        let rows = rows(&v.db, &v.organisation, clock::day(self.clock.now()), None).await?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    async fn find(&self, permit: Permit, id: EvidenceId) -> Result<EvidenceSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let facts = facts(&find(&v.db, &v.organisation, id).await?)?;
        let mut shown = Vec::new();
        for row in versions(&v.db, &v.organisation, Some(id)).await? {
            shown.push(self.shown_version(&v, &row).await?);
        }
        let linked: Vec<String> = links(&v.db, &v.organisation)
            .await?
            .into_iter()
            .filter(|l| l.evidence_id == id.to_string())
            .map(|l| l.measure_id)
            .collect();
        let (proves, candidates) = self.proved_and_not(&v, &linked).await?;
        let newest = shown.first();
        let today = clock::day(self.clock.now());
        let fresh =
            newest.map_or(freshness(None, None, today), |n| freshness(n.valid_from, n.valid_until, today));
        Ok(EvidenceSheet { id, facts, freshness: fresh, versions: shown, proves, candidates })
    }

    async fn edit(&self, permit: Permit, cmd: EditEvidence) -> Result<(), DomainError> {
        let facts = rules::facts(&cmd.facts)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let mut row = find(&work.txn, &work.organisation, cmd.id).await?.into_active_model();
        row.title = Set(facts.title);
        row.kind = Set(facts.kind.as_str().into());
        row.proves = Set(facts.proves);
        row.audience = Set(facts.audience.as_str().into());
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(cmd.id).with("audience", facts.audience)).await
    }

    async fn link(&self, permit: Permit, id: EvidenceId, m: MeasureId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        find(&work.txn, &work.organisation, id).await?;
        measure(&work.txn, &work.organisation, m).await?;
        connect(&work, id, m).await?;
        work.commit(Fact::of(id).with("links", m)).await
    }

    async fn unlink(&self, permit: Permit, id: EvidenceId, m: MeasureId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        find(&work.txn, &work.organisation, id).await?;
        let key = (work.organisation.clone(), id.to_string(), m.to_string());
        let gone = evidence_measures::Entity::delete_by_id(key).exec(&work.txn).await.map_err(internal)?;
        if gone.rows_affected == 0 {
            return Err(DomainError::NotFound);
        }
        work.commit(Fact::of(id).with("unlinks", m)).await
    }
}

impl Backend {
    /// The measures of an organisation that some evidence proves, and those that it does not.
    async fn proved_and_not(
        &self,
        v: &View,
        linked: &[String],
    ) -> Result<(Vec<Proved>, Vec<(MeasureId, String)>), DomainError> {
        let docs = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(documents::Column::Title)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let (mut proves, mut candidates) = (Vec::new(), Vec::new());
        for d in docs {
            let loaded = load(&v.db, &v.organisation, &d.id).await?;
            walk(&loaded.nodes, &mut |n| {
                let Some(m) = &n.measure else { return };
                let name = heading(&m.label, &m.text);
                if linked.contains(&m.id.to_string()) {
                    proves.push(Proved {
                        measure: m.id,
                        code: n.code.clone(),
                        heading: name,
                        document_title: d.title.clone(),
                    });
                } else if m.status != Status::Retired {
                    let code = n.code.clone().unwrap_or_default();
                    candidates.push((m.id, format!("{}: {code} {name}", d.title)));
                }
            });
        }
        Ok((proves, candidates))
    }
}
