//! Rows of `reviews`: raw, private to `db`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub document_id: String,
    pub due_on: String,
    pub reviewer_id: String,
    pub state: String,
    pub criteria: String,
    pub summary: String,
    pub returned: String,
    pub subjects: Option<String>,
    pub measures: i64,
    pub started_at: Option<i64>,
    pub submitted_at: Option<i64>,
    pub approved_at: Option<i64>,
    pub approved_by: Option<String>,
    pub record: Option<String>,
    pub record_sha256: Option<String>,
    pub stage: String,
    pub pdf_sha256: Option<String>,
    pub stamped_at: Option<i64>,
    pub stamped_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
