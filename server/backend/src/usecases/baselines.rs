//! Baselines: a document is made from one of another organisation, and hears of its changes. Whoever reads a baseline belongs to its
//! organisation; who does not, is told nothing about it.

use super::documents::{Loaded, load, load_layout};
use super::measures::{record, save};
use super::placement::{NewMeasure, heading, new_under};
use super::stamps::copy;
use super::trees::new_document;
use crate::Backend;
use crate::db::entity::{
    baselines, documents, measure_revisions, measures, organisations, stamp_links, stamps,
};
use crate::db::{Fact, View, Work, internal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::{HashMap, HashSet};
use tomfolio_domain::baselines::{
    Answer, BaselineRow, BaselineService, BaselineSheet, Follower, Offer, Origin, Stamp, Twin, Version, What,
    offer, taken,
};
use tomfolio_domain::documents::{Looked, NodeView, headings, title as checked_title, trail, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, MeasureId, NodeId, OrganisationId};
use tomfolio_domain::measures::{self as rules, Record, Status};
use tomfolio_domain::policy::Permit;

/// The organisations that somebody belongs to.
fn of(readable: &[Permit]) -> Vec<String> {
    readable.iter().map(|p| p.organisation().to_string()).collect()
}

/// What a document knows of its baseline's measures and headings.
type Links = HashMap<String, stamp_links::Model>;

async fn links(db: &impl ConnectionTrait, stamp: &stamps::Model) -> Result<Links, DomainError> {
    let rows = stamp_links::Entity::find()
        .filter(stamp_links::Column::OrganisationId.eq(&stamp.organisation_id))
        .filter(stamp_links::Column::DocumentId.eq(&stamp.document_id))
        .all(db)
        .await
        .map_err(internal)?;
    Ok(rows.into_iter().map(|l| (l.origin.clone(), l)).collect())
}

async fn stamp_of(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
) -> Result<Option<stamps::Model>, DomainError> {
    let key = (organisation.to_owned(), document.to_owned());
    stamps::Entity::find_by_id(key).one(db).await.map_err(internal)
}

/// Whether a baseline has anything that a document has not looked at.
fn behind(theirs: &HashMap<String, measures::Model>, links: &Links) -> bool {
    theirs
        .values()
        .any(|m| links.get(&m.id).map_or(m.status != Status::Retired.as_str(), |l| m.revision > l.revision))
}

/// Each measure of a baseline that changed since a document looked at it, with what became of it there.
async fn twins(
    db: &impl ConnectionTrait,
    theirs: &Loaded,
    own: &Loaded,
    links: &Links,
) -> Result<Vec<Twin>, DomainError> {
    let mut order = Vec::new();
    walk(&theirs.nodes, &mut |n: &NodeView| order.extend(n.measure.as_ref().map(|m| (m.id, n.code.clone()))));
    let since = |id: &MeasureId| links.get(&id.to_string()).map_or(0, |l| l.revision);
    order.retain(|(id, _)| theirs.measures.get(&id.to_string()).is_some_and(|m| m.revision > since(id)));
    let steps = measure_revisions::Entity::find()
        .filter(measure_revisions::Column::OrganisationId.eq(&theirs.document.organisation_id))
        .filter(measure_revisions::Column::MeasureId.is_in(order.iter().map(|(id, _)| id.to_string())))
        .order_by_asc(measure_revisions::Column::Number)
        .all(db)
        .await
        .map_err(internal)?;
    let mut codes = HashMap::new();
    walk(&own.nodes, &mut |n: &NodeView| {
        codes.extend(n.measure.as_ref().map(|m| (m.id, n.code.clone().unwrap_or_default())));
    });
    let mut out = Vec::with_capacity(order.len());
    for (origin, code) in order {
        let Some(now) = theirs.measures.get(&origin.to_string()) else { continue };
        let link = links.get(&now.id);
        let mine = || steps.iter().filter(|s| s.measure_id == now.id);
        let base = link.and_then(|l| mine().find(|s| s.number == l.revision));
        let standing = link.and_then(|l| l.own.as_ref()).and_then(|id| own.measures.get(id));
        let standing: Option<(MeasureId, Record)> =
            standing.map(|m| Ok::<_, DomainError>((m.id.parse()?, record(m)?))).transpose()?;
        let reasons = mine().filter(|s| s.number > since(&origin));
        let reason = reasons
            .filter(|s| !s.reason.starts_with('←'))
            .map(|s| s.reason.as_str())
            .rfind(|r| !r.is_empty());
        out.push(Twin {
            origin,
            revision: now.revision,
            reason: reason.unwrap_or_default().to_owned(),
            now: Version::from(&record(now)?),
            retired: now.status == Status::Retired.as_str(),
            base: base.map(super::measures::step).transpose()?.as_ref().map(Version::from),
            code: standing.as_ref().and_then(|(id, _)| codes.get(id).cloned()).or(code).unwrap_or_default(),
            own: standing,
        });
    }
    Ok(out)
}

/// What is offered to a document, in the baseline's order; nothing where the baseline is gone.
async fn offers(db: &impl ConnectionTrait, stamp: &stamps::Model) -> Result<Vec<Offer>, DomainError> {
    let theirs = load_layout(db, &stamp.origin_organisation, &stamp.origin_document, "").await?;
    open(db, &theirs, stamp).await
}

async fn open(
    db: &impl ConnectionTrait,
    theirs: &Loaded,
    stamp: &stamps::Model,
) -> Result<Vec<Offer>, DomainError> {
    let links = links(db, stamp).await?;
    if !behind(&theirs.measures, &links) {
        return Ok(Vec::new());
    }
    let own = load(db, &stamp.organisation_id, &stamp.document_id).await?;
    Ok(twins(db, theirs, &own, &links).await?.iter().filter_map(offer).collect())
}

/// Documents of these organisations that wait for an answer to their baseline, and how many offers there are. A baseline of an
/// organisation that is not among them is not looked at.
pub(super) async fn waiting(
    db: &impl ConnectionTrait,
    organisations: &[String],
) -> Result<Vec<(stamps::Model, u32)>, DomainError> {
    let stamps = stamps::Entity::find()
        .filter(stamps::Column::OrganisationId.is_in(organisations))
        .filter(stamps::Column::OriginOrganisation.is_in(organisations))
        .order_by_asc(stamps::Column::OriginDocument)
        .all(db)
        .await
        .map_err(internal)?;
    let mut out = Vec::new();
    let mut theirs: Option<Loaded> = None;
    for s in stamps {
        if theirs.as_ref().is_none_or(|t| t.document.id != s.origin_document) {
            theirs = Some(load_layout(db, &s.origin_organisation, &s.origin_document, "").await?);
        }
        let Some(theirs) = &theirs else { continue };
        let count = open(db, theirs, &s).await?.len() as u32;
        if count > 0 {
            out.push((s, count));
        }
    }
    Ok(out)
}

/// Remembers what was looked at, and what stands for it here.
async fn look(
    work: &Work,
    stamp: &stamps::Model,
    origin: MeasureId,
    revision: i64,
    own: Option<String>,
) -> Result<(), DomainError> {
    let row = stamp_links::Model {
        organisation_id: stamp.organisation_id.clone(),
        document_id: stamp.document_id.clone(),
        origin: origin.to_string(),
        own,
        revision,
    };
    use stamp_links::Column as C;
    let key = (row.organisation_id.clone(), row.document_id.clone(), row.origin.clone());
    let before = stamp_links::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
    let (own, revision) = before.map_or((None, None), |b| (b.own, Some(b.revision)));
    let looked = Looked { origin: row.origin.clone(), own, revision };
    work.note(&stamp.document_id, |s| s.looked.push(looked));
    stamp_links::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([C::OrganisationId, C::DocumentId, C::Origin])
                .update_columns([C::Own, C::Revision])
                .to_owned(),
        )
        .exec_without_returning(&work.txn)
        .await
        .map_err(internal)?;
    Ok(())
}

/// Everything that an answer needs: where the document comes from, both trees, and the links between them.
struct Sides {
    stamp: stamps::Model,
    theirs: Loaded,
    own: Loaded,
    links: Links,
}

impl Sides {
    async fn of(work: &Work, readable: &[Permit], document: DocumentId) -> Result<Sides, DomainError> {
        let document = document.to_string();
        let own = load(&work.txn, &work.organisation, &document).await?;
        let stamp = stamp_of(&work.txn, &work.organisation, &document).await?.ok_or(DomainError::NotFound)?;
        if !of(readable).contains(&stamp.origin_organisation) {
            return Err(DomainError::NotFound);
        }
        let theirs = load_layout(&work.txn, &stamp.origin_organisation, &stamp.origin_document, "").await?;
        let links = links(&work.txn, &stamp).await?;
        Ok(Sides { stamp, theirs, own, links })
    }

    /// The heading here that a new measure of the baseline belongs under: that of its own heading there, or of the nearest above it.
    fn home(&self, origin: MeasureId) -> Option<NodeId> {
        let trail = trail(&self.theirs.nodes, &|n| n.is_of(origin))?;
        let linked = |n: &&NodeView| self.links.get(&n.id.to_string())?.own.as_ref()?.parse().ok();
        trail.iter().rev().skip(1).find_map(linked)
    }

    /// Takes one offer over; answers with the measure here.
    async fn take(
        &self,
        work: &Work,
        twin: &Twin,
        offer: &Offer,
        answer: &Answer,
    ) -> Result<MeasureId, DomainError> {
        // Where it came from is told here; why the house changed it stays with who belongs to both.
        let why = self.theirs.document.title.clone();
        let standing =
            twin.own.as_ref().and_then(|(id, r)| Some((id, r, self.own.measures.get(&id.to_string())?)));
        let id = match (&offer.what, standing) {
            (What::Changed { measure, .. }, Some((_, r, m))) => {
                let base = twin.base.as_ref().unwrap_or(&twin.now);
                save(work, m, &taken(r, base, &twin.now, answer)?, &why).await?;
                *measure
            }
            (What::Gone { measure }, Some((_, r, m))) => {
                save(work, m, &rules::retire(r, r.revision, &why)?, &why).await?;
                *measure
            }
            (What::New { .. }, _) => {
                let last = || {
                    let mut last = None;
                    walk(&self.own.nodes, &mut |n: &NodeView| {
                        last = n.measure.is_none().then_some(n.id).or(last)
                    });
                    last
                };
                let home = self.home(twin.origin).or_else(last).ok_or(DomainError::WrongState)?;
                let parent = heading(work, home, &self.stamp.document_id).await?;
                let Version { label, text, goals, kind, outward } = twin.now.clone();
                let new = NewMeasure::of(label, text, Status::ToConfirm, why);
                new_under(work, parent, NewMeasure { goals, kind, further: outward, ..new }).await?.0
            }
            (What::Changed { .. } | What::Gone { .. }, None) => return Err(DomainError::WrongState),
        };
        look(work, &self.stamp, twin.origin, twin.revision, Some(id.to_string())).await?;
        Ok(id)
    }
}

async fn names(db: &impl ConnectionTrait, ids: &[String]) -> Result<HashMap<String, String>, DomainError> {
    let rows = organisations::Entity::find()
        .filter(organisations::Column::Id.is_in(ids))
        .all(db)
        .await
        .map_err(internal)?;
    Ok(rows.into_iter().map(|o| (o.id, o.name)).collect())
}

impl Backend {
    /// Documents of this person's organisations that were made from a baseline.
    async fn followers(&self, baseline: &Loaded, readable: &[Permit]) -> Result<Vec<Follower>, DomainError> {
        let rows = stamps::Entity::find()
            .filter(stamps::Column::OriginOrganisation.eq(&baseline.document.organisation_id))
            .filter(stamps::Column::OriginDocument.eq(&baseline.document.id))
            .filter(stamps::Column::OrganisationId.is_in(of(readable)))
            .all(&self.db)
            .await
            .map_err(internal)?;
        // Most documents have none: then the tree is not read a second time.
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let organisations: Vec<String> = rows.iter().map(|s| s.organisation_id.clone()).collect();
        let names = names(&self.db, &organisations).await?;
        // The baseline as others see it: the outline that it came with.
        let theirs =
            load_layout(&self.db, &baseline.document.organisation_id, &baseline.document.id, "").await?;
        let mut out = Vec::with_capacity(rows.len());
        for s in rows {
            let key = (s.organisation_id.clone(), s.document_id.clone());
            let Some(d) = documents::Entity::find_by_id(key).one(&self.db).await.map_err(internal)? else {
                continue;
            };
            out.push(Follower {
                organisation: s.organisation_id.parse()?,
                organisation_name: names.get(&s.organisation_id).cloned().unwrap_or_default(),
                document: s.document_id.parse()?,
                title: d.title,
                open: open(&self.db, &theirs, &s).await?.len() as u32,
            });
        }
        out.sort_by(|a, b| (&a.organisation_name, &a.title).cmp(&(&b.organisation_name, &b.title)));
        Ok(out)
    }

    async fn origin(
        &self,
        stamp: Option<&stamps::Model>,
        readable: &[Permit],
    ) -> Result<Origin, DomainError> {
        let Some(s) = stamp else { return Ok(Origin::None) };
        if !of(readable).contains(&s.origin_organisation) {
            return Ok(Origin::Hidden);
        }
        let key = (s.origin_organisation.clone(), s.origin_document.clone());
        let Some(d) = documents::Entity::find_by_id(key).one(&self.db).await.map_err(internal)? else {
            return Ok(Origin::Hidden);
        };
        let organisation: OrganisationId = s.origin_organisation.parse()?;
        let name = names(&self.db, std::slice::from_ref(&s.origin_organisation)).await?.into_values().next();
        Ok(Origin::Known {
            organisation,
            organisation_name: name.unwrap_or_default(),
            document: d.id.parse()?,
            title: d.title,
        })
    }
}

#[async_trait::async_trait]
impl BaselineService for Backend {
    async fn list(&self, readable: Vec<Permit>) -> Result<Vec<BaselineRow>, DomainError> {
        let organisations = of(&readable);
        let rows = baselines::Entity::find()
            .filter(baselines::Column::OrganisationId.is_in(&organisations))
            .all(&self.db)
            .await
            .map_err(internal)?;
        let names = names(&self.db, &organisations).await?;
        let ids: HashSet<&str> = rows.iter().map(|b| b.document_id.as_str()).collect();
        let found = documents::Entity::find()
            .filter(documents::Column::OrganisationId.is_in(&organisations))
            .filter(documents::Column::Id.is_in(ids.iter().copied()))
            .all(&self.db)
            .await
            .map_err(internal)?;
        let counts: Vec<(String, i64)> = measures::Entity::find()
            .filter(measures::Column::OrganisationId.is_in(&organisations))
            .filter(measures::Column::DocumentId.is_in(ids))
            .filter(measures::Column::Status.ne(Status::Retired.as_str()))
            .select_only()
            .column(measures::Column::DocumentId)
            .column_as(measures::Column::Id.count(), "n")
            .group_by(measures::Column::DocumentId)
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(internal)?;
        let counts: HashMap<String, i64> = counts.into_iter().collect();
        let mut out = Vec::with_capacity(found.len());
        for d in found {
            out.push(BaselineRow {
                organisation: d.organisation_id.parse()?,
                organisation_name: names.get(&d.organisation_id).cloned().unwrap_or_default(),
                measures: counts.get(&d.id).copied().unwrap_or(0).unsigned_abs() as u32,
                document: d.id.parse()?,
                scheme: d.scheme.parse()?,
                title: d.title,
            });
        }
        out.sort_by(|a, b| (&a.organisation_name, &a.title).cmp(&(&b.organisation_name, &b.title)));
        Ok(out)
    }

    async fn find(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        document: DocumentId,
    ) -> Result<BaselineSheet, DomainError> {
        let v = View::of(&self.db, &permit);
        let loaded = load(&v.db, &v.organisation, &document.to_string()).await?;
        let key = (v.organisation.clone(), loaded.document.id.clone());
        let offered = baselines::Entity::find_by_id(key).one(&v.db).await.map_err(internal)?.is_some();
        let stamp = stamp_of(&v.db, &v.organisation, &loaded.document.id).await?;
        let origin = self.origin(stamp.as_ref(), &readable).await?;
        let offers = match (&stamp, &origin) {
            (Some(s), Origin::Known { .. }) => offers(&v.db, s).await?,
            _ => Vec::new(),
        };
        Ok(BaselineSheet {
            document,
            document_title: loaded.document.title.clone(),
            offered,
            origin,
            offers,
            followers: self.followers(&loaded, &readable).await?,
            headings: headings(&loaded.nodes),
        })
    }

    async fn mark(&self, permit: Permit, document: DocumentId, on: bool) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let key = (work.organisation.clone(), document.to_string());
        documents::Entity::find_by_id(key.clone())
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        baselines::Entity::delete_by_id(key).exec(&work.txn).await.map_err(internal)?;
        if on {
            let row = baselines::ActiveModel {
                organisation_id: Set(work.organisation.clone()),
                document_id: Set(document.to_string()),
                since: Set(work.now.as_microsecond()),
            };
            baselines::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
        }
        work.commit(Fact::of(document).with("baseline", on)).await
    }

    async fn stamp(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        cmd: Stamp,
    ) -> Result<DocumentId, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let from = cmd.organisation.to_string();
        let key = (from.clone(), cmd.document.to_string());
        let offered = baselines::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?.is_some();
        if !offered || !of(&readable).contains(&from) {
            return Err(DomainError::NotFound);
        }
        let theirs = load_layout(&work.txn, &from, &cmd.document.to_string(), "").await?;
        let given = if cmd.title.trim().is_empty() { &theirs.document.title } else { &cmd.title };
        let scheme = theirs.document.scheme.parse()?;
        let id = new_document(&work, &checked_title(given)?, &theirs.document.language, scheme).await?;
        let (rows, links) = copy(&work, &id.to_string(), &theirs);
        rows.insert(&work).await?;
        let stamp = stamps::Model {
            organisation_id: work.organisation.clone(),
            document_id: id.to_string(),
            origin_organisation: from.clone(),
            origin_document: cmd.document.to_string(),
            stamped_at: work.now.as_microsecond(),
        };
        stamps::Entity::insert(stamp.into_active_model())
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
        for batch in links.chunks(super::trees::BATCH) {
            stamp_links::Entity::insert_many(batch.to_vec())
                .exec_without_returning(&work.txn)
                .await
                .map_err(internal)?;
        }
        let fact = Fact::of(id).with("baseline", cmd.document).with("baseline_organisation", from);
        work.commit(fact.with("measures", theirs.measures.len())).await?;
        Ok(id)
    }

    async fn answer(&self, permit: Permit, readable: Vec<Permit>, cmd: Answer) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let sides = Sides::of(&work, &readable, cmd.document).await?;
        let twins = twins(&work.txn, &sides.theirs, &sides.own, &sides.links).await?;
        let twin = twins.iter().find(|t| t.origin == cmd.origin).ok_or(DomainError::Stale)?;
        let open = offer(twin).ok_or(DomainError::Stale)?;
        // What somebody saw is what is decided about.
        if twin.revision != cmd.revision {
            return Err(DomainError::Stale);
        }
        let fact = if cmd.take {
            Fact::of(sides.take(&work, twin, &open, &cmd).await?)
        } else {
            let own = twin.own.as_ref().map(|(id, _)| id.to_string());
            look(&work, &sides.stamp, twin.origin, twin.revision, own).await?;
            Fact::of(cmd.document)
        };
        work.commit(fact.with("baseline_measure", cmd.origin).with("taken", cmd.take)).await
    }

    async fn take_all(
        &self,
        permit: Permit,
        readable: Vec<Permit>,
        document: DocumentId,
    ) -> Result<u32, DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let sides = Sides::of(&work, &readable, document).await?;
        let mut count = 0;
        for twin in twins(&work.txn, &sides.theirs, &sides.own, &sides.links).await? {
            let Some(open) = offer(&twin).filter(Offer::in_bulk) else { continue };
            let answer = Answer {
                document,
                origin: twin.origin,
                revision: twin.revision,
                take: true,
                sides: Vec::new(),
            };
            sides.take(&work, &twin, &open, &answer).await?;
            count += 1;
        }
        if count == 0 {
            return Err(DomainError::Stale);
        }
        work.commit(Fact::of(document).with("taken", count)).await?;
        Ok(count)
    }
}
