//! A newer file beside the document that it came from: the two are compared, and chosen lines are written into the document.

use super::placement::NewMeasure;
use crate::db::Work;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use tomfolio_domain::documents::{NodeView, measures as placed, walk};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{MeasureId, NodeId};
use tomfolio_domain::import::changes::{self, NodeKey};
use tomfolio_domain::import::{Imported, Node};
use tomfolio_domain::imports::{Against, Line, Standing, compare};
use tomfolio_domain::measures::Status;
use tomfolio_domain::search::fold;

/// A file beside the document that it is a newer one of; `None` where that is gone meanwhile.
pub(super) async fn against(
    db: &impl ConnectionTrait,
    organisation: &str,
    document: &str,
    found: &Imported,
) -> Result<Option<Against>, DomainError> {
    let loaded = match super::documents::load(db, organisation, document).await {
        Err(DomainError::NotFound) => return Ok(None),
        other => other?,
    };
    let mut standing = Vec::new();
    for n in placed(&loaded.nodes) {
        let Some(m) = n.measure.as_ref().and_then(|m| loaded.measures.get(&m.id.to_string())) else {
            continue;
        };
        standing.push(Standing {
            id: m.id.parse()?,
            code: n.code.clone().unwrap_or_default(),
            label: m.label.clone(),
            text: m.body.clone(),
        });
    }
    Ok(Some(Against {
        document: document.parse()?,
        title: loaded.document.title,
        lines: compare(&standing, &found.nodes),
    }))
}

/// Writes the chosen lines into the document: how many measures changed, how many are new.
pub(super) async fn take_lines(
    work: &Work,
    document: &str,
    file: &Imported,
    lines: &[Line],
    marks: &[NodeKey],
    name: &str,
) -> Result<(usize, usize), DomainError> {
    let loaded = super::documents::load(&work.txn, &work.organisation, document).await?;
    let leaves: HashMap<NodeKey, &Node> = changes::keys(&file.nodes).into_iter().collect();
    // A new measure stands beside what stands before it in the file, be that old or new itself.
    let homes = homes(&loaded.nodes);
    let mut beside = None;
    let (mut changed, mut added) = (0, 0);
    for line in lines {
        match line {
            Line::Same { measure } => beside = homes.get(measure).copied(),
            Line::Changed { at, measure, .. } => {
                beside = homes.get(measure).copied();
                let (Some(n), true) = (leaves.get(at), marks.contains(at)) else { continue };
                let m = super::measures::find(&work.txn, &work.organisation, *measure).await?;
                let current = super::measures::record(&m)?;
                let mut next = current.clone();
                next.content.label = n.label.clone().unwrap_or_default();
                next.content.text = n.text.clone().unwrap_or_default();
                next.revision += 1;
                super::measures::save(work, &m, &next, name).await?;
                changed += 1;
            }
            Line::New { at, .. } => {
                let (Some(n), true) = (leaves.get(at), marks.contains(at)) else { continue };
                let heading =
                    heading_for(&loaded.nodes, &file.nodes, n, beside).ok_or(DomainError::WrongState)?;
                let parent = super::placement::heading(work, heading, document).await?;
                let (label, text) = (n.label.clone().unwrap_or_default(), n.text.clone().unwrap_or_default());
                let new = NewMeasure::of(label, text, Status::ToConfirm, name.to_owned());
                super::placement::new_under(work, parent, new).await?;
                beside = Some(heading);
                added += 1;
            }
            Line::Gone { .. } => {}
        }
    }
    Ok((changed, added))
}

/// The heading that each measure stands under.
fn homes(nodes: &[NodeView]) -> HashMap<MeasureId, NodeId> {
    let mut out = HashMap::new();
    walk(nodes, &mut |n: &NodeView| {
        out.extend(n.children.iter().filter_map(|c| c.measure.as_ref()).map(|m| (m.id, n.id)));
    });
    out
}

/// Where a new leaf belongs: under the heading that is called as its own in the file, else beside its neighbour, else last.
fn heading_for(here: &[NodeView], file: &[Node], leaf: &Node, beside: Option<NodeId>) -> Option<NodeId> {
    let path = changes::titles_above(file, leaf);
    let mut headings: Vec<&NodeView> = Vec::new();
    walk(here, &mut |n: &NodeView| headings.extend(n.measure.is_none().then_some(n)));
    let named = |title: &str| headings.iter().find(|n| fold(&n.title) == fold(title)).map(|n| n.id);
    let by_name = path.iter().rev().find_map(|t| named(t));
    by_name.or(beside).or_else(|| headings.last().map(|n| n.id))
}
