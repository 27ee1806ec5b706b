//! Rows of `measures`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub label: String,
    pub body: String,
    pub owner: String,
    pub status: String,
    pub status_reason: String,
    pub scope: String,
    pub revision: i64,
    pub gap_decided_by: Option<String>,
    pub gap_until: Option<String>,
    /// Keys with blanks between them; empty while nobody has said.
    pub goals: String,
    pub kind: String,
    /// JSON of what else is said (`domain::measures::Further`).
    pub further: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
