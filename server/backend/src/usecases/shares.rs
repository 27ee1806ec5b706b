//! Share links: made, listed, revoked; opened and downloaded by whoever holds the token. A token is looked up by its hash, so
//! an unknown one and one of another organisation cannot be told apart.

use super::releases::{in_force, parse};
use crate::Backend;
use crate::clock;
use crate::db::entity::{blobs, documents, organisations, releases, share_accesses, shares};
use crate::db::{Fact, View, Work, internal};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, ShareId};
use tomfolio_domain::policy::Permit;
use tomfolio_domain::releases::{ReleaseState, compare};
use tomfolio_domain::shares::{
    self as rules, Access, NewShare, ShareList, SharePage, ShareRefusal, ShareRow, ShareService, ShareState,
    checklist,
};

/// Accesses that a list counts and that are kept; a link that is opened more often than this is told as this often.
const COUNTED: u64 = 10_000;

fn state(row: &shares::Model, today: jiff::civil::Date) -> Result<ShareState, DomainError> {
    let until: jiff::civil::Date = row.until.parse().map_err(internal)?;
    Ok(if row.revoked_at.is_some() {
        ShareState::Revoked
    } else if until < today {
        ShareState::Expired
    } else {
        ShareState::Active
    })
}

impl Backend {
    /// The link behind a token, if it still works.
    async fn share(&self, token: &str) -> Result<shares::Model, ShareRefusal> {
        let found = shares::Entity::find()
            .filter(shares::Column::TokenHash.eq(sha256_hex(token.as_bytes())))
            .one(&self.db)
            .await
            .map_err(internal)?;
        let row = found.ok_or(ShareRefusal::Unknown)?;
        match state(&row, clock::day(self.clock.now()))? {
            ShareState::Active => Ok(row),
            ShareState::Expired | ShareState::Revoked => Err(ShareRefusal::Gone),
        }
    }

    /// The release in force behind a link. A document whose release was withdrawn has nothing to show.
    async fn shared(&self, token: &str) -> Result<(shares::Model, releases::Model), ShareRefusal> {
        let share = self.share(token).await?;
        let release = in_force(&self.db, &share.organisation_id, &share.document_id).await?;
        Ok((share, release.ok_or(ShareRefusal::Withdrawn)?))
    }

    async fn record(&self, share: &shares::Model, what: Access, number: i64) -> Result<(), DomainError> {
        let row = share_accesses::ActiveModel {
            id: Set(crate::ids::entry()),
            organisation_id: Set(share.organisation_id.clone()),
            share_id: Set(share.id.clone()),
            at: Set(self.clock.now().as_microsecond()),
            what: Set(what.as_str().into()),
            release_number: Set(number),
        };
        share_accesses::Entity::insert(row).exec_without_returning(&self.db).await.map_err(internal)?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl ShareService for Backend {
    async fn list(&self, permit: Permit) -> Result<ShareList, DomainError> {
        use sea_orm::QuerySelect;
        let v = View::of(&self.db, &permit);
        let today = clock::day(self.clock.now());
        let docs = documents::Entity::find()
            .filter(documents::Column::OrganisationId.eq(&v.organisation))
            .order_by_asc(documents::Column::Title)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let numbers: Vec<(String, i64, String)> = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&v.organisation))
            .select_only()
            .columns([releases::Column::DocumentId, releases::Column::Number, releases::Column::State])
            .order_by_desc(releases::Column::Number)
            .into_tuple()
            .all(&v.db)
            .await
            .map_err(internal)?;
        let accesses: Vec<(String, String, i64)> = share_accesses::Entity::find()
            .filter(share_accesses::Column::OrganisationId.eq(&v.organisation))
            .select_only()
            .columns([
                share_accesses::Column::ShareId,
                share_accesses::Column::What,
                share_accesses::Column::At,
            ])
            .order_by_desc(share_accesses::Column::At)
            .limit(COUNTED)
            .into_tuple()
            .all(&v.db)
            .await
            .map_err(internal)?;
        let all = shares::Entity::find()
            .filter(shares::Column::OrganisationId.eq(&v.organisation))
            .order_by_desc(shares::Column::CreatedAt)
            .all(&v.db)
            .await
            .map_err(internal)?;
        let mut rows = Vec::with_capacity(all.len());
        for s in all {
            let count =
                |what: Access| accesses.iter().filter(|a| a.0 == s.id && a.1 == what.as_str()).count() as u32;
            rows.push(ShareRow {
                id: s.id.parse()?,
                document: s.document_id.parse()?,
                document_title: docs
                    .iter()
                    .find(|d| d.id == s.document_id)
                    .map(|d| d.title.clone())
                    .unwrap_or_default(),
                known: u32::try_from(s.known).map_err(internal)?,
                until: s.until.parse().map_err(internal)?,
                state: state(&s, today)?,
                opened: count(Access::Opened),
                downloaded: count(Access::Downloaded),
                last: accesses.iter().find(|a| a.0 == s.id).map(|a| clock::shown(a.2)),
                customer: s.customer,
                contract: s.contract,
            });
        }
        let mut open = Vec::new();
        for d in docs {
            let mine: Vec<&(String, i64, String)> = numbers.iter().filter(|n| n.0 == d.id).collect();
            let released = |n: &&&(String, i64, String)| {
                n.2 == ReleaseState::Released.as_str() || n.2 == ReleaseState::Superseded.as_str()
            };
            if mine.iter().any(|n| n.2 == ReleaseState::Released.as_str()) {
                let known = mine.iter().filter(released).filter_map(|n| u32::try_from(n.1).ok()).collect();
                open.push((d.id.parse::<DocumentId>()?, d.title, known));
            }
        }
        Ok(ShareList { rows, documents: open, today })
    }

    async fn create(&self, permit: Permit, cmd: NewShare) -> Result<String, DomainError> {
        let cmd = rules::check(&cmd, clock::day(self.clock.now()))?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let document = cmd.document.to_string();
        let key = (work.organisation.clone(), document.clone());
        documents::Entity::find_by_id(key)
            .one(&work.txn)
            .await
            .map_err(internal)?
            .ok_or(DomainError::NotFound)?;
        let now = in_force(&work.txn, &work.organisation, &document).await?.ok_or(DomainError::WrongState)?;
        if i64::from(cmd.known) > now.number {
            return Err(DomainError::invalid("known"));
        }
        let token = crate::ids::secret().map_err(internal)?;
        let id = crate::ids::share();
        let row = shares::ActiveModel {
            organisation_id: Set(work.organisation.clone()),
            id: Set(id.to_string()),
            document_id: Set(document),
            token_hash: Set(sha256_hex(token.as_bytes())),
            customer: Set(cmd.customer),
            contract: Set(cmd.contract),
            known: Set(i64::from(cmd.known)),
            until: Set(cmd.until.to_string()),
            revoked_at: Set(None),
            created_at: Set(work.now.as_microsecond()),
        };
        shares::Entity::insert(row).exec_without_returning(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("document", cmd.document).with("until", cmd.until)).await?;
        Ok(token)
    }

    async fn revoke(&self, permit: Permit, id: ShareId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let key = (work.organisation.clone(), id.to_string());
        let row = shares::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
        let mut row = row.ok_or(DomainError::NotFound)?.into_active_model();
        row.revoked_at = Set(Some(work.now.as_microsecond()));
        row.update(&work.txn).await.map_err(internal)?;
        work.commit(Fact::of(id).with("revoked", 1)).await
    }

    async fn open(&self, token: &str) -> Result<SharePage, ShareRefusal> {
        let (share, release) = self.shared(token).await?;
        let now = parse(release.snapshot.as_deref())?;
        let organisation = organisations::Entity::find_by_id(share.organisation_id.clone())
            .one(&self.db)
            .await
            .map_err(internal)?
            .ok_or(ShareRefusal::Unknown)?;
        // Nobody said which one the customer has: the one before.
        let against = if share.known == 0 { release.number - 1 } else { share.known };
        let old = releases::Entity::find()
            .filter(releases::Column::OrganisationId.eq(&share.organisation_id))
            .filter(releases::Column::DocumentId.eq(&share.document_id))
            .filter(releases::Column::Number.eq(against))
            .one(&self.db)
            .await
            .map_err(internal)?
            .filter(|r| r.number < release.number && r.snapshot.is_some());
        let changes = match old {
            Some(old) => {
                let internal = super::releases::withheld(&self.db, &share.organisation_id).await?;
                let before = parse(old.snapshot.as_deref())?.nodes;
                Some(compare(&before, &now.nodes, &internal))
            }
            None => None,
        };
        let pdf_size = match &release.pdf_sha256 {
            Some(sha256) => {
                let key = (share.organisation_id.clone(), sha256.clone());
                let blob = blobs::Entity::find_by_id(key).one(&self.db).await.map_err(internal)?;
                blob.map_or(0, |b| b.size.unsigned_abs())
            }
            None => 0,
        };
        self.record(&share, Access::Opened, release.number).await?;
        Ok(SharePage {
            organisation: organisation.name,
            checklist: checklist(&now, clock::day(self.clock.now())),
            title: now.title,
            number: now.number,
            as_of: now.as_of,
            released_at: release.released_at.map(clock::shown).unwrap_or_default(),
            released_by: release.released_by.unwrap_or_default(),
            content_sha256: release.snapshot_sha256.unwrap_or_default(),
            pdf_sha256: release.pdf_sha256,
            pdf_size,
            known: u32::try_from(share.known).map_err(internal)?,
            customer: share.customer,
            contract: share.contract,
            changes,
        })
    }

    async fn file(&self, token: &str) -> Result<(String, Vec<u8>), ShareRefusal> {
        let (share, release) = self.shared(token).await?;
        let sha256 = release.pdf_sha256.clone().ok_or(ShareRefusal::Refused(DomainError::WrongState))?;
        let bytes = self.blobs.get(&share.organisation_id, &sha256).await.map_err(internal)?;
        let title = parse(release.snapshot.as_deref())?.title;
        self.record(&share, Access::Downloaded, release.number).await?;
        Ok((format!("{title}, Fassung {}.pdf", release.number), bytes))
    }
}
