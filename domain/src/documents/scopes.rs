//! Scopes (Geltungsbereiche) of a document, each with its processing role: the role follows the concrete processing
//! (Art. 4 Nos. 7 and 8, Art. 26 GDPR), not the organisation.

use super::{NodeView, measures};
use crate::import::Scope;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// Who decides on purposes and means.
    ProcessingRole {
        Controller = "controller",
        Processor = "processor",
        Joint = "joint",
    }
}

/// A scope of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRole {
    pub scope: Scope,
    /// `None`: nobody has said yet.
    pub role: Option<ProcessingRole>,
}

/// The role that a scope usually has, until somebody decides: own data is the controller's, what is done for customers is
/// done as processor. The whole organisation may be both, so nothing is assumed there.
pub fn usual_role(scope: Scope) -> Option<ProcessingRole> {
    match scope {
        Scope::Own | Scope::Internal => Some(ProcessingRole::Controller),
        Scope::Customer | Scope::Hosting => Some(ProcessingRole::Processor),
        Scope::Unspecified => None,
    }
}

/// The scopes that a document's measures use, in the order of [`Scope::ALL`], with what was decided for them.
pub fn scopes(nodes: &[NodeView], decided: &[ScopeRole]) -> Vec<ScopeRole> {
    let used = measures(nodes);
    Scope::ALL
        .into_iter()
        .filter(|s| used.iter().any(|n| n.scope == *s))
        .map(|scope| {
            let found = decided.iter().find(|d| d.scope == scope);
            ScopeRole { scope, role: found.map_or_else(|| usual_role(scope), |d| d.role) }
        })
        .collect()
}
