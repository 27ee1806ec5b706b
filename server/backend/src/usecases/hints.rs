//! Quality hints of a document: the rules of `domain::lint` over what is stored, and what was dismissed.

use super::documents::{Loaded, load};
use crate::Backend;
use crate::clock;
use crate::db::entity::{dismissals, releases, review_plans};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::catalogues::{of_scheme, propose};
use tomfolio_domain::documents::{self as documents_rules, NodeView, headings, measures as listed, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::evidence::EvidenceRow;
use tomfolio_domain::hints::{DismissHints, Dismissal, HintLine, HintService, HintSheet, dismiss, mark};
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_domain::import::Kind;
use tomfolio_domain::lint::{
    self, Certificate, Document, Frame, Goal, Hint, Measure, MeasureState, Place, State, Subprocessor,
};
use tomfolio_domain::parameters::{self, Strength};
use tomfolio_domain::policy::{Action, Permit};
use tomfolio_domain::releases::{ReleaseState, Snapshot, SnapshotNode};
use tomfolio_domain::reviews::Judged;
use tomfolio_domain::subprocessors::{Facts, Missing};

/// Documents whose hints are kept in memory: they cost some milliseconds and change only with a text.
const KEPT: usize = 256;

/// Hints of documents by the hash of what they were made from.
#[derive(Default)]
pub struct Cache {
    kept: Mutex<HashMap<String, Arc<Vec<Hint>>>>,
}

impl Cache {
    fn of(&self, d: &Document, today: jiff::civil::Date) -> Arc<Vec<Hint>> {
        let key = sha256_hex(format!("{today} {:?} {:?} {:?}", d.catalogue, d.goals, d.measures).as_bytes());
        let found = self.kept.lock().ok().and_then(|k| k.get(&key).cloned());
        found.unwrap_or_else(|| {
            let made = Arc::new(lint::of_texts(d, today));
            if let Ok(mut kept) = self.kept.lock() {
                if kept.len() >= KEPT {
                    kept.clear();
                }
                kept.insert(key, made.clone());
            }
            made
        })
    }
}

/// A document as the rules see it, and the measure behind each place.
fn read(loaded: &Loaded) -> Result<(Document, Vec<MeasureId>, Vec<String>), DomainError> {
    let (mut measures, mut ids) = (Vec::new(), Vec::new());
    for n in listed(&loaded.nodes) {
        let Some(row) = &n.measure else { continue };
        let Some(m) = loaded.measures.get(&row.id.to_string()) else { continue };
        ids.push(row.id);
        measures.push(Measure {
            code: n.code.clone().unwrap_or_default(),
            label: m.label.clone(),
            text: m.body.clone(),
            goals: row.goals.clone(),
            scope: n.scope,
        });
    }
    let (mut goals, mut codes) = (Vec::new(), Vec::new());
    walk(&loaded.nodes, &mut |n: &NodeView| {
        if n.kind == Kind::Goal {
            codes.push(n.code.clone().unwrap_or_default());
            let served =
                propose([n.title.as_str()].into_iter(), "", "").into_iter().map(|p| p.goal).collect();
            goals.push(Goal {
                code: n.code.clone().unwrap_or_default(),
                title: n.title.clone(),
                definition: n.definition.clone(),
                goals: served,
            });
        }
    });
    let catalogue = loaded.layout()?.unwrap_or(of_scheme(loaded.scheme()?));
    Ok((Document { goals, measures, catalogue: Some(catalogue), state: None }, ids, codes))
}

impl Backend {
    /// All hints of a document, dismissed ones too, in reading order.
    pub(super) async fn hints_of(
        &self,
        db: &impl ConnectionTrait,
        organisation: &str,
        loaded: &Loaded,
    ) -> Result<Vec<HintLine>, DomainError> {
        let today = clock::day(self.clock.now());
        let (mut document, ids, codes) = read(loaded)?;
        let mut found = self.hints.of(&document, today).to_vec();
        let state = self.state_of(db, organisation, loaded, &ids, today).await?;
        document.state = Some(state);
        found.extend(lint::of_state(&document, today));
        lint::settle(&document, &mut found);
        let set_aside = set_aside(db, organisation, &loaded.document.id).await?;
        let line = |h: Hint| {
            let (measure, code) = match h.place {
                Place::Measure(i) => (
                    ids.get(i).copied(),
                    document.measures.get(i).map(|m| m.code.clone()).unwrap_or_default(),
                ),
                Place::Goal(i) => (None, codes.get(i).cloned().unwrap_or_default()),
                Place::Document => (None, String::new()),
            };
            let mark = mark(&measure.map_or_else(|| code.clone(), |m| m.to_string()), &h);
            HintLine {
                rule: h.rule,
                severity: h.severity(),
                dismissed: set_aside.get(&mark).cloned(),
                mark,
                measure,
                code,
                quote: h.quote,
                about: h.about,
            }
        };
        Ok(found.into_iter().map(line).collect())
    }

    /// What only the portal knows of a document.
    async fn state_of(
        &self,
        db: &impl ConnectionTrait,
        organisation: &str,
        loaded: &Loaded,
        ids: &[MeasureId],
        today: jiff::civil::Date,
    ) -> Result<State, DomainError> {
        let document = &loaded.document.id;
        let mut beside = super::evidence::by_measure(db, organisation, today).await?;
        let reviewed = super::reviews::reviewed(db, organisation, document).await?;
        let judged = super::reviews::last_results(db, organisation, document).await?;
        let plan = review_plans::Entity::find_by_id((organisation.to_owned(), document.clone()));
        let plan = plan.one(db).await.map_err(internal)?;
        let decided = super::documents::decided(db, organisation, document).await?;
        let roles = documents_rules::scopes(&loaded.nodes, &decided);
        let approvers = super::mails::who_may(db, organisation, Action::Approve).await?;
        let mut measures = Vec::with_capacity(ids.len());
        for id in ids {
            let key = id.to_string();
            let Some(m) = loaded.measures.get(&key) else { continue };
            let effectiveness = match judged.get(id) {
                Some(Judged::Verdict(v)) => Some((v.effectiveness, v.drawn)),
                _ => None,
            };
            measures.push(MeasureState {
                status: m.status.parse()?,
                owner: m.owner.clone(),
                evidence: beside.remove(&key).unwrap_or_default().into_iter().map(certificate).collect(),
                effectiveness,
            });
        }
        // In the document's own order: where several are wrong, the list is the same each time.
        let named = ids.iter().filter_map(|id| loaded.measures.get(&id.to_string()));
        let relied_on = super::subprocessors::relied_on(db, organisation, named).await?;
        let mut cites_review = false;
        walk(&loaded.nodes, &mut |n| {
            cites_review |=
                !n.kind.is_leaf() && n.title.contains("Abs. 1 lit. d") || n.title.contains("32(1)(d)");
        });
        Ok(State {
            measures,
            frame: Frame {
                organisation: true,
                version: true,
                date: true,
                role: roles.iter().all(|r| r.role.is_some()),
                signatory: !approvers.is_empty(),
            },
            subprocessors: relied_on.iter().map(relied).collect(),
            since: clock::day_of(loaded.document.created_at),
            last_review: reviewed.as_ref().and_then(|r| r.last_on),
            interval: plan.and_then(|p| u8::try_from(p.months).ok()),
            open_major: reviewed.map_or(0, |r| r.open_major),
            weakened: weakened(db, organisation, loaded).await?,
            cites_review,
        })
    }
}

/// What the rules look at in a piece of evidence.
fn certificate(e: EvidenceRow) -> Certificate {
    Certificate { title: e.title, kind: e.kind, freshness: e.freshness, audience: e.audience }
}

/// What rule P05 asks of a sub-processor.
fn relied(f: &Facts) -> Subprocessor {
    let missing = f.missing();
    Subprocessor {
        name: f.name.clone(),
        has_contract: !missing.contains(&Missing::Contract),
        was_audited: !missing.contains(&Missing::Audit),
        has_plan: !missing.contains(&Missing::Plan),
    }
}

/// Codes of the measures that promise less than the release in force.
async fn weakened(
    db: &impl ConnectionTrait,
    organisation: &str,
    loaded: &Loaded,
) -> Result<Vec<String>, DomainError> {
    let last = releases::Entity::find()
        .filter(releases::Column::OrganisationId.eq(organisation))
        .filter(releases::Column::DocumentId.eq(&loaded.document.id))
        .filter(releases::Column::State.eq(ReleaseState::Released.as_str()))
        .order_by_desc(releases::Column::Number)
        .one(db)
        .await
        .map_err(internal)?;
    let Some(json) = last.and_then(|r| r.snapshot) else { return Ok(Vec::new()) };
    let frozen: Snapshot = serde_json::from_str(&json).map_err(internal)?;
    fn flat<'a>(nodes: &'a [SnapshotNode], out: &mut HashMap<&'a str, &'a SnapshotNode>) {
        for n in nodes {
            if let Some(id) = &n.measure {
                out.insert(id, n);
            }
            flat(&n.children, out);
        }
    }
    let mut before = HashMap::new();
    flat(&frozen.nodes, &mut before);
    let mut out = Vec::new();
    for n in listed(&loaded.nodes) {
        let Some(m) = n.measure.as_ref().and_then(|m| loaded.measures.get(&m.id.to_string())) else {
            continue;
        };
        let Some(old) = before.get(m.id.as_str()).filter(|old| old.text != m.body) else { continue };
        let (was, is) = (parameters::find(&old.label, &old.text), parameters::find(&m.label, &m.body));
        let weaker = was.iter().any(|w| {
            is.iter().any(|i| parameters::compare(w, i) == Some(Strength::Weaker))
                && !is.iter().any(|i| parameters::compare(w, i) == Some(Strength::Same))
        });
        if weaker {
            out.push(n.code.clone().unwrap_or_default());
        }
    }
    Ok(out)
}

/// What was dismissed in a document, by mark.
async fn set_aside(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<HashMap<String, Dismissal>, DomainError> {
    let rows = dismissals::Entity::find()
        .filter(dismissals::Column::OrganisationId.eq(organisation))
        .filter(dismissals::Column::DocumentId.eq(document))
        .all(db)
        .await
        .map_err(internal)?;
    let names = super::organisations::names(db, rows.iter().map(|r| r.by_user.as_str())).await?;
    let by = |id: &str| names.get(id).cloned().unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|r| {
            let by = by(&r.by_user);
            (r.mark, Dismissal { reason: r.reason, by, at: clock::shown(r.at) })
        })
        .collect())
}

#[async_trait::async_trait]
impl HintService for Backend {
    async fn list(&self, permit: Permit, document: DocumentId) -> Result<HintSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &document.to_string()).await?;
        Ok(HintSheet {
            document,
            document_title: loaded.document.title.clone(),
            hints: self.hints_of(&v.db, &v.organisation, &loaded).await?,
            headings: headings(&loaded.nodes),
        })
    }

    async fn dismiss(&self, permit: Permit, cmd: DismissHints) -> Result<u32, DomainError> {
        let (marks, reason) = dismiss(&cmd)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let loaded = load(&work.txn, &work.organisation, &cmd.document.to_string()).await?;
        let there = self.hints_of(&work.txn, &work.organisation, &loaded).await?;
        // Words that changed meanwhile have another name: what nobody sees any more is not dismissed.
        let chosen: Vec<&HintLine> = there.iter().filter(|h| marks.contains(&h.mark)).collect();
        if chosen.is_empty() {
            return Err(DomainError::Stale);
        }
        let count = chosen.len() as u32;
        match &reason {
            Some(reason) => {
                let rows = chosen.iter().map(|h| dismissals::ActiveModel {
                    organisation_id: Set(work.organisation.clone()),
                    document_id: Set(loaded.document.id.clone()),
                    mark: Set(h.mark.clone()),
                    rule: Set(h.rule.as_str().into()),
                    reason: Set(reason.clone()),
                    by_user: Set(work.user.clone()),
                    at: Set(work.now.as_microsecond()),
                });
                let key = [
                    dismissals::Column::OrganisationId,
                    dismissals::Column::DocumentId,
                    dismissals::Column::Mark,
                ];
                let newer = [dismissals::Column::Reason, dismissals::Column::ByUser, dismissals::Column::At];
                dismissals::Entity::insert_many(rows.collect::<Vec<_>>())
                    .on_conflict(OnConflict::columns(key).update_columns(newer).to_owned())
                    .exec_without_returning(&work.txn)
                    .await
                    .map_err(internal)?;
            }
            None => {
                dismissals::Entity::delete_many()
                    .filter(dismissals::Column::OrganisationId.eq(&work.organisation))
                    .filter(dismissals::Column::DocumentId.eq(&loaded.document.id))
                    .filter(dismissals::Column::Mark.is_in(chosen.iter().map(|h| h.mark.clone())))
                    .exec(&work.txn)
                    .await
                    .map_err(internal)?;
            }
        }
        let mut rules: Vec<String> = chosen.iter().map(|h| h.rule.id()).collect();
        rules.sort();
        rules.dedup();
        let fact = Fact::of(cmd.document).with("hints", count).with("rules", rules.join(" "));
        work.commit(fact.with("dismissed", reason.is_some())).await?;
        Ok(count)
    }
}
