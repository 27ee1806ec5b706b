//! Rows of `measure_revisions`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: i64,
    pub author: String,
    pub reason: String,
    pub label: String,
    pub body: String,
    pub owner: String,
    pub status: String,
    pub status_reason: String,
    pub scope: String,
    pub gap_decided_by: Option<String>,
    pub gap_until: Option<String>,
    pub goals: String,
    pub kind: String,
    /// JSON of what else is said (`domain::measures::Further`).
    pub further: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
