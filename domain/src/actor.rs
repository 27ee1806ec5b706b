//! Who acts: a signed-in person in one organisation, with the roles there.

use crate::ids::{OrganisationId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// A membership's role. Customers are no members.
    Role {
        Admin = "admin",
        Dpo = "dpo",
        Editor = "editor",
        Reviewer = "reviewer",
        Approver = "approver",
    }
}

/// Made by the session, never by a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub user: UserId,
    pub name: String,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub roles: Vec<Role>,
    /// When the person last gave the password.
    pub proved_at: Timestamp,
    /// Other organisations of the same person.
    pub organisations: Vec<(OrganisationId, String)>,
    /// Organisations that offer this person a membership.
    pub offers: Vec<(OrganisationId, String)>,
}
