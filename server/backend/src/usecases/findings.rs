//! Findings: born when a review is approved, mended, tested again by somebody else.

use crate::Backend;
use crate::clock;
use crate::db::entity::{findings, reviews, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use tomfolio_domain::documents::Blocker;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::findings::{self as rules, FindingRow, FindingService, FindingState};
use tomfolio_domain::ids::FindingId;
use tomfolio_domain::policy::Permit;
use tomfolio_domain::reviews::{EarlierFinding, Grade, Judged, Record, Verdict};

async fn find(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: FindingId,
) -> Result<findings::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    findings::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

async fn of_document(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Vec<findings::Model>, DomainError> {
    findings::Entity::find()
        .filter(findings::Column::OrganisationId.eq(organisation))
        .filter(findings::Column::DocumentId.eq(document))
        .order_by_asc(findings::Column::Due)
        .all(db)
        .await
        .map_err(internal)
}

/// What an approved record found; returns how many.
pub(super) async fn found(work: &Work, r: &reviews::Model, record: &Record) -> Result<usize, DomainError> {
    let mut rows = Vec::new();
    for result in &record.results {
        let Judged::Verdict(Verdict { finding: Some(f), .. }) = &result.judged else { continue };
        rows.push(findings::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(crate::ids::finding().to_string()),
            document_id: Set(r.document_id.clone()),
            review_id: Set(r.id.clone()),
            measure_id: Set(result.subject.measure.to_string()),
            code: Set(result.subject.code.clone()),
            subject: Set(result.subject.heading.clone()),
            grade: Set(f.grade.as_str().into()),
            body: Set(f.text.clone()),
            owner: Set(f.owner.clone()),
            due: Set(f.due.to_string()),
            state: Set(FindingState::Open.as_str().into()),
            note: Set(String::new()),
            mended_by: Set(None),
            mended_at: Set(None),
            verdict: Set(String::new()),
            verified_by: Set(None),
            verified_at: Set(None),
        });
    }
    let n = rows.len();
    if n > 0 {
        findings::Entity::insert_many(rows).exec_without_returning(&work.txn).await.map_err(internal)?;
    }
    Ok(n)
}

/// Findings of a document's reviews so far.
pub(super) async fn earlier(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Vec<EarlierFinding>, DomainError> {
    of_document(db, organisation, document)
        .await?
        .into_iter()
        .map(|f| {
            Ok(EarlierFinding {
                grade: f.grade.parse()?,
                text: f.body,
                owner: f.owner,
                due: f.due.parse().map_err(internal)?,
                state: f.state.parse()?,
            })
        })
        .collect()
}

/// Findings that hold a document's release back.
pub(super) async fn blocking(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Vec<Blocker>, DomainError> {
    let mut out = Vec::new();
    for f in of_document(db, organisation, document).await? {
        if rules::blocks(f.grade.parse::<Grade>()?, f.state.parse()?) {
            out.push(Blocker::CriticalFinding { code: f.code, label: f.body });
        }
    }
    Ok(out)
}

#[async_trait::async_trait]
impl FindingService for Backend {
    async fn list(&self, permit: Permit) -> Result<Vec<FindingRow>, DomainError> {
        let v = View::of(&self.db, &permit);
        let all = findings::Entity::find()
            .filter(findings::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(findings::Column::Due)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let titles = super::reviews::titles(&v.db, &v.organisation).await?;
        let ids: Vec<&str> =
            all.iter().flat_map(|f| [f.mended_by.as_deref(), f.verified_by.as_deref()]).flatten().collect();
        let names = super::organisations::names(&v.db, ids).await?;
        let named = |id: &Option<String>| id.as_ref().and_then(|id| names.get(id)).cloned();
        let today = clock::day(self.clock.now());
        let mut rows = Vec::with_capacity(all.len());
        for f in all {
            let (due, state): (jiff::civil::Date, FindingState) =
                (f.due.parse().map_err(internal)?, f.state.parse()?);
            rows.push(FindingRow {
                id: f.id.parse()?,
                document: f.document_id.parse()?,
                document_title: titles.get(&f.document_id).cloned().unwrap_or_default(),
                review: f.review_id.parse()?,
                measure: f.measure_id.parse()?,
                subject: format!("{} {}", f.code, f.subject),
                grade: f.grade.parse()?,
                due,
                state,
                overdue: state == FindingState::Open && due < today,
                mended_by: named(&f.mended_by),
                mended_at: f.mended_at.map(clock::shown),
                verified_by: named(&f.verified_by),
                verified_at: f.verified_at.map(clock::shown),
                own: f.mended_by.as_deref() == Some(permit.user().to_string().as_str()),
                text: f.body,
                owner: f.owner,
                note: f.note,
                verdict: f.verdict,
            });
        }
        rows.sort_by_key(|r| r.state == FindingState::Closed);
        Ok(rows)
    }

    async fn mend(&self, permit: Permit, id: FindingId, note: String) -> Result<(), DomainError> {
        let note = rules::note(&note)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let f = find(&work.txn, &work.organisation, id).await?;
        if f.state != FindingState::Open.as_str() {
            return Err(DomainError::WrongState);
        }
        // A mend that did not hold stays to be read above the new one, each word under its own name.
        let note = if f.verdict.is_empty() {
            note
        } else {
            let (mender, tester) = (f.mended_by.as_deref(), f.verified_by.as_deref());
            let names = super::organisations::names(&work.txn, mender.into_iter().chain(tester)).await?;
            let said = |who: Option<&str>, at: Option<i64>, what: &str| {
                let name = who.and_then(|id| names.get(id)).map(String::as_str).unwrap_or_default();
                format!("{name}, {}: {what}", at.map(clock::shown).unwrap_or_default())
            };
            // What was kept before carries its names already; the last mend stands in its last line.
            let (kept, last) =
                f.note.rsplit_once('\n').map_or(("", f.note.as_str()), |(kept, last)| (kept, last));
            let mended = said(mender, f.mended_at, last);
            let tested = said(tester, f.verified_at, &f.verdict);
            format!("{kept}\n{mended}\n↺ {tested}\n{note}").trim_start().to_owned()
        };
        let mut row = f.into_active_model();
        row.verdict = Set(String::new());
        row.verified_by = Set(None);
        row.verified_at = Set(None);
        row.state = Set(FindingState::Mended.as_str().into());
        row.note = Set(note);
        row.mended_by = Set(Some(work.user.clone()));
        row.mended_at = Set(Some(work.now.as_microsecond()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("state", FindingState::Mended)).await
    }

    async fn verify(
        &self,
        permit: Permit,
        id: FindingId,
        holds: bool,
        note: String,
    ) -> Result<(), DomainError> {
        let note = rules::note(&note)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let f = find(&work.txn, &work.organisation, id).await?;
        if f.state != FindingState::Mended.as_str() {
            return Err(DomainError::WrongState);
        }
        if f.mended_by.as_deref() == Some(work.user.as_str()) {
            return Err(DomainError::SamePerson);
        }
        let who = users::Entity::find_by_id(work.user.clone()).one(&work.txn).await.map_err(internal)?;
        if who.is_some_and(|u| tomfolio_domain::reviews::owns(&u.name, &f.owner)) {
            return Err(DomainError::OwnWork);
        }
        let state = if holds { FindingState::Closed } else { FindingState::Open };
        let mut row = f.into_active_model();
        row.state = Set(state.as_str().into());
        row.verdict = Set(note);
        row.verified_by = Set(Some(work.user.clone()));
        row.verified_at = Set(Some(work.now.as_microsecond()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("state", state)).await
    }
}
