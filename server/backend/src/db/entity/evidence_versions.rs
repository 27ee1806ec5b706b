//! Rows of `evidence_versions`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub evidence_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub sha256: String,
    pub mime: String,
    pub file_name: String,
    pub issuer: String,
    pub valid_from: Option<String>,
    pub valid_until: Option<String>,
    pub undated_reason: String,
    pub uploaded_by: String,
    pub uploaded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
