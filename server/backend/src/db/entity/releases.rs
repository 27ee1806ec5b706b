//! Rows of `releases`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "releases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub number: i64,
    pub state: String,
    pub stage: String,
    pub snapshot: Option<String>,
    pub snapshot_sha256: Option<String>,
    pub pdf_sha256: Option<String>,
    pub stamped_at: Option<i64>,
    pub stamped_by: String,
    pub released_at: Option<i64>,
    pub released_by: Option<String>,
    pub prepared_by: Option<String>,
    pub withdrawn: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
