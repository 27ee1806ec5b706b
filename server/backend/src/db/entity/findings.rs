//! Rows of `findings`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "findings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub review_id: String,
    pub measure_id: String,
    pub code: String,
    pub subject: String,
    pub grade: String,
    pub body: String,
    pub owner: String,
    pub due: String,
    pub state: String,
    pub note: String,
    pub mended_by: Option<String>,
    pub mended_at: Option<i64>,
    pub verdict: String,
    pub verified_by: Option<String>,
    pub verified_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
