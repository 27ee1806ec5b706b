//! `Work::commit(fact)` is the only way out of a write: the change, its audit entry and the jobs that follow are one
//! transaction. A failing audit insert undoes the write.

use super::entity::{audit_entries, jobs, mails, organisations, steps};
use super::internal;
use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    TryInsertResult,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tomfolio_domain::audit::{self, Entry};
use tomfolio_domain::documents::Step;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::UserId;
use tomfolio_domain::mails::MailKind;
use tomfolio_domain::policy::Permit;

/// Who writes where nobody does.
const SYSTEM: &str = "system";

/// Reads of one organisation.
pub struct View {
    pub organisation: String,
    pub db: DatabaseConnection,
}

/// A write of one organisation, not yet out.
pub struct Work {
    pub organisation: String,
    pub user: String,
    pub now: Timestamp,
    pub txn: DatabaseTransaction,
    action: &'static str,
    /// What can be taken back of it, and in which document.
    step: Mutex<(String, Step)>,
}

/// What happened: the object, and fields that hold no personal data and no texts (hashes, numbers, states).
pub struct Fact {
    pub object: String,
    pub fields: BTreeMap<String, String>,
    pub jobs: Vec<NewJob>,
    pub mails: Vec<NewMail>,
}

/// Somebody is told of it. Who was told of the same occasion before is not told again.
pub struct NewMail {
    pub to: String,
    pub kind: MailKind,
    pub object: String,
    pub occasion: String,
}

/// A job that follows from a fact.
pub struct NewJob {
    pub kind: &'static str,
    pub object: String,
}

impl Fact {
    pub fn of(object: impl ToString) -> Fact {
        Fact { object: object.to_string(), fields: BTreeMap::new(), jobs: Vec::new(), mails: Vec::new() }
    }

    pub fn with(mut self, key: &str, value: impl ToString) -> Fact {
        self.fields.insert(key.to_owned(), value.to_string());
        self
    }

    pub fn then(mut self, kind: &'static str, object: impl ToString) -> Fact {
        self.jobs.push(NewJob { kind, object: object.to_string() });
        self
    }

    /// Tells these people.
    pub fn tell(
        mut self,
        to: impl IntoIterator<Item = String>,
        kind: MailKind,
        object: impl ToString,
        occasion: impl ToString,
    ) -> Fact {
        let (object, occasion) = (object.to_string(), occasion.to_string());
        let mail = |to| NewMail { to, kind, object: object.clone(), occasion: occasion.clone() };
        self.mails.extend(to.into_iter().map(mail));
        self
    }
}

impl View {
    pub fn of(db: &DatabaseConnection, permit: &Permit) -> View {
        View { organisation: permit.organisation().to_string(), db: db.clone() }
    }
}

impl Work {
    /// Begins a write. Writers of one organisation wait for each other, so that its chain has no gap.
    pub async fn begin(
        db: &DatabaseConnection,
        permit: &Permit,
        now: Timestamp,
    ) -> Result<Work, DomainError> {
        let (organisation, user) = (permit.organisation().to_string(), permit.user().to_string());
        Work::open(db, organisation, user, permit.action().as_str(), now).await
    }

    /// A write that the machine does itself (a job), in the name of nobody.
    pub async fn of_system(
        db: &DatabaseConnection,
        organisation: String,
        action: &'static str,
        now: Timestamp,
    ) -> Result<Work, DomainError> {
        Work::open(db, organisation, SYSTEM.to_owned(), action, now).await
    }

    /// A write about somebody who had no leave for what they asked.
    pub async fn of_user(
        db: &DatabaseConnection,
        organisation: String,
        user: UserId,
        action: &'static str,
        now: Timestamp,
    ) -> Result<Work, DomainError> {
        Work::open(db, organisation, user.to_string(), action, now).await
    }

    async fn open(
        db: &DatabaseConnection,
        organisation: String,
        user: String,
        action: &'static str,
        now: Timestamp,
    ) -> Result<Work, DomainError> {
        let mode = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let txn = db.begin_with_options(mode).await.map_err(internal)?;
        organisations::Entity::find_by_id(organisation.clone())
            .lock_exclusive()
            .one(&txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        Ok(Work { organisation, user, now, txn, action, step: Mutex::default() })
    }

    /// Notes what of this write its author can take back.
    pub fn note(&self, document: &str, change: impl FnOnce(&mut Step)) {
        let mut step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        step.0 = document.to_owned();
        change(&mut step.1);
    }

    /// A write that takes something back is no step itself.
    pub fn forget(&self) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
    }

    async fn keep_step(&self) -> Result<(), DomainError> {
        let (document, step) = std::mem::take(&mut *self.step.lock().unwrap_or_else(PoisonError::into_inner));
        if step.is_empty() || self.user == SYSTEM {
            return Ok(());
        }
        let row = steps::ActiveModel {
            organisation_id: Set(self.organisation.clone()),
            id: Set(crate::ids::entry()),
            document_id: Set(document),
            user_id: Set(self.user.clone()),
            at: Set(self.now.as_microsecond()),
            step: Set(serde_json::to_string(&step).map_err(internal)?),
        };
        steps::Entity::insert(row).exec_without_returning(&self.txn).await.map_err(internal)?;
        Ok(())
    }

    /// Brings the search index up to it, writes the audit entry and the jobs, and makes all of it last.
    pub async fn commit(self, mut fact: Fact) -> Result<(), DomainError> {
        crate::usecases::search::follow(&self, &fact.object).await?;
        self.keep_step().await?;
        let last = audit_entries::Entity::find()
            .filter(audit_entries::Column::OrganisationId.eq(&self.organisation))
            .order_by_desc(audit_entries::Column::Seq)
            .limit(1)
            .one(&self.txn)
            .await
            .map_err(internal)?;
        let (seq, prev) = last.map_or((1, audit::ZERO.to_owned()), |e| (e.seq + 1, e.hash));
        let entry = Entry {
            schema: "tomfolio/audit/1".into(),
            seq,
            at: self.now.as_microsecond(),
            prev,
            actor: self.user.clone(),
            action: self.action.into(),
            object: fact.object,
            fields: fact.fields,
        };
        let (json, hash) = audit::seal(&entry).map_err(internal)?;
        let row = audit_entries::ActiveModel {
            organisation_id: Set(self.organisation.clone()),
            seq: Set(seq),
            json: Set(json),
            hash: Set(hash),
        };
        audit_entries::Entity::insert(row).exec_without_returning(&self.txn).await.map_err(internal)?;
        for mail in std::mem::take(&mut fact.mails) {
            fact.jobs.extend(self.outbox(mail).await?);
        }
        for job in fact.jobs {
            let row = jobs::ActiveModel {
                id: Set(crate::ids::job().to_string()),
                organisation_id: Set(self.organisation.clone()),
                kind: Set(job.kind.to_owned()),
                object: Set(job.object),
                state: Set("queued".into()),
                run_at: Set(self.now.as_microsecond()),
                leased_until: Set(0),
                attempts: Set(0),
                error: Set(None),
            };
            row.insert(&self.txn).await.map_err(internal)?;
        }
        self.txn.commit().await.map_err(internal)
    }

    /// Puts a mail into the outbox, and gives the job that sends it; none where the person was told before.
    async fn outbox(&self, mail: NewMail) -> Result<Option<NewJob>, DomainError> {
        use mails::Column as C;
        let id = crate::ids::entry();
        let row = mails::ActiveModel {
            organisation_id: Set(self.organisation.clone()),
            id: Set(id.clone()),
            user_id: Set(mail.to),
            kind: Set(mail.kind.as_str().into()),
            object: Set(mail.object),
            occasion: Set(mail.occasion),
            created_at: Set(self.now.as_microsecond()),
            sent_at: Set(None),
        };
        let key = [C::OrganisationId, C::UserId, C::Kind, C::Object, C::Occasion];
        let done = mails::Entity::insert(row)
            .on_conflict_do_nothing_on(key)
            .exec_without_returning(&self.txn)
            .await
            .map_err(internal)?;
        let new = matches!(done, TryInsertResult::Inserted(1..));
        Ok(new.then_some(NewJob { kind: crate::jobs::SEND_MAIL, object: id }))
    }
}
