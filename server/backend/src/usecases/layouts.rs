//! Layouts: the nodes of a document under another catalogue's goals. The measures are the same; only what they hang on differs.

use super::documents::{Loaded, load_layout};
use super::placement::last_position;
use crate::db::entity::nodes;
use crate::db::{Work, internal};
use sea_orm::{EntityTrait, Set};
use std::collections::HashMap;
use tomfolio_domain::catalogues::{CatalogueCode, Goal, GoalKey, catalogue, propose};
use tomfolio_domain::documents::{NodeView, measures as listed, place, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::import::{Kind, Scope};

/// The heading under which stands what a catalogue has no goal for.
fn rest(language: &str) -> &'static str {
    if language == "en" { "Further measures" } else { "Weitere Maßnahmen" }
}

/// Sees to it that a layout is there and that every measure has its place in it. What stands somewhere already stays there.
pub(super) async fn settle(
    work: &Work,
    document: &str,
    layout: Option<CatalogueCode>,
) -> Result<(), DomainError> {
    let code = layout.map_or("", |l| l.as_str());
    let there = load_layout(&work.txn, &work.organisation, document, code).await?;
    // The outline that the document came with holds every measure; what is missing in it stands in the layout in use.
    let holds_all = if code.is_empty() { there.document.layout.as_str() } else { "" };
    let now = load_layout(&work.txn, &work.organisation, document, holds_all).await?;
    let mut nodes = Nodes {
        work,
        document,
        layout: code,
        position: last_position(work, document).await?,
        rows: Vec::new(),
    };
    let mut homes = Homes::of(&there);
    if let (Some(c), true) = (layout, there.nodes.is_empty()) {
        homes = nodes.outline(c, &there.document.language);
    }
    let mut placed = Vec::new();
    walk(&there.nodes, &mut |n| placed.extend(n.measure.as_ref().map(|m| m.id)));
    // Retired measures go along: they may come back, and their history names where they stood.
    let mut all = Vec::new();
    walk(&now.nodes, &mut |n| {
        if let Some(m) = &n.measure {
            all.push((m.id, m.goals.clone(), n.scope, n.kind));
        }
    });
    for (id, goals, scope, kind) in all {
        if placed.contains(&id) {
            continue;
        }
        let home = match layout {
            Some(c) => place(&goals, c).and_then(|code| homes.by_code.get(code).cloned()),
            None => goals.iter().find_map(|g| homes.by_goal.get(g).cloned()),
        };
        let parent = match home {
            Some(id) => id,
            None => match &homes.rest {
                Some(id) => id.clone(),
                None => {
                    let id = nodes.heading(None, Kind::Section, rest(&there.document.language), None, None);
                    homes.rest = Some(id.clone());
                    id
                }
            },
        };
        nodes.measure(&parent, &id.to_string(), scope, kind);
    }
    nodes.insert().await
}

/// Where measures go: by a catalogue's code, by the goal that a heading names, and what is left over.
#[derive(Default)]
struct Homes {
    by_code: HashMap<String, String>,
    by_goal: HashMap<GoalKey, String>,
    rest: Option<String>,
}

impl Homes {
    /// The headings of a layout that is there already.
    fn of(there: &Loaded) -> Homes {
        let mut out = Homes::default();
        let language = there.document.language.as_str();
        out.visit(&there.nodes, language);
        // A heading says what it is for; where none does, the measures under it do.
        for n in listed(&there.nodes) {
            let Some(m) = &n.measure else { continue };
            let parent = parent_of(&there.nodes, n);
            for (goal, parent) in m.goals.iter().zip(parent) {
                out.by_goal.entry(*goal).or_insert(parent);
            }
        }
        for (id, code) in &there.codes {
            out.by_code.insert(code.clone(), id.to_string());
        }
        out
    }

    fn visit(&mut self, nodes: &[NodeView], language: &str) {
        for n in nodes.iter().filter(|n| !n.kind.is_leaf()) {
            let id = n.id.to_string();
            if n.title == rest(language) {
                self.rest = Some(id.clone());
            }
            for p in propose([n.title.as_str()].into_iter(), "", "").into_iter().take(1) {
                self.by_goal.insert(p.goal, id.clone());
            }
            self.visit(&n.children, language);
        }
    }
}

fn parent_of(nodes: &[NodeView], of: &NodeView) -> Option<String> {
    nodes.iter().find_map(|n| {
        let here = n.children.iter().any(|c| c.id == of.id).then(|| n.id.to_string());
        here.or_else(|| parent_of(&n.children, of))
    })
}

/// New nodes of one layout.
struct Nodes<'a> {
    work: &'a Work,
    document: &'a str,
    layout: &'a str,
    position: i64,
    rows: Vec<nodes::ActiveModel>,
}

impl Nodes<'_> {
    fn outline(&mut self, code: CatalogueCode, language: &str) -> Homes {
        let goals = &catalogue(code).goals;
        let mut homes = Homes::default();
        for section in goals.iter().filter(|g| g.parent.is_none()) {
            let id = self.goal(None, Kind::Section, section, language);
            homes.by_code.insert(section.code.clone(), id.clone());
            for goal in goals.iter().filter(|g| g.parent.as_deref() == Some(&section.code)) {
                let under = self.goal(Some(&id), Kind::Goal, goal, language);
                homes.by_code.insert(goal.code.clone(), under);
            }
        }
        homes
    }

    fn goal(&mut self, parent: Option<&str>, kind: Kind, goal: &Goal, language: &str) -> String {
        let definition =
            goal.definition.as_ref().map(|d| tomfolio_domain::documents::sentence(d.of(language)));
        self.heading(parent, kind, goal.title.of(language), definition, Some(goal.code.clone()))
    }

    fn heading(
        &mut self,
        parent: Option<&str>,
        kind: Kind,
        title: &str,
        definition: Option<String>,
        code: Option<String>,
    ) -> String {
        self.push(parent, kind, title, definition, code, Scope::Unspecified, None)
    }

    fn measure(&mut self, parent: &str, id: &str, scope: Scope, kind: Kind) {
        self.push(Some(parent), kind, "", None, None, scope, Some(id.to_owned()));
    }

    fn push(
        &mut self,
        parent: Option<&str>,
        kind: Kind,
        title: &str,
        definition: Option<String>,
        code: Option<String>,
        scope: Scope,
        measure: Option<String>,
    ) -> String {
        let id = crate::ids::node().to_string();
        self.position += 1;
        self.rows.push(nodes::ActiveModel {
            organisation_id: Set(self.work.organisation.clone()),
            id: Set(id.clone()),
            document_id: Set(self.document.to_owned()),
            parent_id: Set(parent.map(str::to_owned)),
            position: Set(self.position),
            kind: Set(kind.as_str().into()),
            title: Set(title.to_owned()),
            definition: Set(definition),
            scope: Set(scope.as_str().into()),
            empty_reason: Set(None),
            measure_id: Set(measure),
            source_code: Set(code),
            source_line: Set(None),
            layout: Set(self.layout.to_owned()),
        });
        id
    }

    async fn insert(self) -> Result<(), DomainError> {
        for batch in self.rows.chunks(super::trees::BATCH) {
            nodes::Entity::insert_many(batch.to_vec())
                .exec_without_returning(&self.work.txn)
                .await
                .map_err(internal)?;
        }
        Ok(())
    }
}
