//! Title lists that an organisation has a licence for.

use crate::Backend;
use crate::db::entity::title_lists;
use crate::db::{Fact, View, Work, internal};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::TitleListId;
use tomfolio_domain::policy::Permit;
use tomfolio_domain::titles::{ImportTitles, TitleList, TitleService, import};

pub(super) async fn all(
    db: &impl ConnectionTrait,
    organisation: &str,
) -> Result<Vec<TitleList>, DomainError> {
    let rows = title_lists::Entity::find()
        .filter(title_lists::Column::OrganisationId.eq(organisation))
        .order_by_asc(title_lists::Column::Name)
        .all(db)
        .await
        .map_err(internal)?;
    rows.into_iter()
        .map(|r| {
            Ok(TitleList {
                id: r.id.parse()?,
                name: r.name,
                licence: r.licence,
                of: r.catalogue.as_deref().map(str::parse).transpose()?,
                titles: serde_json::from_str(&r.titles).map_err(internal)?,
            })
        })
        .collect()
}

#[async_trait::async_trait]
impl TitleService for Backend {
    async fn list(&self, permit: Permit) -> Result<Vec<TitleList>, DomainError> {
        let v = View::of(&self.db, &permit);
        all(&v.db, &v.organisation).await
    }

    async fn import(&self, permit: Permit, cmd: ImportTitles) -> Result<TitleListId, DomainError> {
        let (name, licence, titles) = import(&cmd)?;
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        title_lists::Entity::delete_many()
            .filter(title_lists::Column::OrganisationId.eq(&work.organisation))
            .filter(title_lists::Column::Name.eq(&name))
            .exec(&work.txn)
            .await
            .map_err(internal)?;
        let id = crate::ids::title_list();
        let row = title_lists::Model {
            organisation_id: work.organisation.clone(),
            id: id.to_string(),
            name,
            licence,
            catalogue: cmd.of.map(|c| c.as_str().to_owned()),
            titles: serde_json::to_string(&titles).map_err(internal)?,
        };
        title_lists::Entity::insert(row.into_active_model())
            .exec_without_returning(&work.txn)
            .await
            .map_err(internal)?;
        work.commit(Fact::of(id).with("titles", titles.len())).await?;
        Ok(id)
    }

    async fn remove(&self, permit: Permit, id: TitleListId) -> Result<(), DomainError> {
        let work = Work::begin(&self.db, &permit, self.clock.now()).await?;
        let key = (work.organisation.clone(), id.to_string());
        let done = title_lists::Entity::delete_by_id(key).exec(&work.txn).await.map_err(internal)?;
        if done.rows_affected == 0 {
            return Err(DomainError::NotFound);
        }
        work.commit(Fact::of(id).with("removed", 1)).await
    }
}
