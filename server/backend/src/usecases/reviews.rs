//! Reviews: planned, begun with the measures frozen as they stand, judged, submitted as a record, approved by somebody else.

use super::documents::load;
use super::findings;
use super::organisations::members;
use crate::Backend;
use crate::clock;
use crate::db::entity::{documents, review_plans, review_results, reviews, users};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use std::collections::{HashMap, HashSet};
use tomfolio_domain::actor::Role;
use tomfolio_domain::diff;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::findings::FindingState;
use tomfolio_domain::ids::{DocumentId, MeasureId, ReviewId};
use tomfolio_domain::mails::MailKind;
use tomfolio_domain::policy::{Action, Permit, allowed};
use tomfolio_domain::releases::{PdfFile, Reviewed, Stage};
use tomfolio_domain::reviews::{
    self as rules, Due, Grade, JudgeSheet, Judged, LEAD_DAYS, LastTime, Plan, PlanRow, Record,
    RecordEvidence, RecordResult, ReviewLine, ReviewList, ReviewRow, ReviewService, ReviewSheet, ReviewState,
    SCHEMA, Subject, Tally, Tested,
};
use tomfolio_domain::{canonical, text};

/// The job that renders and seals a report.
pub const RENDER_REVIEW: &str = "render_review";

async fn find(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: ReviewId,
) -> Result<reviews::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    reviews::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

/// A review that this person is carrying out now.
async fn under_way(work: &Work, id: ReviewId) -> Result<reviews::Model, DomainError> {
    let r = find(&work.txn, &work.organisation, id).await?;
    if r.reviewer_id != work.user {
        return Err(DomainError::Forbidden);
    }
    if r.state != ReviewState::InProgress.as_str() {
        return Err(DomainError::WrongState);
    }
    Ok(r)
}

fn subjects(r: &reviews::Model) -> Result<Vec<Subject>, DomainError> {
    r.subjects.as_deref().map_or(Ok(Vec::new()), |json| serde_json::from_str(json).map_err(internal))
}

async fn results(
    db: &impl ConnectionTrait,
    organisation: &str,
    review: &str,
) -> Result<HashMap<MeasureId, Judged>, DomainError> {
    let rows = review_results::Entity::find()
        .filter(review_results::Column::OrganisationId.eq(organisation))
        .filter(review_results::Column::ReviewId.eq(review))
        .all(db)
        .await
        .map_err(internal)?;
    rows.iter()
        .map(|r| Ok((r.measure_id.parse()?, serde_json::from_str(&r.judged).map_err(internal)?)))
        .collect()
}

async fn name(db: &impl ConnectionTrait, user: &str) -> Result<String, DomainError> {
    let found = users::Entity::find_by_id(user.to_owned()).one(db).await.map_err(internal)?;
    Ok(found.map(|u| u.name).unwrap_or_default())
}

/// The review of a document that was approved last.
async fn last_approved(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<reviews::Model>, DomainError> {
    reviews::Entity::find()
        .filter(reviews::Column::OrganisationId.eq(organisation))
        .filter(reviews::Column::DocumentId.eq(document))
        .filter(reviews::Column::State.eq(ReviewState::Approved.as_str()))
        .order_by_desc(reviews::Column::ApprovedAt)
        .limit(1)
        .one(db)
        .await
        .map_err(internal)
}

/// The review of a document that is planned or under way: there is at most one.
async fn open(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<reviews::Model>, DomainError> {
    reviews::Entity::find()
        .filter(reviews::Column::OrganisationId.eq(organisation))
        .filter(reviews::Column::DocumentId.eq(document))
        .filter(reviews::Column::State.ne(ReviewState::Approved.as_str()))
        .one(db)
        .await
        .map_err(internal)
}

/// How a document stands against its review, for its release.
pub(super) async fn reviewed(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<Reviewed>, DomainError> {
    let last = last_approved(db, organisation, document).await?;
    let next = open(db, organisation, document).await?;
    if last.is_none() && next.is_none() {
        return Ok(None);
    }
    let mut left = findings::earlier(db, organisation, document).await?;
    left.retain(|f| f.state != FindingState::Closed);
    let last_by = match &last {
        Some(r) => name(db, &r.reviewer_id).await?,
        None => String::new(),
    };
    Ok(Some(Reviewed {
        last_on: last.and_then(|r| r.approved_at).map(clock::day_of),
        last_by,
        next_on: next.map(|r| r.due_on.parse().map_err(internal)).transpose()?,
        open_major: left.iter().filter(|f| f.grade >= Grade::Major).count() as u32,
        open_other: left.iter().filter(|f| f.grade < Grade::Major).count() as u32,
    }))
}

/// What the last approved review says about a measure that has this revision now.
pub(super) async fn tested(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
    measure: MeasureId,
    revision: i64,
) -> Result<Option<Tested>, DomainError> {
    let Some(r) = last_approved(db, organisation, document).await? else { return Ok(None) };
    let key = (organisation.to_owned(), r.id.clone(), measure.to_string());
    let Some(row) = review_results::Entity::find_by_id(key).one(db).await.map_err(internal)? else {
        return Ok(None);
    };
    let Some(word) = row.effectiveness else { return Ok(None) };
    Ok(Some(Tested {
        effectiveness: word.parse()?,
        on: clock::day_of(r.approved_at.unwrap_or_default()),
        review: r.id.parse()?,
        stale: row.revision != revision,
    }))
}

/// What the last approved review of a document said, by measure.
pub(super) async fn last_results(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<HashMap<MeasureId, Judged>, DomainError> {
    match last_approved(db, organisation, document).await? {
        Some(r) => results(db, organisation, &r.id).await,
        None => Ok(HashMap::new()),
    }
}

async fn plan_review(
    work: &Work,
    document: &str,
    reviewer: &str,
    due_on: &str,
) -> Result<ReviewId, DomainError> {
    let id = crate::ids::review();
    let row = reviews::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        id: Set(id.to_string()),
        document_id: Set(document.to_owned()),
        due_on: Set(due_on.to_owned()),
        reviewer_id: Set(reviewer.to_owned()),
        state: Set(ReviewState::Planned.as_str().into()),
        criteria: Set(String::new()),
        summary: Set(String::new()),
        returned: Set(String::new()),
        subjects: Set(None),
        measures: Set(0),
        started_at: Set(None),
        submitted_at: Set(None),
        approved_at: Set(None),
        approved_by: Set(None),
        record: Set(None),
        record_sha256: Set(None),
        stage: Set(Stage::None.as_str().into()),
        pdf_sha256: Set(None),
        stamped_at: Set(None),
        stamped_by: Set(String::new()),
    };
    reviews::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(id)
}

/// Whether somebody's roles let them review.
fn may_review(roles: &[Role]) -> bool {
    roles.iter().any(|r| allowed(*r, Action::Review))
}

/// A review as a line.
struct Known<'a> {
    titles: &'a HashMap<String, String>,
    names: &'a HashMap<String, String>,
    leads: &'a HashMap<String, i64>,
    today: jiff::civil::Date,
}

impl Known<'_> {
    fn row(&self, r: &reviews::Model, judged: u32) -> Result<ReviewRow, DomainError> {
        let due_on = r.due_on.parse().map_err(internal)?;
        let state: ReviewState = r.state.parse()?;
        let lead = self.leads.get(&r.document_id).and_then(|d| u16::try_from(*d).ok()).unwrap_or(LEAD_DAYS);
        Ok(ReviewRow {
            id: r.id.parse()?,
            document: r.document_id.parse()?,
            document_title: self.titles.get(&r.document_id).cloned().unwrap_or_default(),
            due_on,
            due: if state == ReviewState::Approved {
                Due::Done
            } else {
                rules::due(due_on, lead, self.today)
            },
            state,
            reviewer: self.names.get(&r.reviewer_id).cloned().unwrap_or_default(),
            judged,
            measures: u32::try_from(r.measures).map_err(internal)?,
            approved_at: r.approved_at.map(clock::shown),
        })
    }
}

pub(super) async fn titles(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<HashMap<String, String>, DomainError> {
    let rows: Vec<(String, String)> = documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(organisation))
        .select_only()
        .columns([documents::Column::Id, documents::Column::Title])
        .into_tuple()
        .all(db)
        .await
        .map_err(internal)?;
    Ok(rows.into_iter().collect())
}

/// The plans of an organisation, by document.
pub(super) async fn plans(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<HashMap<String, review_plans::Model>, DomainError> {
    let rows = review_plans::Entity::find()
        .filter(review_plans::Column::OrganisationId.eq(organisation))
        .all(db)
        .await
        .map_err(internal)?;
    Ok(rows.into_iter().map(|p| (p.document_id.clone(), p)).collect())
}

#[async_trait::async_trait]
impl ReviewService for Backend {
    async fn list(&self, permit: Permit) -> Result<ReviewList, DomainError> {
        let v = View::of(&self.db, &permit);
        let org = &v.organisation;
        let today = clock::day(self.clock.now());
        let (titles, plans) = (titles(&v.db, org).await?, plans(&v.db, org).await?);
        let people = members(&v.db, org).await?;
        let names = people.iter().map(|(id, name, _)| (id.to_string(), name.clone())).collect();
        let leads = plans.iter().map(|(d, p)| (d.clone(), p.lead_days)).collect();
        let counts: Vec<(String, i64)> = review_results::Entity::find()
            .filter(review_results::Column::OrganisationId.eq(org))
            .select_only()
            .column(review_results::Column::ReviewId)
            .column_as(review_results::Column::MeasureId.count(), "n")
            .group_by(review_results::Column::ReviewId)
            .into_tuple()
            .all(&v.db)
            .await
            .map_err(internal)?;
        let counts: HashMap<String, i64> = counts.into_iter().collect();
        let all = reviews::Entity::find()
            .filter(reviews::Column::OrganisationId.eq(org))
            .all(&v.db)
            .await
            .map_err(internal)?;
        let known = Known { titles: &titles, names: &names, leads: &leads, today };
        let mut rows = Vec::with_capacity(all.len());
        let mut open_due: HashMap<&str, &str> = HashMap::new();
        for r in &all {
            if r.state != ReviewState::Approved.as_str() {
                open_due.insert(&r.document_id, &r.due_on);
            }
            let judged = counts.get(&r.id).copied().unwrap_or(0);
            rows.push(known.row(r, u32::try_from(judged).map_err(internal)?)?);
        }
        rows.sort_by_key(|r| {
            let done = r.state == ReviewState::Approved;
            // What is done: the newest above.
            let day = r.due_on.duration_since(jiff::civil::Date::ZERO).as_hours();
            (done, if done { -day } else { day }, r.id)
        });
        let mut listed = Vec::with_capacity(titles.len());
        for (id, title) in &titles {
            let plan = match (plans.get(id), open_due.get(id.as_str())) {
                (Some(p), Some(due)) => Some(Plan {
                    months: u8::try_from(p.months).map_err(internal)?,
                    due_on: due.parse().map_err(internal)?,
                    lead_days: u16::try_from(p.lead_days).map_err(internal)?,
                    reviewer: p.reviewer_id.parse()?,
                }),
                _ => None,
            };
            listed.push(PlanRow { document: id.parse()?, title: title.clone(), plan });
        }
        listed.sort_by(|a, b| a.title.cmp(&b.title));
        let reviewers =
            people.into_iter().filter(|(.., roles)| may_review(roles)).map(|(id, n, _)| (id, n)).collect();
        Ok(ReviewList { rows, plans: listed, reviewers, today })
    }

    async fn find(&self, permit: Permit, id: ReviewId) -> Result<ReviewSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let r = find(&v.db, &v.organisation, id).await?;
        let (subjects, judged) = (subjects(&r)?, results(&v.db, &v.organisation, &r.id).await?);
        let titles = titles(&v.db, &v.organisation).await?;
        let names = HashMap::from([(r.reviewer_id.clone(), name(&v.db, &r.reviewer_id).await?)]);
        let leads = plans(&v.db, &v.organisation).await?.into_iter().map(|(d, p)| (d, p.lead_days)).collect();
        let today = clock::day(self.clock.now());
        let known = Known { titles: &titles, names: &names, leads: &leads, today };
        let done: HashSet<MeasureId> = judged.keys().copied().collect();
        let next = rules::unjudged(&subjects, &done, None);
        let approved_by = match &r.approved_by {
            Some(user) => Some(name(&v.db, user).await?),
            None => None,
        };
        Ok(ReviewSheet {
            row: known.row(&r, judged.len() as u32)?,
            started_at: r.started_at.map(clock::shown),
            submitted_at: r.submitted_at.map(clock::shown),
            approved_by,
            stage: r.stage.parse()?,
            stamped: r.stamped_at.map(|at| (clock::shown(at), r.stamped_by.clone())),
            lines: subjects
                .into_iter()
                .map(|s| ReviewLine {
                    judged: judged.get(&s.measure).cloned(),
                    measure: s.measure,
                    code: s.code,
                    heading: s.heading,
                })
                .collect(),
            next,
            own: r.reviewer_id == permit.user().to_string(),
            criteria: r.criteria,
            summary: r.summary,
            returned: r.returned,
            record_sha256: r.record_sha256,
            pdf_sha256: r.pdf_sha256,
        })
    }

    async fn plan(&self, permit: Permit, document: DocumentId, asked: Plan) -> Result<ReviewId, DomainError> {
        let plan = rules::plan(&asked)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let key = (work.organisation.clone(), document.to_string());
        documents::Entity::find_by_id(key)
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        let people = members(&work.txn, &work.organisation).await?;
        if !people.iter().any(|(id, _, roles)| *id == plan.reviewer && may_review(roles)) {
            return Err(DomainError::invalid("reviewer"));
        }
        let row = review_plans::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            document_id: Set(document.to_string()),
            months: Set(i64::from(plan.months)),
            lead_days: Set(i64::from(plan.lead_days)),
            reviewer_id: Set(plan.reviewer.to_string()),
        };
        use review_plans::Column as C;
        let key = [C::OrganisationId, C::DocumentId];
        review_plans::Entity::insert(row)
            .on_conflict(
                OnConflict::columns(key).update_columns([C::Months, C::LeadDays, C::ReviewerId]).to_owned(),
            )
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
        let (reviewer, due_on) = (plan.reviewer.to_string(), plan.due_on.to_string());
        let id = match open(&work.txn, &work.organisation, &document.to_string()).await? {
            Some(r) => {
                let id = r.id.parse()?;
                if r.state == ReviewState::Planned.as_str() {
                    let mut row = r.into_active_model();
                    row.due_on = Set(due_on);
                    row.reviewer_id = Set(reviewer);
                    row.update(&work.txn).await.map_err(internal)?;
                } else if r.due_on != due_on {
                    // What has begun keeps its day and its reviewer; the plan counts from the next one on.
                    return Err(DomainError::Frozen);
                }
                id
            }
            None => plan_review(&work, &document.to_string(), &reviewer, &due_on).await?,
        };
        let fact =
            Fact::of(id).with("document", document).with("due_on", plan.due_on).with("months", plan.months);
        work.commit(fact.with("reviewer", plan.reviewer)).await?;
        Ok(id)
    }

    async fn start(&self, permit: Permit, id: ReviewId, criteria: String) -> Result<(), DomainError> {
        let criteria = text::prose(&criteria, "criteria", 8_000)?;
        if text::visible(&criteria) == 0 {
            return Err(DomainError::missing("criteria"));
        }
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = find(&work.txn, &work.organisation, id).await?;
        if r.reviewer_id != work.user {
            return Err(DomainError::Forbidden);
        }
        if r.state != ReviewState::Planned.as_str() {
            return Err(DomainError::WrongState);
        }
        let loaded = load(&work.txn, &work.organisation, &r.document_id).await?;
        let subjects = rules::subjects(&loaded.nodes, &|id| loaded.whole(id));
        if subjects.is_empty() {
            return Err(DomainError::missing("measures"));
        }
        let mut row = r.into_active_model();
        row.state = Set(ReviewState::InProgress.as_str().into());
        row.criteria = Set(criteria);
        row.measures = Set(subjects.len() as i64);
        row.subjects = Set(Some(serde_json::to_string(&subjects).map_err(internal)?));
        row.started_at = Set(Some(work.now.as_microsecond()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("measures", subjects.len())).await
    }

    async fn subject(&self, permit: Permit, id: ReviewId, of: MeasureId) -> Result<JudgeSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let org = &v.organisation;
        let r = find(&v.db, org, id).await?;
        let all = subjects(&r)?;
        let at = all.iter().position(|s| s.measure == of).ok_or(DomainError::NotFound)?;
        let judged = results(&v.db, org, &r.id).await?;
        let subject = all.get(at).cloned().ok_or(DomainError::NotFound)?;
        let today = clock::day(self.clock.now());
        let last = last_approved(&v.db, org, &r.document_id).await?.filter(|l| l.id != r.id);
        let last = last.map(|l| last_time(&l, &subject)).transpose()?.flatten();
        let neighbour = |i: Option<usize>| i.and_then(|i| all.get(i)).map(|s| s.measure);
        Ok(JudgeSheet {
            review: id,
            document_title: self.title(org, &r.document_id).await?,
            due_on: r.due_on.parse().map_err(internal)?,
            state: r.state.parse()?,
            own: r.reviewer_id == permit.user().to_string(),
            judged: judged.get(&of).cloned(),
            evidence: super::evidence::of_measure(&v.db, org, &of.to_string(), today).await?,
            last,
            tally: Tally::of(all.iter().map(|s| judged.get(&s.measure))),
            position: at as u32 + 1,
            previous: neighbour(at.checked_sub(1)),
            next: neighbour(Some(at + 1)),
            criteria: r.criteria,
            status: super::measures::find(&v.db, org, of).await?.status.parse()?,
            subject,
            today,
        })
    }

    async fn judge(
        &self,
        permit: Permit,
        id: ReviewId,
        of: MeasureId,
        asked: Judged,
    ) -> Result<Option<MeasureId>, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = under_way(&work, id).await?;
        let all = subjects(&r)?;
        let subject = all.iter().find(|s| s.measure == of).ok_or(DomainError::NotFound)?;
        let reviewer = name(&work.txn, &work.user).await?;
        let judged = rules::check(&asked, subject, &reviewer, clock::day(work.now))?;
        let effectiveness = match &judged {
            Judged::Verdict(v) => Some(v.effectiveness.as_str().to_owned()),
            Judged::Skipped { .. } => None,
        };
        let row = review_results::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            review_id: Set(r.id.clone()),
            measure_id: Set(of.to_string()),
            revision: Set(subject.revision),
            judged: Set(serde_json::to_string(&judged).map_err(internal)?),
            effectiveness: Set(effectiveness.clone()),
            at: Set(work.now.as_microsecond()),
        };
        use review_results::Column as C;
        let key = [C::OrganisationId, C::ReviewId, C::MeasureId];
        review_results::Entity::insert(row)
            .on_conflict(
                OnConflict::columns(key).update_columns([C::Judged, C::Effectiveness, C::At]).to_owned(),
            )
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
        let done: HashSet<MeasureId> =
            results(&work.txn, &work.organisation, &r.id).await?.into_keys().collect();
        let next = rules::unjudged(&all, &done, Some(of));
        let fact = Fact::of(id).with("measure", of).with("revision", subject.revision);
        work.commit(fact.with("effectiveness", effectiveness.as_deref().unwrap_or("skipped"))).await?;
        Ok(next)
    }

    async fn submit(&self, permit: Permit, id: ReviewId, summary: String) -> Result<(), DomainError> {
        let summary = text::prose(&summary, "summary", 8_000)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = under_way(&work, id).await?;
        let record = self.review_record(&work, &r, &summary).await?;
        let json = canonical::to_vec(&record).map_err(internal)?;
        let sha256 = canonical::sha256_hex(&json);
        let mut row = r.into_active_model();
        row.state = Set(ReviewState::Submitted.as_str().into());
        row.summary = Set(summary);
        row.returned = Set(String::new());
        row.submitted_at = Set(Some(work.now.as_microsecond()));
        row.record = Set(Some(String::from_utf8(json).map_err(internal)?));
        row.record_sha256 = Set(Some(sha256.clone()));
        row.update(&work.txn).await.map_err(internal)?;
        let may = super::mails::who_may(&work.txn, &work.organisation, Action::ApproveReview).await?;
        let others = may.into_iter().filter(|p| *p != work.user);
        let fact = Fact::of(id).with("record_sha256", &sha256);
        let fact = fact.tell(others, MailKind::ReviewSubmitted, id, sha256);
        work.commit(fact).await
    }

    async fn give_back(&self, permit: Permit, id: ReviewId, reason: String) -> Result<(), DomainError> {
        let reason = text::reason(&reason, "reason", 4_000)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = submitted(&work, id).await?;
        let mut row = r.into_active_model();
        row.state = Set(ReviewState::InProgress.as_str().into());
        row.returned = Set(reason);
        row.submitted_at = Set(None);
        row.record = Set(None);
        row.record_sha256 = Set(None);
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("returned", 1)).await
    }

    async fn approve(&self, permit: Permit, id: ReviewId, seen: String) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let r = submitted(&work, id).await?;
        if r.record_sha256.as_deref() != Some(seen.as_str()) {
            return Err(DomainError::Stale);
        }
        let record = parse(&r)?;
        let born = findings::found(&work, &r, &record).await?;
        let due_on: jiff::civil::Date = r.due_on.parse().map_err(internal)?;
        let document = r.document_id.clone();
        let mut row = r.into_active_model();
        row.state = Set(ReviewState::Approved.as_str().into());
        row.approved_at = Set(Some(work.now.as_microsecond()));
        row.approved_by = Set(Some(work.user.clone()));
        row.stage = Set(Stage::Queued.as_str().into());
        row.update(&work.txn).await.map_err(internal)?;
        let key = (work.organisation.clone(), document.clone());
        if let Some(p) = review_plans::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)? {
            let months = u8::try_from(p.months).map_err(internal)?;
            let next = rules::next_due(due_on, months, clock::day(work.now));
            plan_review(&work, &document, &p.reviewer_id, &next.to_string()).await?;
        }
        let fact = Fact::of(id).with("record_sha256", seen).with("findings", born);
        work.commit(fact.then(RENDER_REVIEW, id)).await
    }

    async fn report(&self, permit: Permit, id: ReviewId) -> Result<PdfFile, DomainError> {
        let v = View::of(&self.db, &permit);
        let r = find(&v.db, &v.organisation, id).await?;
        let sha256 = r.pdf_sha256.clone().ok_or(DomainError::WrongState)?;
        let bytes = self.blobs.get(&v.organisation, &sha256).await.map_err(internal)?;
        let record = parse(&r)?;
        Ok(PdfFile { name: format!("Prüfbericht {} {}.pdf", record.due_on.year(), record.title), bytes })
    }
}

/// A review that waits for its approval, by somebody else than who carried it out.
async fn submitted(work: &Work, id: ReviewId) -> Result<reviews::Model, DomainError> {
    let r = find(&work.txn, &work.organisation, id).await?;
    if r.state != ReviewState::Submitted.as_str() {
        return Err(DomainError::WrongState);
    }
    if r.reviewer_id == work.user {
        return Err(DomainError::SamePerson);
    }
    Ok(r)
}

/// The frozen record of a review.
pub(crate) fn parse(r: &reviews::Model) -> Result<Record, DomainError> {
    serde_json::from_str(r.record.as_deref().unwrap_or_default()).map_err(internal)
}

fn last_time(last: &reviews::Model, now: &Subject) -> Result<Option<LastTime>, DomainError> {
    let found = parse(last)?.results.into_iter().find(|x| x.subject.measure == now.measure);
    Ok(found.map(|x| LastTime {
        on: clock::day_of(last.approved_at.unwrap_or_default()),
        judged: x.judged,
        changed: if x.subject.text == now.text {
            Vec::new()
        } else {
            diff::words(&x.subject.text, &now.text)
        },
    }))
}

impl Backend {
    async fn review_record(
        &self,
        work: &Work,
        r: &reviews::Model,
        summary: &str,
    ) -> Result<Record, DomainError> {
        let org = &work.organisation;
        let all = subjects(r)?;
        let mut judged = results(&work.txn, org, &r.id).await?;
        let today = clock::day(work.now);
        let mut beside = super::evidence::by_measure(&work.txn, org, today).await?;
        let mut results = Vec::with_capacity(all.len());
        for subject in all {
            let judged = judged.remove(&subject.measure).ok_or(DomainError::Unjudged)?;
            let proofs = beside.remove(&subject.measure.to_string()).unwrap_or_default();
            let evidence = proofs.into_iter().map(|e| RecordEvidence {
                title: e.title,
                issuer: e.issuer,
                valid_until: e.valid_until,
                sha256: e.sha256,
            });
            let evidence = evidence.collect();
            results.push(RecordResult { subject, judged, evidence });
        }
        let key = (org.clone(), r.document_id.clone());
        let document = documents::Entity::find_by_id(key)
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        Ok(Record {
            schema: SCHEMA.into(),
            organisation: self.organisation_name(&work.txn, org).await?,
            document: r.document_id.clone(),
            title: document.title,
            language: document.language,
            due_on: r.due_on.parse().map_err(internal)?,
            started_on: clock::day_of(r.started_at.unwrap_or_default()),
            submitted_on: today,
            reviewer: name(&work.txn, &r.reviewer_id).await?,
            criteria: r.criteria.clone(),
            summary: summary.to_owned(),
            results,
            earlier: findings::earlier(&work.txn, org, &r.document_id).await?,
        })
    }
}
