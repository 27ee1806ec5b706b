//! Rows of `nodes`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nodes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub parent_id: Option<String>,
    pub position: i64,
    pub kind: String,
    pub title: String,
    pub definition: Option<String>,
    pub scope: String,
    pub empty_reason: Option<String>,
    pub measure_id: Option<String>,
    pub source_code: Option<String>,
    pub source_line: Option<i64>,
    /// The layout that it belongs to, as `documents.layout`.
    pub layout: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
