//! Rows of `drafts`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure_id: String,
    pub label: String,
    pub body: String,
    pub owner: String,
    /// Empty in drafts from before it held the whole form; so are the five below.
    pub status: String,
    pub status_reason: String,
    pub decided_by: String,
    /// ISO date, or empty.
    pub until: String,
    pub scope: String,
    pub goals: String,
    pub kind: String,
    /// JSON of what else is said (`domain::measures::Further`).
    pub further: String,
    pub reason: String,
    pub based_on: i64,
    pub saved_at: i64,
    pub refusal: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
