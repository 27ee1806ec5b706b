//! The general description of the measures (allgemeine Beschreibung) for the records of processing activities: Art. 30(1)(g) GDPR for what
//! a controller does, Art. 30(2)(d) for what is done on behalf. It names measures, it does not repeat their texts.

use super::{NodeView, ProcessingRole, ScopeRole};
use crate::import::Scope;
use crate::measures::{Audience, Status};

crate::import::words! {
    /// Which record the description belongs to.
    Part {
        /// Art. 30(1)(g): the controller's record; joint controllers keep one each.
        Controller = "controller",
        /// Art. 30(2)(d): the processor's record.
        Processor = "processor",
    }
}

impl Part {
    fn holds(self, role: ProcessingRole) -> bool {
        match self {
            Part::Controller => matches!(role, ProcessingRole::Controller | ProcessingRole::Joint),
            Part::Processor => role == ProcessingRole::Processor,
        }
    }
}

/// A heading and the measures below it, each by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub measures: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub part: Part,
    /// The scopes whose role makes them part of it.
    pub scopes: Vec<Scope>,
    pub sections: Vec<Section>,
    /// Measures that are done, in scopes of which nobody has said who decides on the processing.
    pub without_role: usize,
}

/// Describes what is done: implemented and partially implemented measures.
pub fn describe(nodes: &[NodeView], roles: &[ScopeRole], part: Part) -> Description {
    let of = |s: Scope| roles.iter().find(|r| r.scope == s).and_then(|r| r.role);
    let scopes: Vec<Scope> =
        roles.iter().filter(|r| r.role.is_some_and(|role| part.holds(role))).map(|r| r.scope).collect();
    let mut out = Description { part, scopes, sections: Vec::new(), without_role: 0 };
    fn go(
        nodes: &[NodeView],
        title: &str,
        of: &dyn Fn(Scope) -> Option<ProcessingRole>,
        out: &mut Description,
    ) {
        for n in nodes {
            if let Some(m) = &n.measure {
                // What is internal is named to nobody, and this leaves the house too.
                if m.audience == Audience::Internal
                    || !matches!(m.status, Status::Implemented | Status::PartiallyImplemented)
                {
                    continue;
                }
                // One that holds for several scopes belongs wherever one of them does.
                let roles: Vec<_> = [n.scope].iter().chain(&m.also).filter_map(|s| of(*s)).collect();
                match roles.iter().find(|r| out.part.holds(**r)) {
                    None if roles.is_empty() => out.without_role += 1,
                    Some(_) => {
                        if out.sections.last().is_none_or(|s| s.title != title) {
                            out.sections.push(Section { title: title.to_owned(), measures: Vec::new() });
                        }
                        if let Some(s) = out.sections.last_mut()
                            && !s.measures.contains(&m.heading())
                        {
                            s.measures.push(m.heading());
                        }
                    }
                    None => {}
                }
                continue;
            }
            // Scopes and groups are shape, not subject.
            let subject = matches!(n.kind, crate::import::Kind::Section | crate::import::Kind::Goal);
            go(&n.children, if subject { &n.title } else { title }, of, out);
        }
    }
    go(nodes, "", &of, &mut out);
    out
}
