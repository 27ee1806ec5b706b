//! Who is told of what: reminders of what has become due. Looking again finds the same occasions, and nobody is told twice.

use super::organisations::members;
use crate::Backend;
use crate::clock;
use crate::db::entity::{evidence_versions, mails, organisations, reviews};
use crate::db::{Fact, NewMail, Work, internal};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use tomfolio_domain::actor::Role;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::mails::{MailKind, of_evidence, of_review};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::reviews::{LEAD_DAYS, ReviewState};

/// The members whose role may do something.
pub(super) async fn who_may(
    db: &impl ConnectionTrait,
    organisation: &str,
    action: Action,
) -> Result<Vec<String>, DomainError> {
    let able = |roles: &[Role]| roles.iter().any(|r| allowed(*r, action));
    let all = members(db, organisation).await?;
    Ok(all.into_iter().filter(|m| able(&m.2)).map(|m| m.0.to_string()).collect())
}

impl Backend {
    /// Tells people in every organisation what has become due since they were told last.
    pub async fn remind(&self) -> Result<u32, DomainError> {
        let now = self.clock.now();
        let today = clock::day(now);
        let ids: Vec<String> = organisations::Entity::find()
            .select_only()
            .column(organisations::Column::Id)
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(internal)?;
        let mut told = 0;
        for id in ids {
            let due = due_mails(&self.db, &id, today).await?;
            if due.is_empty() {
                continue;
            }
            // Asked again under the organisation's lock: another worker may have told them meanwhile.
            let work = Work::of_system(&self.db, id.clone(), "mails/remind", now).await?;
            let due = due_mails(&work.txn, &id, today).await?;
            if due.is_empty() {
                continue;
            }
            let count = due.len() as u32;
            let mut fact = Fact::of(&id).with("mails", count);
            fact.mails = due;
            work.commit(fact).await?;
            told += count;
        }
        Ok(told)
    }
}

/// What is due on a day and was not told yet.
async fn due_mails(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: Date,
) -> Result<Vec<NewMail>, DomainError> {
    let mut out = of_reviews(db, organisation, today).await?;
    out.extend(of_all_evidence(db, organisation, today).await?);
    out.extend(of_promises(db, organisation, today).await?);
    if out.is_empty() {
        return Ok(out);
    }
    use mails::Column as C;
    let known: HashSet<(String, String, String, String)> = mails::Entity::find()
        .filter(C::OrganisationId.eq(organisation))
        .select_only()
        .columns([C::UserId, C::Kind, C::Object, C::Occasion])
        .into_tuple()
        .all(db)
        .await
        .map_err(internal)?
        .into_iter()
        .collect();
    out.retain(|m| {
        let key = (m.to.clone(), m.kind.as_str().to_owned(), m.object.clone(), m.occasion.clone());
        !known.contains(&key)
    });
    Ok(out)
}

/// The reviewer of each open review; of an overdue one the DPO as well.
async fn of_reviews(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: Date,
) -> Result<Vec<NewMail>, DomainError> {
    let open = [ReviewState::Planned.as_str(), ReviewState::InProgress.as_str()];
    let rows = reviews::Entity::find()
        .filter(reviews::Column::OrganisationId.eq(organisation))
        .filter(reviews::Column::State.is_in(open))
        .all(db)
        .await
        .map_err(internal)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let plans = super::reviews::plans(db, organisation).await?;
    let dpos = who_may(db, organisation, Action::PlanReview).await?;
    let mut out = Vec::new();
    for r in rows {
        let due_on: Date = r.due_on.parse().map_err(internal)?;
        let lead =
            plans.get(&r.document_id).and_then(|p| u16::try_from(p.lead_days).ok()).unwrap_or(LEAD_DAYS);
        let Some(kind) = of_review(due_on, lead, today) else { continue };
        let mut to = vec![r.reviewer_id.clone()];
        if kind == MailKind::ReviewOverdue {
            to.extend(dpos.iter().filter(|d| **d != r.reviewer_id).cloned());
        }
        let mail = |to| NewMail { to, kind, object: r.id.clone(), occasion: r.due_on.clone() };
        out.extend(to.into_iter().map(mail));
    }
    Ok(out)
}

/// Who may write documents is told of evidence that ends: the newest version of each counts.
async fn of_all_evidence(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: Date,
) -> Result<Vec<NewMail>, DomainError> {
    use evidence_versions::Column as V;
    let versions: Vec<(String, Option<String>)> = evidence_versions::Entity::find()
        .filter(V::OrganisationId.eq(organisation))
        .order_by_desc(V::Number)
        .select_only()
        .columns([V::EvidenceId, V::ValidUntil])
        .into_tuple()
        .all(db)
        .await
        .map_err(internal)?;
    let mut seen = HashSet::new();
    let mut ending: Vec<(String, MailKind, String)> = Vec::new();
    for (id, until) in versions {
        if !seen.insert(id.clone()) {
            continue;
        }
        let Some(text) = until else { continue };
        let until: Date = text.parse().map_err(internal)?;
        ending.extend(of_evidence(until, today).map(|kind| (id, kind, text)));
    }
    if ending.is_empty() {
        return Ok(Vec::new());
    }
    let to = who_may(db, organisation, Action::PlanReview).await?;
    let mut out = Vec::with_capacity(ending.len() * to.len());
    for (object, kind, occasion) in ending {
        let mail = |to: &String| NewMail {
            to: to.clone(),
            kind,
            object: object.clone(),
            occasion: occasion.clone(),
        };
        out.extend(to.iter().map(mail));
    }
    Ok(out)
}

/// Who watches over a document is told of promises whose proof is due: once for the first day that is.
async fn of_promises(
    db: &impl ConnectionTrait,
    organisation: &str,
    today: Date,
) -> Result<Vec<NewMail>, DomainError> {
    let due = super::promises::all_due(db, &[organisation.to_owned()], today).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let to = who_may(db, organisation, Action::PlanReview).await?;
    let mut out = Vec::new();
    for ((_, document), (_, day)) in due {
        let occasion = day.map(|d| d.to_string()).unwrap_or_default();
        let mail = |to: &String| NewMail {
            to: to.clone(),
            kind: MailKind::PromisesDue,
            object: document.clone(),
            occasion: occasion.clone(),
        };
        out.extend(to.iter().map(mail));
    }
    Ok(out)
}
