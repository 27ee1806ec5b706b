//! Measures: sheet, edit, drafts, add, retire, move, confirm.

use super::documents::load;
use super::drafts::{drop_draft, typed};
use super::organisations::names;
use super::releases::back_to_draft;
use crate::Backend;
use crate::clock;
use crate::db::entity::{drafts, measure_revisions, measures};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::catalogues::{GoalKey, offered, propose};
use tomfolio_domain::diff;
use tomfolio_domain::documents::{NodeView, find as node_of, headings, measures as listed, trail, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, MeasureId, NodeId};
use tomfolio_domain::measures::{
    self as rules, AddMeasure, AddSheet, Comparison, Content, EditMany, EditMeasure, EditOutcome, Further,
    Gap, MeasureService, MeasureSheet, Place, Record, Revision, Selection, SplitMeasure, Status,
};
use tomfolio_domain::merge::Side;
use tomfolio_domain::policy::Permit;

/// Steps of history that the page shows.
const HISTORY: u64 = 50;

pub(super) async fn find(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: MeasureId,
) -> Result<measures::Model, DomainError> {
    let key = (organisation.to_owned(), id.to_string());
    measures::Entity::find_by_id(key).one(db).await.map_err(internal)?.ok_or(DomainError::NotFound)
}

pub(super) fn record(m: &measures::Model) -> Result<Record, DomainError> {
    Ok(Record {
        content: Content { label: m.label.clone(), text: m.body.clone(), owner: m.owner.clone() },
        status: m.status.parse()?,
        status_reason: m.status_reason.clone(),
        gap: gap(&m.gap_decided_by, &m.gap_until)?,
        scope: m.scope.parse()?,
        goals: goals(&m.goals),
        kind: m.kind.parse()?,
        further: further(&m.further)?,
        revision: m.revision,
    })
}

/// Goals as a row holds them; a word that is none is left out.
pub(super) fn goals(row: &str) -> Vec<GoalKey> {
    row.split(' ').filter_map(|g| g.parse().ok()).collect()
}

/// What else is said, as a row holds it.
pub(super) fn further(row: &str) -> Result<Further, DomainError> {
    serde_json::from_str(row).map_err(internal)
}

pub(super) fn further_row(f: &Further) -> String {
    serde_json::to_string(f).unwrap_or_default()
}

/// Rows that say anything further; the words are those of the index `measures_further`.
pub(super) fn says_further() -> Expr {
    Expr::cust("further <> '{}'")
}

/// Goals as a row holds them.
pub(super) fn goals_row(goals: &[GoalKey]) -> String {
    goals.iter().map(|g| g.as_str()).collect::<Vec<_>>().join(" ")
}

/// One step of a measure's history.
pub(super) async fn revision(
    db: &impl ConnectionTrait,
    organisation: &str,
    id: MeasureId,
    number: i64,
) -> Result<Record, DomainError> {
    let key = (organisation.to_owned(), id.to_string(), number);
    let found = measure_revisions::Entity::find_by_id(key).one(db).await.map_err(internal)?;
    step(&found.ok_or(DomainError::NotFound)?)
}

/// A step of the history as it was stored.
pub(super) fn step(r: &measure_revisions::Model) -> Result<Record, DomainError> {
    Ok(Record {
        content: Content { label: r.label.clone(), text: r.body.clone(), owner: r.owner.clone() },
        status: r.status.parse()?,
        status_reason: r.status_reason.clone(),
        gap: gap(&r.gap_decided_by, &r.gap_until)?,
        scope: r.scope.parse()?,
        goals: goals(&r.goals),
        kind: r.kind.parse()?,
        further: further(&r.further)?,
        revision: r.number,
    })
}

fn gap(by: &Option<String>, until: &Option<String>) -> Result<Option<Gap>, DomainError> {
    Ok(match (by, until) {
        (Some(by), Some(until)) => {
            Some(Gap { decided_by: by.clone(), until: until.parse().map_err(internal)? })
        }
        _ => None,
    })
}

/// Stores the next revision. The revision is part of the condition: of two writers only one gets through.
pub(super) async fn save(
    work: &Work,
    m: &measures::Model,
    next: &Record,
    reason: &str,
) -> Result<(), DomainError> {
    let done = measures::Entity::update_many()
        .col_expr(measures::Column::Label, Expr::value(next.content.label.clone()))
        .col_expr(measures::Column::Body, Expr::value(next.content.text.clone()))
        .col_expr(measures::Column::Owner, Expr::value(next.content.owner.clone()))
        .col_expr(measures::Column::Status, Expr::value(next.status.as_str()))
        .col_expr(measures::Column::StatusReason, Expr::value(next.status_reason.clone()))
        .col_expr(
            measures::Column::GapDecidedBy,
            Expr::value(next.gap.as_ref().map(|g| g.decided_by.clone())),
        )
        .col_expr(measures::Column::GapUntil, Expr::value(next.gap.as_ref().map(|g| g.until.to_string())))
        .col_expr(measures::Column::Scope, Expr::value(next.scope.as_str()))
        .col_expr(measures::Column::Goals, Expr::value(goals_row(&next.goals)))
        .col_expr(measures::Column::Kind, Expr::value(next.kind.as_str()))
        .col_expr(measures::Column::Further, Expr::value(further_row(&next.further)))
        .col_expr(measures::Column::Revision, Expr::value(next.revision))
        .filter(measures::Column::OrganisationId.eq(&work.organisation))
        .filter(measures::Column::Id.eq(&m.id))
        .filter(measures::Column::Revision.eq(m.revision))
        .exec(&work.txn)
        .await
        .map_err(internal)?;
    if done.rows_affected != 1 {
        return Err(DomainError::Stale);
    }
    remember(work, &m.id, next, reason).await?;
    let id = m.id.parse()?;
    work.note(&m.document_id, |s| s.revise(id, m.revision, next.revision));
    back_to_draft(work, &m.document_id).await
}

pub(super) async fn remember(
    work: &Work,
    measure: &str,
    next: &Record,
    reason: &str,
) -> Result<(), DomainError> {
    let row = measure_revisions::ActiveModel {
        organisation_id: Set(work.organisation.clone()),
        measure_id: Set(measure.to_owned()),
        number: Set(next.revision),
        at: Set(work.now.as_microsecond()),
        author: Set(work.user.clone()),
        reason: Set(reason.to_owned()),
        label: Set(next.content.label.clone()),
        body: Set(next.content.text.clone()),
        owner: Set(next.content.owner.clone()),
        status: Set(next.status.as_str().to_owned()),
        status_reason: Set(next.status_reason.clone()),
        scope: Set(next.scope.as_str().to_owned()),
        gap_decided_by: Set(next.gap.as_ref().map(|g| g.decided_by.clone())),
        gap_until: Set(next.gap.as_ref().map(|g| g.until.to_string())),
        goals: Set(goals_row(&next.goals)),
        kind: Set(next.kind.as_str().to_owned()),
        further: Set(further_row(&next.further)),
    };
    measure_revisions::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
    Ok(())
}

pub(super) fn fact(m: &measures::Model, next: &Record) -> Fact {
    Fact::of(&m.id)
        .with("document", &m.document_id)
        .with("revision", next.revision)
        .with("status", next.status)
        .with("text_sha256", sha256_hex(format!("{}\n{}", next.content.label, next.content.text).as_bytes()))
}

fn conflict(m: &measures::Model, mine: &Content) -> EditOutcome {
    let theirs = Content { label: m.label.clone(), text: m.body.clone(), owner: m.owner.clone() };
    EditOutcome::Conflict { revision: m.revision, changes: diff::words(&theirs.text, &mine.text), theirs }
}

/// The goals that were set, else the first that is proposed.
fn goals_of(set: &[GoalKey], proposals: &[tomfolio_domain::catalogues::Proposal]) -> Vec<GoalKey> {
    match set {
        [] => proposals.iter().map(|p| p.goal).take(1).collect(),
        set => set.to_vec(),
    }
}

/// The goals of a measure as its line in the tree has them.
fn proposed(nodes: &[NodeView], id: MeasureId) -> Vec<GoalKey> {
    let all = listed(nodes);
    let row = all.iter().filter_map(|n| n.measure.as_ref()).find(|m| m.id == id);
    row.map(|m| m.goals.clone()).unwrap_or_default()
}

/// The next measure in force under the same heading.
fn beside(nodes: &[NodeView], id: MeasureId) -> Option<(MeasureId, String)> {
    let mut found = None;
    walk(nodes, &mut |n| {
        let mut after =
            n.children.iter().skip_while(|c| c.measure.as_ref().is_none_or(|m| m.id != id)).skip(1);
        let next = after.find(|c| c.measure.as_ref().is_some_and(|m| m.status != Status::Retired));
        if let Some(m) = next.and_then(|c| c.measure.as_ref()) {
            found = Some((m.id, m.heading()));
        }
    });
    found
}

/// The headings that a measure can be moved under: all but its own.
fn targets(nodes: &[NodeView], id: MeasureId) -> Vec<(NodeId, String)> {
    let mut out = Vec::new();
    // A scope's heading says little without its goal's code.
    let mut code = String::new();
    walk(nodes, &mut |n| {
        if let Some(own) = n.code.as_ref().filter(|_| !n.kind.is_leaf()) {
            code.clone_from(own);
        }
        let holds = n.children.iter().any(|c| c.is_of(id));
        if !n.kind.is_leaf() && !holds {
            out.push((n.id, format!("{code} {}", n.title)));
        }
    });
    out
}

impl Backend {
    async fn history(&self, v: &View, m: &measures::Model) -> Result<Vec<Revision>, DomainError> {
        let rows = measure_revisions::Entity::find()
            .filter(measure_revisions::Column::OrganisationId.eq(&v.organisation))
            .filter(measure_revisions::Column::MeasureId.eq(&m.id))
            .order_by_desc(measure_revisions::Column::Number)
            .limit(HISTORY)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let names = names(&v.db, rows.iter().map(|r| r.author.as_str())).await?;
        let mut out = Vec::with_capacity(rows.len());
        for (i, r) in rows.iter().enumerate() {
            let old = rows.get(i + 1).map(|o| format!("{} {}", o.label, o.body)).unwrap_or_default();
            let new = format!("{} {}", r.label, r.body);
            out.push(Revision {
                number: r.number,
                at: clock::shown(r.at),
                author: names.get(&r.author).cloned().unwrap_or_default(),
                reason: r.reason.clone(),
                status: r.status.parse()?,
                changes: if old.is_empty() || old == new {
                    Vec::new()
                } else {
                    diff::words(old.trim(), new.trim())
                },
            });
        }
        Ok(out)
    }
}

#[async_trait::async_trait]
impl MeasureService for Backend {
    async fn find(&self, permit: Permit, id: MeasureId) -> Result<MeasureSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let m = find(&v.db, &v.organisation, id).await?;
        let loaded = load(&v.db, &v.organisation, &m.document_id).await?;
        let trail = trail(&loaded.nodes, &|n| n.is_of(id)).unwrap_or_default();
        let (code, above) = trail.split_last().map_or((None, &[][..]), |(n, above)| (n.code.clone(), above));
        let titled =
            |n: &&NodeView| n.code.as_ref().map_or_else(|| n.title.clone(), |c| format!("{c} {}", n.title));
        let path: Vec<String> = above.iter().map(titled).collect();
        let order: Vec<MeasureId> =
            listed(&loaded.nodes).iter().filter_map(|n| n.measure.as_ref().map(|m| m.id)).collect();
        let at = order.iter().position(|o| *o == id);
        let key = (v.organisation.clone(), permit.user().to_string(), m.id.clone());
        let draft = drafts::Entity::find_by_id(key).one(&v.db).await.map_err(internal)?;
        let r = record(&m)?;
        let draft = draft.map(|d| typed(d, id, &r));
        let merge = match draft.as_ref().map(|d| &d.typed).filter(|d| d.based_on < r.revision) {
            Some(mine) => {
                let base = revision(&v.db, &v.organisation, id, mine.based_on).await;
                base.ok().map(|base| rules::merge(&base.content, &mine.content, &r.content))
            }
            None => None,
        };
        let targets = targets(&loaded.nodes, id);
        let proposals = propose(path.iter().map(String::as_str), &r.content.label, &r.content.text);
        let hints = self.hints_of(&v.db, &v.organisation, &loaded).await?;
        Ok(MeasureSheet {
            id,
            document: m.document_id.parse()?,
            document_title: loaded.document.title.clone(),
            code,
            path,
            scope: r.scope,
            goals: goals_of(&r.goals, &proposals),
            proposals,
            kind: r.kind,
            offered: super::subprocessors::offered(&v.db, &v.organisation, &r.further.subprocessors).await?,
            further: r.further,
            today: clock::day(self.clock.now()),
            hints: hints.into_iter().filter(|h| h.measure == Some(id)).collect(),
            content: r.content,
            status: r.status,
            status_reason: r.status_reason,
            gap: r.gap,
            revision: r.revision,
            draft,
            merge,
            history: self.history(&v, &m).await?,
            previous: at.and_then(|i| i.checked_sub(1)).and_then(|i| order.get(i).copied()),
            next: at.and_then(|i| order.get(i + 1).copied()),
            targets,
            headings: headings(&loaded.nodes),
            beside: beside(&loaded.nodes, id),
            last: self.last_step(&v, &permit, &loaded).await?,
            evidence: super::evidence::of_measure(
                &v.db,
                &v.organisation,
                &m.id,
                clock::day(self.clock.now()),
            )
            .await?,
            waits: super::releases::waiting(&v.db, &v.organisation, &m.document_id).await?.is_some(),
            tested: super::reviews::tested(&v.db, &v.organisation, &m.document_id, id, m.revision).await?,
        })
    }

    async fn edit(&self, permit: Permit, cmd: EditMeasure) -> Result<EditOutcome, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, cmd.id).await?;
        super::subprocessors::known(&work.txn, &work.organisation, &cmd.further.subprocessors).await?;
        let (now, today) = (record(&m)?, clock::day(work.now));
        // A second click, or a form that was only looked at: no step, and what was found effective stays so.
        let next = rules::edit(&now, &cmd, today);
        if rules::is_idle(&now, &cmd, &next, today) {
            drop(work);
            self.discard_draft(permit, cmd.id).await?;
            return Ok(EditOutcome::Saved { revision: m.revision });
        }
        let next = match next {
            Ok(next) => next,
            Err(refusal) => {
                drop(work);
                // The typing is kept, with the reason, so that a page without script shows both again.
                self.store_draft(&permit, &cmd, Some(&refusal)).await?;
                return if refusal == DomainError::Stale {
                    Ok(conflict(&m, &cmd.content))
                } else {
                    Err(refusal)
                };
            }
        };
        let reason = tomfolio_domain::text::prose(&cmd.reason, "reason", 2_000)?;
        save(&work, &m, &next, &reason).await?;
        drop_draft(&work.txn, &work.organisation, &work.user, &m.id).await?;
        work.commit(fact(&m, &next)).await?;
        Ok(EditOutcome::Saved { revision: next.revision })
    }

    async fn keep_draft(&self, permit: Permit, typed: EditMeasure) -> Result<String, DomainError> {
        self.store_draft(&permit, &typed, None).await
    }

    async fn merge_draft(&self, permit: Permit, id: MeasureId, sides: Vec<Side>) -> Result<(), DomainError> {
        let org = permit.organisation().to_string();
        let m = find(&self.db, &org, id).await?;
        let key = (org.clone(), permit.user().to_string(), m.id.clone());
        let now = record(&m)?;
        let draft = drafts::Entity::find_by_id(key).one(&self.db).await.map_err(internal)?;
        let mine = typed(draft.ok_or(DomainError::NotFound)?, id, &now).typed;
        let base = revision(&self.db, &org, id, mine.based_on).await?;
        let one = rules::settle(&base, &mine, &now, &sides)?;
        self.store_draft(&permit, &one, None).await?;
        Ok(())
    }

    async fn discard_draft(&self, permit: Permit, id: MeasureId) -> Result<(), DomainError> {
        find(&self.db, &permit.organisation().to_string(), id).await?;
        drop_draft(&self.db, &permit.organisation().to_string(), &permit.user().to_string(), &id.to_string())
            .await
    }

    async fn offer(
        &self,
        permit: Permit,
        document: DocumentId,
        under: NodeId,
    ) -> Result<AddSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &document.to_string()).await?;
        let above = trail(&loaded.nodes, &|n| n.id == under).ok_or(DomainError::NotFound)?;
        let above: Vec<&str> = above.iter().map(|n| n.title.as_str()).collect();
        Ok(AddSheet {
            document,
            offered: offered(&above, &loaded.document.language),
            headings: headings(&loaded.nodes),
            document_title: loaded.document.title.clone(),
        })
    }

    async fn add(&self, permit: Permit, cmd: AddMeasure) -> Result<MeasureId, DomainError> {
        self.place_new(permit, cmd).await
    }

    async fn retire(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        reason: String,
    ) -> Result<EditOutcome, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let current = record(&m)?;
        let next = match rules::retire(&current, based_on, &reason) {
            Err(DomainError::Stale) => return Ok(conflict(&m, &current.content)),
            other => other?,
        };
        save(&work, &m, &next, &reason).await?;
        work.commit(fact(&m, &next)).await?;
        Ok(EditOutcome::Saved { revision: next.revision })
    }

    async fn compare(
        &self,
        permit: Permit,
        id: MeasureId,
        from: i64,
        to: i64,
    ) -> Result<Comparison, DomainError> {
        let v = View::of(&self.db, &permit);
        find(&v.db, &v.organisation, id).await?;
        let (old, new) = (
            revision(&v.db, &v.organisation, id, from).await?,
            revision(&v.db, &v.organisation, id, to).await?,
        );
        let said = |r: &Record| format!("{}\n{}", r.content.label, r.content.text).trim().to_owned();
        let also = |r: &Record| r.further.also.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" ");
        let pairs = [
            ("status", old.status.to_string(), new.status.to_string()),
            ("owner", old.content.owner.clone(), new.content.owner.clone()),
            ("status_reason", old.status_reason.clone(), new.status_reason.clone()),
            ("scope", old.scope.to_string(), new.scope.to_string()),
            ("goals", goals_row(&old.goals), goals_row(&new.goals)),
            ("kind", old.kind.to_string(), new.kind.to_string()),
            ("audience", old.further.audience.to_string(), new.further.audience.to_string()),
            ("internal", old.further.internal.clone(), new.further.internal.clone()),
            ("also", also(&old), also(&new)),
            ("law", old.further.law.join(" "), new.further.law.join(" ")),
        ];
        let differs = pairs.into_iter().filter(|(_, a, b)| a != b);
        Ok(Comparison {
            from,
            to,
            changes: diff::words(&said(&old), &said(&new)),
            fields: differs.map(|(name, a, b)| (name.to_owned(), a, b)).collect(),
        })
    }

    async fn restore(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        number: i64,
    ) -> Result<EditOutcome, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let m = find(&work.txn, &work.organisation, id).await?;
        let (current, then) = (record(&m)?, revision(&work.txn, &work.organisation, id, number).await?);
        let next = match rules::restore(&current, &then, based_on, clock::day(work.now)) {
            Err(DomainError::Stale) => return Ok(conflict(&m, &then.content)),
            other => other?,
        };
        save(&work, &m, &next, &format!("← {number}")).await?;
        work.commit(fact(&m, &next).with("restored", number)).await?;
        Ok(EditOutcome::Saved { revision: next.revision })
    }

    async fn edit_many(&self, permit: Permit, cmd: EditMany) -> Result<u32, DomainError> {
        if cmd.measures.is_empty() {
            return Err(DomainError::missing("measures"));
        }
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let loaded = load(&work.txn, &work.organisation, &cmd.document.to_string()).await?;
        let reason = tomfolio_domain::text::prose(&cmd.reason, "reason", 2_000)?;
        let (mut count, today) = (0, clock::day(work.now));
        for id in &cmd.measures {
            let m = loaded.measures.get(&id.to_string()).ok_or(DomainError::NotFound)?;
            if let Some(next) = rules::edit_many(&record(m)?, &cmd, &proposed(&loaded.nodes, *id), today)? {
                save(&work, m, &next, &reason).await?;
                count += 1;
            }
        }
        work.commit(Fact::of(cmd.document).with("measures", count)).await?;
        Ok(count)
    }

    async fn place(&self, permit: Permit, id: MeasureId, place: Place) -> Result<(), DomainError> {
        self.put(permit, id, place).await
    }

    async fn split(&self, permit: Permit, cmd: SplitMeasure) -> Result<MeasureId, DomainError> {
        self.divide(permit, cmd).await
    }

    async fn join(
        &self,
        permit: Permit,
        id: MeasureId,
        based_on: i64,
        other: MeasureId,
    ) -> Result<(), DomainError> {
        self.unite(permit, id, based_on, other).await
    }

    async fn duplicate(&self, permit: Permit, id: MeasureId) -> Result<MeasureId, DomainError> {
        self.copy(permit, id).await
    }

    async fn confirm(
        &self,
        permit: Permit,
        document: DocumentId,
        what: Selection,
        owner: String,
    ) -> Result<u32, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let loaded = load(&work.txn, &work.organisation, &document.to_string()).await?;
        let chosen: Vec<MeasureId> = match what {
            Selection::One(id) => vec![id],
            Selection::Under(node) => {
                let node = node_of(&loaded.nodes, node).ok_or(DomainError::NotFound)?;
                listed(std::slice::from_ref(node))
                    .iter()
                    .filter_map(|n| n.measure.as_ref().map(|m| m.id))
                    .collect()
            }
            Selection::All => {
                listed(&loaded.nodes).iter().filter_map(|n| n.measure.as_ref().map(|m| m.id)).collect()
            }
        };
        let mut count = 0;
        for id in chosen {
            let m = loaded.measures.get(&id.to_string()).ok_or(DomainError::NotFound)?;
            let proposed = proposed(&loaded.nodes, id);
            if let Some(next) = rules::confirm(&record(m)?, &owner, &proposed)? {
                save(&work, m, &next, "").await?;
                count += 1;
            }
        }
        work.commit(Fact::of(document).with("confirmed", count)).await?;
        Ok(count)
    }
}
