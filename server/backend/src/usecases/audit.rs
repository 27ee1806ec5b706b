//! The audit log as people read it, and refusals written into it.

use super::organisations::{members, names};
use crate::Backend;
use crate::clock;
use crate::db::entity::audit_entries;
use crate::db::{Fact, View, Work, internal};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::audit::{AuditService, Entry, EntryRow, Filter, Log};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::UserId;
use tomfolio_domain::policy::{Action, Permit};

/// Entries a page.
const PAGE: u64 = 50;

/// What the machine does, or what belongs to nobody's permit.
const OF_SYSTEM: [&str; 10] = [
    DENIED,
    "organisations/create",
    "organisations/seal_key",
    "members/add",
    super::members::OFFER,
    super::identities::UNTIE,
    "releases/seal",
    "reviews/seal",
    "mails/remind",
    "imports/command_line",
];

/// Something was asked for and refused.
const DENIED: &str = "access/denied";

/// How many refusals of one person within an hour are written down: enough to see that somebody tries, not enough to
/// drown everything else.
const MOST: u32 = 60;

/// Counts the refusals of each person, hour by hour, in this process.
#[derive(Default)]
pub struct Refusals(Mutex<HashMap<UserId, (i64, u32)>>);

impl Refusals {
    fn takes(&self, user: UserId, now: Timestamp) -> bool {
        let hour = now.as_second() / 3_600;
        // A poisoned lock means that a thread panicked while counting: the count is still one.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| *at == hour);
        let (_, n) = all.entry(user).or_insert((hour, 0));
        *n += 1;
        *n <= MOST
    }
}

/// An id or an action: nothing that means anything to LIKE but the underscore, which stands for itself well enough.
fn plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_/".contains(&b))
}

#[async_trait::async_trait]
impl AuditService for Backend {
    async fn log(&self, permit: Permit, filter: Filter) -> Result<Log, DomainError> {
        use audit_entries::Column as C;
        let v = View::of(&self.db, &permit);
        let mut query = audit_entries::Entity::find()
            .filter(C::OrganisationId.eq(&v.organisation))
            .apply_if(filter.before, |q, before| q.filter(C::Seq.lt(before)));
        // Canonical JSON: keys in order, no spaces. What is looked for stands in it exactly so.
        for (key, value) in [("actor", &filter.actor), ("action", &filter.action), ("object", &filter.object)]
        {
            if !value.is_empty() {
                let value = if plain(value) { value.as_str() } else { "?" };
                query = query.filter(C::Json.contains(format!("\"{key}\":\"{value}\"")));
            }
        }
        let found = query.order_by_desc(C::Seq).limit(PAGE).all(&v.db).await.map_err(internal)?;
        let people = members(&v.db, &v.organisation).await?;
        let people: Vec<(String, String)> =
            people.into_iter().map(|(id, name, _)| (id.to_string(), name)).collect();
        let mut entries = Vec::with_capacity(found.len());
        for row in found {
            let entry: Entry = serde_json::from_str(&row.json).map_err(internal)?;
            entries.push((entry, row.hash));
        }
        // Whoever left is still told by name, where the account is there.
        let names = names(&v.db, entries.iter().map(|(e, _)| e.actor.as_str())).await?;
        let next = entries.last().map(|(e, _)| e.seq).filter(|seq| *seq > 1 && entries.len() as u64 == PAGE);
        let actions = Action::ALL.iter().map(|a| a.as_str()).chain(OF_SYSTEM);
        Ok(Log {
            rows: entries
                .into_iter()
                .map(|(e, hash)| EntryRow {
                    seq: e.seq,
                    at: clock::shown(e.at),
                    who: names.get(&e.actor).cloned().unwrap_or_default(),
                    action: e.action,
                    object: e.object,
                    fields: e.fields.into_iter().collect(),
                    hash,
                })
                .collect(),
            people,
            actions: actions.map(str::to_owned).collect(),
            next,
            filter,
        })
    }

    async fn denied(&self, actor: &Actor, path: &str, status: u16) -> Result<(), DomainError> {
        if !self.refusals.takes(actor.user, self.clock.now()) {
            tracing::warn!(user = %actor.user, path, status, "more refusals than are written into the log");
            return Ok(());
        }
        let organisation = actor.organisation.to_string();
        let work = Work::of_user(&self.db, organisation, actor.user, DENIED, self.clock.now()).await?;
        work.commit(Fact::of(path).with("status", status)).await
    }
}
