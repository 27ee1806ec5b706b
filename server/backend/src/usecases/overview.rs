//! The overview: a handful of queries over all organisations of a person, whatever their number.

use super::organisations::roles_of;
use crate::Backend;
use crate::clock;
use crate::db::entity::{
    documents, evidence, evidence_measures, evidence_versions, findings, measures, memberships, nodes,
    organisations, releases, review_plans, review_results, reviews, sign_offs,
};
use crate::db::internal;
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use tomfolio_domain::actor::Role;
use tomfolio_domain::catalogues::{Protection, protection};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::findings::FindingState;
use tomfolio_domain::ids::OrganisationId;
use tomfolio_domain::measures::{Status, next_test};
use tomfolio_domain::overview::{
    self as rules, Client, Duty, Overview, OverviewService, Share, Task, months, sort,
};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::promises as promise_rules;
use tomfolio_domain::releases::{ReleaseState, Statement};
use tomfolio_domain::reviews::{Due, LEAD_DAYS, ReviewState, due};

/// What can be tested: what is done, at least in part.
const TESTED: [Status; 2] = [Status::Implemented, Status::PartiallyImplemented];

fn day(text: &str) -> Result<Date, DomainError> {
    text.parse().map_err(internal)
}

/// Rows of a query as plain tuples.
async fn rows<E: EntityTrait, T>(db: &impl ConnectionTrait, query: Select<E>) -> Result<Vec<T>, DomainError>
where
    T: sea_orm::TryGetableMany + Send,
    E::Model: FromQueryResult,
{
    query.into_tuple().all(db).await.map_err(internal)
}

/// What the parts of the overview share: names, and what they gather.
struct Desk<'a> {
    db: &'a sea_orm::DatabaseConnection,
    organisations: Vec<String>,
    names: HashMap<String, String>,
    /// What the person is in each organisation.
    roles: HashMap<String, Vec<Role>>,
    /// Titles by organisation and document.
    titles: HashMap<(String, String), String>,
    today: Date,
    tasks: Vec<Task>,
    /// Days of open reviews and of evidence that ends, with their organisations.
    review_days: Vec<(String, Date)>,
    evidence_days: Vec<(String, Date)>,
}

impl Desk<'_> {
    fn task(
        &mut self,
        organisation: &str,
        about: String,
        duty: Duty,
        due: Option<Date>,
    ) -> Result<(), DomainError> {
        let organisation_name = self.names.get(organisation).cloned().unwrap_or_default();
        let mine = self.roles.get(organisation).is_some_and(|roles| duty.is_for(roles));
        let organisation = organisation.parse()?;
        self.tasks.push(Task { organisation, organisation_name, about, duty, due, mine });
        Ok(())
    }

    fn title(&self, organisation: &str, document: &str) -> String {
        self.titles.get(&(organisation.to_owned(), document.to_owned())).cloned().unwrap_or_default()
    }

    async fn reviews(&mut self) -> Result<(), DomainError> {
        use review_results::Column as R;
        let counts: Vec<(String, i64)> = rows(
            self.db,
            review_results::Entity::find()
                .filter(R::OrganisationId.is_in(&self.organisations))
                .select_only()
                .column(R::ReviewId)
                .column_as(R::MeasureId.count(), "n")
                .group_by(R::ReviewId),
        )
        .await?;
        let counts: HashMap<String, i64> = counts.into_iter().collect();
        use reviews::Column as C;
        let open: Vec<(String, String, String, String, String, i64)> = rows(
            self.db,
            reviews::Entity::find()
                .filter(C::OrganisationId.is_in(&self.organisations))
                .filter(C::State.ne(ReviewState::Approved.as_str()))
                .select_only()
                .columns([C::OrganisationId, C::Id, C::DocumentId, C::DueOn, C::State, C::Measures]),
        )
        .await?;
        let plans = review_plans::Entity::find()
            .filter(review_plans::Column::OrganisationId.is_in(&self.organisations))
            .all(self.db)
            .await
            .map_err(internal)?;
        let leads: HashMap<&str, u16> = plans
            .iter()
            .filter_map(|p| u16::try_from(p.lead_days).ok().map(|n| (p.document_id.as_str(), n)))
            .collect();
        for (organisation, id, document, due_on, state, measures) in open {
            let (due_on, state): (Date, ReviewState) = (day(&due_on)?, state.parse()?);
            self.review_days.push((organisation.clone(), due_on));
            let lead = leads.get(document.as_str()).copied().unwrap_or(LEAD_DAYS);
            let begun = state != ReviewState::Planned;
            if !begun && due(due_on, lead, self.today) == Due::Later {
                continue;
            }
            let about = self.title(&organisation, &document);
            let duty = if state == ReviewState::Submitted {
                Duty::ReviewApproval { id: id.parse()? }
            } else {
                let judged = counts.get(&id).copied().unwrap_or(0).unsigned_abs() as u32;
                Duty::Review { id: id.parse()?, judged, of: measures.unsigned_abs() as u32 }
            };
            self.task(&organisation, about, duty, Some(due_on))?;
        }
        Ok(())
    }

    async fn evidence(&mut self) -> Result<(), DomainError> {
        use evidence_versions::Column as V;
        let versions: Vec<(String, String, Option<String>)> = rows(
            self.db,
            evidence_versions::Entity::find()
                .filter(V::OrganisationId.is_in(&self.organisations))
                .order_by_desc(V::Number)
                .select_only()
                .columns([V::OrganisationId, V::EvidenceId, V::ValidUntil]),
        )
        .await?;
        let mut seen = HashSet::new();
        let mut ending: HashMap<String, Date> = HashMap::new();
        for (organisation, id, until) in versions {
            // Newest first: the first one of an evidence is the one that counts.
            if !seen.insert(id.clone()) {
                continue;
            }
            let Some(until) = until.as_deref().map(day).transpose()? else { continue };
            self.evidence_days.push((organisation, until));
            if rules::ends_soon(until, self.today) {
                ending.insert(id, until);
            }
        }
        if ending.is_empty() {
            return Ok(());
        }
        use evidence_measures::Column as M;
        let links: Vec<(String, i64)> = rows(
            self.db,
            evidence_measures::Entity::find()
                .filter(M::OrganisationId.is_in(&self.organisations))
                .select_only()
                .column(M::EvidenceId)
                .column_as(M::MeasureId.count(), "n")
                .group_by(M::EvidenceId),
        )
        .await?;
        let links: HashMap<String, i64> = links.into_iter().collect();
        let all = evidence::Entity::find()
            .filter(evidence::Column::OrganisationId.is_in(&self.organisations))
            .filter(evidence::Column::Id.is_in(ending.keys().map(String::as_str)))
            .all(self.db)
            .await
            .map_err(internal)?;
        for e in all {
            let measures = links.get(&e.id).copied().unwrap_or(0).unsigned_abs() as u32;
            let until = ending.get(&e.id).copied();
            self.task(&e.organisation_id, e.title, Duty::Evidence { id: e.id.parse()?, measures }, until)?;
        }
        Ok(())
    }

    async fn findings(&mut self) -> Result<(), DomainError> {
        let open = findings::Entity::find()
            .filter(findings::Column::OrganisationId.is_in(&self.organisations))
            .filter(findings::Column::State.ne(FindingState::Closed.as_str()))
            .all(self.db)
            .await
            .map_err(internal)?;
        for f in open {
            let id = f.id.parse()?;
            let duty = match f.state.parse()? {
                FindingState::Mended => Duty::Retest { id },
                FindingState::Open | FindingState::Closed => Duty::Finding { id, owner: f.owner },
            };
            self.task(&f.organisation_id, f.body, duty, Some(day(&f.due)?))?;
        }
        Ok(())
    }

    /// Confirmed promises whose proof falls due, a line for each document.
    async fn promises(&mut self) -> Result<(), DomainError> {
        let until = self.today.saturating_add(jiff::Span::new().days(i64::from(promise_rules::LEAD_DAYS)));
        for ((organisation, document), (count, day)) in
            super::promises::all_due(self.db, &self.organisations, until).await?
        {
            let about = self.title(&organisation, &document);
            self.task(&organisation, about, Duty::Promises { id: document.parse()?, count }, day)?;
        }
        Ok(())
    }

    /// Measures whose own review plan asks for a test, a line for each document. One that was never tested is due at once.
    async fn tests(&mut self) -> Result<(), DomainError> {
        use measures::Column as M;
        let planned: Vec<(String, String, String, String)> = rows(
            self.db,
            measures::Entity::find()
                .filter(M::OrganisationId.is_in(&self.organisations))
                .filter(super::measures::says_further())
                .filter(M::Further.contains("\"months\":"))
                .filter(M::Status.is_in(TESTED.map(Status::as_str)))
                .select_only()
                .columns([M::OrganisationId, M::Id, M::DocumentId, M::Further]),
        )
        .await?;
        if planned.is_empty() {
            return Ok(());
        }
        use reviews::Column as C;
        let approved: Vec<(String, Option<i64>)> = rows(
            self.db,
            reviews::Entity::find()
                .filter(C::OrganisationId.is_in(&self.organisations))
                .filter(C::State.eq(ReviewState::Approved.as_str()))
                .select_only()
                .columns([C::Id, C::ApprovedAt]),
        )
        .await?;
        let approved: HashMap<String, Date> =
            approved.into_iter().map(|(id, at)| (id, clock::day_of(at.unwrap_or_default()))).collect();
        use review_results::Column as R;
        let results: Vec<(String, String)> = rows(
            self.db,
            review_results::Entity::find()
                .filter(R::OrganisationId.is_in(&self.organisations))
                .filter(R::MeasureId.is_in(planned.iter().map(|p| p.1.as_str())))
                .filter(R::Effectiveness.is_not_null())
                .select_only()
                .columns([R::ReviewId, R::MeasureId]),
        )
        .await?;
        let mut last: HashMap<&str, Date> = HashMap::new();
        for (review, measure) in &results {
            if let Some(on) = approved.get(review) {
                let newest = last.entry(measure).or_insert(*on);
                *newest = (*newest).max(*on);
            }
        }
        let soon = self.today.saturating_add(jiff::Span::new().days(i64::from(promise_rules::LEAD_DAYS)));
        let mut of_document: BTreeMap<(String, String), (u32, Option<Date>)> = BTreeMap::new();
        for (organisation, id, document, further) in &planned {
            let Some(months) = super::measures::further(further)?.months else { continue };
            let due = last.get(id.as_str()).map_or(self.today, |on| next_test(*on, months));
            if due <= soon {
                let line =
                    of_document.entry((organisation.clone(), document.clone())).or_insert((0, Some(due)));
                *line = (line.0 + 1, line.1.min(Some(due)));
            }
        }
        for ((organisation, document), (count, day)) in of_document {
            let about = self.title(&organisation, &document);
            self.task(&organisation, about, Duty::Tests { id: document.parse()?, count }, day)?;
        }
        Ok(())
    }

    /// Baselines that changed since a document looked.
    async fn baselines(&mut self) -> Result<(), DomainError> {
        for (stamp, count) in super::baselines::waiting(self.db, &self.organisations).await? {
            let about = self.title(&stamp.organisation_id, &stamp.document_id);
            let duty = Duty::Baseline { id: stamp.document_id.parse()?, count };
            self.task(&stamp.organisation_id, about, duty, None)?;
        }
        Ok(())
    }

    async fn releases(&mut self) -> Result<(), DomainError> {
        use releases::Column as C;
        let waiting: Vec<(String, String, String, i64, String)> = rows(
            self.db,
            releases::Entity::find()
                .filter(C::OrganisationId.is_in(&self.organisations))
                .filter(C::State.is_in([ReleaseState::InReview.as_str(), ReleaseState::Approved.as_str()]))
                .select_only()
                .columns([C::OrganisationId, C::Id, C::DocumentId, C::Number, C::State]),
        )
        .await?;
        if waiting.is_empty() {
            return Ok(());
        }
        use sign_offs::Column as S;
        let opinions: Vec<String> = rows(
            self.db,
            sign_offs::Entity::find()
                .filter(S::OrganisationId.is_in(&self.organisations))
                .filter(S::ReleaseId.is_in(waiting.iter().map(|w| w.1.as_str())))
                .filter(S::Statement.is_in([Statement::Agrees.as_str(), Statement::Dissents.as_str()]))
                .filter(S::VoidedAt.is_null())
                .select_only()
                .column(S::ReleaseId),
        )
        .await?
        .into_iter()
        .map(|(id,): (String,)| id)
        .collect();
        for (organisation, id, document, number, state) in waiting {
            let about = self.title(&organisation, &document);
            let number = u32::try_from(number).map_err(internal)?;
            let approved = state == ReleaseState::Approved.as_str();
            let duty = match (approved, opinions.contains(&id)) {
                (true, _) => Duty::InForce { id: id.parse()?, number },
                (false, true) => Duty::Approval { id: id.parse()?, number },
                (false, false) => Duty::Opinion { id: id.parse()?, number },
            };
            self.task(&organisation, about, duty, None)?;
        }
        Ok(())
    }

    /// One line for each organisation, in the order of their names.
    async fn clients(&self) -> Result<Vec<Client>, DomainError> {
        use releases::Column as C;
        let released: Vec<(String, String, i64, Option<i64>)> = rows(
            self.db,
            releases::Entity::find()
                .filter(C::OrganisationId.is_in(&self.organisations))
                .filter(C::State.eq(ReleaseState::Released.as_str()))
                .order_by_desc(C::ReleasedAt)
                .select_only()
                .columns([C::OrganisationId, C::DocumentId, C::Number, C::ReleasedAt]),
        )
        .await?;
        let mut out = Vec::with_capacity(self.organisations.len());
        for id in &self.organisations {
            let last = released.iter().find(|r| r.0 == *id);
            let last = match last {
                Some((_, document, number, at)) => Some((
                    document.parse()?,
                    self.title(id, document),
                    u32::try_from(*number).map_err(internal)?,
                    at.map(clock::shown).unwrap_or_default(),
                )),
                None => None,
            };
            let of = |days: &[(String, Date)]| -> Vec<Date> {
                days.iter().filter(|(o, _)| o == id).map(|(_, d)| *d).collect()
            };
            let ends = of(&self.evidence_days);
            let organisation: OrganisationId = id.parse()?;
            out.push(Client {
                id: organisation,
                name: self.names.get(id).cloned().unwrap_or_default(),
                released: last,
                overdue: self
                    .tasks
                    .iter()
                    .filter(|t| t.organisation == organisation && rules::overdue(t, self.today))
                    .count() as u32,
                ending: ends.into_iter().filter(|d| rules::ends_soon(*d, self.today)).count() as u32,
                next_review: of(&self.review_days).into_iter().min(),
            });
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(out)
    }
}

/// How the measures of one organisation stand, by protection goal.
async fn shares(db: &impl ConnectionTrait, organisation: &str) -> Result<Vec<Share>, DomainError> {
    use nodes::Column as N;
    let tree: Vec<(String, Option<String>, String, Option<String>)> = rows(
        db,
        nodes::Entity::find()
            .filter(N::OrganisationId.eq(organisation))
            // The outline that a document came with holds every measure once.
            .filter(N::Layout.eq(""))
            .order_by_asc(N::DocumentId)
            .order_by_asc(N::Position)
            .select_only()
            .columns([N::Id, N::ParentId, N::Title, N::MeasureId]),
    )
    .await?;
    use measures::Column as M;
    let stand: Vec<(String, String)> = rows(
        db,
        measures::Entity::find()
            .filter(M::OrganisationId.eq(organisation))
            .filter(M::Status.ne(Status::Retired.as_str()))
            .select_only()
            .columns([M::Id, M::Status]),
    )
    .await?;
    let stand: HashMap<String, String> = stand.into_iter().collect();
    let parents: HashMap<&str, &str> =
        tree.iter().filter_map(|(id, parent, ..)| parent.as_deref().map(|p| (id.as_str(), p))).collect();
    let titles: HashMap<&str, &str> =
        tree.iter().map(|(id, _, title, _)| (id.as_str(), title.as_str())).collect();
    let mut out = Protection::ALL.map(Share::of);
    for (id, _, _, measure) in &tree {
        let Some(status) = measure.as_ref().and_then(|m| stand.get(m)) else { continue };
        let mut headings = Vec::new();
        let mut at = id.as_str();
        while let Some(up) = parents.get(at) {
            at = up;
            headings.push(titles.get(at).copied().unwrap_or_default());
        }
        let goal = protection(headings.into_iter().rev());
        let Some(share) = out.iter_mut().find(|s| s.goal == goal) else { continue };
        match status.parse()? {
            Status::Implemented => share.implemented += 1,
            Status::PartiallyImplemented | Status::InProgress | Status::AcceptedGap => share.partly += 1,
            Status::Planned | Status::ToConfirm => share.planned += 1,
            Status::NotApplicable | Status::Retired | Status::CustomerDuty => share.not_applicable += 1,
        }
    }
    Ok(out.into_iter().filter(|s| s.all() > 0).collect())
}

#[async_trait::async_trait]
impl OverviewService for Backend {
    async fn overview(&self, permits: Vec<Permit>, here: OrganisationId) -> Result<Overview, DomainError> {
        let organisations: Vec<String> = permits.iter().map(|p| p.organisation().to_string()).collect();
        if !permits.iter().any(|p| p.organisation() == here) {
            return Err(DomainError::NotFound);
        }
        let names: Vec<(String, String)> = rows(
            &self.db,
            organisations::Entity::find()
                .filter(organisations::Column::Id.is_in(&organisations))
                .select_only()
                .columns([organisations::Column::Id, organisations::Column::Name]),
        )
        .await?;
        use memberships::Column as P;
        let user = permits.first().map(|p| p.user().to_string()).unwrap_or_default();
        let roles: Vec<(String, String)> = rows(
            &self.db,
            memberships::Entity::find()
                .filter(P::UserId.eq(user))
                .filter(P::Pending.eq(false))
                .select_only()
                .columns([P::OrganisationId, P::Roles]),
        )
        .await?;
        use documents::Column as D;
        let titles: Vec<(String, String, String)> = rows(
            &self.db,
            documents::Entity::find()
                .filter(D::OrganisationId.is_in(&organisations))
                .select_only()
                .columns([D::OrganisationId, D::Id, D::Title]),
        )
        .await?;
        let mut desk = Desk {
            db: &self.db,
            organisations,
            names: names.into_iter().collect(),
            roles: roles.into_iter().map(|(o, words)| (o, roles_of(&words))).collect(),
            titles: titles.into_iter().map(|(o, d, t)| ((o, d), t)).collect(),
            today: clock::day(self.clock.now()),
            tasks: Vec::new(),
            review_days: Vec::new(),
            evidence_days: Vec::new(),
        };
        desk.reviews().await?;
        desk.evidence().await?;
        desk.findings().await?;
        desk.promises().await?;
        desk.tests().await?;
        desk.baselines().await?;
        desk.releases().await?;
        sort(&mut desk.tasks);
        let days = |list: &[(String, Date)]| list.iter().map(|(_, d)| *d).collect::<Vec<_>>();
        Ok(Overview {
            today: desk.today,
            months: months(desk.today, &days(&desk.review_days), &days(&desk.evidence_days)),
            shares: shares(&self.db, &here.to_string()).await?,
            clients: desk.clients().await?,
            tasks: desk.tasks,
        })
    }
}
