//! Who may do what: one exhaustive table. A use case takes a [`Permit`], and only this file makes one.

use crate::actor::{Actor, Role};
use crate::error::DomainError;
use crate::ids::{OrganisationId, UserId};
use jiff::{SignedDuration, Timestamp};

crate::import::words! {
    /// Everything that a person can ask for.
    Action {
        ReadDocuments = "documents/read",
        CreateDocument = "documents/create",
        EditDocument = "documents/edit",
        Import = "imports/write",
        EditMeasure = "measures/edit",
        ConfirmMeasures = "measures/confirm",
        MoveMeasure = "measures/move",
        EditEvidence = "evidence/edit",
        EditSubprocessor = "subprocessors/edit",
        Share = "shares/write",
        PlanReview = "reviews/plan",
        Review = "reviews/review",
        ApproveReview = "reviews/approve",
        MendFinding = "findings/mend",
        VerifyFinding = "findings/verify",
        PrepareRelease = "releases/prepare",
        Opine = "releases/opine",
        Approve = "releases/approve",
        Release = "releases/release",
        Withdraw = "releases/withdraw",
        ReadMembers = "members/read",
        ManageMembers = "members/manage",
        ManageTokens = "tokens/manage",
        ReadAudit = "audit/read",
    }
}

/// The table. No wildcard arm: a new action or role does not compile until somebody decides.
/// The DPO advises and monitors (Art. 38(6), 39 GDPR) and so never releases; an admin runs the place and edits nothing.
pub fn allowed(role: Role, action: Action) -> bool {
    match action {
        Action::ReadDocuments => match role {
            Role::Admin | Role::Dpo | Role::Editor | Role::Reviewer | Role::Approver => true,
        },
        // Who may set a status may confirm one: two rights here would be one right and a detour.
        Action::CreateDocument
        | Action::EditDocument
        | Action::Import
        | Action::EditMeasure
        | Action::MoveMeasure
        | Action::EditEvidence
        | Action::EditSubprocessor
        | Action::MendFinding
        | Action::ConfirmMeasures => match role {
            Role::Dpo | Role::Editor => true,
            Role::Admin | Role::Reviewer | Role::Approver => false,
        },
        // Who tells customers is who answers for the document.
        Action::PrepareRelease | Action::Opine | Action::PlanReview | Action::Share => match role {
            Role::Dpo => true,
            Role::Admin | Role::Editor | Role::Reviewer | Role::Approver => false,
        },
        // To monitor is the DPO's own task (Art. 39(1)(b)); that nobody judges or tests what is theirs, a rule of the review sees to.
        Action::Review | Action::VerifyFinding => match role {
            Role::Dpo | Role::Reviewer => true,
            Role::Admin | Role::Editor | Role::Approver => false,
        },
        Action::ApproveReview => match role {
            Role::Dpo | Role::Approver => true,
            Role::Admin | Role::Editor | Role::Reviewer => false,
        },
        Action::Approve | Action::Release | Action::Withdraw => match role {
            Role::Approver => true,
            Role::Admin | Role::Dpo | Role::Editor | Role::Reviewer => false,
        },
        Action::ManageMembers | Action::ManageTokens => match role {
            Role::Admin => true,
            Role::Dpo | Role::Editor | Role::Reviewer | Role::Approver => false,
        },
        Action::ReadMembers | Action::ReadAudit => match role {
            Role::Admin | Role::Dpo => true,
            Role::Editor | Role::Reviewer | Role::Approver => false,
        },
    }
}

/// How long a password counts as just given, for a sign-off (decisions.md: at most 5 minutes).
pub const STEP_UP: SignedDuration = SignedDuration::from_mins(5);
/// How long it counts for running the place (decisions.md: 15 minutes).
pub const STEP_UP_ADMIN: SignedDuration = SignedDuration::from_mins(15);

/// Leave to do one action in one organisation.
#[derive(Clone, Debug)]
pub struct Permit {
    organisation: OrganisationId,
    user: UserId,
    action: Action,
}

impl Permit {
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }
    pub fn user(&self) -> UserId {
        self.user
    }
    pub fn action(&self) -> Action {
        self.action
    }
}

/// Asks the table. A person who is both DPO and approver may still not release: the conflict is the person's.
pub fn permit(actor: &Actor, action: Action, now: Timestamp) -> Result<Permit, DomainError> {
    let of_management = matches!(action, Action::Approve | Action::Release | Action::Withdraw);
    let conflict = of_management && actor.roles.contains(&Role::Dpo);
    if conflict || !actor.roles.iter().any(|r| allowed(*r, action)) {
        return Err(DomainError::Forbidden);
    }
    let proved_for = match action {
        Action::Approve => Some(STEP_UP),
        Action::ManageMembers | Action::ManageTokens => Some(STEP_UP_ADMIN),
        _ => None,
    };
    if proved_for.is_some_and(|span| now.duration_since(actor.proved_at) > span) {
        return Err(DomainError::StepUp);
    }
    Ok(Permit { organisation: actor.organisation, user: actor.user, action })
}

/// Leave to read for whoever holds a token, in the name of who made it.
pub fn of_token(organisation: OrganisationId, maker: UserId) -> Permit {
    Permit { organisation, user: maker, action: Action::ReadDocuments }
}

/// Leave to read in each organisation of a person: every membership may read.
pub fn readable(actor: &Actor) -> Vec<Permit> {
    let permit = |organisation| Permit { organisation, user: actor.user, action: Action::ReadDocuments };
    actor.organisations.iter().map(|(id, _)| permit(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_management_releases_and_nobody_is_left_without_reading() {
        let who = |a| Role::ALL.into_iter().filter(|r| allowed(*r, a)).collect::<Vec<_>>();
        for of_management in [Action::Approve, Action::Release, Action::Withdraw] {
            assert_eq!(who(of_management), [Role::Approver]);
        }
        assert_eq!(who(Action::ManageMembers), [Role::Admin]);
        assert_eq!(who(Action::Opine), [Role::Dpo]);
        assert_eq!(who(Action::Review), [Role::Dpo, Role::Reviewer]);
        assert_eq!(who(Action::EditMeasure), [Role::Dpo, Role::Editor]);
        assert_eq!(who(Action::ReadDocuments), Role::ALL);
    }
}
