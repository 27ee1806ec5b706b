//! The promise ledger of a document: what its texts promise, what was decided about it, when its proof is due.

use super::documents::{Loaded, load};
use crate::Backend;
use crate::clock;
use crate::db::entity::{measures, promises};
use crate::db::{Fact, View, Work, internal};
use jiff::civil::Date;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use std::collections::{BTreeMap, HashMap, HashSet};
use tomfolio_domain::documents::{headings, measures as listed};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_domain::measures::heading;
use tomfolio_domain::policy::Permit;
use tomfolio_domain::promises::{
    self as rules, DecidePromises, Decision, LEAD_DAYS, Promise, PromiseLine, PromiseService, PromiseSheet,
    PromiseState, Verdict,
};
use tomfolio_domain::reviews::due;

/// A promise as its text gives it now, with its place.
struct Read {
    mark: String,
    measure: MeasureId,
    code: String,
    heading: String,
    promise: Promise,
}

fn read(loaded: &Loaded) -> Vec<Read> {
    let mut out = Vec::new();
    for n in listed(&loaded.nodes) {
        let Some(row) = &n.measure else { continue };
        let Some(m) = loaded.measures.get(&row.id.to_string()) else { continue };
        for promise in rules::find(&m.label, &m.body) {
            let mark = promise.mark(&m.id);
            // The same value twice in one sentence is one promise.
            if out.iter().all(|r: &Read| r.mark != mark) {
                let code = n.code.clone().unwrap_or_default();
                out.push(Read { mark, measure: row.id, code, heading: heading(&m.label, &m.body), promise });
            }
        }
    }
    out
}

async fn decided(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<HashMap<String, promises::Model>, DomainError> {
    let rows = promises::Entity::find()
        .filter(promises::Column::OrganisationId.eq(organisation))
        .filter(promises::Column::DocumentId.eq(document))
        .all(db)
        .await
        .map_err(internal)?;
    Ok(rows.into_iter().map(|r| (r.mark.clone(), r)).collect())
}

fn day(iso: &Option<String>) -> Result<Option<Date>, DomainError> {
    iso.as_deref().map(|d| d.parse().map_err(internal)).transpose()
}

fn decision(r: &promises::Model, by: &HashMap<String, String>, today: Date) -> Result<Decision, DomainError> {
    let due_on = day(&r.due_on)?;
    Ok(Decision {
        id: r.id.parse()?,
        state: r.state.parse()?,
        reason: r.reason.clone(),
        by: by.get(&r.decided_by).cloned().unwrap_or_default(),
        at: clock::shown(r.decided_at),
        interval: r.every.clone(),
        due_on,
        kept_on: day(&r.kept_on)?,
        due: due_on.map(|d| due(d, LEAD_DAYS, today)),
    })
}

#[async_trait::async_trait]
impl PromiseService for Backend {
    async fn list(&self, permit: Permit, document: DocumentId) -> Result<PromiseSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let today = clock::day(self.clock.now());
        let loaded = load(&v.db, &v.organisation, &document.to_string()).await?;
        let mut rows = decided(&v.db, &v.organisation, &loaded.document.id).await?;
        let by = super::organisations::names(&v.db, rows.values().map(|r| r.decided_by.as_str())).await?;
        let proofs = super::evidence::by_measure(&v.db, &v.organisation, today).await?;
        let proofs_of = |m: &MeasureId| proofs.get(&m.to_string()).cloned().unwrap_or_default();
        let mut lines = Vec::new();
        for r in read(&loaded) {
            let stored = rows.remove(&r.mark);
            lines.push(PromiseLine {
                decision: stored.map(|s| decision(&s, &by, today)).transpose()?,
                proofs: proofs_of(&r.measure),
                mark: r.mark,
                measure: r.measure,
                code: r.code,
                heading: r.heading,
                promise: r.promise,
                gone: false,
            });
        }
        // What was confirmed and is no longer promised: nobody should go on proving it, or miss that it went.
        let mut gone: Vec<_> =
            rows.into_values().filter(|r| r.state == PromiseState::Confirmed.as_str()).collect();
        gone.sort_by(|a, b| a.id.cmp(&b.id));
        for r in gone {
            let measure: MeasureId = r.measure_id.parse()?;
            let m = loaded.measures.get(&r.measure_id);
            lines.push(PromiseLine {
                decision: Some(decision(&r, &by, today)?),
                proofs: proofs_of(&measure),
                mark: r.mark.clone(),
                measure,
                code: String::new(),
                heading: m.map(|m| heading(&m.label, &m.body)).unwrap_or_default(),
                promise: serde_json::from_str(&r.promise).map_err(internal)?,
                gone: true,
            });
        }
        Ok(PromiseSheet {
            document,
            document_title: loaded.document.title.clone(),
            lines,
            headings: headings(&loaded.nodes),
        })
    }

    async fn decide(&self, permit: Permit, cmd: DecidePromises) -> Result<u32, DomainError> {
        let cmd = rules::decide(&cmd)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let today = clock::day(work.now);
        let loaded = load(&work.txn, &work.organisation, &cmd.document.to_string()).await?;
        let stored = decided(&work.txn, &work.organisation, &loaded.document.id).await?;
        let count = match &cmd.verdict {
            Verdict::Confirm { interval } => {
                let chosen = chosen(read(&loaded), &cmd.marks);
                let of = |r: &Read| interval.clone().unwrap_or_else(|| r.promise.interval.clone());
                let state = |r: &Read| {
                    let every = of(r);
                    (PromiseState::Confirmed, String::new(), Some(rules::next_due(today, &every)), every)
                };
                store(&work, &loaded, &chosen, state).await?
            }
            Verdict::Decline { reason } => {
                let chosen = chosen(read(&loaded), &cmd.marks);
                let state =
                    |r: &Read| (PromiseState::Declined, reason.clone(), None, r.promise.interval.clone());
                store(&work, &loaded, &chosen, state).await?
            }
            Verdict::Reopen => {
                let there: Vec<String> =
                    cmd.marks.iter().filter(|m| stored.contains_key(*m)).cloned().collect();
                promises::Entity::delete_many()
                    .filter(promises::Column::OrganisationId.eq(&work.organisation))
                    .filter(promises::Column::DocumentId.eq(&loaded.document.id))
                    .filter(promises::Column::Mark.is_in(there.clone()))
                    .exec(&work.txn)
                    .await
                    .map_err(internal)?;
                there.len() as u32
            }
            Verdict::Kept => kept(&work, &stored, &cmd.marks, today).await?,
        };
        // A text that changed meanwhile promises something else: nobody has decided about that.
        if count == 0 {
            return Err(DomainError::Stale);
        }
        let said = match cmd.verdict {
            Verdict::Confirm { .. } => "confirmed",
            Verdict::Decline { .. } => "declined",
            Verdict::Reopen => "reopened",
            Verdict::Kept => "kept",
        };
        work.commit(Fact::of(cmd.document).with("promises", count).with("verdict", said)).await?;
        Ok(count)
    }
}

fn chosen(all: Vec<Read>, marks: &[String]) -> Vec<Read> {
    all.into_iter().filter(|r| marks.contains(&r.mark)).collect()
}

async fn store(
    work: &Work,
    loaded: &Loaded,
    chosen: &[Read],
    state: impl Fn(&Read) -> (PromiseState, String, Option<Date>, String),
) -> Result<u32, DomainError> {
    let mut rows = Vec::with_capacity(chosen.len());
    for r in chosen {
        let (state, reason, due_on, every) = state(r);
        rows.push(promises::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(crate::ids::promise().to_string()),
            document_id: Set(loaded.document.id.clone()),
            measure_id: Set(r.measure.to_string()),
            mark: Set(r.mark.clone()),
            promise: Set(serde_json::to_string(&r.promise).map_err(internal)?),
            state: Set(state.as_str().into()),
            reason: Set(reason),
            every: Set(every),
            due_on: Set(due_on.map(|d| d.to_string())),
            kept_on: Set(None),
            decided_by: Set(work.user.clone()),
            decided_at: Set(work.now.as_microsecond()),
        });
    }
    if rows.is_empty() {
        return Ok(0);
    }
    use promises::Column as C;
    let newer = [C::State, C::Reason, C::Every, C::DueOn, C::DecidedBy, C::DecidedAt, C::Promise];
    promises::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([C::OrganisationId, C::DocumentId, C::Mark]).update_columns(newer).to_owned(),
        )
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    Ok(chosen.len() as u32)
}

/// What was promised has been done today: the next proof is due one interval later.
async fn kept(
    work: &Work,
    stored: &HashMap<String, promises::Model>,
    marks: &[String],
    today: Date,
) -> Result<u32, DomainError> {
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    let mut count = 0;
    for r in marks.iter().filter_map(|m| stored.get(m)) {
        if r.state != PromiseState::Confirmed.as_str() {
            continue;
        }
        let next = rules::next_due(today, &r.every);
        let mut row = r.clone().into_active_model();
        row.kept_on = Set(Some(today.to_string()));
        row.due_on = Set(Some(next.to_string()));
        row.update(&work.txn).await.map_err(internal)?;
        count += 1;
    }
    Ok(count)
}

/// Confirmed promises whose proof is due by a day, by organisation and document: how many, and the first of the days. A promise whose
/// words are gone asks for nothing.
pub(super) async fn all_due(
    db: &impl ConnectionTrait,
    organisations: &[String],
    until: Date,
) -> Result<BTreeMap<(String, String), (u32, Option<Date>)>, DomainError> {
    use promises::Column as C;
    let due = promises::Entity::find()
        .filter(C::OrganisationId.is_in(organisations))
        .filter(C::State.eq(PromiseState::Confirmed.as_str()))
        .filter(C::DueOn.lte(until.to_string()))
        .all(db)
        .await
        .map_err(internal)?;
    let mut out: BTreeMap<(String, String), (u32, Option<Date>)> = BTreeMap::new();
    if due.is_empty() {
        return Ok(out);
    }
    let texts = measures::Entity::find()
        .filter(measures::Column::OrganisationId.is_in(organisations))
        .filter(measures::Column::Id.is_in(due.iter().map(|p| p.measure_id.as_str())))
        .all(db)
        .await
        .map_err(internal)?;
    let mut said = HashSet::new();
    for m in &texts {
        said.extend(rules::find(&m.label, &m.body).iter().map(|p| p.mark(&m.id)));
    }
    for p in due.into_iter().filter(|p| said.contains(&p.mark)) {
        let day = p.due_on.as_deref().map(|d| d.parse().map_err(internal)).transpose()?;
        let line = out.entry((p.organisation_id, p.document_id)).or_insert((0, day));
        *line = (line.0 + 1, line.1.min(day));
    }
    Ok(out)
}
