//! Drafts: what somebody typed into a measure's form and did not save, whole, and why saving it was refused.

use super::measures::{find, further, further_row, goals, goals_row, record};
use crate::Backend;
use crate::clock;
use crate::db::entity::drafts;
use crate::db::internal;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::MeasureId;
use tomfolio_domain::measures::{Content, Draft, EditMeasure, Gap, Record};
use tomfolio_domain::policy::Permit;

/// Throws a draft away.
pub(super) async fn drop_draft(
    db: &impl ConnectionTrait,
    organisation: &str,
    user: &str,
    measure: &str,
) -> Result<(), DomainError> {
    let key = (organisation.to_owned(), user.to_owned(), measure.to_owned());
    drafts::Entity::delete_by_id(key).exec(db).await.map_err(internal)?;
    Ok(())
}

/// A draft as the form that it was. One from before drafts held the whole form takes the rest from what is stored.
pub(super) fn typed(d: drafts::Model, id: MeasureId, stored: &Record) -> Draft {
    Draft {
        typed: EditMeasure {
            id,
            based_on: d.based_on,
            content: Content { label: d.label, text: d.body, owner: d.owner },
            status: d.status.parse().unwrap_or(stored.status),
            status_reason: d.status_reason,
            decided_by: d.decided_by,
            until: d.until.parse().ok(),
            scope: d.scope.parse().unwrap_or(stored.scope),
            goals: goals(&d.goals),
            kind: d.kind.parse().unwrap_or(stored.kind),
            further: further(&d.further).unwrap_or_default(),
            reason: d.reason,
        },
        saved_at: clock::shown(d.saved_at),
        refusal: d.refusal.and_then(|r| serde_json::from_str(&r).ok()),
    }
}

impl Backend {
    pub(super) async fn store_draft(
        &self,
        permit: &Permit,
        typed: &EditMeasure,
        refusal: Option<&DomainError>,
    ) -> Result<String, DomainError> {
        use sea_orm::sea_query::OnConflict;
        use tomfolio_domain::text::{optional_name, prose};
        let content = &typed.content;
        let text = prose(&content.text, "text", 4 * tomfolio_domain::markdown::MAX_BYTES)?;
        let org = permit.organisation().to_string();
        let m = find(&self.db, &org, typed.id).await?;
        let now = self.clock.now().as_microsecond();
        // The page keeps drafts by itself, and one may arrive after the save that made it: there is nothing left to keep.
        if refusal.is_none() && (&m.label, &m.body, &m.owner) == (&content.label, &text, &content.owner) {
            let r = record(&m)?;
            let gap = typed.until.map(|until| Gap { decided_by: typed.decided_by.clone(), until });
            let reason = &typed.status_reason;
            let same_goals = r.goals.is_empty() || r.goals == typed.goals;
            if same_goals
                && (r.status, r.scope, &r.status_reason, r.gap, r.kind, &r.further)
                    == (typed.status, typed.scope, reason, gap, typed.kind, &typed.further)
            {
                return Ok(clock::shown(now));
            }
        }
        let row = drafts::ActiveModel {
            organisation_id: Set(org),
            user_id: Set(permit.user().to_string()),
            measure_id: Set(m.id),
            label: Set(optional_name(&content.label, "label", 400)?),
            body: Set(text),
            owner: Set(optional_name(&content.owner, "owner", 400)?),
            status: Set(typed.status.as_str().to_owned()),
            status_reason: Set(prose(&typed.status_reason, "status_reason", 16_000)?),
            decided_by: Set(optional_name(&typed.decided_by, "decided_by", 400)?),
            until: Set(typed.until.map(|d| d.to_string()).unwrap_or_default()),
            scope: Set(typed.scope.as_str().to_owned()),
            goals: Set(goals_row(&typed.goals)),
            kind: Set(typed.kind.as_str().to_owned()),
            further: Set(further_row(&typed.further)),
            reason: Set(prose(&typed.reason, "reason", 8_000)?),
            based_on: Set(typed.based_on),
            saved_at: Set(now),
            refusal: Set(refusal.and_then(|r| serde_json::to_string(r).ok())),
        };
        let columns = [
            drafts::Column::Label,
            drafts::Column::Body,
            drafts::Column::Owner,
            drafts::Column::Status,
            drafts::Column::StatusReason,
            drafts::Column::DecidedBy,
            drafts::Column::Until,
            drafts::Column::Scope,
            drafts::Column::Goals,
            drafts::Column::Kind,
            drafts::Column::Further,
            drafts::Column::Reason,
            drafts::Column::BasedOn,
            drafts::Column::SavedAt,
            drafts::Column::Refusal,
        ];
        let key = [drafts::Column::OrganisationId, drafts::Column::UserId, drafts::Column::MeasureId];
        drafts::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_columns(columns).to_owned())
            .exec_without_returning(&self.db)
            .await
            .map_err(internal)?;
        Ok(clock::shown(now))
    }
}
