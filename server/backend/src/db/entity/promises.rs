//! Rows of `promises`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promises")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub measure_id: String,
    /// Names the sentence and its value.
    pub mark: String,
    /// The promise as it was when somebody decided, as JSON: the text may go on without it.
    pub promise: String,
    pub state: String,
    pub reason: String,
    /// ISO 8601 duration.
    pub every: String,
    pub due_on: Option<String>,
    pub kept_on: Option<String>,
    pub decided_by: String,
    pub decided_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
