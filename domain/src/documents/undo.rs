//! Undo: what one step of a person changed in a document, and how it goes back. A step that somebody else has built on since is not
//! taken back; the history still has what was.

use super::ScopeRole;
use crate::ids::{MeasureId, NodeId};
use serde::{Deserialize, Serialize};

/// A measure that a step changed; `before` is 0 where the step made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revised {
    pub measure: MeasureId,
    pub before: i64,
    pub after: i64,
}

/// A node that a step moved: where it hung, what followed it there, and where it hangs now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub node: NodeId,
    pub parent: Option<NodeId>,
    pub next: Option<NodeId>,
    pub to: Option<NodeId>,
}

/// A heading that a step changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    pub node: NodeId,
    pub title: String,
    pub empty_reason: Option<String>,
    pub to: String,
}

/// What a document had looked at of its baseline before it took an offer; `revision` is `None` where it knew nothing of that measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    pub origin: String,
    pub own: Option<String>,
    pub revision: Option<i64>,
}

/// What was said of the document as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framed {
    pub title: String,
    pub language: String,
    pub roles: Vec<ScopeRole>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default)]
    pub measures: Vec<Revised>,
    #[serde(default)]
    pub moved: Vec<Moved>,
    #[serde(default)]
    pub renamed: Vec<Renamed>,
    #[serde(default)]
    pub looked: Vec<Looked>,
    /// The layout that was in use before, where the step changed it.
    #[serde(default)]
    pub layout: Option<String>,
    #[serde(default)]
    pub framed: Option<Framed>,
}

crate::import::words! {
    /// What a step was, in one word.
    StepKind {
        Added = "added",
        Changed = "changed",
        Moved = "moved",
        Renamed = "renamed",
        LaidOut = "laid_out",
        /// An offer of the baseline was declined.
        Kept = "kept",
        /// Title, language or roles.
        Framed = "framed",
    }
}

/// The last step of a person, as a page offers to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastStep {
    /// What is taken back is what was shown.
    pub id: String,
    pub kind: StepKind,
    /// Measures, headings or places.
    pub count: u32,
    pub at: String,
}

impl Step {
    /// A measure got a further revision; several in one step are one change.
    pub fn revise(&mut self, measure: MeasureId, before: i64, after: i64) {
        match self.measures.iter_mut().find(|r| r.measure == measure) {
            Some(r) => r.after = after,
            None => self.measures.push(Revised { measure, before, after }),
        }
    }

    /// Another step was taken back: each measure that it had changed is as this one left it, one revision further. Says whether that
    /// is so for any.
    pub fn renumber(&mut self, undone: &Step) -> bool {
        let mut any = false;
        for own in &mut self.measures {
            let same = |u: &&Revised| u.measure == own.measure && u.before == own.after;
            if let Some(u) = undone.measures.iter().find(same) {
                own.after = u.after + 1;
                any = true;
            }
        }
        any
    }

    pub fn is_empty(&self) -> bool {
        *self == Step::default()
    }

    pub fn kind(&self) -> StepKind {
        match self {
            s if s.layout.is_some() => StepKind::LaidOut,
            s if s.framed.is_some() => StepKind::Framed,
            s if s.measures.iter().any(|m| m.before > 0) => StepKind::Changed,
            s if !s.measures.is_empty() => StepKind::Added,
            s if !s.moved.is_empty() => StepKind::Moved,
            s if !s.renamed.is_empty() => StepKind::Renamed,
            _ => StepKind::Kept,
        }
    }

    pub fn count(&self) -> u32 {
        let n = match self.kind() {
            StepKind::Added | StepKind::Changed => self.measures.len(),
            StepKind::Moved => self.moved.len(),
            StepKind::Renamed => self.renamed.len(),
            StepKind::LaidOut | StepKind::Framed => 1,
            StepKind::Kept => self.looked.len(),
        };
        n as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_that_changes_twice_in_a_step_goes_back_to_where_it_was() {
        let id = MeasureId::from_uuid(uuid::Uuid::nil());
        let mut step = Step::default();
        assert!(step.is_empty());
        step.revise(id, 3, 4);
        step.revise(id, 4, 5);
        assert_eq!(step.measures, [Revised { measure: id, before: 3, after: 5 }]);
        assert_eq!((step.kind(), step.count()), (StepKind::Changed, 1));
        let mut before = Step::default();
        before.revise(id, 2, 3);
        assert!(before.renumber(&step) && !before.clone().renumber(&step));
        assert_eq!(before.measures, [Revised { measure: id, before: 2, after: 6 }]);
    }
}
